/* The reference clone: one shadow copy creation at a time on the machine, across processes. */
#include "pe_reference_other.h"

static struct reference ref;
static WCHAR volume_c[] = L"C:\\";

/* What the other process does before it sets READY and waits for GO. */
enum what { OPEN_SET, TRY_SET, WHOLE_BACKUP };

static int run_other(enum what what, const char *ready_name, const char *go_name)
{
    IVssBackupComponents *bc = ref_new(&ref);
    VSS_ID id;
    HRESULT code;
    if (what == WHOLE_BACKUP) {
        code = ref_backup(bc, &id);
    } else {
        code = ref_open_set(bc, L"C:\\", &id);
    }
    const HRESULT wanted = what == TRY_SET ? VSS_E_SNAPSHOT_SET_IN_PROGRESS : S_OK;
    /* Without a Release: the end of the process must do. */
    return other_ready(code, wanted, ready_name, go_name);
}

/* The refused object keeps its state and gets the set once the other process is gone. */
static void other_process_dies(bool kill)
{
    struct other other = other_start(OPEN_SET);
    IVssBackupComponents *bc = ref_new(&ref);
    VSS_ID set;
    VSS_ID id;
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_SetBackupState(bc, FALSE, FALSE, VSS_BT_COPY, FALSE), S_OK);
    HR(IVssBackupComponents_StartSnapshotSet(bc, &set), VSS_E_SNAPSHOT_SET_IN_PROGRESS);
    CU_ASSERT_TRUE(IsEqualGUID(&set, &GUID_NULL));
    HR(IVssBackupComponents_AddToSnapshotSet(bc, volume_c, GUID_NULL, &id), VSS_E_BAD_STATE);
    HR(IVssBackupComponents_StartSnapshotSet(bc, &set), VSS_E_SNAPSHOT_SET_IN_PROGRESS);
    other_end(&other, kill);
    HR(IVssBackupComponents_StartSnapshotSet(bc, &set), S_OK);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, volume_c, GUID_NULL, &id), S_OK);
    HR(RUN(bc, PrepareForBackup), VSS_S_ASYNC_FINISHED);
    HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
}

static void test_killed(void)
{
    other_process_dies(true);
}

static void test_ended(void)
{
    other_process_dies(false);
}

static void test_other_is_refused(void)
{
    IVssBackupComponents *bc = ref_new(&ref);
    VSS_ID id;
    HR(ref_open_set(bc, L"C:\\", &id), S_OK);
    struct other other = other_start(TRY_SET);
    other_end(&other, false);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
}

/* The set in progress of one system is none of another's. */
static void test_other_system(void)
{
    IVssBackupComponents *bc = ref_new(&ref);
    VSS_ID id;
    HR(ref_open_set(bc, L"C:\\", &id), S_OK);
    SetEnvironmentVariableW(L"VSSREF_SYSTEM", L"another");
    struct other other = other_start(OPEN_SET);
    SetEnvironmentVariableW(L"VSSREF_SYSTEM", NULL);
    other_end(&other, false);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
}

/* The end of DoSnapshotSet gives the machine back while the other process lives on. */
static void test_free_after_creation(void)
{
    struct other other = other_start(WHOLE_BACKUP);
    IVssBackupComponents *bc = ref_new(&ref);
    VSS_ID id;
    HR(ref_backup(bc, &id), S_OK);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    other_end(&other, false);
}

/* What else gives it back, inside one process: AbortBackup, and the last Release. */
static void test_within_process(void)
{
    IVssBackupComponents *first = ref_new(&ref);
    IVssBackupComponents *second = ref_new(&ref);
    VSS_ID set;
    HR(ref_init(first, NULL, false), S_OK);
    HR(ref_init(second, NULL, false), S_OK);
    HR(IVssBackupComponents_StartSnapshotSet(first, &set), S_OK);
    HR(IVssBackupComponents_StartSnapshotSet(second, &set), VSS_E_SNAPSHOT_SET_IN_PROGRESS);
    HR(IVssBackupComponents_AbortBackup(first), S_OK);
    HR(IVssBackupComponents_StartSnapshotSet(second, &set), S_OK);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(second), 0);
    second = ref_new(&ref);
    HR(ref_init(second, NULL, false), S_OK);
    HR(IVssBackupComponents_StartSnapshotSet(second, &set), S_OK);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(second), 0);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(first), 0);
    HR(ref_left(&ref), S_OK);
}

int main(int argc, char **argv)
{
    ref = ref_load();
    if (argc == 5) {
        return run_other((enum what)(argv[2][0] - '0'), argv[3], argv[4]);
    }
    CU_TestInfo tests[] = {
        {"within one process", test_within_process},
        {"the other process is killed", test_killed},
        {"the other process ends", test_ended},
        {"the other process is refused", test_other_is_refused},
        {"another system", test_other_system},
        {"free after a creation", test_free_after_creation},
        CU_TEST_INFO_NULL,
    };
    return cu_run("reference: one creation at a time", tests);
}
