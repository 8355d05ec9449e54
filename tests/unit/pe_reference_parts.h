/* For the pe_reference_*.c tests of components: a stored document with two writers, and a way to
 * the components in it. */
#ifndef PE_REFERENCE_PARTS_H
#define PE_REFERENCE_PARTS_H

#include "pe_reference.h"

static const VSS_ID writer_one = {
    0x11111111, 0x1111, 0x1111, {0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11}};
static const VSS_ID instance_one = {
    0xaaaaaaaa, 0xaaaa, 0xaaaa, {0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa}};
static const VSS_ID writer_two = {
    0x22222222, 0x2222, 0x2222, {0x22, 0x22, 0x22, 0x22, 0x22, 0x22, 0x22, 0x22}};
static const VSS_ID instance_two = {
    0xbbbbbbbb, 0xbbbb, 0xbbbb, {0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb, 0xbb}};

/* A database top\db with a partial file and a file group logs; a file group files of another
 * writer; between them a writer without components. */
#define STORED                                                                                     \
    L"<BACKUP_COMPONENTS xmlns=\"x-schema:#VssComponentMetadata\" version=\"1.2\" "                \
    L"selectComponents=\"yes\" bootableSystemStateBackup=\"no\" partialFileSupport=\"yes\" "       \
    L"backupType=\"log\" foreign=\"kept\"><WRITER_COMPONENTS "                                     \
    L"instanceId=\"aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa\" "                                        \
    L"writerId=\"11111111-1111-1111-1111-111111111111\"><COMPONENT logicalPath=\"top\" "           \
    L"componentName=\"db\" componentType=\"database\" backupStamp=\"stamp\"><PARTIAL_FILE "        \
    L"path=\"C:\\d\" filespec=\"a.mdb\" ranges=\"0:8\"/><STRANGE/></COMPONENT><COMPONENT "         \
    L"componentName=\"logs\" componentType=\"filegroup\"/></WRITER_COMPONENTS><WRITER_COMPONENTS " \
    L"instanceId=\"cccccccc-cccc-cccc-cccc-cccccccccccc\" "                                        \
    L"writerId=\"33333333-3333-3333-3333-333333333333\"/><WRITER_COMPONENTS "                      \
    L"instanceId=\"BBBBBBBB-BBBB-BBBB-BBBB-BBBBBBBBBBBB\" "                                        \
    L"writerId=\"22222222-2222-2222-2222-222222222222\"><COMPONENT componentName=\"files\" "       \
    L"componentType=\"filegroup\"/></WRITER_COMPONENTS><OTHER x=\"1\"/></BACKUP_COMPONENTS>"

/* The second base of IVssWriterComponentsExt, which MinGW's header leaves out: it stands behind the
 * first. */
static inline IUnknown *parts_unknown(IVssWriterComponentsExt *parts)
{
    return (IUnknown *)((void **)parts + 1);
}

static inline ULONG parts_release(IVssWriterComponentsExt *parts)
{
    return IUnknown_Release(parts_unknown(parts));
}

/* The component number `index` of the writer number `writer`, as IVssComponentEx2; NULL: it is not
 * there. */
static inline IVssComponentEx2 *parts_component(IVssBackupComponents *bc, UINT writer, UINT index)
{
    IVssWriterComponentsExt *parts = NULL;
    IVssComponent *component = NULL;
    IVssComponentEx2 *found = NULL;
    HR(IVssBackupComponents_GetWriterComponents(bc, writer, &parts), S_OK);
    if (parts == NULL) {
        return NULL;
    }
    HR(parts->lpVtbl->GetComponent(parts, index, &component), S_OK);
    if (component != NULL) {
        HR(IVssComponent_QueryInterface(component, &IID_IVssComponentEx2, (void **)&found), S_OK);
        CU_ASSERT_EQUAL(IVssComponent_Release(component), 1);
    }
    CU_ASSERT_EQUAL(parts_release(parts), 0);
    return found;
}

/* Asserts that a getter of a text gives `code` and the text. */
typedef HRESULT(STDMETHODCALLTYPE *parts_getter)(IVssComponentEx2 *component, BSTR *out);
static inline void parts_text(IVssComponentEx2 *component, parts_getter getter, HRESULT code,
                              const WCHAR *wanted, int line)
{
    BSTR text = (BSTR)(void *)component;
    ref_equal(getter(component, NULL), E_INVALIDARG, "a text to NULL", line);
    ref_equal(getter(component, &text), code, "a text", line);
    const bool same = text == NULL || wanted == NULL ? text == wanted : wcscmp(text, wanted) == 0;
    if (!same) {
        fprintf(stderr, "line %d: \"%ls\", not \"%ls\"\n", line, text != NULL ? text : L"(null)",
                wanted != NULL ? wanted : L"(null)");
    }
    CU_ASSERT_TRUE(same);
    SysFreeString(text);
}
#define HAS_TEXT(component, method, code, wanted)                                                  \
    parts_text(component, (component)->lpVtbl->method, code, wanted, __LINE__)

#endif
