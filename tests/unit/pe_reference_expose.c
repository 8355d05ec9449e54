/* The reference clone: what is done with copies that are there: deleted, exposed, reverted to; and
 * paths taken apart. */
#include "pe_reference_machine.h"

#define LOCALLY VSS_VOLSNAP_ATTR_EXPOSED_LOCALLY
#define REMOTELY VSS_VOLSNAP_ATTR_EXPOSED_REMOTELY

static HRESULT expose(IVssBackupComponents *bc, VSS_ID id, const WCHAR *path, LONG attributes,
                      const WCHAR *name, WCHAR **exposed)
{
    WCHAR path_copy[160];
    WCHAR name_copy[160];
    lstrcpynW(path_copy, path != NULL ? path : L"", 160);
    lstrcpynW(name_copy, name != NULL ? name : L"", 160);
    *exposed = (WCHAR *)(void *)bc;
    return IVssBackupComponents_ExposeSnapshot(bc, id, path != NULL ? path_copy : NULL, attributes,
                                               name != NULL ? name_copy : NULL, exposed);
}

static HRESULT unexpose(IVssBackupComponents *bc, VSS_ID id)
{
    return IVssBackupComponentsEx2_UnexposeSnapshot((IVssBackupComponentsEx2 *)(void *)bc, id);
}

