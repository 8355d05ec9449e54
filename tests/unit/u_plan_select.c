/* Selection, order, skips, listing. */
#include "u_plan_fixture.h"

#include "../../runner/plan/plan_order.h"

static struct string_list list_of(const char **items, size_t count)
{
    return (struct string_list){count, items};
}

/* The ids that a selection takes, joined by blanks, or the text of the refusal. */
static const char *picked(const struct tables *tables, const struct selection *selection,
                          enum cts_status wanted)
{
    static char text[4096];
    struct cts_error err = {.status = CTS_OK};
    struct plan_options options = {.selection = *selection};
    struct plan *plan = plan_new(tables, NULL, &options, &err);
    size_t used = 0;
    text[0] = '\0';
    CU_ASSERT_EQUAL(plan == NULL, wanted != CTS_OK);
    CU_ASSERT_EQUAL(err.status, wanted);
    for (size_t i = 0; plan && i < plan->count; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", i ? " " : "",
                                 plan->cases[i].test->id);
    }
    if (!plan) {
        snprintf(text, sizeof text, "%s", err.text);
    }
    plan_free(plan);
    return text;
}

#define ONE(member, pattern)                                                                       \
    &(struct selection)                                                                            \
    {                                                                                              \
        .member = list_of((const char *[]){pattern}, 1)                                            \
    }

static void test_patterns(void)
{
    static const struct {
        const char *pattern, *ids;
    } rows[] = {
        {"ops/create", "ops/create"},
        {"pick/null-async", "pick/null-async/in-order"},
        {"pick/null-async/", "pick/null-async/in-order"},
        {"pick/null-async/in-order", "pick/null-async/in-order"},
        {"pick/*", "pick/fixture pick/hooks pick/old pick/twice pick/writers"},
        {"pick/*/*", "pick/fresh/state pick/null-async/in-order"},
        {"**/state", "pick/fresh/state"},
        {"*/{old,query}", "ops/query pick/old"},
        {"pick/?ld", "pick/old"},
        {"ops", "ops/async ops/chain ops/create ops/function ops/guids ops/inout ops/query "
                "ops/references ops/second-volume ops/structures ops/text ops/threads ops/values "
                "ops/writer"},
    };
    struct tables *tables = fixture_tables();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CU_ASSERT_STRING_EQUAL(picked(tables, ONE(patterns, rows[i].pattern), CTS_OK), rows[i].ids);
    }
    tbl_free(tables);
}

static void test_kinds(void)
{
    struct tables *tables = fixture_tables();
    const char *many[] = {"pick/old", "ops/create", "pick/fresh"};
    const char *both[] = {"null", "volume"};
    CU_ASSERT_STRING_EQUAL(
        picked(tables, &(struct selection){.patterns = list_of(many, 3)}, CTS_OK),
        "ops/create pick/fresh/state pick/old");
    CU_ASSERT_STRING_EQUAL(picked(tables, &(struct selection){.tags = list_of(both, 2)}, CTS_OK),
                           "ops/function ops/second-volume pick/null-async/in-order");
    CU_ASSERT_STRING_EQUAL(picked(tables, ONE(levels, "must"), CTS_OK), "pick/null-async/in-order");
    CU_ASSERT_STRING_EQUAL(picked(tables, ONE(levels, "should"), CTS_OK), "pick/fresh/state");
    CU_ASSERT_STRING_EQUAL(
        picked(tables, ONE(requirements, "IVssBackupComponents.BackupComplete#state"), CTS_OK),
        "pick/fresh/state pick/null-async/in-order");
    CU_ASSERT_STRING_EQUAL(
        picked(tables, ONE(requirements, "IVssBackupComponents.*#null-*"), CTS_OK),
        "pick/null-async/in-order");
    struct selection mixed = {
        .patterns = list_of((const char *[]){"pick"}, 1),
        .skip = list_of((const char *[]){"pick/fixture", "**/old"}, 2),
        .skip_tags = list_of((const char *[]){"null"}, 1),
    };
    CU_ASSERT_STRING_EQUAL(picked(tables, &mixed, CTS_OK),
                           "pick/fresh/state pick/hooks pick/twice pick/writers");
    mixed.tags = list_of((const char *[]){"fast"}, 1);
    CU_ASSERT_STRING_EQUAL(picked(tables, &mixed, CTS_OK), "pick/fresh/state");
    tbl_free(tables);
}

