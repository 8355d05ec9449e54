/* The component view as writers have it: what may be changed in which event, and what is left of it
 * once it is closed. */
#include "pe_ref_view.h"

/* ---- every change in every event ---- */

#define CHANGE(name) static HRESULT change_##name(IVssComponentEx2 *c)
#define TEXT_CHANGE(name)                                                                          \
    CHANGE(name)                                                                                   \
    {                                                                                              \
        return IVssComponentEx2_##name(c, L"text");                                                \
    }                                                                                              \
    static HRESULT null_##name(IVssComponentEx2 *c)                                                \
    {                                                                                              \
        return IVssComponentEx2_##name(c, NULL);                                                   \
    }                                                                                              \
    static HRESULT bad_##name(IVssComponentEx2 *c)                                                 \
    {                                                                                              \
        return IVssComponentEx2_##name(c, L"\x0001");                                              \
    }

TEXT_CHANGE(SetBackupMetadata)
TEXT_CHANGE(SetBackupStamp)
TEXT_CHANGE(SetRestoreMetadata)
TEXT_CHANGE(SetPreRestoreFailureMsg)
TEXT_CHANGE(SetPostRestoreFailureMsg)
TEXT_CHANGE(SetPrepareForBackupFailureMsg)
TEXT_CHANGE(SetPostSnapshotFailureMsg)

CHANGE(AddPartialFile)
{
    return IVssComponentEx2_AddPartialFile(c, L"C:\\", L"a", L"0:1", NULL);
}

CHANGE(AddDirectedTarget)
{
    return IVssComponentEx2_AddDirectedTarget(c, L"C:\\", L"a", L"0:1", L"D:\\", L"b", L"1:1");
}

CHANGE(AddDifferencedFilesByLastModifyTime)
{
    const FILETIME time = {1, 2};
    return IVssComponentEx2_AddDifferencedFilesByLastModifyTime(c, L"C:\\", L"*.log", TRUE, time);
}

CHANGE(SetRestoreTarget)
{
    return IVssComponentEx2_SetRestoreTarget(c, VSS_RT_DIRECTED);
}

CHANGE(SetFailure)
{
    return IVssComponentEx2_SetFailure(c, VSS_E_WRITERERROR_RETRYABLE, E_FAIL, L"text", 0);
}

/* '.' S_OK, 'B' VSS_E_BAD_STATE: PrepareBackup, PostSnapshot, BackupComplete, PreRestore,
 * PostRestore; the requester. */
static const struct {
    const char *name;
    HRESULT (*change)(IVssComponentEx2 *c);
    const char *row;
} changes[] = {
#define ROW(name, row)                                                                             \
    {                                                                                              \
#name, change_##name, row                                                                  \
    }
    ROW(SetBackupMetadata, "..BBBB"),
    ROW(SetBackupStamp, "..BBBB"),
    ROW(AddPartialFile, "..BBBB"),
    ROW(AddDifferencedFilesByLastModifyTime, "..BBBB"),
    ROW(SetPrepareForBackupFailureMsg, ".BBBBB"),
    ROW(SetPostSnapshotFailureMsg, "B.BBBB"),
    ROW(SetRestoreMetadata, "BBB.BB"),
    ROW(SetRestoreTarget, "BBB..B"),
    ROW(AddDirectedTarget, "BBB..B"),
    ROW(SetPreRestoreFailureMsg, "BBB..B"),
    ROW(SetPostRestoreFailureMsg, "BBB..B"),
    ROW(SetFailure, ".....B"),
#undef ROW
};

static void test_events(void)
{
    for (size_t i = 0; i < ARRAY_LENGTH(changes); i++) {
        for (size_t j = 0; j < ARRAY_LENGTH(windows); j++) {
            struct seen seen = see(&windows[j]);
            const HRESULT wanted = changes[i].row[j] == '.' ? S_OK : VSS_E_BAD_STATE;
            const HRESULT code = changes[i].change(seen.component);
            if (code != wanted) {
                fprintf(stderr, "%s in window %u: 0x%08lX\n", changes[i].name, (unsigned)j,
                        (unsigned long)code);
            }
            CU_ASSERT_EQUAL(code, wanted);
            /* What was refused has left no trace. */
            struct node *changed = look_away(&seen);
            BSTR text = NULL;
            HR(xml_write(changed, NULL, &text), S_OK);
            CU_ASSERT_EQUAL(text != NULL && wcscmp(text, PART) == 0, wanted != S_OK);
            SysFreeString(text);
            tree_free(changed);
        }
    }
    CU_ASSERT_EQUAL(mem_live(), 0);
}

