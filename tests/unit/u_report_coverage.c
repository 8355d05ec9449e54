/* Coverage and questions as text and as JSON. */
#include "../../runner/report/questions_report.h"
#include "u_coverage_fixture.h"

#define FILE_NAME "u_report_coverage.tmp.json"

static struct tables *tables;

static void has(const char *text, const char *part)
{
    if (!strstr(text, part)) {
        printf("\n%s\nlacks\n%s", text, part);
        CU_FAIL("a text lacks something");
    }
}

static void lacks(const char *text, const char *part)
{
    if (strstr(text, part)) {
        printf("\n%s\nhas\n%s", text, part);
        CU_FAIL("a text has something too much");
    }
}

static void test_totals(void)
{
    struct term term = fixture_term();
    struct coverage *coverage = cover_new(tables, NULL);
    enum cover_kind kind = COVER_METHOD;
    CU_ASSERT_PTR_NOT_NULL_FATAL(coverage);
    coverage_print_totals(&term, coverage);
    char *text = fixture_printed(&term);
    has(text, "methods of the requester in its states       12       3  25.0%       2  16.7%"
              "       4  33.3%       3  25.0%\n");
    has(text, "requirements: may                             1       0   0.0%       0   0.0%"
              "       1 100.0%       0   0.0%\n");
    /* of the 28 results 20 are missing: no other line is so poor */
    CU_ASSERT_DOUBLE_EQUAL(coverage_least(coverage, &kind), 100.0 * 8 / 28, 0.001);
    CU_ASSERT_EQUAL(kind, COVER_RESULT);
    free(text);
    cover_free(coverage);
}

static void test_missing(void)
{
    struct term term = fixture_term();
    struct coverage *coverage = cover_new(tables, NULL);
    const struct coverage_choice choice = {.missing = true};
    CU_ASSERT_PTR_NOT_NULL_FATAL(coverage);
    const size_t printed = coverage_print_entries(&term, coverage, &choice);
    char *text = fixture_printed(&term);
    CU_ASSERT_EQUAL(printed, 5 + 20 + 1 + 4 + 3 + 1);
    has(text, "\nopen questions, missing\n    q-nobody-asks\n");
    has(text, "    IVssBackupComponents.Start: E_UNEXPECTED (windows<6.1)\n");
    lacks(text, "concept#fast");
    lacks(text, "Start in begun");
    free(text);
    cover_free(coverage);
}

