/* The reference clone: many sessions leave nothing behind, threads do not disturb one another, and
 * the module can be unloaded at any time. */
#include "pe_reference.h"

#include <tlhelp32.h>

#define THREADS 4
#define THREADS_RUN_MS 2000

static struct reference ref;

struct footprint {
    DWORD handles;
    unsigned threads;
    size_t heap; /* bytes in use in all heaps of the process */
};

static unsigned count_threads(void)
{
    THREADENTRY32 entry = {.dwSize = sizeof(entry)};
    unsigned count = 0;
    HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    for (BOOL more = Thread32First(all, &entry); more; more = Thread32Next(all, &entry)) {
        count += entry.th32OwnerProcessID == GetCurrentProcessId();
    }
    CloseHandle(all);
    return count;
}

/* Wine 8 answers 0 to GetProcessHandleCount, so the handles of the system are counted through. */
struct system_handle {
    void *object;
    ULONG_PTR process;
    ULONG_PTR handle;
    ULONG access;
    USHORT trace, type;
    ULONG attributes, reserved;
};
struct system_handles {
    ULONG_PTR count, reserved;
    struct system_handle handles[];
};

static DWORD count_handles(void)
{
    enum { EXTENDED_HANDLE_INFORMATION = 64 };
    LONG(WINAPI * query)
    (int, void *, ULONG, ULONG *) =
        (void *)GetProcAddress(GetModuleHandleA("ntdll.dll"), "NtQuerySystemInformation");
    const ULONG size = 4 << 20;
    struct system_handles *all = malloc(size);
    DWORD count = 0;
    if (query != NULL && all != NULL && query(EXTENDED_HANDLE_INFORMATION, all, size, NULL) == 0) {
        for (ULONG_PTR i = 0; i < all->count; i++) {
            count += all->handles[i].process == GetCurrentProcessId();
        }
    }
    free(all);
    return count;
}

static struct footprint measure(void)
{
    struct footprint footprint = {0};
    HANDLE heaps[64];
    Sleep(600); /* the threads of the pool end after a quarter of a second without work */
    footprint.threads = count_threads();
    footprint.handles = count_handles();
    const DWORD count = GetProcessHeaps(COUNT(heaps), heaps);
    for (DWORD i = 0; i < count && i < COUNT(heaps); i++) {
        PROCESS_HEAP_ENTRY entry = {0};
        HeapLock(heaps[i]);
        while (HeapWalk(heaps[i], &entry)) {
            if ((entry.wFlags & PROCESS_HEAP_ENTRY_BUSY) != 0) {
                footprint.heap += entry.cbData;
            }
        }
        HeapUnlock(heaps[i]);
    }
    return footprint;
}

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
    const struct footprint after = measure();
    fprintf(stderr, "handles %lu -> %lu, threads %u -> %u, heap %u -> %u\n", before.handles,
            after.handles, before.threads, after.threads, (unsigned)before.heap,
            (unsigned)after.heap);
    CU_ASSERT_TRUE(before.handles > 0 && before.threads > 0 && before.heap > 0);
    CU_ASSERT_TRUE(after.handles <= before.handles);
    CU_ASSERT_TRUE(after.threads <= before.threads);
    CU_ASSERT_TRUE(after.heap <= before.heap + 1024);
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
    for (int i = 0; i < THREADS; i++) {
        workers[i].end = GetTickCount64() + THREADS_RUN_MS;
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
    CU_ASSERT_TRUE(sum.backups > 100 && sum.restores > 100);
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
        {"4 threads for 2 seconds", test_threads},
        {"unloaded while an operation is pending", test_unload_while_pending},
        {"unloaded again and again", test_unload_often},
        CU_TEST_INFO_NULL,
    };
    ref = ref_load();
    return cu_run("reference: stress", tests);
}
