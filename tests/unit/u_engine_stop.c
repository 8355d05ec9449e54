/* Ends before the end: Ctrl-C at every moment, a full disk; and what a long row of crashes leaves.
 */
#include "u_engine_fixture.h"
#include <sys/wait.h>

static const struct fx_case five[] = {
    {.id = "a", .orders = "step 0;sleep 10"},
    {.id = "b", .orders = "begin 0;crash"},
    {.id = "c", .orders = "step 0;print 1;sleep 10"},
    {.id = "d", .orders = "exit 1"},
    {.id = "e", .orders = "step 0"},
};

/* SIGINT with the n-th event, for every n that there is. */
static void test_interrupt_everywhere(void)
{
    size_t interrupted = 0;
    for (unsigned jobs = 1; jobs <= 2; jobs++) {
        bool more = true;
        for (size_t at = 1; more; at++) {
            struct fx *fx = fx_new(five, 5);
            fx->options.jobs = jobs;
            fx->signal_at = at;
            fx_run(fx);
            const json_t *footer = fx_find(fx, "footer", NULL, NULL, 0, 0);
            CU_ASSERT_PTR_NOT_NULL(footer);
            /* The signal may come when all is over. */
            if (fx->status == CTS_INTERRUPTED) {
                CU_ASSERT_TRUE(fx->result.interrupted);
                CU_ASSERT_TRUE(json_is_true(json_object_get(footer, "interrupted")));
                interrupted++;
            } else {
                CU_ASSERT_EQUAL(fx->status, CTS_OK);
            }
            more = json_array_size(fx->events) >= at;
            fx_free(fx);
        }
    }
    CU_ASSERT_TRUE(interrupted > 10);
}

static void test_interrupt_ends_what_runs(void)
{
    const struct fx_case cases[] = {{.id = "a", .orders = "begin 2;hang"},
                                    {.id = "b", .orders = "begin 1;hang"},
                                    {.id = "c", .orders = "step 0"}};
    struct fx *fx = fx_new(cases, 3);
    fx->options.jobs = 2;
    fx->signal_at = 6; /* header, two workers, two begins, the third worker */
    fx_run(fx);
    CU_ASSERT_EQUAL(fx->status, CTS_INTERRUPTED);
    CU_ASSERT_EQUAL(fx_count(fx, "end", "how", "interrupted"), 2);
    CU_ASSERT_EQUAL(fx_count(fx, "begin", NULL, NULL), 2);
    CU_ASSERT_TRUE(fx->result.us < 5000000);
    CU_ASSERT_EQUAL(fx_number(fx_find(fx, "footer", NULL, NULL, 0, 0), "cases"), 0);
    fx_free(fx);
}

/* Runs in a process of its own and gets signals at `first_ms` and, where not 0, at `second_ms`.
 * Returns its wait status. */
static int child_with_signals(struct fx *fx, unsigned first_ms, unsigned second_ms,
                              int signal_number)
{
    fflush(stdout);
    fflush(stderr);
    pid_t child = fork();
    if (child == 0) {
        enum cts_status status = eng_run(&fx->plan, &fx->profile, &fx->options, NULL, NULL, NULL);
        _exit(cts_exit_code(status));
    }
    usleep(first_ms * 1000);
    kill(child, signal_number);
    if (second_ms) {
        usleep((second_ms - first_ms) * 1000);
        kill(child, signal_number);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

static void test_interrupt_while_loading(void)
{
    struct fx *fx = fx_new(five, 5);
    char dir[300];
    snprintf(dir, sizeof dir, "%s/loading", fx_folder());
    fx->options.out_dir = dir;
    fx->options.load_ms = 20000;
    fx->profile.dll = "/x/hang.dll";
    int status = child_with_signals(fx, 500, 0, SIGTERM);
    CU_ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 130);
    char *log = fs_join(dir, "run.jsonl");
    CU_ASSERT_TRUE(fs_exists(log)); /* and whole, as the last test says */
    CU_ASSERT_EQUAL(fx_left_behind(true), 0);
    free(log);
    fx_free(fx);
}

static void test_interrupt_at_random(void)
{
    for (unsigned i = 0; i < 12; i++) {
        struct fx *fx = fx_new(five, 5);
        char dir[300];
        snprintf(dir, sizeof dir, "%s/random%u", fx_folder(), i);
        fx->options.out_dir = dir;
        fx->options.repeat = 100000;
        int status = child_with_signals(fx, 150 + 7 * i * i % 211, 0, i % 2 ? SIGINT : SIGTERM);
        CU_ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 130);
        CU_ASSERT_EQUAL(fx_left_behind(true), 0);
        fx_free(fx);
    }
}

