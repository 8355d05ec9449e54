/* Event logs of the cases of tests/data/judge, judged: every report is made, and what is JSON can
 * be read again. */
#include "../../runner/cli/log_facts.h"
#include "../../runner/report/compare.h"
#include "../../runner/report/console.h"
#include "../../runner/report/coverage_report.h"
#include "../../runner/report/formats.h"
#include "../../runner/report/questions_report.h"
#include "../../runner/util/json_file.h"
#include "fuzz.h"

#define NOWHERE "/dev/null"

static struct tables *tables;
static char written[64]; /* a file in memory, where the system has such a place */

static void leave(void)
{
    remove(written);
}

static void set_up(void)
{
    if (tables == NULL) {
        tables = fuzz_tables("tests/data/judge/tables");
        snprintf(written, sizeof written, "%s/vsscts-fuzz-log-%d",
                 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (int)getpid());
        atexit(leave);
    }
}

static void check_json(enum cts_status status)
{
    struct cts_error err = {0};
    if (status == CTS_OK) {
        json_t *json = json_file_load(written, &err);
        FUZZ_CHECK(json != NULL);
        json_decref(json);
    }
}

static bool is_json(enum report_format format)
{
    return format == FORMAT_JSON || format == FORMAT_CTRF || format == FORMAT_BADGE;
}

static void write_all(const struct report *report, const struct claims *claims)
{
    struct cts_error err = {0};
    const struct term term = fuzz_term();
    for (int i = 0; i < FORMAT_COUNT; i++) {
        const bool json = is_json((enum report_format)i);
        const struct report_target target = {(enum report_format)i, json ? written : NOWHERE};
        const enum cts_status status = report_write(report, &target, &err);
        if (json) {
            check_json(status);
        }
    }
    console_header(&term, report->run->header);
    console_summary(&term, report, CONSOLE_VERBOSE);
    struct coverage *coverage = coverage_of_run(tables, report->plan, report->run, claims, &err);
    if (coverage != NULL) {
        check_json(coverage_write_json(coverage, report->run->header, written, &err));
        coverage_print_states(&term, coverage, &(struct coverage_choice){0});
    }
    cover_free(coverage);
    const struct questions_report questions = {.tables = tables, .run = report->run};
    check_json(questions_write_json(&questions, written, &err));
}

/* The run beside itself, in a plan and a judgement of its own. */
static void compare(const struct report *reports)
{
    struct cts_error err = {0};
    struct matrix matrix = {0};
    struct comparison comparison;
    const struct term term = fuzz_term();
    struct str_buf why;
    sb_init(&why, (size_t)1 << 20);
    const char *forced =
        matrix_refused(reports[0].run, reports[1].run, &why) ? sb_text(&why) : NULL;
    if (matrix_make(&matrix, reports, 2, &err) == CTS_OK) {
        FUZZ_CHECK(matrix.differing == 0);
        compare_make(&comparison, &matrix, forced);
        compare_print(&term, &comparison, true, true);
        matrix_print(&term, &matrix, true);
        struct json_stream *out = js_open(NOWHERE, &err);
        FUZZ_CHECK(out != NULL);
        matrix_write_html(&matrix, NULL, out);
        js_close(out, &err);
    }
    matrix_free(&matrix);
    sb_free(&why);
}

static struct judged_run *judge(const char *path, const struct plan *plan,
                                const struct judge_options *options)
{
    struct cts_error err = {0};
    struct fold *fold = fold_new(tables, plan, options);
    FUZZ_CHECK(fold != NULL);
    if (fold_log(fold, path, &err) != CTS_OK) {
        FUZZ_CHECK(err.status != CTS_OK && err.text[0] != '\0');
        judged_free(fold_end(fold, NULL));
        return NULL;
    }
    return fold_end(fold, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct log_facts facts;
    struct cts_error err = {0};
    set_up();
    const char *path = fuzz_file(data, size);
    if (log_facts_read(&facts, path, &err) != CTS_OK) {
        FUZZ_CHECK(err.text[0] != '\0');
        log_facts_free(&facts);
        return 0;
    }
    const struct judge_options options = {.strict = true, .claims = facts.profile.claims};
    struct plan *plan = log_facts_plan(&facts, tables, &err);
    if (plan == NULL) {
        plan = log_facts_plan_cases(&facts, tables, path, &err);
    }
    struct judged_run *runs[2] = {NULL, NULL};
    for (int i = 0; plan != NULL && i < 2; i++) {
        runs[i] = judge(path, plan, &options);
    }
    if (runs[0] != NULL && runs[1] != NULL) {
        struct report reports[2];
        for (int i = 0; i < 2; i++) {
            reports[i] = (struct report){.tables = tables,
                                         .plan = plan,
                                         .run = runs[i],
                                         .status = judge_status(runs[i], &options),
                                         .log = path};
        }
        write_all(&reports[0], &options.claims);
        compare(reports);
    }
    judged_free(runs[0]);
    judged_free(runs[1]);
    plan_free(plan);
    log_facts_free(&facts);
    return 0;
}
