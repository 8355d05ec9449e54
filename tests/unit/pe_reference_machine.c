/* The reference clone on a described machine: the file, volumes, limits, room, providers and their
 * test points. */
#include "pe_reference_machine.h"

static const WCHAR file_name[] = L"pe_reference_machine.json";

static void write_file(const char *text)
{
    FILE *file = _wfopen(file_name, L"wb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_TRUE(fputs(text, file) >= 0);
    CU_ASSERT_EQUAL(fclose(file), 0);
}

#define HEAD "{\"format\": 1, \"kind\": \"machine\", "
#define VOLUME "{\"name\": \"\\\\\\\\?\\\\Volume{1}\\\\\""

static void test_bad_files(void)
{
    static const char *const texts[] = {
        "",
        "{",
        "[]",
        "{}",
        "{\"format\": 2, \"kind\": \"machine\", \"volumes\": []}",
        "{\"format\": 1, \"kind\": \"profile\", \"volumes\": []}",
        HEAD "\"volumes\": {}}",
        HEAD "\"volumes\": [], \"else\": 1}",
        HEAD "\"volumes\": [], \"device\": \"C:\\\\snapshots\"}",
        HEAD "\"volumes\": [], \"volumes-per-set\": 65}",
        HEAD "\"volumes\": [{}]}",
        HEAD "\"volumes\": [{\"name\": 1}]}",
        HEAD "\"volumes\": [{\"name\": \"C:\"}]}",
        HEAD "\"volumes\": [" VOLUME "}, " VOLUME "}]}",
        HEAD "\"volumes\": [" VOLUME ", \"mounts\": [\"C:\"]}]}",
        HEAD "\"volumes\": [" VOLUME ", \"copies\": -1}]}",
        HEAD "\"volumes\": [" VOLUME ", \"system\": 1}]}",
        HEAD "\"volumes\": [" VOLUME ", \"medium\": \"tape\"}]}",
        HEAD "\"volumes\": [" VOLUME ", \"disabled\": [\"all\"]}]}",
        HEAD "\"volumes\": [" VOLUME ", \"host\": \"Q:\\\\\"}]}",
        HEAD "\"volumes\": [], \"providers\": [{\"id\": \"1\", \"name\": \"x\", \"type\": "
             "\"hardware\", \"volumes\": []}]}",
        HEAD "\"volumes\": [], \"providers\": [{\"id\": \"b5946137-7b9f-4925-af80-51abd60b20d5\", "
             "\"name\": \"x\", \"type\": \"hardware\", \"volumes\": []}]}",
        HEAD "\"volumes\": [], \"providers\": [{\"id\": \"11111111-7b9f-4925-af80-51abd60b20d5\", "
             "\"name\": \"x\", \"type\": \"hardware\", \"volumes\": [\"Q:\\\\\"]}]}",
    };
    static const struct {
        const WCHAR *windows;
        HRESULT code;
    } versions[] = {{L"6.0", E_UNEXPECTED}, {L"10.0.19045", VSS_E_UNEXPECTED}};
    set_variable(L"VSSREF_MACHINE", file_name);
    for (size_t i = 0; i < COUNT(versions); i++) {
        set_variable(L"VSSREF_WINDOWS", versions[i].windows);
        for (size_t j = 0; j < COUNT(texts); j++) {
            IVssBackupComponents *bc = (IVssBackupComponents *)(void *)&ref;
            BOOL present;
            LONG capability;
            WCHAR volume[] = L"C:\\";
            write_file(texts[j]);
            const HRESULT code = ref.create(&bc);
            if (code != versions[i].code) {
                fprintf(stderr, "%s\n", texts[j]);
            }
            HR(code, versions[i].code);
            CU_ASSERT_PTR_NULL(bc);
            HR(ref.is_snapshotted(volume, &present, &capability), versions[i].code);
        }
        CU_ASSERT_TRUE(DeleteFileW(file_name));
        IVssBackupComponents *bc;
        HR(ref.create(&bc), versions[i].code); /* no file at all */
    }
    use_built_in();
    HR(ref_left(&ref), S_OK);
}

/* Where memory runs out while the file is read, the factory says so and keeps nothing. */
static void test_file_without_memory(void)
{
    use_example(NULL, L"server");
    HRESULT code = E_OUTOFMEMORY;
    ULONG skip = 0;
    for (; code == E_OUTOFMEMORY && skip < 5000; skip++) {
        IVssBackupComponents *bc = NULL;
        HR(ref.fail(L"alloc", S_OK, skip, 1), S_OK);
        code = ref.create(&bc);
        if (bc != NULL) {
            CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
        }
        HR(ref_left(&ref), S_OK);
    }
    HR(code, S_OK);
    fprintf(stderr, "%lu allocations\n", skip - 1);
    CU_ASSERT_TRUE(skip > 50);
    use_built_in();
}

static void test_support(void)
{
    static const struct {
        const WCHAR *windows, *edition, *volume;
        const GUID *provider;
        HRESULT code;
        BOOL supported;
    } rows[] = {
        {NULL, L"server", L"C:\\", &GUID_NULL, S_OK, TRUE},
        {NULL, L"server", L"c:\\data\\", &GUID_NULL, S_OK, TRUE},
        {NULL, L"server", L"C:\\Data\\", &provider_mirror, S_OK, FALSE},
        {NULL, L"server", L"E:\\", &provider_mirror, S_OK, TRUE},
        {NULL, L"server", L"F:\\", &GUID_NULL, S_OK, TRUE},
        {NULL, L"server", L"G:\\", &GUID_NULL, S_OK, FALSE},
        {NULL, L"server", L"V:\\", &GUID_NULL, S_OK, TRUE},
        {L"6.0", L"server", L"V:\\", &GUID_NULL, S_OK, FALSE},
        {NULL, L"server", L"W:\\", &GUID_NULL, VSS_E_NESTED_VOLUME_LIMIT, FALSE},
        {L"6.0", L"server", L"W:\\", &GUID_NULL, S_OK, FALSE},
        {NULL, L"server", L"M:\\", &provider_system, S_OK, FALSE},
        {NULL, L"server", L"M:\\", &provider_array, S_OK, TRUE},
        {NULL, L"client", L"M:\\", &GUID_NULL, S_OK, FALSE},
        {NULL, L"server", L"\\\\files\\share\\", &GUID_NULL, S_OK, TRUE},
        {L"6.1", L"server", L"\\\\files\\share\\", &GUID_NULL, S_OK, FALSE},
        {NULL, L"server", L"\\\\files\\other\\", &GUID_NULL, VSS_E_OBJECT_NOT_FOUND, FALSE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        use_example(rows[i].windows, rows[i].edition);
        IVssBackupComponents *bc = ref_new(&ref);
        WCHAR name[64];
        BOOL supported = 2;
        lstrcpynW(name, rows[i].volume, 64);
        HR(ref_init(bc, NULL, false), S_OK);
        HR(IVssBackupComponents_IsVolumeSupported(bc, *rows[i].provider, name, &supported),
           rows[i].code);
        if (supported != rows[i].supported) {
            fprintf(stderr, "row %u\n", (unsigned)i);
        }
        CU_ASSERT_EQUAL(supported, rows[i].supported);
        end(bc);
    }
    use_built_in();
}

/* What AddToSnapshotSet says to one volume, and to a second one behind D:\. */
static void test_add(void)
{
    static const struct {
        LONG context;
        const WCHAR *volume;
        const GUID *provider;
        HRESULT code;
    } rows[] = {
        {VSS_CTX_BACKUP, L"C:\\", &GUID_NULL, S_OK},
        {VSS_CTX_BACKUP, L"C:", &GUID_NULL, E_INVALIDARG},
        {VSS_CTX_BACKUP, L"Q:\\", &GUID_NULL, VSS_E_OBJECT_NOT_FOUND},
        {VSS_CTX_BACKUP, L"C:\\", &GUID_NULL, S_OK},
        {VSS_CTX_BACKUP, L"C:\\", &provider_array, VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER},
        {VSS_CTX_BACKUP, L"C:\\Data\\", &GUID_NULL, VSS_E_OBJECT_ALREADY_EXISTS},
        {VSS_CTX_BACKUP, L"F:\\", &GUID_NULL, S_OK},
        {VSS_CTX_NAS_ROLLBACK, L"F:\\", &GUID_NULL, VSS_E_VOLUME_NOT_SUPPORTED},
        {VSS_CTX_NAS_ROLLBACK, L"F:\\", &provider_system, VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER},
        {VSS_CTX_BACKUP, L"G:\\", &GUID_NULL, VSS_E_VOLUME_NOT_SUPPORTED},
        {VSS_CTX_BACKUP, L"V:\\", &GUID_NULL, VSS_E_NESTED_VOLUME_LIMIT}, /* its host is D: */
        {VSS_CTX_BACKUP, L"W:\\", &GUID_NULL, VSS_E_NESTED_VOLUME_LIMIT},
        {VSS_CTX_BACKUP | VSS_VOLSNAP_ATTR_PLEX, L"E:\\", &GUID_NULL, S_OK},
        {VSS_CTX_BACKUP | VSS_VOLSNAP_ATTR_PLEX, L"C:\\", &GUID_NULL, VSS_E_VOLUME_NOT_SUPPORTED},
        {VSS_CTX_BACKUP | VSS_VOLSNAP_ATTR_TRANSPORTABLE, L"L:\\", &GUID_NULL, S_OK},
        {VSS_CTX_BACKUP | VSS_VOLSNAP_ATTR_TRANSPORTABLE, L"E:\\", &GUID_NULL,
         VSS_E_VOLUME_NOT_SUPPORTED},
        {VSS_CTX_CLIENT_ACCESSIBLE, L"L:\\", &provider_array,
         VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER},
        {VSS_CTX_BACKUP, L"\\\\files\\share\\", &GUID_NULL, S_OK},
        {VSS_CTX_BACKUP, L"\\\\files\\share\\", &provider_shares, S_OK},
    };
    use_example(NULL, L"server");
    for (size_t i = 0; i < COUNT(rows); i++) {
        IVssBackupComponents *bc = new_with(rows[i].context);
        VSS_ID set;
        VSS_ID id;
        HR(IVssBackupComponents_StartSnapshotSet(bc, &set), S_OK);
        if (rows[i].context == VSS_CTX_BACKUP) {
            HR(add(bc, L"D:\\", GUID_NULL, &id), S_OK);
        }
        const HRESULT code = add(bc, rows[i].volume, *rows[i].provider, &id);
        if (code != rows[i].code) {
            fprintf(stderr, "row %u\n", (unsigned)i);
        }
        HR(code, rows[i].code);
        CU_ASSERT_EQUAL(IsEqualGUID(&id, &GUID_NULL), FAILED(rows[i].code));
        end(bc);
    }
    use_built_in();
}

static void test_limits(void)
{
    use_example(NULL, L"server");
    IVssBackupComponents *copies[3];
    VSS_ID set;
    VSS_ID id;
    for (size_t i = 0; i < COUNT(copies); i++) {
        copies[i] = new_with(VSS_CTX_FILE_SHARE_BACKUP);
    }
    HR(make(copies[0], L"F:\\", &set, &id), VSS_S_ASYNC_FINISHED);
    HR(IVssBackupComponents_StartSnapshotSet(copies[1], &set), S_OK);
    HR(add(copies[1], L"F:\\", GUID_NULL, &id), VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED);
    HR(IVssBackupComponents_AbortBackup(copies[1]), S_OK);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(copies[1]), 0);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(copies[0]), 0);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(copies[2]), 0);

    /* There is room for two copies of E: lack of it shows in the operation (FE029), and makes
     * nothing. */
    for (size_t i = 0; i < COUNT(copies); i++) {
        copies[i] = new_with(VSS_CTX_FILE_SHARE_BACKUP);
        HR(make(copies[i], L"E:\\", &set, &id),
           i < 2 ? VSS_S_ASYNC_FINISHED : VSS_E_INSUFFICIENT_STORAGE);
    }
    VSS_SNAPSHOT_PROP prop;
    HR(IVssBackupComponents_GetSnapshotProperties(copies[2], id, &prop), VSS_E_OBJECT_NOT_FOUND);
    for (size_t i = 0; i < COUNT(copies); i++) {
        CU_ASSERT_EQUAL(IVssBackupComponents_Release(copies[i]), 0);
    }
    HR(ref_left(&ref), S_OK);
    use_built_in();
}

