/* Who runs what: order, parallel workers, exclusive and fresh cases, repeats, retries, skips. */
#include "u_engine_fixture.h"

#define MANY 40
static char ids[MANY][16];
static struct fx_case many[MANY];

static void fill_many(const char *orders)
{
    memset(many, 0, sizeof many);
    for (int i = 0; i < MANY; i++) {
        snprintf(ids[i], sizeof ids[i], "c%d", i);
        many[i].id = ids[i];
        many[i].orders = orders;
    }
}

/* The most executions that ran at once, of cases that `counts` says count. */
static int most_at_once(const struct fx *fx, bool (*counts)(const struct test_case *test))
{
    bool counted[4 * MANY] = {false};
    int now = 0, most = 0;
    size_t i = 0;
    const json_t *event = NULL;
    json_array_foreach(fx->events, i, event)
    {
        json_int_t run = fx_number(event, "run");
        if (strcmp(fx_text(event, "e"), "begin") == 0) {
            for (size_t j = 0; j < fx->plan.count; j++) {
                counted[run] |= strcmp(fx->tests[j].id, fx_text(event, "case")) == 0 &&
                                (!counts || counts(&fx->tests[j]));
            }
            now += counted[run];
        } else if (strcmp(fx_text(event, "e"), "end") == 0) {
            now -= counted[run];
        }
        most = now > most ? now : most;
    }
    return most;
}

static bool is_exclusive(const struct test_case *test)
{
    return test->exclusive;
}

/* Workers that ran at least one execution. */
static size_t workers_used(const struct fx *fx)
{
    size_t used = 0;
    for (json_int_t worker = 1; worker < 500; worker++) {
        used += fx_find(fx, "begin", "worker", NULL, worker, 0) != NULL;
    }
    return used;
}

static void test_order(void)
{
    fill_many("step 0");
    many[3].fresh = many[7].exclusive = many[8].exclusive = many[8].fresh = true;
    struct fx *fx = fx_new(many, MANY);
    fx_run(fx);
    CU_ASSERT_EQUAL(fx->status, CTS_OK);
    for (int i = 0; i < MANY; i++) {
        const json_t *begin = fx_find(fx, "begin", "run", NULL, i + 1, 0);
        CU_ASSERT_STRING_EQUAL(fx_text(begin, "case"), ids[i]);
        CU_ASSERT_EQUAL(json_is_true(json_object_get(begin, "fresh")), i == 3 || i == 8);
    }
    CU_ASSERT_EQUAL(most_at_once(fx, NULL), 1);
    fx_free(fx);
}

static void test_parallel(void)
{
    fill_many("step 0;sleep 20");
    struct fx *fx = fx_new(many, MANY);
    fx->options.jobs = 4;
    fx_run(fx);
    CU_ASSERT_EQUAL(fx->status, CTS_OK);
    CU_ASSERT_EQUAL(fx->result.executions, MANY);
    CU_ASSERT_EQUAL(most_at_once(fx, NULL), 4);
    CU_ASSERT_EQUAL(workers_used(fx), 4);
    CU_ASSERT_EQUAL(fx_count(fx, "worker", "what", "started"), 5); /* and one warm */
    CU_ASSERT_EQUAL(fx_count(fx, "worker", "what", "ended"), 5);
    fx_free(fx);
}

static void test_exclusive(void)
{
    fill_many("step 0;sleep 5");
    for (int i = 0; i < MANY; i += 2) {
        many[i].exclusive = true;
    }
    struct fx *fx = fx_new(many, MANY);
    fx->options.jobs = 4;
    fx_run(fx);
    CU_ASSERT_EQUAL(fx->result.executions, MANY);
    CU_ASSERT_EQUAL(most_at_once(fx, is_exclusive), 1);
    CU_ASSERT_TRUE(most_at_once(fx, NULL) > 1);
    fx_free(fx);
}

