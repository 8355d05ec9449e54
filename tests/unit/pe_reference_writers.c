/* The reference clone: writers, from the class CVssWriter to the requester that asks and tells
 * them. Letters of logs: see pe_reference_writer.h. */
#include "pe_reference_writer.h"

static struct reference ref;
static struct vsswriter_api api;
static WCHAR volume_c[] = L"C:\\";

/* ---- helpers ---- */

/* A backup object in component mode (or volume mode) whose writers were gathered. */
static IVssBackupComponents *gathered(bool components)
{
    IVssBackupComponents *bc = ref_new(&ref);
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_SetBackupState(bc, components, TRUE, VSS_BT_FULL, FALSE), S_OK);
    HR(RUN(bc, GatherWriterMetadata), VSS_S_ASYNC_FINISHED);
    return bc;
}

static UINT metadata_count(IVssBackupComponents *bc)
{
    UINT count = 99;
    HR(IVssBackupComponents_GetWriterMetadataCount(bc, &count), S_OK);
    return count;
}

/* The instance id of the participant of the writer's class. */
static VSS_ID instance_of(IVssBackupComponents *bc, const struct test_writer *writer)
{
    const UINT count = metadata_count(bc);
    for (UINT i = 0; i < count; i++) {
        VSS_ID instance;
        VSS_ID found_instance;
        VSS_ID class;
        BSTR name;
        VSS_USAGE_TYPE usage;
        VSS_SOURCE_TYPE source;
        IVssExamineWriterMetadata *metadata = NULL;
        HR(IVssBackupComponents_GetWriterMetadata(bc, i, &instance, &metadata), S_OK);
        HR(IVssExamineWriterMetadata_GetIdentity(metadata, &found_instance, &class, &name, &usage,
                                                 &source),
           S_OK);
        SysFreeString(name);
        CU_ASSERT_EQUAL(IVssExamineWriterMetadata_Release(metadata), 0);
        CU_ASSERT_TRUE(IsEqualGUID(&instance, &found_instance));
        if (IsEqualGUID(&class, &writer->id)) {
            return instance;
        }
    }
    return GUID_NULL;
}

static void add_component(IVssBackupComponents *bc, const struct test_writer *writer)
{
    HR(IVssBackupComponents_AddComponent(bc, instance_of(bc, writer), writer->id, VSS_CT_FILEGROUP,
                                         NULL, writer->component),
       S_OK);
}

static void open_set(IVssBackupComponents *bc)
{
    VSS_ID set;
    VSS_ID snapshot;
    HR(IVssBackupComponents_StartSnapshotSet(bc, &set), S_OK);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, volume_c, GUID_NULL, &snapshot), S_OK);
}

struct status {
    VSS_WRITER_STATE state;
    HRESULT failure;
};

/* Asks all for their status and gives that of one. */
static struct status status_of(IVssBackupComponents *bc, const struct test_writer *writer)
{
    struct status found = {VSS_WS_COUNT, E_FAIL};
    UINT count = 0;
    HR(RUN(bc, GatherWriterStatus), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponents_GetWriterStatusCount(bc, &count), S_OK);
    for (UINT i = 0; i < count; i++) {
        VSS_ID instance;
        VSS_ID class;
        BSTR name = NULL;
        struct status status;
        HR(IVssBackupComponents_GetWriterStatus(bc, i, &instance, &class, &name, &status.state,
                                                &status.failure),
           S_OK);
        CU_ASSERT_PTR_NOT_NULL(name);
        SysFreeString(name);
        if (IsEqualGUID(&class, &writer->id)) {
            found = status;
        }
    }
    HR(IVssBackupComponents_FreeWriterStatus(bc), S_OK);
    return found;
}

static void check_status(IVssBackupComponents *bc, const struct test_writer *writer,
                         VSS_WRITER_STATE state, HRESULT failure, int line)
{
    const struct status status = status_of(bc, writer);
    if (status.state != state || status.failure != failure) {
        fprintf(stderr, "line %d: state %d, failure 0x%08lX\n", line, status.state,
                (unsigned long)status.failure);
    }
    CU_assertImplementation(status.state == state && status.failure == failure, (unsigned)line,
                            "status", __FILE__, "", CU_FALSE);
}
#define STATUS(bc, writer, state, failure) check_status(bc, writer, state, failure, __LINE__)

