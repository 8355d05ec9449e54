/* The reference clone's writer metadata: the builder, by itself and read again. */
#include "pe_ref_inner.h"
#include "ref_metadata.h"
#include "ref_xml.h"

static const GUID other_writer = {
    0x01234567, 0x89AB, 0xCDEF, {0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF}};

static struct writer_identity identity = {
    .instance = {0x11111111, 0x2222, 0x3333, {0x44, 0x44, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55}},
    .writer = {0xAAAAAAAA, 0xBBBB, 0xCCCC, {0xDD, 0xDD, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE}},
    .name = L"Writer & <Co>",
    .instance_name = L"first",
    .major = 3,
    .minor = 4000000000,
    .usage = VSS_UT_USERDATA,
    .source = VSS_ST_TRANSACTEDDB,
};

static struct metadata_builder *builder;
static IVssCreateWriterMetadataEx *create;

static void begin(void)
{
    builder = metadata_builder_new(&identity);
    CU_ASSERT_PTR_NOT_NULL_FATAL(builder);
    create = (IVssCreateWriterMetadataEx *)metadata_builder_interface(builder);
}

static void end(void)
{
    metadata_builder_free(builder);
    CU_ASSERT_EQUAL(mem_live(), 0);
}

static HRESULT add_component(VSS_COMPONENT_TYPE type, const WCHAR *path, const WCHAR *name)
{
    return IVssCreateWriterMetadataEx_AddComponent(create, type, path, name, NULL, NULL, 0, FALSE,
                                                   FALSE, FALSE, FALSE, 0);
}

static HRESULT set_restore(VSS_RESTOREMETHOD_ENUM method, const WCHAR *service)
{
    return IVssCreateWriterMetadataEx_SetRestoreMethod(create, method, service, NULL,
                                                       VSS_WRE_ALWAYS, TRUE);
}

/* The text says what was said, in this form. */
static void test_document(void)
{
    static const WCHAR wanted[] =
        L"<WRITER_METADATA xmlns=\"x-schema:#VssWriterMetadataInfo\" version=\"1.2\" "
        L"backupSchema=\"881\">"
        L"<IDENTIFICATION writerId=\"aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee\" "
        L"instanceId=\"11111111-2222-3333-4444-555555555555\" "
        L"friendlyName=\"Writer &amp; &lt;Co&gt;\" instanceName=\"first\" usage=\"USER_DATA\" "
        L"dataSource=\"TRANSACTION_DB\" majorVersion=\"3\" minorVersion=\"4000000000\"/>"
        L"<RESTORE_METHOD method=\"STOP_RESTORE_START\" writerRestore=\"always\" "
        L"rebootRequired=\"yes\" service=\"svc\">"
        L"<ALTERNATE_LOCATION_MAPPING path=\"C:\\f\" filespec=\"*\" alternatePath=\"E:\\f\" "
        L"recursive=\"no\"/></RESTORE_METHOD>"
        L"<BACKUP_LOCATIONS>"
        L"<EXCLUDE_FILES path=\"%x%\" filespec=\"*.tmp\" recursive=\"yes\"/>"
        L"<FILE_GROUP logicalPath=\"a\\b\" componentName=\"g\" caption=\"c\" icon=\"0aff\" "
        L"restoreMetadata=\"no\" notifyOnBackupComplete=\"no\" selectable=\"yes\" "
        L"selectableForRestore=\"no\" componentFlags=\"4\">"
        L"<FILE_LIST path=\"C:\\f\" filespec=\"*\" alternatePath=\"D:\\f\" recursive=\"no\" "
        L"filespecBackupType=\"3855\"/>"
        L"<DEPENDENCY onWriterId=\"01234567-89ab-cdef-0123-456789abcdef\" "
        L"componentName=\"n\"/></FILE_GROUP>"
        L"<EXCLUDE_FILES_FROM_SNAPSHOT path=\"C:\\s\" filespec=\"?\" recursive=\"no\"/>"
        L"</BACKUP_LOCATIONS>"
        L"</WRITER_METADATA>";
    static const BYTE icon[] = {0x0A, 0xFF};
    BSTR text = NULL;
    begin();
    HR(IVssCreateWriterMetadataEx_SetBackupSchema(create, 881), S_OK);
    HR(IVssCreateWriterMetadataEx_AddExcludeFiles(create, L"%x%", L"*.tmp", TRUE), S_OK);
    HR(IVssCreateWriterMetadataEx_AddComponent(create, VSS_CT_FILEGROUP, L"a\\b", L"g", L"c", icon,
                                               2, FALSE, FALSE, TRUE, FALSE,
                                               VSS_CF_NOT_SYSTEM_STATE),
       S_OK);
    HR(IVssCreateWriterMetadataEx_AddFilesToFileGroup(create, L"a\\b", L"g", L"C:\\f", L"*", FALSE,
                                                      L"D:\\f", 0xF0F),
       S_OK);
    HR(IVssCreateWriterMetadataEx_AddComponentDependency(create, L"a\\b", L"g", other_writer, NULL,
                                                         L"n"),
       S_OK);
    HR(IVssCreateWriterMetadataEx_AddExcludeFilesFromSnapshot(create, L"C:\\s", L"?", FALSE), S_OK);
    HR(set_restore(VSS_RME_CUSTOM, NULL), S_OK);
    HR(IVssCreateWriterMetadataEx_AddAlternateLocationMapping(create, L"C:\\f", L"*", FALSE,
                                                              L"E:\\f"),
       S_OK);
    HR(set_restore(VSS_RME_STOP_RESTORE_START, L"svc"), S_OK);
    HR(IVssCreateWriterMetadataEx_SaveAsXML(create, &text), S_OK);
    TEXT_EQUAL(text, wanted);
    SysFreeString(text);
    HR(IVssCreateWriterMetadataEx_SaveAsXML(create, NULL), E_INVALIDARG);
    HR(IVssCreateWriterMetadataEx_GetDocument(create, NULL), E_INVALIDARG);
    end();
}