/* Each row on a copy of D: of its own. A wanted name of "*" is one that the clone chose. */
static void test_expose(void)
{
    static const struct {
        LONG context;
        const WCHAR *path;
        LONG attributes;
        const WCHAR *name;
        HRESULT code;
        const WCHAR *exposed, *exposed_path;
    } rows[] = {
        {VSS_CTX_NAS_ROLLBACK, NULL, LOCALLY, L"X:", S_OK, L"X:", NULL},
        {VSS_CTX_NAS_ROLLBACK, NULL, LOCALLY, L"X:\\", S_OK, L"X:", NULL},
        {VSS_CTX_NAS_ROLLBACK, NULL, LOCALLY, L"C:\\Folder", S_OK, L"C:\\Folder", NULL},
        {VSS_CTX_NAS_ROLLBACK, NULL, LOCALLY, NULL, S_OK, L"Z:", NULL},
        {VSS_CTX_NAS_ROLLBACK, NULL, LOCALLY, L"C:", E_INVALIDARG, NULL, NULL},
        {VSS_CTX_NAS_ROLLBACK, NULL, LOCALLY, L"Q:\\Folder", E_INVALIDARG, NULL, NULL},
        {VSS_CTX_NAS_ROLLBACK, NULL, LOCALLY, L"", E_INVALIDARG, NULL, NULL},
        {VSS_CTX_NAS_ROLLBACK, NULL, LOCALLY, L"share", E_INVALIDARG, NULL, NULL},
        {VSS_CTX_NAS_ROLLBACK, NULL, LOCALLY, L"C:\\a*", E_INVALIDARG, NULL, NULL},
        {VSS_CTX_NAS_ROLLBACK, L"\\a", LOCALLY, L"X:", E_INVALIDARG, NULL, NULL},
        {VSS_CTX_NAS_ROLLBACK, NULL, 0, L"X:", E_INVALIDARG, NULL, NULL},
        {VSS_CTX_NAS_ROLLBACK, NULL, LOCALLY | REMOTELY, L"X:", E_INVALIDARG, NULL, NULL},
        {VSS_CTX_NAS_ROLLBACK, NULL, REMOTELY, L"share", S_OK, L"share", L"\\"},
        {VSS_CTX_NAS_ROLLBACK, L"\\a\\b", REMOTELY, L"share", S_OK, L"share", L"\\a\\b"},
        {VSS_CTX_NAS_ROLLBACK, NULL, REMOTELY, NULL, S_OK, L"*", L"\\"},
        {VSS_CTX_NAS_ROLLBACK, L"\\%a%", REMOTELY, L"share", E_INVALIDARG, NULL, NULL},
        {VSS_CTX_NAS_ROLLBACK, L"\\a*", REMOTELY, L"share", E_INVALIDARG, NULL, NULL},
        {VSS_CTX_NAS_ROLLBACK, NULL, REMOTELY, L"a\\b", E_INVALIDARG, NULL, NULL},
        {VSS_CTX_FILE_SHARE_BACKUP, NULL, LOCALLY, L"X:", E_INVALIDARG, NULL, NULL},
        {VSS_CTX_FILE_SHARE_BACKUP, NULL, REMOTELY, L"share", S_OK, L"share", L"\\"},
        {VSS_CTX_CLIENT_ACCESSIBLE, NULL, LOCALLY, L"X:", E_INVALIDARG, NULL, NULL},
        {VSS_CTX_CLIENT_ACCESSIBLE, NULL, REMOTELY, L"share", E_INVALIDARG, NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        IVssBackupComponents *bc = new_with(rows[i].context);
        VSS_SNAPSHOT_PROP prop;
        VSS_ID set;
        VSS_ID id;
        LONG deleted;
        WCHAR *exposed;
        HR(make(bc, L"D:\\", &set, &id), VSS_S_ASYNC_FINISHED);
        HR(unexpose(bc, id), VSS_E_OBJECT_NOT_FOUND);
        const HRESULT code =
            expose(bc, id, rows[i].path, rows[i].attributes, rows[i].name, &exposed);
        if (code != rows[i].code) {
            fprintf(stderr, "row %u\n", (unsigned)i);
        }
        HR(code, rows[i].code);
        HR(IVssBackupComponents_GetSnapshotProperties(bc, id, &prop), S_OK);
        const LONG shown = prop.m_lSnapshotAttributes;
        if (FAILED(rows[i].code)) {
            CU_ASSERT_PTR_NULL(exposed);
            CU_ASSERT_PTR_NULL(prop.m_pwszExposedName);
            CU_ASSERT_EQUAL(shown & (LOCALLY | REMOTELY), 0);
        } else {
            CU_ASSERT_TRUE(rows[i].exposed[0] == L'*' || wcscmp(exposed, rows[i].exposed) == 0);
            CU_ASSERT_EQUAL(wcscmp(prop.m_pwszExposedName, exposed), 0);
            CU_ASSERT_EQUAL(prop.m_pwszExposedPath != NULL, rows[i].exposed_path != NULL);
            CU_ASSERT_TRUE(rows[i].exposed_path == NULL ||
                           wcscmp(prop.m_pwszExposedPath, rows[i].exposed_path) == 0);
            CU_ASSERT_EQUAL(shown & (LOCALLY | REMOTELY | VSS_VOLSNAP_ATTR_NOT_SURFACED),
                            rows[i].attributes);
            CoTaskMemFree(exposed);
            HR(expose(bc, id, NULL, REMOTELY, L"other", &exposed), VSS_E_BAD_STATE);
            HR(unexpose(bc, id), S_OK);
            HR(unexpose(bc, id), VSS_E_OBJECT_NOT_FOUND);
        }
        ref.free_properties(&prop);
        delete_set(bc, set, &deleted);
        HR(expose(bc, id, NULL, REMOTELY, L"share", &exposed), VSS_E_OBJECT_NOT_FOUND);
        end(bc);
    }
}

/* Two copies cannot have one name. */
static void test_exposed_twice(void)
{
    IVssBackupComponents *bc[2];
    VSS_ID set[2];
    VSS_ID id[2];
    WCHAR *exposed;
    LONG deleted;
    for (size_t i = 0; i < 2; i++) {
        bc[i] = new_with(VSS_CTX_NAS_ROLLBACK);
        HR(make(bc[i], L"D:\\", &set[i], &id[i]), VSS_S_ASYNC_FINISHED);
        HR(expose(bc[i], id[i], NULL, LOCALLY, L"x:", &exposed), i == 0 ? S_OK : E_INVALIDARG);
        CoTaskMemFree(exposed);
    }
    HR(delete_set(bc[1], set[0], &deleted), S_OK);
    HR(expose(bc[0], id[1], NULL, LOCALLY, L"X:", &exposed), S_OK);
    CoTaskMemFree(exposed);
    HR(delete_set(bc[1], set[1], &deleted), S_OK);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc[0]), 0);
    end(bc[1]);
}

