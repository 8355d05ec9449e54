/* For pe_reference_monkey.c: writers whose handlers do what the dice say, and that come and go. */
#ifndef PE_REFERENCE_MONKEY_WRITER_H
#define PE_REFERENCE_MONKEY_WRITER_H

#include "pe_reference_monkey_parts.h"

#define SLOW_MS 30 /* how long a handler takes at most */

struct monkey_writer {
    struct test_writer writer; /* first, as the handlers get it */
    struct monkey handlers;    /* one runs at a time, on whatever thread */
    unsigned number;
    bool made, initialized;
};

static struct monkey_writer *monkey_writer_of(struct vsswriter *self)
{
    return (struct monkey_writer *)(void *)self;
}

/* What a handler may ask. */
static void ask(struct monkey *monkey, struct vsswriter *self)
{
    LPCWSTR device = POISON;
    VSS_ID id;
    LPCWSTR *volumes = api.GetCurrentVolumeArray(self);
    const UINT count = api.GetCurrentVolumeCount(self);
    api.GetCurrentSnapshotSetId(self, &id);
    api.GetContext(self);
    api.GetBackupType(self);
    api.AreComponentsSelected(self);
    api.IsPathAffected(self, L"C:\\folder\\file");
    handed(monkey,
           api.GetSnapshotDeviceName(self, count > 0 ? volumes[0] : any_volume(monkey), &device),
           device);
}

static bool handle(struct vsswriter *self, const char *event, IVssWriterComponents *components)
{
    struct monkey_writer *writer = monkey_writer_of(self);
    struct monkey *monkey = &writer->handlers;
    monkey->now = event;
    InterlockedIncrement(&monkey->calls);
    if (components != NULL) {
        walk_components(monkey, components);
    }
    switch (roll(&monkey->dice, 24)) {
    case 0:
        check(monkey, api.SetWriterFailure(self, VSS_E_WRITERERROR_RETRYABLE));
        return false;
    case 1:
        check(monkey, api.SetWriterFailure(self, VSS_E_WRITERERROR_OUTOFRESOURCES));
        return true;
    case 2:
        return false;
    case 3:
        WaitForSingleObject(writer->writer.go,
                            roll(&monkey->dice, SLOW_MS)); /* which nobody sets */
        return true;
    case 4:
        if (roll(&monkey->dice, 10) == 0) { /* seldom, or there would hardly be a writer */
            check(monkey, api.Unsubscribe(self));
        }
        return roll(&monkey->dice, 2) != 0;
    case 5:
    case 6:
    case 7:
        ask(monkey, self);
        return true;
    default:
        return true;
    }
}

#define MONKEY_HANDLER(name)                                                                       \
    static bool STDMETHODCALLTYPE monkey_on_##name(struct vsswriter *self)                         \
    {                                                                                              \
        return handle(self, "On" #name, NULL);                                                     \
    }
#define MONKEY_COMPONENT_HANDLER(name)                                                             \
    static bool STDMETHODCALLTYPE monkey_on_##name(struct vsswriter *self,                         \
                                                   IVssWriterComponents *components)               \
    {                                                                                              \
        return handle(self, "On" #name, components);                                               \
    }
MONKEY_HANDLER(PrepareSnapshot)
MONKEY_HANDLER(Freeze)
MONKEY_HANDLER(Thaw)
MONKEY_HANDLER(Abort)
MONKEY_COMPONENT_HANDLER(PrepareBackup)
MONKEY_COMPONENT_HANDLER(PostSnapshot)
MONKEY_COMPONENT_HANDLER(BackupComplete)
MONKEY_COMPONENT_HANDLER(PreRestore)
MONKEY_COMPONENT_HANDLER(PostRestore)

static bool STDMETHODCALLTYPE monkey_on_BackupShutdown(struct vsswriter *self,
                                                       VSS_ID set __attribute__((unused)))
{
    return handle(self, "OnBackupShutdown", NULL);
}

static bool STDMETHODCALLTYPE monkey_on_Identify(struct vsswriter *self,
                                                 IVssCreateWriterMetadata *metadata)
{
    struct monkey *monkey = &monkey_writer_of(self)->handlers;
    monkey->now = "OnIdentify";
    check(monkey, IVssCreateWriterMetadata_AddComponent(metadata, VSS_CT_FILEGROUP, NULL, L"data",
                                                        NULL, NULL, 0, FALSE, TRUE, TRUE, TRUE, 0));
    check(monkey, IVssCreateWriterMetadata_AddFilesToFileGroup(metadata, NULL, L"data", L"C:\\x",
                                                               L"*", FALSE, NULL, 0));
    return handle(self, "OnIdentify", NULL);
}

static struct vsswriter_vtable monkey_vtable(void)
{
    struct vsswriter_vtable vtable = writer_vtable;
#define OVERRIDE(name) vtable.On##name = monkey_on_##name
    OVERRIDE(Identify);
    OVERRIDE(PrepareBackup);
    OVERRIDE(PrepareSnapshot);
    OVERRIDE(Freeze);
    OVERRIDE(Thaw);
    OVERRIDE(PostSnapshot);
    OVERRIDE(BackupComplete);
    OVERRIDE(BackupShutdown);
    OVERRIDE(Abort);
    OVERRIDE(PreRestore);
    OVERRIDE(PostRestore);
#undef OVERRIDE
    return vtable;
}

static void make_writer(struct monkey_writer *writer)
{
    static struct vsswriter_vtable vtable;
    vtable = monkey_vtable();
    writer_make(&writer->writer, &api, 0xA0 + writer->number);
    writer->writer.object.vtable = &vtable;
    writer->made = true;
    writer->initialized = false;
}

/* One that is subscribed, before anything is made to fail. */
static void start_writer(struct monkey_writer *writer, struct monkey *main)
{
    main->now = "the start of a writer";
    make_writer(writer);
    writer->initialized = check(main, writer_initialize(&writer->writer, VSS_APP_FRONT_END, 60000));
    check(main, writer_subscribe(&writer->writer));
}

static void end_writer(struct monkey_writer *writer)
{
    if (writer->made) {
        /* not while it is one of the base class, as a compiler would have it */
        if (writer->initialized) {
            api.Unsubscribe(&writer->writer.object);
        }
        writer_end(&writer->writer);
    }
    writer->made = false;
}

/* One step in the life of a writer, of the main thread's choice. */
static void live(struct monkey_writer *writer, struct monkey *main)
{
    struct vsswriter *object = &writer->writer.object;
    main->now = "the life of a writer";
    if (!writer->made) {
        make_writer(writer);
    } else if (!writer->initialized) {
        writer->initialized = check(
            main, writer_initialize(&writer->writer,
                                    (VSS_APPLICATION_LEVEL)(1 + roll(&main->dice, 3)), 60000));
    } else if (roll(&main->dice, 6) != 0) {
        check(main, writer_subscribe(&writer->writer));
    } else if (roll(&main->dice, 3) != 0) {
        check(main, api.Unsubscribe(object));
    } else {
        end_writer(writer);
    }
}

#endif
