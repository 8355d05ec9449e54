/* The reference clone: when a requester may say what of components, and which arguments it may
 * give. */
#include "pe_reference_restore.h"

static void test_states(void)
{
    for (size_t i = 0; i < COUNT(methods); i++) {
        for (size_t state = 0; state < 5; state++) {
            IVssBackupComponentsEx2 *bc =
                state == 0 ? (IVssBackupComponentsEx2 *)ref_new(&ref) : opened(state >= 2);
            if (state >= 3) {
                HR(RUN(PLAIN(bc), PreRestore), VSS_S_ASYNC_FINISHED);
            }
            if (state == 4) {
                HR(RUN(PLAIN(bc), PostRestore), VSS_S_ASYNC_FINISHED);
            }
            const HRESULT wanted = methods[i].row[state] == '.' ? S_OK : VSS_E_BAD_STATE;
            const HRESULT code = methods[i].call(bc, &db);
            if (code != wanted) {
                fprintf(stderr, "%s in state %u: 0x%08lX\n", methods[i].name, (unsigned)state,
                        (unsigned long)code);
            }
            CU_ASSERT_EQUAL(code, wanted);
            CU_ASSERT_EQUAL(IVssBackupComponentsEx2_Release(bc), 0);
        }
    }
    HR(ref_left(&ref), S_OK);
}

/* While writers change the document the requester does not. */
static void test_pending(void)
{
    for (size_t i = 0; i < COUNT(methods); i++) {
        IVssBackupComponentsEx2 *bc = opened(true);
        IVssAsync *async = NULL;
        HR(ref.hold(L"PreRestore.async"), S_OK);
        HR(IVssBackupComponentsEx2_PreRestore(bc, &async), S_OK);
        HR(methods[i].call(bc, &db), VSS_E_BAD_STATE);
        HR(ref.release(L"PreRestore.async"), S_OK);
        HR(ref_end(async), VSS_S_ASYNC_FINISHED);
        nothing_left(bc);
    }
}

/* A component is found by all four of its names; arguments come before the state. */
static void test_names(void)
{
    static const struct {
        struct named key;
        HRESULT code;
    } rows[] = {
        {{&writer_one, VSS_CT_FILEGROUP, L"top", L"db"}, VSS_E_OBJECT_NOT_FOUND},
        {{&writer_two, VSS_CT_DATABASE, L"top", L"db"}, VSS_E_OBJECT_NOT_FOUND},
        {{&instance_one, VSS_CT_DATABASE, L"top", L"db"}, VSS_E_OBJECT_NOT_FOUND},
        {{&writer_one, VSS_CT_DATABASE, L"top\\", L"db"}, VSS_E_OBJECT_NOT_FOUND},
        {{&writer_one, VSS_CT_DATABASE, NULL, L"db"}, VSS_E_OBJECT_NOT_FOUND},
        {{&writer_one, VSS_CT_DATABASE, L"top", L""}, VSS_E_OBJECT_NOT_FOUND},
        {{&writer_one, VSS_CT_DATABASE, L"top", NULL}, E_INVALIDARG},
        {{&writer_one, VSS_CT_UNDEFINED, L"top", L"db"}, E_INVALIDARG},
        {{&writer_one, (VSS_COMPONENT_TYPE)3, L"top", L"db"}, E_INVALIDARG},
        {{&writer_one, (VSS_COMPONENT_TYPE)-1, L"top", L"db"}, E_INVALIDARG},
    };
    IVssBackupComponentsEx2 *fresh = (IVssBackupComponentsEx2 *)ref_new(&ref);
    for (size_t i = 0; i < COUNT(methods); i++) {
        IVssBackupComponentsEx2 *bc = opened(methods[i].row[2] == '.');
        for (size_t j = 0; j < COUNT(rows); j++) {
            HR(methods[i].call(bc, &rows[j].key), rows[j].code);
            HR(methods[i].call(fresh, &rows[j].key),
               rows[j].code == E_INVALIDARG ? E_INVALIDARG : VSS_E_BAD_STATE);
        }
        CU_ASSERT_EQUAL(IVssBackupComponentsEx2_Release(bc), 0);
    }
    nothing_left(fresh);
}

