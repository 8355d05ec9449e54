/* The reference clone: its test hooks (vsstest.h), and what it does when memory runs out. */
#include "pe_reference.h"

static struct reference ref;
static WCHAR volume_c[] = L"C:\\";

static void test_arguments(void)
{
    HR(ref.fail(NULL, E_FAIL, 0, 1), E_INVALIDARG);
    HR(ref.fail(L"", E_FAIL, 0, 1), E_INVALIDARG);
    HR(ref.fail(L"StartSnapshotSet.async", E_FAIL, 0, 1), E_INVALIDARG);
    HR(ref.fail(L"doSnapshotSet.async", E_FAIL, 0, 1), E_INVALIDARG);
    HR(ref.fail(L"DoSnapshotSet.async", S_OK, 0, 1), E_INVALIDARG);
    HR(ref.fail(L"DoSnapshotSet.async", S_OK, 0, 0), S_OK);
    HR(ref.hold(NULL), E_INVALIDARG);
    HR(ref.hold(L"alloc"), E_INVALIDARG);
    HR(ref.hold(L"DoSnapshotSet.call"), E_INVALIDARG);
    HR(ref.hold(L"DoSnapshotSet"), E_INVALIDARG);
    HR(ref.release(NULL), E_INVALIDARG);
    HR(ref.release(L"alloc"), E_INVALIDARG);
    HR(ref.release(L"DoSnapshotSet.async"), S_OK);
    HR(ref.reset(), S_OK);
    CU_ASSERT_PTR_NOT_NULL((void *)ref_export(ref.module, "VssTestFail"));
}

/* Every method of the contract has its two points. */
static void test_points(void)
{
    static const WCHAR *const methods[] = {
        L"GatherWriterMetadata", L"GatherWriterStatus", L"PrepareForBackup", L"DoSnapshotSet",
        L"BackupComplete",       L"PreRestore",         L"PostRestore",      L"ImportSnapshots"};
    for (size_t i = 0; i < COUNT(methods); i++) {
        WCHAR call[64];
        WCHAR async[64];
        lstrcpynW(call, methods[i], 64);
        lstrcpynW(async, methods[i], 64);
        lstrcpynW(call + lstrlenW(call), L".call", 8);
        lstrcpynW(async + lstrlenW(async), L".async", 8);
        HR(ref.fail(call, E_FAIL, 0, 1), S_OK);
        HR(ref.fail(async, E_FAIL, 0, 1), S_OK);
        HR(ref.hold(async), S_OK);
    }
    HR(ref.reset(), S_OK);
}

static void test_fail_call(void)
{
    IVssBackupComponents *bc = ref_new(&ref);
    VSS_ID id;
    HR(ref_open_set(bc, volume_c, &id), S_OK);
    HR(ref.fail(L"PrepareForBackup.call", VSS_E_UNEXPECTED, 0, 2), S_OK);
    HR(RUN(bc, PrepareForBackup), VSS_E_UNEXPECTED);
    HR(IVssBackupComponents_PrepareForBackup(bc, NULL), E_INVALIDARG);
    HR(RUN(bc, PrepareForBackup), VSS_E_UNEXPECTED);
    HR(RUN(bc, PrepareForBackup), VSS_S_ASYNC_FINISHED);
    /* A refused call does not reach the point. */
    HR(ref.fail(L"PrepareForBackup.call", VSS_E_UNEXPECTED, 0, 1), S_OK);
    HR(RUN(bc, PrepareForBackup), VSS_E_BAD_STATE);
    HR(ref.reset(), S_OK);
    HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED);
    HR(RUN(bc, BackupComplete), VSS_S_ASYNC_FINISHED);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    HR(ref_left(&ref), S_OK);
}

