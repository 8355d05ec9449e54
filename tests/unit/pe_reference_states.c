/* The reference clone: every method in every state of the main region, against expectations written
 * by hand from the reference pages and from what real systems were seen to do. */
#include "pe_reference_calls_more.h"

/* Results by letter: '.' S_OK, 'B' VSS_E_BAD_STATE, 'N' VSS_E_OBJECT_NOT_FOUND, 'F' S_FALSE,
 * '-' E_NOTIMPL, 'I' E_INVALIDARG. Blanks part the groups: new; init, init with document, import
 * pending, imported, import failed; set open; prepare, snapshot, complete, each pending, finished,
 * failed, cancelled; aborted; restore: init, then pre and post, each pending, finished, failed,
 * cancelled. */
#define NULL_ROW "I IIIII I IIII IIII IIII I I IIII IIII"
static const struct {
    const char *name;
    HRESULT (*call)(IVssBackupComponents *bc, struct object *object);
    const char *row;
} matrix[] = {
#define ROW(name, row)                                                                             \
    {                                                                                              \
#name, call_##name, row                                                                    \
    }
    ROW(InitializeForBackup, ". BBBBB B BBBB BBBB BBBB B B BBBB BBBB"),
    ROW(InitializeForBackup_document, ". BBBBB B BBBB BBBB BBBB B B BBBB BBBB"),
    ROW(InitializeForRestore, ". BBBBB B BBBB BBBB BBBB B B BBBB BBBB"),
    ROW(SetContext, "B ..BBB B BBBB BBBB BBBB B B BBBB BBBB"),
    ROW(SetBackupState, "B ..BBB . BBBB BBBB BBBB B . BBBB BBBB"),
    ROW(GatherWriterMetadata, "B ..BBB B BBBB BBBB BBBB B . BBBB BBBB"),
    ROW(GatherWriterStatus, "B ..B.. . B... B... B... . . B... B..."),
    ROW(StartSnapshotSet, "B ..BBB B BBBB BBBB BBBB B B BBBB BBBB"),
    ROW(AddToSnapshotSet, "B BBBBB . ..BB BBBB BBBB B B BBBB BBBB"),
    ROW(PrepareForBackup, "B BBBBB . BBBB BBBB BBBB B B BBBB BBBB"),
    ROW(DoSnapshotSet, "B BBBBB . B.BB BBBB BBBB B B BBBB BBBB"),
    ROW(BackupComplete, "B BBBBB B BBBB B.BB BBBB B B BBBB BBBB"),
    ROW(AbortBackup, "B ..... . .... .... .... . . .... ...."),
    ROW(SetBackupSucceeded, "B BBBBB B BNBB BNBB BBBB B B BBBB BBBB"),
    ROW(SaveAsXML, "B BBBBB B B.BB B... B... . B BBBB BBBB"),
    ROW(GetSnapshotProperties, "B NNNNN N NNNN N.NN .... N B BBBB BBBB"),
    ROW(Query, "B FFFFF F FFFF F.FF .... F B BBBB BBBB"),
    ROW(IsVolumeSupported, "B ..... . .... .... .... . B BBBB BBBB"),
    ROW(DeleteSnapshots, "N NNNNN N NNNN N.NN .... N N NNNN NNNN"),
    ROW(GetWriterMetadataCount, "B BBBBB . .... .... .... . B BBBB BBBB"),
    ROW(GetWriterMetadata, "B BBBBB N NNNN NNNN NNNN N B BBBB BBBB"),
    ROW(FreeWriterMetadata, "B BBBBB . .... .... .... . B BBBB BBBB"),
    ROW(GetWriterStatusCount, "B BBBBB B BBBB BBBB BBBB B B BBBB BBBB"),
    ROW(GetWriterStatus, "B BBBBB B BBBB BBBB BBBB B B BBBB BBBB"),
    ROW(FreeWriterStatus, "B BBBBB B BBBB BBBB BBBB B B BBBB BBBB"),
    ROW(GetWriterComponentsCount, "B ..... . .... .... .... . . .... ...."),
    ROW(GetSessionId, "B ..... . .... .... .... . . .... ...."),
    ROW(ImportSnapshots, "B B.BBB B BBBB BBBB BBBB B B BBBB BBBB"),
    ROW(PreRestore, "B BBBBB B BBBB BBBB BBBB B . BBBB BBBB"),
    ROW(PostRestore, "B BBBBB B BBBB BBBB BBBB B B B.BB BBBB"),
    ROW(AddComponent, "B BBBBB I BIBB BBBB BBBB B B BBBB BBBB"),
    ROW(SetRestoreState, "B BBBBB B BBBB BBBB BBBB B . BBBB BBBB"),
    ROW(SetSelectedForRestore, "B BBBBB B BBBB BBBB BBBB B N BBBB BBBB"),
    ROW(RecoverSet, "B BBBBB B BBBB BBBB BBBB B B BBBB BBBB"), /* nothing was added */
    /* Components, before PrepareForBackup; before PreRestore; in a restore as long as no operation
     * runs (that some of these belong before PreRestore is nowhere said). */
    ROW(SetBackupOptions, "B NNBBB N BBBB BBBB BBBB B B BBBB BBBB"),
    ROW(SetPreviousBackupStamp, "B NNBBB N BBBB BBBB BBBB B B BBBB BBBB"),
    ROW(SetRestoreOptions, "B BBBBB B BBBB BBBB BBBB B N BBBB BBBB"),
    ROW(SetAdditionalRestores, "B BBBBB B BBBB BBBB BBBB B N BBBB BBBB"),
    ROW(AddNewTarget, "B BBBBB B BBBB BBBB BBBB B N BBBB BBBB"),
    ROW(AddRestoreSubcomponent, "B BBBBB B BBBB BBBB BBBB B N BBBB BBBB"),
    ROW(SetSelectedForRestoreEx, "B BBBBB B BBBB BBBB BBBB B N BBBB BBBB"),
    ROW(AddAlternativeLocationMapping, "B BBBBB B BBBB BBBB BBBB B N BNNN BNNN"),
    ROW(SetFileRestoreStatus, "B BBBBB B BBBB BBBB BBBB B N BNNN BNNN"),
    ROW(SetRangesFilePath, "B BBBBB B BBBB BBBB BBBB B N BNNN BNNN"),
    ROW(SetAuthoritativeRestore, "B BBBBB B BBBB BBBB BBBB B N BNNN BNNN"),
    ROW(SetRollForward, "B BBBBB B BBBB BBBB BBBB B N BNNN BNNN"),
    ROW(SetRestoreName, "B BBBBB B BBBB BBBB BBBB B N BNNN BNNN"),
    ROW(GetWriterComponents, "B NNNNN N NNNN NNNN NNNN N N NNNN NNNN"),
    ROW(GetWriterMetadataEx, "B BBBBB N NNNN NNNN NNNN N B BBBB BBBB"),
    ROW(GetWriterStatusEx, "B BBBBB B BBBB BBBB BBBB B B BBBB BBBB"),
    /* Too late it has no effect; that it would be refused then is nowhere said. */
    ROW(DisableWriterClasses, "B ..... . .... .... .... . B BBBB BBBB"),
    ROW(EnableWriterClasses, "B ..... . .... .... .... . B BBBB BBBB"),
    ROW(DisableWriterInstances, "B ..... . .... .... .... . B BBBB BBBB"),
    /* Copies: the pages of breaking and reverting list no refusal for state. */
    ROW(ExposeSnapshot, "B NNNNN N NNNN NNNN NNNN N B BBBB BBBB"),
    ROW(UnexposeSnapshot, "B NNNNN N NNNN NNNN NNNN N B BBBB BBBB"),
    ROW(BreakSnapshotSet, "N NNNNN N NNNN NNNN NNNN N N NNNN NNNN"),
    ROW(BreakSnapshotSetEx, "N NNNNN N NNNN NNNN NNNN N N NNNN NNNN"),
    ROW(RevertToSnapshot, "- ----- - ---- ---- ---- - - ---- ----"), /* servers only */
    ROW(QueryRevertStatus, "N NNNNN N NNNN NNNN NNNN N N NNNN NNNN"),
    ROW(PreFastRecovery, "- ----- - ---- ---- ---- - - ---- ----"),
    ROW(FastRecovery, "- ----- - ---- ---- ---- - - ---- ----"),
    /* There is no hardware provider. */
    ROW(AddSnapshotToRecoverySet, "B BBBBB B BBBB BBBB BBBB B B BBBB BBBB"),
    ROW(GetRootAndLogicalPrefixPaths, ". ..... . .... .... .... . . .... ...."),
    /* A NULL pointer is seen before the state. */
    ROW(GatherWriterMetadata_null, NULL_ROW),
    ROW(GatherWriterStatus_null, NULL_ROW),
    ROW(PrepareForBackup_null, NULL_ROW),
    ROW(DoSnapshotSet_null, NULL_ROW),
    ROW(BackupComplete_null, NULL_ROW),
    ROW(PreRestore_null, NULL_ROW),
    ROW(PostRestore_null, NULL_ROW),
    ROW(ImportSnapshots_null, NULL_ROW),
    ROW(GetWriterMetadataCount_null, NULL_ROW),
    ROW(GetWriterStatusCount_null, NULL_ROW),
    ROW(GetWriterComponentsCount_null, NULL_ROW),
    ROW(StartSnapshotSet_null, NULL_ROW),
    ROW(SetBackupSucceeded_null, NULL_ROW),
    ROW(SaveAsXML_null, NULL_ROW),
    ROW(GetSnapshotProperties_null, NULL_ROW),
#undef ROW
};

