/* expect update: the file that a run would be as expected with. Rows of
 * tests/data/judge/updates.json: the entries before, what the run gave (the judged verdict first,
 * then other executions), the entries after. */
#include "../../runner/judge/judge_against.h"
#include "u_judge_fixture.h"

#define PATH "u_judge_update.json"
#define DAY "2026-11-26"

/* Entries as they stand in a file; NULL: no file. */
static struct expectations *load(json_t *entries, struct cts_error *err)
{
    struct expectations *expectations = NULL;
    if (entries) {
        json_t *file = json_pack("{s:i, s:s, s:s, s:s, s:O}", "format", 1, "kind", "expectations",
                                 "iut", "clone", "note", "mine", "entries", entries);
        CU_ASSERT_EQUAL(json_dump_file(file, PATH, 0), 0);
        expectations = expect_load(PATH, err);
        json_decref(file);
        remove(PATH);
    }
    return expectations;
}

/* A judged case, from the names of its verdicts. */
static void judge_case(struct case_verdict *out, const struct test_case *test,
                       const json_t *verdicts, const struct judge_options *options)
{
    static struct finding finding = {.text = (char *)(uintptr_t) "it gave é", .gates = true};
    memset(out, 0, sizeof *out);
    out->test = test;
    out->gates = true;
    for (size_t i = 0; i < json_array_size(verdicts); i++) {
        const int verdict = verdict_by_name(json_string_value(json_array_get(verdicts, i)));
        CU_ASSERT_TRUE_FATAL(verdict >= 0);
        out->verdict = i == 0 ? (enum verdict)verdict : out->verdict;
        out->seen |= 1u << verdict;
    }
    if (out->verdict == VERDICT_FAIL) {
        out->findings = &finding;
        out->finding_count = 1;
    }
    against_set(out, options);
    if (out->against == AGAINST_EXPECTED && !against_allows_all(out, out->seen, options) &&
        (out->seen & (out->seen - 1))) {
        out->against = AGAINST_FLAKE;
    }
}

static void judge_all(struct judged_run *run, const struct tables *tables, const json_t *ran,
                      const struct judge_options *options)
{
    const char *id = NULL;
    json_t *verdicts = NULL;
    run->count = 0;
    json_object_foreach((json_t *)(uintptr_t)ran, id, verdicts)
    {
        const struct test_case *test = tbl_case(tables, id);
        CU_ASSERT_PTR_NOT_NULL_FATAL(test);
        judge_case(&run->cases[run->count++], test, verdicts, options);
    }
}

/* Makes the file; holds it to what is wanted; judges by it, and makes it again. */
static void check_row(const struct fixture *fixture, const json_t *row)
{
    const char *name = json_string_value(json_object_get(row, "name"));
    const json_t *ran = json_object_get(row, "run"), *count = json_object_get(row, "changes");
    struct case_verdict cases[8];
    struct judged_run run = {.cases = cases};
    struct judge_options options = {.claims = fixture_claims()};
    struct expect_update update, again;
    struct cts_error err = {.status = CTS_OK};
    json_t *file = NULL, *wanted = json_object_get(row, "after");
    struct expectations *before = load(json_object_get(row, "before"), &err), *after = NULL;

    fixture_check(err.status == CTS_OK, name, "before", err.text);
    options.expectations = before;
    judge_all(&run, fixture->tables, ran, &options);
    fixture_check(expect_update(before, &run, fixture->tables, &options.claims, "x", DAY, &update,
                                &err) == CTS_OK,
                  name, "status", err.text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(update.text);
    file = json_loadb(update.text, update.len, JSON_REJECT_DUPLICATES, NULL);
    fixture_check(json_equal(json_object_get(file, "entries"), wanted), name, "after", update.text);
    fixture_check((json_int_t)update.count == json_integer_value(count), name, "changes", NULL);
    fixture_check_text(file, "iut", before ? "clone" : "x", name);

    after = load(json_object_get(file, "entries"), &err);
    fixture_check(after != NULL, name, "read again", err.text);
    options.expectations = after;
    judge_all(&run, fixture->tables, ran, &options);
    for (size_t i = 0; i < run.count; i++) {
        const bool told = cases[i].verdict != VERDICT_ERROR;
        fixture_check(!told || cases[i].against == AGAINST_EXPECTED, name, "as expected",
                      cases[i].test->id);
    }
    CU_ASSERT_EQUAL(
        expect_update(after, &run, fixture->tables, &options.claims, "x", DAY, &again, &err),
        CTS_OK);
    fixture_check(again.count == 0, name, "the second time", again.text);
    expect_update_free(&again);
    expect_update_free(&update);
    expect_free(before);
    expect_free(after);
    json_decref(file);
}

static void test_rows(void)
{
    struct fixture fixture = fixture_new();
    json_t *data = fixture_json("updates.json");
    const json_t *rows = json_object_get(data, "rows");
    CU_ASSERT_TRUE(json_array_size(rows) > 0);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        check_row(&fixture, json_array_get(rows, i));
    }
    json_decref(data);
    fixture_free(&fixture);
}

