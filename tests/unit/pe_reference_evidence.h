/* For pe_reference_evidence.c: the steps of which its sequences are made. Each is a call, or a call
 * and the end of the operation that it starts; it gives the result. */
#ifndef PE_REFERENCE_EVIDENCE_H
#define PE_REFERENCE_EVIDENCE_H

#include "pe_reference.h"

#include <stddef.h>

#define FINISHED VSS_S_ASYNC_FINISHED
#define PENDING VSS_S_ASYNC_PENDING
#define SHORT_MS 30

static struct reference ref;
static WCHAR volume_c[] = L"C:\\";
static WCHAR volume_d[] = L"D:\\";

/* A session: the object, a second one, an operation that is under way. */
struct session {
    IVssBackupComponents *bc, *other;
    IVssAsync *async;
    VSS_ID set, copy;
    BSTR document;
    LONG deleted;
};

#define STEP(name) static HRESULT name(struct session *s)
/* Wait without a limit, the only one of Windows XP. */
static HRESULT run_to_end(IVssBackupComponents *bc, ref_starter start)
{
    IVssAsync *async = NULL;
    HRESULT status = E_FAIL;
    HRESULT code = start(bc, &async);
    if (FAILED(code)) {
        return code;
    }
    code = IVssAsync_Wait(async, INFINITE);
    if (code == S_OK) {
        code = IVssAsync_QueryStatus(async, &status, NULL);
    }
    return IVssAsync_Release(async) == 0 && code == S_OK ? status : E_FAIL;
}

#define RUN_STEP(name, method)                                                                     \
    STEP(name)                                                                                     \
    {                                                                                              \
        return run_to_end(s->bc, s->bc->lpVtbl->method);                                           \
    }

RUN_STEP(gather, GatherWriterMetadata)
RUN_STEP(gather_status, GatherWriterStatus)
RUN_STEP(prepare, PrepareForBackup)
RUN_STEP(do_set, DoSnapshotSet)
RUN_STEP(complete, BackupComplete)
RUN_STEP(pre_restore, PreRestore)
RUN_STEP(post_restore, PostRestore)

STEP(init)
{
    return ref_init(s->bc, NULL, false);
}

STEP(init_restore)
{
    return ref_init(s->bc, s->document != NULL ? s->document : DOCUMENT, true);
}

STEP(init_restore_foreign)
{
    return ref_init(s->bc, L"<OTHER_DOCUMENT version=\"1.2\"/>", true);
}

STEP(count)
{
    UINT number = 0;
    return IVssBackupComponents_GetWriterComponentsCount(s->bc, &number);
}

STEP(count_null)
{
    return IVssBackupComponents_GetWriterComponentsCount(s->bc, NULL);
}

STEP(context_backup)
{
    return IVssBackupComponents_SetContext(s->bc, VSS_CTX_BACKUP);
}

STEP(context_rollback)
{
    return IVssBackupComponents_SetContext(s->bc, VSS_CTX_APP_ROLLBACK);
}

STEP(context_writerless)
{
    return IVssBackupComponents_SetContext(s->bc, VSS_CTX_FILE_SHARE_BACKUP);
}

STEP(context_all)
{
    return IVssBackupComponents_SetContext(s->bc, (LONG)VSS_CTX_ALL);
}

#define AGENT_CONTEXT                                                                              \
    (VSS_CTX_APP_ROLLBACK | VSS_VOLSNAP_ATTR_NO_AUTORECOVERY | VSS_VOLSNAP_ATTR_TXF_RECOVERY)
STEP(context_transportable)
{
    return IVssBackupComponents_SetContext(s->bc, AGENT_CONTEXT | VSS_VOLSNAP_ATTR_TRANSPORTABLE);
}

STEP(context_agent)
{
    return IVssBackupComponents_SetContext(s->bc, AGENT_CONTEXT);
}

STEP(state_volumes)
{
    return IVssBackupComponents_SetBackupState(s->bc, FALSE, FALSE, VSS_BT_COPY, FALSE);
}

STEP(state_components)
{
    return IVssBackupComponents_SetBackupState(s->bc, TRUE, TRUE, VSS_BT_FULL, FALSE);
}

STEP(start)
{
    return IVssBackupComponents_StartSnapshotSet(s->bc, &s->set);
}

STEP(add_c)
{
    return IVssBackupComponents_AddToSnapshotSet(s->bc, volume_c, GUID_NULL, &s->copy);
}

STEP(supported)
{
    BOOL answer = FALSE;
    const HRESULT code =
        IVssBackupComponents_IsVolumeSupported(s->bc, GUID_NULL, volume_c, &answer);
    return code == S_OK && !answer ? E_FAIL : code;
}

STEP(do_set_begin)
{
    return IVssBackupComponents_DoSnapshotSet(s->bc, &s->async);
}

STEP(wait)
{
    return IVssAsync_Wait(s->async, 10000);
}

STEP(wait_briefly)
{
    return IVssAsync_Wait(s->async, SHORT_MS);
}

STEP(query_status)
{
    HRESULT status = E_FAIL;
    const HRESULT code = IVssAsync_QueryStatus(s->async, &status, NULL);
    return code == S_OK ? status : code;
}

STEP(cancel)
{
    return IVssAsync_Cancel(s->async);
}

STEP(properties)
{
    VSS_SNAPSHOT_PROP prop;
    const HRESULT code = IVssBackupComponents_GetSnapshotProperties(s->bc, s->copy, &prop);
    ref.free_properties(&prop);
    return code;
}

