/* One execution, one verdict: the rows of tests/data/judge/executions.json. */
#include "u_judge_fixture.h"

/* Begin, steps and end of a row; steps may be names of templates. A list of objects. */
static json_t *row_events(const json_t *row, const json_t *templates, const char *hash)
{
    const char *program = json_string_value(json_object_get(row, "program"));
    const json_t *steps = json_object_get(row, "steps"), *end = json_object_get(row, "end");
    json_t *events = json_array(), *done = NULL;
    json_array_append_new(events, json_pack("{s:s, s:i, s:s, s:s, s:i}", "e", "begin", "run", 1,
                                            "case", json_string_value(json_object_get(row, "case")),
                                            "program", program ? program : hash, "attempt", 1));
    for (size_t i = 0; i < json_array_size(steps); i++) {
        const json_t *item = json_array_get(steps, i);
        const char *name = json_string_value(item);
        json_t *step = json_deep_copy(name ? json_object_get(templates, name) : item);
        json_object_set_new(step, "e", json_string("step"));
        json_object_set_new(step, "run", json_integer(1));
        json_array_append_new(events, step);
    }
    if (!json_is_null(end)) {
        done = end ? json_deep_copy(end) : json_pack("{s:s}", "how", "done");
        json_object_set_new(done, "e", json_string("end"));
        json_object_set_new(done, "us", json_integer(77));
        json_array_append_new(events, done);
    }
    return events;
}

static void check_finding(const json_t *expect, const struct finding *finding, const char *row)
{
    const char *page = json_string_value(json_object_get(expect, "page"));
    char url[512];
    fixture_check_number(expect, "s", finding->s, row);
    fixture_check_number(expect, "round", finding->round, row);
    fixture_check_number(expect, "gates", finding->gates, row);
    fixture_check_text(expect, "law", finding->law, row);
    fixture_check_text(expect, "requirement", finding->requirement, row);
    fixture_check_text(expect, "level", level_name(finding->level), row);
    fixture_check_text(expect, "basis", basis_name(finding->basis), row);
    fixture_check_text(expect, "call", finding->call, row);
    fixture_check_text(expect, "expected", finding->expected, row);
    fixture_check_text(expect, "got", finding->got, row);
    fixture_check_text(expect, "text", finding->text, row);
    if (json_object_get(expect, "page")) {
        const char *wanted = page ? page_url(page, url, sizeof url) : NULL;
        fixture_check(fixture_same(wanted, finding->page), row, "page", finding->page);
    }
}

static void check_verdict(const json_t *expect, const struct case_verdict *verdict, const char *row)
{
    const json_t *findings = json_object_get(expect, "findings");
    char count[32];
    fixture_check_text(expect, "verdict", verdict_name(verdict->verdict), row);
    fixture_check_text(expect, "against", against_name(verdict->against), row);
    fixture_check_text(expect, "reason", verdict->reason, row);
    fixture_check_text(expect, "outcome", verdict->outcome, row);
    fixture_check_number(expect, "gates", verdict->gates, row);
    if (!findings) {
        return;
    }
    snprintf(count, sizeof count, "%zu", verdict->finding_count);
    if (!fixture_check(json_array_size(findings) == verdict->finding_count, row, "findings",
                       count)) {
        for (size_t i = 0; i < verdict->finding_count; i++) {
            fprintf(stderr, "      %s\n", verdict->findings[i].text);
        }
        return;
    }
    for (size_t i = 0; i < verdict->finding_count; i++) {
        check_finding(json_array_get(findings, i), &verdict->findings[i], row);
    }
}

/* Judges the row and checks the result. */
static void check_row(const struct fixture *fixture, const json_t *row, const json_t *templates)
{
    const char *name = json_string_value(json_object_get(row, "name"));
    const struct plan_case *planned =
        plan_find(fixture->plan, json_string_value(json_object_get(row, "case")));
    const json_t *windows = json_object_get(row, "windows");
    struct judge_options options = {.claims = fixture_claims()};
    struct cts_error err = {.status = CTS_OK};
    struct case_verdict verdict;
    if (!fixture_check(planned != NULL, name, "case", NULL)) {
        return;
    }
    options.strict = json_is_true(json_object_get(row, "strict"));
    for (size_t i = 0; i < json_array_size(windows); i++) {
        options.claims.windows[i] = (unsigned)json_integer_value(json_array_get(windows, i));
    }
    json_t *events = row_events(row, templates, planned->hash);
    size_t count = json_array_size(events);
    const json_t **list = calloc(count, sizeof *list);
    for (size_t i = 0; i < count; i++) {
        list[i] = json_array_get(events, i);
    }
    enum cts_status status =
        judge_execution(fixture->tables, planned, list, count, &options, &verdict, &err);
    if (fixture_check(status == CTS_OK, name, "status", err.text)) {
        check_verdict(json_object_get(row, "expect"), &verdict, name);
        CU_ASSERT_PTR_EQUAL(verdict.test, planned->test);
        CU_ASSERT_EQUAL(verdict.attempts, 1);
        CU_ASSERT(json_equal(verdict.events, events));
        CU_ASSERT_EQUAL(verdict.us, json_is_null(json_object_get(row, "end")) ? 0 : 77);
        verdict_clear(&verdict);
    }
    free(list);
    json_decref(events);
}