/* The number of executions that the worker of this begin had before. */
static size_t ran_before(const struct fx *fx, const json_t *begin)
{
    size_t n = 0;
    const json_t *other = NULL;
    size_t before = 0;
    while ((other = fx_find(fx, "begin", "worker", NULL, fx_number(begin, "worker"), n++))) {
        before += fx_number(other, "run") < fx_number(begin, "run");
    }
    return before;
}

static void test_fresh(void)
{
    fill_many("step 0");
    for (int i = 0; i < MANY; i += 3) {
        many[i].fresh = true;
    }
    for (unsigned jobs = 1; jobs <= 3; jobs++) {
        struct fx *fx = fx_new(many, MANY);
        fx->options.jobs = jobs;
        fx_run(fx);
        CU_ASSERT_EQUAL(fx->result.executions, MANY);
        for (int i = 0; i < MANY; i += 3) {
            const json_t *begin = fx_find(fx, "begin", "case", ids[i], 0, 0);
            CU_ASSERT_EQUAL(ran_before(fx, begin), 0);
            /* Nor does it run anything afterwards. */
            CU_ASSERT_PTR_NULL(fx_find(fx, "begin", "worker", NULL, fx_number(begin, "worker"), 1));
        }
        fx_free(fx);
    }
}

static void test_isolate(void)
{
    fill_many("step 0");
    struct fx *fx = fx_new(many, MANY);
    fx->options.jobs = 2;
    fx->options.isolate = true;
    fx_run(fx);
    CU_ASSERT_EQUAL(fx->result.executions, MANY);
    CU_ASSERT_EQUAL(workers_used(fx), MANY);
    fx_free(fx);
}

static void test_repeat(void)
{
    fill_many("step 0");
    struct fx *fx = fx_new(many, 3);
    fx->options.repeat = 5;
    fx_run(fx);
    CU_ASSERT_EQUAL(fx->result.executions, 15);
    for (int i = 0; i < 15; i++) {
        const json_t *begin = fx_find(fx, "begin", "run", NULL, i + 1, 0);
        CU_ASSERT_STRING_EQUAL(fx_text(begin, "case"), ids[i % 3]);
        CU_ASSERT_EQUAL(fx_number(begin, "attempt"), 1);
    }
    CU_ASSERT_EQUAL(fx_number(fx_find(fx, "footer", NULL, NULL, 0, 0), "cases"), 3);
    fx_free(fx);
}

static void test_again(void)
{
    fill_many("step 0;step 1");
    struct fx *fx = fx_new(many, 4);
    fx->options.no_retry = false;
    fx->again_mask = 1u << 1 | 1u << 3;
    fx_run(fx);
    CU_ASSERT_EQUAL(fx->status, CTS_OK);
    CU_ASSERT_EQUAL(fx->result.executions, 6);
    CU_ASSERT_EQUAL(fx->asked, 4);
    CU_ASSERT_EQUAL(fx->asked_events, 4); /* begin, two steps, end */
    for (int i = 1; i < 4; i += 2) {
        const json_t *first = fx_find(fx, "begin", "case", ids[i], 0, 0);
        const json_t *second = fx_find(fx, "begin", "case", ids[i], 0, 1);
        CU_ASSERT_EQUAL(fx_number(first, "attempt"), 1);
        CU_ASSERT_EQUAL(fx_number(second, "attempt"), 2);
        CU_ASSERT_TRUE(json_is_true(json_object_get(second, "fresh")));
        CU_ASSERT_EQUAL(ran_before(fx, second), 0);
        CU_ASSERT_PTR_NULL(fx_find(fx, "begin", "case", ids[i], 0, 2));
    }
    fx->options.no_retry = true;
    fx_run(fx);
    CU_ASSERT_EQUAL(fx->result.executions, 4);
    CU_ASSERT_EQUAL(fx->asked, 0);
    fx_free(fx);
}

