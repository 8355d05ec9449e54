/* The reference clone: what a requester says of components in a restore comes out again. */
#include "pe_reference_restore.h"

static void has_file(IVssWMFiledesc *file, bool recursive, const WCHAR *destination)
{
    BSTR text[3] = {NULL, NULL, NULL};
    boolean flag = 7;
    DWORD mask = 7;
    HR(IVssWMFiledesc_GetPath(file, &text[0]), S_OK);
    HR(IVssWMFiledesc_GetFilespec(file, &text[1]), S_OK);
    HR(IVssWMFiledesc_GetAlternateLocation(file, &text[2]), S_OK);
    HR(IVssWMFiledesc_GetRecursive(file, &flag), S_OK);
    HR(IVssWMFiledesc_GetBackupTypeMask(file, &mask), S_OK);
    CU_ASSERT_EQUAL(wcscmp(text[0], L"C:\\d"), 0);
    CU_ASSERT_EQUAL(wcscmp(text[1], L"*.mdb"), 0);
    CU_ASSERT_EQUAL(wcscmp(text[2], destination), 0);
    CU_ASSERT_EQUAL(flag, recursive);
    CU_ASSERT_EQUAL(mask, 0);
    for (size_t i = 0; i < COUNT(text); i++) {
        SysFreeString(text[i]);
    }
    HR(IVssWMFiledesc_GetPath(file, NULL), E_INVALIDARG);
    HR(IVssWMFiledesc_GetFilespec(file, NULL), E_INVALIDARG);
    HR(IVssWMFiledesc_GetAlternateLocation(file, NULL), E_INVALIDARG);
    HR(IVssWMFiledesc_GetRecursive(file, NULL), E_INVALIDARG);
    HR(IVssWMFiledesc_GetBackupTypeMask(file, NULL), E_INVALIDARG);
    CU_ASSERT_EQUAL(IVssWMFiledesc_Release(file), 0);
}

static void has_lists(IVssComponentEx2 *c)
{
    UINT count;
    IVssWMFiledesc *file = NULL;
    HR(IVssComponentEx2_GetNewTargetCount(c, &count), S_OK);
    CU_ASSERT_EQUAL(count, 1);
    HR(IVssComponentEx2_GetNewTarget(c, 0, &file), S_OK);
    has_file(file, false, L"E:\\");
    HR(IVssComponentEx2_GetNewTarget(c, 1, &file), VSS_E_OBJECT_NOT_FOUND);
    CU_ASSERT_PTR_NULL(file);
    HR(IVssComponentEx2_GetNewTarget(c, 0, NULL), E_INVALIDARG);
    HR(IVssComponentEx2_GetAlternateLocationMappingCount(c, &count), S_OK);
    CU_ASSERT_EQUAL(count, 1);
    HR(IVssComponentEx2_GetAlternateLocationMapping(c, 0, &file), S_OK);
    has_file(file, true, L"D:\\d");
    HR(IVssComponentEx2_GetAlternateLocationMapping(c, 9, &file), VSS_E_OBJECT_NOT_FOUND);

    BSTR path = NULL;
    BSTR name = NULL;
    boolean repair = 7;
    HR(IVssComponentEx2_GetRestoreSubcomponentCount(c, &count), S_OK);
    CU_ASSERT_EQUAL(count, 1);
    HR(IVssComponentEx2_GetRestoreSubcomponent(c, 0, &path, &name, &repair), S_OK);
    CU_ASSERT_EQUAL(wcscmp(path, L"top\\db"), 0);
    CU_ASSERT_EQUAL(wcscmp(name, L"sub"), 0);
    CU_ASSERT_EQUAL(repair, FALSE);
    SysFreeString(path);
    SysFreeString(name);
    HR(IVssComponentEx2_GetRestoreSubcomponent(c, 1, &path, &name, &repair),
       VSS_E_OBJECT_NOT_FOUND);
    CU_ASSERT_PTR_NULL(path);
    HR(IVssComponentEx2_GetRestoreSubcomponent(c, 0, &path, &name, NULL), E_INVALIDARG);
    HR(IVssComponentEx2_GetPartialFile(c, 0, &path, &name, NULL, NULL), E_INVALIDARG);
}