static void test_rows(void)
{
    struct fixture fixture = fixture_new();
    json_t *data = fixture_json("executions.json");
    const json_t *rows = json_object_get(data, "rows");
    CU_ASSERT(json_array_size(rows) > 100);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        check_row(&fixture, json_array_get(rows, i), json_object_get(data, "templates"));
    }
    json_decref(data);
    fixture_free(&fixture);
}

/* Events that are those of no execution. */
static void test_bad_events(void)
{
    static const char *const rows[] = {
        "[]",
        "[{\"e\":\"end\",\"how\":\"done\"}]",
        "[{\"e\":\"begin\"},{\"e\":\"end\",\"how\":\"bored\"}]",
        "[{\"e\":\"begin\"},{\"e\":\"end\"}]",
        "[{\"e\":\"begin\"},{\"e\":\"footer\"}]",
        "[{\"e\":\"begin\",\"program\":\"=\"},{\"e\":\"step\"},{\"e\":\"end\",\"how\":\"done\"}]",
    };
    struct fixture fixture = fixture_new();
    const struct judge_options options = {.claims = fixture_claims()};
    const struct plan_case *planned = plan_find(fixture.plan, "j/must");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cts_error err = {.status = CTS_OK};
        struct case_verdict verdict;
        const json_t *list[4] = {NULL};
        json_t *events = json_loads(rows[i], 0, NULL);
        for (size_t k = 0; k < json_array_size(events); k++) {
            json_t *event = json_array_get(events, k);
            if (json_object_get(event, "program")) {
                json_object_set_new(event, "program", json_string(planned->hash));
            }
            list[k] = event;
        }
        enum cts_status status = judge_execution(fixture.tables, planned, list,
                                                 json_array_size(events), &options, &verdict, &err);
        fixture_check(status == CTS_BAD_FILE && err.text[0], rows[i], "status", err.text);
        json_decref(events);
    }
    fixture_free(&fixture);
}

/* Every name of a verdict and of its relation to what is expected. */
static void test_names(void)
{
    CU_ASSERT_STRING_EQUAL(verdict_name(VERDICT_PASS), "pass");
    CU_ASSERT_STRING_EQUAL(verdict_name(VERDICT_NOT_IMPLEMENTED), "not_implemented");
    CU_ASSERT_STRING_EQUAL(verdict_name(VERDICT_ERROR), "error");
    CU_ASSERT_STRING_EQUAL(against_name(AGAINST_EXPECTED), "expected");
    CU_ASSERT_STRING_EQUAL(against_name(AGAINST_UNEXPECTED), "unexpected");
    CU_ASSERT_STRING_EQUAL(against_name(AGAINST_IMPROVEMENT), "improvement");
    CU_ASSERT_STRING_EQUAL(against_name(AGAINST_FLAKE), "flake");
}

/* A law as laws.def has it. */
static const struct {
    const char *name, *level, *basis, *page, *rule;
} laws[] = {
#define X(id, name, level, basis, page, scope, rule) {name, #level, #basis, page, rule},
#include "../../runner/judge/laws.def"
#undef X
};

/* Does the text hold the word, whatever the case of its letters, before the line ends? */
static bool line_has(const char *line, const char *word)
{
    size_t len = strlen(word);
    for (; *line && *line != '\n'; line++) {
        size_t i = 0;
        while (i < len && line[i] && (line[i] | 0x20) == (word[i] | 0x20)) {
            i++;
        }
        if (i == len) {
            return true;
        }
    }
    return false;
}

/* The page about the laws says of each what the judge does. */
static void test_page_of_laws(void)
{
    char path[1024], row[64];
    const char *source = getenv("VSSCTS_SOURCE");
    struct cts_error err = {.status = CTS_OK};
    snprintf(path, sizeof path, "%s/docs/laws.md", source ? source : ".");
    char *text = file_read(path, NULL, JSON_FILE_MAX, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    for (size_t i = 0; i < sizeof laws / sizeof laws[0]; i++) {
        snprintf(row, sizeof row, "| `%s` | ", laws[i].name);
        const char *line = strstr(text, row);
        const char *page = laws[i].page ? laws[i].page : "the method's own page";
        if (fixture_check(line != NULL, laws[i].name, "row", NULL)) {
            fixture_check(line_has(line, laws[i].rule), laws[i].name, "rule", laws[i].rule);
            fixture_check(line_has(line, laws[i].level), laws[i].name, "level", laws[i].level);
            fixture_check(line_has(line, laws[i].basis), laws[i].name, "basis", laws[i].basis);
            fixture_check(line_has(line, page), laws[i].name, "page", page);
        }
    }
    free(text);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"rows", test_rows},   {"bad events", test_bad_events},
        {"names", test_names}, {"page of the laws", test_page_of_laws},
        CU_TEST_INFO_NULL,
    };
    return cu_run("judge: verdicts", tests);
}