#define DB writer_one, VSS_CT_DATABASE, L"top", L"db"

static void test_arguments(void)
{
    IVssBackupComponentsEx2 *bc = opened(true);
    const WCHAR *bad = L"\x0007";
    HR(bc->lpVtbl->SetBackupOptions(bc, DB, NULL), E_INVALIDARG);
    HR(bc->lpVtbl->SetPreviousBackupStamp(bc, DB, NULL), E_INVALIDARG);
    HR(bc->lpVtbl->SetRestoreOptions(bc, DB, NULL), E_INVALIDARG);
    HR(bc->lpVtbl->SetRestoreOptions(bc, DB, bad), E_INVALIDARG);
    HR(bc->lpVtbl->SetRestoreName(bc, DB, NULL), E_INVALIDARG);
    HR(bc->lpVtbl->SetRangesFilePath(bc, DB, 0, NULL), E_INVALIDARG);
    HR(bc->lpVtbl->SetRangesFilePath(bc, DB, 1, L"x"), VSS_E_OBJECT_NOT_FOUND);
    HR(bc->lpVtbl->SetFileRestoreStatus(bc, DB, (VSS_FILE_RESTORE_STATUS)4), E_INVALIDARG);
    HR(bc->lpVtbl->SetFileRestoreStatus(bc, DB, (VSS_FILE_RESTORE_STATUS)-1), E_INVALIDARG);
    HR(bc->lpVtbl->SetRollForward(bc, DB, (VSS_ROLLFORWARD_TYPE)4, L"x"), E_INVALIDARG);
    HR(bc->lpVtbl->SetRollForward(bc, DB, VSS_RF_PARTIAL, NULL), E_INVALIDARG);
    HR(bc->lpVtbl->SetRollForward(bc, DB, VSS_RF_ALL, NULL), S_OK);
    HR(IVssBackupComponentsEx2_SetRestoreState(bc, (VSS_RESTORE_TYPE)4), E_INVALIDARG);
    HR(IVssBackupComponentsEx2_SetRestoreState(bc, VSS_RTYPE_IMPORT), S_OK);

    /* A path without wildcards, a specification without a directory, and where to. */
    static const WCHAR *const sets[][3] = {
        {NULL, L"*", L"D:\\"},     {L"C:\\", NULL, L"D:\\"},    {L"C:\\", L"*", NULL},
        {L"C:\\*", L"*", L"D:\\"}, {L"C:\\", L"d\\*", L"D:\\"}, {L"C:\\", L"\x0001", L"D:\\"},
    };
    for (size_t i = 0; i < COUNT(sets); i++) {
        HR(bc->lpVtbl->AddNewTarget(bc, DB, sets[i][0], sets[i][1], FALSE, sets[i][2]),
           E_INVALIDARG);
        HR(bc->lpVtbl->AddAlternativeLocationMapping(bc, DB, sets[i][0], sets[i][1], FALSE,
                                                     sets[i][2]),
           E_INVALIDARG);
    }

    HR(bc->lpVtbl->AddRestoreSubcomponent(bc, DB, L"top\\db", L"sub", FALSE),
       VSS_E_BAD_STATE); /* not selected */
    HR(bc->lpVtbl->AddRestoreSubcomponent(bc, DB, NULL, L"sub", FALSE), E_INVALIDARG);
    HR(bc->lpVtbl->AddRestoreSubcomponent(bc, DB, L"", L"sub", FALSE), E_INVALIDARG);
    HR(bc->lpVtbl->AddRestoreSubcomponent(bc, DB, L"top\\db", NULL, FALSE), E_INVALIDARG);
    HR(bc->lpVtbl->AddRestoreSubcomponent(bc, DB, L"top\\db", L"", FALSE), E_INVALIDARG);
    nothing_left(bc);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"every method in its states", test_states},
        {"refused while an operation runs", test_pending},
        {"names of a component", test_names},
        {"arguments", test_arguments},
        CU_TEST_INFO_NULL,
    };
    ref = ref_load();
    return cu_run("reference: restore", tests);
}