static void test_components(void)
{
    static const struct {
        VSS_COMPONENT_TYPE type;
        const WCHAR *path, *name;
        HRESULT code;
    } calls[] = {
        {VSS_CT_FILEGROUP, NULL, L"a", S_OK},
        {VSS_CT_FILEGROUP, L"", L"a", VSS_E_OBJECT_ALREADY_EXISTS},
        {VSS_CT_DATABASE, NULL, L"a", VSS_E_OBJECT_ALREADY_EXISTS},
        {VSS_CT_DATABASE, L"p", L"a", S_OK},
        {VSS_CT_FILEGROUP, L"p", L"b", S_OK},
        {VSS_CT_FILEGROUP, L"any\\*?<>&\"", L"a", S_OK},
        {VSS_CT_UNDEFINED, NULL, L"c", E_INVALIDARG},
        {(VSS_COMPONENT_TYPE)3, NULL, L"c", E_INVALIDARG},
        {VSS_CT_FILEGROUP, NULL, NULL, E_INVALIDARG},
        {VSS_CT_FILEGROUP, NULL, L"", E_INVALIDARG},
        {VSS_CT_FILEGROUP, NULL, L"a\\b", E_INVALIDARG},
        {VSS_CT_FILEGROUP, NULL, L"\x01", E_INVALIDARG},
        {VSS_CT_FILEGROUP, L"\xD800", L"d", E_INVALIDARG},
    };
    begin();
    for (size_t i = 0; i < ARRAY_LENGTH(calls); i++) {
        HR(add_component(calls[i].type, calls[i].path, calls[i].name), calls[i].code);
    }
    HR(IVssCreateWriterMetadataEx_AddComponent(create, VSS_CT_FILEGROUP, NULL, L"e", L"\x02", NULL,
                                               0, FALSE, FALSE, FALSE, FALSE, 0),
       E_INVALIDARG);
    /* An icon of nowhere, or of nothing, is none. */
    HR(IVssCreateWriterMetadataEx_AddComponent(create, VSS_CT_FILEGROUP, NULL, L"e", NULL, NULL, 9,
                                               FALSE, FALSE, FALSE, FALSE, 0),
       S_OK);
    const struct node *document = metadata_builder_document(builder);
    CU_ASSERT_PTR_NOT_NULL(metadata_component(document, VSS_CT_DATABASE, L"p", L"a"));
    CU_ASSERT_PTR_NOT_NULL(metadata_component(document, VSS_CT_UNDEFINED, L"p", L"a"));
    CU_ASSERT_PTR_NULL(metadata_component(document, VSS_CT_FILEGROUP, L"p", L"a"));
    CU_ASSERT_PTR_NULL(metadata_component(document, VSS_CT_FILEGROUP, NULL, L"c"));
    end();
}

/* Each call that takes a path and a file specification, on a component that is there. */
enum adder { INCLUDE, EXCLUDE, FROM_SNAPSHOT, FILES, DATABASE, LOG, MAPPING, ADDER_COUNT };