/* ---- the class ---- */

static void test_class(void)
{
    struct test_writer writer;
    VSS_ID id;
    LPCWSTR device = L"x";
    writer_make(&writer, &api, 1);
    HR(writer_subscribe(&writer), E_FAIL);
    HR(api.Unsubscribe(&writer.object), E_FAIL);
    HR(api.SetWriterFailure(&writer.object, VSS_E_WRITERERROR_RETRYABLE), E_FAIL);
    CU_ASSERT_EQUAL(api.GetCurrentLevel(&writer.object), VSS_APP_AUTO);
    HR(api.Initialize(&writer.object, writer.id, NULL, VSS_UT_USERDATA, VSS_ST_OTHER,
                      VSS_APP_FRONT_END, 60000, VSS_AWS_NO_ALTERNATE_WRITER, false, NULL),
       E_INVALIDARG);
    HR(writer_initialize(&writer, VSS_APP_BACK_END, 60000), S_OK);
    HR(writer_initialize(&writer, VSS_APP_BACK_END, 60000), E_FAIL);
    CU_ASSERT_EQUAL(api.GetCurrentLevel(&writer.object), VSS_APP_BACK_END);
    HR(writer_subscribe(&writer), S_OK);
    HR(writer_subscribe(&writer), VSS_E_WRITER_ALREADY_SUBSCRIBED);
    /* outside a handler */
    CU_ASSERT_PTR_EQUAL(api.GetCurrentSnapshotSetId(&writer.object, &id), &id);
    CU_ASSERT_TRUE(IsEqualGUID(&id, &GUID_NULL));
    CU_ASSERT_EQUAL(api.GetCurrentVolumeCount(&writer.object), 0);
    CU_ASSERT_PTR_NULL(api.GetCurrentVolumeArray(&writer.object));
    CU_ASSERT_FALSE(api.IsPathAffected(&writer.object, L"C:\\x"));
    CU_ASSERT_FALSE(api.AreComponentsSelected(&writer.object));
    HR(api.GetSnapshotDeviceName(&writer.object, volume_c, &device), VSS_E_BAD_STATE);
    CU_ASSERT_PTR_NULL(device);
    HR(api.GetSnapshotDeviceName(&writer.object, NULL, &device), E_INVALIDARG);
    HR(api.GetSnapshotDeviceName(&writer.object, L"C:", &device), E_INVALIDARG);
    HR(api.SetWriterFailure(&writer.object, VSS_E_WRITERERROR_RETRYABLE), VSS_E_BAD_STATE);
    HR(api.SetWriterFailure(&writer.object, E_FAIL), E_INVALIDARG);
    HR(api.InstallAlternateWriter(&writer.object, writer.id, writer.id), E_NOTIMPL);
    HR(api.Unsubscribe(&writer.object), S_OK);
    HR(api.Unsubscribe(&writer.object), S_OK);
    HR(writer_subscribe(&writer), S_OK);
    writer_end(&writer); /* still subscribed */
    HR(ref_left(&ref), S_OK);
}

/* What the class of a newer vswriter.h calls (ref_writer_class.c). */
static void test_create_writer(void)
{
    static const char *const names[] = {"CreateWriter", "CreateWriterEx"};
    for (size_t i = 0; i < COUNT(names); i++) {
        HRESULT(WINAPI * create)
        (struct vsswriter * writer, IVssWriterImpl * *out) =
            (void *)ref_export(ref.module, names[i]);
        struct vsswriter writer = {&writer_vtable, NULL};
        IVssWriterImpl *impl = (IVssWriterImpl *)(void *)&writer;
        HR(create(NULL, &impl), E_INVALIDARG);
        CU_ASSERT_PTR_NULL(impl);
        HR(create(&writer, NULL), E_INVALIDARG);
        HR(create(&writer, &impl), S_OK);
        HR(IVssWriterImpl_Subscribe(impl, 0, VSS_SM_BACKUP_EVENTS_FLAG), E_FAIL);
        CU_ASSERT_EQUAL(IVssWriterImpl_Release(impl), 0);
    }
    HR(ref_left(&ref), S_OK);
}

