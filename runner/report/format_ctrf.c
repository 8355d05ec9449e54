/* CTRF: its five states, with our verdict as rawStatus and all else below "extra". */
#include "formats.h"
#include "json_facts.h"
#include "json_make.h"
#include "standing.h"

#include <stdlib.h>

#define CTRF_TEXT_MAX ((size_t)64 * 1024)
#define CTRF_VERSION "0.0.0" /* of the format: it has had no release yet */

static const char *const states[STANDING_COUNT] = {
    [STANDING_PASSED] = "passed", [STANDING_KNOWN] = "other",   [STANDING_SKIPPED] = "skipped",
    [STANDING_FLAKY] = "other",   [STANDING_FAILED] = "failed", [STANDING_BROKEN] = "failed"};

/* A flake ended as its last attempt did. */
static const char *state_of(const struct case_verdict *verdict)
{
    const enum standing standing = standing_of(verdict);
    if (standing == STANDING_FLAKY) {
        return standing_ended_well(verdict) ? "passed" : "failed";
    }
    return states[standing];
}

static json_t *extra_json(const struct case_verdict *verdict)
{
    const struct test_case *test = verdict->test;
    json_t *made = json_object();
    bool failed = made == NULL;
    jm_text(made, "title", test->title, &failed);
    jm_text(made, "level", level_name(test->level), &failed);
    jm_text(made, "against", against_name(verdict->against), &failed);
    jm_text(made, "question", test->question != NULL ? test->question->id : NULL, &failed);
    jm_text(made, "outcome", verdict->outcome, &failed);
    jm_text(made, "known", verdict->why_expected, &failed);
    jm_set(made, "requirements", jm_texts(&test->requirements), &failed);
    return jm_end(made, failed);
}

static json_t *test_json(const struct report *report, const struct case_verdict *verdict)
{
    const struct test_case *test = verdict->test;
    const enum standing standing = standing_of(verdict);
    json_t *made = json_object(), *suite = json_array();
    bool failed = made == NULL || suite == NULL;
    struct str_buf line, detail;
    sb_init(&line, CTRF_TEXT_MAX);
    sb_init(&detail, CTRF_TEXT_MAX);
    jm_text(made, "name", test->id, &failed);
    jm_text(made, "status", state_of(verdict), &failed);
    jm_text(made, "rawStatus", verdict_name(verdict->verdict), &failed);
    jm_set(made, "duration", json_integer((json_int_t)(verdict->us / 1000)), &failed);
    jm_append(suite, json_string(test->suite), &failed);
    jm_set(made, "suite", suite, &failed);
    if (standing != STANDING_PASSED) {
        standing_line(&line, verdict);
        standing_detail(&detail, report, verdict);
        jm_text(made, "message", sb_text(&line), &failed);
        jm_text(made, "trace", sb_text(&detail), &failed);
    }
    if (verdict->attempts > 1) {
        jm_set(made, "retries", json_integer((json_int_t)verdict->attempts - 1), &failed);
        jm_set(made, "flaky", json_boolean(standing == STANDING_FLAKY), &failed);
    }
    jm_set(made, "tags", jm_texts(&test->tags), &failed);
    jm_set(made, "extra", extra_json(verdict), &failed);
    sb_free(&line);
    sb_free(&detail);
    return jm_end(made, failed);
}

static void put_member(struct json_stream *out, const char *key, json_t *value, const char *end)
{
    js_textf(out, "\"%s\":", key);
    js_value_new(out, value);
    js_text(out, end);
}

static json_t *summary_json(const struct report *report)
{
    size_t passed = 0, failed = 0, skipped = 0, other = 0;
    const struct judged_run *run = report->run;
    const json_int_t us = json_integer_value(json_object_get(run->footer, "us"));
    for (size_t i = 0; i < run->count; i++) {
        const char *state = state_of(&run->cases[i]);
        passed += state[0] == 'p';
        failed += state[0] == 'f';
        skipped += state[0] == 's';
        other += state[0] == 'o';
    }
    return json_pack("{s:I, s:I, s:I, s:i, s:I, s:I, s:i, s:I}", "tests", (json_int_t)run->count,
                     "passed", (json_int_t)passed, "failed", (json_int_t)failed, "pending", 0,
                     "skipped", (json_int_t)skipped, "other", (json_int_t)other, "start", 0, "stop",
                     us / 1000);
}

void report_format_ctrf(const struct report *report, struct json_stream *out)
{
    const json_t *header = report->run->header;
    js_text(out, "{\"reportFormat\":\"CTRF\",\"specVersion\":\"" CTRF_VERSION "\",\"results\":{\n");
    put_member(out, "tool",
               json_pack("{s:s, s:s}", "name", "vsscts", "version",
                         facts_text(header, "suite", "version")),
               ",\n");
    put_member(out, "summary", summary_json(report), ",\n");
    put_member(
        out, "environment",
        json_pack("{s:s, s:s, s:{s:o, s:o}}", "appName", facts_text(header, "profile", "name"),
                  "appVersion", facts_text(header, "iut", "file_version"), "extra", "iut",
                  facts_section(header, FACTS_IUT), "host", facts_section(header, FACTS_HOST)),
        ",\n");
    js_text(out, "\"tests\":[");
    for (size_t i = 0; i < report->run->count; i++) {
        js_text(out, i == 0 ? "\n" : ",\n");
        js_value_new(out, test_json(report, &report->run->cases[i]));
    }
    js_text(out, "\n]}}\n");
}
