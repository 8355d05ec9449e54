/* The first worker's answer says whether the implementation can be loaded; a later one that cannot
 * is tried again, then cases are lost. */
#include "../../runner/util/json_file.h"
#include "u_engine_fixture.h"

static const struct fx_case two[] = {{.id = "a", .orders = "step 0"},
                                     {.id = "b", .orders = "step 0"}};

static struct fx *load(const char *dll)
{
    static const char *factory[] = {"CreateA", "CreateB"};
    struct fx *fx = fx_new(two, 2);
    fx->profile.factory.count = 2;
    fx->profile.factory.items = factory;
    fx->profile.dll = dll;
    fx->options.load_ms = 400;
    fx_run(fx);
    return fx;
}

static void cannot(const char *dll, const char *text)
{
    struct fx *fx = load(dll);
    CU_ASSERT_EQUAL(fx->status, CTS_IUT);
    CU_ASSERT_STRING_EQUAL(fx->err.text, text);
    CU_ASSERT_EQUAL(json_array_size(fx->events), 0);
    CU_ASSERT_EQUAL(fx->result.executions, 0);
    CU_ASSERT_STRING_EQUAL(fx->result.log_path, "");
    fx_free(fx);
}

static void test_reasons(void)
{
    cannot("/x/fail-not_found.dll", "fail-not_found.dll: the file does not exist");
    cannot("/x/fail-directory.dll", "fail-directory.dll: this is a folder, not a file");
    cannot("/x/fail-not_pe.dll", "fail-not_pe.dll: this is not a PE file");
    cannot("/x/fail-wrong_arch.dll",
           "fail-wrong_arch.dll: it is built for another architecture (so it is)");
    cannot("/x/fail-no_factory.dll",
           "fail-no_factory.dll: it exports none of the functions that make "
           "a requester object (CreateA, CreateB)");
    cannot("/x/fail-dllmain_failed.dll", "fail-dllmain_failed.dll: DllMain returned FALSE");
    cannot("/x/fail-identity.dll",
           "fail-identity.dll: the system mapped another image than this file (so it is)");
    cannot("/x/fail-other.dll", "fail-other.dll: it cannot be loaded (so it is)");
    cannot("/x/fail-surprise.dll", "fail-surprise.dll: it cannot be loaded (so it is)");
}

static void test_violent(void)
{
    cannot("/x/crash.dll", "crash.dll: DllMain crashed (0xC0000005 at vssapi.dll+0x34)");
    cannot("/x/segv.dll", "segv.dll: the process ended while it was loaded (signal 11)");
    cannot("/x/exit.dll", "exit.dll: the process ended while it was loaded (exit status 0)");
    cannot("/x/hang.dll", "hang.dll: not loaded within 400 ms; DllMain hangs");
    cannot("/x/close.dll", "close.dll: the worker closed its channel while it was loaded");
    cannot("/x/garbage.dll",
           "garbage.dll: the worker wrote what is no message while it was loaded");
}

static void hello(const char *how, const char *text)
{
    setenv("FAKE_HELLO", how, 1);
    struct fx *fx = fx_new(two, 2);
    fx->options.time_scale = 0.01; /* 300 ms to start */
    fx_run(fx);
    CU_ASSERT_EQUAL(fx->status, text[0] == 'o' ? CTS_IUT : CTS_DEFECT);
    CU_ASSERT_PTR_NOT_NULL(strstr(fx->err.text, text));
    CU_ASSERT_EQUAL(json_array_size(fx->events), 0);
    fx_free(fx);
    setenv("FAKE_HELLO", "", 1);
}

/* A worker that does not come up is our defect, not the implementation's. */
static void test_hello(void)
{
    hello("silent", "the worker did not start within 300 ms");
    hello("exit", "the worker did not start (exit status 4): no such interpreter");
    hello("protocol", "speaks protocol 99 for x86_64; wanted: protocol 1 for x86_64");
    hello("arch", "speaks protocol 1 for i686; wanted: protocol 1 for x86_64");
    hello("garbage", "ok.dll: the worker wrote what is no message");
}

static void count_file(char *path, size_t size)
{
    static unsigned number;
    snprintf(path, size, "%s/count%u", fx_folder(), ++number);
    setenv("FAKE_COUNT", path, 1);
}

/* A start that goes wrong once is no answer. */
static void test_hello_once_more(void)
{
    char path[300];
    count_file(path, sizeof path);
    setenv("FAKE_HELLO", "exit-once", 1);
    struct fx *fx = fx_new(two, 2);
    fx_run(fx);
    CU_ASSERT_EQUAL(fx->status, CTS_OK);
    CU_ASSERT_EQUAL(fx->result.executions, 2);
    fx_free(fx);
    setenv("FAKE_HELLO", "", 1);
}