/* ---- metadata ---- */

static void test_gather(void)
{
    struct test_writer one;
    struct test_writer two;
    writer_start(&one, &api, 1);
    writer_start(&two, &api, 2);
    IVssBackupComponents *bc = gathered(true);
    CU_ASSERT_EQUAL(metadata_count(bc), 2);
    LOG(&one, "I");
    LOG(&two, "I");
    VSS_ID instance = instance_of(bc, &one);
    CU_ASSERT_FALSE(IsEqualGUID(&instance, &GUID_NULL));
    STATUS(bc, &one, VSS_WS_STABLE, S_OK);
    HR(IVssBackupComponents_FreeWriterMetadata(bc), S_OK);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);

    /* one that fails to identify itself is not there, and that is no failure of the gathering */
    writer_clear(&two);
    two.fails_in = ON_IDENTIFY;
    two.result = false;
    bc = gathered(true);
    CU_ASSERT_EQUAL(metadata_count(bc), 1);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    LOG(&one, "II");

    HR(api.Unsubscribe(&one.object), S_OK);
    bc = gathered(true);
    CU_ASSERT_EQUAL(metadata_count(bc), 0);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    writer_end(&one);
    writer_end(&two);
    HR(ref_left(&ref), S_OK);
}

/* Disable, Enable, and both: pages of DisableWriterClasses and EnableWriterClasses. */
static void test_choice(void)
{
    static const struct {
        const char *calls; /* d, e: class of the first; D, E: of the second; i: its instance */
        const char *there; /* who is gathered then */
    } table[] = {
        {"", "12"},  {"d", "2"},  {"dD", ""},   {"e", "1"}, {"eE", "12"},
        {"de", "1"}, {"dE", "2"}, {"eEd", "2"}, {"i", "2"}, {"ei", ""},
    };
    struct test_writer writers[2];
    writer_start(&writers[0], &api, 1);
    writer_start(&writers[1], &api, 2);
    IVssBackupComponents *scout = gathered(true);
    const VSS_ID instance = instance_of(scout, &writers[0]);
    IVssBackupComponents_Release(scout);
    for (size_t i = 0; i < COUNT(table); i++) {
        IVssBackupComponents *bc = ref_new(&ref);
        HR(ref_init(bc, NULL, false), S_OK);
        for (const char *call = table[i].calls; *call != '\0'; call++) {
            const VSS_ID *id = &writers[*call == 'D' || *call == 'E'].id;
            HR(*call == 'i' ? IVssBackupComponents_DisableWriterInstances(bc, &instance, 1)
               : *call == 'd' || *call == 'D' ? IVssBackupComponents_DisableWriterClasses(bc, id, 1)
                                              : IVssBackupComponents_EnableWriterClasses(bc, id, 1),
               S_OK);
        }
        HR(RUN(bc, GatherWriterMetadata), VSS_S_ASYNC_FINISHED);
        CU_ASSERT_EQUAL(metadata_count(bc), strlen(table[i].there));
        for (size_t j = 0; j < 2; j++) {
            const VSS_ID found = instance_of(bc, &writers[j]);
            const bool wanted = strchr(table[i].there, (int)('1' + j)) != NULL;
            if (IsEqualGUID(&found, &GUID_NULL) == wanted) {
                fprintf(stderr, "%s: writer %u\n", table[i].calls, (unsigned)j + 1);
            }
            CU_ASSERT_NOT_EQUAL(IsEqualGUID(&found, &GUID_NULL) != 0, wanted);
        }
        HR(IVssBackupComponents_DisableWriterClasses(bc, &writers[0].id, 1), S_OK);
        CU_ASSERT_EQUAL(metadata_count(bc), strlen(table[i].there));
        CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    }
    writer_end(&writers[0]);
    writer_end(&writers[1]);
    HR(ref_left(&ref), S_OK);
}

/* ---- a whole backup ---- */