/* The last one is run again when nothing else is left, and crashes both times. */
static void test_again_after_crash(void)
{
    const struct fx_case cases[] = {{.id = "a", .orders = "step 0"},
                                    {.id = "b", .orders = "begin 0;crash"}};
    struct fx *fx = fx_new(cases, 2);
    fx->options.no_retry = false;
    fx->options.jobs = 2;
    fx->again_mask = 2;
    fx_run(fx);
    CU_ASSERT_EQUAL(fx->result.executions, 3);
    CU_ASSERT_EQUAL(fx->result.crashes, 2);
    CU_ASSERT_STRING_EQUAL(fx_text(fx_end(fx, "b", 1), "how"), "crash");
    fx_free(fx);
}

static void test_skips(void)
{
    const struct fx_case cases[] = {{.id = "a", .skip = "no snapshots"},
                                    {.id = "b", .orders = "step 0"},
                                    {.id = "c", .skip = "no writers"}};
    struct fx *fx = fx_new(cases, 3);
    fx_run(fx);
    const json_t *footer = fx_find(fx, "footer", NULL, NULL, 0, 0);
    CU_ASSERT_EQUAL(fx->status, CTS_OK);
    CU_ASSERT_EQUAL(fx_count(fx, "skip", NULL, NULL), 2);
    CU_ASSERT_STRING_EQUAL(fx_text(fx_find(fx, "skip", "case", "c", 0, 0), "reason"), "no writers");
    CU_ASSERT_EQUAL(fx_number(footer, "cases"), 3);
    CU_ASSERT_TRUE(json_is_true(json_object_get(footer, "complete")));
    fx_free(fx);
    fx = fx_new(cases, 1); /* nothing is left to run: the implementation is loaded all the same */
    fx_run(fx);
    CU_ASSERT_EQUAL(fx->status, CTS_OK);
    const json_t *header = fx_find(fx, "header", NULL, NULL, 0, 0);
    CU_ASSERT_STRING_EQUAL(fx_text(json_object_get(header, "iut"), "path"), "/fake/ok.dll");
    CU_ASSERT_EQUAL(fx->result.executions, 0);
    fx_free(fx);
}

static void test_header(void)
{
    fill_many("step 0");
    struct fx *fx = fx_new(many, 1);
    static const char *volumes[] = {"C:\\"};
    fx->profile.can = 1u << CAP_WRITERS;
    fx->profile.claims.server = true;
    fx->profile.volumes.count = 1;
    fx->profile.volumes.items = volumes;
    fx->options.header = json_pack("{s:b, s:s}", "strict", 1, "skip", "x");
    fx->plan.seed = 77;
    fx_run(fx);
    const json_t *header = fx_find(fx, "header", NULL, NULL, 0, 0);
    const json_t *options = json_object_get(header, "options");
    const json_t *profile = json_object_get(header, "profile");
    CU_ASSERT_EQUAL(fx_number(header, "seed"), 77);
    CU_ASSERT_EQUAL(fx_number(header, "selected"), 1);
    CU_ASSERT_STRING_EQUAL(fx_text(options, "skip"), "x");
    CU_ASSERT_EQUAL(fx_number(options, "jobs"), 1);
    CU_ASSERT_STRING_EQUAL(fx_text(profile, "edition"), "server");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_array_get(json_object_get(profile, "can"), 0)),
                           "writers");
    CU_ASSERT_STRING_EQUAL(fx_text(json_object_get(header, "host"), "windows"), "10.0.19043");
    CU_ASSERT_TRUE(json_is_null(json_object_get(json_object_get(header, "host"), "wine")));
    json_decref(fx->options.header);
    fx_free(fx);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"order", test_order},         {"parallel", test_parallel},
        {"exclusive", test_exclusive}, {"fresh", test_fresh},
        {"isolate", test_isolate},     {"repeat", test_repeat},
        {"again", test_again},         {"again after a crash", test_again_after_crash},
        {"skips", test_skips},         {"header", test_header},
        {"logs", fx_test_logs},        CU_TEST_INFO_NULL,
    };
    return cu_run("engine-pool", tests);
}
