/* For pe_reference_monkey.c: the calls of a monkey on its requester object, and on what that hands
 * out. Each takes its arguments from the dice, good and bad ones. */
#ifndef PE_REFERENCE_MONKEY_CALLS_H
#define PE_REFERENCE_MONKEY_CALLS_H

#include "pe_reference_monkey_parts.h"

#define MONKEY(name) static void monkey_##name(struct monkey *monkey)
#define ROLL(sides) roll(&monkey->dice, sides)
#define EX(number) ((IVssBackupComponentsEx##number *)(void *)monkey->bc)
/* A call on the object, or on one of its extensions. */
#define ON(name, ...) monkey->bc->lpVtbl->name(monkey->bc, __VA_ARGS__)
#define ON_EX(number, name, ...) EX(number)->lpVtbl->name(EX(number), __VA_ARGS__)

/* ---- operations ---- */

static void drop_async(struct monkey *monkey)
{
    if (monkey->async != NULL) {
        RELEASE(monkey, IVssAsync, monkey->async);
        monkey->async = NULL;
    }
}

static void start(struct monkey *monkey, HRESULT code, IVssAsync *async)
{
    if (handed(monkey, code, async)) {
        drop_async(monkey);
        monkey->async = async;
    }
}

#define MONKEY_STARTS(name)                                                                        \
    MONKEY(name)                                                                                   \
    {                                                                                              \
        IVssAsync *async = POISON;                                                                 \
        const HRESULT code = monkey->bc->lpVtbl->name(monkey->bc, &async);                         \
        start(monkey, code, async);                                                                \
    }
MONKEY_STARTS(GatherWriterMetadata)
MONKEY_STARTS(GatherWriterStatus)
MONKEY_STARTS(PrepareForBackup)
MONKEY_STARTS(DoSnapshotSet)
MONKEY_STARTS(BackupComplete)
MONKEY_STARTS(PreRestore)
MONKEY_STARTS(PostRestore)
MONKEY_STARTS(ImportSnapshots)

MONKEY(BreakSnapshotSetEx)
{
    IVssAsync *async = POISON;
    const HRESULT code = ON_EX(2, BreakSnapshotSetEx, any_id(monkey), ROLL(2), &async);
    start(monkey, code, async);
}

MONKEY(QueryRevertStatus)
{
    IVssAsync *async = POISON;
    const HRESULT code = ON(QueryRevertStatus, any_volume(monkey), &async);
    start(monkey, code, async);
}

MONKEY(RecoverSet)
{
    IVssAsync *async = POISON;
    const HRESULT code = ON_EX(3, RecoverSet, ROLL(4), &async);
    start(monkey, code, async);
}

MONKEY(FastRecovery)
{
    IVssAsync *async = POISON;
    const HRESULT code = ROLL(2) == 0 ? ON_EX(2, PreFastRecovery, any_id(monkey), 0, &async)
                                      : ON_EX(2, FastRecovery, any_id(monkey), 0, &async);
    start(monkey, code, async);
}

/* The end comes: the points are held for a short time only, and no writer is slow for long. */
MONKEY(await)
{
    HRESULT result = E_FAIL;
    if (monkey->async != NULL) {
        check(monkey, IVssAsync_Wait(monkey->async, 15000));
        check(monkey, IVssAsync_QueryStatus(monkey->async, &result, NULL));
        check(monkey, result);
        if (result == VSS_S_ASYNC_PENDING) {
            wrong(monkey, result, "an operation does not end");
        }
        drop_async(monkey);
    }
}

MONKEY(look_at_async)
{
    HRESULT result = E_FAIL;
    IUnknown *same = POISON;
    if (monkey->async == NULL) {
        return;
    }
    switch (ROLL(6)) {
    case 0:
        check(monkey, IVssAsync_Wait(monkey->async, ROLL(20)));
        break;
    case 1:
        check(monkey, IVssAsync_Cancel(monkey->async));
        break;
    case 2:
        check(monkey, IVssAsync_QueryStatus(monkey->async, ROLL(2) == 0 ? &result : NULL, NULL));
        break;
    case 3:
        if (handed(monkey,
                   IVssAsync_QueryInterface(monkey->async,
                                            ROLL(2) == 0 ? &IID_IUnknown : &IID_IDispatch,
                                            (void **)&same),
                   same)) {
            IUnknown_Release(same);
        }
        break;
    case 4:
        drop_async(monkey); /* while it runs, perhaps */
        break;
    default:
        IVssAsync_AddRef(monkey->async);
        IVssAsync_Release(monkey->async);
        break;
    }
}

