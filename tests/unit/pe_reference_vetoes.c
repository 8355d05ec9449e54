/* The reference clone: writers that fail, are slow, or die, and requesters that give up or die.
 * Letters of logs: see pe_reference_writer.h. Started with an argument the program is the other
 * process of a test. */
#include "pe_reference_writer.h"

static struct reference ref;
static struct vsswriter_api api;

/* ---- helpers ---- */

/* A backup in volume mode, up to its open set. */
static IVssBackupComponents *opened(void)
{
    static WCHAR volume[] = L"C:\\";
    VSS_ID set;
    VSS_ID snapshot;
    IVssBackupComponents *bc = ref_new(&ref);
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_SetBackupState(bc, FALSE, FALSE, VSS_BT_FULL, FALSE), S_OK);
    HR(IVssBackupComponents_StartSnapshotSet(bc, &set), S_OK);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, volume, GUID_NULL, &snapshot), S_OK);
    return bc;
}

static IVssBackupComponents *prepared(void)
{
    IVssBackupComponents *bc = opened();
    HR(RUN(bc, PrepareForBackup), VSS_S_ASYNC_FINISHED);
    return bc;
}

/* The status of the writer of that class; all were asked just now. */
static void check_status(IVssBackupComponents *bc, const VSS_ID *writer, VSS_WRITER_STATE state,
                         HRESULT failure, int line)
{
    UINT count = 0;
    bool found = false;
    HR(RUN(bc, GatherWriterStatus), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponents_GetWriterStatusCount(bc, &count), S_OK);
    for (UINT i = 0; i < count; i++) {
        VSS_ID instance;
        VSS_ID class;
        BSTR name = NULL;
        VSS_WRITER_STATE has_state;
        HRESULT has_failure;
        HR(IVssBackupComponents_GetWriterStatus(bc, i, &instance, &class, &name, &has_state,
                                                &has_failure),
           S_OK);
        SysFreeString(name);
        if (IsEqualGUID(&class, writer)) {
            found = has_state == state && has_failure == failure;
            if (!found) {
                fprintf(stderr, "line %d: state %d, failure 0x%08lX\n", line, has_state,
                        (unsigned long)has_failure);
            }
        }
    }
    HR(IVssBackupComponents_FreeWriterStatus(bc), S_OK);
    CU_assertImplementation(found, (unsigned)line, "status", __FILE__, "", CU_FALSE);
}
#define STATUS(bc, writer, state, failure) check_status(bc, &(writer)->id, state, failure, __LINE__)

/* ---- failures ---- */

/* A writer's failure fails no operation, and shows in its status, also for another object. Who
 * gives back false gets no more events, after Freeze and Thaw an Abort, and BackupShutdown. */
static void test_vetoes(void)
{
    static const struct {
        char event;
        bool result;
        HRESULT said, shown;
        VSS_WRITER_STATE state;
        const char *log;
    } table[] = {
#define SAYS(code) VSS_E_WRITERERROR_##code, VSS_E_WRITERERROR_##code
        {'P', false, SAYS(RETRYABLE), VSS_WS_FAILED_AT_PREPARE_BACKUP, "PD"},
        {'P', false, S_OK, VSS_E_WRITERERROR_NONRETRYABLE, VSS_WS_FAILED_AT_PREPARE_BACKUP, "PD"},
        {'P', true, SAYS(OUTOFRESOURCES), VSS_WS_FAILED_AT_PREPARE_BACKUP, "PSFTOCD"},
        {'S', false, SAYS(INCONSISTENTSNAPSHOT), VSS_WS_FAILED_AT_PREPARE_SNAPSHOT, "PSD"},
        {'F', false, SAYS(NONRETRYABLE), VSS_WS_FAILED_AT_FREEZE, "PSFAD"},
        {'F', true, SAYS(RETRYABLE), VSS_WS_FAILED_AT_FREEZE, "PSFTOCD"},
        {'T', false, SAYS(TIMEOUT), VSS_WS_FAILED_AT_THAW, "PSFTAD"},
        {'O', false, SAYS(RETRYABLE), VSS_WS_FAILED_AT_POST_SNAPSHOT, "PSFTOD"},
        {'C', false, SAYS(RETRYABLE), VSS_WS_FAILED_AT_BACKUP_COMPLETE, "PSFTOCD"},
#undef SAYS
    };
    struct test_writer bad;
    struct test_writer good;
    writer_start(&bad, &api, 1);
    writer_start(&good, &api, 2);
    for (size_t i = 0; i < COUNT(table); i++) {
        writer_clear(&bad);
        writer_clear(&good);
        bad.fails_in = table[i].event;
        bad.result = table[i].result;
        bad.failure = table[i].said;
        IVssBackupComponents *bc = prepared();
        HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED);
        HR(RUN(bc, BackupComplete), VSS_S_ASYNC_FINISHED);
        STATUS(bc, &bad, table[i].state, table[i].shown);
        STATUS(bc, &good, VSS_WS_STABLE, S_OK);
        CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
        LOG(&bad, table[i].log);
        LOG(&good, "PSFTOCD");
        bc = opened();
        STATUS(bc, &bad, table[i].state, table[i].shown);
        IVssBackupComponents_Release(bc);
    }
    writer_end(&bad);
    writer_end(&good);
    HR(ref_left(&ref), S_OK);
}