static void test_skip_and_times(void)
{
    static const HRESULT expected[] = {VSS_S_ASYNC_FINISHED, VSS_S_ASYNC_FINISHED, E_ACCESSDENIED,
                                       E_ACCESSDENIED, VSS_S_ASYNC_FINISHED};
    IVssBackupComponents *bc = ref_new(&ref);
    HR(ref_init(bc, NULL, false), S_OK);
    HR(ref.fail(L"GatherWriterStatus.async", VSS_E_PROVIDER_VETO, 9, 9), S_OK);
    HR(ref.fail(L"GatherWriterStatus.async", E_ACCESSDENIED, 2, 2), S_OK); /* takes its place */
    for (size_t i = 0; i < COUNT(expected); i++) {
        HR(RUN(bc, GatherWriterStatus), expected[i]);
    }
    HR(ref.fail(L"GatherWriterStatus.async", E_FAIL, 0, VSSTEST_FOR_GOOD), S_OK);
    for (int i = 0; i < 20; i++) {
        HR(RUN(bc, GatherWriterStatus), VSS_E_UNEXPECTED); /* E_FAIL is no code of the page */
    }
    HR(ref.fail(L"GatherWriterStatus.async", S_OK, 0, 0), S_OK);
    HR(RUN(bc, GatherWriterStatus), VSS_S_ASYNC_FINISHED);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
}

/* The talk with the writers breaks down: the code is the operation's, whatever was set. */
static void test_writers(void)
{
    IVssBackupComponents *bc = ref_new(&ref);
    VSS_ID id;
    HR(ref_open_set(bc, volume_c, &id), S_OK);
    HR(RUN(bc, PrepareForBackup), VSS_S_ASYNC_FINISHED);
    HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED);
    HR(ref.fail(L"writers", E_FAIL, 0, 2), S_OK);
    HR(RUN(bc, GatherWriterStatus), VSS_E_WRITER_INFRASTRUCTURE);
    HR(RUN(bc, BackupComplete), VSS_E_UNEXPECTED_WRITER_ERROR);
    HR(RUN(bc, GatherWriterStatus), VSS_S_ASYNC_FINISHED);
    HR(ref.hold(L"writers"), E_INVALIDARG);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
}

/* What a hold keeps fails, where it is told so, after it is let go. */
static void test_hold_then_fail(void)
{
    IVssBackupComponents *bc = ref_new(&ref);
    IVssAsync *async = NULL;
    HRESULT status = E_UNEXPECTED;
    HR(ref_init(bc, NULL, false), S_OK);
    ref.hold(L"GatherWriterStatus.async");
    ref.fail(L"GatherWriterStatus.async", VSS_E_WRITER_INFRASTRUCTURE, 0, 1);
    HR(IVssBackupComponents_GatherWriterStatus(bc, &async), S_OK);
    HR(IVssAsync_Wait(async, 20), S_OK);
    HR(IVssAsync_QueryStatus(async, &status, NULL), S_OK);
    HR(status, VSS_S_ASYNC_PENDING);
    HR(ref.release(L"GatherWriterStatus.async"), S_OK);
    HR(ref_end(async), VSS_E_WRITER_INFRASTRUCTURE);
    HR(RUN(bc, GatherWriterStatus), VSS_S_ASYNC_FINISHED); /* the point is open again */
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
}

