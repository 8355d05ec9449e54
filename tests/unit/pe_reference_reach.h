/* For pe_reference_states.c: the states of the requester object, and how to bring one there. */
#ifndef PE_REFERENCE_REACH_H
#define PE_REFERENCE_REACH_H

#include "pe_reference.h"

static struct reference ref;
static WCHAR volume_c[] = L"C:\\";
static WCHAR volume_d[] = L"D:\\";

/* The states, in groups as the rows of the matrix below have them. */
#define STATES(X)                                                                                  \
    X(NEW)                                                                                         \
    X(BK_INIT)                                                                                     \
    X(BK_INIT_XML)                                                                                 \
    X(BK_IMPORT_PENDING)                                                                           \
    X(BK_IMPORTED)                                                                                 \
    X(BK_IMPORT_FAILED)                                                                            \
    X(BK_SET_OPEN)                                                                                 \
    X(BK_PREPARE_PENDING)                                                                          \
    X(BK_PREPARED)                                                                                 \
    X(BK_PREPARE_FAILED)                                                                           \
    X(BK_PREPARE_CANCELLED)                                                                        \
    X(BK_SNAPSHOT_PENDING)                                                                         \
    X(BK_SNAPSHOT_CREATED)                                                                         \
    X(BK_SNAPSHOT_FAILED)                                                                          \
    X(BK_SNAPSHOT_CANCELLED)                                                                       \
    X(BK_COMPLETE_PENDING)                                                                         \
    X(BK_COMPLETED)                                                                                \
    X(BK_COMPLETE_FAILED)                                                                          \
    X(BK_COMPLETE_CANCELLED)                                                                       \
    X(BK_ABORTED)                                                                                  \
    X(RS_INIT)                                                                                     \
    X(RS_PRE_PENDING)                                                                              \
    X(RS_PRERESTORED)                                                                              \
    X(RS_PRE_FAILED)                                                                               \
    X(RS_PRE_CANCELLED)                                                                            \
    X(RS_POST_PENDING)                                                                             \
    X(RS_POSTRESTORED)                                                                             \
    X(RS_POST_FAILED)                                                                              \
    X(RS_POST_CANCELLED)

enum state {
#define X(id) id,
    STATES(X)
#undef X
        STATE_COUNT
};
static const char *const state_names[] = {
#define X(id) #id,
    STATES(X)
#undef X
};

/* An object in a state, with the IVssAsync of the operation that is pending there. */
struct object {
    IVssBackupComponents *bc;
    IVssAsync *pending;
    bool aborted; /* AbortBackup was called, which ends some operations */
    VSS_ID snapshot;
};

/* How an operation shall end. */
enum end { FINISH, STAY, FAIL, CANCEL };

static bool operate(struct object *object, ref_starter start, const WCHAR *point, enum end end)
{
    if (end == FAIL) {
        ref.fail(point, VSS_E_UNEXPECTED, 0, 1);
    } else if (end != FINISH) {
        ref.hold(point);
    }
    IVssAsync *async = NULL;
    bool good = start(object->bc, &async) == S_OK;
    if (good && end == STAY) {
        object->pending = async;
    } else if (good && end == CANCEL) {
        good = IVssAsync_Cancel(async) == S_OK && ref_end(async) == VSS_S_ASYNC_CANCELLED;
    } else if (good) {
        good = ref_end(async) == (end == FAIL ? VSS_E_UNEXPECTED : VSS_S_ASYNC_FINISHED);
    }
    return good;
}
#define OPERATE(method, end) operate(object, object->bc->lpVtbl->method, L"" #method L".async", end)

/* The end that leads to `state`, which is the first of four: pending, finished, failed, cancelled.
 */
static enum end end_for(enum state state, enum state first)
{
    static const enum end ends[] = {STAY, FINISH, FAIL, CANCEL};
    return state < first + 4 ? ends[state - first] : FINISH;
}

static bool reach_restore(struct object *object, enum state state)
{
    static const enum end pre[] = {FINISH, STAY, FINISH, FAIL, CANCEL};
    bool good = ref_init(object->bc, DOCUMENT, true) == S_OK;
    if (good && state > RS_INIT) {
        good = OPERATE(PreRestore, state < RS_POST_PENDING ? pre[state - RS_INIT] : FINISH);
    }
    if (good && state >= RS_POST_PENDING) {
        good = OPERATE(PostRestore, end_for(state, RS_POST_PENDING));
    }
    return good;
}

static bool reach_backup(struct object *object, enum state state)
{
    bool good = ref_open_set(object->bc, L"C:\\", &object->snapshot) == S_OK;
    if (good && state >= BK_PREPARE_PENDING) {
        good = OPERATE(PrepareForBackup, end_for(state, BK_PREPARE_PENDING));
    }
    if (good && state >= BK_SNAPSHOT_PENDING) {
        good = OPERATE(DoSnapshotSet, end_for(state, BK_SNAPSHOT_PENDING));
    }
    if (good && state >= BK_COMPLETE_PENDING) {
        good = OPERATE(BackupComplete, end_for(state, BK_COMPLETE_PENDING));
    }
    return good;
}

static struct object reach(enum state state)
{
    static const enum end import[] = {STAY, FINISH, FAIL};
    struct object made = {.bc = ref_new(&ref)};
    struct object *object = &made;
    bool good = true;
    if (state == BK_INIT) {
        good = ref_init(made.bc, NULL, false) == S_OK;
    } else if (state >= BK_INIT_XML && state <= BK_IMPORT_FAILED) {
        good = ref_init(made.bc, DOCUMENT, false) == S_OK;
        if (good && state > BK_INIT_XML) {
            good = OPERATE(ImportSnapshots, import[state - BK_IMPORT_PENDING]);
        }
    } else if (state == BK_ABORTED) {
        good = reach_backup(object, BK_SNAPSHOT_FAILED) &&
               IVssBackupComponents_AbortBackup(made.bc) == S_OK;
    } else if (state >= RS_INIT) {
        good = reach_restore(object, state);
    } else if (state >= BK_SET_OPEN) {
        good = reach_backup(object, state);
    }
    if (!good) {
        fprintf(stderr, "state %s cannot be reached\n", state_names[state]);
    }
    CU_ASSERT_TRUE(good);
    return made;
}

static void leave(struct object *object)
{
    HR(ref.reset(), S_OK);
    if (object->pending != NULL) {
        const HRESULT end = ref_end(object->pending);
        CU_ASSERT_TRUE(end == VSS_S_ASYNC_FINISHED ||
                       (object->aborted && end == VSS_S_ASYNC_CANCELLED));
    }
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(object->bc), 0);
}

#endif