/* The copies of a set go one after the other, until one does not. */
static void test_delete_part(void)
{
    IVssBackupComponents *bc = new_with(VSS_CTX_NAS_ROLLBACK);
    VSS_ID set;
    VSS_ID ids[3];
    VSS_ID failed;
    LONG deleted = 9;
    set_variable(L"VSSREF_EXTRA_VOLUMES", L"1");
    HR(IVssBackupComponents_StartSnapshotSet(bc, &set), S_OK);
    HR(add(bc, L"C:\\", GUID_NULL, &ids[0]), S_OK);
    HR(add(bc, L"D:\\", GUID_NULL, &ids[1]), S_OK);
    HR(add(bc, L"C:\\Mount\\001\\", GUID_NULL, &ids[2]), S_OK);
    HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED);
    HR(ref.fail(L"provider.DeleteSnapshot", VSS_E_PROVIDER_VETO, 1, 1), S_OK);
    HR(IVssBackupComponents_DeleteSnapshots(bc, set, VSS_OBJECT_SNAPSHOT_SET, FALSE, &deleted,
                                            &failed),
       VSS_E_PROVIDER_VETO);
    CU_ASSERT_EQUAL(deleted, 1);
    CU_ASSERT_TRUE(IsEqualGUID(&failed, &ids[1]));
    HR(ref.fail(L"provider.DeleteSnapshot", E_FAIL, 0, 1), S_OK);
    HR(IVssBackupComponents_DeleteSnapshots(bc, ids[2], VSS_OBJECT_SNAPSHOT, FALSE, &deleted,
                                            &failed),
       VSS_E_UNEXPECTED_PROVIDER_ERROR);
    CU_ASSERT_EQUAL(deleted, 0);
    CU_ASSERT_TRUE(IsEqualGUID(&failed, &ids[2]));
    VSS_SNAPSHOT_PROP prop;
    HR(IVssBackupComponents_GetSnapshotProperties(bc, ids[2], &prop), S_OK);
    CU_ASSERT_EQUAL(prop.m_lSnapshotsCount, 3); /* as it was made */
    ref.free_properties(&prop);
    HR(IVssBackupComponents_DeleteSnapshots(bc, set, VSS_OBJECT_SNAPSHOT_SET, TRUE, &deleted,
                                            &failed),
       S_OK);
    CU_ASSERT_EQUAL(deleted, 2);
    CU_ASSERT_TRUE(IsEqualGUID(&failed, &GUID_NULL));
    set_variable(L"VSSREF_EXTRA_VOLUMES", NULL);
    end(bc);
}

static HRESULT query_revert(IVssBackupComponents *bc, const WCHAR *volume, IVssAsync **async)
{
    WCHAR name[64];
    lstrcpynW(name, volume, 64);
    *async = NULL;
    return IVssBackupComponents_QueryRevertStatus(bc, name, async);
}