static void test_refusals(void)
{
    struct tables *tables = fixture_tables();
    CU_ASSERT_STRING_EQUAL(
        picked(tables, ONE(patterns, "pick/nul-async"), CTS_USAGE),
        "no case has the id or prefix 'pick/nul-async'; the nearest is 'pick/null-async'");
    CU_ASSERT_STRING_EQUAL(picked(tables, ONE(skip, "pick/fresh/stale"), CTS_USAGE),
                           "no case has the id or prefix 'pick/fresh/stale'; the nearest is "
                           "'pick/fresh/state'");
    CU_ASSERT_STRING_EQUAL(picked(tables, ONE(patterns, "pick/null"), CTS_USAGE),
                           "no case has the id or prefix 'pick/null'; the nearest is "
                           "'pick/null-async'");
    CU_ASSERT_STRING_EQUAL(picked(tables, ONE(patterns, "zzzzzzzzzzz"), CTS_USAGE),
                           "no case has the id or prefix 'zzzzzzzzzzz'");
    CU_ASSERT_STRING_EQUAL(picked(tables, ONE(patterns, ""), CTS_USAGE),
                           "no case has the id or prefix ''");
    CU_ASSERT_STRING_EQUAL(picked(tables, ONE(tags, "volumes"), CTS_USAGE),
                           "no case has the tag 'volumes'; the nearest is 'volume'");
    CU_ASSERT_STRING_EQUAL(picked(tables, ONE(skip_tags, "fasst"), CTS_USAGE),
                           "no case has the tag 'fasst'; the nearest is 'fast'");
    CU_ASSERT_STRING_EQUAL(picked(tables, ONE(levels, "most"), CTS_USAGE),
                           "no case has the level 'most'; the nearest is 'must'");
    CU_ASSERT_STRING_EQUAL(
        picked(tables, ONE(requirements, "concept#machines"), CTS_USAGE),
        "no case has the requirement 'concept#machines'; the nearest is 'concept#machine'");
    CU_ASSERT_STRING_EQUAL(
        picked(tables, ONE(requirements, "IVssBackupComponents.BackupComplete#link"), CTS_USAGE),
        "no case checks the requirement 'IVssBackupComponents.BackupComplete#link': a fact of the "
        "build");
    struct selection none = {.patterns = list_of((const char *[]){"ops"}, 1),
                             .levels = list_of((const char *[]){"must"}, 1)};
    CU_ASSERT_STRING_EQUAL(picked(tables, &none, CTS_NOTHING), "no case is selected");
    tbl_free(tables);
}

/* The first ids of a plan that was shuffled. */
static void shuffled(const struct tables *tables, uint64_t seed, char *text, size_t size)
{
    struct plan_options options = {.shuffle = true, .seed = seed};
    struct plan *plan = plan_new(tables, NULL, &options, NULL);
    size_t used = 0;
    CU_ASSERT_PTR_NOT_NULL_FATAL(plan);
    CU_ASSERT_EQUAL(plan->count, tables->case_count);
    for (size_t i = 0; i < plan->count; i++) {
        used += (size_t)snprintf(text + used, size - used, "%s ", plan->cases[i].test->id);
        /* Every case is there, and is found by its id. */
        CU_ASSERT_PTR_EQUAL(plan_find(plan, plan->cases[i].test->id), &plan->cases[i]);
        CU_ASSERT_PTR_NOT_NULL(plan_find(plan, tables->cases[i].id));
    }
    CU_ASSERT_PTR_NULL(plan_find(plan, "ops/creat"));
    plan_free(plan);
}

static void test_shuffle(void)
{
    struct tables *tables = fixture_tables();
    char first[2048], again[2048], other[2048];
    shuffled(tables, 42, first, sizeof first);
    shuffled(tables, 42, again, sizeof again);
    shuffled(tables, 43, other, sizeof other);
    CU_ASSERT_STRING_EQUAL(first, again);
    CU_ASSERT_STRING_NOT_EQUAL(first, other);
    /* An order that stood in a report must come back from its seed for ever. */
    CU_ASSERT_STRING_EQUAL(first,
                           "ops/function ops/second-volume ops/structures ops/chain pick/hooks "
                           "pick/fixture pick/null-async/in-order ops/references ops/inout "
                           "ops/writer pick/writers ops/create pick/old pick/fresh/state ops/text "
                           "ops/query ops/values ops/async ops/guids ops/threads pick/twice ");
    tbl_free(tables);
}

