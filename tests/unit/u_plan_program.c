/* Programs: golden ones for every kind of step, the table of steps, hashes. With
 * VSSCTS_WRITE_GOLDEN=1 in the environment the golden files are written anew, to be read over by
 * whoever did it. */
#include "u_plan_fixture.h"

static struct plan *plan_of(const struct tables *tables, const struct profile *profile)
{
    struct plan_options options = {.seed = 1};
    struct cts_error err;
    struct plan *plan = plan_new(tables, profile, &options, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(plan);
    return plan;
}

static void write_golden(const struct plan *plan, const char *path)
{
    json_t *golden = json_object();
    struct cts_error err;
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->cases[i].program) {
            json_object_set_new(golden, plan->cases[i].test->id,
                                json_loads(plan->cases[i].program, 0, NULL));
        }
    }
    char *text = json_dumps(golden, JSON_INDENT(1) | JSON_SORT_KEYS);
    CU_ASSERT_EQUAL(file_write(path, text, strlen(text), &err), CTS_OK);
    free(text);
    json_decref(golden);
}

static void compare_golden(enum arch arch, const char *file)
{
    char path[1024];
    struct cts_error err;
    struct tables *tables = fixture_tables();
    struct profile profile = fixture_profile(arch);
    struct plan *plan = plan_of(tables, &profile);
    fixture_path(file, path, sizeof path);
    if (getenv("VSSCTS_WRITE_GOLDEN")) {
        write_golden(plan, path);
    }
    json_t *golden = json_file_load(path, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(golden);
    size_t programs = 0;
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_case *planned = &plan->cases[i];
        char *wanted =
            json_dumps(json_object_get(golden, planned->test->id), JSON_COMPACT | JSON_SORT_KEYS);
        CU_ASSERT_EQUAL(planned->program == NULL, planned->skip != NULL);
        if (planned->program) {
            programs++;
            CU_ASSERT_PTR_NOT_NULL_FATAL(wanted);
            CU_ASSERT_STRING_EQUAL(planned->program, wanted);
        }
        free(wanted);
    }
    CU_ASSERT_EQUAL(programs, json_object_size(golden));
    CU_ASSERT(programs > 15);
    json_decref(golden);
    plan_free(plan);
    tbl_free(tables);
}

static void test_x86_64(void)
{
    compare_golden(ARCH_X86_64, "programs-x86_64.json");
}

static void test_i686(void)
{
    compare_golden(ARCH_I686, "programs-i686.json");
}

/* Numbers are indices; a program and its table of steps name the same operations. */
static size_t check_numbers(const struct plan_case *planned, const json_t *list, size_t next)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *step = json_array_get(list, i);
        CU_ASSERT_EQUAL(json_integer_value(json_object_get(step, "s")), (json_int_t)next);
        CU_ASSERT_FATAL(next < planned->step_count);
        CU_ASSERT_EQUAL(planned->steps[next].s, (int)next);
        CU_ASSERT_PTR_NOT_NULL_FATAL(planned->steps[next].step);
        CU_ASSERT_EQUAL((json_int_t)planned->steps[next].ms,
                        json_integer_value(json_object_get(step, "ms")));
        const char *op = json_string_value(json_object_get(step, "op"));
        enum step_op from = planned->steps[next].step->op;
        CU_ASSERT_EQUAL(strcmp(op, "await") == 0, from == STEP_AWAIT);
        CU_ASSERT_EQUAL(strcmp(op, "repeat") == 0, from == STEP_REPEAT);
        CU_ASSERT_EQUAL(strcmp(op, "lookup") == 0, from == STEP_EXPORT);
        bool member = json_object_get(step, "on") != NULL; /* of a class */
        CU_ASSERT_EQUAL(strcmp(op, "export") == 0,
                        from == STEP_CREATE || from == STEP_FUNCTION ||
                            (from == STEP_CALL && member && !json_object_get(step, "slot")));
        size_t inner = next + 1;
        next = check_numbers(planned, json_object_get(step, "steps"), inner);
        for (; from == STEP_SCRIPT && inner < next; inner++) {
            CU_ASSERT_PTR_EQUAL(planned->steps[inner].script, planned->steps[inner - 1].script
                                                                  ? planned->steps[inner - 1].script
                                                                  : planned->steps[inner - 1].step);
        }
    }
    return next;
}

