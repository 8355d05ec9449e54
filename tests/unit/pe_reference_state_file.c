/* The reference clone: copies that processes share (VSSREF_STATE). What the
 * other process gets is a context. */
#include "pe_reference_machine.h"
#include "pe_reference_other.h"

static const WCHAR state_name[] = L"pe_reference_state.bin";

/* Makes a copy, says so and waits; ends without a Release. */
static int run_other(LONG context, const char *ready_name, const char *go_name)
{
    IVssBackupComponents *bc = ref_new(&ref);
    VSS_ID set;
    VSS_ID id;
    WCHAR volume[] = L"D:\\";
    HRESULT code = ref_init(bc, NULL, false);
    if (SUCCEEDED(code)) {
        code = IVssBackupComponents_SetContext(bc, context);
    }
    if (SUCCEEDED(code)) {
        code = IVssBackupComponents_StartSnapshotSet(bc, &set);
    }
    if (SUCCEEDED(code)) {
        code = IVssBackupComponents_AddToSnapshotSet(bc, volume, GUID_NULL, &id);
    }
    if (SUCCEEDED(code)) {
        code = RUN(bc, DoSnapshotSet);
    }
    return other_ready(code, VSS_S_ASYNC_FINISHED, ready_name, go_name);
}

/* The copies of the machine; *set is the set of the last one. */
static unsigned count_copies(VSS_ID *set)
{
    IVssBackupComponents *bc = new_with((LONG)VSS_CTX_ALL);
    IVssEnumObject *found = NULL;
    VSS_OBJECT_PROP object;
    unsigned count = 0;
    const HRESULT code =
        IVssBackupComponents_Query(bc, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &found);
    while (IVssEnumObject_Next(found, 1, &object, NULL) == S_OK) {
        *set = object.Obj.Snap.m_SnapshotSetId;
        ref.free_properties(&object.Obj.Snap);
        count++;
    }
    HR(code, count > 0 ? S_OK : S_FALSE);
    CU_ASSERT_EQUAL(IVssEnumObject_Release(found), 0);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    return count;
}

static void delete_copies(VSS_ID set)
{
    IVssBackupComponents *bc = ref_new(&ref);
    LONG deleted = 0;
    HR(delete_set(bc, set, &deleted), S_OK);
    CU_ASSERT_EQUAL(deleted, 1);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
}

/* Auto-release copies are seen by others as long as their process lives, however it ends. */
static void test_auto_release(void)
{
    for (int kill = 0; kill <= 1; kill++) {
        VSS_ID set;
        struct other other = other_start(VSS_CTX_FILE_SHARE_BACKUP);
        CU_ASSERT_EQUAL(count_copies(&set), 1);
        other_end(&other, kill);
        CU_ASSERT_EQUAL(count_copies(&set), 0);
    }
}

/* Persistent ones outlive it, and are as good as one's own. */
static void test_persistent(void)
{
    for (int kill = 0; kill <= 1; kill++) {
        VSS_ID set = GUID_NULL;
        struct other other = other_start(VSS_CTX_NAS_ROLLBACK);
        other_end(&other, kill);
        CU_ASSERT_EQUAL(count_copies(&set), 1);
        delete_copies(set);
        CU_ASSERT_EQUAL(count_copies(&set), 0);
    }
}

/* The end of one's own object leaves the copies of others alone; device names never meet. */
static void test_side_by_side(void)
{
    IVssBackupComponents *bc = new_with(VSS_CTX_FILE_SHARE_BACKUP);
    VSS_ID set;
    VSS_ID id;
    struct other other = other_start(VSS_CTX_FILE_SHARE_BACKUP);
    HR(make(bc, L"C:\\", &set, &id), VSS_S_ASYNC_FINISHED);
    CU_ASSERT_EQUAL(count_copies(&set), 2);
    VSS_SNAPSHOT_PROP prop;
    HR(IVssBackupComponents_GetSnapshotProperties(bc, id, &prop), S_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(prop.m_pwszSnapshotDeviceObject);
    const WCHAR *number = prop.m_pwszSnapshotDeviceObject + 46;
    CU_ASSERT_TRUE(_wtoi(number) > 1);
    ref.free_properties(&prop);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    CU_ASSERT_EQUAL(count_copies(&set), 1);
    other_end(&other, false);
    CU_ASSERT_EQUAL(count_copies(&set), 0);
    HR(ref_left(&ref), S_OK);
}

/* Without the setting a process sees its own copies only. */
static void test_private(void)
{
    VSS_ID set;
    struct other other = other_start(VSS_CTX_FILE_SHARE_BACKUP);
    set_variable(L"VSSREF_STATE", NULL);
    CU_ASSERT_EQUAL(count_copies(&set), 0);
    set_variable(L"VSSREF_STATE", state_name);
    CU_ASSERT_EQUAL(count_copies(&set), 1);
    other_end(&other, false);
}

/* A file of others is refused, not spoilt. */
static void test_foreign_file(void)
{
    static const char text[] = "this is no store of copies at all, and it is nobody's";
    static const WCHAR foreign_name[] = L"pe_reference_foreign.bin";
    FILE *file = _wfopen(foreign_name, L"wb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fwrite(text, 1, sizeof(text), file), sizeof(text));
    CU_ASSERT_EQUAL(fclose(file), 0);
    set_variable(L"VSSREF_STATE", foreign_name);
    IVssBackupComponents *bc = ref_new(&ref);
    VSS_SNAPSHOT_PROP prop;
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_GetSnapshotProperties(bc, GUID_NULL, &prop), VSS_E_UNEXPECTED);
    set_variable(L"VSSREF_STATE", L"Q:\\no\\such\\folder\\state.bin");
    HR(IVssBackupComponents_GetSnapshotProperties(bc, GUID_NULL, &prop), VSS_E_UNEXPECTED);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    set_variable(L"VSSREF_STATE", state_name);
    CU_ASSERT_TRUE(DeleteFileW(foreign_name));
}

int main(int argc, char **argv)
{
    ref = ref_load();
    if (argc == 5) {
        return run_other(strtol(argv[2], NULL, 10), argv[3], argv[4]);
    }
    CU_TestInfo tests[] = {
        {"auto-release copies of others", test_auto_release},
        {"persistent copies of others", test_persistent},
        {"copies of two side by side", test_side_by_side},
        {"private copies", test_private},
        {"a file of others", test_foreign_file},
        CU_TEST_INFO_NULL,
    };
    DeleteFileW(state_name);
    SetEnvironmentVariableW(L"VSSREF_STATE", state_name);
    const int status = cu_run("reference: copies of all processes", tests);
    DeleteFileW(state_name);
    return status;
}