/* ---- the session ---- */

static void initialize(struct monkey *monkey, bool restore)
{
    BSTR text = NULL;
    if (restore || ROLL(6) == 0) {
        text = SysAllocString(monkey->document != NULL && ROLL(4) != 0 ? monkey->document
                              : ROLL(8) == 0                           ? L"<no document"
                                                                       : DOCUMENT);
    }
    check(monkey, restore ? ON(InitializeForRestore, text) : ON(InitializeForBackup, text));
    SysFreeString(text);
}

MONKEY(InitializeForBackup)
{
    initialize(monkey, false);
}

MONKEY(InitializeForRestore)
{
    initialize(monkey, true);
}

MONKEY(SetContext)
{
    static const LONG contexts[] = {VSS_CTX_BACKUP,       VSS_CTX_FILE_SHARE_BACKUP,
                                    VSS_CTX_APP_ROLLBACK, VSS_CTX_NAS_ROLLBACK,
                                    (LONG)VSS_CTX_ALL,    0x7FFFFFFF};
    check(monkey, ON(SetContext, contexts[ROLL(COUNT(contexts))]));
}

MONKEY(SetBackupState)
{
    check(monkey,
          ON(SetBackupState, ROLL(3) != 0, ROLL(2) != 0, (VSS_BACKUP_TYPE)ROLL(8), ROLL(2) != 0));
}

MONKEY(SetRestoreState)
{
    check(monkey, ON(SetRestoreState, (VSS_RESTORE_TYPE)ROLL(5)));
}

MONKEY(AbortBackup)
{
    check(monkey, monkey->bc->lpVtbl->AbortBackup(monkey->bc));
}

MONKEY(SaveAsXML)
{
    BSTR text = POISON;
    if (handed(monkey, ON(SaveAsXML, &text), text)) {
        SysFreeString(monkey->document);
        monkey->document = text;
    }
}

MONKEY(QueryInterface)
{
    static const IID *const iids[] = {&IID_IUnknown, &IID_IVssBackupComponentsEx4, &IID_IDispatch};
    IUnknown *same = POISON;
    if (handed(monkey, ON(QueryInterface, iids[ROLL(COUNT(iids))], (void **)&same), same)) {
        IUnknown_Release(same);
    }
}

MONKEY(GetSessionId)
{
    VSS_ID id;
    check(monkey, ON_EX(3, GetSessionId, ROLL(4) != 0 ? &id : NULL));
}

/* ---- sets and copies ---- */

MONKEY(StartSnapshotSet)
{
    VSS_ID set;
    if (check(monkey, ON(StartSnapshotSet, &set))) {
        monkey->set = set;
    }
}

MONKEY(AddToSnapshotSet)
{
    VSS_ID id;
    if (check(monkey, ON(AddToSnapshotSet, any_volume(monkey), GUID_NULL, &id))) {
        monkey->snapshot = id;
    }
}

MONKEY(GetSnapshotProperties)
{
    VSS_SNAPSHOT_PROP prop;
    if (check(monkey, ON(GetSnapshotProperties, any_id(monkey), &prop))) {
        ref.free_properties(&prop);
    }
}

MONKEY(Query)
{
    IVssEnumObject *found = POISON;
    IVssEnumObject *copy = POISON;
    VSS_OBJECT_PROP props[3];
    ULONG count = 0;
    if (!handed(monkey,
                ON(Query, GUID_NULL, VSS_OBJECT_NONE, (VSS_OBJECT_TYPE)(2 + ROLL(3)), &found),
                found)) {
        return;
    }
    if (check(monkey, IVssEnumObject_Next(found, 1 + ROLL(3), props, &count))) {
        for (ULONG i = 0; i < count; i++) {
            if (props[i].Type == VSS_OBJECT_SNAPSHOT) {
                ref.free_properties(&props[i].Obj.Snap);
            } else {
                CoTaskMemFree(props[i].Obj.Prov.m_pwszProviderName);
                CoTaskMemFree(props[i].Obj.Prov.m_pwszProviderVersion);
            }
        }
    }
    if (handed(monkey, IVssEnumObject_Clone(found, &copy), copy)) {
        check(monkey, IVssEnumObject_Skip(copy, ROLL(3)));
        check(monkey, IVssEnumObject_Reset(copy));
        RELEASE(monkey, IVssEnumObject, copy);
    }
    RELEASE(monkey, IVssEnumObject, found);
}

