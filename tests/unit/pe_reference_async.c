/* The reference clone: IVssAsync in each of its states, and objects let go of too early. */
#include "pe_reference.h"

static struct reference ref;
static WCHAR volume_c[] = L"C:\\";

/* Starts a gather of writer metadata on a fresh object. */
static IVssAsync *start_gather(IVssBackupComponents **bc)
{
    IVssAsync *async = NULL;
    *bc = ref_new(&ref);
    HR(ref_init(*bc, NULL, false), S_OK);
    HR(IVssBackupComponents_GatherWriterMetadata(*bc, &async), S_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(async);
    return async;
}

static HRESULT status_of(IVssAsync *async)
{
    HRESULT status = E_UNEXPECTED;
    HR(IVssAsync_QueryStatus(async, &status, NULL), S_OK);
    return status;
}

static void test_finished(void)
{
    IVssBackupComponents *bc;
    IVssAsync *async = start_gather(&bc);
    INT reserved = 5;
    HRESULT status = E_UNEXPECTED;
    HR(IVssAsync_Wait(async, INFINITE), S_OK);
    HR(IVssAsync_QueryStatus(async, &status, &reserved), S_OK);
    HR(status, VSS_S_ASYNC_FINISHED);
    HR(IVssAsync_QueryStatus(async, NULL, NULL), E_INVALIDARG);
    HR(IVssAsync_Wait(async, 0), S_OK);
    HR(IVssAsync_Cancel(async), VSS_S_ASYNC_FINISHED);
    HR(status_of(async), VSS_S_ASYNC_FINISHED);
    CU_ASSERT_EQUAL(IVssAsync_Release(async), 0);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
}

static void test_interfaces(void)
{
    IVssBackupComponents *bc;
    IVssAsync *async = start_gather(&bc);
    void *other = NULL;
    HR(IVssAsync_QueryInterface(async, &IID_IVssAsync, &other), S_OK);
    CU_ASSERT_PTR_EQUAL(other, async);
    HR(IVssAsync_QueryInterface(async, &IID_IUnknown, &other), S_OK);
    CU_ASSERT_PTR_EQUAL(other, async);
    HR(IVssAsync_QueryInterface(async, &IID_IVssBackupComponents, &other), E_NOINTERFACE);
    CU_ASSERT_PTR_NULL(other);
    HR(IVssAsync_QueryInterface(async, &IID_IVssAsync, NULL), E_POINTER);
    CU_ASSERT_EQUAL(IVssAsync_Release(async), 2);
    CU_ASSERT_EQUAL(IVssAsync_AddRef(async), 3);
    IVssAsync_Release(async);
    IVssAsync_Release(async);
    HR(ref_end(async), VSS_S_ASYNC_FINISHED);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
}

static void test_pending_and_cancelled(void)
{
    IVssBackupComponents *bc;
    HR(ref.hold(L"GatherWriterMetadata.async"), S_OK);
    IVssAsync *async = start_gather(&bc);
    HR(status_of(async), VSS_S_ASYNC_PENDING);
    HR(IVssAsync_QueryStatus(async, NULL, NULL), E_INVALIDARG);
    const ULONGLONG start = GetTickCount64();
    HR(IVssAsync_Wait(async, 50), S_OK);
    const ULONGLONG waited = GetTickCount64() - start;
    CU_ASSERT_TRUE(waited >= 30 && waited < 1000);
    HR(status_of(async), VSS_S_ASYNC_PENDING);
    HR(IVssAsync_Cancel(async), S_OK);
    HR(IVssAsync_Cancel(async), VSS_S_ASYNC_CANCELLED);
    HR(IVssAsync_Wait(async, INFINITE), S_OK);
    HR(status_of(async), VSS_S_ASYNC_CANCELLED);
    HR(IVssAsync_Cancel(async), VSS_S_ASYNC_CANCELLED);
    CU_ASSERT_EQUAL(IVssAsync_Release(async), 0);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    HR(ref_left(&ref), S_OK);
}

static void test_failed(void)
{
    IVssBackupComponents *bc;
    HR(ref.fail(L"GatherWriterMetadata.async", VSS_E_WRITER_INFRASTRUCTURE, 0, 1), S_OK);
    IVssAsync *async = start_gather(&bc);
    HR(IVssAsync_Wait(async, INFINITE), S_OK);
    HR(status_of(async), VSS_E_WRITER_INFRASTRUCTURE);
    HR(IVssAsync_Cancel(async), VSS_E_WRITER_INFRASTRUCTURE);
    CU_ASSERT_EQUAL(IVssAsync_Release(async), 0);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
}

/* Server 2003 waits for ever or not at all. */
static void test_wait_of_old_versions(void)
{
    IVssBackupComponents *bc;
    IVssAsync *async = start_gather(&bc);
    SetEnvironmentVariableW(L"VSSREF_WINDOWS", L"5.2");
    HR(IVssAsync_Wait(async, 10), E_INVALIDARG);
    HR(IVssAsync_Wait(async, INFINITE), S_OK);
    SetEnvironmentVariableW(L"VSSREF_WINDOWS", NULL);
    HR(ref_end(async), VSS_S_ASYNC_FINISHED);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
}

/* The client lets go of a pending IVssAsync: the operation goes on by itself. */
static void test_released_while_pending(void)
{
    IVssBackupComponents *bc;
    UINT count;
    ref.hold(L"GatherWriterMetadata.async");
    IVssAsync *async = start_gather(&bc);
    CU_ASSERT_EQUAL(IVssAsync_Release(async), 0);
    HR(IVssBackupComponents_GetWriterMetadataCount(bc, &count), VSS_E_BAD_STATE);
    HR(ref.reset(), S_OK);
    HR(IVssBackupComponents_GetWriterMetadataCount(bc, &count), S_OK);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    HR(ref_left(&ref), S_OK);
}

/* The requester object goes first: the operation ends, and nothing of it stays. */
static void test_object_released_while_pending(void)
{
    IVssBackupComponents *bc = ref_new(&ref);
    IVssAsync *async = NULL;
    VSS_ID id;
    BOOL present = TRUE;
    LONG capability;
    ref.hold(L"DoSnapshotSet.async");
    HR(ref_open_set(bc, volume_c, &id), S_OK);
    HR(RUN(bc, PrepareForBackup), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponents_DoSnapshotSet(bc, &async), S_OK);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    HR(status_of(async), VSS_S_ASYNC_PENDING);
    HR(ref.release(L"DoSnapshotSet.async"), S_OK);
    HR(ref_end(async), VSS_S_ASYNC_FINISHED);
    HR(ref.is_snapshotted(volume_c, &present, &capability), S_OK);
    CU_ASSERT_FALSE(present);
    HR(ref_left(&ref), S_OK);
}

/* AbortBackup ends the operation, and the machine is free for another set at once. */
static void test_abort_while_pending(void)
{
    static const WCHAR *points[] = {L"PrepareForBackup.async", L"DoSnapshotSet.async"};
    for (size_t i = 0; i < COUNT(points); i++) {
        IVssBackupComponents *bc = ref_new(&ref);
        IVssBackupComponents *other = ref_new(&ref);
        IVssAsync *async = NULL;
        VSS_ID id;
        VSS_ID set;
        ref.hold(points[i]);
        HR(ref_open_set(bc, volume_c, &id), S_OK);
        if (i == 0) {
            HR(IVssBackupComponents_PrepareForBackup(bc, &async), S_OK);
        } else {
            HR(IVssBackupComponents_DoSnapshotSet(bc, &async), S_OK);
        }
        HR(ref_init(other, NULL, false), S_OK);
        HR(IVssBackupComponents_StartSnapshotSet(other, &set), VSS_E_SNAPSHOT_SET_IN_PROGRESS);
        HR(IVssBackupComponents_AbortBackup(bc), S_OK);
        HR(IVssBackupComponents_StartSnapshotSet(other, &set), S_OK);
        HR(RUN(bc, GatherWriterStatus), VSS_S_ASYNC_FINISHED);
        HR(ref_end(async), VSS_S_ASYNC_CANCELLED);
        VSS_SNAPSHOT_PROP prop;
        HR(IVssBackupComponents_GetSnapshotProperties(bc, id, &prop), VSS_E_OBJECT_NOT_FOUND);
        CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
        CU_ASSERT_EQUAL(IVssBackupComponents_Release(other), 0);
        HR(ref_left(&ref), S_OK);
    }
}

/* A failed or cancelled creation gives the machine back, leaves no copy, and only the way out. */
static void test_creation_fails(void)
{
    for (int cancel = 0; cancel < 2; cancel++) {
        IVssBackupComponents *bc = ref_new(&ref);
        IVssBackupComponents *other = ref_new(&ref);
        IVssAsync *async = NULL;
        VSS_SNAPSHOT_PROP prop;
        VSS_ID id;
        VSS_ID set;
        HR(ref_open_set(bc, volume_c, &id), S_OK);
        HR(RUN(bc, PrepareForBackup), VSS_S_ASYNC_FINISHED);
        if (cancel) {
            ref.hold(L"DoSnapshotSet.async");
        } else {
            ref.fail(L"DoSnapshotSet.async", VSS_E_INSUFFICIENT_STORAGE, 0, 1);
        }
        HR(IVssBackupComponents_DoSnapshotSet(bc, &async), S_OK);
        if (cancel) {
            HR(IVssAsync_Cancel(async), S_OK);
        }
        HR(ref_end(async), cancel ? VSS_S_ASYNC_CANCELLED : VSS_E_INSUFFICIENT_STORAGE);
        HR(ref_init(other, NULL, false), S_OK);
        HR(IVssBackupComponents_StartSnapshotSet(other, &set), S_OK);
        HR(IVssBackupComponents_GetSnapshotProperties(bc, id, &prop), VSS_E_OBJECT_NOT_FOUND);
        HR(RUN(bc, DoSnapshotSet), VSS_E_BAD_STATE);
        HR(RUN(bc, BackupComplete), VSS_E_BAD_STATE);
        HR(IVssBackupComponents_AbortBackup(bc), S_OK);
        HR(RUN(bc, BackupComplete), VSS_E_BAD_STATE);
        CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
        CU_ASSERT_EQUAL(IVssBackupComponents_Release(other), 0);
        HR(ref_left(&ref), S_OK);
    }
}

/* Cancel against an operation that ends by itself: whatever comes first, both tell the same. */
static void test_cancel_races(void)
{
    unsigned cancelled = 0;
    for (int i = 0; i < 2000; i++) {
        IVssBackupComponents *bc;
        UINT count;
        IVssAsync *async = start_gather(&bc);
        const HRESULT code = IVssAsync_Cancel(async);
        const HRESULT again = IVssAsync_Cancel(async);
        const HRESULT status = ref_end(async);
        HR(again, status);
        if (code == S_OK) {
            cancelled++;
            HR(status, VSS_S_ASYNC_CANCELLED);
            HR(IVssBackupComponents_GetWriterMetadataCount(bc, &count), VSS_E_BAD_STATE);
        } else {
            HR(code, VSS_S_ASYNC_FINISHED);
            HR(status, VSS_S_ASYNC_FINISHED);
            HR(IVssBackupComponents_GetWriterMetadataCount(bc, &count), S_OK);
        }
        CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    }
    fprintf(stderr, "cancelled %u of 2000\n", cancelled);
    HR(ref_left(&ref), S_OK);
}

/* Operations do not wait for one another: many may be pending at once, each on its own object. */
static void test_many_pending(void)
{
    enum { MANY = 40 };
    IVssBackupComponents *bc[MANY];
    IVssAsync *async[MANY];
    ref.hold(L"GatherWriterMetadata.async");
    for (int i = 0; i < MANY; i++) {
        async[i] = start_gather(&bc[i]);
    }
    IVssBackupComponents *other = ref_new(&ref);
    HR(ref_init(other, NULL, false), S_OK);
    HR(RUN(other, GatherWriterStatus), VSS_S_ASYNC_FINISHED);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(other), 0);
    for (int i = 0; i < MANY; i++) {
        HR(status_of(async[i]), VSS_S_ASYNC_PENDING);
    }
    HR(ref.release(L"GatherWriterMetadata.async"), S_OK);
    for (int i = 0; i < MANY; i++) {
        HR(ref_end(async[i]), VSS_S_ASYNC_FINISHED);
        CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc[i]), 0);
    }
    HR(ref_left(&ref), S_OK);
}

