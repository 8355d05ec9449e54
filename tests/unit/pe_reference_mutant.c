/* The reference with a fault (VSSREF_MUTANT): each way of changing a call changes that call and no
 * other, and a text that says nothing known keeps the module from being loaded. */
#include "pe_reference.h"

static struct reference ref;
static WCHAR volume_c[] = L"C:\\";

static void load(const char *mutant)
{
    SetEnvironmentVariableA("VSSREF_MUTANT", mutant);
    ref = ref_load();
}

static void unload(void)
{
    FreeLibrary(ref.module);
    SetEnvironmentVariableA("VSSREF_MUTANT", NULL);
}

static void refused(const char *mutant)
{
    char path[1024];
    SetEnvironmentVariableA("VSSREF_MUTANT", mutant);
    const DWORD length = GetEnvironmentVariableA("VSSCTS_REFERENCE", path, sizeof(path));
    HMODULE module = LoadLibraryA(length > 0 && length < sizeof(path) ? path : "vssref.dll");
    if (module != NULL) {
        fprintf(stderr, "taken: %s\n", mutant);
        FreeLibrary(module);
    }
    CU_ASSERT_PTR_NULL(module);
    SetEnvironmentVariableA("VSSREF_MUTANT", NULL);
}

static void unknown_texts(void)
{
    refused("{");
    refused("{}");
    refused("[]");
    refused("{\"inner\":\"no-such-fault\"}");
    refused("{\"method\":\"IVssAsync.Wait\"}");
    refused("{\"method\":\"IVssAsync.Wait\",\"inner\":\"x\",\"give\":\"0x1\"}");
    refused("{\"method\":\"IVssAsync.NoSuchMethod\",\"give\":\"0x1\"}");
    refused("{\"method\":\"IVssAsync.Wait\",\"give\":\"E_FAIL\"}");
    refused("{\"method\":\"IVssAsync.Wait\",\"give\":\"0x1\",\"result\":\"good\"}");
    refused("{\"method\":\"IVssAsync.Wait\",\"give\":\"0x1\",\"state\":\"nowhere\"}");
    refused("{\"method\":\"IVssAsync.Wait\",\"give\":\"0x1\",\"tomorrow\":1}");
    refused("{\"method\":\"IVssAsync.Wait\",\"act\":\"dance\"}");
    refused("{\"method\":\"IVssAsync.Wait\",\"then\":\"IVssAsync.Nothing\"}");
    refused("{\"function\":\"NoSuchFunction\",\"give\":\"0x1\"}");
    refused("{\"missing\":\"NoSuchName\"}");
}

static void results(void)
{
    load("{\"method\":\"IVssBackupComponents.SetContext\",\"result\":\"0x80042301\",\"give\":"
         "\"0x80004005\"}");
    IVssBackupComponents *bc = ref_new(&ref);
    HR(IVssBackupComponents_SetContext(bc, VSS_CTX_BACKUP), E_FAIL);
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_SetContext(bc, VSS_CTX_BACKUP), S_OK);
    HR(IVssBackupComponents_SetContext(bc, VSS_CTX_BACKUP), E_FAIL);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    unload();
    load("{\"method\":\"IVssBackupComponents.InitializeForBackup\",\"state\":\"bk-init\",\"give\":"
         "\"0x00000001\"}");
    bc = ref_new(&ref);
    HR(ref_init(bc, NULL, false), S_OK);
    HR(ref_init(bc, NULL, false), S_FALSE);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    unload();
}

/* On i686 the argument behind a GUID by value is not the next word. */
static void nulls(void)
{
    VSS_ID set, copy;
    load("{\"method\":\"IVssBackupComponents.AddToSnapshotSet\",\"null\":2,\"give\":"
         "\"0x00000000\"}");
    IVssBackupComponents *bc = ref_new(&ref);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, volume_c, GUID_NULL, NULL), S_OK);
    HR(IVssBackupComponents_AddToSnapshotSet(bc, NULL, GUID_NULL, &copy), E_INVALIDARG);
    HR(IVssBackupComponents_StartSnapshotSet(bc, &set), VSS_E_BAD_STATE);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    unload();
}

static void skipped(void)
{
    load("{\"method\":\"IVssBackupComponents.InitializeForBackup\",\"act\":\"skip\",\"from\":2,"
         "\"words\":2}");
    IVssBackupComponents *bc = ref_new(&ref);
    HR(ref_init(bc, NULL, false), S_OK);
    HR(ref_init(bc, NULL, false), S_OK);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    unload();
}

