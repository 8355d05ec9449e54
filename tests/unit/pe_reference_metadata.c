/* The reference clone: writer metadata as requesters read it, from stored texts. */
#include "pe_reference_metadata.h"

#include <msxml.h>

static void test_texts(void)
{
    static const struct {
        const WCHAR *text;
        HRESULT code, loaded;
    } rows[] = {
        {MINIMAL, S_OK, S_OK},
        {FULL, S_OK, S_OK},
        {L"<?xml version='1.0' encoding='UTF-16'?>\n" MINIMAL, S_OK, S_OK},
        {L"", VSS_E_INVALID_XML_DOCUMENT, S_FALSE},
        {L"no XML", VSS_E_INVALID_XML_DOCUMENT, S_FALSE},
        {L"<WRITER_METADATA>", VSS_E_INVALID_XML_DOCUMENT, S_FALSE},
        {L"<!DOCTYPE x>" MINIMAL, VSS_E_INVALID_XML_DOCUMENT, S_FALSE},
        {L"<WRITER_METADATA/>", VSS_E_INVALID_XML_DOCUMENT, VSS_E_INVALID_XML_DOCUMENT},
        {L"<BACKUP_COMPONENTS/>", VSS_E_INVALID_XML_DOCUMENT, VSS_E_INVALID_XML_DOCUMENT},
        {L"<R>" MINIMAL L"</R>", VSS_E_INVALID_XML_DOCUMENT, VSS_E_INVALID_XML_DOCUMENT},
        {L"<WRITER_METADATA><IDENTIFICATION " IDS L"/></WRITER_METADATA>",
         VSS_E_INVALID_XML_DOCUMENT, VSS_E_INVALID_XML_DOCUMENT},
        {L"<WRITER_METADATA><IDENTIFICATION writerId='x' instanceId='y' "
         L"friendlyName='n'/></WRITER_METADATA>",
         VSS_E_INVALID_XML_DOCUMENT, VSS_E_INVALID_XML_DOCUMENT},
    };
    IVssExamineWriterMetadataEx2 *reader = opened(FULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        IVssExamineWriterMetadataEx2 *metadata;
        BSTR text = SysAllocString(rows[i].text);
        HR(open_text(rows[i].text, &metadata), rows[i].code);
        HR(IVssExamineWriterMetadataEx2_LoadFromXML(reader, text), rows[i].loaded);
        SysFreeString(text);
        if (metadata != NULL) {
            CU_ASSERT_EQUAL(IVssExamineWriterMetadataEx2_Release(metadata), 0);
        }
    }
    HR(IVssExamineWriterMetadataEx2_LoadFromXML(reader, NULL), E_INVALIDARG);
    CU_ASSERT_EQUAL(IVssExamineWriterMetadataEx2_Release(reader), 0);
    BSTR text = SysAllocString(MINIMAL);
    IVssExamineWriterMetadata *metadata = (IVssExamineWriterMetadata *)(void *)text;
    HR(examine(NULL, &metadata), E_INVALIDARG);
    CU_ASSERT_PTR_NULL(metadata);
    HR(examine(text, NULL), E_INVALIDARG);
    SysFreeString(text);
}