static void test_values(void)
{
    IVssBackupComponentsEx2 *bc = opened(true);
    for (size_t i = 0; i < COUNT(methods); i++) {
        if (methods[i].row[2] == '.') {
            HR(methods[i].call(bc, &db), S_OK);
        }
    }
    IVssComponentEx2 *c = parts_component(PLAIN(bc), 0, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(c);
    boolean flag = FALSE;
    VSS_FILE_RESTORE_STATUS status;
    VSS_ROLLFORWARD_TYPE roll;
    BSTR text[4] = {NULL, NULL, NULL, NULL};
    HR(IVssComponentEx2_IsSelectedForRestore(c, &flag), S_OK);
    CU_ASSERT_EQUAL(flag, TRUE);
    flag = FALSE;
    HR(IVssComponentEx2_GetAdditionalRestores(c, &flag), S_OK);
    CU_ASSERT_EQUAL(flag, TRUE);
    flag = FALSE;
    HR(IVssComponentEx2_GetAuthoritativeRestore(c, &flag), S_OK);
    CU_ASSERT_EQUAL(flag, TRUE);
    HR(IVssComponentEx2_GetFileRestoreStatus(c, &status), S_OK);
    CU_ASSERT_EQUAL(status, VSS_RS_FAILED);
    HAS_TEXT(c, GetRestoreOptions, S_OK, L"options");
    HAS_TEXT(c, GetRestoreName, S_OK, L"other");
    HAS_TEXT(c, GetBackupOptions, S_FALSE, NULL);
    HR(IVssComponentEx2_GetRollForward(c, &roll, &text[0]), S_OK);
    CU_ASSERT_EQUAL(roll, VSS_RF_PARTIAL);
    CU_ASSERT_EQUAL(wcscmp(text[0], L"noon"), 0);
    SysFreeString(text[0]);
    HR(IVssComponentEx2_GetPartialFile(c, 0, &text[0], &text[1], &text[2], &text[3]), S_OK);
    CU_ASSERT_EQUAL(wcscmp(text[2], L"C:\\ranges"), 0);
    CU_ASSERT_EQUAL(SysStringLen(text[3]), 0);
    for (size_t i = 0; i < COUNT(text); i++) {
        SysFreeString(text[i]);
    }
    has_lists(c);
    CU_ASSERT_EQUAL(IVssComponentEx2_Release(c), 0);
    nothing_left(bc);
}

/* The components of a requester are for looking at. */
static void test_no_writer(void)
{
    IVssBackupComponentsEx2 *bc = opened(true);
    IVssComponentEx2 *c = parts_component(PLAIN(bc), 0, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(c);
    HR(IVssComponentEx2_SetBackupMetadata(c, L"x"), VSS_E_BAD_STATE);
    HR(IVssComponentEx2_SetRestoreTarget(c, VSS_RT_ALTERNATE), VSS_E_BAD_STATE);
    HR(IVssComponentEx2_SetFailure(c, S_OK, S_OK, NULL, 0), VSS_E_BAD_STATE);
    CU_ASSERT_EQUAL(IVssComponentEx2_Release(c), 0);

    /* Nobody can be selected whose writer is known not to run. */
    HR(RUN(PLAIN(bc), GatherWriterMetadata), VSS_S_ASYNC_FINISHED);
    HR(call_SetSelectedForRestore(bc, &db), VSS_E_OBJECT_NOT_FOUND);
    HR(call_AddRestoreSubcomponent(bc, &db), VSS_E_OBJECT_NOT_FOUND);
    nothing_left(bc);
}

/* Another instance of the writer takes the component over. */
static void test_other_instance(void)
{
    IVssBackupComponentsEx2 *bc = opened(true);
    UINT count = 0;
    HR(IVssBackupComponentsEx2_SetSelectedForRestoreEx(bc, writer_two, VSS_CT_FILEGROUP, NULL,
                                                       L"files", TRUE, instance_one),
       S_OK);
    HR(IVssBackupComponentsEx2_GetWriterComponentsCount(bc, &count), S_OK);
    CU_ASSERT_EQUAL(count, 2);
    IVssWriterComponentsExt *parts = NULL;
    VSS_ID instance;
    VSS_ID writer;
    HR(IVssBackupComponentsEx2_GetWriterComponents(bc, 1, &parts), S_OK);
    HR(parts->lpVtbl->GetWriterInfo(parts, &instance, &writer), S_OK);
    CU_ASSERT_TRUE(IsEqualGUID(&instance, &instance_one));
    CU_ASSERT_TRUE(IsEqualGUID(&writer, &writer_two));
    CU_ASSERT_EQUAL(parts_release(parts), 0);
    nothing_left(bc);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"what is set comes out", test_values},
        {"what needs a writer", test_no_writer},
        {"another instance", test_other_instance},
        CU_TEST_INFO_NULL,
    };
    ref = ref_load();
    return cu_run("reference: values of a restore", tests);
}
