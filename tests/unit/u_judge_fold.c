/* Whole runs: the rows of tests/data/judge/folds.json. */
#include "u_judge_fixture.h"

/* A row that is being folded. */
struct row {
    const struct fixture *fixture;
    const json_t *row;
    const json_t *ends; /* what the short names of executions stand for */
    const char *name;
    struct fold *fold;
    struct cts_error err;
};

/* Gives one event to the fold; takes it. */
static enum cts_status give(struct row *row, json_t *event)
{
    enum cts_status status = fold_event(row->fold, event, &row->err);
    json_decref(event);
    return status;
}

static json_t *begin_event(const struct row *row, const json_t *item)
{
    const char *id = json_string_value(json_object_get(item, "case"));
    const struct plan_case *planned = plan_find(row->fixture->plan, id);
    const json_t *attempt = json_object_get(item, "attempt");
    return json_pack("{s:s, s:I, s:s, s:s, s:I}", "e", "begin", "run",
                     json_integer_value(json_object_get(item, "run")), "case", id, "program",
                     planned ? planned->hash : "", "attempt",
                     attempt ? json_integer_value(attempt) : (json_int_t)1);
}

/* Steps and end of an execution that is named by what comes of it. */
static enum cts_status give_rest(struct row *row, const json_t *item)
{
    enum cts_status status = CTS_OK;
    const json_t *list = json_object_get(row->ends, json_string_value(json_object_get(item, "x")));
    for (size_t i = 0; status == CTS_OK && i < json_array_size(list); i++) {
        json_t *event = json_deep_copy(json_array_get(list, i));
        bool end = json_object_get(event, "how") != NULL;
        json_object_set_new(event, "e", json_string(end ? "end" : "step"));
        json_object_set(event, "run", json_object_get(item, "run"));
        status = give(row, event);
    }
    return status;
}

static enum cts_status give_item(struct row *row, const json_t *item)
{
    const char *part = json_string_value(json_object_get(item, "part"));
    enum cts_status status = CTS_OK;
    if (!json_object_get(item, "x")) {
        return give(row, json_deep_copy(item));
    }
    if (!part || strcmp(part, "begin") == 0) {
        status = give(row, begin_event(row, item));
    }
    if (status == CTS_OK && (!part || strcmp(part, "end") == 0)) {
        status = give_rest(row, item);
    }
    return status;
}

/* Header, events and footer. The footer says that all is complete, but where the row knows better.
 */
static enum cts_status give_all(struct row *row)
{
    const json_t *header = json_object_get(row->row, "header");
    const json_t *footer = json_object_get(row->row, "footer");
    const json_t *log = json_object_get(row->row, "log");
    json_t *selected = json_object_get(row->row, "selected");
    enum cts_status status = CTS_OK;
    if (!json_is_null(header)) {
        json_t *event = header ? json_deep_copy(header) : json_pack("{s:i}", "log", 1);
        json_object_set_new(event, "e", json_string("header"));
        json_object_set(event, "selected", selected);
        status = give(row, event);
    }
    for (size_t i = 0; status == CTS_OK && i < json_array_size(log); i++) {
        status = give_item(row, json_array_get(log, i));
    }
    if (status == CTS_OK && !json_is_null(footer)) {
        json_t *event = footer ? json_deep_copy(footer) : json_pack("{s:b}", "complete", 1);
        json_object_set_new(event, "e", json_string("footer"));
        status = give(row, event);
    }
    return status;
}

/* Every count that is not written down must be 0. */
static void check_counts(const json_t *expect, const char *key, const size_t *counts, size_t size,
                         const char *(*name)(size_t), const char *row)
{
    const json_t *wanted = json_object_get(expect, key);
    for (size_t i = 0; wanted && i < size; i++) {
        size_t number = (size_t)json_integer_value(json_object_get(wanted, name(i)));
        fixture_check(number == counts[i], row, key, name(i));
    }
}

static const char *name_of_verdict(size_t at)
{
    return verdict_name((enum verdict)at);
}

static const char *name_of_against(size_t at)
{
    return against_name((enum against)at);
}

static void check_case(const json_t *expect, const struct case_verdict *verdict, const char *row)
{
    fixture_check_text(expect, "case", verdict->test->id, row);
    fixture_check_text(expect, "verdict", verdict_name(verdict->verdict), row);
    fixture_check_text(expect, "against", against_name(verdict->against), row);
    fixture_check_text(expect, "expected", verdict_name(verdict->expected), row);
    fixture_check_text(expect, "first", verdict_name(verdict->first), row);
    fixture_check_text(expect, "last", verdict_name(verdict->last), row);
    fixture_check_text(expect, "reason", verdict->reason, row);
    fixture_check_text(expect, "why", verdict->why_expected, row);
    fixture_check_number(expect, "attempts", verdict->attempts, row);
    fixture_check_number(expect, "findings", (long long)verdict->finding_count, row);
    fixture_check_number(expect, "events", (long long)json_array_size(verdict->events), row);
}

static void check_run(const json_t *expect, const struct judged_run *run,
                      const struct judge_options *options, const char *row)
{
    const json_t *cases = json_object_get(expect, "cases");
    size_t sum = 0;
    fixture_check_text(expect, "status", cts_status_text(judge_status(run, options)), row);
    check_counts(expect, "totals", run->totals, 9, name_of_verdict, row);
    check_counts(expect, "against", run->by_against, 4, name_of_against, row);
    fixture_check_number(expect, "outstanding", (long long)run->outstanding, row);
    fixture_check_number(expect, "advisory", (long long)run->advisory, row);
    for (size_t i = 0; i < 9; i++) {
        sum += run->totals[i];
    }
    fixture_check(sum == run->count, row, "sum of totals", NULL);
    CU_ASSERT_PTR_NOT_NULL(run->header);
    if (cases && fixture_check(json_array_size(cases) == run->count, row, "cases", NULL)) {
        for (size_t i = 0; i < run->count; i++) {
            check_case(json_array_get(cases, i), &run->cases[i], row);
        }
    }
}

