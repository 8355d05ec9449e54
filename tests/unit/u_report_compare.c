/* Two runs held against each other, case by case. */
#include "../../runner/report/compare.h"
#include "cu_run.h"
#include "u_report_fixture.h"

/* Two runs of the same cases, and the matrix of them. */
struct two {
    struct fixture runs[2];
    struct report reports[2];
    struct matrix matrix;
    struct comparison comparison;
};

static void two_make(struct two *two)
{
    memset(two, 0, sizeof *two);
    fixture_make(&two->runs[0]);
    fixture_make(&two->runs[1]);
}

static void two_compare(struct two *two)
{
    struct cts_error err = {0};
    two->reports[0] = two->runs[0].report;
    two->reports[1] = two->runs[1].report;
    CU_ASSERT_EQUAL_FATAL(matrix_make(&two->matrix, two->reports, 2, &err), CTS_OK);
    compare_make(&two->comparison, &two->matrix, NULL);
}

static void two_free(struct two *two)
{
    matrix_free(&two->matrix);
    fixture_free(&two->runs[0]);
    fixture_free(&two->runs[1]);
}

/* Gives a case of the new run other events, from those that it has. */
static void set_events(struct two *two, size_t at, json_t *events)
{
    struct case_verdict *verdict = &two->runs[COMPARE_NEW].verdicts[at];
    CU_ASSERT_PTR_NOT_NULL_FATAL(events);
    json_decref(verdict->events);
    verdict->events = events;
}

static enum difference difference_of(const struct two *two, size_t at)
{
    return compare_row(&two->matrix.rows[at]);
}

static void test_same(void)
{
    struct two two;
    two_make(&two);
    json_object_set_new(json_array_get(two.runs[COMPARE_NEW].verdicts[F_FAIL].events, 1), "us",
                        json_integer(1234));
    two.runs[COMPARE_NEW].verdicts[F_PASS].us = 77;
    two_compare(&two);
    CU_ASSERT_EQUAL(two.matrix.count, F_COUNT);
    CU_ASSERT_EQUAL(two.matrix.differing, 0);
    CU_ASSERT_EQUAL(two.comparison.flakes, 1);
    CU_ASSERT_EQUAL(compare_status(&two.comparison), CTS_OK);
    CU_ASSERT_EQUAL(difference_of(&two, F_FAIL), DIFFERENCE_COUNT);
    two_free(&two);
}

static void test_kinds(void)
{
    struct two two;
    two_make(&two);
    struct case_verdict *const now = two.runs[COMPARE_NEW].verdicts;
    now[F_CRASH].verdict = VERDICT_PASS;
    now[F_PASS].verdict = VERDICT_FAIL;
    now[F_QUESTION].outcome = (char *)(uintptr_t) "S_OK once";
    now[F_SKIP].reason = (char *)(uintptr_t) "needs writers"; /* the verdict alone counts */
    now[F_KNOWN].reason = (char *)(uintptr_t) "E_FAIL";
    now[F_FLAKE].outcome = (char *)(uintptr_t) "anything";
    two.runs[COMPARE_NEW].run.count--;
    two_compare(&two);
    static const enum difference wanted[F_COUNT] = {
        [F_CRASH] = DIFFERENCE_FIX,       [F_FAIL] = DIFFERENCE_COUNT,
        [F_FLAKE] = DIFFERENCE_COUNT,     [F_KNOWN] = DIFFERENCE_CHANGED,
        [F_PASS] = DIFFERENCE_REGRESSION, [F_QUESTION] = DIFFERENCE_ANSWER,
        [F_SKIP] = DIFFERENCE_COUNT,      [F_BETTER] = DIFFERENCE_GONE,
    };
    for (size_t i = 0; i < F_COUNT; i++) {
        CU_ASSERT_EQUAL(difference_of(&two, i), wanted[i]);
    }
    CU_ASSERT_EQUAL(two.comparison.by[DIFFERENCE_REGRESSION], 1);
    CU_ASSERT_EQUAL(two.matrix.differing, 5);
    CU_ASSERT_EQUAL(compare_status(&two.comparison), CTS_REGRESSED);
    CU_ASSERT_EQUAL(cts_exit_code(CTS_REGRESSED), 11);
    two.comparison.by[DIFFERENCE_REGRESSION] = 0;
    CU_ASSERT_EQUAL(compare_status(&two.comparison), CTS_CHANGED);
    CU_ASSERT_EQUAL(cts_exit_code(CTS_CHANGED), 10);
    two_free(&two);
}

