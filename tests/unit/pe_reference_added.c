/* The reference clone: components between a requester and a writer, from AddComponent in a backup
 * to what a restore brings back. */
#include "pe_reference_parts.h"
#include "pe_reference_writer.h"

static struct reference ref;
static struct vsswriter_api api;
static struct vsswriter_vtable vtable;
static DWORD schema;

/* top\db, a database with a file set; top\db\sub, which can be restored alone; top\db\fixed, which
 * cannot. */
static bool STDMETHODCALLTYPE identify(struct vsswriter *self, IVssCreateWriterMetadata *metadata)
{
    HR(IVssCreateWriterMetadata_SetBackupSchema(metadata, schema), S_OK);
    HR(IVssCreateWriterMetadata_AddComponent(metadata, VSS_CT_DATABASE, L"top", L"db", NULL, NULL,
                                             0, FALSE, TRUE, TRUE, FALSE, 0),
       S_OK);
    HR(IVssCreateWriterMetadata_AddDatabaseFiles(metadata, L"top", L"db", L"C:\\d", L"*.mdb",
                                                 0xF0F),
       S_OK);
    HR(IVssCreateWriterMetadata_AddComponent(metadata, VSS_CT_FILEGROUP, L"top\\db", L"sub", NULL,
                                             NULL, 0, FALSE, FALSE, FALSE, TRUE, 0),
       S_OK);
    HR(IVssCreateWriterMetadata_AddComponent(metadata, VSS_CT_FILEGROUP, L"top\\db", L"fixed", NULL,
                                             NULL, 0, FALSE, FALSE, FALSE, FALSE, 0),
       S_OK);
    return writer_event(self, ON_IDENTIFY, NULL);
}

static void start(struct test_writer *writer, DWORD mask)
{
    schema = mask;
    writer_make(writer, &api, 7);
    vtable = writer_vtable;
    vtable.OnIdentify = identify;
    writer->object.vtable = &vtable;
    HR(writer_initialize(writer, VSS_APP_FRONT_END, 60000), S_OK);
    HR(writer_subscribe(writer), S_OK);
}

static IVssBackupComponentsEx2 *gathered(const WCHAR *document, VSS_ID *instance)
{
    IVssBackupComponents *bc = ref_new(&ref);
    HR(ref_init(bc, document, document != NULL), S_OK);
    HR(IVssBackupComponents_SetBackupState(bc, TRUE, FALSE, VSS_BT_FULL, TRUE), S_OK);
    HR(RUN(bc, GatherWriterMetadata), VSS_S_ASYNC_FINISHED);
    IVssExamineWriterMetadata *metadata = NULL;
    *instance = GUID_NULL;
    HR(IVssBackupComponents_GetWriterMetadata(bc, 0, instance, &metadata), S_OK);
    if (metadata != NULL) {
        IVssExamineWriterMetadata_Release(metadata);
    }
    return (IVssBackupComponentsEx2 *)bc;
}

/* ---- AddComponent ---- */

