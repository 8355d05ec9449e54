/* The file sets of a component set, found in writer metadata. */
#include "pe_ref_inner.h"
#include "ref_metadata_document.h"
#include "ref_metadata_search.h"
#include "ref_xml.h"

#define METADATA                                                                                   \
    L"<WRITER_METADATA><BACKUP_LOCATIONS>"                                                         \
    L"<DATABASE logicalPath=\"top\" componentName=\"db\"><DATABASE_FILES path=\"C:\\d\\\" "        \
    L"filespec=\"*.mdb\" recursive=\"no\"/><LOG_FILES path=\"C:\\l\" filespec=\"a.log\"/>"         \
    L"</DATABASE>"                                                                                 \
    L"<FILE_GROUP logicalPath=\"top\\db\" componentName=\"sub\"><FILE_LIST path=\"C:\\s\" "        \
    L"filespec=\"*\" recursive=\"yes\"/></FILE_GROUP>"                                             \
    L"<FILE_GROUP logicalPath=\"top\\db\\sub\" componentName=\"deep\"><FILE_LIST path=\"C:\\e\" "  \
    L"filespec=\"*\"/></FILE_GROUP>"                                                               \
    L"<FILE_GROUP logicalPath=\"top\\dbx\" componentName=\"other\"><FILE_LIST path=\"C:\\o\" "     \
    L"filespec=\"*\"/></FILE_GROUP>"                                                               \
    L"<FILE_GROUP componentName=\"top\"><FILE_LIST path=\"C:\\t\" filespec=\"*\"/></FILE_GROUP>"   \
    L"</BACKUP_LOCATIONS></WRITER_METADATA>"

static void test_file_sets(void)
{
    static const struct {
        const WCHAR *path, *name;
        struct file_set set;
        bool found;
    } rows[] = {
        {L"top", L"db", {L"C:\\d", L"*.mdb", false}, true},
        {L"top", L"db", {L"c:\\D\\", L"*.MDB", false}, true},
        {L"top", L"db", {L"C:\\d", L"*.mdb", true}, false},
        {L"top", L"db", {L"C:\\d", L"*.md", false}, false},
        {L"top", L"db", {L"C:\\", L"*.mdb", false}, false},
        {L"top", L"db", {L"C:\\l", L"a.log", false}, true},
        {L"top", L"db", {L"C:\\s", L"*", true}, true},
        {L"top", L"db", {L"C:\\e", L"*", false}, true},
        {L"top", L"db", {L"C:\\o", L"*", false}, false},
        {L"top", L"db", {L"C:\\t", L"*", false}, false},
        {L"top", L"db", {L"", L"", false}, false},
        {L"", L"top", {L"C:\\d", L"*.mdb", false}, true},
        {L"", L"top", {L"C:\\o", L"*", false}, true},
        {L"top\\db", L"sub", {L"C:\\d", L"*.mdb", false}, false},
        {L"top\\db", L"sub", {L"C:\\e", L"*", false}, true},
    };
    struct node *document = NULL;
    HR(xml_read(METADATA, wcslen(METADATA), METADATA_ROOT, &document), S_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(document);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        const struct node *component =
            metadata_component(document, VSS_CT_UNDEFINED, rows[i].path, rows[i].name);
        CU_ASSERT_PTR_NOT_NULL_FATAL(component);
        const bool found = metadata_has_file_set(document, component, &rows[i].set);
        if (found != rows[i].found) {
            fprintf(stderr, "row %u: %d\n", (unsigned)i, found);
        }
        CU_ASSERT_EQUAL(found, rows[i].found);
    }
    tree_free(document);
    CU_ASSERT_EQUAL(mem_live(), 0);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"file sets of a component", test_file_sets},
        CU_TEST_INFO_NULL,
    };
    return cu_run("reference, inside: search in metadata", tests);
}
