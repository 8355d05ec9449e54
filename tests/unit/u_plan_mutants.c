/* Which cases show a mutant, and the mutants that are made for requirements. */
#include "../../runner/plan/mutant_families.h"
#include "u_plan_fixture.h"

#define OWN "IVssBackupComponents.BackupComplete#state"

static struct tables *tables;
static struct by_requirement by;

static const struct requirement *requirement(const char *id)
{
    const struct requirement *found = tbl_requirement(tables, id);
    CU_ASSERT_PTR_NOT_NULL_FATAL(found);
    return found;
}

/* Every requirement has the cases that name it, in the order of the tables, and no question. */
static void test_index(void)
{
    size_t all = 0;
    for (size_t i = 0; i < tables->requirement_count; i++) {
        size_t count = 0, wanted = 0;
        const struct test_case *const *cases =
            by_requirement_find(&by, &tables->requirements[i], &count);
        for (size_t k = 0; k < tables->case_count; k++) {
            const struct test_case *test = &tables->cases[k];
            for (size_t r = 0; !test->question && r < test->requirements.count; r++) {
                if (strcmp(test->requirements.items[r], tables->requirements[i].id) == 0) {
                    CU_ASSERT_TRUE_FATAL(wanted < count);
                    CU_ASSERT_PTR_EQUAL(cases[wanted++], test);
                }
            }
        }
        CU_ASSERT_EQUAL(wanted, count);
        all += count;
    }
    CU_ASSERT_TRUE(all > 0);
}

static void test_cases(void)
{
    const char *patterns[] = {"ops/**", "pick"};
    struct mutant mutant = {.requirement = requirement(OWN), .cases = {2, patterns}};
    struct mutant_cases cases;
    CU_ASSERT_TRUE_FATAL(mutant_cases_init(&cases, &by, &mutant));
    CU_ASSERT_TRUE(cases.own > 0 && cases.count > cases.own);
    for (size_t i = 0; i < cases.count; i++) {
        bool own = false;
        for (size_t r = 0; r < cases.items[i]->requirements.count; r++) {
            own = own || strcmp(cases.items[i]->requirements.items[r], OWN) == 0;
        }
        CU_ASSERT_EQUAL(own, i < cases.own);
        CU_ASSERT_PTR_NULL(cases.items[i]->question);
        for (size_t k = 0; k < i; k++) {
            CU_ASSERT_PTR_NOT_EQUAL(cases.items[k], cases.items[i]);
        }
    }
    mutant_cases_free(&cases);
    mutant.only = &tables->cases[0];
    mutant.cases.count = 0;
    CU_ASSERT_TRUE_FATAL(mutant_cases_init(&cases, &by, &mutant));
    CU_ASSERT_EQUAL_FATAL(cases.count, 1);
    CU_ASSERT_EQUAL(cases.own, 1);
    CU_ASSERT_PTR_EQUAL(cases.items[0], &tables->cases[0]);
    mutant_cases_free(&cases);
}

static const struct {
    const char *name, *test, *action, *text;
} made[] = {
    /* NULL that is refused is taken */
    {"made/IVssBackupComponents.BackupComplete#null-ppAsync", "pick/null-async/in-order",
     "{\"give\":\"0x00000000\",\"method\":\"IVssBackupComponents.BackupComplete\",\"null\":0,"
     "\"words\":2}",
     "IVssBackupComponents.BackupComplete gives S_OK for NULL in ppAsync"},
    /* the call that the requirement is named at, and not the one before it */
    {"made/IVssBackupComponents.BackupComplete#state", "pick/null-async/in-order",
     "{\"from\":2,\"give\":\"0x8000FFFF\",\"method\":\"IVssBackupComponents.BackupComplete\","
     "\"words\":2}",
     "IVssBackupComponents.BackupComplete gives E_UNEXPECTED"},
    {"made/concept#machine", "ops/async",
     "{\"give\":\"0x8000FFFF\",\"method\":\"IVssAsync.Cancel\",\"words\":1}",
     "IVssAsync.Cancel gives E_UNEXPECTED"},
};

static void test_made(void)
{
    struct mutant_families families;
    struct profile profile = fixture_profile(ARCH_X86_64);
    const struct plan_options options = {.bare = true};
    struct cts_error err;
    struct plan *plan = plan_new(tables, &profile, &options, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(plan);
    CU_ASSERT_TRUE_FATAL(mutant_families_init(&families, tables));
    CU_ASSERT_TRUE_FATAL(mutant_families_add(&families, &by, plan, &profile.claims, profile.name));
    CU_ASSERT_EQUAL_FATAL(families.count, sizeof made / sizeof made[0]);
    for (size_t i = 0; i < families.count; i++) {
        const struct mutant *mutant = &families.items[i];
        CU_ASSERT_STRING_EQUAL(mutant->name, made[i].name);
        CU_ASSERT_STRING_EQUAL(mutant->only->id, made[i].test);
        CU_ASSERT_STRING_EQUAL(mutant->action, made[i].action);
        CU_ASSERT_STRING_EQUAL(mutant->text, made[i].text);
        CU_ASSERT_STRING_EQUAL(mutant->profile, "lab");
        CU_ASSERT_TRUE(mutant->one_arch && mutant->arch == ARCH_X86_64);
    }
    /* those that have one get no other */
    CU_ASSERT_TRUE(mutant_families_add(&families, &by, plan, &profile.claims, profile.name));
    CU_ASSERT_EQUAL(families.count, sizeof made / sizeof made[0]);
    mutant_families_free(&families);
    plan_free(plan);
}

int main(void)
{
    tables = fixture_tables();
    if (!by_requirement_init(&by, tables)) {
        return EXIT_FAILURE;
    }
    CU_TestInfo tests[] = {
        {"cases by requirement", test_index},
        {"cases of a mutant", test_cases},
        {"mutants that are made", test_made},
        CU_TEST_INFO_NULL,
    };
    const int status = cu_run("plan: mutants", tests);
    by_requirement_free(&by);
    tbl_free(tables);
    return status;
}
