/* The reference clone: components of a stored document, as a requester sees and changes them. */
#include "pe_reference_parts.h"

static struct reference ref;

static IVssBackupComponents *opened(const WCHAR *document, bool restore)
{
    IVssBackupComponents *bc = ref_new(&ref);
    HR(ref_init(bc, document, restore), S_OK);
    return bc;
}

static void nothing_left(IVssBackupComponents *bc)
{
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    HR(ref_left(&ref), S_OK);
}

/* ---- the two bases ---- */

static void test_writers(void)
{
    IVssBackupComponents *bc = opened(STORED, true);
    IVssWriterComponentsExt *parts = (IVssWriterComponentsExt *)(void *)bc;
    UINT count = 9;
    HR(IVssBackupComponents_GetWriterComponentsCount(bc, &count), S_OK);
    CU_ASSERT_EQUAL(count, 2);
    HR(IVssBackupComponents_GetWriterComponents(bc, 0, NULL), E_INVALIDARG);
    HR(IVssBackupComponents_GetWriterComponents(bc, 2, &parts), VSS_E_OBJECT_NOT_FOUND);
    CU_ASSERT_PTR_NULL(parts);

    HR(IVssBackupComponents_GetWriterComponents(bc, 1, &parts), S_OK);
    VSS_ID instance;
    VSS_ID writer;
    HR(parts->lpVtbl->GetWriterInfo(parts, &instance, &writer), S_OK);
    CU_ASSERT_TRUE(IsEqualGUID(&instance, &instance_two));
    CU_ASSERT_TRUE(IsEqualGUID(&writer, &writer_two));
    HR(parts->lpVtbl->GetWriterInfo(parts, NULL, &writer), E_INVALIDARG);
    CU_ASSERT_TRUE(IsEqualGUID(&writer, &GUID_NULL));
    HR(parts->lpVtbl->GetWriterInfo(parts, &instance, NULL), E_INVALIDARG);
    HR(parts->lpVtbl->GetComponentCount(parts, &count), S_OK);
    CU_ASSERT_EQUAL(count, 1);
    HR(parts->lpVtbl->GetComponentCount(parts, NULL), E_INVALIDARG);
    HR(parts->lpVtbl->GetComponent(parts, 0, NULL), E_INVALIDARG);
    IVssComponent *component = (IVssComponent *)(void *)bc;
    HR(parts->lpVtbl->GetComponent(parts, 1, &component), VSS_E_OBJECT_NOT_FOUND);
    CU_ASSERT_PTR_NULL(component);
    CU_ASSERT_EQUAL(parts_release(parts), 0);
    nothing_left(bc);
}

static void test_two_bases(void)
{
    IVssBackupComponents *bc = opened(STORED, true);
    IVssWriterComponentsExt *parts = NULL;
    HR(IVssBackupComponents_GetWriterComponents(bc, 0, &parts), S_OK);
    IUnknown *unknown = parts_unknown(parts);
    IUnknown *same = NULL;
    void *other = bc;
    CU_ASSERT_EQUAL(IUnknown_AddRef(unknown), 2);
    CU_ASSERT_EQUAL(IUnknown_Release(unknown), 1);
    HR(IUnknown_QueryInterface(unknown, &IID_IUnknown, (void **)&same), S_OK);
    CU_ASSERT_PTR_EQUAL(same, unknown);
    CU_ASSERT_EQUAL(IUnknown_Release(same), 1);
    HR(IUnknown_QueryInterface(unknown, &IID_IVssComponent, &other), E_NOINTERFACE);
    CU_ASSERT_PTR_NULL(other);
    HR(IUnknown_QueryInterface(unknown, &GUID_NULL, &other), E_NOINTERFACE);
    HR(IUnknown_QueryInterface(unknown, &IID_IUnknown, NULL), E_POINTER);

    /* A component outlives the object that it came from, and the requester. */
    IVssComponent *component = NULL;
    HR(parts->lpVtbl->GetComponent(parts, 0, &component), S_OK);
    CU_ASSERT_EQUAL(IUnknown_Release(unknown), 0);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    BSTR name = NULL;
    HR(IVssComponent_GetComponentName(component, &name), S_OK);
    CU_ASSERT_EQUAL(wcscmp(name, L"db"), 0);
    SysFreeString(name);
    CU_ASSERT_EQUAL(IVssComponent_Release(component), 0);
    HR(ref_left(&ref), S_OK);
}

