/* For pe_reference_states.c: the calls of the matrix about components, copies and the extensions of
 * the interface. No component and no writer is there, so that a call that passes finds nothing. */
#ifndef PE_REFERENCE_CALLS_MORE_H
#define PE_REFERENCE_CALLS_MORE_H

#include "pe_reference_calls.h"

#define COMPONENT GUID_NULL, VSS_CT_FILEGROUP, NULL, L"x"
#define EX(number) ((IVssBackupComponentsEx##number *)(void *)bc)

/* A call on a component: its method, and the arguments behind the component. */
#define COMPONENT_CALL(name, ...)                                                                  \
    CALL(name)                                                                                     \
    {                                                                                              \
        return bc->lpVtbl->name(bc, COMPONENT, __VA_ARGS__);                                       \
    }
COMPONENT_CALL(SetBackupOptions, L"options")
COMPONENT_CALL(SetPreviousBackupStamp, L"stamp")
COMPONENT_CALL(SetRestoreOptions, L"options")
COMPONENT_CALL(SetAdditionalRestores, TRUE)
COMPONENT_CALL(AddAlternativeLocationMapping, L"C:\\x", L"*", FALSE, L"D:\\x")
COMPONENT_CALL(AddRestoreSubcomponent, L"x", L"y", FALSE)
COMPONENT_CALL(SetFileRestoreStatus, VSS_RS_ALL)
COMPONENT_CALL(AddNewTarget, L"C:\\x", L"*", FALSE, L"D:\\x")
COMPONENT_CALL(SetRangesFilePath, 0, L"C:\\ranges")

#define COMPONENT_CALL_EX(name, number, ...)                                                       \
    CALL(name)                                                                                     \
    {                                                                                              \
        return EX(number)->lpVtbl->name(EX(number), COMPONENT, __VA_ARGS__);                       \
    }
COMPONENT_CALL_EX(SetSelectedForRestoreEx, , TRUE, GUID_NULL)
COMPONENT_CALL_EX(SetAuthoritativeRestore, 2, TRUE)
COMPONENT_CALL_EX(SetRollForward, 2, VSS_RF_ALL, NULL)
COMPONENT_CALL_EX(SetRestoreName, 2, L"name")

CALL(GetWriterComponents)
{
    IVssWriterComponentsExt *components = (IVssWriterComponentsExt *)(void *)bc;
    const HRESULT code = IVssBackupComponents_GetWriterComponents(bc, 0, &components);
    return components == NULL ? code : E_FAIL;
}

CALL(GetWriterMetadataEx)
{
    VSS_ID instance;
    IVssExamineWriterMetadataEx *metadata = (IVssExamineWriterMetadataEx *)(void *)bc;
    const HRESULT code = IVssBackupComponentsEx_GetWriterMetadataEx(EX(), 0, &instance, &metadata);
    return metadata == NULL ? code : E_FAIL;
}

CALL(GetWriterStatusEx)
{
    VSS_ID instance;
    VSS_ID writer;
    BSTR name = (BSTR)(void *)bc;
    BSTR message = (BSTR)(void *)bc;
    VSS_WRITER_STATE state;
    HRESULT failure;
    HRESULT application;
    const HRESULT code = IVssBackupComponentsEx3_GetWriterStatusEx(
        EX(3), 0, &instance, &writer, &name, &state, &failure, &application, &message);
    return name == NULL && message == NULL ? code : E_FAIL;
}

CALL(DisableWriterClasses)
{
    return IVssBackupComponents_DisableWriterClasses(bc, &GUID_NULL, 1);
}

CALL(EnableWriterClasses)
{
    return IVssBackupComponents_EnableWriterClasses(bc, &GUID_NULL, 1);
}

CALL(DisableWriterInstances)
{
    return IVssBackupComponents_DisableWriterInstances(bc, &GUID_NULL, 1);
}

static const VSS_ID unknown_id = {0x0DD01D, 1, 2, {3, 4, 5, 6, 7, 8, 9, 10}};

CALL(BreakSnapshotSet)
{
    return IVssBackupComponents_BreakSnapshotSet(bc, unknown_id);
}

CALL(BreakSnapshotSetEx)
{
    IVssAsync *async = NULL;
    const HRESULT code = IVssBackupComponentsEx2_BreakSnapshotSetEx(EX(2), unknown_id, 0, &async);
    return code == S_OK ? ref_end(async) : async == NULL ? code : E_FAIL;
}

CALL(ExposeSnapshot)
{
    WCHAR letter[] = L"L:";
    VSS_PWSZ exposed = letter;
    const HRESULT code = IVssBackupComponents_ExposeSnapshot(
        bc, unknown_id, NULL, VSS_VOLSNAP_ATTR_EXPOSED_LOCALLY, letter, &exposed);
    return exposed == NULL ? code : E_FAIL;
}

CALL(UnexposeSnapshot)
{
    return IVssBackupComponentsEx2_UnexposeSnapshot(EX(2), unknown_id);
}

CALL(RevertToSnapshot)
{
    return IVssBackupComponents_RevertToSnapshot(bc, unknown_id, FALSE);
}

CALL(QueryRevertStatus)
{
    IVssAsync *async = (IVssAsync *)(void *)bc;
    const HRESULT code = IVssBackupComponents_QueryRevertStatus(bc, volume_c, &async);
    return async == NULL ? code : E_FAIL;
}

CALL(PreFastRecovery)
{
    IVssAsync *async = (IVssAsync *)(void *)bc;
    const HRESULT code = IVssBackupComponentsEx2_PreFastRecovery(EX(2), unknown_id, 0, &async);
    return async == NULL ? code : E_FAIL;
}

CALL(FastRecovery)
{
    IVssAsync *async = (IVssAsync *)(void *)bc;
    const HRESULT code = IVssBackupComponentsEx2_FastRecovery(EX(2), unknown_id, 0, &async);
    return async == NULL ? code : E_FAIL;
}

CALL(AddSnapshotToRecoverySet)
{
    return IVssBackupComponentsEx3_AddSnapshotToRecoverySet(EX(3), unknown_id, 0, NULL);
}

CALL(GetRootAndLogicalPrefixPaths)
{
    WCHAR path[] = L"C:\\folder\\file";
    VSS_PWSZ root = path;
    VSS_PWSZ prefix = path;
    const HRESULT code =
        IVssBackupComponentsEx4_GetRootAndLogicalPrefixPaths(EX(4), path, &root, &prefix, FALSE);
    if (code == S_OK && (root == NULL || prefix == NULL)) {
        return E_FAIL;
    }
    if (FAILED(code) && (root != NULL || prefix != NULL)) {
        return E_FAIL;
    }
    CoTaskMemFree(root);
    CoTaskMemFree(prefix);
    return code;
}

#endif
