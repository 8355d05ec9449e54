/* The reference clone: volumes, and shadow copies as Query, DeleteSnapshots and the enumerator have
 * them. */
#include "pe_reference.h"

static struct reference ref;
static WCHAR volume_fat[] = L"E:\\";
static WCHAR volume_c[] = L"C:\\";
static WCHAR volume_d[] = L"d:\\";
static const GUID system_provider = {
    0xb5946137, 0x7b9f, 0x4925, {0xaf, 0x80, 0x51, 0xab, 0xd6, 0x0b, 0x20, 0xd5}};

static void nothing_left(IVssBackupComponents *bc)
{
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    HR(ref_left(&ref), S_OK);
}

static void test_volumes(void)
{
    static WCHAR nowhere[] = L"Q:\\";
    static WCHAR unfinished[] = L"C:";
    static const GUID unknown = {1, 2, 3, {4}};
    IVssBackupComponents *bc = ref_new(&ref);
    VSS_ID set;
    VSS_ID id;
    BOOL supported = FALSE;
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_IsVolumeSupported(bc, GUID_NULL, volume_c, &supported), S_OK);
    CU_ASSERT_TRUE(supported);
    HR(IVssBackupComponents_IsVolumeSupported(bc, GUID_NULL, volume_fat, &supported), S_OK);
    CU_ASSERT_FALSE(supported);
    HR(IVssBackupComponents_IsVolumeSupported(bc, GUID_NULL, nowhere, &supported),
       VSS_E_OBJECT_NOT_FOUND);
    HR(IVssBackupComponents_IsVolumeSupported(bc, GUID_NULL, NULL, &supported), E_INVALIDARG);
    HR(IVssBackupComponents_StartSnapshotSet(bc, &set), S_OK);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, NULL, GUID_NULL, &id), E_INVALIDARG);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, volume_c, GUID_NULL, NULL), E_INVALIDARG);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, unfinished, GUID_NULL, &id), E_INVALIDARG);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, nowhere, GUID_NULL, &id), VSS_E_OBJECT_NOT_FOUND);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, volume_c, unknown, &id),
       VSS_E_PROVIDER_NOT_REGISTERED);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, volume_fat, GUID_NULL, &id),
       VSS_E_VOLUME_NOT_SUPPORTED);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, volume_fat, system_provider, &id),
       VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER);
    CU_ASSERT_TRUE(IsEqualGUID(&id, &GUID_NULL));
    HR(IVssBackupComponents_AddToSnapshotSet(bc, volume_c, GUID_NULL, &id), S_OK);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, volume_c, GUID_NULL, &id),
       VSS_E_OBJECT_ALREADY_EXISTS);
    nothing_left(bc);
}

/* Backup programs hand over the GUID path that the system has for C:\, which is none of the
 * machine's. */
static void test_system_names(void)
{
    IVssBackupComponents *bc = ref_new(&ref);
    WCHAR name[50];
    static WCHAR other[] = L"\\\\?\\Volume{00000000-1111-2222-3333-444444444444}\\";
    VSS_ID set;
    VSS_ID id;
    BOOL supported = FALSE;
    CU_ASSERT_FATAL(GetVolumeNameForVolumeMountPointW(volume_c, name, COUNT(name)));
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_IsVolumeSupported(bc, GUID_NULL, name, &supported), S_OK);
    CU_ASSERT_TRUE(supported);
    HR(IVssBackupComponents_IsVolumeSupported(bc, GUID_NULL, other, &supported),
       VSS_E_OBJECT_NOT_FOUND);
    HR(IVssBackupComponents_StartSnapshotSet(bc, &set), S_OK);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, name, GUID_NULL, &id), S_OK);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, volume_c, GUID_NULL, &id),
       VSS_E_OBJECT_ALREADY_EXISTS);
    nothing_left(bc);
}

static void test_volume_limit(void)
{
    IVssBackupComponents *bc = ref_new(&ref);
    VSS_ID set;
    VSS_ID id;
    SetEnvironmentVariableW(L"VSSREF_EXTRA_VOLUMES", L"65");
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_StartSnapshotSet(bc, &set), S_OK);
    for (int i = 1; i <= 65; i++) {
        WCHAR name[] = L"c:\\mount\\000\\";
        name[10] = (WCHAR)(L'0' + i / 10);
        name[11] = (WCHAR)(L'0' + i % 10);
        HR(IVssBackupComponents_AddToSnapshotSet(bc, name, GUID_NULL, &id),
           i <= 64 ? S_OK : VSS_E_MAXIMUM_NUMBER_OF_VOLUMES_REACHED);
    }
    SetEnvironmentVariableW(L"VSSREF_EXTRA_VOLUMES", NULL);
    nothing_left(bc);
}