static void test_add(void)
{
    struct test_writer writer;
    VSS_ID instance;
    start(&writer, 0);
    IVssBackupComponentsEx2 *bc = gathered(NULL, &instance);
    const VSS_ID id = writer.id;
    const struct {
        VSS_ID instance, writer;
        VSS_COMPONENT_TYPE type;
        const WCHAR *path, *name;
        HRESULT code;
    } rows[] = {
        {instance, id, VSS_CT_DATABASE, L"top", NULL, E_INVALIDARG},
        {instance, id, VSS_CT_UNDEFINED, L"top", L"db", E_INVALIDARG},
        {instance, id, (VSS_COMPONENT_TYPE)3, L"top", L"db", E_INVALIDARG},
        {instance, id, VSS_CT_DATABASE, L"top", L"\x0001", E_INVALIDARG},
        {instance, id, VSS_CT_FILEGROUP, L"top", L"db", E_INVALIDARG},
        {instance, id, VSS_CT_DATABASE, L"top", L"none", E_INVALIDARG},
        {instance, id, VSS_CT_DATABASE, NULL, L"db", E_INVALIDARG},
        {instance, instance, VSS_CT_DATABASE, L"top", L"db", E_INVALIDARG},
        {id, id, VSS_CT_DATABASE, L"top", L"db", E_INVALIDARG},
        {GUID_NULL, id, VSS_CT_DATABASE, L"top", L"db", E_INVALIDARG},
        {instance, id, VSS_CT_DATABASE, L"top", L"db", S_OK},
        {instance, id, VSS_CT_DATABASE, L"top", L"db", VSS_E_OBJECT_ALREADY_EXISTS},
        /* The outcome is undefined: its ancestor can be selected. */
        {instance, id, VSS_CT_FILEGROUP, L"top\\db", L"fixed", S_OK},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        HR(bc->lpVtbl->AddComponent(bc, rows[i].instance, rows[i].writer, rows[i].type,
                                    rows[i].path, rows[i].name),
           rows[i].code);
    }
    UINT count = 0;
    HR(IVssBackupComponentsEx2_GetWriterComponentsCount(bc, &count), S_OK);
    CU_ASSERT_EQUAL(count, 1);

    /* Without the metadata nobody knows what the writer has. */
    HR(IVssBackupComponentsEx2_FreeWriterMetadata(bc), S_OK);
    HR(bc->lpVtbl->AddComponent(bc, instance, id, VSS_CT_FILEGROUP, NULL, L"none"), S_OK);
    HR(bc->lpVtbl->AddComponent(bc, id, id, VSS_CT_FILEGROUP, NULL, L"none"), E_INVALIDARG);
    CU_ASSERT_EQUAL(IVssBackupComponentsEx2_Release(bc), 0);
    writer_end(&writer);
    HR(ref_left(&ref), S_OK);
}

/* ---- a backup and a restore ---- */