MONKEY(DeleteSnapshots)
{
    LONG deleted;
    VSS_ID failed;
    check(monkey, ON(DeleteSnapshots, any_id(monkey), (VSS_OBJECT_TYPE)(2 + ROLL(2)), TRUE,
                     &deleted, &failed));
}

MONKEY(copies)
{
    WCHAR letter[] = L"L:";
    VSS_PWSZ exposed = POISON;
    BOOL there;
    LONG capability;
    bool blocks;
    switch (ROLL(8)) {
    case 0:
        check(monkey, ON(BreakSnapshotSet, any_id(monkey)));
        break;
    case 1:
        if (handed(monkey,
                   ON(ExposeSnapshot, any_id(monkey), NULL, VSS_VOLSNAP_ATTR_EXPOSED_LOCALLY,
                      ROLL(2) == 0 ? letter : NULL, &exposed),
                   exposed)) {
            CoTaskMemFree(exposed);
        }
        break;
    case 2:
        check(monkey, ON_EX(2, UnexposeSnapshot, any_id(monkey)));
        break;
    case 3:
        check(monkey, ON(RevertToSnapshot, any_id(monkey), ROLL(2) != 0));
        break;
    case 4:
        check(monkey, ON_EX(3, AddSnapshotToRecoverySet, any_id(monkey), 0, any_volume(monkey)));
        break;
    case 5:
        check(monkey, ON(IsVolumeSupported, GUID_NULL, any_volume(monkey), &there));
        break;
    case 6:
        check(monkey, ref.is_snapshotted(any_volume(monkey), &there, &capability));
        break;
    default:
        check(monkey, ref.should_block(any_volume(monkey), &blocks));
        break;
    }
}

MONKEY(paths)
{
    WCHAR path[] = L"C:\\folder\\file";
    VSS_PWSZ root = POISON;
    VSS_PWSZ prefix = POISON;
    const HRESULT code = ON_EX(4, GetRootAndLogicalPrefixPaths, path, &root, &prefix, ROLL(2) != 0);
    handed(monkey, code, root);
    handed(monkey, code, prefix);
    if (SUCCEEDED(code)) {
        CoTaskMemFree(root);
        CoTaskMemFree(prefix);
    }
}

/* ---- writers and components ---- */

MONKEY(count)
{
    UINT count;
    switch (ROLL(3)) {
    case 0:
        check(monkey, ON(GetWriterMetadataCount, &count));
        break;
    case 1:
        check(monkey, ON(GetWriterStatusCount, &count));
        break;
    default:
        check(monkey, ON(GetWriterComponentsCount, &count));
        break;
    }
}

MONKEY(free)
{
    IVssBackupComponents *bc = monkey->bc;
    check(monkey,
          ROLL(2) == 0 ? bc->lpVtbl->FreeWriterMetadata(bc) : bc->lpVtbl->FreeWriterStatus(bc));
}

MONKEY(GetWriterMetadata)
{
    VSS_ID instance;
    IVssExamineWriterMetadata *metadata = POISON;
    if (handed(monkey, ON(GetWriterMetadata, ROLL(3), &instance, &metadata), metadata)) {
        examine(monkey, metadata);
        RELEASE(monkey, IVssExamineWriterMetadata, metadata);
    }
}

MONKEY(GetWriterStatus)
{
    VSS_ID instance;
    VSS_ID writer;
    BSTR name = POISON;
    BSTR message = POISON;
    VSS_WRITER_STATE state;
    HRESULT failure;
    HRESULT application;
    const UINT index = ROLL(3);
    if (ROLL(2) == 0) {
        const HRESULT code =
            ON(GetWriterStatus, index, &instance, &writer, &name, &state, &failure);
        free_text(monkey, code, name);
        return;
    }
    const HRESULT code = ON_EX(3, GetWriterStatusEx, index, &instance, &writer, &name, &state,
                               &failure, &application, &message);
    free_text(monkey, code, name);
    free_text(monkey, code, message);
}