/* The attributes of the copy of a backup while it lives. */
STEP(attributes)
{
    VSS_SNAPSHOT_PROP prop;
    const HRESULT code = IVssBackupComponents_GetSnapshotProperties(s->bc, s->copy, &prop);
    const LONG wanted = VSS_VOLSNAP_ATTR_DIFFERENTIAL | VSS_VOLSNAP_ATTR_AUTORECOVER;
    const bool missing = (prop.m_lSnapshotAttributes & wanted) != wanted;
    ref.free_properties(&prop);
    return code == S_OK && missing ? E_FAIL : code;
}

/* S_OK: there is exactly the copy of this session; S_FALSE: there is none. */
STEP(query)
{
    IVssEnumObject *found = NULL;
    VSS_OBJECT_PROP object;
    ULONG got = 7;
    HRESULT code =
        IVssBackupComponents_Query(s->bc, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &found);
    if (code == S_OK) {
        code = IVssEnumObject_Next(found, 1, &object, &got);
        if (code == S_OK && !IsEqualGUID(&object.Obj.Snap.m_SnapshotId, &s->copy)) {
            code = E_FAIL;
        }
        ref.free_properties(&object.Obj.Snap);
        if (IVssEnumObject_Next(found, 1, &object, &got) != S_FALSE || got != 0) {
            code = E_FAIL;
        }
    }
    if (found != NULL) {
        IVssEnumObject_Release(found);
    }
    return code;
}

STEP(delete_copy)
{
    VSS_ID failed;
    return IVssBackupComponents_DeleteSnapshots(s->bc, s->copy, VSS_OBJECT_SNAPSHOT, TRUE,
                                                &s->deleted, &failed);
}

STEP(delete_set)
{
    VSS_ID failed;
    return IVssBackupComponents_DeleteSnapshots(s->bc, s->set, VSS_OBJECT_SNAPSHOT_SET, FALSE,
                                                &s->deleted, &failed);
}

static HRESULT expose(struct session *s, const WCHAR *where)
{
    WCHAR place[40];
    VSS_PWSZ name = NULL;
    lstrcpynW(place, where, 40);
    const HRESULT code = IVssBackupComponents_ExposeSnapshot(
        s->bc, s->copy, NULL, VSS_VOLSNAP_ATTR_EXPOSED_LOCALLY, place, &name);
    CoTaskMemFree(name);
    return code;
}

STEP(expose_letter)
{
    return expose(s, L"L:");
}

STEP(expose_oddly)
{
    return expose(s, L"no place|for a copy");
}

STEP(revert_status)
{
    IVssAsync *async = (IVssAsync *)(void *)s;
    const HRESULT code = IVssBackupComponents_QueryRevertStatus(s->bc, volume_c, &async);
    return FAILED(code) && async != NULL ? E_FAIL : code;
}

STEP(free_metadata)
{
    return IVssBackupComponents_FreeWriterMetadata(s->bc);
}

STEP(free_status)
{
    return IVssBackupComponents_FreeWriterStatus(s->bc);
}

STEP(abort_backup)
{
    return IVssBackupComponents_AbortBackup(s->bc);
}

STEP(save)
{
    SysFreeString(s->document);
    return IVssBackupComponents_SaveAsXML(s->bc, &s->document);
}

/* Another object has a set open, until it is let go. */
STEP(other_opens)
{
    VSS_ID id;
    s->other = ref_new(&ref);
    return ref_open_set(s->other, volume_d, &id);
}

STEP(other_goes)
{
    const ULONG left = IVssBackupComponents_Release(s->other);
    s->other = NULL;
    return left == 0 ? S_OK : E_FAIL;
}

/* The session goes on with a new object; the one before is let go. */
STEP(renew)
{
    const ULONG left = IVssBackupComponents_Release(s->bc);
    s->bc = ref_new(&ref);
    return left == 0 ? S_OK : E_FAIL;
}

STEP(hold_do_set)
{
    (void)s;
    return ref.hold(L"DoSnapshotSet.async");
}

STEP(release_do_set)
{
    (void)s;
    return ref.release(L"DoSnapshotSet.async");
}

#define FAIL_STEP(name, point, code)                                                               \
    STEP(name)                                                                                     \
    {                                                                                              \
        (void)s;                                                                                   \
        return ref.fail(point, code, 0, 1);                                                        \
    }
FAIL_STEP(storage_fails, L"provider.EndPrepare", VSS_E_INSUFFICIENT_STORAGE)
FAIL_STEP(commit_vetoed, L"provider.Commit", VSS_E_PROVIDER_VETO)
FAIL_STEP(pre_final_vetoed, L"provider.PreFinalCommit", VSS_E_PROVIDER_VETO)
FAIL_STEP(hold_writes_fails, L"provider.Commit", VSS_E_HOLD_WRITES_TIMEOUT)
FAIL_STEP(not_found_fails, L"DoSnapshotSet.async", VSS_E_OBJECT_NOT_FOUND)
FAIL_STEP(add_fails, L"provider.BeginPrepare", E_FAIL)
FAIL_STEP(add_finds_limit, L"provider.BeginPrepare", VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED)
FAIL_STEP(question_fails, L"provider.IsVolumeSupported", E_FAIL)
FAIL_STEP(prepare_fails, L"PrepareForBackup.async", VSS_E_INSUFFICIENT_STORAGE)

#endif
