/* The reference clone: writers that unsubscribe or are destroyed in the midst of an event. Letters
 * of logs: see pe_reference_writer.h. */
#include "pe_reference_writer.h"

#define SOON_MS 5000   /* what must end */
#define A_WHILE_MS 200 /* what must not */

static struct reference ref;
static struct vsswriter_api api;

/* What a handler does that unsubscribes in an event. */
static struct {
    char event;
    bool waits; /* for `go`, before it unsubscribes, or after it */
    bool waits_after;
    HANDLE unsubscribed;
    volatile LONG returned;
} script;

static void unsubscribe_in_handler(struct test_writer *writer, char event,
                                   IVssWriterComponents *components __attribute__((unused)))
{
    if (event != script.event) {
        return;
    }
    if (script.waits) {
        SetEvent(writer->reached);
        WaitForSingleObject(writer->go, WRITER_WAIT_MS);
    }
    HR(api.Unsubscribe(&writer->object), S_OK);
    SetEvent(script.unsubscribed);
    if (script.waits_after) {
        WaitForSingleObject(writer->go, WRITER_WAIT_MS);
    }
    InterlockedExchange(&script.returned, 1);
}

static void begin(struct test_writer *writer, char event)
{
    ZeroMemory(&script, sizeof(script));
    script.event = event;
    script.unsubscribed = CreateEventA(NULL, TRUE, FALSE, NULL);
    writer_start(writer, &api, 1);
    writer->look = unsubscribe_in_handler;
}

static void end(struct test_writer *writer)
{
    writer_end(writer);
    CloseHandle(script.unsubscribed);
    const ULONGLONG limit = GetTickCount64() + SOON_MS;
    while (ref_left(&ref) != S_OK && GetTickCount64() < limit) {
        SwitchToThread(); /* the thread of the handler lets go of the writer last */
    }
    HR(ref_left(&ref), S_OK);
}

/* A backup in volume mode, up to its set. */
static IVssBackupComponents *opened(void)
{
    VSS_ID set;
    IVssBackupComponents *bc = ref_new(&ref);
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_SetBackupState(bc, FALSE, FALSE, VSS_BT_FULL, FALSE), S_OK);
    HR(IVssBackupComponents_StartSnapshotSet(bc, &set), S_OK);
    return bc;
}

/* A restore whose writers are asked for their metadata. */
static IVssBackupComponents *restoring(IVssAsync **gathering)
{
    IVssBackupComponents *bc = ref_new(&ref);
    HR(ref_init(bc, DOCUMENT, true), S_OK);
    HR(IVssBackupComponents_GatherWriterMetadata(bc, gathering), S_OK);
    return bc;
}

/* While another requester waits for its turn at the same writer, who will not come to it. */
static void test_others_wait(void)
{
    struct test_writer writer;
    IVssAsync *first = NULL;
    IVssAsync *second = NULL;
    begin(&writer, ON_PREPARE_BACKUP);
    script.waits = true;
    IVssBackupComponents *backup = opened();
    HR(IVssBackupComponents_PrepareForBackup(backup, &first), S_OK);
    CU_ASSERT_EQUAL(WaitForSingleObject(writer.reached, SOON_MS), WAIT_OBJECT_0);
    IVssBackupComponents *restore = restoring(&second);
    HR(IVssAsync_Wait(second, A_WHILE_MS), S_OK); /* its question has come to the writer by then */
    SetEvent(writer.go);
    CU_ASSERT_EQUAL_FATAL(WaitForSingleObject(script.unsubscribed, SOON_MS), WAIT_OBJECT_0);
    HR(ref_end(first), VSS_S_ASYNC_FINISHED);
    HR(ref_end(second), VSS_S_ASYNC_FINISHED);
    CU_ASSERT_TRUE(writer_has(&writer, "P"));
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(backup), 0);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(restore), 0);
    CU_ASSERT_TRUE(writer_has(&writer, "P"));
    end(&writer);
}

/* After it no handler is called: the object might be gone. */
static void test_nothing_follows(void)
{
    static const struct {
        char event;
        const char *log;
    } table[] = {{ON_FREEZE, "PSF"}, {ON_THAW, "PSFT"}, {ON_PREPARE_SNAPSHOT, "PS"}};
    for (size_t i = 0; i < COUNT(table); i++) {
        struct test_writer writer;
        begin(&writer, table[i].event);
        writer.fails_in = table[i].event;
        writer.result = false;
        IVssBackupComponents *bc = opened();
        HR(RUN(bc, PrepareForBackup), VSS_S_ASYNC_FINISHED);
        IVssAsync *async = NULL;
        VSS_ID snapshot;
        WCHAR volume[] = L"C:\\";
        HR(IVssBackupComponents_AddToSnapshotSet(bc, volume, GUID_NULL, &snapshot), S_OK);
        HR(IVssBackupComponents_DoSnapshotSet(bc, &async), S_OK);
        HR(ref_end(async), VSS_S_ASYNC_FINISHED);
        CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
        end(&writer); /* no thread is left that could log anything */
        if (strcmp(writer.log, table[i].log) != 0) {
            fprintf(stderr, "log is %s, not %s\n", writer.log, table[i].log);
        }
        CU_ASSERT_STRING_EQUAL(writer.log, table[i].log);
    }
}

