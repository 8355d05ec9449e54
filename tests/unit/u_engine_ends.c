/* Whatever a worker does, its execution ends with the right `how`, and the run goes on. */
#include "u_engine_fixture.h"

/* Runs `orders` between two good cases and returns how it ended. */
static struct fx *between_looking(const char *orders, unsigned deadline_ms, bool look_at_footer)
{
    const struct fx_case cases[] = {
        {.id = "a", .orders = "step 0"},
        {.id = "b", .orders = orders, .deadline_ms = deadline_ms},
        {.id = "c", .orders = "step 0"},
    };
    struct fx *fx = fx_new(cases, 3);
    fx->look_at_footer = look_at_footer;
    fx_run(fx);
    CU_ASSERT_EQUAL(fx->status, CTS_OK);
    CU_ASSERT_STRING_EQUAL(fx_how(fx, "a"), "done");
    CU_ASSERT_STRING_EQUAL(fx_how(fx, "c"), "done");
    CU_ASSERT_EQUAL(fx->result.executions, 3);
    CU_ASSERT_EQUAL(fx_count(fx, "end", NULL, NULL), 3);
    CU_ASSERT_EQUAL(fx_count(fx, "footer", NULL, NULL), 1);
    return fx;
}

static struct fx *between(const char *orders, unsigned deadline_ms)
{
    return between_looking(orders, deadline_ms, false);
}

static void ends(const char *orders, const char *how, const char *text)
{
    struct fx *fx = between(orders, 10000);
    const json_t *end = fx_end(fx, "b", 0);
    CU_ASSERT_STRING_EQUAL(fx_text(end, "how"), how);
    if (text) {
        CU_ASSERT_PTR_NOT_NULL(strstr(fx_text(end, "text"), text));
    }
    if (strcmp(fx_text(end, "how"), how) != 0 || (text && !strstr(fx_text(end, "text"), text))) {
        fprintf(stderr, "%s: %s, %s\n", orders, fx_text(end, "how"), fx_text(end, "text"));
    }
    fx_free(fx);
}

static void test_done(void)
{
    struct fx *fx = between("step 0;begin 1;step 2;end 1;teardown", 10000);
    const json_t *end = fx_end(fx, "b", 0);
    CU_ASSERT_STRING_EQUAL(fx_text(end, "how"), "done");
    CU_ASSERT_PTR_NULL(json_object_get(end, "at"));
    CU_ASSERT_EQUAL(fx_count(fx, "step", "hr", "0x00000000"), 5);
    CU_ASSERT_EQUAL(fx_number(fx_find(fx, "step", "var", "bc", 0, 0), "s"), -1);
    /* All three ran in the same worker. */
    CU_ASSERT_EQUAL(fx_number(fx_find(fx, "begin", "case", "c", 0, 0), "worker"),
                    fx_number(fx_find(fx, "begin", "case", "a", 0, 0), "worker"));
    fx_free(fx);
    ends("step 0;stopped", "stopped", NULL);
    ends("", "done", NULL);
}

static void test_crash(void)
{
    struct fx *fx = between("begin 0;crash", 10000);
    const json_t *end = fx_end(fx, "b", 0);
    CU_ASSERT_STRING_EQUAL(fx_text(end, "how"), "crash");
    CU_ASSERT_STRING_EQUAL(fx_text(end, "code"), "0xC0000005");
    CU_ASSERT_STRING_EQUAL(fx_text(end, "module"), "vssapi.dll");
    CU_ASSERT_EQUAL(fx_number(end, "at"), 0);
    CU_ASSERT_EQUAL(fx->result.crashes, 1);
    CU_ASSERT_NOT_EQUAL(fx_number(fx_find(fx, "begin", "case", "c", 0, 0), "worker"),
                        fx_number(fx_find(fx, "begin", "case", "a", 0, 0), "worker"));
    fx_free(fx);
    fx = between("begin 2;crash-and-stay", 10000); /* it says so, but its process does not end */
    CU_ASSERT_STRING_EQUAL(fx_how(fx, "b"), "crash");
    CU_ASSERT_EQUAL(fx_number(fx_end(fx, "b", 0), "at"), 2);
    CU_ASSERT_TRUE(fx_number(fx_end(fx, "b", 0), "us") < 2000000);
    fx_free(fx);
}

static void test_exit(void)
{
    struct fx *fx = between("begin 1;segv", 10000);
    const json_t *end = fx_end(fx, "b", 0);
    CU_ASSERT_STRING_EQUAL(fx_text(end, "how"), "exit");
    CU_ASSERT_EQUAL(fx_number(end, "signal"), SIGSEGV);
    CU_ASSERT_EQUAL(fx_number(end, "at"), 1);
    fx_free(fx);
    fx = between("step 0;exit 0", 10000);
    CU_ASSERT_STRING_EQUAL(fx_how(fx, "b"), "exit");
    CU_ASSERT_EQUAL(fx_number(fx_end(fx, "b", 0), "status"), 0);
    fx_free(fx);
    fx = between("exit 3", 10000);
    CU_ASSERT_EQUAL(fx_number(fx_end(fx, "b", 0), "status"), 3);
    fx_free(fx);
    ends("half", "exit", NULL); /* half a line is no message */
}