static void test_properties(void)
{
    static const struct {
        const WCHAR *volume;
        const GUID *provider;
        LONG has, has_not;
    } rows[] = {
        {L"C:\\", &provider_system, VSS_VOLSNAP_ATTR_DIFFERENTIAL | VSS_VOLSNAP_ATTR_NOT_SURFACED,
         VSS_VOLSNAP_ATTR_HARDWARE_ASSISTED | VSS_VOLSNAP_ATTR_PLEX | VSS_VOLSNAP_ATTR_AUTORECOVER},
        {L"E:\\", &provider_mirror, VSS_VOLSNAP_ATTR_PLEX, VSS_VOLSNAP_ATTR_DIFFERENTIAL},
        {L"L:\\", &provider_array,
         VSS_VOLSNAP_ATTR_HARDWARE_ASSISTED | VSS_VOLSNAP_ATTR_DIFFERENTIAL, VSS_VOLSNAP_ATTR_PLEX},
        {L"\\\\files\\share\\", &provider_shares, VSS_VOLSNAP_ATTR_FILE_SHARE,
         VSS_VOLSNAP_ATTR_HARDWARE_ASSISTED},
    };
    use_example(NULL, L"server");
    for (size_t i = 0; i < COUNT(rows); i++) {
        IVssBackupComponents *bc = new_with(VSS_CTX_FILE_SHARE_BACKUP);
        VSS_ID set;
        VSS_ID id;
        VSS_SNAPSHOT_PROP prop;
        HR(make(bc, rows[i].volume, &set, &id), VSS_S_ASYNC_FINISHED);
        HR(IVssBackupComponents_GetSnapshotProperties(bc, id, &prop), S_OK);
        CU_ASSERT_TRUE(IsEqualGUID(&prop.m_ProviderId, rows[i].provider));
        CU_ASSERT_EQUAL(prop.m_lSnapshotAttributes & rows[i].has, rows[i].has);
        CU_ASSERT_EQUAL(prop.m_lSnapshotAttributes & rows[i].has_not, 0);
        CU_ASSERT_EQUAL(wcscmp(prop.m_pwszOriginatingMachine, L"BACKUP1"), 0);
        CU_ASSERT_EQUAL(wcsncmp(prop.m_pwszSnapshotDeviceObject, L"C:\\snapshots\\", 13), 0);
        CU_ASSERT_TRUE(_wtoi(prop.m_pwszSnapshotDeviceObject + 13) > 0);
        ref.free_properties(&prop);
        BOOL present = FALSE;
        LONG capability = 0;
        WCHAR volume[] = L"C:\\";
        HR(ref.is_snapshotted(volume, &present, &capability), S_OK);
        CU_ASSERT_EQUAL(present, i == 0);
        CU_ASSERT_EQUAL(capability,
                        i == 0 ? VSS_SC_DISABLE_DEFRAG | VSS_SC_DISABLE_CONTENTINDEX : 0);
        end(bc);
    }
    bool block = false;
    HR(ref.should_block(L"L:\\", &block), S_OK);
    CU_ASSERT_TRUE(block);
    HR(ref.should_block(L"C:\\", &block), S_OK);
    CU_ASSERT_FALSE(block);
    use_built_in();
}