static HRESULT add_files(enum adder adder, const WCHAR *path, const WCHAR *filespec)
{
    switch (adder) {
    case INCLUDE:
        return IVssCreateWriterMetadataEx_AddIncludeFiles(create, path, filespec, TRUE, NULL);
    case EXCLUDE:
        return IVssCreateWriterMetadataEx_AddExcludeFiles(create, path, filespec, TRUE);
    case FROM_SNAPSHOT:
        return IVssCreateWriterMetadataEx_AddExcludeFilesFromSnapshot(create, path, filespec, TRUE);
    case FILES:
        return IVssCreateWriterMetadataEx_AddFilesToFileGroup(create, NULL, L"g", path, filespec,
                                                              TRUE, NULL, 1);
    case DATABASE:
        return IVssCreateWriterMetadataEx_AddDatabaseFiles(create, L"p", L"d", path, filespec, 1);
    case LOG:
        return IVssCreateWriterMetadataEx_AddDatabaseLogFiles(create, L"p", L"d", path, filespec,
                                                              1);
    default:
        return IVssCreateWriterMetadataEx_AddAlternateLocationMapping(create, path, filespec, TRUE,
                                                                      L"D:\\");
    }
}

static void test_file_arguments(void)
{
    static const struct {
        const WCHAR *path, *filespec;
        HRESULT code;
    } calls[] = {
        {L"C:\\x", L"*.*", S_OK},
        {L"%SystemRoot%\\x\\", L"a?.b*", S_OK},
        {L"\\\\server\\share\\x", L"*", S_OK},
        {L"\\\\?\\C:\\x", L"*", S_OK},
        {L"", L"", S_OK},
        {NULL, L"*", E_INVALIDARG},
        {L"C:\\x", NULL, E_INVALIDARG},
        {NULL, NULL, E_INVALIDARG},
        {L"C:\\*", L"*", E_INVALIDARG},
        {L"C:\\?", L"*", E_INVALIDARG},
        {L"\\\\?\\C:\\?", L"*", E_INVALIDARG},
        {L"C:\\x", L"a\\b", E_INVALIDARG},
        {L"C:\\\x01", L"*", E_INVALIDARG},
        {L"C:\\x", L"\xDC00", E_INVALIDARG},
    };
    begin();
    HR(add_component(VSS_CT_FILEGROUP, NULL, L"g"), S_OK);
    HR(add_component(VSS_CT_DATABASE, L"p", L"d"), S_OK);
    HR(add_files(MAPPING, L"C:\\x", L"*"), VSS_E_OBJECT_NOT_FOUND);
    HR(set_restore(VSS_RME_RESTORE_IF_NOT_THERE, NULL), S_OK);
    for (size_t i = 0; i < ARRAY_LENGTH(calls); i++) {
        for (enum adder adder = INCLUDE; adder < ADDER_COUNT; adder++) {
            HR(add_files(adder, calls[i].path, calls[i].filespec), calls[i].code);
        }
    }
    HR(IVssCreateWriterMetadataEx_AddAlternateLocationMapping(create, L"C:\\", L"*", TRUE, NULL),
       E_INVALIDARG);
    HR(IVssCreateWriterMetadataEx_AddFilesToFileGroup(create, NULL, L"g", L"C:\\", L"*", TRUE,
                                                      L"\x03", 1),
       E_INVALIDARG);
    end();
}

/* The component of a file set: there, and of the right type. */
static void test_file_components(void)
{
    begin();
    HR(add_component(VSS_CT_FILEGROUP, NULL, L"g"), S_OK);
    HR(add_component(VSS_CT_DATABASE, NULL, L"d"), S_OK);
#define FILES_OF(path, name)                                                                       \
    IVssCreateWriterMetadataEx_AddFilesToFileGroup(create, path, name, L"C:", L"*", FALSE, NULL, 0)
#define DATABASE_OF(path, name)                                                                    \
    IVssCreateWriterMetadataEx_AddDatabaseFiles(create, path, name, L"C:", L"*", 0)
#define LOG_OF(path, name)                                                                         \
    IVssCreateWriterMetadataEx_AddDatabaseLogFiles(create, path, name, L"C:", L"*", 0)
    HR(FILES_OF(L"", L"g"), S_OK);
    HR(DATABASE_OF(NULL, L"d"), S_OK);
    HR(LOG_OF(NULL, L"d"), S_OK);
    HR(FILES_OF(NULL, L"d"), E_INVALIDARG);
    HR(DATABASE_OF(NULL, L"g"), E_INVALIDARG);
    HR(LOG_OF(NULL, L"g"), E_INVALIDARG);
    HR(FILES_OF(L"p", L"g"), VSS_E_OBJECT_NOT_FOUND);
    HR(DATABASE_OF(NULL, L"x"), VSS_E_OBJECT_NOT_FOUND);
    HR(LOG_OF(L"g", L"d"), VSS_E_OBJECT_NOT_FOUND);
    HR(FILES_OF(NULL, NULL), E_INVALIDARG);
    HR(DATABASE_OF(NULL, NULL), E_INVALIDARG);
    HR(LOG_OF(NULL, NULL), E_INVALIDARG);
    end();
}

