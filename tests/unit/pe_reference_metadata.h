/* For pe_reference_metadata.c and pe_reference_wm_component.c: stored writer metadata, opened. */
#ifndef PE_REFERENCE_METADATA_H
#define PE_REFERENCE_METADATA_H

#include "pe_reference.h"

static struct reference ref;
static HRESULT(WINAPI *examine)(BSTR text, IVssExamineWriterMetadata **out);

#define IDS                                                                                        \
    L"writerId='AAAAAAAA-bbbb-cccc-dddd-eeeeeeeeeeee' "                                            \
    L"instanceId='11111111-2222-3333-4444-555555555555'"
#define MINIMAL L"<WRITER_METADATA><IDENTIFICATION " IDS L" friendlyName='n'/></WRITER_METADATA>"
#define FULL                                                                                       \
    L"<WRITER_METADATA xmlns='x-schema:#VssWriterMetadataInfo' version='1.2' backupSchema='881'>"  \
    L"<IDENTIFICATION " IDS L" friendlyName='A writer' instanceName='one' usage='SYSTEM_SERVICE' " \
    L"dataSource='TRANSACTION_DB' majorVersion='7' minorVersion='8'/>"                             \
    L"<RESTORE_METHOD method='STOP_RESTORE_START' service='svc' userProcedure='u' "                \
    L"writerRestore='never' rebootRequired='yes'><ALTERNATE_LOCATION_MAPPING path='m' "            \
    L"filespec='*' recursive='yes' alternatePath='n'/></RESTORE_METHOD><BACKUP_LOCATIONS>"         \
    L"<EXCLUDE_FILES path='e' filespec='1' recursive='no'/><FILE_GROUP logicalPath='p\\q' "        \
    L"componentName='g' caption='c &amp; d' icon='00ff10' restoreMetadata='no' "                   \
    L"notifyOnBackupComplete='yes' selectable='yes' selectableForRestore='no' "                    \
    L"componentFlags='2'><FILE_LIST path='f0' filespec='*.a' recursive='yes' "                     \
    L"filespecBackupType='1' alternatePath='alt'/><FILE_LIST path='f1' filespec='*.b'/>"           \
    L"<DEPENDENCY onWriterId='AAAAAAAA-bbbb-cccc-dddd-eeeeeeeeeeee' logicalPath='l' "              \
    L"componentName='n'/><DEPENDENCY onWriterId='11111111-2222-3333-4444-555555555555' "           \
    L"componentName='o'/></FILE_GROUP><EXCLUDE_FILES_FROM_SNAPSHOT path='s' filespec='2' "         \
    L"recursive='yes'/><DATABASE componentName='d'><DATABASE_FILES path='db' filespec='x'/>"       \
    L"<LOG_FILES path='lg' filespec='y'/><LOG_FILES path='lh' filespec='z'/></DATABASE>"           \
    L"<EXCLUDE_FILES path='e' filespec='2' recursive='yes'/><INCLUDE_FILES path='i' "              \
    L"filespec='3'/></BACKUP_LOCATIONS></WRITER_METADATA>"

static inline HRESULT open_text(const WCHAR *text, IVssExamineWriterMetadataEx2 **out)
{
    BSTR copy = SysAllocString(text);
    IVssExamineWriterMetadata *base = (IVssExamineWriterMetadata *)(void *)copy;
    *out = NULL;
    HRESULT code = examine(copy, &base);
    SysFreeString(copy);
    if (FAILED(code)) {
        return base == NULL ? code : E_FAIL;
    }
    code = IVssExamineWriterMetadata_QueryInterface(base, &IID_IVssExamineWriterMetadataEx2,
                                                    (void **)out);
    IVssExamineWriterMetadata_Release(base);
    return code;
}

static inline IVssExamineWriterMetadataEx2 *opened(const WCHAR *text)
{
    IVssExamineWriterMetadataEx2 *metadata;
    HR(open_text(text, &metadata), S_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(metadata);
    return metadata;
}

/* The string is as wanted, and is freed. */
static inline void string_is(BSTR got, const WCHAR *wanted)
{
    const bool same = got == NULL || wanted == NULL ? got == wanted : wcscmp(got, wanted) == 0;
    if (!same) {
        fprintf(stderr, "\"%ls\", not \"%ls\"\n", got != NULL ? got : L"(null)",
                wanted != NULL ? wanted : L"(null)");
    }
    CU_ASSERT_TRUE(same);
    SysFreeString(got);
}

/* A file description is as wanted, and is released. */
static inline void file_is(IVssWMFiledesc *file, const WCHAR *path, const WCHAR *filespec,
                           bool recursive, const WCHAR *alternate, DWORD mask)
{
    BSTR text = NULL;
    boolean flag = 9;
    DWORD got = 0xDEAD;
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    HR(IVssWMFiledesc_GetPath(file, &text), S_OK);
    string_is(text, path);
    HR(IVssWMFiledesc_GetFilespec(file, &text), S_OK);
    string_is(text, filespec);
    HR(IVssWMFiledesc_GetRecursive(file, &flag), S_OK);
    CU_ASSERT_EQUAL(flag, recursive);
    HR(IVssWMFiledesc_GetAlternateLocation(file, &text), alternate != NULL ? S_OK : S_FALSE);
    string_is(text, alternate);
    HR(IVssWMFiledesc_GetBackupTypeMask(file, &got), S_OK);
    CU_ASSERT_EQUAL(got, mask);
    HR(IVssWMFiledesc_GetPath(file, NULL), E_INVALIDARG);
    HR(IVssWMFiledesc_GetFilespec(file, NULL), E_INVALIDARG);
    HR(IVssWMFiledesc_GetRecursive(file, NULL), E_INVALIDARG);
    HR(IVssWMFiledesc_GetAlternateLocation(file, NULL), E_INVALIDARG);
    HR(IVssWMFiledesc_GetBackupTypeMask(file, NULL), E_INVALIDARG);
    CU_ASSERT_EQUAL(IVssWMFiledesc_Release(file), 0);
}

/* Loads the module, and finds the function that opens a text. */
static inline void metadata_load(void)
{
    ref = ref_load();
    examine = (void *)ref_export(ref.module, "CreateVssExamineWriterMetadataInternal");
}

#endif
