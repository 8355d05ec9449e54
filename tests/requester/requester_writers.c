#include "requester_writers.h"

#include "../unit/pe_reference_writer.h"

#define SERVE_MS 60000

const struct requester_writer requester_writers[REQUESTER_WRITERS] = {
    {{0x5c0a0001, 0x77aa, 0x4b7e, {0x90, 1, 2, 3, 4, 5, 6, 7}},
     L"Mail store",
     VSS_CT_DATABASE,
     L"stores",
     L"mail",
     L"C:\\mail",
     L"mail.db",
     L"log 17"},
    {{0x5c0a0002, 0x77aa, 0x4b7e, {0x90, 1, 2, 3, 4, 5, 6, 7}},
     L"Settings",
     VSS_CT_FILEGROUP,
     NULL,
     L"settings",
     L"D:\\settings",
     L"*.ini",
     L"revision 4"},
};

/* A backup and then a restore. BackupShutdown ends the backup; the end of a restore object is told
 * to nobody (FACTS.md). */
static const char expected_log[] = "IPSFTOCDIRQ";

static struct vsswriter_api api;
static struct test_writer writers[REQUESTER_WRITERS];
static const char *ready_name, *go_name;

static bool STDMETHODCALLTYPE identify(struct vsswriter *self, IVssCreateWriterMetadata *metadata)
{
    const struct requester_writer *facts = &requester_writers[writer_of(self) - &writers[0]];
    HR(IVssCreateWriterMetadata_SetRestoreMethod(metadata, VSS_RME_RESTORE_IF_CAN_REPLACE, NULL,
                                                 NULL, VSS_WRE_ALWAYS, FALSE),
       S_OK);
    HR(IVssCreateWriterMetadata_AddExcludeFiles(metadata, facts->path, L"*.tmp", TRUE), S_OK);
    HR(IVssCreateWriterMetadata_AddComponent(metadata, (VSS_COMPONENT_TYPE)facts->component_type,
                                             facts->logical_path, facts->component, L"Caption",
                                             NULL, 0, FALSE, TRUE, TRUE, TRUE, 0),
       S_OK);
    if (facts->component_type == VSS_CT_DATABASE) {
        HR(IVssCreateWriterMetadata_AddDatabaseFiles(
               metadata, facts->logical_path, facts->component, facts->path, facts->filespec,
               VSS_FSBT_ALL_BACKUP_REQUIRED | VSS_FSBT_ALL_SNAPSHOT_REQUIRED),
           S_OK);
    } else {
        HR(IVssCreateWriterMetadata_AddFilesToFileGroup(
               metadata, facts->logical_path, facts->component, facts->path, facts->filespec, FALSE,
               NULL, VSS_FSBT_ALL_BACKUP_REQUIRED | VSS_FSBT_ALL_SNAPSHOT_REQUIRED),
           S_OK);
    }
    return writer_event(self, ON_IDENTIFY, NULL);
}

static void metadata_is(IVssComponent *component, const WCHAR *wanted)
{
    BSTR text = NULL;
    HR(IVssComponent_GetBackupMetadata(component, &text), S_OK);
    CU_ASSERT_TRUE(text != NULL && lstrcmpW(text, wanted) == 0);
    SysFreeString(text);
}

/* What the writer does with its component in an event, and what it must find there. */
static void look(struct test_writer *writer, char event, IVssWriterComponents *components)
{
    const struct requester_writer *facts = &requester_writers[writer - &writers[0]];
    IVssComponent *component = NULL;
    UINT count = 0;
    boolean flag = FALSE;
    VSS_FILE_RESTORE_STATUS files = VSS_RS_UNDEFINED;
    if (components == NULL) {
        return;
    }
    HR(IVssWriterComponents_GetComponentCount(components, &count), S_OK);
    CU_ASSERT_EQUAL(count, 1);
    HR(IVssWriterComponents_GetComponent(components, 0, &component), S_OK);
    switch (event) {
    case ON_PREPARE_BACKUP:
        CU_ASSERT_TRUE(api.AreComponentsSelected(&writer->object));
        CU_ASSERT_EQUAL(api.GetBackupType(&writer->object), VSS_BT_FULL);
        HR(IVssComponent_SetBackupMetadata(component, facts->metadata), S_OK);
        break;
    case ON_BACKUP_COMPLETE:
        HR(IVssComponent_GetBackupSucceeded(component, &flag), S_OK);
        CU_ASSERT_TRUE(flag);
        break;
    case ON_PRE_RESTORE:
        HR(IVssComponent_IsSelectedForRestore(component, &flag), S_OK);
        CU_ASSERT_TRUE(flag);
        metadata_is(component, facts->metadata);
        break;
    case ON_POST_RESTORE:
        HR(IVssComponent_GetFileRestoreStatus(component, &files), S_OK);
        CU_ASSERT_EQUAL(files, VSS_RS_ALL);
        break;
    default:
        break;
    }
    CU_ASSERT_TRUE(IVssComponent_Release(component) < 100);
}

static void test_serve(void)
{
    static struct vsswriter_vtable table;
    HANDLE ready = OpenEventA(EVENT_MODIFY_STATE, FALSE, ready_name);
    HANDLE go = OpenEventA(SYNCHRONIZE, FALSE, go_name);
    table = writer_vtable;
    table.OnIdentify = identify;
    for (unsigned i = 0; i < REQUESTER_WRITERS; i++) {
        struct test_writer *writer = &writers[i];
        writer_make(writer, &api, i);
        writer->object.vtable = &table;
        writer->look = look;
        HR(api.Initialize(&writer->object, requester_writers[i].id, requester_writers[i].name,
                          VSS_UT_USERDATA, VSS_ST_TRANSACTEDDB, VSS_APP_FRONT_END, 60000,
                          VSS_AWS_NO_ALTERNATE_WRITER, false, NULL),
           S_OK);
        HR(writer_subscribe(writer), S_OK);
    }
    SetEvent(ready);
    CU_ASSERT_EQUAL(WaitForSingleObject(go, SERVE_MS), WAIT_OBJECT_0);
    for (unsigned i = 0; i < REQUESTER_WRITERS; i++) {
        const char *log = writers[i].log;
        HR(api.Unsubscribe(&writers[i].object), S_OK);
        if (strcmp(log, expected_log) != 0) {
            fprintf(stderr, "writer %u saw %s\n", i, log);
        }
        CU_ASSERT_STRING_EQUAL(log, expected_log);
        writer_end(&writers[i]);
    }
    CloseHandle(ready);
    CloseHandle(go);
}

int requester_serve(const char *ready, const char *go)
{
    CU_TestInfo tests[] = {{"a backup and a restore", test_serve}, CU_TEST_INFO_NULL};
    const char *missing = NULL;
    ready_name = ready;
    go_name = go;
    if (!vsswriter_load(LoadLibraryA("vssapi.dll"), &api, &missing)) {
        fprintf(stderr, "vssapi.dll does not export %s\n", missing);
        return EXIT_FAILURE;
    }
    return cu_run("requester: its writers", tests);
}
