/* What the cases of tests/data/coverage cover, with and without a run. */
#include "u_coverage_fixture.h"

#include "../../runner/model/hresult.h"

static struct tables *tables;

/* The entry of this subject ("Start in begun" as coverage_subject() has it), or NULL. */
static const struct cover_entry *find(const struct coverage *coverage, const char *subject)
{
    const struct cover_entry *found = NULL;
    for (size_t i = 0; i < coverage->count && !found; i++) {
        struct str_buf buf;
        sb_init(&buf, 1000);
        coverage_subject(&buf, &coverage->entries[i]);
        if (strcmp(sb_text(&buf), subject) == 0 && coverage->entries[i].applies) {
            found = &coverage->entries[i];
        }
        sb_free(&buf);
    }
    return found;
}

/* "checked documented s/null s/path" */
static void describe(const struct cover_entry *entry, struct str_buf *buf)
{
    sb_add(buf, cover_status_name(cover_status(entry)));
    sb_addf(buf, " %s", entry->basis == BASIS_NONE ? "-" : basis_name(entry->basis));
    for (size_t i = 0; i < entry->checks.count; i++) {
        sb_addf(buf, " %s", tables->cases[entry->checks.items[i]].id);
    }
    for (size_t i = 0; i < entry->asks.count; i++) {
        sb_addf(buf, " ?%s", tables->cases[entry->asks.items[i]].id);
    }
    if (cover_status(entry) == COVER_UNCHECKED) {
        sb_addf(buf, " (%s)", entry->unchecked);
    }
}

struct row {
    const char *subject, *wanted;
};

static void check_rows(const struct coverage *coverage, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct cover_entry *entry = find(coverage, rows[i].subject);
        struct str_buf buf;
        sb_init(&buf, 10000);
        if (entry) {
            describe(entry, &buf);
        } else {
            sb_add(&buf, "none");
        }
        if (strcmp(sb_text(&buf), rows[i].wanted) != 0) {
            printf("\n    %s: %s, wanted %s", rows[i].subject, sb_text(&buf), rows[i].wanted);
            CU_FAIL("covered otherwise");
        }
        sb_free(&buf);
    }
}

