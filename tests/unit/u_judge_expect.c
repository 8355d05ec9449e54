/* Expectation files: what is refused, and where. */
#include "u_judge_fixture.h"

#define PATH "u_judge_expect.json"
#define HEAD "{\"format\":1,\"kind\":\"expectations\",\"iut\":\"wine\",\n"
#define ENTRY(cases, verdicts)                                                                     \
    "{\"cases\":\"" cases "\",\"verdicts\":[" verdicts "],\"reason\":\"r\"}"

/* A file that is refused. */
static const struct {
    const char *text;
    int line, column;
    const char *error;
} bad[] = {
    {"{\"format\":1,\n \"kind\"", 2, 0, ""},
    {"[]", 1, 1, "an expectation file is an object"},
    {"{\"kind\":\"expectations\"}", 1, 1, "\"format\" must be 1"},
    {"{\"format\":2}", 1, 11, "\"format\" must be 1"},
    {"{\"format\":1}", 1, 1, "\"kind\" must be \"expectations\""},
    {"{\"format\":1,\n\"kind\":\"profile\"}", 2, 8, "\"kind\" must be \"expectations\""},
    {"{\"format\":1,\"kind\":\"expectations\",\"entries\":[]}", 1, 1, "\"iut\" is wanted"},
    {"{\"format\":1,\"kind\":\"expectations\",\"iut\":\"\"}", 1, 41, "\"iut\" is wanted"},
    {HEAD "\"extra\":1,\"entries\":[]}", 2, 1, "unknown key \"extra\""},
    {HEAD "\"a/b\":1,\"entries\":[]}", 1, 1, "unknown key \"a/b\""},
    {HEAD "\"note\":1,\"entries\":[]}", 1, 1, "\"note\" is a text"},
    {HEAD "\"note\":\"x\"}", 1, 1, "\"entries\" is wanted"},
    {HEAD "\"entries\":{}}", 2, 11, "\"entries\" is wanted"},
    {HEAD "\"entries\":[\n 7]}", 3, 2, "an entry is an object"},
    {HEAD "\"entries\":[\n{\"verdicts\":[\"fail\"],\"reason\":\"r\"}]}", 3, 1,
     "\"cases\" is wanted"},
    {HEAD "\"entries\":[\n{\"cases\":\"\",\"verdicts\":[\"fail\"],\"reason\":\"r\"}]}", 3, 10,
     "\"cases\" is wanted"},
    {HEAD "\"entries\":[\n{\"cases\":\"a\",\"reason\":\"r\"}]}", 3, 1, "\"verdicts\" is wanted"},
    {HEAD "\"entries\":[\n" ENTRY("a", "") "]}", 3, 25, "\"verdicts\" is wanted"},
    {HEAD "\"entries\":[\n" ENTRY("a", "\"pass\",\"failed\"") "]}", 3, 33,
     "no verdict has the name \"failed\""},
    {HEAD "\"entries\":[\n" ENTRY("a", "1") "]}", 3, 26, "no verdict has the name \"\""},
    {HEAD "\"entries\":[\n" ENTRY("a", "\"error\"") "]}", 3, 26, "\"error\" cannot be expected"},
    {HEAD "\"entries\":[\n" ENTRY("a", "\"skip\"") "]}", 3, 26, "\"skip\" cannot be expected"},
    {HEAD "\"entries\":[\n" ENTRY("a", "\"fail\",\"fail\"") "]}", 3, 33,
     "\"fail\" stands here twice"},
    {HEAD "\"entries\":[\n{\"cases\":\"a\",\"verdicts\":[\"fail\"]}]}", 3, 1,
     "\"reason\" is wanted"},
    {HEAD "\"entries\":[\n{\"cases\":\"a\",\"verdicts\":[\"fail\"],\"reason\":5}]}", 3, 43,
     "\"reason\" is wanted"},
    {HEAD "\"entries\":[\n{\"cases\":\"a\",\"verdicts\":[\"fail\"],\"reason\":\" \\n\"}]}", 3, 43,
     "\"reason\" is wanted"},
    {HEAD
     "\"entries\":[\n{\"cases\":\"a\",\"verdicts\":[\"fail\"],\"reason\":\"r\",\"when\":\"xp\"}]}",
     3, 54, "\"when\" is no condition"},
    {HEAD
     "\"entries\":[\n{\"cases\":\"a\",\"verdicts\":[\"fail\"],\"reason\":\"r\",\"bug\":\"1\"}]}",
     3, 47, "unknown key \"bug\""},
    {HEAD "\"entries\":[\n" ENTRY("b", "\"fail\"") ",\n" ENTRY("a", "\"fail\"") "]}", 4, 10,
     "entries are sorted by \"cases\": \"a\" belongs before \"b\""},
    {HEAD "\"entries\":[\n" ENTRY("a", "\"fail\"") ",\n" ENTRY("a", "\"hang\"") "]}", 4, 10,
     "\"a\" has an entry already"},
    {HEAD "\"entries\":[\n" ENTRY("a", "\"fail\"") ",\n{\"cases\":\"a\",\"verdicts\":[\"fail\"],"
                                                   "\"reason\":\"r\",\"when\":\"client\"},\n" ENTRY(
                                                       "a", "\"hang\"") "]}",
     5, 10, "\"a\" has an entry already"},
};

