/* The reference clone: many sessions with writers leave nothing behind, and many threads with
 * sessions of their own meet the same writer. VSSCTS_ENDURANCE asks for the long runs: 1,000
 * sessions, ten seconds. */
#include "pe_reference_footprint.h"
#include "pe_reference_writer.h"

#define THREADS 8

static struct reference ref;
static struct vsswriter_api api;
static struct test_writer writers[2];

static void add_components(IVssBackupComponents *bc)
{
    UINT count = 0;
    HR(IVssBackupComponents_GetWriterMetadataCount(bc, &count), S_OK);
    CU_ASSERT_EQUAL(count, COUNT(writers));
    for (UINT i = 0; i < count; i++) {
        VSS_ID instance;
        VSS_ID same;
        VSS_ID id;
        BSTR name = NULL;
        VSS_USAGE_TYPE usage;
        VSS_SOURCE_TYPE source;
        IVssExamineWriterMetadata *metadata = NULL;
        HR(IVssBackupComponents_GetWriterMetadata(bc, i, &instance, &metadata), S_OK);
        HR(IVssExamineWriterMetadata_GetIdentity(metadata, &same, &id, &name, &usage, &source),
           S_OK);
        SysFreeString(name);
        CU_ASSERT_EQUAL(IVssExamineWriterMetadata_Release(metadata), 0);
        HR(IVssBackupComponents_AddComponent(bc, instance, id, VSS_CT_FILEGROUP, NULL, L"data"),
           S_OK);
    }
}

/* A backup of components, and a restore from its document. */
static void session(void)
{
    WCHAR volume[] = L"C:\\";
    VSS_ID id;
    BSTR document = NULL;
    UINT count = 0;
    IVssBackupComponents *bc = ref_new(&ref);
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_SetBackupState(bc, TRUE, FALSE, VSS_BT_FULL, FALSE), S_OK);
    HR(RUN(bc, GatherWriterMetadata), VSS_S_ASYNC_FINISHED);
    add_components(bc);
    HR(IVssBackupComponents_StartSnapshotSet(bc, &id), S_OK);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, volume, GUID_NULL, &id), S_OK);
    HR(RUN(bc, PrepareForBackup), VSS_S_ASYNC_FINISHED);
    HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED);
    HR(RUN(bc, GatherWriterStatus), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponents_GetWriterStatusCount(bc, &count), S_OK);
    CU_ASSERT_EQUAL(count, COUNT(writers));
    HR(RUN(bc, BackupComplete), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponents_SaveAsXML(bc, &document), S_OK);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);

    bc = ref_new(&ref);
    HR(ref_init(bc, document, true), S_OK);
    HR(RUN(bc, GatherWriterMetadata), VSS_S_ASYNC_FINISHED);
    HR(RUN(bc, PreRestore), VSS_S_ASYNC_FINISHED);
    HR(RUN(bc, PostRestore), VSS_S_ASYNC_FINISHED);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    SysFreeString(document);
}

static void subscribe(void)
{
    for (unsigned i = 0; i < COUNT(writers); i++) {
        writer_start(&writers[i], &api, 0xE0D0 + i);
    }
}

static void unsubscribe(void)
{
    for (unsigned i = 0; i < COUNT(writers); i++) {
        HR(api.Unsubscribe(&writers[i].object), S_OK);
        writer_end(&writers[i]);
    }
}

static void test_sessions(void)
{
    const int count = endurance() ? 1000 : 60;
    subscribe();
    for (int i = 0; i < 10; i++) {
        session();
    }
    const struct footprint before = measure();
    const ULONGLONG begin = GetTickCount64();
    for (int i = 0; i < count; i++) {
        session();
    }
    fprintf(stderr, "%d sessions with %u writers in %u ms; ", count, (unsigned)COUNT(writers),
            (unsigned)(GetTickCount64() - begin));
    footprint_kept(before, measure());
    unsubscribe();
    HR(ref_left(&ref), S_OK);
}

struct worker {
    ULONGLONG end;
    unsigned backups, refused, wrong;
};

/* Sessions in volume mode: there is one place for a creation, and the others are told so. */
static DWORD WINAPI worker_main(void *context)
{
    struct worker *worker = context;
    while (GetTickCount64() < worker->end) {
        VSS_ID id;
        IVssBackupComponents *bc = ref_new(&ref);
        const HRESULT code = ref_backup(bc, &id);
        worker->backups += code == S_OK;
        worker->refused += code == VSS_E_SNAPSHOT_SET_IN_PROGRESS;
        if (code != S_OK && code != VSS_E_SNAPSHOT_SET_IN_PROGRESS) {
            fprintf(stderr, "a session ended with 0x%08lX\n", (unsigned long)code);
            worker->wrong++;
        }
        worker->wrong += IVssBackupComponents_Release(bc) != 0;
    }
    return 0;
}

static void test_threads(void)
{
    struct worker workers[THREADS] = {0};
    HANDLE threads[THREADS];
    struct worker sum = {0};
    subscribe();
    const ULONGLONG end = GetTickCount64() + (endurance() ? 10000 : 2000);
    for (int i = 0; i < THREADS; i++) {
        workers[i].end = end;
        threads[i] = CreateThread(NULL, 0, worker_main, &workers[i], 0, NULL);
        CU_ASSERT_PTR_NOT_NULL_FATAL(threads[i]);
    }
    CU_ASSERT_EQUAL(WaitForMultipleObjects(THREADS, threads, TRUE, 60000), WAIT_OBJECT_0);
    for (int i = 0; i < THREADS; i++) {
        CloseHandle(threads[i]);
        sum.backups += workers[i].backups;
        sum.refused += workers[i].refused;
        sum.wrong += workers[i].wrong;
    }
    fprintf(stderr, "%d threads: %u backups, %u refused\n", THREADS, sum.backups, sum.refused);
    CU_ASSERT_EQUAL(sum.wrong, 0);
    CU_ASSERT_TRUE(sum.backups > 0 && sum.refused > 0);
    unsubscribe();
    HR(ref_left(&ref), S_OK);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"sessions with writers leave nothing behind", test_sessions},
        {"8 threads meet two writers", test_threads},
        CU_TEST_INFO_NULL,
    };
    ref = ref_load();
    api = writer_api(ref.module);
    return cu_run("reference: endurance", tests);
}
