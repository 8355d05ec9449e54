/* The reference clone: what people saw on real Windows, played again. Each record of evidence is
 * either a sequence of the table, or stands in the list of those that a clone in memory cannot
 * show, with the reason. cases/evidence.json tells where the records come from. */
#include "pe_reference_evidence_table.h"

#include "../../fixtures/reference/vsswriter_abi.h"

static void play(const struct replay *replay)
{
    struct session session = {.bc = ref_new(&ref)};
    SetEnvironmentVariableW(L"VSSREF_WINDOWS", replay->windows);
    for (size_t i = 0; i < MOST_STEPS && replay->steps[i].call != NULL; i++) {
        const HRESULT code = replay->steps[i].call(&session);
        if (code != replay->steps[i].wanted) {
            fprintf(stderr, "%s, step %u, %s: 0x%08lX, not 0x%08lX\n", replay->id, (unsigned)i + 1,
                    replay->steps[i].name, (unsigned long)code,
                    (unsigned long)replay->steps[i].wanted);
        }
        CU_ASSERT_EQUAL(code, replay->steps[i].wanted);
    }
    if (session.async != NULL) {
        IVssAsync_Release(session.async);
    }
    if (session.other != NULL) {
        IVssBackupComponents_Release(session.other);
    }
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(session.bc), 0);
    SysFreeString(session.document);
    SetEnvironmentVariableW(L"VSSREF_WINDOWS", NULL);
    HR(ref_left(&ref), S_OK);
}

static void test_replays(void)
{
    for (size_t i = 0; i < COUNT(replays); i++) {
        play(&replays[i]);
    }
}

/* FE004, FE010: the methods by their numbers, as a client without a header calls them. */
static void test_slots(void)
{
    static const struct {
        size_t offset, slot;
    } slots[] = {
#define SLOT(method, number) {offsetof(IVssBackupComponentsVtbl, method), number}
        SLOT(GetWriterComponentsCount, 3),
        SLOT(InitializeForBackup, 5),
        SLOT(SetBackupState, 6),
        SLOT(GatherWriterMetadata, 9),
        SLOT(PrepareForBackup, 14),
        SLOT(BackupComplete, 27),
        SLOT(SetContext, 35),
        SLOT(StartSnapshotSet, 36),
        SLOT(AddToSnapshotSet, 37),
        SLOT(DoSnapshotSet, 38),
        SLOT(GetSnapshotProperties, 42),
        SLOT(QueryRevertStatus, 50),
#undef SLOT
    };
    typedef HRESULT(STDMETHODCALLTYPE * init_slot)(void *self, BSTR document);
    typedef HRESULT(STDMETHODCALLTYPE * async_slot)(void *self, void **out);
    typedef HRESULT(STDMETHODCALLTYPE * wait_slot)(void *self, void *argument);
    for (size_t i = 0; i < COUNT(slots); i++) {
        CU_ASSERT_EQUAL(slots[i].offset, slots[i].slot * sizeof(void *));
    }
    IVssBackupComponents *bc = ref_new(&ref);
    void *const *table = *(void *const **)(void *)bc;
    void *async = NULL;
    HR(((init_slot)table[5])(bc, NULL), S_OK);
    HR(((async_slot)table[9])(bc, &async), S_OK);
    /* Wait under the name of QueryStatus: it waits, and does not write where its argument points */
    HRESULT status = 0x12345678;
    HR(((wait_slot)(*(void *const **)async)[4])(async, &status), S_OK);
    HR(status, 0x12345678);
    IVssAsync_Release((IVssAsync *)async);
    IVssBackupComponents_Release(bc);
    HR(ref_left(&ref), S_OK);
}

/* FE011: VSS_SNAPSHOT_PROP on x86_64, and that all of it is written. */
static void test_structure(void)
{
#ifdef _WIN64
    static const struct {
        size_t offset, wanted;
    } fields[] = {
#define FIELD(field, wanted) {offsetof(VSS_SNAPSHOT_PROP, field), wanted}
        FIELD(m_SnapshotId, 0),
        FIELD(m_SnapshotSetId, 16),
        FIELD(m_lSnapshotsCount, 32),
        FIELD(m_pwszSnapshotDeviceObject, 40),
        FIELD(m_pwszOriginalVolumeName, 48),
        FIELD(m_pwszOriginatingMachine, 56),
        FIELD(m_pwszServiceMachine, 64),
        FIELD(m_pwszExposedName, 72),
        FIELD(m_pwszExposedPath, 80),
        FIELD(m_ProviderId, 88),
        FIELD(m_lSnapshotAttributes, 104),
        FIELD(m_tsCreationTimestamp, 112),
        FIELD(m_eStatus, 120),
#undef FIELD
    };
    CU_ASSERT_EQUAL(sizeof(VSS_SNAPSHOT_PROP), 128);
    for (size_t i = 0; i < COUNT(fields); i++) {
        CU_ASSERT_EQUAL(fields[i].offset, fields[i].wanted);
    }
#endif
    VSS_SNAPSHOT_PROP prop;
    VSS_ID id;
    IVssBackupComponents *bc = ref_new(&ref);
    HR(ref_backup(bc, &id), S_OK);
    memset(&prop, 0xA5, sizeof(prop));
    HR(IVssBackupComponents_GetSnapshotProperties(bc, id, &prop), S_OK);
    CU_ASSERT_TRUE(IsEqualGUID(&prop.m_SnapshotId, &id));
    CU_ASSERT_EQUAL(prop.m_lSnapshotsCount, 1);
    CU_ASSERT_EQUAL(prop.m_eStatus, VSS_SS_CREATED);
    CU_ASSERT_PTR_NOT_NULL(prop.m_pwszSnapshotDeviceObject);
    CU_ASSERT_PTR_NOT_NULL(prop.m_pwszOriginalVolumeName);
    CU_ASSERT_TRUE(prop.m_tsCreationTimestamp > 0);
    ref.free_properties(&prop);
    IVssBackupComponents_Release(bc);
    HR(ref_left(&ref), S_OK);
}