static struct {
    VSS_ID set;
    bool components, bootable, affected, unaffected;
    VSS_BACKUP_TYPE type;
    UINT volumes, component_count;
    HRESULT device, device_elsewhere, device_early;
} seen;

static void look_at_backup(struct test_writer *writer, char event, IVssWriterComponents *components)
{
    struct vsswriter *self = &writer->object;
    LPCWSTR device = NULL;
    if (event == ON_FREEZE) {
        api.GetCurrentSnapshotSetId(self, &seen.set);
        seen.volumes = api.GetCurrentVolumeCount(self);
        seen.affected = api.IsPathAffected(self, L"C:\\a\\file.txt");
        seen.unaffected = !api.IsPathAffected(self, L"D:\\a") && !api.IsPathAffected(self, NULL) &&
                          !api.IsPathAffected(self, L"");
        seen.device_early = api.GetSnapshotDeviceName(self, volume_c, &device);
    } else if (event == ON_PREPARE_BACKUP) {
        seen.components = api.AreComponentsSelected(self);
        seen.bootable = api.IsBootableSystemStateBackedUp(self);
        seen.type = api.GetBackupType(self);
        if (components != NULL) {
            components->lpVtbl->GetComponentCount(components, &seen.component_count);
        }
    } else if (event == ON_POST_SNAPSHOT) {
        LPCWSTR *volumes = api.GetCurrentVolumeArray(self);
        seen.device = api.GetSnapshotDeviceName(self, volumes[0], &device);
        CU_ASSERT_PTR_NOT_NULL(device);
        seen.device_elsewhere = api.GetSnapshotDeviceName(self, L"D:\\", &device);
    }
}

static void test_backup(void)
{
    struct test_writer one;
    struct test_writer two;
    struct test_writer three;
    writer_start(&one, &api, 1);
    writer_start(&two, &api, 2);
    writer_start(&three, &api, 3);
    one.look = look_at_backup;
    ZeroMemory(&seen, sizeof(seen));
    IVssBackupComponents *bc = gathered(true);
    add_component(bc, &one);
    add_component(bc, &two);
    open_set(bc);
    HR(RUN(bc, PrepareForBackup), VSS_S_ASYNC_FINISHED);
    STATUS(bc, &one, VSS_WS_STABLE, S_OK);
    HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED);
    STATUS(bc, &one, VSS_WS_WAITING_FOR_BACKUP_COMPLETE, S_OK);
    HR(RUN(bc, BackupComplete), VSS_S_ASYNC_FINISHED);
    STATUS(bc, &two, VSS_WS_STABLE, S_OK);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    LOG(&one, "IPSFTOCD");
    LOG(&two, "IPSFTOCD");
    LOG(&three, "I"); /* none of its components was added */
    CU_ASSERT_TRUE(seen.components && seen.bootable && seen.affected && seen.unaffected);
    CU_ASSERT_EQUAL(seen.type, VSS_BT_FULL);
    CU_ASSERT_EQUAL(seen.volumes, 1);
    CU_ASSERT_EQUAL(seen.component_count, 1);
    CU_ASSERT_FALSE(IsEqualGUID(&seen.set, &GUID_NULL));
    CU_ASSERT_TRUE(IsEqualGUID(&seen.set, &one.shutdown_set));
    HR(seen.device, S_OK);
    HR(seen.device_elsewhere, VSS_E_OBJECT_NOT_FOUND);
    HR(seen.device_early, VSS_E_BAD_STATE);
    writer_end(&one);
    writer_end(&two);
    writer_end(&three);
    HR(ref_left(&ref), S_OK);
}

/* Without components, and without having been asked for metadata (FE074). */
static void test_volume_mode(void)
{
    struct test_writer writer;
    writer_start(&writer, &api, 1);
    IVssBackupComponents *bc = ref_new(&ref);
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_SetBackupState(bc, FALSE, TRUE, VSS_BT_COPY, FALSE), S_OK);
    open_set(bc);
    HR(RUN(bc, PrepareForBackup), VSS_S_ASYNC_FINISHED);
    HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    LOG(&writer, "PSFTOD");

    /* and none in a context without writers */
    writer_clear(&writer);
    bc = ref_new(&ref);
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_SetContext(bc, VSS_CTX_FILE_SHARE_BACKUP), S_OK);
    open_set(bc);
    HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    LOG(&writer, "");
    writer_end(&writer);
    HR(ref_left(&ref), S_OK);
}

