/* The reference clone: whole backups, contexts, interfaces, exported functions. */
#include "pe_reference.h"

static struct reference ref;
static WCHAR volume_c[] = L"C:\\";
static WCHAR volume_d[] = L"d:\\";
static const GUID system_provider = {
    0xb5946137, 0x7b9f, 0x4925, {0xaf, 0x80, 0x51, 0xab, 0xd6, 0x0b, 0x20, 0xd5}};

static void nothing_left(IVssBackupComponents *bc)
{
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    HR(ref_left(&ref), S_OK);
}

static void test_backup(void)
{
    IVssBackupComponents *bc = ref_new(&ref);
    VSS_ID set;
    VSS_ID first;
    VSS_ID second;
    UINT count = 7;
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_SetContext(bc, VSS_CTX_BACKUP), S_OK);
    HR(IVssBackupComponents_SetBackupState(bc, FALSE, TRUE, VSS_BT_COPY, FALSE), S_OK);
    HR(RUN(bc, GatherWriterMetadata), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponents_GetWriterMetadataCount(bc, &count), S_OK);
    CU_ASSERT_EQUAL(count, 0);
    HR(IVssBackupComponents_FreeWriterMetadata(bc), S_OK);
    HR(IVssBackupComponents_StartSnapshotSet(bc, &set), S_OK);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, volume_c, GUID_NULL, &first), S_OK);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, volume_d, system_provider, &second), S_OK);
    CU_ASSERT_FALSE(IsEqualGUID(&first, &second));
    HR(RUN(bc, PrepareForBackup), VSS_S_ASYNC_FINISHED);
    HR(RUN(bc, GatherWriterStatus), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponents_GetWriterStatusCount(bc, &count), S_OK);
    CU_ASSERT_EQUAL(count, 0);
    HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED);

    VSS_SNAPSHOT_PROP prop;
    HR(IVssBackupComponents_GetSnapshotProperties(bc, second, &prop), S_OK);
    CU_ASSERT_TRUE(IsEqualGUID(&prop.m_SnapshotId, &second));
    CU_ASSERT_TRUE(IsEqualGUID(&prop.m_SnapshotSetId, &set));
    CU_ASSERT_EQUAL(prop.m_lSnapshotsCount, 2);
    CU_ASSERT_EQUAL(prop.m_eStatus, VSS_SS_CREATED);
    CU_ASSERT_TRUE(IsEqualGUID(&prop.m_ProviderId, &system_provider));
    CU_ASSERT_TRUE(prop.m_tsCreationTimestamp > 0);
    CU_ASSERT_EQUAL(wcsncmp(prop.m_pwszSnapshotDeviceObject,
                            L"\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy", 46),
                    0);
    CU_ASSERT_EQUAL(wcsncmp(prop.m_pwszOriginalVolumeName, L"\\\\?\\Volume{", 11), 0);
    CU_ASSERT_PTR_NULL(prop.m_pwszExposedName);
    ref.free_properties(&prop);
    CU_ASSERT_PTR_NULL(prop.m_pwszSnapshotDeviceObject);

    BOOL present = FALSE;
    LONG capability = 5;
    HR(ref.is_snapshotted(volume_c, &present, &capability), S_OK);
    CU_ASSERT_TRUE(present);
    CU_ASSERT_EQUAL(capability, 0);
    HR(RUN(bc, BackupComplete), VSS_S_ASYNC_FINISHED);
    HR(RUN(bc, BackupComplete), VSS_E_BAD_STATE);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    HR(ref.is_snapshotted(volume_c, &present, &capability), S_OK);
    CU_ASSERT_FALSE(present);
    HR(ref_left(&ref), S_OK);
}

/* wimlib's order: no metadata, no context, no BackupComplete. */
static void test_backup_without_metadata(void)
{
    IVssBackupComponents *bc = ref_new(&ref);
    VSS_ID set;
    VSS_ID id;
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_SetBackupState(bc, FALSE, TRUE, VSS_BT_COPY, FALSE), S_OK);
    HR(IVssBackupComponents_StartSnapshotSet(bc, &set), S_OK);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, volume_c, GUID_NULL, &id), S_OK);
    HR(RUN(bc, DoSnapshotSet), VSS_E_BAD_STATE);
    HR(RUN(bc, PrepareForBackup), VSS_S_ASYNC_FINISHED);
    HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED);
    nothing_left(bc);
}