/* What fails in the creation after PrepareSnapshot raises Abort, until PostSnapshot. */
static void test_provider_failures(void)
{
    static const struct {
        const WCHAR *point;
        const char *log;
    } table[] = {
        {L"provider.EndPrepare", "PSAD"},       {L"provider.PreCommit", "PSFAD"},
        {L"provider.Commit", "PSFAD"},          {L"provider.PostCommit", "PSFAD"},
        {L"provider.PreFinalCommit", "PSFTAD"}, {L"provider.PostFinalCommit", "PSFTOD"},
    };
    struct test_writer writer;
    writer_start(&writer, &api, 1);
    for (size_t i = 0; i < COUNT(table); i++) {
        writer_clear(&writer);
        IVssBackupComponents *bc = prepared();
        HR(ref.fail(table[i].point, VSS_E_PROVIDER_VETO, 0, 1), S_OK);
        HR(RUN(bc, DoSnapshotSet), VSS_E_PROVIDER_VETO);
        CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
        LOG(&writer, table[i].log);
        CU_ASSERT_TRUE(IsEqualGUID(&writer.shutdown_set, &GUID_NULL));
    }
    writer_end(&writer);
    HR(ref_left(&ref), S_OK);
}

static void test_abort(void)
{
    struct test_writer writer;
    writer_start(&writer, &api, 1);
    IVssBackupComponents *bc = opened();
    HR(IVssBackupComponents_AbortBackup(bc), S_OK);
    IVssBackupComponents_Release(bc);
    LOG(&writer, ""); /* nothing had begun for it */

    bc = prepared();
    HR(IVssBackupComponents_AbortBackup(bc), S_OK);
    LOG(&writer, "PA");
    HR(IVssBackupComponents_AbortBackup(bc), S_OK);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    LOG(&writer, "PAD");

    /* not after PostSnapshot (nf-vswriter-cvsswriter-onabort) */
    writer_clear(&writer);
    bc = prepared();
    HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponents_AbortBackup(bc), S_OK);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    LOG(&writer, "PSFTOD");
    writer_end(&writer);
    HR(ref_left(&ref), S_OK);
}

/* ---- slow ones ---- */

/* A cancelled operation does not wait for a writer that is held. */
static void test_cancel(void)
{
    struct test_writer writer;
    IVssAsync *async = NULL;
    writer_start(&writer, &api, 1);
    writer.holds_in = ON_FREEZE;
    IVssBackupComponents *bc = prepared();
    HR(IVssBackupComponents_DoSnapshotSet(bc, &async), S_OK);
    CU_ASSERT_EQUAL(WaitForSingleObject(writer.reached, WRITER_WAIT_MS), WAIT_OBJECT_0);
    HR(IVssAsync_Cancel(async), S_OK);
    HR(ref_end(async), VSS_S_ASYNC_CANCELLED);
    LOG(&writer, "PSF");
    SetEvent(writer.go);
    LOG(&writer, "PSFA");
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    LOG(&writer, "PSFAD");

    /* AbortBackup while an operation runs does the same */
    writer_clear(&writer);
    writer.holds_in = ON_PREPARE_BACKUP;
    bc = opened();
    HR(IVssBackupComponents_PrepareForBackup(bc, &async), S_OK);
    CU_ASSERT_EQUAL(WaitForSingleObject(writer.reached, WRITER_WAIT_MS), WAIT_OBJECT_0);
    HR(IVssBackupComponents_AbortBackup(bc), S_OK);
    HR(ref_end(async), VSS_S_ASYNC_CANCELLED);
    SetEvent(writer.go);
    LOG(&writer, "PA");
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    writer_end(&writer);
    HR(ref_left(&ref), S_OK);
}