/* A trivial operation, from the call to the end seen by QueryStatus, takes well below 0.2 ms; the
 * limit here leaves room for a busy machine. */
static void test_speed(void)
{
    enum { ROUNDS = 2000 };
    LARGE_INTEGER frequency;
    LARGE_INTEGER start;
    LARGE_INTEGER end;
    IVssBackupComponents *bc = ref_new(&ref);
    HR(ref_init(bc, NULL, false), S_OK);
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&start);
    for (int i = 0; i < ROUNDS; i++) {
        HR(RUN(bc, GatherWriterStatus), VSS_S_ASYNC_FINISHED);
    }
    QueryPerformanceCounter(&end);
    const double each =
        (double)(end.QuadPart - start.QuadPart) * 1e6 / (double)frequency.QuadPart / ROUNDS;
    fprintf(stderr, "one operation: %.1f us\n", each);
    CU_ASSERT_TRUE(each < 1000);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"finished", test_finished},
        {"interfaces and references", test_interfaces},
        {"pending, then cancelled", test_pending_and_cancelled},
        {"failed", test_failed},
        {"Wait before Vista", test_wait_of_old_versions},
        {"released while pending", test_released_while_pending},
        {"object released while pending", test_object_released_while_pending},
        {"AbortBackup while pending", test_abort_while_pending},
        {"creation fails or is cancelled", test_creation_fails},
        {"Cancel races with the end", test_cancel_races},
        {"many pending at once", test_many_pending},
        {"speed", test_speed},
        CU_TEST_INFO_NULL,
    };
    ref = ref_load();
    return cu_run("reference: IVssAsync", tests);
}