static HRESULT code_of(char letter)
{
    switch (letter) {
    case '.':
        return S_OK;
    case 'B':
        return VSS_E_BAD_STATE;
    case 'N':
        return VSS_E_OBJECT_NOT_FOUND;
    case 'F':
        return S_FALSE;
    case 'I':
        return E_INVALIDARG;
    default:
        return E_NOTIMPL;
    }
}

static void test_matrix(void)
{
    for (size_t i = 0; i < COUNT(matrix); i++) {
        const char *at = matrix[i].row;
        for (int state = 0; state < STATE_COUNT; state++, at++) {
            while (*at == ' ') {
                at++;
            }
            CU_ASSERT_NOT_EQUAL_FATAL(*at, '\0');
            struct object object = reach((enum state)state);
            const HRESULT code = matrix[i].call(object.bc, &object);
            if (code != code_of(*at)) {
                fprintf(stderr, "%s in %s: 0x%08lX, expected '%c'\n", matrix[i].name,
                        state_names[state], (unsigned long)code, *at);
            }
            CU_ASSERT_EQUAL(code, code_of(*at));
            leave(&object);
        }
        CU_ASSERT_EQUAL(*at, '\0');
    }
    HR(ref_left(&ref), S_OK);
}

/* The rest of a backup, from one of its resting states. */
static HRESULT finish(struct object *object, enum state state)
{
    IVssBackupComponents *bc = object->bc;
    HRESULT code = VSS_S_ASYNC_FINISHED;
    if (state == BK_INIT) {
        code = IVssBackupComponents_SetContext(bc, VSS_CTX_APP_ROLLBACK);
    }
    if (SUCCEEDED(code) && state == BK_INIT) {
        VSS_ID set;
        RUN(bc, GatherWriterMetadata);
        IVssBackupComponents_SetBackupState(bc, TRUE, FALSE, VSS_BT_FULL, FALSE);
        IVssBackupComponents_StartSnapshotSet(bc, &set);
        code = IVssBackupComponents_AddToSnapshotSet(bc, volume_c, GUID_NULL, &object->snapshot);
    }
    if (SUCCEEDED(code) && state <= BK_SET_OPEN) {
        code = RUN(bc, PrepareForBackup);
    }
    if (SUCCEEDED(code) && state <= BK_PREPARED) {
        code = RUN(bc, DoSnapshotSet);
    }
    return SUCCEEDED(code) ? RUN(bc, BackupComplete) : code;
}