static unsigned count_providers(void)
{
    IVssBackupComponents *bc = ref_new(&ref);
    IVssEnumObject *found = NULL;
    VSS_OBJECT_PROP object;
    unsigned count = 0;
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_Query(bc, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_PROVIDER, &found),
       S_OK);
    while (IVssEnumObject_Next(found, 1, &object, NULL) == S_OK) {
        CoTaskMemFree(object.Obj.Prov.m_pwszProviderName);
        CoTaskMemFree(object.Obj.Prov.m_pwszProviderVersion);
        count++;
    }
    CU_ASSERT_EQUAL(IVssEnumObject_Release(found), 0);
    end(bc);
    return count;
}

/* Hardware providers run on server editions only. */
static void test_providers(void)
{
    use_example(NULL, L"server");
    CU_ASSERT_EQUAL(count_providers(), 4);
    use_example(NULL, L"client");
    CU_ASSERT_EQUAL(count_providers(), 3);
    use_built_in();
    CU_ASSERT_EQUAL(count_providers(), 1);
}

/* What comes out of DoSnapshotSet where a provider gives a code in a stage. */
static void test_provider_codes(void)
{
    static const struct {
        const WCHAR *windows;
        HRESULT given, told;
    } rows[] = {
        {NULL, VSS_E_PROVIDER_VETO, VSS_E_PROVIDER_VETO},
        {NULL, VSS_E_INSUFFICIENT_STORAGE, VSS_E_INSUFFICIENT_STORAGE},
        {NULL, VSS_E_FLUSH_WRITES_TIMEOUT, VSS_E_FLUSH_WRITES_TIMEOUT},
        {NULL, VSS_E_HOLD_WRITES_TIMEOUT, VSS_E_HOLD_WRITES_TIMEOUT},
        {NULL, VSS_E_UNEXPECTED_PROVIDER_ERROR, VSS_E_UNEXPECTED_PROVIDER_ERROR},
        {NULL, E_FAIL, VSS_E_UNEXPECTED_PROVIDER_ERROR},
        {NULL, E_UNEXPECTED, VSS_E_UNEXPECTED_PROVIDER_ERROR},
        {NULL, VSS_E_UNEXPECTED, VSS_E_UNEXPECTED_PROVIDER_ERROR},
        {NULL, VSS_E_REBOOT_REQUIRED, VSS_E_REBOOT_REQUIRED},
        {L"5.2", VSS_E_REBOOT_REQUIRED, VSS_E_UNEXPECTED_PROVIDER_ERROR},
        {NULL, VSS_E_TRANSACTION_FREEZE_TIMEOUT, VSS_E_TRANSACTION_FREEZE_TIMEOUT},
        {NULL, VSS_E_TRANSACTION_THAW_TIMEOUT, VSS_E_TRANSACTION_THAW_TIMEOUT},
        {L"5.2", VSS_E_TRANSACTION_THAW_TIMEOUT, VSS_E_UNEXPECTED_PROVIDER_ERROR},
        {NULL, VSS_E_NESTED_VOLUME_LIMIT, VSS_E_NESTED_VOLUME_LIMIT},
        {L"6.0", VSS_E_NESTED_VOLUME_LIMIT, VSS_E_UNEXPECTED_PROVIDER_ERROR},
    };
    static const WCHAR *const stages[] = {L"EndPrepare", L"PreCommit",      L"Commit",
                                          L"PostCommit", L"PreFinalCommit", L"PostFinalCommit"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        WCHAR point[64];
        VSS_ID set;
        VSS_ID id;
        VSS_SNAPSHOT_PROP prop;
        swprintf(point, 64, L"provider.%ls", stages[i % COUNT(stages)]);
        set_variable(L"VSSREF_WINDOWS", rows[i].windows);
        IVssBackupComponents *bc = new_with(VSS_CTX_FILE_SHARE_BACKUP);
        HR(ref.fail(point, rows[i].given, 0, 1), S_OK);
        HR(make(bc, L"C:\\", &set, &id), rows[i].told);
        HR(IVssBackupComponents_GetSnapshotProperties(bc, id, &prop), VSS_E_OBJECT_NOT_FOUND);
        end(bc);
    }
    use_built_in();
    /* Who does without transactions does not hear of them. */
    IVssBackupComponents *bc =
        new_with(VSS_CTX_FILE_SHARE_BACKUP | VSS_VOLSNAP_ATTR_NOT_TRANSACTED);
    VSS_ID set;
    VSS_ID id;
    HR(ref.fail(L"provider.PreCommit", VSS_E_TRANSACTION_FREEZE_TIMEOUT, 0, 1), S_OK);
    HR(make(bc, L"C:\\", &set, &id), VSS_S_ASYNC_FINISHED);
    end(bc);
}

