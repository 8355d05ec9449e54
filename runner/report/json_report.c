/* The JSON report as a whole, written piece by piece with sorted keys. */
#include "case_rows.h"
#include "formats.h"
#include "json_facts.h"
#include "json_make.h"
#include "observed_totals.h"

const char *report_result_text(enum cts_status status)
{
    return status == CTS_OK ? "as expected" : cts_status_text(status);
}

static json_t *integer_or_null(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) ? json_integer(json_integer_value(value)) : json_null();
}

/* "options" are those that bear on the verdicts; what depends on the machine is volatile. */
static json_t *run_json(const struct report *report)
{
    const struct judged_run *run = report->run;
    json_t *made = json_object();
    bool failed = made == NULL;

    jm_set(made, "options", facts_section(run->header, FACTS_OPTIONS), &failed);
    jm_set(made, "seed", integer_or_null(run->header, "seed"), &failed);
    jm_set(made, "selected", json_integer((json_int_t)run->count), &failed);
    jm_set(made, "outstanding", json_integer((json_int_t)run->outstanding), &failed);
    jm_set(made, "executions", integer_or_null(run->footer, "executions"), &failed);
    jm_set(made, "complete", json_boolean(json_is_true(json_object_get(run->footer, "complete"))),
           &failed);
    jm_set(made, "interrupted",
           json_boolean(json_is_true(json_object_get(run->footer, "interrupted"))), &failed);
    jm_set(made, "broken_off", json_boolean(run->footer == NULL), &failed);
    return jm_end(made, failed);
}

/* How the cases stand against what was observed, and how many of them are ours to mend. */
static json_t *observed_json(const struct report *report)
{
    const struct judged_run *run = report->run;
    const struct observed_totals totals = observed_totals(run);
    json_t *made = json_object();
    bool failed = made == NULL;
    jm_text(made, "windows", report->against, &failed);
    for (int i = OBSERVED_NOT_ASKED + 1; i < OBSERVED_COUNT; i++) {
        jm_set(made, observed_name((enum observed_as)i), json_integer((json_int_t)totals.by[i]),
               &failed);
    }
    jm_set(made, "contradicted", json_integer((json_int_t)totals.contradicted), &failed);
    return jm_end(made, failed);
}

static json_t *totals_json(const struct report *report)
{
    const struct judged_run *run = report->run;
    json_t *made = json_object(), *verdicts = json_object(), *against = json_object();
    bool failed = made == NULL || verdicts == NULL || against == NULL;

    for (size_t i = 0; i < sizeof run->totals / sizeof run->totals[0]; i++) {
        jm_set(verdicts, verdict_name((enum verdict)i), json_integer((json_int_t)run->totals[i]),
               &failed);
    }
    for (size_t i = 0; i < sizeof run->by_against / sizeof run->by_against[0]; i++) {
        jm_set(against, against_name((enum against)i), json_integer((json_int_t)run->by_against[i]),
               &failed);
    }
    jm_set(made, "verdicts", verdicts, &failed);
    jm_set(made, "against", against, &failed);
    jm_set(made, "advisory", json_integer((json_int_t)run->advisory), &failed);
    if (report->against != NULL) {
        jm_set(made, "observed", observed_json(report), &failed);
    }
    return jm_end(made, failed);
}

static json_t *volatile_json(const struct report *report)
{
    json_t *made = json_object();
    json_t *started = json_object_get(report->run->header, "started");
    bool failed = made == NULL;

    jm_set(made, "started", json_is_string(started) ? json_incref(started) : json_null(), &failed);
    jm_set(made, "us", integer_or_null(report->run->footer, "us"), &failed);
    jm_set(made, "log", report->log != NULL ? json_string(report->log) : json_null(), &failed);
    return jm_end(made, failed);
}

static void tell_case(struct case_teller *teller, const struct case_verdict *verdict,
                      struct str_buf *row)
{
    case_tell(teller, verdict, true, row);
}

static void write_case(void *context, size_t number, const char *row, size_t len)
{
    js_text(context, number == 0 ? "\n" : ",\n");
    js_textn(context, row, len);
}

/* One line a case: such a file can be read with line tools, and differences stay small. */
static void write_cases(struct json_stream *stream, const struct report *report)
{
    const struct case_rows rows = {report, STEPS_REPORT, tell_case, write_case, stream, stream};
    js_text(stream, "{\"cases\":[");
    case_rows_all(&rows);
    js_text(stream, "\n],\n");
}

json_t *report_facts(const struct report *report)
{
    const json_t *header = report->run->header;
    json_t *made = json_object();
    bool failed = made == NULL;
    jm_set(made, "format", json_string("vsscts-report"), &failed);
    jm_set(made, "host", facts_section(header, FACTS_HOST), &failed);
    jm_set(made, "iut", facts_iut(header), &failed);
    jm_set(made, "profile", facts_section(header, FACTS_PROFILE), &failed);
    jm_set(made, "result",
           json_pack("{s:s, s:i}", "status", report_result_text(report->status), "exit_code",
                     cts_exit_code(report->status)),
           &failed);
    jm_set(made, "run", run_json(report), &failed);
    jm_set(made, "suite", facts_section(header, FACTS_SUITE), &failed);
    jm_set(made, "totals", totals_json(report), &failed);
    jm_set(made, "version", json_integer(1), &failed);
    jm_set(made, "volatile", volatile_json(report), &failed);
    return jm_end(made, failed);
}

/* The cases come first; all else is small, in the order of the keys, one a line. */
void report_format_json(const struct report *report, struct json_stream *stream)
{
    static const char *const keys[] = {"format",       "host",    "iut",     "profile",
                                       "requirements", "result",  "run",     "suite",
                                       "totals",       "version", "volatile"};
    json_t *facts = report_facts(report);
    bool failed = facts == NULL;
    jm_set(facts, "requirements", report_requirements(report), &failed);
    write_cases(stream, report);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        js_textf(stream, "%s\"%s\":", i > 0 ? ",\n" : "", keys[i]);
        js_value(stream, json_object_get(facts, keys[i]));
    }
    js_text(stream, "}\n");
    json_decref(facts);
}

enum cts_status report_write_json(const struct report *report, const char *path,
                                  struct cts_error *err)
{
    const struct report_target target = {FORMAT_JSON, path};
    return report_write(report, &target, err);
}