static void test_numbers(void)
{
    struct tables *tables = fixture_tables();
    struct profile profile = fixture_profile(ARCH_X86_64);
    struct plan *plan = plan_of(tables, &profile);
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_case *planned = &plan->cases[i];
        if (planned->program) {
            json_t *program = json_loads(planned->program, 0, NULL);
            size_t next = check_numbers(planned, json_object_get(program, "steps"), 0);
            next = check_numbers(planned, json_object_get(program, "finally"), next);
            CU_ASSERT_EQUAL(next, planned->step_count);
            json_decref(program);
        }
    }
    plan_free(plan);
    tbl_free(tables);
}

/* new, bk-init, bk-completed, the case; at the end the case, bk-init, new. */
static void test_chain(void)
{
    struct tables *tables = fixture_tables();
    struct profile profile = fixture_profile(ARCH_X86_64);
    struct plan *plan = plan_of(tables, &profile);
    const struct plan_case *chain = plan_find(plan, "ops/chain");
    static const char *const preambles[] = {"new",          "bk-init",      "bk-completed",
                                            "bk-completed", "bk-completed", "bk-completed",
                                            "bk-completed", "bk-completed", NULL,
                                            NULL,           "bk-init",      "new"};
    CU_ASSERT_PTR_NOT_NULL_FATAL(chain);
    CU_ASSERT_EQUAL_FATAL(chain->step_count, sizeof preambles / sizeof *preambles);
    for (size_t i = 0; i < chain->step_count; i++) {
        const struct plan_step *step = &chain->steps[i];
        CU_ASSERT_EQUAL(step->in_preamble, preambles[i] != NULL);
        CU_ASSERT_EQUAL(step->in_finally, i >= 9);
        CU_ASSERT_EQUAL(step->preamble == NULL, preambles[i] == NULL);
        if (step->preamble && preambles[i]) {
            CU_ASSERT_STRING_EQUAL(step->preamble->id, preambles[i]);
        }
    }
    plan_free(plan);
    tbl_free(tables);
}