/* The second Ctrl-C ends at once, and nothing stays. */
static void test_second_interrupt(void)
{
    const struct fx_case cases[] = {{.id = "a", .orders = "fork 1;fork 0;begin 0;hang"}};
    for (unsigned gap = 0; gap < 3; gap++) {
        struct fx *fx = fx_new(cases, 1);
        char dir[300];
        snprintf(dir, sizeof dir, "%s/second", fx_folder());
        fx->options.out_dir = dir;
        int status = child_with_signals(fx, 400, 401 + gap, SIGINT);
        CU_ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 130);
        usleep(50000); /* the system needs a moment for what was killed without being waited for */
        CU_ASSERT_EQUAL(fx_left_behind(true), 0);
        char *log = fs_join(dir, "run.jsonl"); /* it need not be whole */
        CU_ASSERT_EQUAL(unlink(log), 0);
        free(log);
        fx_free(fx);
    }
}

static void test_disk_full(void)
{
    struct fx *fx = fx_new(five, 5);
    char dir[300];
    snprintf(dir, sizeof dir, "%s/full", fx_folder());
    CU_ASSERT_EQUAL(fs_mkdirs(dir, NULL), CTS_OK);
    char *log = fs_join(dir, "run.jsonl");
    CU_ASSERT_EQUAL_FATAL(symlink("/dev/full", log), 0);
    fx->options.out_dir = dir;
    fx_run(fx);
    CU_ASSERT_EQUAL(fx->status, CTS_IO);
    CU_ASSERT_PTR_NOT_NULL(strstr(fx->err.text, "no space left"));
    CU_ASSERT_STRING_EQUAL(fx->err.path, log);
    CU_ASSERT_EQUAL(unlink(log), 0);
    CU_ASSERT_EQUAL(fs_mkdirs(log, NULL), CTS_OK); /* a folder is in the way */
    fx_run(fx);
    CU_ASSERT_EQUAL(fx->status, CTS_IO);
    CU_ASSERT_EQUAL(rmdir(log), 0);
    fx->options.out_dir = "/dev/null/x";
    fx_run(fx);
    CU_ASSERT_EQUAL(fx->status, CTS_IO);
    free(log);
    fx_free(fx);
}

static void test_thousand_crashes(void)
{
    static char ids[1000][16];
    static struct fx_case cases[1000];
    static const char *const orders[] = {"begin 0;crash", "begin 0;segv", "exit 0",
                                         "step 0;no-token"};
    for (int i = 0; i < 1000; i++) {
        snprintf(ids[i], sizeof ids[i], "c%d", i);
        cases[i].id = ids[i];
        cases[i].orders = orders[i % 4];
    }
    struct fx *fx = fx_new(cases, 1000);
    fx->options.jobs = 2;
    fx_run(fx);
    CU_ASSERT_EQUAL(fx->status, CTS_OK);
    CU_ASSERT_EQUAL(fx->result.executions, 1000);
    CU_ASSERT_EQUAL(fx->result.crashes, 750);
    CU_ASSERT_EQUAL(fx_count(fx, "end", NULL, NULL), 1000);
    CU_ASSERT_EQUAL(fx_count(fx, "end", "how", "garbage"), 250);
    fx_free(fx);
}

static void nothing(int number)
{
    (void)number;
}

int main(void)
{
    /* Not ignored, as in a shell's background job; and not deadly where the run is over already. */
    signal(SIGINT, nothing);
    signal(SIGTERM, nothing);
    CU_TestInfo tests[] = {
        {"interrupt with every event", test_interrupt_everywhere},
        {"interrupt ends what runs", test_interrupt_ends_what_runs},
        {"interrupt while loading", test_interrupt_while_loading},
        {"interrupt at random", test_interrupt_at_random},
        {"second interrupt", test_second_interrupt},
        {"disk full", test_disk_full},
        {"a thousand crashes", test_thousand_crashes},
        {"logs", fx_test_logs},
        CU_TEST_INFO_NULL,
    };
    return cu_run("engine-stop", tests);
}