/* Arguments are looked at before the state. */
static void test_arguments(void)
{
    static HRESULT (*const refused[])(IVssComponentEx2 * c) = {
        null_SetBackupMetadata,
        null_SetBackupStamp,
        null_SetRestoreMetadata,
        null_SetPreRestoreFailureMsg,
        null_SetPostRestoreFailureMsg,
        null_SetPrepareForBackupFailureMsg,
        null_SetPostSnapshotFailureMsg,
        bad_SetBackupMetadata,
        bad_SetBackupStamp,
        bad_SetRestoreMetadata,
        bad_SetPreRestoreFailureMsg,
        bad_SetPostRestoreFailureMsg,
        bad_SetPrepareForBackupFailureMsg,
        bad_SetPostSnapshotFailureMsg,
    };
    const FILETIME time = {0, 0};
    struct seen seen = see(&windows[5]);
    IVssComponentEx2 *c = seen.component;
    for (size_t i = 0; i < ARRAY_LENGTH(refused); i++) {
        HR(refused[i](c), E_INVALIDARG);
    }
    HR(IVssComponentEx2_AddPartialFile(c, NULL, L"a", L"0:1", NULL), E_INVALIDARG);
    HR(IVssComponentEx2_AddPartialFile(c, L"C:\\", NULL, L"0:1", NULL), E_INVALIDARG);
    HR(IVssComponentEx2_AddPartialFile(c, L"C:\\", L"a", NULL, NULL), E_INVALIDARG);
    HR(IVssComponentEx2_AddPartialFile(c, L"C:\\*", L"a", L"0:1", NULL), E_INVALIDARG);
    HR(IVssComponentEx2_AddPartialFile(c, L"C:\\", L"a?", L"0:1", NULL), E_INVALIDARG);
    HR(IVssComponentEx2_AddDirectedTarget(c, L"C:\\", L"*", L"0:1", L"D:\\", L"b", L"0:1"),
       E_INVALIDARG);
    HR(IVssComponentEx2_AddDirectedTarget(c, L"C:\\", L"a", L"0:1", L"D:\\", L"?", L"0:1"),
       E_INVALIDARG);
    const WCHAR *six[] = {L"C:\\", L"a", L"0:1", L"D:\\", L"b", L"0:1"};
    for (size_t i = 0; i < ARRAY_LENGTH(six); i++) {
        const WCHAR *kept = six[i];
        six[i] = NULL;
        HR(IVssComponentEx2_AddDirectedTarget(c, six[0], six[1], six[2], six[3], six[4], six[5]),
           E_INVALIDARG);
        six[i] = kept;
    }
    HR(IVssComponentEx2_AddDifferencedFilesByLastModifyTime(c, NULL, L"*", FALSE, time),
       E_INVALIDARG);
    HR(IVssComponentEx2_AddDifferencedFilesByLastModifyTime(c, L"C:\\", NULL, FALSE, time),
       E_INVALIDARG);
    HR(IVssComponentEx2_AddDifferencedFilesByLastModifyTime(c, L"C:\\?", L"*", FALSE, time),
       E_INVALIDARG);
    HR(IVssComponentEx2_AddDifferencedFilesByLastModifyTime(c, L"C:\\", L"d\\*", FALSE, time),
       E_INVALIDARG);
    HR(IVssComponentEx2_AddDifferencedFilesByLastModifyLSN(c, NULL, NULL, FALSE, NULL), E_NOTIMPL);
    HR(IVssComponentEx2_SetRestoreTarget(c, VSS_RT_UNDEFINED), E_INVALIDARG);
    HR(IVssComponentEx2_SetRestoreTarget(c, (VSS_RESTORE_TARGET)5), E_INVALIDARG);
    HR(IVssComponentEx2_SetFailure(c, E_FAIL, S_OK, NULL, 0), E_INVALIDARG);
    HR(IVssComponentEx2_SetFailure(c, VSS_E_WRITER_NOT_RESPONDING, S_OK, NULL, 0), E_INVALIDARG);
    HR(IVssComponentEx2_SetFailure(c, S_OK, S_OK, L"\xD800", 0), E_INVALIDARG);
    tree_free(look_away(&seen));
    CU_ASSERT_EQUAL(mem_live(), 0);
}

/* ---- lifetime ---- */