static void test_identity(void)
{
    IVssExamineWriterMetadataEx2 *m = opened(FULL);
    VSS_ID instance;
    VSS_ID writer;
    BSTR name = NULL;
    BSTR instance_name = NULL;
    VSS_USAGE_TYPE usage;
    VSS_SOURCE_TYPE source;
    DWORD major = 1;
    DWORD minor = 1;
    HR(IVssExamineWriterMetadataEx2_GetIdentity(m, &instance, &writer, &name, &usage, &source),
       S_OK);
    string_is(name, L"A writer");
    CU_ASSERT_EQUAL(instance.Data1, 0x11111111);
    CU_ASSERT_EQUAL(writer.Data1, 0xAAAAAAAA);
    CU_ASSERT_EQUAL(usage, VSS_UT_SYSTEMSERVICE);
    CU_ASSERT_EQUAL(source, VSS_ST_TRANSACTEDDB);
    HR(IVssExamineWriterMetadataEx2_GetIdentityEx(m, &instance, &writer, &name, &instance_name,
                                                  &usage, &source),
       S_OK);
    string_is(name, L"A writer");
    string_is(instance_name, L"one");
    HR(IVssExamineWriterMetadataEx2_GetVersion(m, &major, &minor), S_OK);
    CU_ASSERT_EQUAL(major, 7);
    CU_ASSERT_EQUAL(minor, 8);
    for (unsigned missing = 0; missing < 6; missing++) {
        BSTR one = (BSTR)(void *)m;
        BSTR two = (BSTR)(void *)m;
        HR(IVssExamineWriterMetadataEx2_GetIdentityEx(
               m, missing == 0 ? NULL : &instance, missing == 1 ? NULL : &writer,
               missing == 2 ? NULL : &one, missing == 3 ? NULL : &two, missing == 4 ? NULL : &usage,
               missing == 5 ? NULL : &source),
           E_INVALIDARG);
        CU_ASSERT_TRUE(missing == 2 || one == NULL);
        CU_ASSERT_TRUE(missing == 3 || two == NULL);
        if (missing != 3) {
            one = (BSTR)(void *)m;
            HR(IVssExamineWriterMetadataEx2_GetIdentity(
                   m, missing == 0 ? NULL : &instance, missing == 1 ? NULL : &writer,
                   missing == 2 ? NULL : &one, missing == 4 ? NULL : &usage,
                   missing == 5 ? NULL : &source),
               E_INVALIDARG);
            CU_ASSERT_TRUE(missing == 2 || one == NULL);
        }
    }
    HR(IVssExamineWriterMetadataEx2_GetVersion(m, NULL, &minor), E_INVALIDARG);
    HR(IVssExamineWriterMetadataEx2_GetVersion(m, &major, NULL), E_INVALIDARG);
    IVssExamineWriterMetadataEx2_Release(m);

    m = opened(MINIMAL);
    HR(IVssExamineWriterMetadataEx2_GetIdentityEx(m, &instance, &writer, &name, &instance_name,
                                                  &usage, &source),
       S_OK);
    string_is(name, L"n");
    string_is(instance_name, NULL);
    CU_ASSERT_EQUAL(usage, VSS_UT_UNDEFINED);
    CU_ASSERT_EQUAL(source, VSS_ST_UNDEFINED);
    HR(IVssExamineWriterMetadataEx2_GetVersion(m, &major, &minor), S_OK);
    CU_ASSERT_EQUAL(major | minor, 0);
    IVssExamineWriterMetadataEx2_Release(m);
}