/* A stage is held: the operation is pending, and a cancel ends it. */
static void test_held_stage(void)
{
    IVssBackupComponents *bc = new_with(VSS_CTX_FILE_SHARE_BACKUP);
    VSS_ID set;
    VSS_ID id;
    IVssAsync *async = NULL;
    HRESULT status = E_FAIL;
    HR(ref.hold(L"provider.BeginPrepare"), E_INVALIDARG);
    HR(ref.hold(L"provider.Query"), E_INVALIDARG);
    HR(ref.hold(L"provider.Commit"), S_OK);
    HR(IVssBackupComponents_StartSnapshotSet(bc, &set), S_OK);
    HR(add(bc, L"C:\\", GUID_NULL, &id), S_OK);
    HR(IVssBackupComponents_DoSnapshotSet(bc, &async), S_OK);
    HR(IVssAsync_Wait(async, 20), S_OK);
    HR(IVssAsync_QueryStatus(async, &status, NULL), S_OK);
    HR(status, VSS_S_ASYNC_PENDING);
    HR(IVssAsync_Cancel(async), S_OK);
    HR(ref_end(async), VSS_S_ASYNC_CANCELLED);
    end(bc);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"bad descriptions", test_bad_files},
        {"a description without memory", test_file_without_memory},
        {"supported volumes", test_support},
        {"what goes into a set", test_add},
        {"limits and room", test_limits},
        {"properties of copies", test_properties},
        {"providers of editions", test_providers},
        {"codes of providers", test_provider_codes},
        {"a stage is held", test_held_stage},
        CU_TEST_INFO_NULL,
    };
    ref = ref_load();
    return cu_run("reference: machine", tests);
}