/* Every order comes up, and none much oftener than another. */
static void test_shuffle_even(void)
{
    struct test_case cases[3] = {{.id = "a"}, {.id = "b"}, {.id = "c"}};
    unsigned seen[27] = {0};
    for (uint64_t seed = 0; seed < 6000; seed++) {
        const struct test_case *order[] = {&cases[0], &cases[1], &cases[2]};
        order_shuffle(order, 3, seed);
        seen[(order[0] - cases) * 9 + (order[1] - cases) * 3 + (order[2] - cases)]++;
    }
    static const int orders[] = {5, 7, 11, 15, 19, 21}; /* 012, 021, 102, 120, 201, 210 */
    unsigned all = 0;
    for (size_t i = 0; i < 6; i++) {
        CU_ASSERT(seen[orders[i]] > 850 && seen[orders[i]] < 1150);
        all += seen[orders[i]];
    }
    CU_ASSERT_EQUAL(all, 6000);
    order_shuffle(NULL, 0, 1);
}

/* The reason for one case under a profile; "" where it runs. */
static const char *reason_of(const struct tables *tables, const struct profile *profile,
                             const char *id)
{
    static char text[512];
    struct plan_options options = {.selection = {.patterns = {1, &id}}};
    struct plan *plan = plan_new(tables, profile, &options, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(plan);
    CU_ASSERT_EQUAL(plan->cases[0].skip == NULL, plan->cases[0].program != NULL);
    CU_ASSERT_EQUAL(plan->cases[0].skip == NULL, plan->cases[0].steps != NULL);
    snprintf(text, sizeof text, "%s", plan->cases[0].skip ? plan->cases[0].skip : "");
    plan_free(plan);
    return text;
}

static void test_skips(void)
{
    struct tables *tables = fixture_tables();
    struct profile able = fixture_profile(ARCH_X86_64);
    struct profile poor = fixture_profile(ARCH_I686);
    poor.name = "x";
    poor.can = 0;
    poor.volumes.count = 0;
    CU_ASSERT_STRING_EQUAL(reason_of(tables, &able, "pick/writers"), "");
    CU_ASSERT_STRING_EQUAL(reason_of(tables, &able, "pick/hooks"), "");
    CU_ASSERT_STRING_EQUAL(reason_of(tables, &able, "pick/twice"), "");
    CU_ASSERT_STRING_EQUAL(reason_of(tables, &able, "ops/second-volume"), "");
    CU_ASSERT_STRING_EQUAL(reason_of(tables, &poor, "pick/writers"),
                           "needs writers and providers, which the profile 'x' does not claim");
    CU_ASSERT_STRING_EQUAL(reason_of(tables, &poor, "pick/hooks"),
                           "needs fault-hooks, which the profile 'x' does not claim");
    CU_ASSERT_STRING_EQUAL(reason_of(tables, &poor, "pick/twice"),
                           "needs snapshots, which the profile 'x' does not claim");
    /* the fixture writer is the runner's, and it has it */
    CU_ASSERT_STRING_EQUAL(reason_of(tables, &able, "pick/fixture"), "");
    CU_ASSERT_STRING_EQUAL(reason_of(tables, &poor, "pick/fixture"),
                           "needs writers, which the profile 'x' does not claim");
    CU_ASSERT_STRING_EQUAL(reason_of(tables, &poor, "ops/writer"),
                           "needs writers, which the profile 'x' does not claim");
    CU_ASSERT_STRING_EQUAL(reason_of(tables, &able, "pick/old"),
                           "runs only where windows<6.0 and server, and the profile 'lab' stands "
                           "for Windows 10.0.19045, client, x86_64");
    CU_ASSERT_STRING_EQUAL(reason_of(tables, &poor, "ops/function"),
                           "needs @volume, and the profile 'x' names no volume");
    poor.volumes.count = 1;
    CU_ASSERT_STRING_EQUAL(reason_of(tables, &poor, "ops/function"), "");
    CU_ASSERT_STRING_EQUAL(reason_of(tables, &poor, "ops/second-volume"),
                           "needs @volume.2, and the profile 'x' names 1 volume");
    tbl_free(tables);
}

/* The cases of the suite itself name values that those of tests/data do not. */
static void test_profile_values(void)
{
    static struct cts_errors errs;
    const char *source = getenv("VSSCTS_SOURCE");
    char path[1024];
    snprintf(path, sizeof path, "%s/cases", source ? source : ".");
    struct tables *tables = tbl_load(path, &errs);
    CU_ASSERT_PTR_NOT_NULL_FATAL(tables);
    struct profile profile = fixture_profile(ARCH_X86_64);
    const char *ids[] = {"backup/expose/local/drive",
                         "backup/volumes/add/not-supported-by-provider"};
    const struct plan_options options = {.selection = {.patterns = {2, ids}}};
    struct plan *plan = plan_new(tables, &profile, &options, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(plan);
    CU_ASSERT_STRING_EQUAL(plan_find(plan, ids[0])->skip,
                           "needs @free-drive, which the profile 'lab' does not name");
    CU_ASSERT_STRING_EQUAL(plan_find(plan, ids[1])->skip,
                           "needs @other-provider, which the profile 'lab' does not name");
    plan_free(plan);
    profile.values[PROFILE_FREE_DRIVE] = "X:";
    profile.values[PROFILE_OTHER_PROVIDER] = "22222222-0000-4000-8000-00000000000A";
    plan = plan_new(tables, &profile, &options, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(plan);
    CU_ASSERT_PTR_NOT_NULL_FATAL(plan_find(plan, ids[0])->program);
    CU_ASSERT_PTR_NOT_NULL(strstr(plan_find(plan, ids[0])->program, "\"X:\""));
    CU_ASSERT_PTR_NOT_NULL_FATAL(plan_find(plan, ids[1])->program);
    CU_ASSERT_PTR_NOT_NULL(
        strstr(plan_find(plan, ids[1])->program, "\"22222222-0000-4000-8000-00000000000a\""));
    plan_free(plan);
    tbl_free(tables);
}

static void test_list(void)
{
    static const char wanted[] =
        "[{\"id\":\"pick/null-async/in-order\",\"level\":\"must\",\"needs\":[],"
        "\"preamble\":\"bk-init\",\"question\":null,\"requirements\":["
        "\"IVssBackupComponents.BackupComplete#null-ppAsync\","
        "\"IVssBackupComponents.BackupComplete#state\"],\"skip\":null,\"suite\":\"pick\","
        "\"tags\":[\"null\",\"fast\"],\"title\":\"NULL for ppAsync is refused\","
        "\"when\":\"windows>=6.1\"},"
        "{\"id\":\"pick/twice\",\"level\":\"may\",\"needs\":[\"snapshots\"],"
        "\"preamble\":\"bk-completed\",\"question\":\"q-twice\",\"requirements\":[],"
        "\"skip\":\"needs snapshots, which the profile 'lab' does not claim\","
        "\"suite\":\"pick\",\"tags\":[],\"title\":\"A second call\",\"when\":null}]";
    struct tables *tables = fixture_tables();
    struct profile profile = fixture_profile(ARCH_X86_64);
    const char *patterns[] = {"pick/null-async", "pick/twice"};
    struct plan_options options = {.selection = {.patterns = list_of(patterns, 2)}};
    profile.can = 0;
    struct plan *plan = plan_new(tables, &profile, &options, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(plan);
    json_t *list = plan_list_json(plan);
    char *text = json_dumps(list, JSON_COMPACT | JSON_SORT_KEYS);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    CU_ASSERT_STRING_EQUAL(text, wanted);
    free(text);
    json_decref(list);
    plan_free(plan);
    tbl_free(tables);
}

/* Without a profile nothing is expanded and nothing skipped. */
static void test_listing_only(void)
{
    struct tables *tables = fixture_tables();
    struct plan_options options = {.seed = 3};
    struct plan *plan = plan_new(tables, NULL, &options, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(plan);
    CU_ASSERT_EQUAL(plan->count, 21);
    for (size_t i = 0; i < plan->count; i++) {
        CU_ASSERT_PTR_NULL(plan->cases[i].program);
        CU_ASSERT_PTR_NULL(plan->cases[i].skip);
        CU_ASSERT(i == 0 || strcmp(plan->cases[i - 1].test->id, plan->cases[i].test->id) < 0);
    }
    plan_free(plan);
    plan_free(NULL);
    tbl_free(tables);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"patterns", test_patterns},
        {"tags, levels, requirements, what is left out", test_kinds},
        {"refusals with the nearest name", test_refusals},
        {"shuffled order", test_shuffle},
        {"shuffled evenly", test_shuffle_even},
        {"reasons of skips", test_skips},
        {"values of a profile", test_profile_values},
        {"list as JSON", test_list},
        {"plan without a profile", test_listing_only},
        CU_TEST_INFO_NULL,
    };
    return cu_run("plan_select", tests);
}
