/* For the tests of writers: a writer in C over the exported class CVssWriter, which keeps a log of
 * its events and does in each what the test has scripted. */
#ifndef PE_REFERENCE_WRITER_H
#define PE_REFERENCE_WRITER_H

#include "pe_reference.h"

#include "../../fixtures/reference/vsswriter_abi.h"

#define WRITER_LOG_LIMIT 64
#define WRITER_WAIT_MS 10000

/* The events, in one letter each, as logs and scripts have them. */
enum {
    ON_IDENTIFY = 'I',
    ON_PREPARE_BACKUP = 'P',
    ON_PREPARE_SNAPSHOT = 'S',
    ON_FREEZE = 'F',
    ON_THAW = 'T',
    ON_POST_SNAPSHOT = 'O',
    ON_BACKUP_COMPLETE = 'C',
    ON_BACKUP_SHUTDOWN = 'D',
    ON_ABORT = 'A',
    ON_PRE_RESTORE = 'R',
    ON_POST_RESTORE = 'Q',
};

struct test_writer {
    struct vsswriter object; /* first, as the handlers get it */
    const struct vsswriter_api *api;
    VSS_ID id;
    const WCHAR *component;
    CRITICAL_SECTION lock; /* over the log */
    char log[WRITER_LOG_LIMIT + 1];
    HANDLE changed; /* set with each event */
    /* the script: in this event (0: none) set a failure (0: none), and give back this */
    char fails_in;
    HRESULT failure;
    bool result;
    /* in this event (0: none) wait until `go` is set; `reached` says that it waits */
    char holds_in;
    HANDLE reached, go;
    void (*look)(struct test_writer *writer, char event, IVssWriterComponents *components);
    VSS_ID shutdown_set;
};

/* Looks up the members of CVssWriter; ends the program where the module lacks one. */
static inline struct vsswriter_api writer_api(HMODULE module)
{
    struct vsswriter_api api;
    const char *missing;
    if (!vsswriter_load(module, &api, &missing)) {
        fprintf(stderr, "vssref.dll does not export %s\n", missing);
        exit(EXIT_FAILURE);
    }
    return api;
}

static inline struct test_writer *writer_of(struct vsswriter *self)
{
    return (struct test_writer *)(void *)self;
}

static inline bool writer_event(struct vsswriter *self, char event,
                                IVssWriterComponents *components)
{
    struct test_writer *writer = writer_of(self);
    EnterCriticalSection(&writer->lock);
    const size_t length = strlen(writer->log);
    if (length < WRITER_LOG_LIMIT) {
        writer->log[length] = event;
        writer->log[length + 1] = '\0';
    }
    LeaveCriticalSection(&writer->lock);
    SetEvent(writer->changed);
    if (writer->look != NULL) {
        writer->look(writer, event, components);
    }
    if (writer->holds_in == event) {
        SetEvent(writer->reached);
        WaitForSingleObject(writer->go, WRITER_WAIT_MS);
    }
    if (writer->fails_in != event) {
        return true;
    }
    if (writer->failure != S_OK) {
        HR(writer->api->SetWriterFailure(self, writer->failure), S_OK);
    }
    return writer->result;
}

#define WRITER_HANDLER(name, event)                                                                \
    static inline bool STDMETHODCALLTYPE writer_##name(struct vsswriter *self)                     \
    {                                                                                              \
        return writer_event(self, event, NULL);                                                    \
    }
#define WRITER_COMPONENT_HANDLER(name, event)                                                      \
    static inline bool STDMETHODCALLTYPE writer_##name(struct vsswriter *self,                     \
                                                       IVssWriterComponents *components)           \
    {                                                                                              \
        return writer_event(self, event, components);                                              \
    }
WRITER_HANDLER(PrepareSnapshot, ON_PREPARE_SNAPSHOT)
WRITER_HANDLER(Freeze, ON_FREEZE)
WRITER_HANDLER(Thaw, ON_THAW)
WRITER_HANDLER(Abort, ON_ABORT)
WRITER_HANDLER(Reserved, '?')
WRITER_COMPONENT_HANDLER(PrepareBackup, ON_PREPARE_BACKUP)
WRITER_COMPONENT_HANDLER(PostSnapshot, ON_POST_SNAPSHOT)
WRITER_COMPONENT_HANDLER(BackupComplete, ON_BACKUP_COMPLETE)
WRITER_COMPONENT_HANDLER(PreRestore, ON_PRE_RESTORE)
WRITER_COMPONENT_HANDLER(PostRestore, ON_POST_RESTORE)

static inline bool STDMETHODCALLTYPE writer_Identify(struct vsswriter *self,
                                                     IVssCreateWriterMetadata *metadata)
{
    struct test_writer *writer = writer_of(self);
    HR(IVssCreateWriterMetadata_AddComponent(metadata, VSS_CT_FILEGROUP, NULL, writer->component,
                                             NULL, NULL, 0, FALSE, TRUE, TRUE, TRUE, 0),
       S_OK);
    return writer_event(self, ON_IDENTIFY, NULL);
}

static inline bool STDMETHODCALLTYPE writer_BackupShutdown(struct vsswriter *self, VSS_ID set)
{
    writer_of(self)->shutdown_set = set;
    return writer_event(self, ON_BACKUP_SHUTDOWN, NULL);
}

