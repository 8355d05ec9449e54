/* The VSS requester of QEMU's guest agent, as it is published, against the reference: the guest's
 * file systems are frozen and thawed. Its provider waits in CommitSnapshots between "frozen" and
 * "thaw"; here the reference holds the stage, and this program sets and awaits the events. */
#ifndef CINTERFACE
#define CINTERFACE
#endif
#ifndef COBJMACROS
#define COBJMACROS
#endif
#include "qemu/osdep.h"

#include <initguid.h>
#include <vss.h>
#include <vswriter.h>

#include <vsbackup.h>

#include "../unit/pe_reference_writer.h"
#include "requester.h"
#include "requester_test.h"
#include "vss-handles.h"
#include <stdarg.h>
#include <stdbool.h>

static const GUID agent_provider = {
    0x3629d4ed, 0xee09, 0x4e0e, {0x9a, 0x5c, 0x6d, 0x8b, 0xa2, 0x87, 0x2a, 0xef}};

static HRESULT(WINAPI *create)(IVssBackupComponents **out);
static void(WINAPI *free_properties)(VSS_SNAPSHOT_PROP *prop);
static HRESULT(WINAPI *hook_fail)(LPCWSTR point, HRESULT code, ULONG skip, ULONG times);
static HRESULT(WINAPI *hook_hold)(LPCWSTR point);
static HRESULT(WINAPI *hook_release)(LPCWSTR point);
static HRESULT(WINAPI *hook_reset)(void);

/* What the agent would report to the host. */
struct Error {
    int code;
};
static struct Error reported;
static struct Error *report;

static void set_error(struct Error **error, const char *source, int line, const char *function,
                      int code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s:%d %s: ", source, line, function);
    __mingw_vfprintf(stderr, format, arguments);
    fprintf(stderr, " (0x%08X)\n", (unsigned)code);
    va_end(arguments);
    reported.code = code;
    *error = &reported;
}

/* The agent stops its provider's service when all is done; there is none. */
STDAPI StopService(void); /* its own header is for C++ alone */
STDAPI StopService(void)
{
    return S_OK;
}

static ErrorSet *no_error(void)
{
    static ErrorSet set = {.error_setg_win32_wrapper = set_error, .errp = &report};
    reported.code = 0;
    report = NULL;
    return &set;
}

static char path_c[] = "C:\\", path_d[] = "D:\\", path_e[] = "E:\\";
static volList volume_e = {.value = path_e};
static volList volume_d = {.value = path_d};
static volList volume_c = {.next = &volume_d, .value = path_c};

/* The provider's side: open, and "frozen" is said already, so that the agent goes on at once. */
struct provider {
    HANDLE frozen, thaw;
};

static struct provider provider_begin(void)
{
    const struct provider provider = {.frozen = CreateEventA(NULL, TRUE, TRUE, EVENT_NAME_FROZEN),
                                      .thaw = CreateEventA(NULL, TRUE, FALSE, EVENT_NAME_THAW)};
    EQUAL(hook_hold(L"provider.Commit"), S_OK);
    return provider;
}

static void provider_end(struct provider provider)
{
    CloseHandle(provider.frozen);
    CloseHandle(provider.thaw);
    EQUAL(hook_reset(), S_OK);
}

/* Lets the provider go on as soon as the agent says "thaw", as the agent itself waits then. */
static DWORD WINAPI provider_thaws(void *context)
{
    const struct provider *provider = context;
    const DWORD waited = WaitForSingleObject(provider->thaw, DEADLINE_MS);
    hook_release(L"provider.Commit");
    return waited;
}