static void test_closed(void)
{
    ends("step 0;close", "closed", NULL);
    struct fx *fx = between("close-input", 10000); /* done, but nothing can be sent any more */
    CU_ASSERT_STRING_EQUAL(fx_how(fx, "b"), "done");
    fx_free(fx);
}

/* The worker found a fault in what we told it: ours, and no verdict on the implementation. */
static void test_defect(void)
{
    ends("step 0;defect", "lost", "no such kind");
}

static void test_garbage(void)
{
    ends("step 0;garbage", "garbage", "line without the token: ");
    ends("no-token", "garbage", "line without the token: {");
    ends("wrong-token", "garbage", "line without the token: 0123");
    ends("bad-json", "garbage", "not a JSON object: ");
    ends("unknown", "garbage", "no known message: ");
    ends("bad-key", "garbage", "message with a missing or wrong key: ");
    ends("end 0", "garbage", "message out of turn: ");
    ends("begin 0;begin 0", "garbage", "message out of turn: ");
    ends("begin 4", "garbage", "message out of turn: ");
    ends("begin -2", "garbage", "wrong key");
    ends("begin 0;done", "garbage", "done while a step runs");
    ends("wrong-seq 1", "garbage", "done with another number: ");
    ends("wrong-seq -1", "garbage", "done with another number: ");
    ends("huge 100", "garbage", "line longer than 4 MiB");
}

/* In a round whose lines are held back the worker says where it is. */
static void test_round(void)
{
    struct fx *fx = between("step 0;at 3;hang", 300);
    CU_ASSERT_STRING_EQUAL(fx_how(fx, "b"), "hang");
    CU_ASSERT_EQUAL(fx_number(fx_end(fx, "b", 0), "at"), 3);
    CU_ASSERT_EQUAL(fx_number(fx_end(fx, "b", 0), "i"), 7);
    fx_free(fx);
    fx = between("at 3;begin 1;exit 0", 10000);
    CU_ASSERT_EQUAL(fx_number(fx_end(fx, "b", 0), "at"), 1);
    CU_ASSERT_PTR_NULL(json_object_get(fx_end(fx, "b", 0), "i"));
    fx_free(fx);
    fx = between("at 2", 10000);
    CU_ASSERT_STRING_EQUAL(fx_how(fx, "b"), "done");
    CU_ASSERT_PTR_NULL(json_object_get(fx_end(fx, "b", 0), "at"));
    fx_free(fx);
}

static void test_hang(void)
{
    struct fx *fx = between("begin 3;hang", 300);
    const json_t *end = fx_end(fx, "b", 0);
    CU_ASSERT_STRING_EQUAL(fx_text(end, "how"), "hang");
    CU_ASSERT_EQUAL(fx_number(end, "at"), 3);
    CU_ASSERT_TRUE(fx_number(end, "us") >= 300000 && fx_number(end, "us") < 3000000);
    CU_ASSERT_EQUAL(fx->result.hangs, 1);
    const json_t *slow = fx_find(fx, "slow", NULL, NULL, 0, 0);
    CU_ASSERT_PTR_NOT_NULL(slow);
    CU_ASSERT_EQUAL(fx_number(slow, "run"), 2);
    CU_ASSERT_EQUAL(fx_number(slow, "at"), 3);
    fx_free(fx);
    fx = between("step 0;sleep 400", 3000);
    CU_ASSERT_STRING_EQUAL(fx_how(fx, "b"), "done");
    CU_ASSERT_PTR_NULL(fx_find(fx, "slow", NULL, NULL, 0, 0));
    fx_free(fx);
    fx = between("step 0;sleep 400", 600); /* slow, but in time */
    CU_ASSERT_STRING_EQUAL(fx_how(fx, "b"), "done");
    CU_ASSERT_PTR_NOT_NULL(fx_find(fx, "slow", NULL, NULL, 0, 0));
    fx_free(fx);
}

static void test_time_scale(void)
{
    const struct fx_case cases[] = {{.id = "a", .orders = "sleep 400", .deadline_ms = 200}};
    struct fx *fx = fx_new(cases, 1);
    fx->options.time_scale = 10;
    fx_run(fx);
    CU_ASSERT_STRING_EQUAL(fx_how(fx, "a"), "done");
    fx->options.time_scale = 1;
    fx_run(fx);
    CU_ASSERT_STRING_EQUAL(fx_how(fx, "a"), "hang");
    fx_free(fx);
}