static void test_revert(void)
{
    static const struct {
        const WCHAR *edition;
        LONG context;
        const WCHAR *volume;
        BOOL force;
        HRESULT code;
    } rows[] = {
        {L"client", VSS_CTX_NAS_ROLLBACK, L"D:\\", TRUE, E_NOTIMPL},
        {L"server", VSS_CTX_FILE_SHARE_BACKUP, L"D:\\", TRUE, VSS_E_UNSUPPORTED_CONTEXT},
        {L"server", VSS_CTX_NAS_ROLLBACK, L"C:\\", TRUE, VSS_E_VOLUME_NOT_SUPPORTED},
        {L"server", VSS_CTX_NAS_ROLLBACK, L"D:\\", FALSE, VSS_E_VOLUME_IN_USE},
        {L"server", VSS_CTX_NAS_ROLLBACK, L"D:\\", TRUE, S_OK},
        {L"server", VSS_CTX_CLIENT_ACCESSIBLE, L"D:\\", TRUE, S_OK},
        {L"server", VSS_CTX_NAS_ROLLBACK, L"L:\\", FALSE, E_NOTIMPL}, /* its provider cannot */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        VSS_ID set;
        VSS_ID id;
        LONG deleted;
        use_example(NULL, rows[i].edition);
        IVssBackupComponents *bc = new_with(rows[i].context);
        HR(make(bc, rows[i].volume, &set, &id), VSS_S_ASYNC_FINISHED);
        const HRESULT code = IVssBackupComponents_RevertToSnapshot(bc, id, rows[i].force);
        if (code != rows[i].code) {
            fprintf(stderr, "row %u\n", (unsigned)i);
        }
        HR(code, rows[i].code);
        if (wcscmp(rows[i].edition, L"server") == 0) {
            HR(IVssBackupComponents_RevertToSnapshot(bc, set, TRUE), VSS_E_OBJECT_NOT_FOUND);
        }
        delete_set(bc, set, &deleted);
        end(bc);
    }
    use_built_in();
}

/* A revert that takes its time: one on a volume, followed by QueryRevertStatus, never cancelled. */
static void test_revert_status(void)
{
    static const HRESULT ends[][2] = {{S_OK, VSS_S_ASYNC_FINISHED},
                                      {VSS_E_PROVIDER_VETO, VSS_E_PROVIDER_VETO},
                                      {E_UNEXPECTED, E_FAIL}};
    set_variable(L"VSSREF_EDITION", L"server");
    for (size_t i = 0; i < COUNT(ends); i++) {
        IVssBackupComponents *bc = new_with(VSS_CTX_NAS_ROLLBACK);
        IVssAsync *async = (IVssAsync *)(void *)bc;
        IVssAsync *second;
        HRESULT status;
        VSS_ID set;
        VSS_ID id;
        LONG deleted;
        HR(make(bc, L"D:\\", &set, &id), VSS_S_ASYNC_FINISHED);
        HR(IVssBackupComponents_QueryRevertStatus(bc, NULL, &async), E_POINTER);
        CU_ASSERT_PTR_NULL(async);
        HR(query_revert(bc, L"D:", &async), E_INVALIDARG);
        HR(query_revert(bc, L"Q:\\", &async), VSS_E_OBJECT_NOT_FOUND);
        HR(query_revert(bc, L"E:\\", &async), VSS_E_VOLUME_NOT_SUPPORTED);
        HR(query_revert(bc, L"D:\\", &async), VSS_E_OBJECT_NOT_FOUND);
        HR(ref.hold(L"RevertToSnapshot.async"), S_OK);
        HR(IVssBackupComponents_RevertToSnapshot(bc, id, FALSE), S_OK);
        HR(IVssBackupComponents_RevertToSnapshot(bc, id, FALSE), VSS_E_REVERT_IN_PROGRESS);
        HR(query_revert(bc, L"d:\\", &async), S_OK);
        HR(query_revert(bc, L"D:\\", &second), S_OK);
        HR(IVssAsync_QueryStatus(async, &status, NULL), S_OK);
        HR(status, VSS_S_ASYNC_PENDING);
        HR(IVssAsync_Cancel(async), VSS_S_ASYNC_PENDING);
        HR(ref.fail(L"RevertToSnapshot.async", ends[i][0] == S_OK ? E_FAIL : ends[i][0], 0,
                    ends[i][0] != S_OK),
           S_OK);
        delete_set(bc, set, &deleted);
        CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0); /* the revert goes on */
        HR(ref.release(L"RevertToSnapshot.async"), S_OK);
        HR(ref_end(async), ends[i][1]);
        HR(ref_end(second), ends[i][1]);
        bc = ref_new(&ref);
        HR(query_revert(bc, L"D:\\", &async), VSS_E_OBJECT_NOT_FOUND);
        end(bc);
    }
    use_built_in();
}

