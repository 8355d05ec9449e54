/* For pe_reference_states.c: every method as a function of one form. */
#ifndef PE_REFERENCE_CALLS_H
#define PE_REFERENCE_CALLS_H

#include "pe_reference_reach.h"

/* The calls of the matrix. A call that hands out something lets go of it and gives the result. */
static HRESULT started(HRESULT code, IVssAsync *async)
{
    if (SUCCEEDED(code)) {
        IVssAsync_Release(async);
    } else if (async != NULL) {
        return E_FAIL;
    }
    return code;
}

#define CALL(name)                                                                                 \
    static HRESULT call_##name(IVssBackupComponents *bc,                                           \
                               struct object *object __attribute__((unused)))
#define ASYNC_CALL(name)                                                                           \
    CALL(name)                                                                                     \
    {                                                                                              \
        IVssAsync *async = (IVssAsync *)(void *)bc;                                                \
        const HRESULT code = IVssBackupComponents_##name(bc, &async);                              \
        return started(code, async);                                                               \
    }                                                                                              \
    CALL(name##_null)                                                                              \
    {                                                                                              \
        return IVssBackupComponents_##name(bc, NULL);                                              \
    }
#define COUNT_CALL(name)                                                                           \
    CALL(name)                                                                                     \
    {                                                                                              \
        UINT count = 3;                                                                            \
        const HRESULT code = IVssBackupComponents_##name(bc, &count);                              \
        return count == 0 ? code : E_FAIL;                                                         \
    }                                                                                              \
    CALL(name##_null)                                                                              \
    {                                                                                              \
        return IVssBackupComponents_##name(bc, NULL);                                              \
    }
#define PLAIN_CALL(name)                                                                           \
    CALL(name)                                                                                     \
    {                                                                                              \
        return IVssBackupComponents_##name(bc);                                                    \
    }

ASYNC_CALL(GatherWriterMetadata)
ASYNC_CALL(GatherWriterStatus)
ASYNC_CALL(PrepareForBackup)
ASYNC_CALL(DoSnapshotSet)
ASYNC_CALL(BackupComplete)
ASYNC_CALL(PreRestore)
ASYNC_CALL(PostRestore)
ASYNC_CALL(ImportSnapshots)
COUNT_CALL(GetWriterMetadataCount)
COUNT_CALL(GetWriterStatusCount)
COUNT_CALL(GetWriterComponentsCount)
PLAIN_CALL(FreeWriterMetadata)
PLAIN_CALL(FreeWriterStatus)

CALL(AbortBackup)
{
    object->aborted = true;
    return IVssBackupComponents_AbortBackup(bc);
}

CALL(InitializeForBackup)
{
    return ref_init(bc, NULL, false);
}

CALL(InitializeForBackup_document)
{
    return ref_init(bc, DOCUMENT, false);
}

CALL(InitializeForRestore)
{
    return ref_init(bc, DOCUMENT, true);
}

CALL(SetContext)
{
    return IVssBackupComponents_SetContext(bc, VSS_CTX_BACKUP);
}

CALL(SetBackupState)
{
    return IVssBackupComponents_SetBackupState(bc, TRUE, FALSE, VSS_BT_FULL, FALSE);
}

CALL(StartSnapshotSet)
{
    VSS_ID set;
    return IVssBackupComponents_StartSnapshotSet(bc, &set);
}

CALL(StartSnapshotSet_null)
{
    return IVssBackupComponents_StartSnapshotSet(bc, NULL);
}

CALL(AddToSnapshotSet)
{
    VSS_ID id;
    return IVssBackupComponents_AddToSnapshotSet(bc, volume_d, GUID_NULL, &id);
}

CALL(SetBackupSucceeded)
{
    return IVssBackupComponents_SetBackupSucceeded(bc, GUID_NULL, GUID_NULL, VSS_CT_FILEGROUP, NULL,
                                                   L"x", TRUE);
}

CALL(SetBackupSucceeded_null)
{
    return IVssBackupComponents_SetBackupSucceeded(bc, GUID_NULL, GUID_NULL, VSS_CT_FILEGROUP, NULL,
                                                   NULL, TRUE);
}

CALL(SaveAsXML)
{
    BSTR text = (BSTR)(void *)bc;
    const HRESULT code = IVssBackupComponents_SaveAsXML(bc, &text);
    if ((code == S_OK) != (text != NULL)) {
        return E_FAIL;
    }
    SysFreeString(text);
    return code;
}

CALL(SaveAsXML_null)
{
    return IVssBackupComponents_SaveAsXML(bc, NULL);
}

CALL(GetSnapshotProperties)
{
    VSS_SNAPSHOT_PROP prop;
    const HRESULT code = IVssBackupComponents_GetSnapshotProperties(bc, object->snapshot, &prop);
    ref.free_properties(&prop);
    return code;
}

CALL(GetSnapshotProperties_null)
{
    return IVssBackupComponents_GetSnapshotProperties(bc, object->snapshot, NULL);
}

CALL(Query)
{
    IVssEnumObject *found = NULL;
    const HRESULT code =
        IVssBackupComponents_Query(bc, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &found);
    if (found != NULL) {
        IVssEnumObject_Release(found);
    }
    return code;
}

CALL(IsVolumeSupported)
{
    BOOL supported;
    return IVssBackupComponents_IsVolumeSupported(bc, GUID_NULL, volume_c, &supported);
}

CALL(DeleteSnapshots)
{
    LONG deleted;
    VSS_ID failed;
    return IVssBackupComponents_DeleteSnapshots(bc, object->snapshot, VSS_OBJECT_SNAPSHOT, TRUE,
                                                &deleted, &failed);
}

CALL(GetWriterMetadata)
{
    VSS_ID instance;
    IVssExamineWriterMetadata *metadata = (IVssExamineWriterMetadata *)(void *)bc;
    const HRESULT code = IVssBackupComponents_GetWriterMetadata(bc, 0, &instance, &metadata);
    return metadata == NULL ? code : E_FAIL;
}

CALL(GetWriterStatus)
{
    VSS_ID instance;
    VSS_ID writer;
    BSTR name = (BSTR)(void *)bc;
    VSS_WRITER_STATE state;
    HRESULT failure;
    const HRESULT code =
        IVssBackupComponents_GetWriterStatus(bc, 0, &instance, &writer, &name, &state, &failure);
    return name == NULL ? code : E_FAIL;
}

CALL(GetSessionId)
{
    VSS_ID id;
    return IVssBackupComponentsEx3_GetSessionId((IVssBackupComponentsEx3 *)(void *)bc, &id);
}

CALL(AddComponent)
{
    return IVssBackupComponents_AddComponent(bc, GUID_NULL, GUID_NULL, VSS_CT_FILEGROUP, NULL,
                                             L"x");
}

CALL(SetRestoreState)
{
    return IVssBackupComponents_SetRestoreState(bc, VSS_RTYPE_BY_COPY);
}

CALL(SetSelectedForRestore)
{
    return IVssBackupComponents_SetSelectedForRestore(bc, GUID_NULL, VSS_CT_FILEGROUP, NULL, L"x",
                                                      TRUE);
}

CALL(RecoverSet)
{
    IVssAsync *async = NULL;
    return IVssBackupComponentsEx3_RecoverSet((IVssBackupComponentsEx3 *)(void *)bc, 0, &async);
}

#endif
