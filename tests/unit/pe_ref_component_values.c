/* The component view: what a writer sets comes out again. */
#include "pe_ref_view.h"

static void test_backup_values(void)
{
    struct seen seen = see(&windows[0]);
    IVssComponentEx2 *c = seen.component;
    HR(IVssComponentEx2_SetBackupMetadata(c, L"first"), S_OK);
    HR(IVssComponentEx2_SetBackupMetadata(c, L"second"), VSS_E_OBJECT_ALREADY_EXISTS);
    COMES_OUT(c, GetBackupMetadata, L"first");
    HR(IVssComponentEx2_SetBackupStamp(c, L"first"), S_OK);
    HR(IVssComponentEx2_SetBackupStamp(c, L""), S_OK);
    COMES_OUT(c, GetBackupStamp, L"");
    HR(IVssComponentEx2_SetPrepareForBackupFailureMsg(c, L"no"), S_OK);
    COMES_OUT(c, GetPrepareForBackupFailureMsg, L"no");

    HRESULT failure;
    HRESULT application;
    BSTR message = NULL;
    DWORD reserved;
    HR(IVssComponentEx2_SetFailure(c, VSS_E_WRITERERROR_TIMEOUT, E_FAIL, L"late", 1), S_OK);
    HR(IVssComponentEx2_GetFailure(c, &failure, &application, &message, &reserved), S_OK);
    HR(failure, VSS_E_WRITERERROR_TIMEOUT);
    HR(application, E_FAIL);
    TEXT_EQUAL(message, L"late");
    CU_ASSERT_EQUAL(reserved, 0);
    SysFreeString(message);
    HR(IVssComponentEx2_SetFailure(c, S_OK, S_OK, NULL, 0), S_OK);
    HR(IVssComponentEx2_GetFailure(c, &failure, &application, &message, &reserved), S_OK);
    HR(failure, S_OK);
    TEXT_EQUAL(message, NULL);
    HR(IVssComponentEx2_GetFailure(c, NULL, &application, &message, &reserved), E_INVALIDARG);
    HR(IVssComponentEx2_GetFailure(c, &failure, NULL, &message, &reserved), E_INVALIDARG);
    HR(IVssComponentEx2_GetFailure(c, &failure, &application, NULL, &reserved), E_INVALIDARG);
    HR(IVssComponentEx2_GetFailure(c, &failure, &application, &message, NULL), E_INVALIDARG);
    tree_free(look_away(&seen));
    CU_ASSERT_EQUAL(mem_live(), 0);
}

static void test_files(void)
{
    struct seen seen = see(&windows[1]);
    IVssComponentEx2 *c = seen.component;
    UINT count;
    BSTR text[4] = {NULL, NULL, NULL, NULL};
    HR(IVssComponentEx2_AddPartialFile(c, L"C:\\d", L"a.mdb", L"0:1, 4:2", L"secret"), S_OK);
    HR(IVssComponentEx2_AddPartialFile(c, L"C:\\d\\", L"b.mdb", L"C:\\ranges.bin", NULL), S_OK);
    HR(IVssComponentEx2_GetPartialFileCount(c, &count), S_OK);
    CU_ASSERT_EQUAL(count, 2);
    HR(IVssComponentEx2_GetPartialFile(c, 1, &text[0], &text[1], &text[2], &text[3]), S_OK);
    TEXT_EQUAL(text[0], L"C:\\d\\");
    TEXT_EQUAL(text[1], L"b.mdb");
    TEXT_EQUAL(text[2], L"C:\\ranges.bin");
    TEXT_EQUAL(text[3], L"");
    for (size_t i = 0; i < ARRAY_LENGTH(text); i++) {
        SysFreeString(text[i]);
        text[i] = (BSTR)(void *)c;
    }
    HR(IVssComponentEx2_GetPartialFile(c, 2, &text[0], &text[1], &text[2], &text[3]),
       VSS_E_OBJECT_NOT_FOUND);
    for (size_t i = 0; i < ARRAY_LENGTH(text); i++) {
        TEXT_EQUAL(text[i], NULL);
    }
    HR(IVssComponentEx2_GetPartialFile(c, 0, &text[0], &text[1], &text[2], NULL), E_INVALIDARG);

    /* The largest time of a FILETIME, which no number with a sign holds. */
    const FILETIME late = {0xFFFFFFFF, 0x80000000};
    HR(IVssComponentEx2_AddDifferencedFilesByLastModifyTime(c, L"%d%", L"?.log", TRUE, late), S_OK);
    HR(IVssComponentEx2_GetDifferencedFilesCount(c, &count), S_OK);
    CU_ASSERT_EQUAL(count, 1);
    BOOL recursive = 5;
    FILETIME time = {5, 5};
    BSTR lsn = (BSTR)(void *)c;
    HR(IVssComponentEx2_GetDifferencedFile(c, 0, &text[0], &text[1], &recursive, &lsn, &time),
       S_OK);
    TEXT_EQUAL(text[0], L"%d%");
    TEXT_EQUAL(text[1], L"?.log");
    TEXT_EQUAL(lsn, NULL);
    CU_ASSERT_EQUAL(recursive, TRUE);
    CU_ASSERT_EQUAL(time.dwLowDateTime, late.dwLowDateTime);
    CU_ASSERT_EQUAL(time.dwHighDateTime, late.dwHighDateTime);
    SysFreeString(text[0]);
    SysFreeString(text[1]);
    HR(IVssComponentEx2_GetDifferencedFile(c, 1, &text[0], &text[1], &recursive, &lsn, &time),
       VSS_E_OBJECT_NOT_FOUND);
    TEXT_EQUAL(text[0], NULL);
    HR(IVssComponentEx2_GetDifferencedFile(c, 0, &text[0], &text[1], NULL, &lsn, &time),
       E_INVALIDARG);
    tree_free(look_away(&seen));
    CU_ASSERT_EQUAL(mem_live(), 0);
}