static inline bool STDMETHODCALLTYPE writer_volume(struct vsswriter *self,
                                                   VSS_PWSZ volume __attribute__((unused)),
                                                   VSS_ID snapshot __attribute__((unused)),
                                                   VSS_ID provider __attribute__((unused)))
{
    return writer_event(self, '?', NULL);
}

static inline void *VSSWRITER_THISCALL writer_destroy(struct vsswriter *self,
                                                      unsigned flags __attribute__((unused)))
{
    return self;
}

static const struct vsswriter_vtable writer_vtable = {
    .destroy = writer_destroy,
    .OnIdentify = writer_Identify,
    .OnPrepareBackup = writer_PrepareBackup,
    .OnPrepareSnapshot = writer_PrepareSnapshot,
    .OnFreeze = writer_Freeze,
    .OnThaw = writer_Thaw,
    .OnAbort = writer_Abort,
    .OnBackupComplete = writer_BackupComplete,
    .OnBackupShutdown = writer_BackupShutdown,
    .OnPreRestore = writer_PreRestore,
    .OnPostRestore = writer_PostRestore,
    .OnPostSnapshot = writer_PostSnapshot,
    .OnBackOffIOOnVolume = writer_volume,
    .OnContinueIOOnVolume = writer_volume,
    .OnVSSShutdown = writer_Reserved,
    .OnVSSApplicationStartup = writer_Reserved,
};

/* A constructed writer with the class id {number-...}, neither initialized nor subscribed. */
static inline void writer_make(struct test_writer *writer, const struct vsswriter_api *api,
                               unsigned number)
{
    ZeroMemory(writer, sizeof(*writer));
    writer->api = api;
    writer->id = (VSS_ID){number, 0x1b1c, 0x4d1d, {0x8e, 1, 2, 3, 4, 5, 6, 7}};
    writer->component = L"data";
    writer->result = true;
    InitializeCriticalSection(&writer->lock);
    writer->changed = CreateEventA(NULL, FALSE, FALSE, NULL);
    writer->reached = CreateEventA(NULL, TRUE, FALSE, NULL);
    writer->go = CreateEventA(NULL, TRUE, FALSE, NULL);
    CU_ASSERT_PTR_EQUAL(api->construct(&writer->object), &writer->object);
    writer->object.vtable = &writer_vtable;
}

static inline HRESULT writer_initialize(struct test_writer *writer, VSS_APPLICATION_LEVEL level,
                                        DWORD freeze_limit)
{
    return writer->api->Initialize(&writer->object, writer->id, L"Test writer", VSS_UT_USERDATA,
                                   VSS_ST_OTHER, level, freeze_limit, VSS_AWS_NO_ALTERNATE_WRITER,
                                   false, NULL);
}

static inline HRESULT writer_subscribe(struct test_writer *writer)
{
    return writer->api->Subscribe(&writer->object,
                                  VSS_SM_BACKUP_EVENTS_FLAG | VSS_SM_RESTORE_EVENTS_FLAG);
}

static inline void writer_start(struct test_writer *writer, const struct vsswriter_api *api,
                                unsigned number)
{
    writer_make(writer, api, number);
    HR(writer_initialize(writer, VSS_APP_FRONT_END, 60000), S_OK);
    HR(writer_subscribe(writer), S_OK);
}

static inline void writer_end(struct test_writer *writer)
{
    SetEvent(writer->go);
    writer->api->destruct(&writer->object);
    DeleteCriticalSection(&writer->lock);
    CloseHandle(writer->changed);
    CloseHandle(writer->reached);
    CloseHandle(writer->go);
}

/* Is the log as wanted now? */
static inline bool writer_has(struct test_writer *writer, const char *wanted)
{
    EnterCriticalSection(&writer->lock);
    const bool has = strcmp(writer->log, wanted) == 0;
    LeaveCriticalSection(&writer->lock);
    return has;
}

/* Waits until it is, and says what it is where it does not come to it. */
static inline void writer_logged(struct test_writer *writer, const char *wanted, int line)
{
    const ULONGLONG end = GetTickCount64() + WRITER_WAIT_MS;
    while (!writer_has(writer, wanted) && GetTickCount64() < end) {
        WaitForSingleObject(writer->changed, 100);
    }
    if (!writer_has(writer, wanted)) {
        fprintf(stderr, "line %d: log is %s, not %s\n", line, writer->log, wanted);
    }
    CU_assertImplementation(writer_has(writer, wanted), (unsigned)line, "log", "pe_reference", "",
                            CU_FALSE);
}
#define LOG(writer, wanted) writer_logged(writer, wanted, __LINE__)

/* Takes the script back and empties the log. */
static inline void writer_clear(struct test_writer *writer)
{
    EnterCriticalSection(&writer->lock);
    writer->log[0] = '\0';
    LeaveCriticalSection(&writer->lock);
    writer->fails_in = 0;
    writer->failure = S_OK;
    writer->result = true;
    writer->holds_in = 0;
    writer->look = NULL;
    ResetEvent(writer->reached);
    ResetEvent(writer->go);
}

#endif
