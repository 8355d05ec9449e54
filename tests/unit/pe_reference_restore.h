/* For the pe_reference_restore*.c tests: every method about a component as a function of one form.
 */
#ifndef PE_REFERENCE_RESTORE_H
#define PE_REFERENCE_RESTORE_H

#include "pe_reference_parts.h"

static struct reference ref;

static inline IVssBackupComponentsEx2 *opened(bool restore)
{
    IVssBackupComponents *bc = ref_new(&ref);
    HR(ref_init(bc, STORED, restore), S_OK);
    return (IVssBackupComponentsEx2 *)bc;
}

#define PLAIN(bc) ((IVssBackupComponents *)(bc))

static inline void nothing_left(IVssBackupComponentsEx2 *bc)
{
    CU_ASSERT_EQUAL(IVssBackupComponentsEx2_Release(bc), 0);
    HR(ref_left(&ref), S_OK);
}

/* ---- every method about a component, of one form ---- */

/* How a component is named. */
struct named {
    const VSS_ID *writer;
    VSS_COMPONENT_TYPE type;
    const WCHAR *path, *name;
};
#define KEY *key->writer, key->type, key->path, key->name
#define CALL(method)                                                                               \
    static HRESULT call_##method(IVssBackupComponentsEx2 *bc, const struct named *key)

CALL(SetBackupOptions)
{
    return bc->lpVtbl->SetBackupOptions(bc, KEY, L"options");
}

CALL(SetPreviousBackupStamp)
{
    return bc->lpVtbl->SetPreviousBackupStamp(bc, KEY, L"stamp");
}

CALL(SetSelectedForRestore)
{
    return bc->lpVtbl->SetSelectedForRestore(bc, KEY, TRUE);
}

CALL(SetSelectedForRestoreEx)
{
    return bc->lpVtbl->SetSelectedForRestoreEx(bc, KEY, TRUE, GUID_NULL);
}

CALL(SetRestoreOptions)
{
    return bc->lpVtbl->SetRestoreOptions(bc, KEY, L"options");
}

CALL(SetAdditionalRestores)
{
    return bc->lpVtbl->SetAdditionalRestores(bc, KEY, TRUE);
}

CALL(AddAlternativeLocationMapping)
{
    return bc->lpVtbl->AddAlternativeLocationMapping(bc, KEY, L"C:\\d", L"*.mdb", TRUE, L"D:\\d");
}

CALL(SetFileRestoreStatus)
{
    return bc->lpVtbl->SetFileRestoreStatus(bc, KEY, VSS_RS_FAILED);
}

CALL(AddNewTarget)
{
    return bc->lpVtbl->AddNewTarget(bc, KEY, L"C:\\d", L"*.mdb", FALSE, L"E:\\");
}

CALL(SetRangesFilePath)
{
    return bc->lpVtbl->SetRangesFilePath(bc, KEY, 0, L"C:\\ranges");
}

CALL(SetAuthoritativeRestore)
{
    return bc->lpVtbl->SetAuthoritativeRestore(bc, KEY, TRUE);
}

CALL(SetRollForward)
{
    return bc->lpVtbl->SetRollForward(bc, KEY, VSS_RF_PARTIAL, L"noon");
}

CALL(SetRestoreName)
{
    return bc->lpVtbl->SetRestoreName(bc, KEY, L"other");
}

/* For a subcomponent its component must be selected. */
CALL(AddRestoreSubcomponent)
{
    bc->lpVtbl->SetSelectedForRestore(bc, KEY, TRUE);
    return bc->lpVtbl->AddRestoreSubcomponent(bc, KEY, L"top\\db", L"sub", FALSE);
}

/* '.' S_OK, 'B' VSS_E_BAD_STATE: a new object; one for backup with this document; one for restore,
 * after PreRestore, after PostRestore. */
static const struct {
    const char *name;
    HRESULT (*call)(IVssBackupComponentsEx2 *bc, const struct named *key);
    const char *row;
} methods[] = {
#define ROW(name, row)                                                                             \
    {                                                                                              \
#name, call_##name, row                                                                    \
    }
    ROW(SetBackupOptions, "B.BBB"),
    ROW(SetPreviousBackupStamp, "B.BBB"),
    ROW(SetSelectedForRestore, "BB.BB"),
    ROW(SetSelectedForRestoreEx, "BB.BB"),
    ROW(SetRestoreOptions, "BB.BB"),
    ROW(SetAdditionalRestores, "BB.BB"),
    ROW(AddRestoreSubcomponent, "BB.BB"),
    ROW(AddNewTarget, "BB.BB"),
    ROW(AddAlternativeLocationMapping, "BB..."),
    ROW(SetFileRestoreStatus, "BB..."),
    ROW(SetRangesFilePath, "BB..."),
    ROW(SetAuthoritativeRestore, "BB..."),
    ROW(SetRollForward, "BB..."),
    ROW(SetRestoreName, "BB..."),
#undef ROW
};

static const struct named db = {&writer_one, VSS_CT_DATABASE, L"top", L"db"};

#endif