static void test_dependencies(void)
{
    begin();
    HR(add_component(VSS_CT_FILEGROUP, L"p", L"g"), S_OK);
#define DEPENDS(path, name, writer, on_path, on_name)                                              \
    IVssCreateWriterMetadataEx_AddComponentDependency(create, path, name, writer, on_path, on_name)
    HR(DEPENDS(L"p", L"g", other_writer, L"\\\\far\\q", L"n"), S_OK);
    HR(DEPENDS(L"p", L"g", other_writer, NULL, L"n"), S_OK);
    HR(DEPENDS(NULL, L"g", other_writer, NULL, L"n"), VSS_E_OBJECT_NOT_FOUND);
    HR(DEPENDS(L"p", NULL, other_writer, NULL, L"n"), E_INVALIDARG);
    HR(DEPENDS(L"p", L"g", other_writer, NULL, NULL), E_INVALIDARG);
    HR(DEPENDS(L"p", L"g", identity.writer, NULL, L"n"), E_INVALIDARG);
    HR(DEPENDS(L"p", L"g", other_writer, L"\x04", L"n"), E_INVALIDARG);
    end();
}

static void test_restore_method(void)
{
    begin();
    for (int method = -1; method <= 9; method++) {
        HR(set_restore((VSS_RESTOREMETHOD_ENUM)method, L"s"),
           method >= 1 && method <= 8 ? S_OK : E_INVALIDARG);
    }
    for (int writer = -1; writer <= 4; writer++) {
        HR(IVssCreateWriterMetadataEx_SetRestoreMethod(create, VSS_RME_CUSTOM, NULL, NULL,
                                                       (VSS_WRITERRESTORE_ENUM)writer, FALSE),
           writer >= 1 && writer <= 3 ? S_OK : E_INVALIDARG);
    }
    HR(set_restore(VSS_RME_STOP_RESTORE_START, NULL), E_INVALIDARG);
    HR(set_restore(VSS_RME_RESTORE_STOP_START, NULL), E_INVALIDARG);
    HR(set_restore(VSS_RME_RESTORE_STOP_START, L"\x05"), E_INVALIDARG);
    end();
}

static void test_schema(void)
{
    static const struct {
        DWORD mask;
        HRESULT code;
    } calls[] = {
        {VSS_BS_UNDEFINED, S_OK},
        {VSS_BS_DIFFERENTIAL | VSS_BS_TIMESTAMPED, S_OK},
        {VSS_BS_INCREMENTAL | VSS_BS_LAST_MODIFY, S_OK},
        {0x7, S_OK},
        {0xF7FF, S_OK},
        {VSS_BS_LOG | VSS_BS_COPY | VSS_BS_LSN, S_OK},
        {VSS_BS_TIMESTAMPED, E_INVALIDARG},
        {VSS_BS_LAST_MODIFY | VSS_BS_COPY, E_INVALIDARG},
        {VSS_BS_EXCLUSIVE_INCREMENTAL_DIFFERENTIAL, E_INVALIDARG},
        {VSS_BS_EXCLUSIVE_INCREMENTAL_DIFFERENTIAL | VSS_BS_INCREMENTAL, E_INVALIDARG},
        {0x800, E_INVALIDARG},
        {0x10000, E_INVALIDARG},
        {0xFFFFFFFF, E_INVALIDARG},
    };
    begin();
    CU_ASSERT_EQUAL(metadata_schema(metadata_builder_document(builder)), 0);
    DWORD now = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(calls); i++) {
        HR(IVssCreateWriterMetadataEx_SetBackupSchema(create, calls[i].mask), calls[i].code);
        now = calls[i].code == S_OK ? calls[i].mask : now;
        CU_ASSERT_EQUAL(metadata_schema(metadata_builder_document(builder)), now);
    }
    end();
}