static void test_no_worker(void)
{
    struct fx *fx = fx_new(two, 2);
    fx->options.worker = "/none/such";
    fx_run(fx);
    CU_ASSERT_EQUAL(fx->status, CTS_USAGE);
    CU_ASSERT_STRING_EQUAL(fx->err.text, "/none/such: no such worker program");
    fx->options.worker = "/etc/passwd"; /* there, but no program */
    fx_run(fx);
    CU_ASSERT_EQUAL(fx->status, CTS_IO);
    CU_ASSERT_PTR_NOT_NULL(strstr(fx->err.text, "cannot be started"));
    fx_free(fx);
}

static void test_prints(void)
{
    struct fx *fx = load("/x/print.dll");
    CU_ASSERT_EQUAL(fx->status, CTS_OK);
    const json_t *output = fx_find(fx, "output", NULL, NULL, 0, 0);
    CU_ASSERT_PTR_NOT_NULL(output);
    CU_ASSERT_PTR_NULL(json_object_get(output, "run"));
    fx_free(fx);
}

/* All workers but the second load: nobody notices. */
static void test_retry_of_a_worker(void)
{
    char path[300];
    const struct fx_case cases[] = {{.id = "a", .orders = "exit 1"},
                                    {.id = "b", .orders = "exit 1"},
                                    {.id = "c", .orders = "step 0"}};
    struct fx *fx = fx_new(cases, 3);
    count_file(path, sizeof path);
    fx->profile.dll = "/x/not-3.dll";
    fx_run(fx);
    CU_ASSERT_EQUAL(fx->status, CTS_OK);
    CU_ASSERT_EQUAL(fx_count(fx, "end", "how", "lost"), 0);
    CU_ASSERT_STRING_EQUAL(fx_how(fx, "c"), "done");
    fx_free(fx);
}

/* Only the first n workers load; the cases after their ends are lost, and the run ends. */
static void test_lost(void)
{
    char path[300];
    struct fx_case cases[40];
    static char ids[40][16];
    memset(cases, 0, sizeof cases);
    for (int i = 0; i < 40; i++) {
        snprintf(ids[i], sizeof ids[i], "c%d", i);
        cases[i].id = ids[i];
        cases[i].orders = i == 5 || i == 9 ? "exit 1" : "step 0";
    }
    struct fx *fx = fx_new(cases, 40);
    count_file(path, sizeof path);
    fx->profile.dll = "/x/only-2.dll";
    fx_run(fx);
    CU_ASSERT_EQUAL(fx->status, CTS_OK);
    CU_ASSERT_EQUAL(fx->result.executions, 40);
    CU_ASSERT_EQUAL(fx_count(fx, "end", "how", "done"), 8);
    CU_ASSERT_EQUAL(fx_count(fx, "end", "how", "exit"), 2);
    CU_ASSERT_EQUAL(fx_count(fx, "end", "how", "lost"), 30);
    /* It is not tried for ever: two workers for each of three cases, and those that start beside.
     */
    char *starts = file_read(path, NULL, 1000, NULL);
    CU_ASSERT_TRUE(starts && strlen(starts) >= 8 && strlen(starts) <= 12);
    free(starts);
    const json_t *end = fx_end(fx, "c39", 0);
    CU_ASSERT_STRING_EQUAL(fx_text(end, "how"), "lost");
    CU_ASSERT_PTR_NOT_NULL(strstr(fx_text(end, "text"), "exit status 3"));
    CU_ASSERT_TRUE(
        json_is_true(json_object_get(fx_find(fx, "footer", NULL, NULL, 0, 0), "complete")));
    fx_free(fx);
}

/* The file is another one for each worker that loads it. */
static void test_replaced(void)
{
    char path[300];
    const struct fx_case cases[] = {{.id = "a", .orders = "step 0"},
                                    {.id = "b", .orders = "exit 1"},
                                    {.id = "c", .orders = "step 0"},
                                    {.id = "d", .orders = "step 0"}};
    struct fx *fx = fx_new(cases, 4);
    count_file(path, sizeof path);
    fx->profile.dll = "/x/replaced.dll";
    fx_run(fx);
    CU_ASSERT_EQUAL(fx->status, CTS_OK);
    CU_ASSERT_STRING_EQUAL(fx_how(fx, "d"), "lost");
    CU_ASSERT_PTR_NOT_NULL(strstr(fx_text(fx_end(fx, "d", 0), "text"), "replaced"));
    fx_free(fx);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"reasons", test_reasons},
        {"crash, exit, hang while loading", test_violent},
        {"hello", test_hello},
        {"hello, once more", test_hello_once_more},
        {"no worker", test_no_worker},
        {"output while loading", test_prints},
        {"a worker is tried again", test_retry_of_a_worker},
        {"lost cases", test_lost},
        {"replaced file", test_replaced},
        {"logs", fx_test_logs},
        CU_TEST_INFO_NULL,
    };
    return cu_run("engine-load", tests);
}
