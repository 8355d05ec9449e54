/* The Backup Components Document: what is read, what is refused, and how parts and components are
 * found and changed. */
#include "pe_ref_inner.h"
#include "ref_backup_document.h"
#include "ref_backup_names.h"

static const VSS_ID one = {1, 0, 0, {0}};
static const VSS_ID two = {2, 0, 0, {0}};
static const VSS_ID three = {3, 0, 0, {0}};

static HRESULT read(const WCHAR *text, struct node **document)
{
    BSTR copy = SysAllocString(text);
    const HRESULT code = backup_document_read(copy, document);
    SysFreeString(copy);
    return code;
}

/* ---- the form ---- */

#define ID_1 L"00000001-0000-0000-0000-000000000000"
#define ID_2 L"00000002-0000-0000-0000-000000000000"
#define ROOT(inside) L"<BACKUP_COMPONENTS>" inside L"</BACKUP_COMPONENTS>"
#define WRITER(inside)                                                                             \
    ROOT(L"<WRITER_COMPONENTS "                                                                    \
         L"instanceId=\"" ID_1 L"\" writerId=\"" ID_2 L"\">" inside L"</WRITER_COMPONENTS>")
#define COMPONENT(attributes, inside)                                                              \
    WRITER(L"<COMPONENT componentName=\"x\" "                                                      \
           L"componentType=\"database\" " attributes L">" inside L"</COMPONENT>")

static void test_form(void)
{
    static const WCHAR *const good[] = {
        L"<BACKUP_COMPONENTS/>",
        L"<BACKUP_COMPONENTS backupType=\"copy\" restoreType=\"import\" selectComponents=\"yes\" "
        L"unknown=\"x\"/>",
        ROOT(L"<COMPONENT/><SNAPSHOT_SET_DESCRIPTION/><STRANGE><WRITER_COMPONENTS/></STRANGE>"),
        WRITER(L""),
        WRITER(L"<PARTIAL_FILE/>"),
        COMPONENT(L"", L""),
        COMPONENT(L"backupSucceeded=\"no\" restoreTarget=\"directed\" failure=\"-2147212305\"",
                  L"<COMPONENT/><PARTIAL_FILE path=\"\" filespec=\"\" ranges=\"\"/>"),
    };
    static const WCHAR *const bad[] = {
        L"",
        L"<WRITER_METADATA/>",
        L"<BACKUP_COMPONENTS backupType=\"Full\"/>",
        L"<BACKUP_COMPONENTS restoreType=\"1\"/>",
        L"<BACKUP_COMPONENTS selectComponents=\"true\"/>",
        L"<BACKUP_COMPONENTS bootableSystemStateBackup=\"\"/>",
        L"<BACKUP_COMPONENTS partialFileSupport=\"YES\"/>",
        ROOT(L"<WRITER_COMPONENTS/>"),
        ROOT(L"<WRITER_COMPONENTS instanceId=\"" ID_1 L"\"/>"),
        ROOT(L"<WRITER_COMPONENTS writerId=\"" ID_1 L"\"/>"),
        ROOT(L"<WRITER_COMPONENTS instanceId=\"1\" writerId=\"" ID_1 L"\"/>"),
        WRITER(L"<COMPONENT/>"),
        WRITER(L"<COMPONENT componentName=\"x\"/>"),
        WRITER(L"<COMPONENT componentType=\"database\"/>"),
        WRITER(L"<COMPONENT componentName=\"x\" componentType=\"undefined\"/>"),
        WRITER(L"<COMPONENT componentName=\"x\" componentType=\"table\"/>"),
        COMPONENT(L"backupSucceeded=\"maybe\"", L""),
        COMPONENT(L"selectedForRestore=\"1\"", L""),
        COMPONENT(L"additionalRestores=\"x\"", L""),
        COMPONENT(L"authoritativeRestore=\"x\"", L""),
        COMPONENT(L"restoreTarget=\"5\"", L""),
        COMPONENT(L"fileRestoreStatus=\"some\"", L""),
        COMPONENT(L"rollForwardType=\"some\"", L""),
        COMPONENT(L"failure=\"0x80042301\"", L""),
        COMPONENT(L"", L"<PARTIAL_FILE path=\"x\" filespec=\"y\"/>"),
        COMPONENT(L"", L"<DIFFERENCED_FILE path=\"x\" filespec=\"y\" recursive=\"z\"/>"),
        COMPONENT(L"", L"<DIFFERENCED_FILE path=\"x\" filespec=\"y\" lastModifyTime=\"z\"/>"),
        COMPONENT(L"", L"<DIRECTED_TARGET sourcePath=\"x\"/>"),
        COMPONENT(L"", L"<ALTERNATE_LOCATION_MAPPING path=\"x\" filespec=\"y\"/>"),
        COMPONENT(L"", L"<NEW_TARGET path=\"x\" alternatePath=\"y\"/>"),
        COMPONENT(L"", L"<RESTORE_SUBCOMPONENT componentName=\"x\"/>"),
    };
    for (size_t i = 0; i < ARRAY_LENGTH(good); i++) {
        struct node *document = NULL;
        HR(read(good[i], &document), S_OK);
        tree_free(document);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        struct node *document = (struct node *)(void *)&one;
        const HRESULT code = read(bad[i], &document);
        if (code != VSS_E_INVALID_XML_DOCUMENT) {
            fprintf(stderr, "bad document %u: 0x%08lX\n", (unsigned)i, (unsigned long)code);
        }
        CU_ASSERT_EQUAL(code, VSS_E_INVALID_XML_DOCUMENT);
        CU_ASSERT_PTR_NULL(document);
    }
    CU_ASSERT_EQUAL(mem_live(), 0);
}