static void write_file(const char *text)
{
    FILE *file = fopen(PATH, "wb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(text, file);
    fclose(file);
}

static void test_bad_files(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct cts_error err = {.status = CTS_OK};
        char place[1700];
        write_file(bad[i].text);
        struct expectations *expectations = expect_load(PATH, &err);
        err_format(&err, place, sizeof place);
        fixture_check(!expectations && err.status == CTS_BAD_FILE, bad[i].text, "status", place);
        CU_ASSERT_STRING_EQUAL(err.path, PATH);
        fixture_check(err.line == bad[i].line, bad[i].text, "line", place);
        fixture_check(!bad[i].column || err.column == bad[i].column, bad[i].text, "column", place);
        fixture_check(strstr(err.text, bad[i].error) != NULL, bad[i].text, "text", place);
        expect_free(expectations);
    }
    remove(PATH);
}

static void test_missing_file(void)
{
    struct cts_error err = {.status = CTS_OK};
    CU_ASSERT_PTR_NULL(expect_load("no/such/file.json", &err));
    CU_ASSERT_EQUAL(err.status, CTS_BAD_FILE);
    CU_ASSERT_STRING_EQUAL(err.path, "no/such/file.json");
}

/* The same cases may have entries for several conditions; notes are allowed. */
static void test_good_file(void)
{
    struct cts_error err = {.status = CTS_OK};
    write_file(HEAD "\"note\":\"n\",\"entries\":[\n"
                    "{\"cases\":\"a\",\"verdicts\":[\"fail\",\"pass\"],\"reason\":\"r\"},\n"
                    "{\"cases\":\"a\",\"verdicts\":[\"hang\"],\"reason\":\"r\",\"when\":\"client\","
                    "\"note\":\"n\"}]}");
    struct expectations *expectations = expect_load(PATH, &err);
    fixture_check(expectations != NULL, "good file", "status", err.text);
    expect_free(expectations);
    expect_free(NULL);
    remove(PATH);
}

