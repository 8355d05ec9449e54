/* Logs as files: whole, broken off, damaged. */
#include "u_judge_fixture.h"

#define LOG "u_judge_log.jsonl"

#define HEADER "{\"e\":\"header\",\"log\":1,\"selected\":1}\n"
#define BEGIN "{\"e\":\"begin\",\"run\":1,\"case\":\"j/last\",\"program\":\"%s\",\"attempt\":1}\n"
#define STEP "{\"e\":\"step\",\"run\":1,\"s\":1,\"hr\":\"0x00000000\"}\n"
#define END "{\"e\":\"end\",\"run\":1,\"how\":\"done\",\"us\":5}\n"
#define FOOTER "{\"e\":\"footer\",\"complete\":true}\n"

/* What comes of a log; its text has one %s for the hash of the program. */
struct log_row {
    const char *text;
    enum cts_status status;
    int line;          /* of the error */
    const char *error; /* a part of its text */
    bool truncated;
    enum cts_status judged; /* what judge_status() says, where status is CTS_OK */
};

static const struct log_row rows[] = {
    {HEADER BEGIN STEP END FOOTER, CTS_OK, 0, NULL, false, CTS_OK},
    {HEADER BEGIN STEP END, CTS_OK, 0, NULL, false, CTS_OK},
    {HEADER BEGIN STEP END "{\"e\":\"foo", CTS_OK, 0, NULL, true, CTS_OK},
    /* Only the end of the line says that the line is whole. */
    {HEADER BEGIN STEP "{\"e\":\"end\",\"run\":1,\"how\":\"done\"}", CTS_OK, 0, NULL, true,
     CTS_OUTSTANDING},
    {HEADER BEGIN STEP, CTS_OK, 0, NULL, false, CTS_OUTSTANDING},
    {HEADER, CTS_OK, 0, NULL, false, CTS_OUTSTANDING},
    {"%s", CTS_BAD_FILE, 0, "no line", false, CTS_OK},
    {HEADER BEGIN STEP "{\"e\":\n" END, CTS_BAD_FILE, 4, "", false, CTS_OK},
    {HEADER BEGIN STEP "\n" END, CTS_BAD_FILE, 4, "", false, CTS_OK},
    {HEADER BEGIN "{\"e\":\"x\",\"e\":\"y\"}\n" END, CTS_BAD_FILE, 3, "duplicate", false, CTS_OK},
    {BEGIN STEP END, CTS_BAD_FILE, 1, "does not begin with a header", false, CTS_OK},
    {HEADER "%s\n", CTS_BAD_FILE, 2, "", false, CTS_OK},
    {HEADER "[1]\n", CTS_BAD_FILE, 2, "no event", false, CTS_OK},
    {HEADER BEGIN HEADER, CTS_BAD_FILE, 3, "second header", false, CTS_OK},
};

static void write_log(const char *text, const char *hash)
{
    FILE *file = fopen(LOG, "wb");
    const char *mark = strstr(text, "%s");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    if (!mark) {
        fputs(text, file);
    } else {
        fwrite(text, 1, (size_t)(mark - text), file);
        fputs(hash, file);
        fputs(mark + 2, file);
    }
    fclose(file);
}

static void check_row(const struct fixture *fixture, const struct log_row *row)
{
    const char *only[] = {"j/last"};
    const struct judge_options options = {.claims = fixture_claims()};
    struct plan *plan = fixture_plan(fixture->tables, only, 1);
    struct fold *fold = fold_new(fixture->tables, plan, &options);
    struct cts_error err = {.status = CTS_OK};
    bool no_line = strcmp(row->text, "%s") == 0;
    write_log(row->text, no_line ? "" : plan->cases[0].hash);
    enum cts_status status = fold_log(fold, LOG, &err);
    struct judged_run *run = fold_end(fold, NULL);
    fixture_check(status == row->status, row->text, "status", err.text);
    if (status != CTS_OK) {
        CU_ASSERT_STRING_EQUAL(err.path, LOG);
        fixture_check(err.line == row->line, row->text, "line", err.text);
        fixture_check(strstr(err.text, row->error) != NULL && err.text[0], row->text, "error",
                      err.text);
    } else {
        CU_ASSERT_PTR_NOT_NULL_FATAL(run);
        CU_ASSERT_EQUAL(run->truncated, row->truncated);
        fixture_check(judge_status(run, &options) == row->judged, row->text, "judged",
                      cts_status_text(judge_status(run, &options)));
    }
    judged_free(run);
    plan_free(plan);
    remove(LOG);
}

static void test_rows(void)
{
    struct fixture fixture = fixture_new();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_row(&fixture, &rows[i]);
    }
    fixture_free(&fixture);
}

static enum cts_status read_log(const struct fixture *fixture, const char *path,
                                struct cts_error *err, struct judged_run **run)
{
    const struct judge_options options = {.claims = fixture_claims()};
    struct fold *fold = fold_new(fixture->tables, fixture->plan, &options);
    enum cts_status status = fold_log(fold, path, err);
    *run = fold_end(fold, NULL);
    return status;
}