/* Every beginning of a document is refused, and every document with a character too much in it does
 * no harm. */
static void test_mangled(void)
{
    static const WCHAR whole[] =
        COMPONENT(L"failure=\"-1\"", L"<PARTIAL_FILE path=\"a\" filespec=\"b\" ranges=\"c\"/>");
    static const WCHAR strange[] = L"<>\"&/\x0001\xD800 x";
    const size_t length = wcslen(whole);
    WCHAR text[ARRAY_LENGTH(whole)];
    struct node *document;
    for (size_t i = 0; i < length; i++) {
        CopyMemory(text, whole, sizeof(whole));
        text[i] = L'\0';
        HR(read(text, &document), VSS_E_INVALID_XML_DOCUMENT);
        for (size_t j = 0; j < ARRAY_LENGTH(strange) - 1; j++) {
            text[i] = strange[j];
            const HRESULT code = read(text, &document);
            CU_ASSERT_TRUE(code == S_OK || code == VSS_E_INVALID_XML_DOCUMENT);
            tree_free(document);
        }
    }
    CU_ASSERT_EQUAL(mem_live(), 0);
}

/* ---- what is in it ---- */

static void test_state(void)
{
    const struct backup_state states[] = {
        {true, false, true, VSS_BT_OTHER, VSS_RTYPE_UNDEFINED},
        {false, true, false, VSS_BT_UNDEFINED, VSS_RTYPE_OTHER},
    };
    struct node *document = backup_document_new();
    CU_ASSERT_PTR_NOT_NULL_FATAL(document);
    for (size_t i = 0; i < ARRAY_LENGTH(states); i++) {
        struct backup_state state;
        CU_ASSERT_TRUE(backup_document_set_state(document, &states[i]));
        backup_document_get_state(document, &state);
        CU_ASSERT_EQUAL(state.select_components, states[i].select_components);
        CU_ASSERT_EQUAL(state.bootable_state, states[i].bootable_state);
        CU_ASSERT_EQUAL(state.partial_files, states[i].partial_files);
        CU_ASSERT_EQUAL(state.type, states[i].type);
        CU_ASSERT_EQUAL(state.restore_type, states[i].restore_type);
    }
    tree_free(document);

    struct backup_state state;
    HR(read(L"<BACKUP_COMPONENTS/>", &document), S_OK);
    backup_document_get_state(document, &state);
    CU_ASSERT_FALSE(state.select_components);
    CU_ASSERT_EQUAL(state.type, VSS_BT_UNDEFINED);
    tree_free(document);
    CU_ASSERT_EQUAL(mem_live(), 0);
}