/* A session that touches everything that allocates. Gives the first failure. */
static HRESULT whole_session(void)
{
    IVssBackupComponents *bc = NULL;
    IVssEnumObject *found = NULL;
    IVssEnumObject *copy = NULL;
    BSTR text = NULL;
    VSS_SNAPSHOT_PROP prop = {0};
    VSS_OBJECT_PROP object = {0};
    VSS_ID id;
    HRESULT code = ref.create(&bc);
    if (FAILED(code)) {
        return bc == NULL ? code : E_UNEXPECTED;
    }
    code = ref_backup(bc, &id);
    if (code == S_OK) {
        code = IVssBackupComponents_GetSnapshotProperties(bc, id, &prop);
    }
    if (code == S_OK) {
        code = IVssBackupComponents_SaveAsXML(bc, &text);
    }
    for (int type = VSS_OBJECT_SNAPSHOT; type <= VSS_OBJECT_PROVIDER && code == S_OK; type++) {
        code = IVssBackupComponents_Query(bc, GUID_NULL, VSS_OBJECT_NONE, (VSS_OBJECT_TYPE)type,
                                          &found);
        if (code == S_OK) {
            code = IVssEnumObject_Clone(found, &copy);
        }
        if (code == S_OK) {
            code = IVssEnumObject_Next(copy, 1, &object, NULL);
        }
        if (code == S_OK && object.Type == VSS_OBJECT_SNAPSHOT) {
            ref.free_properties(&object.Obj.Snap);
        } else if (code == S_OK) {
            CoTaskMemFree(object.Obj.Prov.m_pwszProviderName);
            CoTaskMemFree(object.Obj.Prov.m_pwszProviderVersion);
        }
        if (copy != NULL) {
            CU_ASSERT_EQUAL(IVssEnumObject_Release(copy), 0);
        }
        if (found != NULL) {
            CU_ASSERT_EQUAL(IVssEnumObject_Release(found), 0);
        }
        copy = NULL;
        found = NULL;
    }
    CU_ASSERT_TRUE((prop.m_pwszOriginalVolumeName != NULL) == (prop.m_lSnapshotsCount == 1));
    ref.free_properties(&prop);
    SysFreeString(text);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    return code;
}

/* Fails the first allocation, the second and so on, once and for good, until none is left. */
static void test_memory_runs_out(void)
{
    static const ULONG times[] = {1, VSSTEST_FOR_GOOD};
    for (size_t i = 0; i < COUNT(times); i++) {
        ULONG skip = 0;
        HRESULT code;
        do {
            HR(ref.fail(L"alloc", S_OK, skip, times[i]), S_OK);
            code = whole_session();
            if (FAILED(code)) {
                /* IVssEnumObject::Next has no code for lack of memory. */
                CU_ASSERT_TRUE(code == E_OUTOFMEMORY || code == E_FAIL);
            }
            HR(ref_left(&ref), S_OK);
            skip++;
        } while (FAILED(code) && skip < 1000);
        HR(code, S_OK);
        CU_ASSERT_TRUE(skip > 20);
        fprintf(stderr, "%lu allocations\n", skip - 1);
    }
}

/* A call that found no memory may be made again, and the session goes on. */
static void test_retry_without_memory(void)
{
    IVssBackupComponents *bc = ref_new(&ref);
    VSS_ID id;
    VSS_ID second;
    WCHAR volume_d[] = L"D:\\";
    HR(ref_open_set(bc, volume_c, &id), S_OK);
    ref.fail(L"alloc", S_OK, 0, 2);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, volume_d, GUID_NULL, &second), E_OUTOFMEMORY);
    CU_ASSERT_TRUE(IsEqualGUID(&second, &GUID_NULL));
    HR(RUN(bc, PrepareForBackup), E_OUTOFMEMORY);
    HR(RUN(bc, PrepareForBackup), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, volume_d, GUID_NULL, &second), S_OK);
    ref.fail(L"alloc", S_OK, 0, 1);
    HR(RUN(bc, DoSnapshotSet), E_OUTOFMEMORY);
    HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED);
    VSS_SNAPSHOT_PROP prop;
    ref.fail(L"alloc", S_OK, 1, 1);
    HR(IVssBackupComponents_GetSnapshotProperties(bc, second, &prop), E_OUTOFMEMORY);
    CU_ASSERT_PTR_NULL(prop.m_pwszSnapshotDeviceObject);
    HR(IVssBackupComponents_GetSnapshotProperties(bc, second, &prop), S_OK);
    ref.free_properties(&prop);
    HR(RUN(bc, BackupComplete), VSS_S_ASYNC_FINISHED);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    HR(ref_left(&ref), S_OK);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"arguments", test_arguments},
        {"points", test_points},
        {"a call fails", test_fail_call},
        {"skip and times", test_skip_and_times},
        {"writers", test_writers},
        {"held, then failed", test_hold_then_fail},
        {"memory runs out at every place", test_memory_runs_out},
        {"again after lack of memory", test_retry_without_memory},
        CU_TEST_INFO_NULL,
    };
    ref = ref_load();
    return cu_run("reference: hooks", tests);
}