static void test_prepare_needs_backup_state(void)
{
    IVssBackupComponents *bc = ref_new(&ref);
    VSS_ID set;
    HR(ref_init(bc, NULL, false), S_OK);
    HR(RUN(bc, GatherWriterMetadata), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponents_StartSnapshotSet(bc, &set), S_OK);
    HR(RUN(bc, PrepareForBackup), VSS_E_BAD_STATE);
    HR(IVssBackupComponents_SetBackupState(bc, TRUE, TRUE, VSS_BT_FULL, FALSE), S_OK);
    HR(RUN(bc, PrepareForBackup), VSS_S_ASYNC_FINISHED);
    HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED); /* a set may be empty */
    nothing_left(bc);
}

static void test_without_writers(void)
{
    IVssBackupComponents *bc = ref_new(&ref);
    VSS_ID set;
    VSS_ID id;
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_SetContext(bc, VSS_CTX_FILE_SHARE_BACKUP), S_OK);
    HR(IVssBackupComponents_SetContext(bc, VSS_CTX_BACKUP), VSS_E_BAD_STATE);
    HR(IVssBackupComponents_SetBackupState(bc, TRUE, TRUE, VSS_BT_FULL, FALSE), S_OK);
    HR(IVssBackupComponents_StartSnapshotSet(bc, &set), S_OK);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, volume_c, GUID_NULL, &id), S_OK);
    HR(RUN(bc, PrepareForBackup), VSS_E_BAD_STATE);
    HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED);
    HR(RUN(bc, BackupComplete), VSS_E_BAD_STATE);
    nothing_left(bc);
}

static void test_context_all_makes_nothing(void)
{
    IVssBackupComponents *bc = ref_new(&ref);
    VSS_ID set;
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_SetContext(bc, (LONG)VSS_CTX_ALL), S_OK);
    HR(IVssBackupComponents_StartSnapshotSet(bc, &set), VSS_E_BAD_STATE);
    CU_ASSERT_TRUE(IsEqualGUID(&set, &GUID_NULL));
    nothing_left(bc);
}

static void test_context_values(void)
{
    static const struct {
        LONG context;
        HRESULT code;
    } rows[] = {
        {VSS_CTX_BACKUP, S_OK},
        {VSS_CTX_APP_ROLLBACK, S_OK},
        {VSS_CTX_NAS_ROLLBACK, S_OK},
        {VSS_CTX_CLIENT_ACCESSIBLE, S_OK},
        {VSS_CTX_CLIENT_ACCESSIBLE_WRITERS, S_OK},
        {VSS_CTX_BACKUP | VSS_VOLSNAP_ATTR_DIFFERENTIAL, S_OK},
        {VSS_CTX_APP_ROLLBACK | VSS_VOLSNAP_ATTR_NO_AUTORECOVERY | VSS_VOLSNAP_ATTR_TXF_RECOVERY,
         S_OK},
        {VSS_CTX_BACKUP | VSS_VOLSNAP_ATTR_TRANSPORTABLE, VSS_E_UNSUPPORTED_CONTEXT},
        {VSS_CTX_BACKUP | VSS_VOLSNAP_ATTR_DIFFERENTIAL | VSS_VOLSNAP_ATTR_PLEX, E_INVALIDARG},
        {VSS_CTX_CLIENT_ACCESSIBLE | VSS_VOLSNAP_ATTR_DIFFERENTIAL, E_INVALIDARG},
        {VSS_VOLSNAP_ATTR_PERSISTENT, E_INVALIDARG},
        {VSS_CTX_BACKUP | VSS_VOLSNAP_ATTR_IMPORTED, E_INVALIDARG},
        {0x100, E_INVALIDARG},
        {(LONG)0x80000000, E_INVALIDARG},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        IVssBackupComponents *bc = ref_new(&ref);
        HR(IVssBackupComponents_SetContext(bc, VSS_CTX_BACKUP), VSS_E_BAD_STATE);
        HR(ref_init(bc, NULL, false), S_OK);
        HR(IVssBackupComponents_SetContext(bc, rows[i].context), rows[i].code);
        /* A refused context does not use up the one call. */
        HR(IVssBackupComponents_SetContext(bc, VSS_CTX_BACKUP),
           SUCCEEDED(rows[i].code) ? VSS_E_BAD_STATE : S_OK);
        CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    }
    HR(ref_left(&ref), S_OK);
}