/* Every method of a closed view and of its components: VSS_E_BAD_STATE, whoever still has one. */
static void test_closed(void)
{
    struct seen seen = see(&windows[0]);
    IVssComponentEx2 *c = seen.component;
    IVssWriterComponents *parts = component_view_interface(seen.view);
    tree_free(component_view_close(seen.view));
    CU_ASSERT_PTR_NULL(component_view_close(seen.view));

    UINT count = 7;
    VSS_ID id = *(const VSS_ID *)&IID_IUnknown;
    IVssComponent *other = (IVssComponent *)c;
    BSTR text = (BSTR)(void *)c;
    boolean flag = 7;
    VSS_COMPONENT_TYPE type;
    IVssWMFiledesc *file = (IVssWMFiledesc *)(void *)c;
    HR(parts->lpVtbl->GetComponentCount(parts, &count), VSS_E_BAD_STATE);
    CU_ASSERT_EQUAL(count, 0);
    HR(parts->lpVtbl->GetWriterInfo(parts, &id, &id), VSS_E_BAD_STATE);
    CU_ASSERT_TRUE(IsEqualGUID(&id, &GUID_NULL));
    HR(parts->lpVtbl->GetComponent(parts, 0, &other), VSS_E_BAD_STATE);
    CU_ASSERT_PTR_NULL(other);
    HR(IVssComponentEx2_GetComponentName(c, &text), VSS_E_BAD_STATE);
    TEXT_EQUAL(text, NULL);
    HR(IVssComponentEx2_GetComponentName(c, NULL), E_INVALIDARG);
    HR(IVssComponentEx2_GetComponentType(c, &type), VSS_E_BAD_STATE);
    HR(IVssComponentEx2_IsSelectedForRestore(c, &flag), VSS_E_BAD_STATE);
    HR(IVssComponentEx2_GetNewTarget(c, 0, &file), VSS_E_BAD_STATE);
    CU_ASSERT_PTR_NULL(file);
    HR(IVssComponentEx2_GetPartialFileCount(c, &count), VSS_E_BAD_STATE);
    for (size_t i = 0; i < ARRAY_LENGTH(changes); i++) {
        HR(changes[i].change(c), VSS_E_BAD_STATE);
    }
    component_view_release(seen.view);
    CU_ASSERT_EQUAL(IVssComponentEx2_Release(c), 0);
    CU_ASSERT_EQUAL(mem_live(), 0);
}

/* A view that is let go without being closed frees its part, with the last component. */
static void test_not_closed(void)
{
    struct seen seen = see(&windows[5]);
    component_view_release(seen.view);
    COMES_OUT(seen.component, GetComponentName, L"db");
    CU_ASSERT_EQUAL(IVssComponentEx2_Release(seen.component), 0);
    CU_ASSERT_EQUAL(mem_live(), 0);
}

static HRESULT change_all(void)
{
    struct node *tree = NULL;
    HRESULT code = xml_read(PART, wcslen(PART), EL_PART, &tree);
    struct component_view *view = NULL;
    if (SUCCEEDED(code)) {
        view = component_view_new(tree, &windows[0]);
        code = view != NULL ? S_OK : E_OUTOFMEMORY;
    }
    IVssComponent *component = NULL;
    if (SUCCEEDED(code)) {
        IVssWriterComponents *parts = component_view_interface(view);
        code = parts->lpVtbl->GetComponent(parts, 0, &component);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(changes) && SUCCEEDED(code); i++) {
        if (changes[i].row[0] == '.') {
            code = changes[i].change((IVssComponentEx2 *)component);
        }
    }
    if (SUCCEEDED(code)) {
        BSTR text[4];
        code = IVssComponent_GetPartialFile(component, 0, &text[0], &text[1], &text[2], &text[3]);
        for (size_t i = 0; i < ARRAY_LENGTH(text); i++) {
            CU_ASSERT_TRUE(SUCCEEDED(code) == (text[i] != NULL));
            SysFreeString(text[i]);
        }
    }
    if (component != NULL) {
        IVssComponent_Release(component);
    }
    if (view != NULL) {
        component_view_release(view);
    }
    return code;
}

static void test_no_memory(void)
{
    CU_ASSERT_TRUE(inner_starve(change_all) > 30);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"every change in every event", test_events},
        {"arguments", test_arguments},
        {"a closed view", test_closed},
        {"a view that was not closed", test_not_closed},
        {"no memory", test_no_memory},
        CU_TEST_INFO_NULL,
    };
    return cu_run("reference, inside: component view", tests);
}