MONKEY(GetWriterComponents)
{
    IVssWriterComponentsExt *components = POISON;
    if (handed(monkey, ON(GetWriterComponents, ROLL(3), &components), components)) {
        /* IUnknown is the second base, which MinGW's header leaves out */
        IUnknown *unknown = (IUnknown *)((void **)components + 1);
        walk_components(monkey, (IVssWriterComponents *)components);
        RELEASE(monkey, IUnknown, unknown);
    }
}

MONKEY(choose)
{
    const VSS_ID id = any_writer(monkey);
    switch (ROLL(3)) {
    case 0:
        check(monkey, ON(DisableWriterClasses, &id, 1));
        break;
    case 1:
        check(monkey, ON(EnableWriterClasses, &id, ROLL(2)));
        break;
    default:
        check(monkey, ON(DisableWriterInstances, &id, 1));
        break;
    }
}

/* The instance that the object knows of the class. */
static VSS_ID instance_of(struct monkey *monkey, VSS_ID *writer)
{
    IVssExamineWriterMetadata *metadata = NULL;
    VSS_ID instance = GUID_NULL;
    BSTR name = NULL;
    VSS_USAGE_TYPE usage;
    VSS_SOURCE_TYPE source;
    if (ON(GetWriterMetadata, ROLL(2), &instance, &metadata) == S_OK) {
        VSS_ID same;
        IVssExamineWriterMetadata_GetIdentity(metadata, &same, writer, &name, &usage, &source);
        SysFreeString(name);
        IVssExamineWriterMetadata_Release(metadata);
    }
    return instance;
}

MONKEY(AddComponent)
{
    VSS_ID writer = any_writer(monkey);
    const VSS_ID instance = instance_of(monkey, &writer);
    check(monkey, ON(AddComponent, instance, writer, VSS_CT_FILEGROUP, NULL, any_name(monkey)));
}

MONKEY(set_component)
{
    VSS_ID writer = any_writer(monkey);
#define COMPONENT writer, VSS_CT_FILEGROUP, NULL, any_name(monkey)
    switch (ROLL(14)) {
    case 0:
        check(monkey, ON(SetBackupSucceeded, instance_of(monkey, &writer), COMPONENT, TRUE));
        break;
    case 1:
        check(monkey, ON(SetBackupOptions, COMPONENT, L"options"));
        break;
    case 2:
        check(monkey, ON(SetPreviousBackupStamp, COMPONENT, L"stamp"));
        break;
    case 3:
        check(monkey, ON(SetRestoreOptions, COMPONENT, L"options"));
        break;
    case 4:
        check(monkey, ON(SetAdditionalRestores, COMPONENT, TRUE));
        break;
    case 5:
        check(monkey,
              ON(AddAlternativeLocationMapping, COMPONENT, L"C:\\x", L"*", FALSE, L"D:\\x"));
        break;
    case 6:
        check(monkey, ON(AddRestoreSubcomponent, COMPONENT, L"x", L"y", FALSE));
        break;
    case 7:
        check(monkey, ON(SetFileRestoreStatus, COMPONENT, (VSS_FILE_RESTORE_STATUS)ROLL(5)));
        break;
    case 8:
        check(monkey, ON(AddNewTarget, COMPONENT, L"C:\\x", L"*", FALSE, L"D:\\x"));
        break;
    case 9:
        check(monkey, ON(SetRangesFilePath, COMPONENT, ROLL(2), L"C:\\ranges"));
        break;
    case 10:
        check(monkey, ON_EX(2, SetAuthoritativeRestore, COMPONENT, TRUE));
        break;
    case 11:
        check(monkey, ON_EX(2, SetRollForward, COMPONENT, VSS_RF_ALL, NULL));
        break;
    case 12:
        check(monkey, ON_EX(2, SetRestoreName, COMPONENT, L"name"));
        break;
    default:
        check(monkey, ON(SetSelectedForRestore, COMPONENT, ROLL(4) != 0));
        break;
    }
#undef COMPONENT
}

#endif