static void test_interfaces(void)
{
    static const struct {
        const IID *iid;
        const WCHAR *since;
        const WCHAR *before;
    } rows[] = {
        {&IID_IUnknown, L"5.1", NULL},
        {&IID_IVssBackupComponents, L"5.1", NULL},
        {&IID_IVssBackupComponentsEx, L"5.2", L"5.1"},
        {&IID_IVssBackupComponentsEx2, L"6.0", L"5.2"},
        {&IID_IVssBackupComponentsEx3, L"6.1", L"6.0"},
        {&IID_IVssBackupComponentsEx4, L"6.2", L"6.1"},
    };
    IVssBackupComponents *bc = ref_new(&ref);
    for (size_t i = 0; i < COUNT(rows); i++) {
        void *other = NULL;
        HR(IVssBackupComponents_QueryInterface(bc, rows[i].iid, &other), S_OK);
        CU_ASSERT_PTR_EQUAL(other, bc);
        CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 1);
        SetEnvironmentVariableW(L"VSSREF_WINDOWS", rows[i].since);
        HR(IVssBackupComponents_QueryInterface(bc, rows[i].iid, &other), S_OK);
        CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 1);
        if (rows[i].before != NULL) {
            SetEnvironmentVariableW(L"VSSREF_WINDOWS", rows[i].before);
            HR(IVssBackupComponents_QueryInterface(bc, rows[i].iid, &other), E_NOINTERFACE);
            CU_ASSERT_PTR_NULL(other);
        }
        SetEnvironmentVariableW(L"VSSREF_WINDOWS", NULL);
    }
    void *other = bc;
    HR(IVssBackupComponents_QueryInterface(bc, &IID_IDispatch, &other), E_NOINTERFACE);
    CU_ASSERT_PTR_NULL(other);
    HR(IVssBackupComponents_QueryInterface(bc, &IID_IUnknown, NULL), E_POINTER);
    CU_ASSERT_EQUAL(IVssBackupComponents_AddRef(bc), 2);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 1);
    nothing_left(bc);
}

static void test_functions(void)
{
    static WCHAR nowhere[] = L"Q:\\";
    static WCHAR unfinished[] = L"C:";
    BOOL present = TRUE;
    LONG capability = 1;
    bool block = true;
    HR(ref.create(NULL), E_INVALIDARG);
    HR(ref.is_snapshotted(NULL, &present, &capability), E_INVALIDARG);
    CU_ASSERT_FALSE(present);
    HR(ref.is_snapshotted(volume_c, NULL, &capability), E_INVALIDARG);
    HR(ref.is_snapshotted(volume_c, &present, NULL), E_INVALIDARG);
    HR(ref.is_snapshotted(unfinished, &present, &capability), E_INVALIDARG);
    HR(ref.is_snapshotted(nowhere, &present, &capability), VSS_E_OBJECT_NOT_FOUND);
    HR(ref.should_block(NULL, &block), E_INVALIDARG);
    HR(ref.should_block(volume_c, NULL), E_INVALIDARG);
    block = true;
    HR(ref.should_block(volume_c, &block), S_OK);
    CU_ASSERT_FALSE(block);
    ref.free_properties(NULL);
#ifdef _WIN64
    const char *decorated = "?CreateVssBackupComponents@@YAJPEAPEAVIVssBackupComponents@@@Z";
#else
    const char *decorated = "?CreateVssBackupComponents@@YGJPAPAVIVssBackupComponents@@@Z";
#endif
    CU_ASSERT_PTR_EQUAL((void *)ref_export(ref.module, decorated), (void *)ref.create);
    CU_ASSERT_PTR_EQUAL((void *)ref_export(ref.module, "IsVolumeSnapshottedInternal"),
                        (void *)ref.is_snapshotted);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"a whole backup", test_backup},
        {"a backup without metadata", test_backup_without_metadata},
        {"PrepareForBackup needs a backup state", test_prepare_needs_backup_state},
        {"a context without writers", test_without_writers},
        {"VSS_CTX_ALL makes no copies", test_context_all_makes_nothing},
        {"values of SetContext", test_context_values},
        {"interfaces and versions", test_interfaces},
        {"exported functions", test_functions},
        CU_TEST_INFO_NULL,
    };
    ref = ref_load();
    return cu_run("reference: sessions", tests);
}
