/* The reference clone: the Backup Components Document, and what it opens. */
#include "pe_reference.h"

static struct reference ref;

static void nothing_left(IVssBackupComponents *bc)
{
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    HR(ref_left(&ref), S_OK);
}

/* The document of a backup opens a restore and an import. */
static void test_document_and_restore(void)
{
    IVssBackupComponents *bc = ref_new(&ref);
    VSS_ID id;
    BSTR document = NULL;
    HR(ref_backup(bc, &id), S_OK);
    HR(IVssBackupComponents_SaveAsXML(bc, NULL), E_INVALIDARG);
    HR(IVssBackupComponents_SaveAsXML(bc, &document), S_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(document);
    CU_ASSERT_PTR_NOT_NULL(wcsstr(document, L"<SNAPSHOT_DESCRIPTION "));
    CU_ASSERT_PTR_NOT_NULL(wcsstr(document, L"backupType=\"full\""));
    nothing_left(bc);

    bc = ref_new(&ref);
    HR(ref_init(bc, document, true), S_OK);
    HR(IVssBackupComponents_SetBackupState(bc, TRUE, TRUE, VSS_BT_FULL, FALSE), S_OK);
    HR(RUN(bc, GatherWriterMetadata), VSS_S_ASYNC_FINISHED);
    HR(RUN(bc, PreRestore), VSS_S_ASYNC_FINISHED);
    HR(RUN(bc, PostRestore), VSS_S_ASYNC_FINISHED);
    HR(RUN(bc, GatherWriterStatus), VSS_S_ASYNC_FINISHED);
    HR(RUN(bc, BackupComplete), VSS_E_BAD_STATE);
    nothing_left(bc);

    bc = ref_new(&ref);
    HR(ref_init(bc, document, false), S_OK);
    HR(RUN(bc, ImportSnapshots), VSS_S_ASYNC_FINISHED);
    nothing_left(bc);
    SysFreeString(document);
}

static void test_bad_documents(void)
{
    static const WCHAR *const bad[] = {
        L"",
        L"x",
        L"<BACKUP_COMPONENTS>",
        L"<BACKUP_COMPONENTS/><BACKUP_COMPONENTS/>",
        L"<WRITER_METADATA/>",
        L"<BACKUP_COMPONENTS a=\"1\" a=\"2\"/>",
        L"<BACKUP_COMPONENTS a=\"<\"/>",
        L"<BACKUP_COMPONENTS a=1/>",
        L"<BACKUP_COMPONENTS a=\"1\"b=\"2\"/>",
        L"<BACKUP_COMPONENTS><X></Y></BACKUP_COMPONENTS>",
        L"<BACKUP_COMPONENTS>&nothing;</BACKUP_COMPONENTS>",
        L"<BACKUP_COMPONENTS>&#0;</BACKUP_COMPONENTS>",
        L"<BACKUP_COMPONENTS>\x0001</BACKUP_COMPONENTS>",
        L"<BACKUP_COMPONENTS>\xD800</BACKUP_COMPONENTS>",
        L"<BACKUP_COMPONENTS>]]></BACKUP_COMPONENTS>",
        L"<BACKUP_COMPONENTS><!-- -- --></BACKUP_COMPONENTS>",
        L"<BACKUP_COMPONENTS/>text",
        L" <?xml version=\"1.0\"?><BACKUP_COMPONENTS/>",
        L"<!DOCTYPE x><BACKUP_COMPONENTS/>",
        L"<![CDATA[x]]><BACKUP_COMPONENTS/>",
    };
    static const WCHAR *const good[] = {
        DOCUMENT,
        L"<?xml version=\"1.0\" encoding='UTF-16' ?>\r\n<!-- c --><BACKUP_COMPONENTS "
        L"a='\"&lt;&#x41;'>"
        L"<X b = \"1\" ><![CDATA[<]]>\xD83D\xDE00</X >&amp;<?pi x?></BACKUP_COMPONENTS>\n<!-- d "
        L"-->",
        L"\xFEFF<v:BACKUP_COMPONENTS xmlns:v=\"x\"></v:BACKUP_COMPONENTS>",
    };
    IVssBackupComponents *bc = ref_new(&ref);
    HR(ref_init(bc, NULL, true), VSS_E_INVALID_XML_DOCUMENT);
    for (size_t i = 0; i < COUNT(bad); i++) {
        HRESULT code = ref_init(bc, bad[i], true);
        if (code == VSS_E_INVALID_XML_DOCUMENT) {
            code = ref_init(bc, bad[i], false);
        }
        if (code != VSS_E_INVALID_XML_DOCUMENT) {
            fprintf(stderr, "bad document %u: 0x%08lX\n", (unsigned)i, (unsigned long)code);
        }
        CU_ASSERT_EQUAL(code, VSS_E_INVALID_XML_DOCUMENT);
    }
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    for (size_t i = 0; i < COUNT(good); i++) {
        bc = ref_new(&ref);
        HR(ref_init(bc, good[i], i % 2 == 0), S_OK);
        CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    }
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"document, restore, import", test_document_and_restore},
        {"documents good and bad", test_bad_documents},
        CU_TEST_INFO_NULL,
    };
    ref = ref_load();
    return cu_run("reference: documents", tests);
}
