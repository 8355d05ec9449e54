/* The reference clone: many sessions leave nothing behind, threads do not disturb one another, and
 * the module can be unloaded at any time. */
#include "pe_reference_footprint.h"
#include "pe_reference_writer.h"

#define THREADS 8
#define THREADS_RUN_MS 2000
#define THREADS_LONG_RUN_MS 10000

static struct reference ref;

/* A session of backup with everything that hands something out, and one of restore. */
static void session(void)
{
    IVssBackupComponents *bc = ref_new(&ref);
    VSS_SNAPSHOT_PROP prop;
    VSS_ID id;
    BSTR text = NULL;
    IVssEnumObject *found = NULL;
    VSS_OBJECT_PROP object;
    HR(ref_backup(bc, &id), S_OK);
    HR(IVssBackupComponents_GetSnapshotProperties(bc, id, &prop), S_OK);
    ref.free_properties(&prop);
    HR(IVssBackupComponents_Query(bc, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &found),
       S_OK);
    HR(IVssEnumObject_Next(found, 1, &object, NULL), S_OK);
    ref.free_properties(&object.Obj.Snap);
    CU_ASSERT_EQUAL(IVssEnumObject_Release(found), 0);
    HR(IVssBackupComponents_SaveAsXML(bc, &text), S_OK);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    bc = ref_new(&ref);
    HR(ref_init(bc, text, true), S_OK);
    HR(RUN(bc, PreRestore), VSS_S_ASYNC_FINISHED);
    HR(RUN(bc, PostRestore), VSS_S_ASYNC_FINISHED);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    SysFreeString(text);
}

static void test_many_sessions(void)
{
    for (int i = 0; i < 100; i++) {
        session();
    }
    const struct footprint before = measure();
    for (int i = 0; i < 1000; i++) {
        session();
    }
    footprint_kept(before, measure());
    HR(ref_left(&ref), S_OK);
}

/* A writer comes, is asked and told, and goes, again and again. */
static void test_many_subscriptions(void)
{
    enum { ROUNDS = 64 };
    struct footprint before = {0};
    const struct vsswriter_api api = writer_api(ref.module);
    for (int i = -ROUNDS / 4; i < ROUNDS; i++) {
        struct test_writer writer;
        if (i == 0) {
            before = measure();
        }
        writer_start(&writer, &api, 1);
        session();
        IVssBackupComponents *bc = ref_new(&ref);
        VSS_ID set;
        HR(ref_init(bc, NULL, false), S_OK);
        HR(IVssBackupComponents_SetBackupState(bc, FALSE, FALSE, VSS_BT_FULL, FALSE), S_OK);
        HR(IVssBackupComponents_StartSnapshotSet(bc, &set), S_OK);
        HR(RUN(bc, PrepareForBackup), VSS_S_ASYNC_FINISHED);
        CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
        LOG(&writer, "IPD");
        writer_end(&writer);
    }
    footprint_kept(before, measure());
    HR(ref_left(&ref), S_OK);
}

struct worker {
    unsigned backups, refused, restores, wrong;
    ULONGLONG end;
};

static void worker_backup(struct worker *worker)
{
    IVssBackupComponents *bc = ref_new(&ref);
    VSS_ID id;
    const HRESULT code = ref_backup(bc, &id);
    worker->backups += code == S_OK;
    worker->refused += code == VSS_E_SNAPSHOT_SET_IN_PROGRESS;
    worker->wrong += code != S_OK && code != VSS_E_SNAPSHOT_SET_IN_PROGRESS;
    worker->wrong += IVssBackupComponents_Release(bc) != 0;
}

static void worker_restore(struct worker *worker)
{
    IVssBackupComponents *bc = ref_new(&ref);
    IVssAsync *async = NULL;
    HRESULT code = ref_init(bc, DOCUMENT, true);
    if (code == S_OK) {
        code = IVssBackupComponents_PreRestore(bc, &async);
    }
    if (code == S_OK) {
        const HRESULT cancel = IVssAsync_Cancel(async);
        const HRESULT status = ref_end(async);
        worker->wrong += (cancel == S_OK ? VSS_S_ASYNC_CANCELLED : VSS_S_ASYNC_FINISHED) != status;
    }
    worker->restores += code == S_OK;
    worker->wrong += code != S_OK;
    worker->wrong += IVssBackupComponents_Release(bc) != 0;
}