/* Freezes and thaws; gives the number of volumes that were thawed. */
static int freeze_and_thaw(struct provider provider, int expected)
{
    int frozen = -1, thawed = -1;
    requester_freeze(&frozen, &volume_c, no_error());
    EQUAL(reported.code, 0);
    EQUAL(frozen, expected);
    /* the machine has one creation at a time: this one is under way */
    IVssBackupComponents *other = NULL;
    VSS_ID set;
    EQUAL(create(&other), S_OK);
    EQUAL(IVssBackupComponents_InitializeForBackup(other, NULL), S_OK);
    EQUAL(IVssBackupComponents_StartSnapshotSet(other, &set), VSS_E_SNAPSHOT_SET_IN_PROGRESS);
    EQUAL(IVssBackupComponents_Release(other), 0);
    HANDLE thread = CreateThread(NULL, 0, provider_thaws, &provider, 0, NULL);
    DWORD waited = WAIT_FAILED;
    requester_thaw(&thawed, NULL, no_error());
    EQUAL(WaitForSingleObject(thread, DEADLINE_MS), WAIT_OBJECT_0);
    GetExitCodeThread(thread, &waited);
    EQUAL(waited, WAIT_OBJECT_0);
    CloseHandle(thread);
    return thawed;
}

/* The copies on the machine that the agent's provider made: their number, and the attributes of the
 * last. They are deleted: the agent leaves that to its provider. */
static unsigned take_copies(LONG *attributes)
{
    IVssBackupComponents *bc = NULL;
    IVssEnumObject *all = NULL;
    VSS_OBJECT_PROP object;
    ULONG got = 0;
    unsigned count = 0;
    EQUAL(create(&bc), S_OK);
    EQUAL(IVssBackupComponents_InitializeForBackup(bc, NULL), S_OK);
    EQUAL(IVssBackupComponents_SetContext(bc, (LONG)VSS_CTX_ALL), S_OK);
    if (IVssBackupComponents_Query(bc, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &all) ==
        S_OK) {
        while (IVssEnumObject_Next(all, 1, &object, &got) == S_OK) {
            VSS_SNAPSHOT_PROP *copy = &object.Obj.Snap;
            LONG deleted = 0;
            VSS_ID failed;
            count += IsEqualGUID(&copy->m_ProviderId, &agent_provider) != 0;
            *attributes = copy->m_lSnapshotAttributes;
            EQUAL(IVssBackupComponents_DeleteSnapshots(bc, copy->m_SnapshotId, VSS_OBJECT_SNAPSHOT,
                                                       TRUE, &deleted, &failed),
                  S_OK);
            free_properties(copy);
        }
    }
    if (all != NULL) {
        IVssEnumObject_Release(all);
    }
    EQUAL(IVssBackupComponents_Release(bc), 0);
    return count;
}

/* Freezes and thaws on an edition of Windows; gives the number of copies that are there then. */
static unsigned freezes(const WCHAR *edition, LONG *attributes)
{
    SetEnvironmentVariableW(L"VSSREF_EDITION", edition);
    struct provider provider = provider_begin();
    EQUAL(freeze_and_thaw(provider, 2), 2);
    EQUAL(reported.code, 0);
    provider_end(provider);
    const unsigned copies = take_copies(attributes);
    SetEnvironmentVariableW(L"VSSREF_EDITION", NULL);
    return copies;
}

/* A client refuses transportable copies, and the agent asks again without. */
static void test_client(void)
{
    LONG attributes = 0;
    EQUAL(freezes(NULL, &attributes), 2);
    EQUAL(attributes & VSS_VOLSNAP_ATTR_TRANSPORTABLE, 0);
    EQUAL(attributes & VSS_VOLSNAP_ATTR_PERSISTENT, VSS_VOLSNAP_ATTR_PERSISTENT);
}

/* A server makes transportable copies, which are nowhere to be seen before somebody imports them.
 */
static void test_server(void)
{
    LONG attributes = 0;
    EQUAL(freezes(L"server", &attributes), 0);
}

/* What goes wrong in the freeze, and what the agent reports then; after it all is as before. */
static void test_freeze_fails(void)
{
    static const struct {
        const WCHAR *point;
        HRESULT code, reported;
        volList *volumes;
    } rows[] = {
        {NULL, 0, VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER, &volume_e},
        {L"GatherWriterMetadata.async", E_ACCESSDENIED, E_ACCESSDENIED, &volume_c},
        {L"PrepareForBackup.call", VSS_E_INSUFFICIENT_STORAGE, VSS_E_INSUFFICIENT_STORAGE,
         &volume_c},
        {L"PrepareForBackup.async", E_OUTOFMEMORY, E_OUTOFMEMORY, &volume_c},
        {L"DoSnapshotSet.call", VSS_E_PROVIDER_VETO, VSS_E_PROVIDER_VETO, &volume_c},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        LONG attributes;
        int volumes = -1;
        struct provider provider = provider_begin();
        if (rows[i].point != NULL) {
            EQUAL(hook_fail(rows[i].point, rows[i].code, 0, 1), S_OK);
        }
        requester_freeze(&volumes, rows[i].volumes, no_error());
        EQUAL(reported.code, rows[i].reported);
        requester_thaw(&volumes, NULL, no_error());
        EQUAL(volumes, 0);
        ResetEvent(provider.thaw);
        EQUAL(freeze_and_thaw(provider, 2), 2);
        EQUAL(reported.code, 0);
        provider_end(provider);
        EQUAL(take_copies(&attributes), 2);
    }
}