/* FE017, FE105, FE106, FE114: the names by which clients find the DLL's functions. */
static void test_names(void)
{
#ifdef _WIN64
    static const char *const decorated =
        "?CreateVssBackupComponents@@YAJPEAPEAVIVssBackupComponents@@@Z";
#else
    static const char *const decorated =
        "?CreateVssBackupComponents@@YGJPAPAVIVssBackupComponents@@@Z";
#endif
    static const char *const pairs[][2] = {
        {"IsVolumeSnapshotted", "IsVolumeSnapshottedInternal"},
        {"ShouldBlockRevert", "ShouldBlockRevertInternal"},
        {"VssFreeSnapshotProperties", "VssFreeSnapshotPropertiesInternal"},
    };
    CU_ASSERT_TRUE(ref_export(ref.module, decorated) ==
                   ref_export(ref.module, "CreateVssBackupComponentsInternal"));
    for (size_t i = 0; i < COUNT(pairs); i++) {
        CU_ASSERT_TRUE(ref_export(ref.module, pairs[i][0]) == ref_export(ref.module, pairs[i][1]));
    }
}

/* FE020, FE111, FE112: one object, all interfaces, by the ids that clients have. */
static void test_interfaces(void)
{
    static const GUID ids[] = {
        {0x665c1d5f, 0xc218, 0x414d, {0xa0, 0x5d, 0x7f, 0xef, 0x5f, 0x9d, 0x5c, 0x86}},
        {0x963f03ad, 0x9e4c, 0x4a34, {0xac, 0x15, 0xe4, 0xb6, 0x17, 0x4e, 0x50, 0x36}},
        {0xacfe2b3a, 0x22c9, 0x4ef8, {0xbd, 0x03, 0x2f, 0x9c, 0xa2, 0x30, 0x08, 0x4e}},
        {0xc191bfbc, 0xb602, 0x4675, {0x8b, 0xd1, 0x67, 0xd6, 0x42, 0xf5, 0x29, 0xd5}},
    };
    static const GUID async_id = {
        0x507c37b4, 0xcf5b, 0x4e95, {0xb0, 0xaf, 0x14, 0xeb, 0x97, 0x67, 0x46, 0x7e}};
    IVssBackupComponents *bc = ref_new(&ref);
    IVssAsync *async = NULL;
    void *same = NULL;
    IUnknown *found = NULL;
    for (size_t i = 0; i < COUNT(ids); i++) {
        HR(IVssBackupComponents_QueryInterface(bc, &ids[i], (void **)&found), S_OK);
        HR(IUnknown_QueryInterface(found, &ids[0], &same), S_OK);
        CU_ASSERT_PTR_EQUAL(same, bc);
        IUnknown_Release((IUnknown *)same);
        IUnknown_Release(found);
    }
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_GatherWriterMetadata(bc, &async), S_OK);
    HR(IVssAsync_QueryInterface(async, &async_id, &same), S_OK);
    IVssAsync_Release((IVssAsync *)same);
    HR(ref_end(async), FINISHED);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    HR(ref_left(&ref), S_OK);
}