/* What became of a flake is its verdict: an always failing one is no pass any more. */
static void test_flake_that_fails(void)
{
    struct two two;
    two_make(&two);
    two.runs[COMPARE_NEW].verdicts[F_FLAKE].last = VERDICT_FAIL;
    two_compare(&two);
    CU_ASSERT_EQUAL(difference_of(&two, F_FLAKE), DIFFERENCE_REGRESSION);
    CU_ASSERT_EQUAL(matrix_letter(&two.matrix.rows[F_FLAKE].cells[COMPARE_OLD]), '.');
    CU_ASSERT_EQUAL(matrix_letter(&two.matrix.rows[F_FLAKE].cells[COMPARE_NEW]), 'F');
    two_free(&two);
}

static void test_race(void)
{
    static const char *tags[] = {"race"};
    struct two two;
    two_make(&two);
    two.runs[COMPARE_NEW].verdicts[F_QUESTION].outcome = (char *)(uintptr_t) "S_OK once";
    f_cases[F_QUESTION].tags = (struct string_list){1, tags};
    two_compare(&two);
    CU_ASSERT_EQUAL(difference_of(&two, F_QUESTION), DIFFERENCE_COUNT);
    f_cases[F_QUESTION].tags = (struct string_list){0};
    two_free(&two);
}

static void pairs_of(const struct two *two, size_t at, struct answer_pairs *pairs)
{
    const struct matrix_row *row = &two->matrix.rows[at];
    const struct side left = matrix_side(&two->matrix, row, COMPARE_OLD);
    const struct side right = matrix_side(&two->matrix, row, COMPARE_NEW);
    CU_ASSERT_FATAL(answers_pair(&left, &right, pairs));
}

static json_int_t s_of(const json_t *step)
{
    return step != NULL ? json_integer_value(json_object_get(step, "s")) : -99;
}

/* The steps are paired by their numbers from the first one that differs. */
static void test_pairs(void)
{
    struct two two;
    struct answer_pairs pairs;
    two_make(&two);
    json_t *events = json_deep_copy(two.runs[COMPARE_NEW].verdicts[F_FAIL].events);
    json_array_remove(events, 2); /* the step 1 was not made */
    set_events(&two, F_FAIL, events);
    two_compare(&two);
    CU_ASSERT_EQUAL(difference_of(&two, F_FAIL), DIFFERENCE_CHANGED);
    pairs_of(&two, F_FAIL, &pairs);
    CU_ASSERT_EQUAL(pairs.before, 1);
    CU_ASSERT_EQUAL_FATAL(pairs.count, 3); /* step 1, and two of the teardown */
    CU_ASSERT_EQUAL(s_of(pairs.items[0].a), 1);
    CU_ASSERT_PTR_NULL(pairs.items[0].b);
    CU_ASSERT_FALSE(pairs.items[0].same);
    CU_ASSERT_EQUAL(s_of(pairs.items[1].a), -1);
    CU_ASSERT(pairs.items[1].same && pairs.items[2].same);
    answers_free(&pairs);
    two_free(&two);
}

static void test_facts(void)
{
    struct two two;
    struct answer_pairs pairs;
    struct compare_facts facts;
    two_make(&two);
    json_t *events = json_deep_copy(two.runs[COMPARE_NEW].verdicts[F_FAIL].events);
    json_object_set_new(json_array_get(events, 1), "hr", json_string("0x00000000"));
    json_object_set_new(json_array_get(events, 5), "code", json_string("0xC0000094"));
    set_events(&two, F_FAIL, events);
    two_compare(&two);
    pairs_of(&two, F_FAIL, &pairs);
    CU_ASSERT_EQUAL(pairs.before, 0);
    compare_facts(&two.matrix.rows[F_FAIL], &pairs, &facts);
    CU_ASSERT_EQUAL_FATAL(facts.count, 2);
    CU_ASSERT_STRING_EQUAL(facts.items[0].old_text, "VSS_E_BAD_STATE (0x80042301); pp = {obj:1}");
    CU_ASSERT_STRING_EQUAL(facts.items[0].new_text, "S_OK (0x00000000); pp = {obj:1}");
    CU_ASSERT_STRING_EQUAL(facts.items[1].what, "end");
    CU_ASSERT_STRING_EQUAL(facts.items[1].new_text, "crash: 0xC0000094 x.dll 0x10");
    compare_facts_free(&facts);
    answers_free(&pairs);
    two_free(&two);
}