static void test_silence(void)
{
    struct test_writer writer;
    writer_start(&writer, &api, 1);
    SetEnvironmentVariableA("VSSREF_WRITER_TIMEOUT_MS", "200");
    writer.holds_in = ON_PREPARE_BACKUP;
    IVssBackupComponents *bc = prepared();
    LOG(&writer, "P");
    STATUS(bc, &writer, VSS_WS_UNKNOWN, VSS_E_WRITER_NOT_RESPONDING);
    HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED);
    SetEvent(writer.go);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    LOG(&writer, "PD");
    SetEnvironmentVariableA("VSSREF_WRITER_TIMEOUT_MS", NULL);
    writer_end(&writer);
    HR(ref_left(&ref), S_OK);
}

/* Longer from Freeze to Thaw than the writer said in Initialize. */
static void test_frozen_too_long(void)
{
    struct test_writer slow;
    struct test_writer held;
    writer_make(&slow, &api, 1);
    HR(writer_initialize(&slow, VSS_APP_FRONT_END, 100), S_OK);
    HR(writer_subscribe(&slow), S_OK);
    slow.holds_in = ON_FREEZE;
    IVssBackupComponents *bc = prepared();
    HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED);
    SetEvent(slow.go);
    LOG(&slow, "PSFA");
    STATUS(bc, &slow, VSS_WS_FAILED_AT_FREEZE, VSS_E_WRITERERROR_TIMEOUT);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    LOG(&slow, "PSFAD");

    /* here the time runs out after the handler, while another writer is still at it */
    writer_clear(&slow);
    writer_make(&held, &api, 2);
    HR(writer_initialize(&held, VSS_APP_SYSTEM, 60000), S_OK);
    HR(writer_subscribe(&held), S_OK);
    held.holds_in = ON_FREEZE;
    IVssAsync *async = NULL;
    bc = prepared();
    HR(IVssBackupComponents_DoSnapshotSet(bc, &async), S_OK);
    LOG(&slow, "PSFA");
    SetEvent(held.go);
    HR(ref_end(async), VSS_S_ASYNC_FINISHED);
    STATUS(bc, &slow, VSS_WS_FAILED_AT_THAW, VSS_E_WRITERERROR_TIMEOUT);
    STATUS(bc, &held, VSS_WS_WAITING_FOR_BACKUP_COMPLETE, S_OK);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    writer_end(&slow);
    writer_end(&held);
    HR(ref_left(&ref), S_OK);
}

/* ---- those that go ---- */

static void unsubscribe_inside(struct test_writer *writer, char event,
                               IVssWriterComponents *components __attribute__((unused)))
{
    if (event == ON_PREPARE_SNAPSHOT) {
        HR(api.Unsubscribe(&writer->object), S_OK);
    }
}

static void test_unsubscribe_in_session(void)
{
    struct test_writer writer;
    writer_start(&writer, &api, 1);
    IVssBackupComponents *bc = prepared();
    HR(api.Unsubscribe(&writer.object), S_OK);
    HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED);
    STATUS(bc, &writer, VSS_WS_UNKNOWN, VSS_E_WRITER_NOT_RESPONDING);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    LOG(&writer, "P");

    writer_clear(&writer);
    HR(writer_subscribe(&writer), S_OK);
    writer.look = unsubscribe_inside;
    bc = prepared();
    HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    LOG(&writer, "PS");
    writer_end(&writer);
}

#define READY_NAME "VssReferenceTest-Ready"

/* Starts this program again in a role, and waits until it is ready. */
static HANDLE start_process(const char *role)
{
    char path[MAX_PATH];
    char command[MAX_PATH + 64];
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process = {0};
    HANDLE ready = CreateEventA(NULL, FALSE, FALSE, READY_NAME);
    GetModuleFileNameA(NULL, path, sizeof(path));
    snprintf(command, sizeof(command), "\"%s\" %s", path, role);
    CU_ASSERT_TRUE_FATAL(
        CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process));
    CloseHandle(process.hThread);
    CU_ASSERT_EQUAL(WaitForSingleObject(ready, 30000), WAIT_OBJECT_0);
    CloseHandle(ready);
    return process.hProcess;
}