/* FE107: the handlers that the class CVssWriter itself has only give back true. */
static void test_base_handlers(void)
{
    struct vsswriter_api api;
    struct vsswriter writer;
    WCHAR volume[] = L"C:\\";
    CU_ASSERT_TRUE_FATAL(vsswriter_load(ref.module, &api, NULL));
    CU_ASSERT_PTR_EQUAL(api.construct(&writer), &writer);
    const struct vsswriter_vtable *base = writer.vtable;
    CU_ASSERT_TRUE(base->OnIdentify(&writer, NULL));
    CU_ASSERT_TRUE(base->OnPrepareBackup(&writer, NULL));
    CU_ASSERT_TRUE(base->OnBackupComplete(&writer, NULL));
    CU_ASSERT_TRUE(base->OnBackupShutdown(&writer, GUID_NULL));
    CU_ASSERT_TRUE(base->OnPreRestore(&writer, NULL));
    CU_ASSERT_TRUE(base->OnPostRestore(&writer, NULL));
    CU_ASSERT_TRUE(base->OnPostSnapshot(&writer, NULL));
    CU_ASSERT_TRUE(base->OnBackOffIOOnVolume(&writer, volume, GUID_NULL, GUID_NULL));
    CU_ASSERT_TRUE(base->OnContinueIOOnVolume(&writer, volume, GUID_NULL, GUID_NULL));
    CU_ASSERT_TRUE(base->OnVSSShutdown(&writer));
    CU_ASSERT_TRUE(base->OnVSSApplicationStartup(&writer));
    api.destruct(&writer);
    HR(ref_left(&ref), S_OK);
}

/* The class of vswriter.h makes its other half by name (FE106). */
static void test_create_writer(void)
{
    static const char *const names[] = {"CreateWriter", "CreateWriterEx"};
    struct vsswriter writer = {NULL, NULL};
    for (size_t i = 0; i < COUNT(names); i++) {
        HRESULT(WINAPI * make)
        (struct vsswriter * self, IVssWriterImpl * *out) = (void *)ref_export(ref.module, names[i]);
        IVssWriterImpl *made = NULL;
        HR(make(NULL, &made), E_INVALIDARG);
        CU_ASSERT_PTR_NULL(made);
        HR(make(&writer, NULL), E_INVALIDARG);
        HR(make(&writer, &made), S_OK);
        CU_ASSERT_PTR_NOT_NULL_FATAL(made);
        CU_ASSERT_EQUAL(IVssWriterImpl_Release(made), 0);
    }
    HR(ref_left(&ref), S_OK);
}

static unsigned number_of(const char *id)
{
    return (unsigned)strtoul(id + 2, NULL, 10);
}

static void mark(unsigned char *seen, const char *id)
{
    CU_ASSERT_TRUE_FATAL(number_of(id) < 128);
    CU_ASSERT_EQUAL(seen[number_of(id)], 0); /* once only */
    seen[number_of(id)] = 1;
}

/* Every record that the cases rest on, and every other that is known, is played or has a reason. */
static void test_all_there(void)
{
    static const unsigned char unknown[] = {
        6,  7,  9,  14, 15, 18, 26, 34, 45, 52,
        59, 63, 64, 65, 66, 67, 68, 77, 101}; /* numbers not given */
    unsigned char seen[128] = {0};
    char text[32768];
    DWORD length = 0;
    for (size_t i = 0; i < COUNT(replays); i++) {
        mark(seen, replays[i].id);
    }
    for (size_t i = 0; i < COUNT(elsewhere); i++) {
        mark(seen, elsewhere[i].id);
    }
    for (size_t i = 0; i < COUNT(reasons); i++) {
        mark(seen, reasons[i].id);
        CU_ASSERT_TRUE(strlen(reasons[i].where) > 10);
    }
    for (size_t i = 0; i < COUNT(unknown); i++) {
        CU_ASSERT_EQUAL(seen[unknown[i]], 0);
        seen[unknown[i]] = 1;
    }
    for (unsigned number = 1; number <= 114; number++) {
        if (seen[number] == 0) {
            fprintf(stderr, "FE%03u is neither played nor has a reason\n", number);
        }
        CU_ASSERT_TRUE(seen[number] != 0);
    }
    snprintf(text, sizeof(text), "Z:%s/cases/evidence.json", getenv("VSSCTS_SOURCE"));
    HANDLE file = CreateFileA(text, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    CU_ASSERT_TRUE_FATAL(file != INVALID_HANDLE_VALUE);
    CU_ASSERT_TRUE(ReadFile(file, text, sizeof(text) - 1, &length, NULL));
    CloseHandle(file);
    CU_ASSERT_TRUE_FATAL(length > 1000 && length < sizeof(text) - 1);
    text[length] = '\0';
    unsigned used = 0;
    for (const char *at = text; (at = strstr(at, "\"id\": \"FE")) != NULL; at += 9, used++) {
        CU_ASSERT_TRUE(number_of(at + 7) < 115 && seen[number_of(at + 7)] != 0);
    }
    CU_ASSERT_TRUE(used >= 18);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"sequences seen on Windows", test_replays},
        {"slots", test_slots},
        {"the structure of a copy", test_structure},
        {"exported names", test_names},
        {"interfaces", test_interfaces},
        {"handlers of the class", test_base_handlers},
        {"the other half of a writer", test_create_writer},
        {"every record is played or has a reason", test_all_there},
        CU_TEST_INFO_NULL,
    };
    ref = ref_load();
    CoInitializeEx(NULL, COINIT_MULTITHREADED); /* as the clients that were seen */
    return cu_run("reference: evidence", tests);
}