static IVssComponentEx2 *first(IVssWriterComponents *components)
{
    IVssComponent *component = NULL;
    CU_ASSERT_PTR_NOT_NULL_FATAL(components);
    HR(components->lpVtbl->GetComponent(components, 0, &component), S_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(component);
    return (IVssComponentEx2 *)component;
}

static void look_backup(struct test_writer *writer __attribute__((unused)), char event,
                        IVssWriterComponents *components)
{
    if (components == NULL) {
        return;
    }
    IVssComponentEx2 *c = first(components);
    boolean succeeded = FALSE;
    switch (event) {
    case ON_PREPARE_BACKUP:
        HAS_TEXT(c, GetBackupOptions, S_OK, L"fast");
        HAS_TEXT(c, GetPreviousBackupStamp, S_OK, L"old");
        HR(IVssComponentEx2_SetBackupMetadata(c, L"private"), S_OK);
        HR(IVssComponentEx2_AddPartialFile(c, L"C:\\d", L"a.mdb", L"0:8", NULL), S_OK);
        break;
    case ON_POST_SNAPSHOT:
        HAS_TEXT(c, GetBackupMetadata, S_OK, L"private");
        HR(IVssComponentEx2_SetBackupStamp(c, L"new"), S_OK);
        break;
    case ON_BACKUP_COMPLETE:
        HR(IVssComponentEx2_GetBackupSucceeded(c, &succeeded), S_OK);
        CU_ASSERT_EQUAL(succeeded, TRUE);
        HR(IVssComponentEx2_SetBackupStamp(c, L"late"), VSS_E_BAD_STATE);
        break;
    default:
        break;
    }
    CU_ASSERT_EQUAL(IVssComponentEx2_Release(c), 0);
}

/* The document of a backup, for SysFreeString. */
static BSTR back_up(struct test_writer *writer)
{
    VSS_ID instance;
    VSS_ID set;
    VSS_ID snapshot;
    WCHAR volume[] = L"C:\\";
    BSTR document = NULL;
    const VSS_ID id = writer->id;
    writer->look = look_backup;
    IVssBackupComponentsEx2 *bc = gathered(NULL, &instance);
    IVssBackupComponents *plain = (IVssBackupComponents *)bc;
    HR(bc->lpVtbl->AddComponent(bc, instance, id, VSS_CT_DATABASE, L"top", L"db"), S_OK);
    HR(bc->lpVtbl->SetBackupOptions(bc, id, VSS_CT_DATABASE, L"top", L"db", L"fast"), S_OK);
    HR(bc->lpVtbl->SetPreviousBackupStamp(bc, id, VSS_CT_DATABASE, L"top", L"db", L"old"), S_OK);
    HR(IVssBackupComponents_StartSnapshotSet(plain, &set), S_OK);
    HR(IVssBackupComponents_AddToSnapshotSet(plain, volume, GUID_NULL, &snapshot), S_OK);
    HR(RUN(plain, PrepareForBackup), VSS_S_ASYNC_FINISHED);
    HR(RUN(plain, DoSnapshotSet), VSS_S_ASYNC_FINISHED);
    HR(bc->lpVtbl->SetBackupSucceeded(bc, instance, id, VSS_CT_DATABASE, L"top", L"db", TRUE),
       S_OK);
    HR(RUN(plain, BackupComplete), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponents_SaveAsXML(plain, &document), S_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(document);
    CU_ASSERT_EQUAL(IVssBackupComponentsEx2_Release(bc), 0);
    writer_clear(writer);
    return document;
}

static void look_restore(struct test_writer *writer __attribute__((unused)), char event,
                         IVssWriterComponents *components)
{
    if (components == NULL) {
        return;
    }
    IVssComponentEx2 *c = first(components);
    boolean selected = FALSE;
    VSS_FILE_RESTORE_STATUS status = VSS_RS_UNDEFINED;
    switch (event) {
    case ON_PRE_RESTORE:
        HR(IVssComponentEx2_IsSelectedForRestore(c, &selected), S_OK);
        CU_ASSERT_EQUAL(selected, TRUE);
        HAS_TEXT(c, GetBackupMetadata, S_OK, L"private");
        HR(IVssComponentEx2_SetRestoreTarget(c, VSS_RT_DIRECTED), S_OK);
        HR(IVssComponentEx2_AddDirectedTarget(c, L"C:\\d", L"a", L"0:1", L"D:\\", L"b", L"0:1"),
           S_OK);
        break;
    case ON_POST_RESTORE:
        HR(IVssComponentEx2_GetFileRestoreStatus(c, &status), S_OK);
        CU_ASSERT_EQUAL(status, VSS_RS_ALL);
        HR(IVssComponentEx2_SetPostRestoreFailureMsg(c, L"well"), S_OK);
        break;
    default:
        break;
    }
    CU_ASSERT_EQUAL(IVssComponentEx2_Release(c), 0);
}

static void test_restore(void)
{
    struct test_writer writer;
    VSS_ID instance;
    start(&writer, VSS_BS_WRITER_SUPPORTS_NEW_TARGET);
    const VSS_ID id = writer.id;
    BSTR document = back_up(&writer);
    writer.look = look_restore;
    IVssBackupComponentsEx2 *bc = gathered(document, &instance);
    IVssBackupComponents *plain = (IVssBackupComponents *)bc;
#define DB id, VSS_CT_DATABASE, L"top", L"db"
    HR(bc->lpVtbl->SetSelectedForRestoreEx(bc, DB, TRUE, id), VSS_E_OBJECT_NOT_FOUND);
    HR(bc->lpVtbl->SetSelectedForRestoreEx(bc, DB, TRUE, instance), S_OK);
    HR(bc->lpVtbl->SetSelectedForRestore(bc, DB, TRUE), S_OK);
    HR(bc->lpVtbl->AddNewTarget(bc, DB, L"C:\\d", L"*.mdb", FALSE, L"E:\\"), S_OK);
    HR(bc->lpVtbl->AddNewTarget(bc, DB, L"C:\\d", L"*.log", FALSE, L"E:\\"),
       VSS_E_OBJECT_NOT_FOUND);
    HR(bc->lpVtbl->AddRestoreSubcomponent(bc, DB, L"top\\db", L"sub", FALSE), S_OK);
    HR(bc->lpVtbl->AddRestoreSubcomponent(bc, DB, L"top\\db", L"fixed", FALSE), E_INVALIDARG);
    HR(bc->lpVtbl->AddRestoreSubcomponent(bc, DB, L"top\\db", L"gone", FALSE), S_OK);
    HR(bc->lpVtbl->SetAuthoritativeRestore(bc, DB, TRUE), E_INVALIDARG);
    HR(bc->lpVtbl->SetRollForward(bc, DB, VSS_RF_ALL, NULL), E_INVALIDARG);
    HR(bc->lpVtbl->SetRestoreName(bc, DB, L"other"), E_INVALIDARG);
    HR(RUN(plain, PreRestore), VSS_S_ASYNC_FINISHED);

    IVssComponentEx2 *c = parts_component(plain, 0, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(c);
    VSS_RESTORE_TARGET target = VSS_RT_UNDEFINED;
    UINT count = 0;
    HR(IVssComponentEx2_GetRestoreTarget(c, &target), S_OK);
    CU_ASSERT_EQUAL(target, VSS_RT_DIRECTED);
    HR(IVssComponentEx2_GetDirectedTargetCount(c, &count), S_OK);
    CU_ASSERT_EQUAL(count, 1);
    HAS_TEXT(c, GetBackupStamp, S_OK, L"new");
    HR(bc->lpVtbl->SetFileRestoreStatus(bc, DB, VSS_RS_ALL), S_OK);
    HR(RUN(plain, PostRestore), VSS_S_ASYNC_FINISHED);
    /* Fetched before the operation: out of date, but harmless. */
    HAS_TEXT(c, GetPostRestoreFailureMsg, S_FALSE, NULL);
    CU_ASSERT_EQUAL(IVssComponentEx2_Release(c), 0);
    c = parts_component(plain, 0, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(c);
    HAS_TEXT(c, GetPostRestoreFailureMsg, S_OK, L"well");
    CU_ASSERT_EQUAL(IVssComponentEx2_Release(c), 0);
    CU_ASSERT_EQUAL(IVssBackupComponentsEx2_Release(bc), 0);
    writer_end(&writer);

    /* What the schema mask forbids. */
    start(&writer,
          VSS_BS_AUTHORITATIVE_RESTORE | VSS_BS_ROLLFORWARD_RESTORE | VSS_BS_RESTORE_RENAME);
    bc = gathered(document, &instance);
    HR(bc->lpVtbl->AddNewTarget(bc, DB, L"C:\\d", L"*.mdb", FALSE, L"E:\\"), E_INVALIDARG);
    HR(bc->lpVtbl->SetAuthoritativeRestore(bc, DB, TRUE), S_OK);
    HR(bc->lpVtbl->SetRollForward(bc, DB, VSS_RF_ALL, NULL), S_OK);
    HR(bc->lpVtbl->SetRestoreName(bc, DB, L"other"), S_OK);
    CU_ASSERT_EQUAL(IVssBackupComponentsEx2_Release(bc), 0);
    writer_end(&writer);
    SysFreeString(document);
    HR(ref_left(&ref), S_OK);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"components are added", test_add},
        {"a backup and its restore", test_restore},
        CU_TEST_INFO_NULL,
    };
    ref = ref_load();
    api = writer_api(ref.module);
    return cu_run("reference: components of a writer", tests);
}