/* IVssCreateWriterMetadataEx has IUnknown as its second base. */
static void test_second_base(void)
{
    begin();
    IUnknown *unknown = (IUnknown *)(void *)((void **)(void *)create + 1);
    void *got = NULL;
    HR(IUnknown_QueryInterface(unknown, &IID_IVssCreateWriterMetadataEx, &got), S_OK);
    CU_ASSERT_PTR_EQUAL(got, create);
    HR(IUnknown_QueryInterface(unknown, &IID_IUnknown, &got), S_OK);
    CU_ASSERT_PTR_EQUAL(got, unknown);
    HR(IUnknown_QueryInterface(unknown, &GUID_NULL, &got), E_NOINTERFACE);
    CU_ASSERT_PTR_NULL(got);
    HR(IUnknown_QueryInterface(unknown, &IID_IUnknown, NULL), E_POINTER);
    CU_ASSERT_EQUAL(IUnknown_AddRef(unknown), 4);
    CU_ASSERT_EQUAL(IUnknown_Release(unknown), 3);
    end();
}

static void test_identity(void)
{
    static const struct {
        const WCHAR *name, *instance_name;
        VSS_USAGE_TYPE usage;
        VSS_SOURCE_TYPE source;
    } rows[] = {
        {L"", NULL, VSS_UT_UNDEFINED, VSS_ST_UNDEFINED},
        {L"a", L"", VSS_UT_BOOTABLESYSTEMSTATE, VSS_ST_TRANSACTEDDB},
        {L"b", L"i", VSS_UT_SYSTEMSERVICE, VSS_ST_NONTRANSACTEDDB},
        {L"c", NULL, VSS_UT_OTHER, VSS_ST_OTHER},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct writer_identity in = identity;
        struct writer_identity out;
        in.name = rows[i].name;
        in.instance_name = rows[i].instance_name;
        in.usage = rows[i].usage;
        in.source = rows[i].source;
        struct metadata_builder *made = metadata_builder_new(&in);
        CU_ASSERT_PTR_NOT_NULL_FATAL(made);
        CU_ASSERT_TRUE(metadata_identity(metadata_builder_document(made), &out));
        CU_ASSERT_TRUE(IsEqualGUID(&out.instance, &in.instance));
        CU_ASSERT_TRUE(IsEqualGUID(&out.writer, &in.writer));
        TEXT_EQUAL(out.name, in.name);
        TEXT_EQUAL(out.instance_name, in.instance_name != NULL && *in.instance_name != L'\0'
                                          ? in.instance_name
                                          : NULL);
        CU_ASSERT_EQUAL(out.usage, in.usage);
        CU_ASSERT_EQUAL(out.source, in.source);
        CU_ASSERT_EQUAL(out.major, in.major);
        CU_ASSERT_EQUAL(out.minor, in.minor);
        metadata_builder_free(made);
    }
}

static HRESULT build_all(void)
{
    static const BYTE icon[] = {1, 2, 3};
    builder = metadata_builder_new(&identity);
    if (builder == NULL) {
        return E_OUTOFMEMORY;
    }
    create = (IVssCreateWriterMetadataEx *)metadata_builder_interface(builder);
    BSTR text = NULL;
    HRESULT code = IVssCreateWriterMetadataEx_AddComponent(
        create, VSS_CT_FILEGROUP, NULL, L"g", L"c", icon, 3, FALSE, FALSE, FALSE, FALSE, 0);
    if (code == S_OK) {
        code = add_files(FILES, L"C:", L"*");
    }
    if (code == S_OK) {
        code = DEPENDS(NULL, L"g", other_writer, L"p", L"n");
    }
    if (code == S_OK) {
        code = set_restore(VSS_RME_STOP_RESTORE_START, L"s");
    }
    if (code == S_OK) {
        code = add_files(MAPPING, L"C:", L"*");
    }
    if (code == S_OK) {
        code = IVssCreateWriterMetadataEx_SetBackupSchema(create, VSS_BS_COPY);
    }
    if (code == S_OK) {
        code = IVssCreateWriterMetadataEx_SaveAsXML(create, &text);
    }
    CU_ASSERT_EQUAL(code == S_OK, text != NULL);
    SysFreeString(text);
    metadata_builder_free(builder);
    return code;
}

static void test_no_memory(void)
{
    CU_ASSERT_TRUE(inner_starve(build_all) > 50);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"the document", test_document},
        {"components", test_components},
        {"arguments of file sets", test_file_arguments},
        {"components of file sets", test_file_components},
        {"dependencies", test_dependencies},
        {"restore method", test_restore_method},
        {"backup schema", test_schema},
        {"second base", test_second_base},
        {"identity", test_identity},
        {"no memory", test_no_memory},
        CU_TEST_INFO_NULL,
    };
    return cu_run("reference: writer metadata, written", tests);
}