static void test_components(void)
{
    struct node *d = backup_document_new();
    CU_ASSERT_PTR_NOT_NULL_FATAL(d);
    HR(backup_document_add(d, &one, &two, VSS_CT_DATABASE, L"p", L"x"), S_OK);
    HR(backup_document_add(d, &one, &two, VSS_CT_DATABASE, L"p", L"x"),
       VSS_E_OBJECT_ALREADY_EXISTS);
    /* Of whatever type: path and name alone are unique within an instance. */
    HR(backup_document_add(d, &one, &two, VSS_CT_FILEGROUP, L"p", L"x"),
       VSS_E_OBJECT_ALREADY_EXISTS);
    HR(backup_document_add(d, &one, &two, VSS_CT_FILEGROUP, NULL, L"x"), S_OK);
    HR(backup_document_add(d, &one, &two, VSS_CT_FILEGROUP, L"", L"x"),
       VSS_E_OBJECT_ALREADY_EXISTS);
    HR(backup_document_add(d, &three, &two, VSS_CT_DATABASE, L"p", L"x"), S_OK);
    CU_ASSERT_EQUAL(tree_count(d, EL_PART), 2);

    struct node *part = backup_document_part(d, &one, &two);
    CU_ASSERT_PTR_NOT_NULL_FATAL(part);
    CU_ASSERT_PTR_EQUAL(backup_document_part(d, &GUID_NULL, &two), part);
    CU_ASSERT_PTR_NULL(backup_document_part(d, &two, &two));
    CU_ASSERT_PTR_NULL(backup_document_part(d, &one, &one));
    CU_ASSERT_PTR_NULL(backup_document_component(part, VSS_CT_DATABASE, NULL, L"x"));
    CU_ASSERT_PTR_NULL(backup_document_component(part, VSS_CT_FILEGROUP, L"p", L"x"));
    struct node *x = backup_document_component(part, VSS_CT_FILEGROUP, L"", L"x");
    CU_ASSERT_PTR_NOT_NULL_FATAL(x);
    CU_ASSERT_PTR_EQUAL(backup_document_find(d, &two, VSS_CT_FILEGROUP, NULL, L"x"), x);
    CU_ASSERT_PTR_NULL(backup_document_find(d, &one, VSS_CT_FILEGROUP, NULL, L"x"));

    /* Moved away one by one, the part goes with the last. */
    CU_ASSERT_TRUE(backup_document_move(x, &one));
    CU_ASSERT_PTR_EQUAL(tree_parent(x), part);
    CU_ASSERT_TRUE(backup_document_move(x, &two));
    CU_ASSERT_EQUAL(tree_count(d, EL_PART), 3);
    CU_ASSERT_TRUE(backup_document_move(tree_child(part, EL_COMPONENT, 0), &two));
    CU_ASSERT_PTR_NULL(backup_document_part(d, &one, &two));
    CU_ASSERT_EQUAL(tree_count(backup_document_part(d, &two, &two), EL_COMPONENT), 2);

    /* A changed part takes the place of the old one; one that is new goes to the end. */
    struct node *changed = tree_clone(backup_document_part(d, &three, &two));
    CU_ASSERT_PTR_NOT_NULL_FATAL(changed);
    CU_ASSERT_TRUE(tree_set(changed, L"changed", L"yes"));
    backup_document_put_part(d, changed);
    CU_ASSERT_PTR_EQUAL(tree_child(d, EL_PART, 0), changed);
    struct node *other = tree_clone(changed);
    CU_ASSERT_PTR_NOT_NULL_FATAL(other);
    CU_ASSERT_TRUE(tree_set_guid(other, AT_INSTANCE, &one));
    backup_document_put_part(d, other);
    CU_ASSERT_EQUAL(tree_count(d, EL_PART), 3);
    CU_ASSERT_PTR_EQUAL(tree_child(d, EL_PART, 2), other);
    tree_free(d);
    CU_ASSERT_EQUAL(mem_live(), 0);
}

static void test_snapshots(void)
{
    const struct backup_snapshot snapshot = {.id = one,
                                             .provider = two,
                                             .volume = L"\\\\?\\Volume{x}\\",
                                             .origin = L"HOST",
                                             .attributes = 0x1A,
                                             .created = 7,
                                             .set_count = 2};
    struct node *d = backup_document_new();
    struct node *set = backup_document_new_set(&three, 9);
    CU_ASSERT_PTR_NOT_NULL_FATAL(d);
    CU_ASSERT_PTR_NOT_NULL_FATAL(set);
    CU_ASSERT_TRUE(backup_document_add_snapshot(set, &snapshot));
    backup_document_put_set(d, set);
    CU_ASSERT_PTR_EQUAL(tree_child(d, EL_SET, 0), set);
    TEXT_EQUAL(tree_get(set, AT_CONTEXT), L"0x00000009");
    TEXT_EQUAL(tree_get(tree_child(set, EL_SNAPSHOT, 0), AT_ATTRIBUTES), L"0x0000001a");
    TEXT_EQUAL(tree_get(tree_child(set, EL_SNAPSHOT, 0), AT_SNAPSHOT_ID), ID_1);
    struct backup_snapshot read;
    VSS_ID read_set;
    CU_ASSERT_FALSE(backup_document_get_snapshot(d, 1, &read_set, &read));
    CU_ASSERT_TRUE(backup_document_get_snapshot(d, 0, &read_set, &read));
    CU_ASSERT_TRUE(read.whole);
    CU_ASSERT_TRUE(IsEqualGUID(&read_set, &three));
    CU_ASSERT_TRUE(IsEqualGUID(&read.id, &one));
    CU_ASSERT_TRUE(IsEqualGUID(&read.provider, &two));
    CU_ASSERT_EQUAL(read.attributes, 0x1A);
    CU_ASSERT_EQUAL(read.created, 7);
    CU_ASSERT_EQUAL(read.set_count, 2);
    TEXT_EQUAL(read.origin, L"HOST");
    tree_set(tree_child(set, EL_SNAPSHOT, 0), AT_ATTRIBUTES, L"26");
    CU_ASSERT_TRUE(backup_document_get_snapshot(d, 0, &read_set, &read));
    CU_ASSERT_FALSE(read.whole);
    backup_document_put_set(d, backup_document_new_set(&one, 0));
    CU_ASSERT_EQUAL(tree_count(d, EL_SET), 1);
    backup_document_put_set(d, NULL);
    CU_ASSERT_EQUAL(tree_count(d, EL_SET), 0);
    tree_free(d);
    CU_ASSERT_EQUAL(mem_live(), 0);
}