static void test_endless(void)
{
    struct fx *fx = between("endless 100", 60000);
    CU_ASSERT_STRING_EQUAL(fx_how(fx, "b"), "garbage");
    CU_ASSERT_PTR_NOT_NULL(strstr(fx_text(fx_end(fx, "b", 0), "text"), "32 MiB"));
    fx_free(fx);
    fx = between("endless-print", 500);
    CU_ASSERT_STRING_EQUAL(fx_how(fx, "b"), "hang");
    const json_t *output = fx_find(fx, "output", NULL, NULL, 0, 0);
    CU_ASSERT_EQUAL(strlen(fx_text(output, "text")), 4096);
    CU_ASSERT_TRUE(fx_number(output, "cut") > 4096);
    fx_free(fx);
}

static void test_large(void)
{
    struct fx *fx = between("large 3000", 60000);
    CU_ASSERT_STRING_EQUAL(fx_how(fx, "b"), "done");
    fx_free(fx);
}

static void test_output(void)
{
    struct fx *fx = between("print 2;step 0", 10000);
    const json_t *output = fx_find(fx, "output", NULL, NULL, 0, 0);
    CU_ASSERT_STRING_EQUAL(
        fx_text(output, "text"),
        "printed by the implementation\nprinted by the implementation\n\xEF\xBF\xBD");
    CU_ASSERT_EQUAL(fx_number(output, "run"), 2);
    CU_ASSERT_PTR_NULL(json_object_get(output, "cut"));
    fx_free(fx);
    fx = between("print 1;begin 0;crash", 10000);
    output = fx_find(fx, "output", NULL, NULL, 0, 0);
    CU_ASSERT_EQUAL(fx_number(output, "run"), 2);
    CU_ASSERT_STRING_EQUAL(fx_how(fx, "b"), "crash");
    fx_free(fx);
}

static void test_threads_left(void)
{
    struct fx *fx = between("step 0;threads 2", 10000);
    CU_ASSERT_STRING_EQUAL(fx_how(fx, "b"), "done");
    CU_ASSERT_EQUAL(fx_number(fx_end(fx, "b", 0), "threads_left"), 2);
    CU_ASSERT_EQUAL(fx_count(fx, "worker", "what", "killed"), 1);
    CU_ASSERT_NOT_EQUAL(fx_number(fx_find(fx, "begin", "case", "c", 0, 0), "worker"),
                        fx_number(fx_find(fx, "begin", "case", "b", 0, 0), "worker"));
    fx_free(fx);
}

static void test_stolen_keys(void)
{
    struct fx *fx = between("steal-keys", 10000);
    const json_t *step = fx_find(fx, "step", "run", NULL, 2, 0);
    CU_ASSERT_PTR_NOT_NULL(step);
    CU_ASSERT_TRUE(fx_number(step, "t") >= 0);
    CU_ASSERT_PTR_NULL(json_object_get(step, "m"));
    fx_free(fx);
}

/* Processes that hold the pipes open neither hold up the run nor stay. */
static void test_left_processes(void)
{
    static const char *const orders[] = {"fork 0;step 0",        "fork 1;step 0", "fork 2;step 0",
                                         "fork 1;begin 0;crash", "fork 2;exit 1", "fork 0;segv",
                                         "fork 1;hang"};
    static const char *const hows[] = {"done", "done", "done", "crash", "exit", "exit", "hang"};
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        /* What stays in the group of its worker goes with it, not only at the end. */
        bool in_group = strncmp(orders[i], "fork 0", 6) == 0;
        struct fx *fx = between_looking(orders[i], 400, in_group);
        CU_ASSERT_STRING_EQUAL(fx_how(fx, "b"), hows[i]);
        CU_ASSERT_TRUE(!in_group || fx->left_at_footer == 0);
        CU_ASSERT_TRUE(fx->result.us < 3000000);
        fx_free(fx);
    }
}

/* What this process was given by others stays here. */
static void test_files(void)
{
    int other[2];
    CU_ASSERT_EQUAL_FATAL(pipe(other), 0); /* both are open to children */
    struct fx *fx = between("files;step 0", 10000);
    CU_ASSERT_STRING_EQUAL(fx_how(fx, "b"), "done");
    fx_free(fx);
    close(other[0]);
    close(other[1]);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"done and stopped", test_done},
        {"crash", test_crash},
        {"exit", test_exit},
        {"closed", test_closed},
        {"defect", test_defect},
        {"garbage", test_garbage},
        {"hang and slow", test_hang},
        {"round", test_round},
        {"time scale", test_time_scale},
        {"endless output", test_endless},
        {"large line", test_large},
        {"output of the implementation", test_output},
        {"threads left", test_threads_left},
        {"keys of the engine", test_stolen_keys},
        {"processes left", test_left_processes},
        {"files", test_files},
        {"logs", fx_test_logs},
        CU_TEST_INFO_NULL,
    };
    return cu_run("engine-ends", tests);
}