static DWORD WINAPI worker_main(void *context)
{
    struct worker *worker = context;
    while (GetTickCount64() < worker->end) {
        worker_backup(worker);
        worker_restore(worker);
    }
    return 0;
}

static void test_threads(void)
{
    struct worker workers[THREADS] = {0};
    HANDLE threads[THREADS];
    const ULONGLONG run = endurance() ? THREADS_LONG_RUN_MS : THREADS_RUN_MS;
    for (int i = 0; i < THREADS; i++) {
        workers[i].end = GetTickCount64() + run;
        threads[i] = CreateThread(NULL, 0, worker_main, &workers[i], 0, NULL);
        CU_ASSERT_PTR_NOT_NULL_FATAL(threads[i]);
    }
    CU_ASSERT_EQUAL(WaitForMultipleObjects(THREADS, threads, TRUE, 30000), WAIT_OBJECT_0);
    struct worker sum = {0};
    for (int i = 0; i < THREADS; i++) {
        CloseHandle(threads[i]);
        sum.backups += workers[i].backups;
        sum.refused += workers[i].refused;
        sum.restores += workers[i].restores;
        sum.wrong += workers[i].wrong;
    }
    fprintf(stderr, "backups %u, refused %u, restores %u, wrong %u\n", sum.backups, sum.refused,
            sum.restores, sum.wrong);
    CU_ASSERT_EQUAL(sum.wrong, 0);
    CU_ASSERT_TRUE(sum.backups > 0 && sum.refused > 0 && sum.restores > 100);
    HR(ref_left(&ref), S_OK);
}

static bool gone_within(DWORD milliseconds)
{
    const ULONGLONG end = GetTickCount64() + milliseconds;
    while (GetModuleHandleA("vssref.dll") != NULL) {
        if (GetTickCount64() > end) {
            return false;
        }
        Sleep(5);
    }
    return true;
}

/* FreeLibrary while an operation is under way, whose thread keeps the module until it has ended. */
static void test_unload_while_pending(void)
{
    IVssBackupComponents *bc = ref_new(&ref);
    IVssAsync *async = NULL;
    HR(ref_init(bc, NULL, false), S_OK);
    HR(ref.hold(L"GatherWriterStatus.async"), S_OK);
    HR(IVssBackupComponents_GatherWriterStatus(bc, &async), S_OK);
    CU_ASSERT_EQUAL(IVssAsync_Release(async), 0);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    FreeLibrary(ref.module);
    CU_ASSERT_FALSE(gone_within(500));
    HR(ref.release(L"GatherWriterStatus.async"), S_OK);
    CU_ASSERT_TRUE(gone_within(5000));
    ref = ref_load();
}

/* Load, work, unload: at once after the last operation, and again and again. */
static void test_unload_often(void)
{
    CU_ASSERT_TRUE(FreeLibrary(ref.module));
    CU_ASSERT_TRUE(gone_within(5000));
    const unsigned threads = count_threads();
    for (int i = 0; i < 20; i++) {
        ref = ref_load();
        session();
        FreeLibrary(ref.module);
        if (i % 4 == 0) {
            CU_ASSERT_TRUE(gone_within(5000));
        }
    }
    CU_ASSERT_TRUE(gone_within(5000));
    Sleep(50);
    CU_ASSERT_TRUE(count_threads() <= threads);
    ref = ref_load();
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"1000 sessions leave nothing behind", test_many_sessions},
        {"8 threads, each with its objects", test_threads},
        {"64 subscriptions leave nothing behind", test_many_subscriptions},
        {"unloaded while an operation is pending", test_unload_while_pending},
        {"unloaded again and again", test_unload_often},
        CU_TEST_INFO_NULL,
    };
    ref = ref_load();
    return cu_run("reference: stress", tests);
}