static DWORD WINAPI destroy(void *context)
{
    api.destruct(context);
    return 0;
}

/* Who destroys the object waits for the handler that still runs in it, whoever has unsubscribed. */
static void test_destroyed_while_it_runs(void)
{
    struct test_writer writer;
    IVssAsync *async = NULL;
    begin(&writer, ON_PREPARE_BACKUP);
    script.waits_after = true;
    IVssBackupComponents *bc = opened();
    HR(IVssBackupComponents_PrepareForBackup(bc, &async), S_OK);
    CU_ASSERT_EQUAL_FATAL(WaitForSingleObject(script.unsubscribed, SOON_MS), WAIT_OBJECT_0);
    HANDLE thread = CreateThread(NULL, 0, destroy, &writer.object, 0, NULL);
    CU_ASSERT_EQUAL(WaitForSingleObject(thread, A_WHILE_MS), WAIT_TIMEOUT);
    CU_ASSERT_EQUAL(script.returned, 0);
    SetEvent(writer.go);
    CU_ASSERT_EQUAL(WaitForSingleObject(thread, SOON_MS), WAIT_OBJECT_0);
    CU_ASSERT_EQUAL(script.returned, 1);
    CloseHandle(thread);
    HR(ref_end(async), VSS_S_ASYNC_FINISHED);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    end(&writer);
}

/* In the handler: away, back, and away again. */
static void resubscribe(struct test_writer *writer, char event, IVssWriterComponents *components)
{
    if (event == script.event) {
        HR(api.Unsubscribe(&writer->object), S_OK);
        HR(writer_subscribe(writer), S_OK);
        HR(writer_subscribe(writer), VSS_E_WRITER_ALREADY_SUBSCRIBED);
        unsubscribe_in_handler(writer, event, components);
        HR(writer_subscribe(writer), S_OK);
    }
}

static void test_resubscribed(void)
{
    struct test_writer writer;
    IVssAsync *async = NULL;
    begin(&writer, ON_PREPARE_BACKUP);
    writer.look = resubscribe;
    IVssBackupComponents *bc = opened();
    HR(IVssBackupComponents_PrepareForBackup(bc, &async), S_OK);
    CU_ASSERT_EQUAL_FATAL(WaitForSingleObject(script.unsubscribed, SOON_MS), WAIT_OBJECT_0);
    HR(ref_end(async), VSS_S_ASYNC_FINISHED);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    bc = restoring(&async);
    HR(ref_end(async), VSS_S_ASYNC_FINISHED);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    LOG(&writer, "PI");
    end(&writer);
}

/* FreeLibrary while a writer is subscribed: its thread keeps the module, and it is still asked. */
static void test_module_freed(void)
{
    struct test_writer writer;
    UINT count = 99;
    writer_start(&writer, &api, 1);
    CU_ASSERT_TRUE(FreeLibrary(ref.module));
    CU_ASSERT_PTR_EQUAL_FATAL(GetModuleHandleA("vssref.dll"), ref.module);
    ref = ref_load();
    IVssBackupComponents *bc = ref_new(&ref);
    HR(ref_init(bc, NULL, false), S_OK);
    HR(RUN(bc, GatherWriterMetadata), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponents_GetWriterMetadataCount(bc, &count), S_OK);
    CU_ASSERT_EQUAL(count, 1);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    LOG(&writer, "I");
    writer_end(&writer);
    HR(ref_left(&ref), S_OK);
}

/* One that could not be initialized can be so later, and nothing is lost by the first try. */
static void test_second_try(void)
{
    HRESULT(WINAPI * create)
    (struct vsswriter * writer, IVssWriterImpl * *out) =
        (void *)ref_export(ref.module, "CreateWriter");
    const VSS_ID id = {1, 2, 3, {4}};
    struct vsswriter writer = {&writer_vtable, NULL};
    for (ULONG skip = 0; skip < 4; skip++) {
        IVssWriterImpl *impl = NULL;
        HR(create(&writer, &impl), S_OK);
        HR(ref.fail(L"alloc", E_OUTOFMEMORY, skip, 1), S_OK);
        for (int i = 0; i < 2; i++) {
            const HRESULT code = IVssWriterImpl_Initialize(
                impl, id, L"Name", L"Instance", 0, 0, VSS_UT_USERDATA, VSS_ST_OTHER,
                VSS_APP_FRONT_END, 60000, VSS_AWS_NO_ALTERNATE_WRITER, FALSE);
            CU_ASSERT_TRUE(code == S_OK || (i == 0 && code == E_OUTOFMEMORY) ||
                           (i == 1 && code == E_FAIL));
        }
        HR(ref.reset(), S_OK);
        CU_ASSERT_EQUAL(IVssWriterImpl_Release(impl), 0);
        HR(ref_left(&ref), S_OK);
    }
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"a handler unsubscribes while other requesters wait", test_others_wait},
        {"after Unsubscribe in a handler no other is called", test_nothing_follows},
        {"destroyed while a handler that has unsubscribed runs", test_destroyed_while_it_runs},
        {"subscribed anew in a handler", test_resubscribed},
        {"the module is freed while a writer is subscribed", test_module_freed},
        {"initialized at the second try", test_second_try},
        CU_TEST_INFO_NULL,
    };
    ref = ref_load();
    api = writer_api(ref.module);
    return cu_run("reference: life of writers", tests);
}