/* After each refused call the backup goes on as if nothing had been. */
static void test_refusals_change_nothing(void)
{
    static const enum state rests[] = {BK_INIT, BK_SET_OPEN, BK_PREPARED, BK_SNAPSHOT_CREATED};
    for (size_t i = 0; i < COUNT(rests); i++) {
        for (size_t j = 0; j < COUNT(matrix); j++) {
            struct object object = reach(rests[i]);
            const HRESULT code = matrix[j].call(object.bc, &object);
            if (FAILED(code)) {
                const HRESULT end = finish(&object, rests[i]);
                if (end != VSS_S_ASYNC_FINISHED) {
                    fprintf(stderr, "%s, refused in %s: then 0x%08lX\n", matrix[j].name,
                            state_names[rests[i]], (unsigned long)end);
                }
                CU_ASSERT_EQUAL(end, VSS_S_ASYNC_FINISHED);
                LONG deleted;
                VSS_ID failed;
                HR(IVssBackupComponents_DeleteSnapshots(
                       object.bc, object.snapshot, VSS_OBJECT_SNAPSHOT, TRUE, &deleted, &failed),
                   S_OK);
            }
            leave(&object);
        }
    }
    HR(ref_left(&ref), S_OK);
}

/* The gathers have states of their own. */
static void test_gathers(void)
{
    static const WCHAR *points[] = {L"GatherWriterMetadata.async", L"GatherWriterStatus.async"};
    for (int end = FINISH; end <= CANCEL; end++) {
        struct object made = {.bc = ref_new(&ref)};
        struct object *object = &made;
        HR(ref_init(made.bc, NULL, false), S_OK);
        CU_ASSERT_TRUE(
            operate(object, made.bc->lpVtbl->GatherWriterMetadata, points[0], (enum end)end));
        const HRESULT ready = end == FINISH ? S_OK : VSS_E_BAD_STATE;
        const HRESULT idle = end == STAY ? VSS_E_BAD_STATE : S_OK;
        HR(call_GetWriterMetadataCount(made.bc, object), ready);
        HR(call_GatherWriterMetadata(made.bc, object), VSS_E_BAD_STATE);
        HR(call_FreeWriterMetadata(made.bc, object), ready);
        HR(call_FreeWriterMetadata(made.bc, object), VSS_E_BAD_STATE);
        HR(call_GetWriterMetadataCount(made.bc, object), VSS_E_BAD_STATE);
        HR(call_GatherWriterMetadata(made.bc, object), VSS_E_BAD_STATE);
        HR(call_StartSnapshotSet(made.bc, object), idle);
        leave(&made);

        made = (struct object){.bc = ref_new(&ref)};
        HR(ref_init(made.bc, NULL, false), S_OK);
        CU_ASSERT_TRUE(
            operate(object, made.bc->lpVtbl->GatherWriterStatus, points[1], (enum end)end));
        HR(call_GetWriterStatusCount(made.bc, object), ready);
        HR(call_GetWriterStatus(made.bc, object), end == FINISH ? VSS_E_OBJECT_NOT_FOUND : ready);
        HR(call_FreeWriterStatus(made.bc, object), idle);
        HR(call_FreeWriterStatus(made.bc, object), VSS_E_BAD_STATE);
        HR(call_GetWriterStatusCount(made.bc, object), VSS_E_BAD_STATE);
        HR(call_GatherWriterStatus(made.bc, object), idle);
        leave(&made);
    }
    HR(ref_left(&ref), S_OK);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"every method in every state", test_matrix},
        {"a refused call changes nothing", test_refusals_change_nothing},
        {"states of the gathers", test_gathers},
        CU_TEST_INFO_NULL,
    };
    ref = ref_load();
    return cu_run("reference: states", tests);
}