/* Every call gave the same, and the next one crashed elsewhere. */
static void test_another_crash(void)
{
    struct two two;
    struct answer_pairs pairs;
    struct compare_facts facts;
    two_make(&two);
    json_t *events = json_deep_copy(two.runs[COMPARE_NEW].verdicts[F_FAIL].events);
    json_object_set_new(json_array_get(events, 5), "module", json_string("y.dll"));
    set_events(&two, F_FAIL, events);
    two_compare(&two);
    CU_ASSERT_EQUAL(difference_of(&two, F_FAIL), DIFFERENCE_CHANGED);
    pairs_of(&two, F_FAIL, &pairs);
    CU_ASSERT_EQUAL(pairs.count, 0);
    compare_facts(&two.matrix.rows[F_FAIL], &pairs, &facts);
    CU_ASSERT_EQUAL_FATAL(facts.count, 1);
    CU_ASSERT_STRING_EQUAL(facts.items[0].old_text, "crash: 0xC0000005 x.dll 0x10");
    CU_ASSERT_STRING_EQUAL(facts.items[0].new_text, "crash: 0xC0000005 y.dll 0x10");
    compare_facts_free(&facts);
    answers_free(&pairs);
    two_free(&two);
}

/* Of long texts the place is told where they differ, and no character is cut in two. */
static void test_long_texts(void)
{
    enum { LENGTH = 1200 };
    static char before[2 * LENGTH + 2], after[2 * LENGTH + 2];
    struct two two;
    struct answer_pairs pairs;
    struct compare_facts facts;
    for (size_t i = 0; i < LENGTH; i++) {
        memcpy(before + 2 * i, "\xC3\xA4", 2);
    }
    memcpy(after, before, sizeof before);
    after[1600] = 'x';
    after[1601] = 'y';
    two_make(&two);
    two.runs[COMPARE_OLD].verdicts[F_QUESTION].outcome = before;
    two.runs[COMPARE_NEW].verdicts[F_QUESTION].outcome = after;
    two_compare(&two);
    pairs_of(&two, F_QUESTION, &pairs);
    compare_facts(&two.matrix.rows[F_QUESTION], &pairs, &facts);
    CU_ASSERT_EQUAL_FATAL(facts.count, 1);
    const char *text = facts.items[0].new_text;
    CU_ASSERT(strlen(text) < 260);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "xy"));
    CU_ASSERT_EQUAL(strncmp(text, "...\xC3\xA4", 5), 0);
    CU_ASSERT_STRING_EQUAL(text + strlen(text) - 5, "\xC3\xA4...");
    compare_facts_free(&facts);
    answers_free(&pairs);
    two_free(&two);
}

static void test_refused(void)
{
    struct two two;
    struct str_buf why;
    two_make(&two);
    sb_init(&why, 1000);
    CU_ASSERT_FALSE(matrix_refused(&two.runs[0].run, &two.runs[1].run, &why));
    CU_ASSERT_EQUAL(why.len, 0);
    json_object_set_new(json_object_get(two.runs[1].run.header, "profile"), "name",
                        json_string("another"));
    CU_ASSERT_FALSE(matrix_refused(&two.runs[0].run, &two.runs[1].run, &why));
    two.runs[1].run.outstanding = 3;
    CU_ASSERT(matrix_refused(&two.runs[0].run, &two.runs[1].run, &why));
    CU_ASSERT_STRING_EQUAL(sb_text(&why), "a run was broken off: 3 cases are outstanding");
    sb_clear(&why);
    json_object_set_new(json_object_get(two.runs[1].run.header, "suite"), "tables",
                        json_string("11"));
    CU_ASSERT(matrix_refused(&two.runs[0].run, &two.runs[1].run, &why));
    CU_ASSERT_STRING_EQUAL(sb_text(&why), "the tables differ: 00 and 11");
    sb_free(&why);
    two_free(&two);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"same", test_same},
        {"kinds", test_kinds},
        {"flake that fails", test_flake_that_fails},
        {"race", test_race},
        {"pairs", test_pairs},
        {"facts", test_facts},
        {"another crash", test_another_crash},
        {"long texts", test_long_texts},
        {"refused", test_refused},
        CU_TEST_INFO_NULL,
    };
    return cu_run("u_report_compare", tests);
}
