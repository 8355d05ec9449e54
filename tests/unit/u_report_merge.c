/* Joining the logs of parts: what belongs together, what is copied and under which numbers, what is
 * missing. */
#include "../../runner/report/merge.h"
#include "cu_run.h"
#include <string.h>

/* Five cases: the first part of two has 0, 2 and 4, the second 1 and 3. */
static struct test_case cases[] = {
    {.id = "s/0"}, {.id = "s/1"}, {.id = "s/2"}, {.id = "s/3"}, {.id = "s/4"}};
#define CASES (sizeof cases / sizeof cases[0])
static struct plan_case planned[CASES];
static struct plan_case *by_id[CASES];
static struct plan plan = {.count = CASES, .cases = planned, .by_id = by_id};

static json_t *event(const char *text)
{
    json_t *made = json_loads(text, 0, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(made);
    return made;
}

static json_t *header(const char *shard, int selected, const char *started)
{
    return json_pack("{s:s, s:i, s:{s:s}, s:{s:s, s:i}, s:i, s:s}", "e", "header", "t", 0, "iut",
                     "sha256", "ab", "options", "shard", shard, "repeat", 1, "selected", selected,
                     "started", started);
}

struct two {
    json_t *headers[2];
    struct merge merge;
    struct cts_error err;
};

static enum cts_status begin(struct two *two, json_t *first, json_t *second)
{
    static const char *const paths[] = {"a", "b"};
    const json_t *headers[] = {first, second};
    memset(two, 0, sizeof *two);
    two->headers[0] = first;
    two->headers[1] = second;
    for (size_t i = 0; i < CASES; i++) {
        planned[i].test = &cases[i];
        by_id[i] = &planned[i];
    }
    enum cts_status status =
        merge_new(&two->merge, (const char *[]){paths[0], paths[1]}, headers, 2, &two->err);
    return status == CTS_OK ? merge_plan(&two->merge, &plan, &two->err) : status;
}

static void end(struct two *two)
{
    merge_free(&two->merge);
    json_decref(two->headers[0]);
    json_decref(two->headers[1]);
}

static enum cts_status note(struct two *two, size_t log, const char *text)
{
    json_t *made = event(text);
    const enum cts_status status = merge_note(&two->merge, &two->merge.logs[log], made, &two->err);
    json_decref(made);
    return status;
}

/* What becomes of an event in the joined log: its text, "" where it is left out. */
static const char *copied(struct two *two, size_t log, const char *text)
{
    static char line[512];
    json_t *made = event(text), *out = NULL;
    CU_ASSERT_TRUE(merge_event(&two->merge, &two->merge.logs[log], made, &out));
    char *dumped = out != NULL ? json_dumps(out, JSON_COMPACT) : NULL;
    snprintf(line, sizeof line, "%s", dumped != NULL ? dumped : "");
    free(dumped);
    json_decref(out);
    json_decref(made);
    return line;
}

/* Case 0 is broken off, goes on, and ends; then comes case 2, case 4 is skipped. */
static const char *const first_part[][2] = {
    {"{\"e\":\"header\",\"t\":0}", ""},
    {"{\"e\":\"worker\",\"t\":1,\"worker\":1}", "{\"e\":\"worker\",\"t\":1,\"worker\":1}"},
    {"{\"e\":\"skip\",\"t\":1,\"case\":\"s/4\"}", "{\"e\":\"skip\",\"t\":1,\"case\":\"s/4\"}"},
    {"{\"e\":\"begin\",\"t\":2,\"run\":1,\"case\":\"s/0\",\"attempt\":1,\"worker\":1}", ""},
    {"{\"e\":\"step\",\"t\":3,\"run\":1}", ""},
    {"{\"e\":\"footer\",\"t\":3,\"complete\":true,\"interrupted\":false}", ""},
    {"{\"e\":\"resume\",\"t\":4}", ""},
    {"{\"e\":\"begin\",\"t\":5,\"run\":2,\"case\":\"s/0\",\"attempt\":1,\"worker\":2}",
     "{\"e\":\"begin\",\"t\":5,\"run\":1,\"case\":\"s/0\",\"attempt\":1,\"worker\":2}"},
    {"{\"e\":\"begin\",\"t\":5,\"run\":3,\"case\":\"s/2\",\"attempt\":1,\"worker\":3}",
     "{\"e\":\"begin\",\"t\":5,\"run\":2,\"case\":\"s/2\",\"attempt\":1,\"worker\":3}"},
    {"{\"e\":\"end\",\"t\":6,\"run\":3,\"how\":\"done\"}",
     "{\"e\":\"end\",\"t\":6,\"run\":2,\"how\":\"done\"}"},
    {"{\"e\":\"end\",\"t\":7,\"run\":2,\"how\":\"crash\"}",
     "{\"e\":\"end\",\"t\":7,\"run\":1,\"how\":\"crash\"}"},
};
/* Case 1 ends, case 3 is interrupted. */
static const char *const second_part[][2] = {
    {"{\"e\":\"begin\",\"t\":1,\"run\":1,\"case\":\"s/1\",\"attempt\":1,\"worker\":1}",
     "{\"e\":\"begin\",\"t\":8,\"run\":3,\"case\":\"s/1\",\"attempt\":1,\"worker\":4}"},
    {"{\"e\":\"end\",\"t\":2,\"run\":1,\"how\":\"done\"}",
     "{\"e\":\"end\",\"t\":9,\"run\":3,\"how\":\"done\"}"},
    {"{\"e\":\"begin\",\"t\":3,\"run\":2,\"case\":\"s/3\",\"attempt\":1,\"worker\":1}", ""},
    {"{\"e\":\"end\",\"t\":3,\"run\":2,\"how\":\"interrupted\"}", ""},
};
#define OVER "{\"e\":\"footer\",\"t\":7,\"complete\":true,\"interrupted\":false}"

static void note_all(struct two *two)
{
    for (size_t i = 0; i < sizeof first_part / sizeof first_part[0]; i++) {
        CU_ASSERT_EQUAL(note(two, 0, first_part[i][0]), CTS_OK);
    }
    for (size_t i = 0; i < sizeof second_part / sizeof second_part[0]; i++) {
        CU_ASSERT_EQUAL(note(two, 1, second_part[i][0]), CTS_OK);
    }
}

static void test_events(void)
{
    struct two two;
    CU_ASSERT_EQUAL_FATAL(begin(&two, header("1/2", 3, "x"), header("2/2", 2, "x")), CTS_OK);
    note_all(&two);
    for (size_t i = 0; i < sizeof first_part / sizeof first_part[0]; i++) {
        CU_ASSERT_STRING_EQUAL(copied(&two, 0, first_part[i][0]), first_part[i][1]);
    }
    merge_next(&two.merge, &two.merge.logs[0]);
    for (size_t i = 0; i < sizeof second_part / sizeof second_part[0]; i++) {
        CU_ASSERT_STRING_EQUAL(copied(&two, 1, second_part[i][0]), second_part[i][1]);
    }
    /* Written since it was noted: the part still runs. */
    CU_ASSERT_STRING_EQUAL(copied(&two, 1, "{\"e\":\"worker\",\"t\":9,\"worker\":9}"), "");
    merge_next(&two.merge, &two.merge.logs[1]);

    json_t *footer = merge_footer(&two.merge);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(footer, "executions")), 3);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(footer, "t")), 10);
    json_decref(footer);
    end(&two);
}