/* A bare plan has the same hashes and steps. */
static void test_bare(void)
{
    struct tables *tables = fixture_tables();
    struct profile profile = fixture_profile(ARCH_X86_64);
    const struct plan_options options = {.seed = 1, .bare = true};
    struct plan *whole = plan_of(tables, &profile);
    struct plan *plan = plan_new(tables, &profile, &options, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(plan);
    CU_ASSERT_STRING_EQUAL(plan->tables_hash, "");
    CU_ASSERT_EQUAL_FATAL(plan->count, whole->count);
    for (size_t i = 0; i < plan->count; i++) {
        CU_ASSERT_PTR_NULL(plan->cases[i].program);
        CU_ASSERT_STRING_EQUAL(plan->cases[i].hash, whole->cases[i].hash);
        CU_ASSERT_EQUAL(plan->cases[i].step_count, whole->cases[i].step_count);
        CU_ASSERT_EQUAL(plan->cases[i].skip == NULL, whole->cases[i].skip == NULL);
    }
    plan_free(plan);
    plan_free(whole);
    tbl_free(tables);
}

static void test_hash(void)
{
    char hash[17];
    plan_hash("", 0, hash);
    CU_ASSERT_STRING_EQUAL(hash, "cbf29ce484222325");
    plan_hash("foobar", 6, hash);
    CU_ASSERT_STRING_EQUAL(hash, "85944171f73967e8");
}

/* The hash of a program is that of its text; the hash of the tables is the same whatever the
 * profile, the selection, the order and the default deadline. */
static void test_hashes(void)
{
    struct tables *tables = fixture_tables();
    struct profile one = fixture_profile(ARCH_X86_64), other = fixture_profile(ARCH_I686);
    const char *pattern = "pick";
    struct plan_options options = {
        .selection = {.patterns = {1, &pattern}}, .shuffle = true, .seed = 9, .await_ms = 77};
    struct cts_error err;
    other.volumes.count = 0;
    struct plan *a = plan_of(tables, &one), *b = plan_new(tables, &other, &options, &err);
    struct plan *c = plan_of(tables, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(b);
    CU_ASSERT_STRING_EQUAL(a->tables_hash, b->tables_hash);
    CU_ASSERT_STRING_EQUAL(a->tables_hash, c->tables_hash);
    CU_ASSERT_STRING_EQUAL(a->tables_hash, "c636a96321c87751");
    CU_ASSERT_EQUAL(b->seed, 9);
    for (size_t i = 0; i < a->count; i++) {
        char hash[17];
        if (a->cases[i].program) {
            plan_hash(a->cases[i].program, strlen(a->cases[i].program), hash);
            CU_ASSERT_STRING_EQUAL(a->cases[i].hash, hash);
        }
    }
    /* An await without a deadline of its own: the default is part of the program. */
    const struct plan_case *slow = plan_find(a, "pick/null-async/in-order");
    const struct plan_case *quick = plan_find(b, "pick/null-async/in-order");
    CU_ASSERT_FATAL(slow && quick);
    CU_ASSERT_STRING_NOT_EQUAL(slow->hash, quick->hash);
    CU_ASSERT_PTR_NOT_NULL(strstr(quick->program, "\"ms\":77"));
    struct plan *d = plan_new(tables, &one, &options, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(d);
    const struct plan_case *same_profile = plan_find(d, "pick/null-async/in-order");
    CU_ASSERT_PTR_NOT_NULL_FATAL(same_profile);
    CU_ASSERT_PTR_NOT_NULL(strstr(same_profile->program, "\"ms\":77"));
    plan_free(a);
    plan_free(b);
    plan_free(c);
    plan_free(d);
    tbl_free(tables);
}

/* The n-th allocation of jansson fails, once: each of the first, then a sample. */
static size_t allocations, failing;

static void *failing_malloc(size_t size)
{
    return ++allocations == failing ? NULL : malloc(size);
}

/* Whichever allocation fails: no plan, and the reason; or a plan that is whole. */
static void test_memory(void)
{
    struct tables *tables = fixture_tables();
    struct profile profile = fixture_profile(ARCH_X86_64);
    const char *pattern = "ops/chain";
    struct plan_options options = {.selection = {.patterns = {1, &pattern}}};
    struct plan *whole = plan_new(tables, &profile, &options, NULL), *plan = NULL;
    CU_ASSERT_PTR_NOT_NULL_FATAL(whole);
    json_set_alloc_funcs(failing_malloc, free);
    for (failing = 1; !plan; failing += failing < 300 ? 1 : 61) {
        struct cts_error err = {.status = CTS_OK};
        allocations = 0;
        plan = plan_new(tables, &profile, &options, &err);
        CU_ASSERT_EQUAL(plan == NULL, err.status == CTS_NOMEM);
        CU_ASSERT_EQUAL(plan == NULL, allocations >= failing);
    }
    json_set_alloc_funcs(malloc, free);
    CU_ASSERT(failing > 100);
    CU_ASSERT_STRING_EQUAL(plan->cases[0].program, whole->cases[0].program);
    CU_ASSERT_STRING_EQUAL(plan->tables_hash, whole->tables_hash);
    plan_free(plan);
    plan_free(whole);
    tbl_free(tables);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"golden programs, x86_64", test_x86_64},
        {"golden programs, i686", test_i686},
        {"numbers of steps", test_numbers},
        {"chain of preambles and finally", test_chain},
        {"FNV-1a", test_hash},
        {"hashes of programs and tables", test_hashes},
        {"a bare plan", test_bare},
        {"want of memory", test_memory},
        CU_TEST_INFO_NULL,
    };
    return cu_run("plan_program", tests);
}