/* Many components, saved and loaded. */
static void test_large(void)
{
    const unsigned parts = 100;
    const unsigned components = 200;
    struct node *d = backup_document_new();
    CU_ASSERT_PTR_NOT_NULL_FATAL(d);
    for (unsigned i = 0; i < parts; i++) {
        for (unsigned j = 0; j < components; j++) {
            const VSS_ID id = {i, 1, 0, {0}};
            WCHAR name[16];
            wsprintfW(name, L"name %u", j);
            HR(backup_document_add(d, &id, &one, VSS_CT_FILEGROUP, L"path", name), S_OK);
        }
    }
    BSTR first = NULL;
    BSTR second = NULL;
    struct node *loaded = NULL;
    HR(backup_document_write(d, &first), S_OK);
    tree_free(d);
    HR(backup_document_read(first, &loaded), S_OK);
    HR(backup_document_write(loaded, &second), S_OK);
    CU_ASSERT_EQUAL(wcscmp(first, second), 0);
    CU_ASSERT_PTR_NOT_NULL(
        backup_document_find(loaded, &one, VSS_CT_FILEGROUP, L"path", L"name 199"));
    tree_free(loaded);
    SysFreeString(first);
    SysFreeString(second);
    CU_ASSERT_EQUAL(mem_live(), 0);
}

/* ---- without memory ---- */

static HRESULT all(void)
{
    const struct backup_state state = {true, true, true, VSS_BT_LOG, VSS_RTYPE_OTHER};
    const struct backup_snapshot snapshot = {
        .id = one, .provider = two, .volume = L"x", .origin = L"HOST"};
    struct node *d = backup_document_new();
    struct node *set = d != NULL ? backup_document_new_set(&one, 0) : NULL;
    HRESULT code = E_OUTOFMEMORY;
    BSTR text = NULL;
    if (set != NULL && backup_document_add_snapshot(set, &snapshot)) {
        backup_document_put_set(d, set);
        set = NULL;
        code = backup_document_add(d, &one, &two, VSS_CT_DATABASE, L"p", L"x");
    }
    if (SUCCEEDED(code) &&
        !(backup_document_set_state(d, &state) &&
          backup_document_move(backup_document_find(d, &two, VSS_CT_DATABASE, L"p", L"x"),
                               &three))) {
        code = E_OUTOFMEMORY;
    }
    if (SUCCEEDED(code)) {
        code = backup_document_write(d, &text);
    }
    tree_free(set);
    tree_free(d);
    if (SUCCEEDED(code)) {
        code = backup_document_read(text, &d);
        tree_free(d);
    }
    SysFreeString(text);
    return code;
}

/* A state that cannot be set as a whole is not set at all. */
static void test_no_memory(void)
{
    const struct backup_state state = {true, true, true, VSS_BT_LOG, VSS_RTYPE_OTHER};
    CU_ASSERT_TRUE(inner_starve(all) > 40);
    struct node *d = backup_document_new();
    CU_ASSERT_PTR_NOT_NULL_FATAL(d);
    bool set = false;
    for (ULONG skip = 0; !set && skip < 100; skip++) {
        VssTestFail(L"alloc", E_OUTOFMEMORY, skip, 1);
        set = backup_document_set_state(d, &state);
        VssTestReset();
        if (!set) {
            struct backup_state now;
            backup_document_get_state(d, &now);
            CU_ASSERT_TRUE(!now.select_components && !now.bootable_state && !now.partial_files &&
                           now.type == VSS_BT_UNDEFINED && now.restore_type == VSS_RTYPE_UNDEFINED);
        }
    }
    CU_ASSERT_TRUE(set);
    tree_free(d);
    CU_ASSERT_EQUAL(mem_live(), 0);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"the form of a document", test_form}, {"mangled documents", test_mangled},
        {"the backup state", test_state},      {"parts and components", test_components},
        {"the snapshot set", test_snapshots},  {"a large document", test_large},
        {"no memory", test_no_memory},         CU_TEST_INFO_NULL,
    };
    return cu_run("reference, inside: Backup Components Document", tests);
}