/* The provider gives up while the guest is frozen: thaw says so, and no copy is left. */
static void test_provider_fails(void)
{
    static const struct {
        HRESULT code, reported;
    } rows[] = {
        {VSS_E_HOLD_WRITES_TIMEOUT, VSS_E_HOLD_WRITES_TIMEOUT},
        {VSS_E_FLUSH_WRITES_TIMEOUT, VSS_E_FLUSH_WRITES_TIMEOUT},
        {VSS_E_PROVIDER_VETO, VSS_E_PROVIDER_VETO},
        {E_FAIL, VSS_E_UNEXPECTED_PROVIDER_ERROR},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        LONG attributes;
        struct provider provider = provider_begin();
        EQUAL(hook_fail(L"provider.Commit", rows[i].code, 0, 1), S_OK);
        EQUAL(freeze_and_thaw(provider, 2), 2);
        EQUAL(reported.code, rows[i].reported);
        provider_end(provider);
        EQUAL(take_copies(&attributes), 0);
    }
}

/* The agent adds the selectable components of each writer. This one lives in its process; while the
 * guest is frozen so is the writer. */
static void test_writer(void)
{
    LONG attributes;
    int volumes = -1;
    struct vsswriter_api api;
    struct test_writer writer;
    CU_ASSERT_TRUE_FATAL(vsswriter_load(GetModuleHandleA("vssapi.dll"), &api, NULL));
    writer_start(&writer, &api, 0x9E00);
    struct provider provider = provider_begin();
    EQUAL(freeze_and_thaw(provider, 2), 2);
    EQUAL(reported.code, 0);
    CU_ASSERT_STRING_EQUAL(writer.log, "IPSFTOCD");
    provider_end(provider);
    EQUAL(take_copies(&attributes), 2);

    /* it vetoes the freeze: the agent aborts, the guest goes on */
    provider = provider_begin();
    EQUAL(hook_release(L"provider.Commit"), S_OK);
    writer.log[0] = '\0';
    writer.fails_in = ON_FREEZE;
    writer.failure = VSS_E_WRITERERROR_NONRETRYABLE;
    writer.result = false;
    requester_freeze(&volumes, &volume_c, no_error());
    SetEvent(provider.thaw);
    requester_thaw(&volumes, NULL, no_error());
    CU_ASSERT_TRUE(strncmp(writer.log, "IPSF", 4) == 0);
    provider_end(provider);
    take_copies(&attributes);
    HR(api.Unsubscribe(&writer.object), S_OK);
    writer_end(&writer);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"frozen and thawed on a client", test_client},
        {"frozen and thawed on a server", test_server},
        {"the freeze fails", test_freeze_fails},
        {"the provider fails while frozen", test_provider_fails},
        {"with a writer", test_writer},
        CU_TEST_INFO_NULL,
    };
    SetUnhandledExceptionFilter(requester_crashed);
    create = (void *)requester_export("CreateVssBackupComponentsInternal");
    free_properties = (void *)requester_export("VssFreeSnapshotProperties");
    hook_fail = (void *)requester_export("VssTestFail");
    hook_hold = (void *)requester_export("VssTestHold");
    hook_release = (void *)requester_export("VssTestRelease");
    hook_reset = (void *)requester_export("VssTestReset");
    if (FAILED(requester_init())) {
        return EXIT_FAILURE;
    }
    const int status = cu_run("QEMU guest agent 7.2", tests);
    requester_deinit();
    return status;
}