static void test_file_lists(void)
{
    IVssExamineWriterMetadataEx2 *m = opened(FULL);
    UINT includes = 9;
    UINT excludes = 9;
    UINT components = 9;
    UINT count = 9;
    IVssWMFiledesc *file = NULL;
    HR(IVssExamineWriterMetadataEx2_GetFileCounts(m, &includes, &excludes, &components), S_OK);
    CU_ASSERT_EQUAL(includes, 1);
    CU_ASSERT_EQUAL(excludes, 2);
    CU_ASSERT_EQUAL(components, 2);
    HR(IVssExamineWriterMetadataEx2_GetFileCounts(m, NULL, &excludes, &components), E_INVALIDARG);
    HR(IVssExamineWriterMetadataEx2_GetFileCounts(m, &includes, NULL, &components), E_INVALIDARG);
    HR(IVssExamineWriterMetadataEx2_GetFileCounts(m, &includes, &excludes, NULL), E_INVALIDARG);
    HR(IVssExamineWriterMetadataEx2_GetExcludeFile(m, 0, &file), S_OK);
    file_is(file, L"e", L"1", false, NULL, 0);
    HR(IVssExamineWriterMetadataEx2_GetExcludeFile(m, 1, &file), S_OK);
    file_is(file, L"e", L"2", true, NULL, 0);
    HR(IVssExamineWriterMetadataEx2_GetIncludeFile(m, 0, &file), S_OK);
    file_is(file, L"i", L"3", false, NULL, 0);
    HR(IVssExamineWriterMetadataEx2_GetAlternateLocationMapping(m, 0, &file), S_OK);
    file_is(file, L"m", L"*", true, L"n", 0);
    HR(IVssExamineWriterMetadataEx2_GetExcludeFromSnapshotCount(m, &count), S_OK);
    CU_ASSERT_EQUAL(count, 1);
    HR(IVssExamineWriterMetadataEx2_GetExcludeFromSnapshotCount(m, NULL), E_INVALIDARG);
    HR(IVssExamineWriterMetadataEx2_GetExcludeFromSnapshotFile(m, 0, &file), S_OK);
    file_is(file, L"s", L"2", true, NULL, 0);
#define NOT_THERE(method, index, code)                                                             \
    file = (IVssWMFiledesc *)(void *)m;                                                            \
    HR(IVssExamineWriterMetadataEx2_##method(m, index, &file), code);                              \
    CU_ASSERT_PTR_NULL(file);                                                                      \
    HR(IVssExamineWriterMetadataEx2_##method(m, 0, NULL), E_INVALIDARG)
    NOT_THERE(GetExcludeFile, 2, VSS_E_OBJECT_NOT_FOUND);
    NOT_THERE(GetExcludeFile, 0xFFFFFFFF, VSS_E_OBJECT_NOT_FOUND);
    NOT_THERE(GetIncludeFile, 1, VSS_E_OBJECT_NOT_FOUND);
    NOT_THERE(GetAlternateLocationMapping, 1, VSS_E_OBJECT_NOT_FOUND);
    NOT_THERE(GetExcludeFromSnapshotFile, 1, E_INVALIDARG);
    IVssExamineWriterMetadataEx2_Release(m);
}

static void test_restore_method(void)
{
    IVssExamineWriterMetadataEx2 *m = opened(FULL);
    VSS_RESTOREMETHOD_ENUM method;
    VSS_WRITERRESTORE_ENUM writer;
    BSTR service = NULL;
    BSTR procedure = NULL;
    boolean reboot = 9;
    UINT mappings = 9;
    DWORD mask = 9;
#define RESTORE_METHOD                                                                             \
    IVssExamineWriterMetadataEx2_GetRestoreMethod(m, &method, &service, &procedure, &writer,       \
                                                  &reboot, &mappings)
    HR(RESTORE_METHOD, S_OK);
    CU_ASSERT_EQUAL(method, VSS_RME_STOP_RESTORE_START);
    CU_ASSERT_EQUAL(writer, VSS_WRE_NEVER);
    CU_ASSERT_EQUAL(reboot, TRUE);
    CU_ASSERT_EQUAL(mappings, 1);
    string_is(service, L"svc");
    string_is(procedure, L"u");
    for (unsigned missing = 0; missing < 6; missing++) {
        service = procedure = (BSTR)(void *)m;
        HR(IVssExamineWriterMetadataEx2_GetRestoreMethod(
               m, missing == 0 ? NULL : &method, missing == 1 ? NULL : &service,
               missing == 2 ? NULL : &procedure, missing == 3 ? NULL : &writer,
               missing == 4 ? NULL : &reboot, missing == 5 ? NULL : &mappings),
           E_INVALIDARG);
        CU_ASSERT_TRUE(missing == 1 || service == NULL);
        CU_ASSERT_TRUE(missing == 2 || procedure == NULL);
    }
    HR(IVssExamineWriterMetadataEx2_GetBackupSchema(m, &mask), S_OK);
    CU_ASSERT_EQUAL(mask, 881);
    HR(IVssExamineWriterMetadataEx2_GetBackupSchema(m, NULL), E_INVALIDARG);
    IVssExamineWriterMetadataEx2_Release(m);

    m = opened(MINIMAL);
    HR(RESTORE_METHOD, S_FALSE);
    CU_ASSERT_EQUAL(method, VSS_RME_UNDEFINED);
    CU_ASSERT_EQUAL(writer, VSS_WRE_UNDEFINED);
    CU_ASSERT_EQUAL(reboot, FALSE);
    CU_ASSERT_EQUAL(mappings, 0);
    string_is(service, NULL);
    string_is(procedure, NULL);
    HR(IVssExamineWriterMetadataEx2_GetBackupSchema(m, &mask), S_OK);
    CU_ASSERT_EQUAL(mask, VSS_BS_UNDEFINED);
    IVssExamineWriterMetadataEx2_Release(m);
}

/* What SaveAsXML gives opens an equal document; what the reader does not know stays in it. */
static void test_save(void)
{
    IVssExamineWriterMetadataEx2 *m = opened(FULL);
    BSTR first = NULL;
    BSTR second = NULL;
    HR(IVssExamineWriterMetadataEx2_SaveAsXML(m, NULL), E_INVALIDARG);
    HR(IVssExamineWriterMetadataEx2_SaveAsXML(m, &first), S_OK);
    IVssExamineWriterMetadataEx2_Release(m);
    CU_ASSERT_PTR_NOT_NULL_FATAL(first);
    CU_ASSERT_PTR_EQUAL(
        wcsstr(first, L"<WRITER_METADATA xmlns=\"x-schema:#VssWriterMetadataInfo\""), first);
    m = opened(first);
    HR(IVssExamineWriterMetadataEx2_SaveAsXML(m, &second), S_OK);
    IVssExamineWriterMetadataEx2_Release(m);
    string_is(second, first);
    SysFreeString(first);

    m = opened(L"<WRITER_METADATA "
               L"later='1'><"
               L"IDENTIFICATION"
               L" " IDS L" friendlyName='n'/><LATER a='&#10;'><B/></LATER></WRITER_METADATA>");
    HR(IVssExamineWriterMetadataEx2_SaveAsXML(m, &first), S_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(first);
    CU_ASSERT_PTR_NOT_NULL(wcsstr(first, L" later=\"1\""));
    CU_ASSERT_PTR_NOT_NULL(wcsstr(first, L"<LATER a=\"&#10;\"><B/></LATER>"));
    SysFreeString(first);
    IVssExamineWriterMetadataEx2_Release(m);
}

/* The document of MSXML, which wants COM on the thread. */
static void test_document_object(void)
{
    IVssExamineWriterMetadataEx2 *m = opened(FULL);
    IXMLDOMDocument *document = (IXMLDOMDocument *)(void *)m;
    HR(IVssExamineWriterMetadataEx2_GetDocument(m, NULL), E_INVALIDARG);
    HR(IVssExamineWriterMetadataEx2_GetDocument(m, &document), VSS_E_UNEXPECTED);
    CU_ASSERT_PTR_NULL(document);
    HR(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK);
    HR(IVssExamineWriterMetadataEx2_GetDocument(m, &document), S_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(document);
    IXMLDOMElement *root = NULL;
    BSTR name = NULL;
    HR(IXMLDOMDocument_get_documentElement(document, &root), S_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(root);
    HR(IXMLDOMElement_get_tagName(root, &name), S_OK);
    string_is(name, L"WRITER_METADATA");
    IXMLDOMElement_Release(root);
    IXMLDOMDocument_Release(document);
    CoUninitialize();
    CU_ASSERT_EQUAL(IVssExamineWriterMetadataEx2_Release(m), 0);
}

static HRESULT has(IVssExamineWriterMetadataEx2 *m, const IID *iid)
{
    IUnknown *found = (IUnknown *)(void *)m;
    const HRESULT code = IVssExamineWriterMetadataEx2_QueryInterface(m, iid, (void **)&found);
    if (FAILED(code)) {
        return found == NULL ? code : E_FAIL;
    }
    IUnknown_Release(found);
    return (void *)found == (void *)m ? code : E_FAIL;
}

static void test_interfaces(void)
{
    IVssExamineWriterMetadataEx2 *m = opened(MINIMAL);
    HR(has(m, &IID_IUnknown), S_OK);
    HR(has(m, &IID_IVssExamineWriterMetadata), S_OK);
    HR(has(m, &IID_IVssExamineWriterMetadataEx), S_OK);
    HR(has(m, &IID_IVssExamineWriterMetadataEx2), S_OK);
    HR(has(m, &IID_IVssBackupComponents), E_NOINTERFACE);
    HR(has(m, &GUID_NULL), E_NOINTERFACE);
    HR(IVssExamineWriterMetadataEx2_QueryInterface(m, &IID_IUnknown, NULL), E_POINTER);
    SetEnvironmentVariableW(L"VSSREF_WINDOWS", L"5.2");
    HR(has(m, &IID_IVssExamineWriterMetadata), S_OK);
    HR(has(m, &IID_IVssExamineWriterMetadataEx), E_NOINTERFACE);
    HR(has(m, &IID_IVssExamineWriterMetadataEx2), E_NOINTERFACE);
    SetEnvironmentVariableW(L"VSSREF_WINDOWS", NULL);
    CU_ASSERT_EQUAL(IVssExamineWriterMetadataEx2_Release(m), 0);
}

/* What is exported but left out says so, and hands out nothing. */
static void test_absent_functions(void)
{
    HRESULT(WINAPI * express)
    (IUnknown * *out) = (void *)ref_export(ref.module, "CreateVssExpressWriterInternal");
    HRESULT(WINAPI * provider)
    (VSS_ID id, IID iid, IUnknown * *out) =
        (void *)ref_export(ref.module, "GetProviderMgmtInterface");
    HRESULT(WINAPI * class_object)
    (REFCLSID id, REFIID iid, void **out) = (void *)ref_export(ref.module, "DllGetClassObject");
    IUnknown *out = (IUnknown *)(void *)&ref;
    HR(express(&out), E_NOTIMPL);
    CU_ASSERT_PTR_NULL(out);
    HR(express(NULL), E_INVALIDARG);
    out = (IUnknown *)(void *)&ref;
    HR(provider(GUID_NULL, IID_IUnknown, &out), E_NOTIMPL);
    CU_ASSERT_PTR_NULL(out);
    HR(provider(GUID_NULL, IID_IUnknown, NULL), E_INVALIDARG);
    out = (IUnknown *)(void *)&ref;
    HR(class_object(&GUID_NULL, &IID_IUnknown, (void **)&out), CLASS_E_CLASSNOTAVAILABLE);
    CU_ASSERT_PTR_NULL(out);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"texts good and bad", test_texts},
        {"identity", test_identity},
        {"lists of files", test_file_lists},
        {"restore method and schema", test_restore_method},
        {"saved and opened again", test_save},
        {"document object", test_document_object},
        {"interfaces", test_interfaces},
        {"functions left out", test_absent_functions},
        CU_TEST_INFO_NULL,
    };
    metadata_load();
    return cu_run("reference: writer metadata, read", tests);
}