/* What is printed of an update, and how the file is laid out. */
static void test_text(void)
{
    static const char wanted[] = "{\n"
                                 "  \"format\": 1,\n"
                                 "  \"kind\": \"expectations\",\n"
                                 "  \"iut\": \"clone\",\n"
                                 "  \"note\": \"mine\",\n"
                                 "  \"entries\": [\n"
                                 "    {\n"
                                 "      \"cases\": \"j/last\",\n"
                                 "      \"verdicts\": [\"pass\", \"fail\", \"crash\"],\n"
                                 "      \"reason\": \"2026-11-26: it gave é\",\n"
                                 "      \"when\": \"client\",\n"
                                 "      \"note\": \"bug 7\"\n"
                                 "    }\n"
                                 "  ]\n"
                                 "}\n";
    struct fixture fixture = fixture_new();
    struct case_verdict verdict;
    struct judged_run run = {.count = 1, .cases = &verdict};
    struct judge_options options = {.claims = fixture_claims()};
    struct expect_update update;
    struct cts_error err = {.status = CTS_OK};
    json_t *entries = json_pack("[{s:s, s:[s], s:s, s:s}]", "cases", "j/last", "verdicts", "hang",
                                "reason", "bug 7", "when", "client");
    json_t *verdicts = json_pack("[s, s, s]", "fail", "crash", "pass");
    struct expectations *before = load(entries, &err);
    options.expectations = before;
    judge_case(&verdict, tbl_case(fixture.tables, "j/last"), verdicts, &options);
    CU_ASSERT_EQUAL_FATAL(
        expect_update(before, &run, fixture.tables, &options.claims, "x", DAY, &update, &err),
        CTS_OK);
    fixture_check(strcmp(update.text, wanted) == 0, "layout", "text", update.text);
    CU_ASSERT_EQUAL(update.len, strlen(wanted));
    CU_ASSERT_EQUAL_FATAL(update.count, 1);
    CU_ASSERT_STRING_EQUAL(update.changes[0].cases, "j/last");
    CU_ASSERT_STRING_EQUAL(update.changes[0].when, "client");
    CU_ASSERT_EQUAL(update.changes[0].from.usual, VERDICT_HANG);
    CU_ASSERT_EQUAL(update.changes[0].to.usual, VERDICT_PASS);
    CU_ASSERT_STRING_EQUAL(update.changes[0].reason, "2026-11-26: it gave é");
    expect_update_free(&update);
    expect_free(before);
    json_decref(entries);
    json_decref(verdicts);
    fixture_free(&fixture);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"updates", test_rows},
        {"layout", test_text},
        CU_TEST_INFO_NULL,
    };
    return cu_run("judge: update of expectation files", tests);
}
