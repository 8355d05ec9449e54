/* The table of mutants: what is read, and what is refused with its place. */
#include "../../runner/model/mutants.h"
#include "u_model_fixture.h"

#define HEAD "{\"format\": 1, \"kind\": \"mutants\", \"mutants\": [\n"
#define ROW "{\"name\": \"a/b\", \"requirement\": \"IThing.Start#null\", \"text\": \"x\",\n"
#define DO " \"do\": {\"inner\": \"lose\"}"

static struct tables *tables;
static struct cts_errors errs;

/* Writes the text as a table of mutants and loads it. */
static struct mutants *load(const char *text)
{
    char copy[600], path[700];
    fixture_copy("mutants", copy, sizeof copy);
    fixture_write(copy, "mutants.json", text, strlen(text));
    snprintf(path, sizeof path, "%s/mutants.json", copy);
    struct mutants *mutants = mutants_load(path, tables, &errs);
    fixture_remove(copy);
    return mutants;
}

static void test_whole(void)
{
    struct mutants *m = load(
        HEAD "{\"name\": \"thing/start-null\", \"requirement\": \"IThing.Start#null\",\n"
             " \"text\": \"Start takes NULL\", \"cases\": [\"demo/init/**\", \"demo/create\"],\n"
             " \"profile\": \"other\", \"arch\": \"i686\", \"note\": \"n\",\n"
             " \"do\": {\"null\": 0, \"method\": \"IThing.Start\", \"give\": \"0x0\"}},\n" ROW DO
             "}]}");
    CU_ASSERT_PTR_NOT_NULL_FATAL(m);
    CU_ASSERT_EQUAL_FATAL(m->count, 2);
    CU_ASSERT_STRING_EQUAL(m->items[0].name, "thing/start-null");
    CU_ASSERT_PTR_EQUAL(m->items[0].requirement, tbl_requirement(tables, "IThing.Start#null"));
    CU_ASSERT_STRING_EQUAL(m->items[0].text, "Start takes NULL");
    CU_ASSERT_EQUAL_FATAL(m->items[0].cases.count, 2);
    CU_ASSERT_STRING_EQUAL(m->items[0].cases.items[1], "demo/create");
    CU_ASSERT_STRING_EQUAL(m->items[0].profile, "other");
    CU_ASSERT_TRUE(m->items[0].one_arch);
    CU_ASSERT_EQUAL(m->items[0].arch, ARCH_I686);
    CU_ASSERT_STRING_EQUAL(m->items[0].action,
                           "{\"give\":\"0x0\",\"method\":\"IThing.Start\",\"null\":0,\"words\":2}");
    CU_ASSERT_STRING_EQUAL(m->items[1].profile, "reference");
    CU_ASSERT_FALSE(m->items[1].one_arch);
    CU_ASSERT_EQUAL(m->items[1].cases.count, 0);
    CU_ASSERT_STRING_EQUAL(m->items[1].action, "{\"inner\":\"lose\"}");
    mutants_free(m);
}

static void test_words(void)
{
    CU_ASSERT_EQUAL(method_words(tbl_method(tables, "IThing", "Count")), 1);
    CU_ASSERT_EQUAL(method_words(tbl_method(tables, "IThing", "Set")), 13);
    CU_ASSERT_EQUAL(method_words(tbl_method(tables, "CVssWriter", "Subscribe")), 2);
    CU_ASSERT_EQUAL(method_words(tbl_method(tables, "CVssWriter", "GetCurrentSnapshotSetId")), 2);
    CU_ASSERT_EQUAL(method_words(tbl_function(tables, "CreateVssBackupComponents")), 1);
}

static const struct {
    const char *text;
    int line, column;
    const char *message;
} bad[] = {
    {"[]", 1, 1, "must be an object"},
    {"{\"format\": 1, \"kind\": \"profile\", \"mutants\": []}", 1, 23, "kind"},
    {"{\"format\": 1, \"kind\": \"mutants\"}", 1, 1, "missing key \"mutants\""},
    {HEAD ROW " \"note\": \"\"}]}", 2, 1, "missing key \"do\""},
    {HEAD ROW " \"do\": {}}]}", 3, 8, "must be an object that says something"},
    {HEAD ROW DO ", \"more\": 1}]}", 3, 27, "more"},
    {HEAD ROW DO ", \"arch\": \"arm\"}]}", 3, 35, "\"x86_64\" or \"i686\""},
    {HEAD ROW DO ", \"cases\": \"demo/none\"}]}", 3, 36, "no case matches \"demo/none\""},
    {HEAD ROW " \"do\": {\"method\": \"Start\"}}]}", 3, 19, "named with its interface"},
    {HEAD ROW " \"do\": {\"method\": \"IThink.Start\"}}]}", 3, 19, "did you mean \"IThing\""},
    {HEAD ROW " \"do\": {\"method\": \"IThing.Stert\"}}]}", 3, 19, "did you mean \"Start\""},
    {HEAD ROW " \"do\": {\"method\": \"IThingEx.Start\"}}]}", 3, 19, "is declared by IThing"},
    {HEAD "{\"name\": \"a\", \"requirement\": \"IThing.Start#nul\", \"text\": \"x\"," DO "}]}", 2,
     30, "did you mean \"IThing.Start#null\""},
    {HEAD "{\"name\": \"a\", \"requirement\": \"things#large\", \"text\": \"x\"," DO "}]}", 2, 30,
     "no case checks"},
    {HEAD "{\"name\": \"A\", \"requirement\": \"IThing.Start#null\", \"text\": \"x\"," DO "}]}", 2,
     10, "is no id"},
    {HEAD ROW DO "},\n" ROW DO "}]}", 4, 10, "there is a mutant \"a/b\" already"},
};

static void test_refused(void)
{
    char text[1700];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct mutants *m = load(bad[i].text);
        CU_ASSERT_PTR_NULL(m);
        CU_ASSERT_EQUAL_FATAL(errs.count, 1);
        err_format(&errs.list[0], text, sizeof text);
        if (errs.list[0].line != bad[i].line || errs.list[0].column != bad[i].column ||
            strstr(text, bad[i].message) == NULL) {
            printf("\nwanted %d:%d %s\ngot %s\n", bad[i].line, bad[i].column, bad[i].message, text);
            CU_FAIL("another message");
        }
    }
    CU_ASSERT_PTR_NULL(mutants_load("/no/such/file", tables, &errs));
    CU_ASSERT_EQUAL(errs.count, 1);
    CU_ASSERT_EQUAL(errs.list[0].status, CTS_BAD_FILE);
}

int main(void)
{
    char path[1024];
    tables = tbl_load(fixture_data("valid", path, sizeof path), &errs);
    if (tables == NULL) {
        return EXIT_FAILURE;
    }
    CU_TestInfo tests[] = {
        {"a whole table", test_whole},
        {"words of arguments", test_words},
        {"refused with the place", test_refused},
        CU_TEST_INFO_NULL,
    };
    const int status = cu_run("model: mutants", tests);
    tbl_free(tables);
    return status;
}