/* The expectation file of a row, through a file as a user has it; or NULL. */
static struct expectations *row_expectations(struct row *row)
{
    static const char path[] = "u_judge_fold.expectations.json";
    json_t *entries = json_object_get(row->row, "expectations");
    struct expectations *expectations = NULL;
    if (entries) {
        json_t *file = json_pack("{s:i, s:s, s:s, s:O}", "format", 1, "kind", "expectations", "iut",
                                 "x", "entries", entries);
        CU_ASSERT_EQUAL(json_dump_file(file, path, 0), 0);
        expectations = expect_load(path, &row->err);
        fixture_check(expectations != NULL, row->name, "expectations", row->err.text);
        json_decref(file);
        remove(path);
    }
    return expectations;
}

static struct plan *row_plan(const struct row *row)
{
    const json_t *list = json_object_get(row->row, "plan");
    const char *patterns[8] = {NULL};
    size_t count = json_array_size(list);
    for (size_t i = 0; i < count && i < 8; i++) {
        patterns[i] = json_string_value(json_array_get(list, i));
    }
    return fixture_plan(row->fixture->tables, patterns, count);
}

/* With the file that is made from a run, the same events are as expected. */
static void check_update(struct row *row, const struct plan *plan, const struct judge_options *old,
                         const struct judged_run *run)
{
    static const char path[] = "u_judge_fold.update.json";
    struct judge_options options = *old;
    struct expect_update update;
    CU_ASSERT_EQUAL_FATAL(expect_update(old->expectations, run, row->fixture->tables, &old->claims,
                                        "x", "2026-11-26", &update, &row->err),
                          CTS_OK);
    CU_ASSERT_EQUAL(file_write(path, update.text, update.len, &row->err), CTS_OK);
    options.expectations = expect_load(path, &row->err);
    fixture_check(options.expectations != NULL, row->name, "update", row->err.text);
    row->fold = fold_new(row->fixture->tables, plan, &options);
    give_all(row);
    struct judged_run *again = fold_end(row->fold, &row->err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(again);
    fixture_check(again->by_against[AGAINST_UNEXPECTED] == again->totals[VERDICT_ERROR] &&
                      again->by_against[AGAINST_IMPROVEMENT] == 0 &&
                      again->by_against[AGAINST_FLAKE] == 0,
                  row->name, "as expected after the update", update.text);
    judged_free(again);
    expect_free((struct expectations *)options.expectations);
    expect_update_free(&update);
    remove(path);
}

static void check_row(struct row *row)
{
    const json_t *expect = json_object_get(row->row, "expect");
    const char *error = json_string_value(json_object_get(expect, "error"));
    struct plan *plan = row_plan(row);
    struct judge_options options = {.claims = fixture_claims()};
    options.expectations = row_expectations(row);
    options.strict = json_is_true(json_object_get(row->row, "strict"));
    options.flaky_pass = json_is_true(json_object_get(row->row, "flaky_pass"));
    row->fold = fold_new(row->fixture->tables, plan, &options);
    enum cts_status status = give_all(row);
    struct judged_run *run = fold_end(row->fold, &row->err);
    if (error) {
        fixture_check(status == CTS_BAD_FILE, row->name, "status", cts_status_text(status));
        fixture_check(fixture_same(row->err.text, error), row->name, "error", row->err.text);
    } else if (fixture_check(status == CTS_OK && run, row->name, "status", row->err.text)) {
        check_run(expect, run, &options, row->name);
        check_update(row, plan, &options, run);
    }
    judged_free(run);
    expect_free((struct expectations *)options.expectations);
    plan_free(plan);
}

static void test_rows(void)
{
    struct fixture fixture = fixture_new();
    json_t *data = fixture_json("folds.json");
    const json_t *rows = json_object_get(data, "rows");
    CU_ASSERT(json_array_size(rows) > 50);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        struct row row = {.fixture = &fixture,
                          .row = json_array_get(rows, i),
                          .ends = json_object_get(data, "ends")};
        row.name = json_string_value(json_object_get(row.row, "name"));
        check_row(&row);
    }
    json_decref(data);
    fixture_free(&fixture);
}

/* A fold that nothing was given to: everything is outstanding. */
static void test_empty_fold(void)
{
    struct fixture fixture = fixture_new();
    const struct judge_options options = {.claims = fixture_claims()};
    struct cts_error err = {.status = CTS_OK};
    struct judged_run *run = fold_end(fold_new(fixture.tables, fixture.plan, &options), &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(run);
    CU_ASSERT_PTR_NULL(run->header);
    CU_ASSERT_EQUAL(run->count, fixture.plan->count);
    CU_ASSERT_EQUAL(run->outstanding + run->totals[VERDICT_SKIP], run->count);
    CU_ASSERT_EQUAL(judge_status(run, &options), CTS_OUTSTANDING);
    judged_free(run);
    fixture_free(&fixture);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"rows", test_rows},
        {"empty fold", test_empty_fold},
        CU_TEST_INFO_NULL,
    };
    return cu_run("judge: runs", tests);
}
