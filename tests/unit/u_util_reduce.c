#include "../../runner/util/reduce.h"
#include "cu_run.h"

#define MOST 3000

/* It is shown where all of `wanted` are there. */
struct riddle {
    const size_t *wanted;
    size_t wanted_count;
    unsigned asked, stop_at;
    bool ordered;
};

static enum reduce_answer ask(void *context, const size_t *items, size_t count)
{
    struct riddle *riddle = context;
    size_t found = 0;
    riddle->asked++;
    if (riddle->asked == riddle->stop_at) {
        return REDUCE_STOP;
    }
    for (size_t i = 0; i < count; i++) {
        riddle->ordered = riddle->ordered && (i == 0 || items[i - 1] < items[i]);
        for (size_t k = 0; k < riddle->wanted_count; k++) {
            found += items[i] == riddle->wanted[k];
        }
    }
    return found == riddle->wanted_count ? REDUCE_SHOWN : REDUCE_NOT_SHOWN;
}

static size_t items[MOST], spare[MOST], count;

static bool reduced(struct riddle *riddle, size_t of)
{
    count = of;
    for (size_t i = 0; i < of; i++) {
        items[i] = i;
    }
    riddle->ordered = true;
    return reduce_items(items, &count, spare, ask, riddle);
}

static void test_one(void)
{
    for (size_t wanted = 0; wanted < MOST; wanted += 37) {
        struct riddle riddle = {.wanted = &wanted, .wanted_count = 1};
        CU_ASSERT_TRUE(reduced(&riddle, MOST));
        CU_ASSERT_EQUAL(count, 1);
        CU_ASSERT_EQUAL(items[0], wanted);
        CU_ASSERT_TRUE(riddle.ordered);
        CU_ASSERT(riddle.asked <= 24); /* twice the logarithm */
    }
}

static void test_several(void)
{
    static const size_t pairs[][2] = {{0, 1}, {0, MOST - 1}, {700, 2100}, {1499, 1500}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct riddle riddle = {.wanted = pairs[i], .wanted_count = 2};
        CU_ASSERT_TRUE(reduced(&riddle, MOST));
        CU_ASSERT_EQUAL(count, 2);
        CU_ASSERT(items[0] == pairs[i][0] && items[1] == pairs[i][1]);
        CU_ASSERT(riddle.asked <= 200);
    }
    static const size_t all[] = {0, 1, 2, 3, 4};
    struct riddle riddle = {.wanted = all, .wanted_count = 5};
    CU_ASSERT_TRUE(reduced(&riddle, 5));
    CU_ASSERT_EQUAL(count, 5);
}

static void test_few(void)
{
    const size_t wanted = 0;
    struct riddle riddle = {.wanted = &wanted, .wanted_count = 1};
    CU_ASSERT_TRUE(reduced(&riddle, 1));
    CU_ASSERT_EQUAL(count, 1);
    CU_ASSERT_EQUAL(riddle.asked, 0); /* it is known to show it */
    CU_ASSERT_TRUE(reduced(&riddle, 2));
    CU_ASSERT_EQUAL(count, 1);
    CU_ASSERT_TRUE(reduced(&riddle, 0));
}

static void test_stop(void)
{
    const size_t wanted = 1;
    struct riddle riddle = {.wanted = &wanted, .wanted_count = 1, .stop_at = 4};
    CU_ASSERT_FALSE(reduced(&riddle, 1000));
    CU_ASSERT_EQUAL(count, 500); /* what had shown it when it was stopped */
    CU_ASSERT_EQUAL(items[1], 1);
}

static CU_TestInfo tests[] = {
    {"one", test_one},   {"several", test_several}, {"few", test_few},
    {"stop", test_stop}, CU_TEST_INFO_NULL,
};

int main(void)
{
    return cu_run("util reduce", tests);
}