static void test_missing(void)
{
    struct two two;
    struct str_buf text;
    CU_ASSERT_EQUAL_FATAL(begin(&two, header("1/2", 3, "x"), header("2/2", 2, "x")), CTS_OK);
    note_all(&two);
    sb_init(&text, 1000);
    CU_ASSERT_EQUAL(merge_missing(&two.merge, &text), 1);
    CU_ASSERT_STRING_EQUAL(sb_text(&text),
                           "part 1/2 was broken off: 0 cases outstanding; a\n"
                           "part 2/2 was broken off: 1 cases outstanding (s/3); b\n");
    CU_ASSERT_FALSE(merge_over(&two.merge));

    CU_ASSERT_EQUAL(note(&two, 0, OVER), CTS_OK);
    CU_ASSERT_EQUAL(note(&two, 1, OVER), CTS_OK);
    CU_ASSERT_FALSE(merge_over(&two.merge)); /* whatever the footer says */
    CU_ASSERT_EQUAL(note(&two, 1, "{\"e\":\"resume\",\"t\":7}"), CTS_OK);
    CU_ASSERT_EQUAL(
        note(&two, 1, "{\"e\":\"begin\",\"t\":7,\"run\":3,\"case\":\"s/3\",\"attempt\":1}"),
        CTS_OK);
    CU_ASSERT_EQUAL(note(&two, 1, "{\"e\":\"end\",\"t\":7,\"run\":3,\"how\":\"done\"}"), CTS_OK);
    CU_ASSERT_FALSE(merge_over(&two.merge));
    CU_ASSERT_EQUAL(note(&two, 1, OVER), CTS_OK);
    CU_ASSERT_TRUE(merge_over(&two.merge));
    sb_clear(&text);
    CU_ASSERT_EQUAL(merge_missing(&two.merge, &text), 0);
    CU_ASSERT_STRING_EQUAL(sb_text(&text), "");
    sb_free(&text);
    end(&two);
}

