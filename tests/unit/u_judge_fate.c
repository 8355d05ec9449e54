/* What becomes of a mutant, by the verdicts of its cases. */
#include "../../runner/judge/mutant_fate.h"
#include "cu_run.h"

#include <stdio.h>

static struct mutant_case one(bool own, enum verdict base, enum verdict verdict)
{
    return (struct mutant_case){.own = own, .ran = true, .base = base, .verdict = verdict};
}

/* Only what an implementation did wrong kills, and only where it did not do so before. */
static void test_kills(void)
{
    static const bool kills[] = {
        [VERDICT_PASS] = false,           [VERDICT_FAIL] = true,
        [VERDICT_CRASH] = true,           [VERDICT_HANG] = true,
        [VERDICT_NOT_IMPLEMENTED] = true, [VERDICT_INCONCLUSIVE] = false,
        [VERDICT_SKIP] = false,           [VERDICT_RECORDED] = false,
        [VERDICT_ERROR] = false,
    };
    for (unsigned base = VERDICT_PASS; base <= VERDICT_ERROR; base++) {
        for (unsigned now = VERDICT_PASS; now <= VERDICT_ERROR; now++) {
            const struct mutant_case tried = one(true, (enum verdict)base, (enum verdict)now);
            CU_ASSERT_EQUAL(mutant_case_kills(&tried), base == VERDICT_PASS && kills[now]);
        }
    }
    struct mutant_case unrun = one(true, VERDICT_PASS, VERDICT_FAIL);
    unrun.ran = false;
    CU_ASSERT_FALSE(mutant_case_kills(&unrun));
}

static enum mutant_fate fate(struct mutant_case *cases, size_t count, const char *problem)
{
    char text[20];
    snprintf(text, sizeof text, "%s", problem ? problem : "");
    const struct mutant_result result = {
        .count = count, .cases = cases, .problem = problem ? text : NULL};
    return mutant_fate_of(&result);
}

static void test_fates(void)
{
    struct mutant_case cases[] = {one(true, VERDICT_PASS, VERDICT_PASS),
                                  one(true, VERDICT_PASS, VERDICT_INCONCLUSIVE),
                                  one(false, VERDICT_PASS, VERDICT_FAIL)};
    CU_ASSERT_EQUAL(fate(cases, 1, NULL), FATE_SURVIVED);
    CU_ASSERT_EQUAL(fate(cases, 2, NULL), FATE_SURVIVED);
    CU_ASSERT_EQUAL(fate(&cases[1], 1, NULL), FATE_UNREACHED);
    CU_ASSERT_EQUAL(fate(cases, 3, NULL), FATE_ELSEWHERE);
    CU_ASSERT_EQUAL(fate(cases, 3, "why"), FATE_NOT_LOADED);
    CU_ASSERT_EQUAL(fate(cases, 0, NULL), FATE_UNREACHED);
    cases[1].verdict = VERDICT_HANG;
    CU_ASSERT_EQUAL(fate(cases, 3, NULL), FATE_KILLED);
    cases[1].ran = false;
    CU_ASSERT_EQUAL(fate(&cases[1], 1, NULL), FATE_UNREACHED);
}

static void test_words(void)
{
    for (unsigned i = 0; i < FATE_COUNT; i++) {
        CU_ASSERT_PTR_NOT_NULL(mutant_fate_name((enum mutant_fate)i));
        CU_ASSERT_PTR_NOT_NULL(mutant_fate_text((enum mutant_fate)i));
        CU_ASSERT_EQUAL(mutant_fate_is_bad((enum mutant_fate)i),
                        i != FATE_KILLED && i != FATE_SKIPPED);
    }
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"what kills", test_kills},
        {"fates", test_fates},
        {"words", test_words},
        CU_TEST_INFO_NULL,
    };
    return cu_run("judge: fate of a mutant", tests);
}