/* Persistent copies outlive their object, other objects find and delete them. */
static void test_persistent(void)
{
    IVssBackupComponents *bc = ref_new(&ref);
    VSS_ID set;
    VSS_ID ids[2];
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_SetContext(bc, VSS_CTX_NAS_ROLLBACK), S_OK);
    HR(IVssBackupComponents_StartSnapshotSet(bc, &set), S_OK);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, volume_c, GUID_NULL, &ids[0]), S_OK);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, volume_d, GUID_NULL, &ids[1]), S_OK);
    HR(RUN(bc, DoSnapshotSet), VSS_S_ASYNC_FINISHED);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);

    bc = ref_new(&ref);
    IVssEnumObject *found = NULL;
    IVssEnumObject *copy = NULL;
    VSS_OBJECT_PROP objects[3];
    ULONG fetched = 9;
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_Query(bc, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &found),
       S_FALSE); /* the default context has none */
    CU_ASSERT_EQUAL(IVssEnumObject_Release(found), 0);
    HR(IVssBackupComponents_SetContext(bc, (LONG)VSS_CTX_ALL), S_OK);
    HR(IVssBackupComponents_Query(bc, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &found),
       S_OK);
    HR(IVssEnumObject_Next(found, 1, NULL, &fetched), E_POINTER);
    HR(IVssEnumObject_Next(found, 2, objects, NULL), E_POINTER);
    HR(IVssEnumObject_Clone(found, NULL), E_POINTER);
    HR(IVssEnumObject_Next(found, 3, objects, &fetched), S_FALSE);
    CU_ASSERT_EQUAL(fetched, 2);
    for (int i = 0; i < 2; i++) {
        CU_ASSERT_EQUAL(objects[i].Type, VSS_OBJECT_SNAPSHOT);
        CU_ASSERT_TRUE(IsEqualGUID(&objects[i].Obj.Snap.m_SnapshotId, &ids[i]));
        ref.free_properties(&objects[i].Obj.Snap);
    }
    HR(IVssEnumObject_Next(found, 1, objects, &fetched), S_FALSE);
    CU_ASSERT_EQUAL(fetched, 0);
    HR(IVssEnumObject_Next(found, 0, objects, &fetched), S_OK);
    HR(IVssEnumObject_Reset(found), S_OK);
    HR(IVssEnumObject_Skip(found, 1), S_OK);
    HR(IVssEnumObject_Clone(found, &copy), S_OK);
    HR(IVssEnumObject_Skip(found, 2), S_FALSE);
    HR(IVssEnumObject_Next(copy, 1, objects, NULL), S_OK);
    CU_ASSERT_TRUE(IsEqualGUID(&objects[0].Obj.Snap.m_SnapshotId, &ids[1]));
    ref.free_properties(&objects[0].Obj.Snap);
    CU_ASSERT_EQUAL(IVssEnumObject_Release(found), 0);
    CU_ASSERT_EQUAL(IVssEnumObject_Release(copy), 0);

    LONG deleted = 7;
    VSS_ID failed;
    HR(IVssBackupComponents_DeleteSnapshots(bc, ids[0], VSS_OBJECT_PROVIDER, TRUE, &deleted,
                                            &failed),
       E_INVALIDARG);
    HR(IVssBackupComponents_DeleteSnapshots(bc, ids[0], VSS_OBJECT_SNAPSHOT, TRUE, NULL, &failed),
       E_INVALIDARG);
    HR(IVssBackupComponents_DeleteSnapshots(bc, ids[0], VSS_OBJECT_SNAPSHOT, TRUE, &deleted,
                                            &failed),
       S_OK);
    CU_ASSERT_EQUAL(deleted, 1);
    CU_ASSERT_TRUE(IsEqualGUID(&failed, &GUID_NULL));
    HR(IVssBackupComponents_DeleteSnapshots(bc, ids[0], VSS_OBJECT_SNAPSHOT, TRUE, &deleted,
                                            &failed),
       VSS_E_OBJECT_NOT_FOUND);
    CU_ASSERT_EQUAL(deleted, 0);
    HR(IVssBackupComponents_DeleteSnapshots(bc, set, VSS_OBJECT_SNAPSHOT_SET, TRUE, &deleted,
                                            &failed),
       S_OK);
    CU_ASSERT_EQUAL(deleted, 1);
    nothing_left(bc);
}

static void test_query_arguments(void)
{
    static const GUID some = {1, 2, 3, {4}};
    IVssBackupComponents *bc = ref_new(&ref);
    IVssEnumObject *found = (IVssEnumObject *)(void *)bc;
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_Query(bc, some, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &found),
       E_INVALIDARG);
    CU_ASSERT_PTR_NULL(found);
    HR(IVssBackupComponents_Query(bc, GUID_NULL, VSS_OBJECT_SNAPSHOT, VSS_OBJECT_SNAPSHOT, &found),
       E_INVALIDARG);
    HR(IVssBackupComponents_Query(bc, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT_SET, &found),
       E_INVALIDARG);
    HR(IVssBackupComponents_Query(bc, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, NULL),
       E_INVALIDARG);
    VSS_OBJECT_PROP object;
    ULONG fetched = 0;
    HR(IVssBackupComponents_Query(bc, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_PROVIDER, &found),
       S_OK);
    HR(IVssEnumObject_Next(found, 1, &object, &fetched), S_OK);
    CU_ASSERT_EQUAL(object.Type, VSS_OBJECT_PROVIDER);
    CU_ASSERT_TRUE(IsEqualGUID(&object.Obj.Prov.m_ProviderId, &system_provider));
    CU_ASSERT_EQUAL(object.Obj.Prov.m_eProviderType, VSS_PROV_SYSTEM);
    CoTaskMemFree(object.Obj.Prov.m_pwszProviderName);
    CoTaskMemFree(object.Obj.Prov.m_pwszProviderVersion);
    CU_ASSERT_EQUAL(IVssEnumObject_Release(found), 0);
    nothing_left(bc);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"volumes", test_volumes},
        {"volumes by the system's names", test_system_names},
        {"64 volumes of a set", test_volume_limit},
        {"persistent copies", test_persistent},
        {"arguments of Query", test_query_arguments},
        CU_TEST_INFO_NULL,
    };
    ref = ref_load();
    return cu_run("reference: copies", tests);
}