static void test_tables(void)
{
    static const struct row rows[] = {
        {"IVssBackupComponents.Start",
         "checked documented s/null s/old s/path s/quiet ?s/twice/start/begun ?s/twice/start/done"},
        {"IVssBackupComponentsEx.Name", "asked - ?s/twice/name/begun"},
        {"IVssAsync.Wait", "missing -"},
        {"IVssBackupComponents.Start: S_OK", "checked inferred s/path"},
        {"IVssBackupComponents.Start: VSS_E_UNEXPECTED (windows>=6.1)", "checked observed s/old"},
        /* the case that names it is for a Windows that does not give it */
        {"IVssBackupComponents.Start: E_UNEXPECTED (windows<6.1)", "missing -"},
        /* `failure` names no code */
        {"IVssBackupComponents.Finish: E_INVALIDARG", "checked inferred s/null"},
        {"IVssBackupComponents.Finish: VSS_E_BAD_STATE", "checked inferred s/failed"},
        {"CreateVssBackupComponents: E_ACCESSDENIED", "unchecked - (the worker has all rights)"},
        {"IVssBackupComponents.Finish: VSS_S_ASYNC_FINISHED", "checked documented s/path"},
        {"IVssBackupComponents.Finish: VSS_S_ASYNC_CANCELLED", "checked documented s/path"},
        {"IVssAsync.QueryStatus: VSS_S_ASYNC_PENDING", "missing -"},
        {"IVssBackupComponents.Finish: ppAsync = NULL", "checked inferred s/null"},
        {"IVssBackupComponentsEx.Name: wszName = NULL", "asked - ?s/twice/name/begun"},
        {"IVssBackupComponentsEx.Name: wszMore = NULL", "unchecked - (nobody can tell)"},
        /* what is refused moves nothing on: Start is still called in `begun` */
        {"IVssBackupComponents.Start in begun", "checked documented s/null ?s/twice/start/begun"},
        /* Start has moved the object on: Finish is no longer called in `new` */
        {"IVssBackupComponents.Finish in new", "missing -"},
        {"IVssBackupComponents.Start in new", "checked observed s/old s/path"},
        {"IVssBackupComponentsEx.Name in done", "unchecked - (the name is gone by then)"},
        {"IVssBackupComponents.Finish in gone", "unchecked - (there is no object to call)"},
        {"IVssBackupComponents.Start in quiet", "none"}, /* another region */
        {"concept#seen", "checked - s/failed s/path s/quiet"},
        {"concept#fast", "unchecked - (nobody has a watch)"},
        {"q-twice",
         "checked documented s/null ?s/twice/name/begun ?s/twice/start/begun ?s/twice/start/done"},
        {"q-nobody-asks", "missing -"},
    };
    struct coverage *coverage = cover_new(tables, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(coverage);
    check_rows(coverage, rows, sizeof rows / sizeof rows[0]);
    const struct cover_totals cells = cover_totals(coverage, COVER_CELL);
    CU_ASSERT_EQUAL(cells.total, 12); /* 3 methods in 4 states */
    CU_ASSERT_EQUAL(cells.by_status[COVER_CHECKED], 3);
    CU_ASSERT_EQUAL(cells.by_status[COVER_ASKED], 2);
    CU_ASSERT_EQUAL(cells.by_status[COVER_UNCHECKED], 4);
    CU_ASSERT_EQUAL(cells.by_status[COVER_MISSING], 3);
    cover_free(coverage);
}

/* Entries stand by kind, and every kind has its totals. */
static void test_order(void)
{
    struct coverage *coverage = cover_new(tables, NULL);
    size_t counted = 0;
    CU_ASSERT_PTR_NOT_NULL_FATAL(coverage);
    for (size_t i = 1; i < coverage->count; i++) {
        CU_ASSERT_TRUE(coverage->entries[i - 1].kind <= coverage->entries[i].kind);
    }
    for (unsigned kind = 0; kind < COVER_KIND_COUNT; kind++) {
        const struct cover_totals totals = cover_totals(coverage, (enum cover_kind)kind);
        counted += totals.total;
        CU_ASSERT_EQUAL(totals.total, totals.by_status[0] + totals.by_status[1] +
                                          totals.by_status[2] + totals.by_status[3]);
    }
    CU_ASSERT_EQUAL(counted, coverage->count);
    cover_free(coverage);
}

/* What a question gave, step by step. */
static json_t *events_of(const struct plan *plan, const char *id, const char *hr)
{
    const struct plan_case *planned = plan_find(plan, id);
    const int last = (int)planned->step_count - 1;
    return json_pack("[{s:s, s:s}, {s:s, s:i, s:s}, {s:s, s:i, s:s}, {s:s, s:s}]", "e", "begin",
                     "program", planned->hash, "e", "step", "s", 0, "hr", "0x80070057", "e", "step",
                     "s", last, "hr", hr, "e", "end", "how", "done");
}

static void test_run(void)
{
    static const struct row rows[] = {
        /* neither skipped, nor stopped before its time, nor not selected */
        {"IVssBackupComponents.Start",
         "checked inferred s/path ?s/twice/start/begun ?s/twice/start/done"},
        {"IVssBackupComponents.Start: VSS_E_BAD_STATE", "asked - ?s/twice/start/begun"},
        {"IVssBackupComponents.Start: E_UNEXPECTED (windows<6.1)", "none"},
        {"IVssBackupComponents.Start: VSS_E_UNEXPECTED (windows>=6.1)",
         "asked - ?s/twice/start/done"},
        /* a step of the preamble is no answer */
        {"IVssBackupComponents.Finish: E_INVALIDARG", "missing -"},
        {"IVssBackupComponents.Finish: ppAsync = NULL", "missing -"},
        {"concept#seen", "checked - s/path"},
    };
    const struct claims claims = {.windows = {10, 0, 19045}};
    struct plan *plan = fixture_plan(tables, &claims);
    struct fixture_run made = {0};
    struct cts_error err = {0};
    fixture_add(&made, tables, "s/null", VERDICT_SKIP);
    fixture_add(&made, tables, "s/old", VERDICT_INCONCLUSIVE);
    fixture_add(&made, tables, "s/path", VERDICT_FAIL);
    fixture_add(&made, tables, "s/quiet", VERDICT_ERROR);
    json_t *begun = events_of(plan, "s/twice/start/begun", "0x80042301");
    json_t *done = events_of(plan, "s/twice/start/done", "0x80042302");
    fixture_add(&made, tables, "s/twice/start/begun", VERDICT_RECORDED)->events = begun;
    fixture_add(&made, tables, "s/twice/start/done", VERDICT_RECORDED)->events = done;
    struct coverage *coverage = coverage_of_run(tables, plan, &made.run, &claims, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(coverage);
    check_rows(coverage, rows, sizeof rows / sizeof rows[0]);
    CU_ASSERT_TRUE(cover_totals(coverage, COVER_RESULT).total < coverage->count);
    cover_free(coverage);
    json_decref(begun);
    json_decref(done);
    plan_free(plan);
}

/* The error of old: of the same tables, for a Windows of old. */
static void test_old_windows(void)
{
    static const struct row rows[] = {
        {"IVssBackupComponents.Start: VSS_E_UNEXPECTED (windows>=6.1)", "none"},
        {"IVssBackupComponents.Start: E_UNEXPECTED (windows<6.1)", "missing -"},
    };
    const struct claims claims = {.windows = {6, 0, 6000}};
    struct plan *plan = fixture_plan(tables, &claims);
    struct fixture_run made = {0};
    struct cts_error err = {0};
    fixture_add(&made, tables, "s/old", VERDICT_PASS);
    struct coverage *coverage = coverage_of_run(tables, plan, &made.run, &claims, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(coverage);
    check_rows(coverage, rows, sizeof rows / sizeof rows[0]);
    cover_free(coverage);
    plan_free(plan);
}

/* Tables without anything in them have nothing to cover. */
static void test_nothing(void)
{
    const struct tables empty = {0};
    struct coverage *coverage = cover_new(&empty, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(coverage);
    CU_ASSERT_EQUAL(coverage->count, 0);
    CU_ASSERT_TRUE(coverage_least(coverage, NULL) >= 100.0);
    cover_free(coverage);
    cover_free(NULL);
}

static CU_TestInfo tests[] = {
    {"the tables", test_tables}, {"the order", test_order},
    {"a run", test_run},         {"a Windows of old", test_old_windows},
    {"no tables", test_nothing}, CU_TEST_INFO_NULL,
};

int main(void)
{
    tables = fixture_tables();
    const int status = cu_run("model coverage", tests);
    tbl_free(tables);
    return status;
}