static void outs(void)
{
    UINT count = 77;
    VSS_ID set;
    load("{\"method\":\"IVssBackupComponents.GetWriterComponentsCount\",\"act\":\"unwritten\","
         "\"at\":0,\"bytes\":4}");
    IVssBackupComponents *bc = ref_new(&ref);
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_GetWriterComponentsCount(bc, &count), S_OK);
    CU_ASSERT_EQUAL(count, 77);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    unload();
    load("{\"method\":\"IVssBackupComponents.GetWriterComponentsCount\",\"act\":\"flip\",\"at\":0,"
         "\"bytes\":4,\"was\":0}");
    bc = ref_new(&ref);
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_GetWriterComponentsCount(bc, &count), S_OK);
    CU_ASSERT_EQUAL(count, 1);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    unload();
    struct {
        VSS_ID set;
        BYTE behind;
    } fenced = {.behind = 1};
    load("{\"method\":\"IVssBackupComponents.StartSnapshotSet\",\"act\":\"overrun\",\"at\":0,"
         "\"bytes\":16}");
    bc = ref_new(&ref);
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_StartSnapshotSet(bc, &fenced.set), S_OK);
    CU_ASSERT_EQUAL(fenced.behind, 0);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    unload();
    load("{\"method\":\"IVssBackupComponents.StartSnapshotSet\",\"act\":\"set\",\"at\":0,"
         "\"offset\":4,\"bytes\":4,\"value\":5}");
    bc = ref_new(&ref);
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_StartSnapshotSet(bc, &set), S_OK);
    CU_ASSERT_EQUAL(set.Data2, 5);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    unload();
}

static void arguments(void)
{
    VSS_ID set;
    VSS_ID copy;
    load("{\"method\":\"IVssBackupComponents.AddToSnapshotSet\",\"act\":\"misread\",\"at\":1}");
    IVssBackupComponents *bc = ref_new(&ref);
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_StartSnapshotSet(bc, &set), S_OK);
    /* the system's own provider, by its published id */
    const VSS_ID provider = {
        0xB5946137, 0x7B9F, 0x4925, {0xAF, 0x80, 0x51, 0xAB, 0xD6, 0x0B, 0x20, 0xD5}};
    HR(IVssBackupComponents_AddToSnapshotSet(bc, volume_c, provider, &copy),
       VSS_E_PROVIDER_NOT_REGISTERED);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    unload();
    load("{\"method\":\"IVssBackupComponents.SetContext\",\"act\":\"pass\",\"at\":0,\"value\":"
         "65535}");
    bc = ref_new(&ref);
    HR(ref_init(bc, NULL, false), S_OK);
    CU_ASSERT(FAILED(IVssBackupComponents_SetContext(bc, VSS_CTX_BACKUP)));
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    unload();
}

static void references(void)
{
    IUnknown *unknown = NULL;
    load("{\"method\":\"IVssBackupComponents.AbortBackup\",\"act\":\"addref\"}");
    IVssBackupComponents *bc = ref_new(&ref);
    IVssBackupComponents_AbortBackup(bc);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 1);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    unload();
    load("{\"method\":\"IUnknown.QueryInterface\",\"of\":\"IVssBackupComponentsEx4\",\"iid\":"
         "\"00000000-0000-0000-c000-000000000046\",\"act\":\"tear_off\",\"at\":1}");
    bc = ref_new(&ref);
    HR(IVssBackupComponents_QueryInterface(bc, &IID_IUnknown, (void **)&unknown), S_OK);
    CU_ASSERT_PTR_NOT_EQUAL((void *)unknown, (void *)bc);
    CU_ASSERT_EQUAL(IUnknown_Release(unknown), 1);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    unload();
    load("{\"method\":\"IUnknown.AddRef\",\"act\":\"twice\"}");
    bc = ref_new(&ref);
    IVssBackupComponents_AddRef(bc);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 2);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 1);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    unload();
}

static void then_another(void)
{
    VSS_ID set;
    load("{\"method\":\"IVssBackupComponents.SetContext\",\"result\":\"failure\",\"then\":"
         "\"IVssBackupComponents.AbortBackup\"}");
    IVssBackupComponents *bc = ref_new(&ref);
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_StartSnapshotSet(bc, &set), S_OK);
    HR(IVssBackupComponents_SetContext(bc, VSS_CTX_BACKUP), VSS_E_BAD_STATE);
    HR(IVssBackupComponents_StartSnapshotSet(bc, &set), VSS_E_BAD_STATE);
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    unload();
}

static void functions(void)
{
    BOOL present;
    LONG capability;
    load("{\"function\":\"IsVolumeSnapshotted\",\"result\":\"success\",\"give\":\"0x80004005\"}");
    HR(ref.is_snapshotted(volume_c, &present, &capability), E_FAIL);
    HR(ref.is_snapshotted(NULL, &present, &capability), E_INVALIDARG);
    unload();
    load("{\"missing\":\"CreateVssExamineWriterMetadataInternal\"}");
    CU_ASSERT_PTR_NULL(GetProcAddress(ref.module, "CreateVssExamineWriterMetadataInternal"));
    CU_ASSERT_PTR_NOT_NULL(GetProcAddress(ref.module, "ShouldBlockRevert"));
    unload();
}

int main(void)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    CU_TestInfo tests[] = {
        {"texts that say nothing known", unknown_texts},
        {"results", results},
        {"NULL", nulls},
        {"a call left out", skipped},
        {"out parameters", outs},
        {"arguments", arguments},
        {"references", references},
        {"another call", then_another},
        {"functions", functions},
        CU_TEST_INFO_NULL,
    };
    return cu_run("reference: mutants", tests);
}