static void kill_process(HANDLE process)
{
    CU_ASSERT_TRUE(TerminateProcess(process, 1));
    CU_ASSERT_EQUAL(WaitForSingleObject(process, 10000), WAIT_OBJECT_0);
    CloseHandle(process);
}

static void say_ready(void)
{
    HANDLE ready = OpenEventA(EVENT_MODIFY_STATE, FALSE, READY_NAME);
    SetEvent(ready);
    CloseHandle(ready);
}

/* The other process: a writer that waits to be killed. */
static int be_writer(void)
{
    static struct test_writer writer;
    writer_start(&writer, &api, 7);
    say_ready();
    WaitForSingleObject(writer.reached, 60000);
    return EXIT_FAILURE;
}

/* The other process: a requester that is killed in DoSnapshotSet. */
static int be_requester(void)
{
    IVssBackupComponents *bc = prepared();
    say_ready();
    RUN(bc, DoSnapshotSet);
    return EXIT_FAILURE;
}

static void test_dead_writer(void)
{
    struct test_writer there;
    UINT count = 0;
    writer_start(&there, &api, 1);
    HANDLE process = start_process("writer");
    IVssBackupComponents *bc = opened();
    IVssBackupComponents *scout = ref_new(&ref);
    const VSS_ID dead = {7, 0x1b1c, 0x4d1d, {0x8e, 1, 2, 3, 4, 5, 6, 7}};
    HR(ref_init(scout, NULL, false), S_OK);
    HR(RUN(scout, GatherWriterMetadata), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponents_GetWriterMetadataCount(scout, &count), S_OK);
    CU_ASSERT_EQUAL(count, 2);
    HR(RUN(bc, PrepareForBackup), VSS_S_ASYNC_FINISHED);
    check_status(bc, &dead, VSS_WS_STABLE, S_OK, __LINE__);
    kill_process(process);
    HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED);
    check_status(bc, &dead, VSS_WS_UNKNOWN, VSS_E_WRITER_NOT_RESPONDING, __LINE__);
    STATUS(bc, &there, VSS_WS_WAITING_FOR_BACKUP_COMPLETE, S_OK);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(scout), 0);

    scout = ref_new(&ref);
    HR(ref_init(scout, NULL, false), S_OK);
    HR(RUN(scout, GatherWriterMetadata), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponents_GetWriterMetadataCount(scout, &count), S_OK);
    CU_ASSERT_EQUAL(count, 1);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(scout), 0);
    writer_end(&there);
    HR(ref_left(&ref), S_OK);
}

/* Between Freeze and Thaw the writer gets Abort, and in any case BackupShutdown. */
static void test_dead_requester(void)
{
    struct test_writer writer;
    writer_start(&writer, &api, 1);
    writer.holds_in = ON_FREEZE;
    HANDLE process = start_process("requester");
    CU_ASSERT_EQUAL(WaitForSingleObject(writer.reached, WRITER_WAIT_MS), WAIT_OBJECT_0);
    kill_process(process);
    SetEvent(writer.go);
    LOG(&writer, "PSFAD");
    CU_ASSERT_TRUE(IsEqualGUID(&writer.shutdown_set, &GUID_NULL));
    writer_end(&writer);
    HR(ref_left(&ref), S_OK);
}

int main(int argc, char **argv)
{
    CU_TestInfo tests[] = {
        {"failures in each event", test_vetoes},
        {"failures of the provider", test_provider_failures},
        {"AbortBackup", test_abort},
        {"cancelled while a writer is held", test_cancel},
        {"a writer that is silent", test_silence},
        {"frozen for too long", test_frozen_too_long},
        {"Unsubscribe during a backup", test_unsubscribe_in_session},
        {"a writer that dies", test_dead_writer},
        {"a requester that dies", test_dead_requester},
        CU_TEST_INFO_NULL,
    };
    ref = ref_load();
    api = writer_api(ref.module);
    if (argc > 1) {
        return strcmp(argv[1], "writer") == 0 ? be_writer() : be_requester();
    }
    return cu_run("reference: writers that fail", tests);
}