static void test_component_interfaces(void)
{
    static const struct {
        const WCHAR *windows;
        HRESULT ex, ex2;
    } rows[] = {
        {L"5.2", E_NOINTERFACE, E_NOINTERFACE},
        {L"6.0", S_OK, E_NOINTERFACE},
        {L"6.1", S_OK, S_OK},
    };
    IVssBackupComponents *bc = opened(STORED, true);
    IVssComponentEx2 *component = parts_component(bc, 0, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(component);
    for (size_t i = 0; i < COUNT(rows); i++) {
        IVssComponentEx2 *found = NULL;
        SetEnvironmentVariableW(L"VSSREF_WINDOWS", rows[i].windows);
        const HRESULT ex =
            IVssComponentEx2_QueryInterface(component, &IID_IVssComponentEx, (void **)&found);
        HR(ex, rows[i].ex);
        CU_ASSERT_PTR_EQUAL(found, ex == S_OK ? component : NULL);
        const HRESULT ex2 =
            IVssComponentEx2_QueryInterface(component, &IID_IVssComponentEx2, (void **)&found);
        HR(ex2, rows[i].ex2);
        if (ex == S_OK) {
            IVssComponentEx2_Release(component);
        }
        if (ex2 == S_OK) {
            IVssComponentEx2_Release(component);
        }
    }
    SetEnvironmentVariableW(L"VSSREF_WINDOWS", NULL);
    CU_ASSERT_EQUAL(IVssComponentEx2_Release(component), 0);
    nothing_left(bc);
}

/* ---- what a fresh component says ---- */

static void test_unset(void)
{
    IVssBackupComponents *bc = opened(STORED, true);
    IVssComponentEx2 *component = parts_component(bc, 0, 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(component);
    HAS_TEXT(component, GetComponentName, S_OK, L"logs");
    HAS_TEXT(component, GetLogicalPath, S_FALSE, NULL);
    HAS_TEXT(component, GetBackupMetadata, S_FALSE, NULL);
    HAS_TEXT(component, GetRestoreMetadata, S_FALSE, NULL);
    HAS_TEXT(component, GetPreRestoreFailureMsg, S_FALSE, NULL);
    HAS_TEXT(component, GetPostRestoreFailureMsg, S_FALSE, NULL);
    HAS_TEXT(component, GetBackupStamp, S_FALSE, NULL);
    HAS_TEXT(component, GetPreviousBackupStamp, S_FALSE, NULL);
    HAS_TEXT(component, GetBackupOptions, S_FALSE, NULL);
    HAS_TEXT(component, GetRestoreOptions, S_FALSE, NULL);
    HAS_TEXT(component, GetPrepareForBackupFailureMsg, S_FALSE, NULL);
    HAS_TEXT(component, GetPostSnapshotFailureMsg, S_FALSE, NULL);
    HAS_TEXT(component, GetRestoreName, S_OK, NULL);

    boolean flag = 7;
    HR(IVssComponentEx2_GetBackupSucceeded(component, &flag), S_FALSE);
    HR(IVssComponentEx2_GetAdditionalRestores(component, &flag), S_FALSE);
    CU_ASSERT_EQUAL(flag, FALSE);
    HR(IVssComponentEx2_IsSelectedForRestore(component, &flag), S_OK);
    CU_ASSERT_EQUAL(flag, FALSE);
    HR(IVssComponentEx2_GetAuthoritativeRestore(component, &flag), S_OK);
    CU_ASSERT_EQUAL(flag, FALSE);
    VSS_COMPONENT_TYPE type;
    HR(IVssComponentEx2_GetComponentType(component, &type), S_OK);
    CU_ASSERT_EQUAL(type, VSS_CT_FILEGROUP);
    VSS_RESTORE_TARGET target;
    HR(IVssComponentEx2_GetRestoreTarget(component, &target), S_OK);
    CU_ASSERT_EQUAL(target, VSS_RT_ORIGINAL);
    VSS_FILE_RESTORE_STATUS status;
    HR(IVssComponentEx2_GetFileRestoreStatus(component, &status), S_OK);
    CU_ASSERT_EQUAL(status, VSS_RS_UNDEFINED);
    VSS_ROLLFORWARD_TYPE roll;
    BSTR point = (BSTR)(void *)bc;
    HR(IVssComponentEx2_GetRollForward(component, &roll, &point), S_OK);
    CU_ASSERT_EQUAL(roll, VSS_RF_UNDEFINED);
    CU_ASSERT_PTR_NULL(point);
    HRESULT failure;
    HRESULT application;
    DWORD reserved;
    HR(IVssComponentEx2_GetFailure(component, &failure, &application, &point, &reserved),
       VSS_E_BAD_STATE);
    CU_ASSERT_EQUAL(IVssComponentEx2_Release(component), 0);
    nothing_left(bc);

    bc = opened(STORED, false);
    component = parts_component(bc, 0, 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(component);
    HR(IVssComponentEx2_GetFileRestoreStatus(component, &status), VSS_E_BAD_STATE);
    HR(IVssComponentEx2_GetFailure(component, &failure, &application, &point, &reserved), S_OK);
    CU_ASSERT_EQUAL(failure, S_OK);
    CU_ASSERT_PTR_NULL(point);
    CU_ASSERT_EQUAL(IVssComponentEx2_Release(component), 0);
    nothing_left(bc);
}

/* ---- a requester's changes for a backup ---- */

static void test_backup_side(void)
{
    IVssBackupComponents *bc = opened(STORED, false);
    VSS_ID set;
    VSS_ID snapshot;
    WCHAR volume[] = L"C:\\";
    HR(IVssBackupComponents_SetBackupOptions(bc, writer_one, VSS_CT_DATABASE, L"top", L"db",
                                             L"a=\"<&>\"\r\n\tb"),
       S_OK);
    HR(IVssBackupComponents_SetPreviousBackupStamp(bc, writer_one, VSS_CT_DATABASE, L"top", L"db",
                                                   L"before"),
       S_OK);
    HR(RUN(bc, GatherWriterMetadata), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponents_SetBackupState(bc, FALSE, TRUE, VSS_BT_COPY, FALSE), S_OK);
    HR(IVssBackupComponents_StartSnapshotSet(bc, &set), S_OK);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, volume, GUID_NULL, &snapshot), S_OK);
    HR(RUN(bc, PrepareForBackup), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponents_SetBackupOptions(bc, writer_one, VSS_CT_DATABASE, L"top", L"db", L""),
       VSS_E_BAD_STATE);
    HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponents_SetBackupSucceeded(bc, instance_two, writer_one, VSS_CT_DATABASE,
                                               L"top", L"db", TRUE),
       VSS_E_OBJECT_NOT_FOUND);
    HR(IVssBackupComponents_SetBackupSucceeded(bc, GUID_NULL, writer_one, VSS_CT_DATABASE, L"top",
                                               L"db", TRUE),
       VSS_E_OBJECT_NOT_FOUND);
    HR(IVssBackupComponents_SetBackupSucceeded(bc, instance_one, writer_one, VSS_CT_DATABASE,
                                               L"top", L"db", TRUE),
       S_OK);
    HR(IVssBackupComponents_SetBackupSucceeded(bc, instance_two, writer_two, VSS_CT_FILEGROUP, L"",
                                               L"files", FALSE),
       S_OK);
    BSTR first = NULL;
    HR(IVssBackupComponents_SaveAsXML(bc, &first), S_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(first);
    HR(RUN(bc, BackupComplete), VSS_S_ASYNC_FINISHED);
    nothing_left(bc);

    bc = opened(first, true);
    IVssComponentEx2 *component = parts_component(bc, 0, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(component);
    boolean succeeded = FALSE;
    HR(IVssComponentEx2_GetBackupSucceeded(component, &succeeded), S_OK);
    CU_ASSERT_EQUAL(succeeded, TRUE);
    HAS_TEXT(component, GetBackupOptions, S_OK, L"a=\"<&>\"\r\n\tb");
    HAS_TEXT(component, GetPreviousBackupStamp, S_OK, L"before");
    HAS_TEXT(component, GetBackupStamp, S_OK, L"stamp");
    HAS_TEXT(component, GetLogicalPath, S_OK, L"top");
    CU_ASSERT_EQUAL(IVssComponentEx2_Release(component), 0);
    component = parts_component(bc, 1, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(component);
    HR(IVssComponentEx2_GetBackupSucceeded(component, &succeeded), S_OK);
    CU_ASSERT_EQUAL(succeeded, FALSE);
    CU_ASSERT_EQUAL(IVssComponentEx2_Release(component), 0);
    nothing_left(bc);

    CU_ASSERT_PTR_NOT_NULL(wcsstr(first, L"backupType=\"copy\""));
    CU_ASSERT_PTR_NOT_NULL(wcsstr(first, L"selectComponents=\"no\""));
    CU_ASSERT_PTR_NOT_NULL(wcsstr(first, L"foreign=\"kept\""));
    CU_ASSERT_PTR_NOT_NULL(wcsstr(first, L"<STRANGE/>"));
    CU_ASSERT_PTR_NOT_NULL(wcsstr(first, L"<OTHER x=\"1\"/>"));
    SysFreeString(first);
}

/* Saved, loaded and saved: the same text. */
static void test_round_trip(void)
{
    const WCHAR *document = STORED;
    BSTR saved[2] = {NULL, NULL};
    for (size_t i = 0; i < COUNT(saved); i++) {
        IVssBackupComponents *bc = opened(document, false);
        VSS_ID set;
        HR(RUN(bc, GatherWriterMetadata), VSS_S_ASYNC_FINISHED);
        HR(IVssBackupComponents_SetBackupState(bc, FALSE, FALSE, VSS_BT_LOG, TRUE), S_OK);
        HR(IVssBackupComponents_StartSnapshotSet(bc, &set), S_OK);
        HR(RUN(bc, PrepareForBackup), VSS_S_ASYNC_FINISHED);
        HR(IVssBackupComponents_SaveAsXML(bc, &saved[i]), S_OK);
        CU_ASSERT_PTR_NOT_NULL_FATAL(saved[i]);
        document = saved[i];
        nothing_left(bc);
    }
    CU_ASSERT_EQUAL(wcscmp(saved[0], saved[1]), 0);
    SysFreeString(saved[0]);
    SysFreeString(saved[1]);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"writers with components", test_writers},
        {"two bases", test_two_bases},
        {"interfaces of a component", test_component_interfaces},
        {"what was not set", test_unset},
        {"changes for a backup", test_backup_side},
        {"saved, loaded, saved", test_round_trip},
        CU_TEST_INFO_NULL,
    };
    ref = ref_load();
    return cu_run("reference: components", tests);
}