static void test_methods(void)
{
    struct term term = fixture_term();
    struct coverage *coverage = cover_new(tables, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(coverage);
    const struct coverage_choice start = {.method = "Start"};
    const struct coverage_choice name = {.method = "IVssBackupComponentsEx.*"};
    const struct coverage_choice nothing = {.method = "Stop"};
    CU_ASSERT_EQUAL(coverage_print_entries(&term, coverage, &start), 1 + 4 + 4);
    CU_ASSERT_EQUAL(coverage_print_entries(&term, coverage, &name), 1 + 2 + 2 + 4);
    CU_ASSERT_EQUAL(coverage_print_entries(&term, coverage, &nothing), 0);
    char *text = fixture_printed(&term);
    has(text, "    IVssBackupComponents.Start  documented\n        s/null\n        s/old\n"
              "        s/path\n        and 1 more\n        s/twice/start/begun\n");
    has(text, "    IVssBackupComponentsEx.Name: wszMore = NULL  no case can\n"
              "        nobody can tell\n");
    lacks(text, "Finish");
    lacks(text, "concept#");
    free(text);
    cover_free(coverage);
}

static void test_states(void)
{
    struct term term = fixture_term();
    struct coverage *coverage = cover_new(tables, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(coverage);
    const struct coverage_choice all = {.missing = true}; /* the picture has all anyway */
    coverage_print_states(&term, coverage, &all);
    char *text = fixture_printed(&term);
    has(text, "     1  begun\n     2  done\n     3  gone\n     4  new\n");
    has(text, "Start                                     d  ?  -  o\n"
              "Finish                                    i  .  -  .\n"
              "Name                                      ?  -  -  .\n");
    free(text);
    cover_free(coverage);
}

/* What was written, read again. The caller lets go of it. */
static json_t *written(void)
{
    struct cts_error err = {0};
    json_t *made = json_file_load(FILE_NAME, &err); /* refuses duplicate keys */
    CU_ASSERT_PTR_NOT_NULL_FATAL(made);
    remove(FILE_NAME);
    return made;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static void test_json(void)
{
    struct cts_error err = {0};
    struct coverage *coverage = cover_new(tables, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(coverage);
    CU_ASSERT_EQUAL(coverage_write_json(coverage, NULL, FILE_NAME, &err), CTS_OK);
    json_t *made = written();
    const json_t *entries = json_object_get(made, "entries"), *entry;
    size_t i, found = 0;
    CU_ASSERT_STRING_EQUAL(text_of(made, "format"), "vsscts-coverage");
    CU_ASSERT_TRUE(json_is_null(json_object_get(made, "run")));
    CU_ASSERT_EQUAL(json_array_size(entries), coverage->count);
    json_array_foreach(entries, i, entry)
    {
        if (strcmp(text_of(entry, "code"), "VSS_E_UNEXPECTED") == 0 &&
            strcmp(text_of(entry, "method"), "IVssBackupComponents.Start") == 0) {
            found++;
            CU_ASSERT_STRING_EQUAL(text_of(entry, "kind"), "result");
            CU_ASSERT_STRING_EQUAL(text_of(entry, "when"), "windows>=6.1");
            CU_ASSERT_STRING_EQUAL(text_of(entry, "status"), "checked");
            CU_ASSERT_STRING_EQUAL(text_of(entry, "basis"), "observed");
            const json_t *checks = json_object_get(entry, "checks");
            CU_ASSERT_STRING_EQUAL(json_string_value(json_array_get(checks, 0)), "s/old");
        }
        if (strcmp(text_of(entry, "state"), "done") == 0 &&
            strcmp(text_of(entry, "method"), "IVssBackupComponentsEx.Name") == 0) {
            found++;
            CU_ASSERT_STRING_EQUAL(text_of(entry, "status"), "unchecked");
            CU_ASSERT_STRING_EQUAL(text_of(entry, "reason"), "the name is gone by then");
        }
    }
    CU_ASSERT_EQUAL(found, 2);
    const json_t *cells = json_object_get(json_object_get(made, "totals"), "cell");
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(cells, "missing")), 3);
    json_decref(made);
    CU_ASSERT_EQUAL(coverage_write_json(coverage, NULL, "no such folder/c.json", &err), CTS_IO);
    cover_free(coverage);
}

static struct questions_report answered(struct fixture_run *made, char *outcome)
{
    fixture_add(made, tables, "s/twice/name/begun", VERDICT_CRASH)->reason =
        (char *)(uintptr_t) "access violation";
    fixture_add(made, tables, "s/twice/start/begun", VERDICT_RECORDED)->outcome = outcome;
    return (struct questions_report){.tables = tables, .run = &made->run};
}

static void test_questions(void)
{
    struct term term = fixture_term();
    struct fixture_run made = {0};
    char outcome[] = "Start=VSS_E_BAD_STATE";
    static const char *const globs[] = {"q-t*"};
    struct questions_report report = {.tables = tables};
    CU_ASSERT_EQUAL(questions_print(&term, &report), 2);
    report = answered(&made, outcome);
    report.chosen = (struct string_list){1, (const char **)(uintptr_t)globs};
    CU_ASSERT_EQUAL(questions_print(&term, &report), 1);
    char *text = fixture_printed(&term);
    has(text, "q-nobody-asks\n    Does anybody ask?\n    - No.\n");
    has(text, "        no case asks it\n");
    has(text, "q-twice\n    What comes of a second Start?\n    - This.\n    - That.\n");
    /* a case without an answer, then the answers with those who gave them */
    has(text, "        s/twice/start/done\n    = Start=VSS_E_BAD_STATE\n"
              "        s/twice/start/begun\n    = crash: access violation\n"
              "        s/twice/name/begun\n    judged by our reading:\n        s/null\n");
    free(text);
}

static void test_questions_json(void)
{
    struct fixture_run made = {0};
    struct cts_error err = {0};
    char outcome[] = "Start=VSS_E_BAD_STATE";
    const struct questions_report report = answered(&made, outcome);
    made.run.header = json_pack("{s:s}", "e", "header");
    CU_ASSERT_EQUAL(questions_write_json(&report, FILE_NAME, &err), CTS_OK);
    json_t *json = written();
    const json_t *questions = json_object_get(json, "questions");
    CU_ASSERT_EQUAL_FATAL(json_array_size(questions), 2);
    CU_ASSERT_TRUE(json_is_object(json_object_get(json, "run")));
    const json_t *cases = json_object_get(json_array_get(questions, 1), "cases");
    CU_ASSERT_EQUAL_FATAL(json_array_size(cases), 3);
    CU_ASSERT_STRING_EQUAL(text_of(json_array_get(cases, 0), "verdict"), "crash");
    CU_ASSERT_STRING_EQUAL(text_of(json_array_get(cases, 0), "reason"), "access violation");
    CU_ASSERT_STRING_EQUAL(text_of(json_array_get(cases, 1), "answer"), "Start=VSS_E_BAD_STATE");
    CU_ASSERT_PTR_NULL(json_object_get(json_array_get(cases, 2), "verdict")); /* not in the run */
    const json_t *judged = json_object_get(json_array_get(questions, 1), "judged");
    CU_ASSERT_EQUAL_FATAL(json_array_size(judged), 1);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_array_get(judged, 0)), "s/null");
    CU_ASSERT_EQUAL(questions_write_json(&report, "no such folder/q.json", &err), CTS_IO);
    json_decref(made.run.header);
    json_decref(json);
}

static CU_TestInfo tests[] = {
    {"totals", test_totals},
    {"what is missing", test_missing},
    {"methods", test_methods},
    {"methods in states", test_states},
    {"coverage as JSON", test_json},
    {"questions", test_questions},
    {"questions as JSON", test_questions_json},
    CU_TEST_INFO_NULL,
};

int main(void)
{
    tables = fixture_tables();
    const int status = cu_run("report coverage", tests);
    tbl_free(tables);
    return status;
}