static void test_unused(void)
{
    struct fixture fixture = fixture_new();
    struct cts_error err = {.status = CTS_OK};
    write_file(HEAD "\"entries\":[\n" ENTRY("gone/*", "\"fail\"") ",\n" ENTRY(
        "j/last", "\"fail\"") ",\n" ENTRY("j/lasts", "\"fail\"") ",\n" ENTRY("j/{must,should}",
                                                                             "\"fail\"") "]}");
    struct expectations *expectations = expect_load(PATH, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(expectations);
    for (int again = 0; again < 2; again++) {
        struct string_list unused = expect_unused(expectations, fixture.tables);
        CU_ASSERT_EQUAL_FATAL(unused.count, 2);
        CU_ASSERT_STRING_EQUAL(unused.items[0], "gone/*");
        CU_ASSERT_STRING_EQUAL(unused.items[1], "j/lasts");
    }
    expect_free(expectations);
    remove(PATH);
    fixture_free(&fixture);
}

/* What only a whole file shows, held against the tables, and where. */
static const struct {
    const char *entries; /* one a line, from the third line on */
    size_t count;
    int line;          /* of the first error */
    const char *error; /* the beginning of it */
} checked[] = {
    {ENTRY("j/**", "\"fail\"") ",\n" ENTRY("j/last", "\"hang\""), 0, 0, ""},
    {ENTRY("j/last", "\"fail\"") ",\n" ENTRY("j/lasts", "\"fail\""), 1, 4,
     "no case has the id or prefix 'j/lasts'; the nearest is 'j/last'"},
    {ENTRY("gone", "\"fail\"") ",\n" ENTRY("gone/*", "\"fail\""), 2, 3, "no case has the"},
    {ENTRY("j/last", "\"hang\"") ",\n" ENTRY("j/l{ast,ost}", "\"fail\""), 1, 4,
     "\"j/l{ast,ost}\" never counts: nearer entries, as \"j/last\", have all of its cases"},
    {ENTRY("j/last", "\"hang\"") ",\n" ENTRY("j/last/", "\"fail\""), 1, 3,
     "\"j/last\" never counts: nearer entries, as \"j/last/\""},
    {ENTRY("j/las?",
           "\"fail\"") ",\n"
                       "{\"cases\":\"j/"
                       "last\",\"verdicts\":[\"fail\"],\"reason\":\"r\",\"when\":\"client\"}",
     0, 0, ""},
    {"{\"cases\":\"j/las?\",\"verdicts\":[\"fail\"],\"reason\":\"r\",\"when\":\"client\"},\n"
     "{\"cases\":\"j/last\",\"verdicts\":[\"fail\"],\"reason\":\"r\",\"when\":\"client\"}",
     1, 3, "\"j/las?\" never counts"},
    /* all errors of a file are told */
    {ENTRY("b", "\"fine\"") ",\n" ENTRY("a", "\"skip\"") ",\n7", 3, 3, "no verdict has the name"},
    {ENTRY("j/last", "\"fail\"") ",\n" ENTRY("j/**", "\"fail\"") ",\n" ENTRY("a", "\"fail\""), 2, 4,
     "entries are sorted"},
};

static void test_check(void)
{
    struct fixture fixture = fixture_new();
    for (size_t i = 0; i < sizeof checked / sizeof checked[0]; i++) {
        struct cts_errors *errs = calloc(1, sizeof *errs);
        char text[1000];
        size_t entries = 0;
        CU_ASSERT_PTR_NOT_NULL_FATAL(errs);
        snprintf(text, sizeof text, HEAD "\"entries\":[\n%s]}", checked[i].entries);
        write_file(text);
        const bool right = expect_check(PATH, fixture.tables, &entries, errs);
        CU_ASSERT_EQUAL(right, checked[i].count == 0);
        CU_ASSERT_EQUAL(errs->count, checked[i].count);
        CU_ASSERT_EQUAL(errs->list[0].line, checked[i].line);
        fixture_check(strncmp(errs->list[0].text, checked[i].error, strlen(checked[i].error)) == 0,
                      checked[i].error, "text", errs->list[0].text);
        free(errs);
    }
    remove(PATH);
    fixture_free(&fixture);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"bad files", test_bad_files},        {"missing file", test_missing_file},
        {"good file", test_good_file},        {"unused entries", test_unused},
        {"check of whole files", test_check}, CU_TEST_INFO_NULL,
    };
    return cu_run("judge: expectation files", tests);
}