static void test_header(void)
{
    struct two two;
    /* The second part is given first, and began earlier. */
    CU_ASSERT_EQUAL_FATAL(begin(&two, header("2/2", 2, "2026-01-01T00:00:00Z"),
                                header("1/2", 3, "2026-01-02T00:00:00Z")),
                          CTS_OK);
    CU_ASSERT_STRING_EQUAL(two.merge.logs[0].path, "b");
    json_t *made = merge_header(&two.merge);
    json_t *expected = header("1/2", 5, "2026-01-01T00:00:00Z");
    json_object_del(json_object_get(expected, "options"), "shard");
    CU_ASSERT_TRUE(json_equal(made, expected));
    json_decref(expected);
    json_decref(made);
    end(&two);
}

static void test_refused(void)
{
    static const char *const wrong[] = {
        "{\"e\":\"skip\",\"t\":0,\"case\":\"s/1\"}",
        "{\"e\":\"begin\",\"t\":0,\"run\":1,\"case\":\"s/9\",\"attempt\":1}",
        "{\"e\":\"begin\",\"t\":0,\"run\":2,\"case\":\"s/0\",\"attempt\":1}",
        "{\"e\":\"begin\",\"t\":0,\"case\":\"s/0\",\"attempt\":1}",
        "{\"e\":\"end\",\"t\":0,\"run\":1,\"how\":\"done\"}",
        "{\"e\":\"step\",\"t\":0,\"run\":\"1\"}",
        "{\"e\":\"slow\",\"t\":9223372036854775807}",
        "{\"e\":\"worker\",\"t\":0,\"worker\":-1}",
        "{\"t\":0}",
    };
    struct two two;
    CU_ASSERT_EQUAL_FATAL(begin(&two, header("1/2", 3, "x"), header("2/2", 2, "x")), CTS_OK);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        CU_ASSERT_EQUAL(note(&two, 0, wrong[i]), CTS_BAD_FILE);
    }
    end(&two);

    CU_ASSERT_EQUAL(begin(&two, header("1/2", 3, "x"), header("1/2", 3, "x")), CTS_USAGE);
    end(&two);
    CU_ASSERT_EQUAL(begin(&two, header("1/2", 3, "x"), header("2/3", 2, "x")), CTS_USAGE);
    end(&two);
    CU_ASSERT_EQUAL(begin(&two, header("1/2", 3, "x"), header("2/2", 3, "x")), CTS_BAD_FILE);
    end(&two);
}

int main(void)
{
    CU_TestInfo tests[] = {{"events", test_events},
                           {"what is missing", test_missing},
                           {"header", test_header},
                           {"refused", test_refused},
                           CU_TEST_INFO_NULL};
    return cu_run("report_merge", tests);
}
