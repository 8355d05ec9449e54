/* The reference clone: the components of writer metadata, and what lies below them. */
#include "pe_reference_metadata.h"

/* A component outlives the object that it came from, and what that has loaded since. */
static void test_components(void)
{
    IVssExamineWriterMetadataEx2 *m = opened(FULL);
    IVssWMComponent *group = NULL;
    IVssWMComponent *database = NULL;
    IVssWMComponent *none = (IVssWMComponent *)(void *)m;
    IVssWMFiledesc *file = NULL;
    IVssWMDependency *dependency = NULL;
    PVSSCOMPONENTINFO info = NULL;
    BSTR minimal = SysAllocString(MINIMAL);
    HR(IVssExamineWriterMetadataEx2_GetComponent(m, 0, &group), S_OK);
    HR(IVssExamineWriterMetadataEx2_GetComponent(m, 1, &database), S_OK);
    CU_ASSERT_FATAL(group != NULL && database != NULL);
    HR(IVssExamineWriterMetadataEx2_GetComponent(m, 2, &none), VSS_E_OBJECT_NOT_FOUND);
    CU_ASSERT_PTR_NULL(none);
    HR(IVssExamineWriterMetadataEx2_GetComponent(m, 0, NULL), E_INVALIDARG);
    HR(IVssExamineWriterMetadataEx2_LoadFromXML(m, minimal), S_OK);
    HR(IVssExamineWriterMetadataEx2_GetComponent(m, 0, &none), VSS_E_OBJECT_NOT_FOUND);
    SysFreeString(minimal);
    CU_ASSERT_EQUAL(IVssExamineWriterMetadataEx2_Release(m), 0);

    HR(IVssWMComponent_GetComponentInfo(group, NULL), E_INVALIDARG);
    HR(IVssWMComponent_GetComponentInfo(group, &info), S_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(info);
    CU_ASSERT_EQUAL(info->type, VSS_CT_FILEGROUP);
    CU_ASSERT_EQUAL(wcscmp(info->bstrLogicalPath, L"p\\q"), 0);
    CU_ASSERT_EQUAL(wcscmp(info->bstrComponentName, L"g"), 0);
    CU_ASSERT_EQUAL(wcscmp(info->bstrCaption, L"c & d"), 0);
    CU_ASSERT_EQUAL_FATAL(info->cbIcon, 3);
    CU_ASSERT_EQUAL(memcmp(info->pbIcon, "\x00\xff\x10", 3), 0);
    CU_ASSERT_FALSE(info->bRestoreMetadata);
    CU_ASSERT_TRUE(info->bNotifyOnBackupComplete);
    CU_ASSERT_TRUE(info->bSelectable);
    CU_ASSERT_FALSE(info->bSelectableForRestore);
    CU_ASSERT_EQUAL(info->dwComponentFlags, 2);
    CU_ASSERT_EQUAL(info->cFileCount, 2);
    CU_ASSERT_EQUAL(info->cDatabases, 0);
    CU_ASSERT_EQUAL(info->cLogFiles, 0);
    CU_ASSERT_EQUAL(info->cDependencies, 2);
    HR(IVssWMComponent_FreeComponentInfo(group, info), S_OK);
    HR(IVssWMComponent_FreeComponentInfo(group, NULL), S_OK);

    HR(IVssWMComponent_GetComponentInfo(database, &info), S_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(info);
    CU_ASSERT_EQUAL(info->type, VSS_CT_DATABASE);
    CU_ASSERT_PTR_NULL(info->bstrLogicalPath);
    CU_ASSERT_PTR_NULL(info->bstrCaption);
    CU_ASSERT_PTR_NULL(info->pbIcon);
    CU_ASSERT_EQUAL(info->cbIcon, 0);
    CU_ASSERT_EQUAL(info->cDatabases, 1);
    CU_ASSERT_EQUAL(info->cLogFiles, 2);
    HR(IVssWMComponent_FreeComponentInfo(database, info), S_OK);

    HR(IVssWMComponent_GetFile(group, 0, &file), S_OK);
    file_is(file, L"f0", L"*.a", true, L"alt", 1);
    HR(IVssWMComponent_GetFile(group, 1, &file), S_OK);
    file_is(file, L"f1", L"*.b", false, NULL, 0xF0F);
    HR(IVssWMComponent_GetDatabaseFile(database, 0, &file), S_OK);
    file_is(file, L"db", L"x", false, NULL, 0xF0F);
    HR(IVssWMComponent_GetDatabaseLogFile(database, 1, &file), S_OK);
    file_is(file, L"lh", L"z", false, NULL, 0xF0F);
#define NO_CHILD(object, method, index, type)                                                      \
    do {                                                                                           \
        type *child = (type *)(void *)object;                                                      \
        HR(IVssWMComponent_##method(object, index, &child), VSS_E_OBJECT_NOT_FOUND);               \
        CU_ASSERT_PTR_NULL(child);                                                                 \
        HR(IVssWMComponent_##method(object, 0, NULL), E_INVALIDARG);                               \
    } while (0)
    NO_CHILD(group, GetFile, 2, IVssWMFiledesc);
    NO_CHILD(group, GetDatabaseFile, 0, IVssWMFiledesc);
    NO_CHILD(group, GetDependency, 2, IVssWMDependency);
    NO_CHILD(database, GetFile, 0, IVssWMFiledesc);
    NO_CHILD(database, GetDatabaseLogFile, 2, IVssWMFiledesc);
    HR(IVssWMComponent_GetDependency(group, 0, &dependency), S_OK);
    IVssWMComponent_Release(database);
    CU_ASSERT_EQUAL(IVssWMComponent_Release(group), 0);

    VSS_ID id;
    BSTR text = NULL;
    HR(IVssWMDependency_GetWriterId(dependency, &id), S_OK);
    CU_ASSERT_EQUAL(id.Data1, 0xAAAAAAAA);
    HR(IVssWMDependency_GetLogicalPath(dependency, &text), S_OK);
    string_is(text, L"l");
    HR(IVssWMDependency_GetComponentName(dependency, &text), S_OK);
    string_is(text, L"n");
    HR(IVssWMDependency_GetWriterId(dependency, NULL), E_INVALIDARG);
    HR(IVssWMDependency_GetLogicalPath(dependency, NULL), E_INVALIDARG);
    HR(IVssWMDependency_GetComponentName(dependency, NULL), E_INVALIDARG);
    CU_ASSERT_EQUAL(IVssWMDependency_Release(dependency), 0);
    HR(ref_left(&ref), S_OK);
}

#define BEFORE                                                                                     \
    L"<WRITER_METADATA><IDENTIFICATION " IDS L" friendlyName='n'/><BACKUP_LOCATIONS><FILE_GROUP "
#define BEHIND L"><FILE_LIST/><DEPENDENCY/></FILE_GROUP></BACKUP_LOCATIONS></WRITER_METADATA>"
#define COMPONENT(attributes) BEFORE attributes BEHIND

/* What is missing, or of a wrong form, is found where it is asked for. */
static void test_bad_components(void)
{
    static const struct {
        const WCHAR *text;
        HRESULT code;
    } rows[] = {
        {COMPONENT(L"componentName='a'"), S_OK},
        {COMPONENT(L"componentName='a' icon='' caption='' componentFlags='x' selectable='1'"),
         S_OK},
        {COMPONENT(L""), VSS_E_INVALID_XML_DOCUMENT},
        {COMPONENT(L"logicalPath='p' caption='c'"), VSS_E_INVALID_XML_DOCUMENT},
        {COMPONENT(L"componentName='a' icon='0'"), VSS_E_INVALID_XML_DOCUMENT},
        {COMPONENT(L"componentName='a' icon='0g'"), VSS_E_INVALID_XML_DOCUMENT},
        {COMPONENT(L"componentName='a' icon='00 0'"), VSS_E_INVALID_XML_DOCUMENT},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        IVssExamineWriterMetadataEx2 *m = opened(rows[i].text);
        IVssWMComponent *component = NULL;
        IVssWMFiledesc *file = NULL;
        IVssWMDependency *dependency = NULL;
        PVSSCOMPONENTINFO info = (PVSSCOMPONENTINFO)(void *)m;
        BSTR text = NULL;
        VSS_ID id;
        HR(IVssExamineWriterMetadataEx2_GetComponent(m, 0, &component), S_OK);
        CU_ASSERT_PTR_NOT_NULL_FATAL(component);
        HR(IVssWMComponent_GetComponentInfo(component, &info), rows[i].code);
        CU_ASSERT_EQUAL(info != NULL, rows[i].code == S_OK);
        IVssWMComponent_FreeComponentInfo(component, info);
        HR(IVssWMComponent_GetFile(component, 0, &file), S_OK);
        HR(IVssWMFiledesc_GetPath(file, &text), VSS_E_INVALID_XML_DOCUMENT);
        HR(IVssWMFiledesc_GetFilespec(file, &text), VSS_E_INVALID_XML_DOCUMENT);
        IVssWMFiledesc_Release(file);
        HR(IVssWMComponent_GetDependency(component, 0, &dependency), S_OK);
        HR(IVssWMDependency_GetWriterId(dependency, &id), VSS_E_INVALID_XML_DOCUMENT);
        HR(IVssWMDependency_GetLogicalPath(dependency, &text), S_OK);
        string_is(text, NULL);
        HR(IVssWMDependency_GetComponentName(dependency, &text), VSS_E_INVALID_XML_DOCUMENT);
        IVssWMDependency_Release(dependency);
        IVssWMComponent_Release(component);
        CU_ASSERT_EQUAL(IVssExamineWriterMetadataEx2_Release(m), 0);
    }
}

/* Only IUnknown is published of the small interfaces. */
static void test_interfaces(void)
{
    IVssExamineWriterMetadataEx2 *m = opened(FULL);
    IVssWMComponent *component = NULL;
    IVssWMFiledesc *file = NULL;
    IVssWMDependency *dependency = NULL;
    IVssExamineWriterMetadataEx2_GetComponent(m, 0, &component);
    IVssWMComponent_GetFile(component, 0, &file);
    IVssWMComponent_GetDependency(component, 0, &dependency);
    IUnknown *objects[] = {(IUnknown *)component, (IUnknown *)file, (IUnknown *)dependency};
    for (size_t i = 0; i < COUNT(objects); i++) {
        void *out = m;
        CU_ASSERT_PTR_NOT_NULL_FATAL(objects[i]);
        HR(IUnknown_QueryInterface(objects[i], &GUID_NULL, &out), E_NOINTERFACE);
        CU_ASSERT_PTR_NULL(out);
        HR(IUnknown_QueryInterface(objects[i], &IID_IUnknown, NULL), E_POINTER);
        HR(IUnknown_QueryInterface(objects[i], &IID_IUnknown, &out), S_OK);
        CU_ASSERT_PTR_EQUAL(out, objects[i]);
        CU_ASSERT_EQUAL(IUnknown_Release(objects[i]), 1);
        CU_ASSERT_EQUAL(IUnknown_Release(objects[i]), 0);
    }
    CU_ASSERT_EQUAL(IVssExamineWriterMetadataEx2_Release(m), 0);
}

/* Everything that can be had of a component, or the first code that is no success. */
static HRESULT walk(void)
{
    IVssExamineWriterMetadataEx2 *m;
    IVssWMComponent *component = NULL;
    IVssWMFiledesc *file = NULL;
    IVssWMDependency *dependency = NULL;
    PVSSCOMPONENTINFO info = NULL;
    BSTR path = NULL;
    HRESULT code = open_text(FULL, &m);
    if (FAILED(code)) {
        return code;
    }
    code = IVssExamineWriterMetadataEx2_GetComponent(m, 0, &component);
    if (code == S_OK) {
        code = IVssWMComponent_GetComponentInfo(component, &info);
        IVssWMComponent_FreeComponentInfo(component, info);
    }
    if (code == S_OK) {
        code = IVssWMComponent_GetFile(component, 0, &file);
    }
    if (code == S_OK) {
        code = IVssWMFiledesc_GetPath(file, &path);
        SysFreeString(path);
        IVssWMFiledesc_Release(file);
    }
    if (code == S_OK) {
        code = IVssWMComponent_GetDependency(component, 0, &dependency);
    }
    if (code == S_OK) {
        IVssWMDependency_Release(dependency);
    }
    if (component != NULL) {
        IVssWMComponent_Release(component);
    }
    IVssExamineWriterMetadataEx2_Release(m);
    return code;
}

/* Each allocation fails once: the call says so, and nothing is left behind. */
static void test_no_memory(void)
{
    HRESULT code = E_OUTOFMEMORY;
    ULONG skip = 0;
    for (; skip < 10000 && code == E_OUTOFMEMORY; skip++) {
        ref.fail(L"alloc", E_OUTOFMEMORY, skip, 1);
        code = walk();
        HR(ref_left(&ref), S_OK);
    }
    HR(code, S_OK);
    CU_ASSERT_TRUE(skip > 100);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"components", test_components},
        {"bad components", test_bad_components},
        {"interfaces", test_interfaces},
        {"no memory", test_no_memory},
        CU_TEST_INFO_NULL,
    };
    metadata_load();
    return cu_run("reference: components of writer metadata", tests);
}