/* Freeze goes from the front end to the system, Thaw the other way. */
static char level_log[16];
static void look_at_levels(struct test_writer *writer, char event,
                           IVssWriterComponents *components __attribute__((unused)))
{
    if (event == ON_FREEZE || event == ON_THAW) {
        const size_t length = strlen(level_log); /* levels come one after another */
        if (length + 2 < sizeof(level_log)) {
            level_log[length] = event;
            level_log[length + 1] = (char)('0' + (int)api.GetCurrentLevel(&writer->object));
        }
    }
}

static void test_levels(void)
{
    static const VSS_APPLICATION_LEVEL levels[] = {VSS_APP_SYSTEM, VSS_APP_FRONT_END,
                                                   VSS_APP_BACK_END};
    struct test_writer writers[COUNT(levels)];
    for (unsigned i = 0; i < COUNT(levels); i++) {
        writer_make(&writers[i], &api, i + 1);
        writers[i].look = look_at_levels;
        HR(writer_initialize(&writers[i], levels[i], 60000), S_OK);
        HR(writer_subscribe(&writers[i]), S_OK);
    }
    IVssBackupComponents *bc = gathered(false);
    open_set(bc);
    HR(RUN(bc, PrepareForBackup), VSS_S_ASYNC_FINISHED);
    HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    CU_ASSERT_STRING_EQUAL(level_log, "F3F2F1T1T2T3");
    for (unsigned i = 0; i < COUNT(levels); i++) {
        writer_end(&writers[i]);
    }
    HR(ref_left(&ref), S_OK);
}

/* ---- a restore ---- */

static void test_restore(void)
{
    struct test_writer one;
    struct test_writer two;
    BSTR text = NULL;
    writer_start(&one, &api, 1);
    writer_start(&two, &api, 2);
    IVssBackupComponents *bc = gathered(true);
    add_component(bc, &one);
    add_component(bc, &two);
    open_set(bc);
    HR(RUN(bc, PrepareForBackup), VSS_S_ASYNC_FINISHED);
    HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED);
    HR(RUN(bc, BackupComplete), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponents_SaveAsXML(bc, &text), S_OK);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    writer_clear(&one);
    writer_clear(&two);

    bc = ref_new(&ref);
    HR(ref_init(bc, text, true), S_OK);
    SysFreeString(text);
    HR(RUN(bc, GatherWriterMetadata), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponents_SetSelectedForRestore(bc, one.id, VSS_CT_FILEGROUP, NULL, L"data",
                                                  TRUE),
       S_OK);
    one.fails_in = ON_POST_RESTORE;
    one.failure = VSS_E_WRITERERROR_NONRETRYABLE;
    one.result = false;
    HR(RUN(bc, PreRestore), VSS_S_ASYNC_FINISHED);
    STATUS(bc, &one, VSS_WS_STABLE, S_OK);
    HR(RUN(bc, PostRestore), VSS_S_ASYNC_FINISHED);
    STATUS(bc, &one, VSS_WS_FAILED_AT_POST_RESTORE, VSS_E_WRITERERROR_NONRETRYABLE);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    LOG(&one, "IRQ");
    LOG(&two, "I"); /* nothing of it was selected */
    writer_end(&one);
    writer_end(&two);
    HR(ref_left(&ref), S_OK);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"the class CVssWriter", test_class},
        {"CreateWriter", test_create_writer},
        {"metadata of writers", test_gather},
        {"which writers take part", test_choice},
        {"a backup with two of three writers", test_backup},
        {"a backup in volume mode", test_volume_mode},
        {"levels of Freeze and Thaw", test_levels},
        {"a restore", test_restore},
        CU_TEST_INFO_NULL,
    };
    ref = ref_load();
    api = writer_api(ref.module);
    return cu_run("reference: writers", tests);
}