static void test_restore_values(void)
{
    struct seen seen = see(&windows[3]);
    IVssComponentEx2 *c = seen.component;
    VSS_RESTORE_TARGET target;
    UINT count;
    HR(IVssComponentEx2_SetRestoreMetadata(c, L"first"), S_OK);
    HR(IVssComponentEx2_SetRestoreMetadata(c, L"second"), VSS_E_OBJECT_ALREADY_EXISTS);
    COMES_OUT(c, GetRestoreMetadata, L"first");
    HR(IVssComponentEx2_SetPreRestoreFailureMsg(c, L"pre"), S_OK);
    HR(IVssComponentEx2_SetPostRestoreFailureMsg(c, L"post"), S_OK);
    COMES_OUT(c, GetPreRestoreFailureMsg, L"pre");
    COMES_OUT(c, GetPostRestoreFailureMsg, L"post");
    SetEnvironmentVariableW(L"VSSREF_WINDOWS", L"5.2");
    HR(IVssComponentEx2_SetRestoreTarget(c, VSS_RT_ORIGINAL_LOCATION), E_INVALIDARG);
    SetEnvironmentVariableW(L"VSSREF_WINDOWS", NULL);
    for (int wanted = VSS_RT_ORIGINAL; wanted <= VSS_RT_ORIGINAL_LOCATION; wanted++) {
        HR(IVssComponentEx2_SetRestoreTarget(c, (VSS_RESTORE_TARGET)wanted), S_OK);
        HR(IVssComponentEx2_GetRestoreTarget(c, &target), S_OK);
        CU_ASSERT_EQUAL((int)target, wanted);
    }
    HR(IVssComponentEx2_AddDirectedTarget(c, L"C:\\", L"a", L"0:1", L"D:\\", L"b", L"1:1"), S_OK);
    HR(IVssComponentEx2_GetDirectedTargetCount(c, &count), S_OK);
    CU_ASSERT_EQUAL(count, 1);
    static const WCHAR *const wanted[] = {L"C:\\", L"a", L"0:1", L"D:\\", L"b", L"1:1"};
    BSTR text[6];
    HR(IVssComponentEx2_GetDirectedTarget(c, 0, &text[0], &text[1], &text[2], &text[3], &text[4],
                                          &text[5]),
       S_OK);
    for (size_t i = 0; i < ARRAY_LENGTH(text); i++) {
        TEXT_EQUAL(text[i], wanted[i]);
        SysFreeString(text[i]);
    }
    HR(IVssComponentEx2_GetDirectedTarget(c, 1, &text[0], &text[1], &text[2], &text[3], &text[4],
                                          &text[5]),
       VSS_E_OBJECT_NOT_FOUND);
    HR(IVssComponentEx2_GetDirectedTarget(c, 0, &text[0], &text[1], &text[2], &text[3], &text[4],
                                          NULL),
       E_INVALIDARG);
    TEXT_EQUAL(text[0], NULL);
    tree_free(look_away(&seen));
    CU_ASSERT_EQUAL(mem_live(), 0);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"values of a backup", test_backup_values},
        {"partial and differenced files", test_files},
        {"values of a restore", test_restore_values},
        CU_TEST_INFO_NULL,
    };
    return cu_run("reference, inside: values of components", tests);
}