static void test_missing(void)
{
    struct fixture fixture = fixture_new();
    struct cts_error err = {.status = CTS_OK};
    struct judged_run *run = NULL;
    CU_ASSERT_EQUAL(read_log(&fixture, "no/such.jsonl", &err, &run), CTS_BAD_FILE);
    CU_ASSERT_STRING_EQUAL(err.path, "no/such.jsonl");
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "no such file"));
    judged_free(run);
    fixture_free(&fixture);
}

/* Lines that are longer than a piece of the file that is read at once, and ends of lines on every
 * side of the border between two pieces. */
static void test_long_lines(void)
{
    struct fixture fixture = fixture_new();
    for (size_t length = 65500; length < 65570; length++) {
        struct cts_error err = {.status = CTS_OK};
        struct judged_run *run = NULL;
        char *filler = malloc(length + 1);
        FILE *file = fopen(LOG, "wb");
        memset(filler, 'x', length);
        filler[length] = '\0';
        fputs(HEADER, file);
        fprintf(file, "{\"e\":\"output\",\"text\":\"%s\"}\n", filler);
        fprintf(file, BEGIN, plan_find(fixture.plan, "j/last")->hash);
        fputs(STEP END, file);
        fclose(file);
        CU_ASSERT_EQUAL(read_log(&fixture, LOG, &err, &run), CTS_OK);
        CU_ASSERT(run != NULL && run->totals[VERDICT_PASS] == 1 && !run->truncated);
        judged_free(run);
        free(filler);
    }
    remove(LOG);
    fixture_free(&fixture);
}

/* A line without an end must not fill the memory. */
static void test_endless_line(void)
{
    struct fixture fixture = fixture_new();
    struct cts_error err = {.status = CTS_OK};
    struct judged_run *run = NULL;
    static char filler[1 << 20];
    FILE *file = fopen(LOG, "wb");
    memset(filler, 'x', sizeof filler);
    fputs(HEADER, file);
    for (int i = 0; i < 17; i++) {
        fwrite(filler, 1, sizeof filler, file);
    }
    fclose(file);
    CU_ASSERT_EQUAL(read_log(&fixture, LOG, &err, &run), CTS_BAD_FILE);
    CU_ASSERT_EQUAL(err.line, 2);
    judged_free(run);
    remove(LOG);
    fixture_free(&fixture);
}

/* The events of a verdict stay in the file, and are found there again; also one whose line is
 * longer than a piece that is read at once. */
static void test_lookup(void)
{
    struct fixture fixture = fixture_new();
    struct cts_error err = {.status = CTS_OK};
    struct judged_run *run = NULL;
    static char filler[20001];
    FILE *file = fopen(LOG, "wb");
    memset(filler, 'x', sizeof filler - 1);
    fputs(HEADER, file);
    fprintf(file, BEGIN, plan_find(fixture.plan, "j/last")->hash);
    fprintf(file, "{\"e\":\"step\",\"run\":1,\"s\":1,\"hr\":\"0x00000000\",\"filler\":\"%s\"}\n",
            filler);
    fputs("{\"e\":\"output\",\"text\":\"another's\"}\n" END, file);
    fclose(file);
    CU_ASSERT_EQUAL_FATAL(read_log(&fixture, LOG, &err, &run), CTS_OK);
    const struct case_verdict *last = judged_find(run, "j/last");
    CU_ASSERT_PTR_NOT_NULL_FATAL(last);
    CU_ASSERT_STRING_EQUAL(last->test->id, "j/last");
    CU_ASSERT_PTR_NULL(judged_find(run, "j/none"));
    CU_ASSERT_PTR_NULL(last->events);
    CU_ASSERT_PTR_NOT_NULL_FATAL(run->lookup);
    json_t *events = judged_events(run, last);
    CU_ASSERT_EQUAL_FATAL(json_array_size(events), 3);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(json_array_get(events, 1), "filler")),
                           filler);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(json_array_get(events, 2), "e")),
                           "end");
    CU_ASSERT_EQUAL(judged_failed(run, &err), CTS_OK);
    json_decref(events);
    judged_free(run);
    remove(LOG);
    fixture_free(&fixture);
}

/* A log that is another by now is an error, not another trace. */
static void test_lookup_changed(void)
{
    struct fixture fixture = fixture_new();
    struct cts_error err = {.status = CTS_OK};
    struct judged_run *run = NULL;
    write_log(HEADER BEGIN STEP END, plan_find(fixture.plan, "j/last")->hash);
    CU_ASSERT_EQUAL_FATAL(read_log(&fixture, LOG, &err, &run), CTS_OK);
    write_log(HEADER, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(run->lookup);
    size_t lost = 0;
    for (size_t i = 0; i < run->count; i++) {
        json_t *events = judged_events(run, &run->cases[i]);
        lost += events == NULL;
        json_decref(events);
    }
    CU_ASSERT_EQUAL(lost, 1);
    CU_ASSERT_EQUAL(judged_failed(run, &err), CTS_BAD_FILE);
    CU_ASSERT_STRING_EQUAL(err.path, LOG);
    judged_free(run);
    remove(LOG);
    fixture_free(&fixture);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"rows", test_rows},
        {"missing", test_missing},
        {"long lines", test_long_lines},
        {"endless line", test_endless_line},
        {"events looked up", test_lookup},
        {"events of a log that has changed", test_lookup_changed},
        CU_TEST_INFO_NULL,
    };
    return cu_run("judge: logs", tests);
}