static void test_paths(void)
{
    static const struct {
        const WCHAR *path;
        BOOL full;
        const WCHAR *root, *prefix; /* root NULL: not found */
    } rows[] = {
        {L"C:\\", FALSE, L"C:\\", L"\\\\?\\Volume{11111111-0000-4000-8000-000000000001}\\"},
        {L"c:\\users\\a.txt", TRUE, L"C:\\",
         L"\\\\?\\Volume{11111111-0000-4000-8000-000000000001}\\"},
        {L"C:\\Data\\a", FALSE, L"C:\\Data\\",
         L"\\\\?\\Volume{11111111-0000-4000-8000-000000000002}\\"},
        {L"C:\\Data", FALSE, L"C:\\Data\\",
         L"\\\\?\\Volume{11111111-0000-4000-8000-000000000002}\\"},
        {L"C:\\DataBase\\a", FALSE, L"C:\\",
         L"\\\\?\\Volume{11111111-0000-4000-8000-000000000001}\\"},
        {L"\\\\?\\Volume{11111111-0000-4000-8000-000000000003}\\a", FALSE,
         L"\\\\?\\Volume{11111111-0000-4000-8000-000000000003}\\",
         L"\\\\?\\Volume{11111111-0000-4000-8000-000000000003}\\"},
        {L"\\\\files\\share\\a", FALSE, L"\\\\files\\share\\", L"\\\\files\\share\\"},
        {L"\\\\files\\share", TRUE, L"\\\\files.example.test\\share\\", L"\\\\files\\share\\"},
        {L"\\\\FILES.example.test\\share\\a", FALSE, L"\\\\files\\share\\", L"\\\\files\\share\\"},
        {L"\\\\files.elsewhere.test\\share\\a", FALSE, NULL, NULL},
        {L"Q:\\a", FALSE, NULL, NULL},
        {L"a", FALSE, NULL, NULL},
        {L"", FALSE, NULL, NULL},
    };
    use_example(NULL, L"server");
    IVssBackupComponents *bc = ref_new(&ref);
    IVssBackupComponentsEx4 *ex = (IVssBackupComponentsEx4 *)(void *)bc;
    WCHAR *root = NULL;
    WCHAR *prefix = NULL;
    WCHAR path[160] = L"C:\\";
    HR(IVssBackupComponentsEx4_GetRootAndLogicalPrefixPaths(ex, NULL, &root, &prefix, FALSE),
       E_INVALIDARG);
    HR(IVssBackupComponentsEx4_GetRootAndLogicalPrefixPaths(ex, path, NULL, &prefix, FALSE),
       E_INVALIDARG);
    HR(IVssBackupComponentsEx4_GetRootAndLogicalPrefixPaths(ex, path, &root, NULL, FALSE),
       E_INVALIDARG);
    HR(ref_init(bc, NULL, false), S_OK);
    for (size_t i = 0; i < COUNT(rows); i++) {
        lstrcpynW(path, rows[i].path, 160);
        HR(IVssBackupComponentsEx4_GetRootAndLogicalPrefixPaths(ex, path, &root, &prefix,
                                                                rows[i].full),
           rows[i].root != NULL ? S_OK : VSS_E_OBJECT_NOT_FOUND);
        const bool right = rows[i].root == NULL ? root == NULL && prefix == NULL
                                                : wcscmp(root, rows[i].root) == 0 &&
                                                      wcscmp(prefix, rows[i].prefix) == 0;
        if (!right) {
            fprintf(stderr, "row %u: %ls %ls\n", (unsigned)i, root, prefix);
        }
        CU_ASSERT_TRUE(right);
        CoTaskMemFree(root);
        CoTaskMemFree(prefix);
    }
    end(bc);
    use_built_in();
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"exposed and taken back", test_expose},
        {"one name for two copies", test_exposed_twice},
        {"a set deleted in part", test_delete_part},
        {"results of a revert", test_revert},
        {"a revert under way", test_revert_status},
        {"paths", test_paths},
        CU_TEST_INFO_NULL,
    };
    ref = ref_load();
    return cu_run("reference: copies that are there", tests);
}
