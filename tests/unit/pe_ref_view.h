/* For the pe_ref_component_*.c tests: a component view over a small part, as a writer or a
 * requester has it. */
#ifndef PE_REF_VIEW_H
#define PE_REF_VIEW_H

#include "pe_ref_inner.h"
#include "ref_backup_names.h"
#include "ref_component_view.h"
#include "ref_xml.h"

#define PART                                                                                       \
    L"<WRITER_COMPONENTS instanceId=\"aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa\" "                     \
    L"writerId=\"11111111-1111-1111-1111-111111111111\"><COMPONENT componentName=\"db\" "          \
    L"componentType=\"database\"/><COMPONENT componentName=\"logs\" "                              \
    L"componentType=\"filegroup\"/></WRITER_COMPONENTS>"

/* A view, and the first of its components. */
struct seen {
    struct component_view *view;
    IVssComponentEx2 *component;
};

static inline struct node *part(void)
{
    struct node *tree = NULL;
    HR(xml_read(PART, wcslen(PART), EL_PART, &tree), S_OK);
    return tree;
}

static inline struct seen see(const struct view_window *window)
{
    struct seen seen = {component_view_new(part(), window), NULL};
    CU_ASSERT_PTR_NOT_NULL_FATAL(seen.view);
    IVssWriterComponents *iface = component_view_interface(seen.view);
    IVssComponent *component = NULL;
    HR(iface->lpVtbl->GetComponent(iface, 0, &component), S_OK);
    seen.component = (IVssComponentEx2 *)component;
    return seen;
}

/* Closes the view; gives the part, which the caller frees. */
static inline struct node *look_away(struct seen *seen)
{
    CU_ASSERT_EQUAL(IVssComponentEx2_Release(seen->component), 0);
    struct node *changed = component_view_close(seen->view);
    component_view_release(seen->view);
    return changed;
}

/* The writer in the events that have components, and last the requester. */
static const struct view_window windows[] = {
    {.writer = true, .event = WRITER_PrepareBackup},
    {.writer = true, .event = WRITER_PostSnapshot},
    {.writer = true, .event = WRITER_BackupComplete},
    {.writer = true, .event = WRITER_PreRestore},
    {.writer = true, .event = WRITER_PostRestore},
    {.writer = false},
};

/* Asserts that a getter gives S_OK and the text. */
#define COMES_OUT(c, getter, wanted)                                                               \
    do {                                                                                           \
        BSTR got = NULL;                                                                           \
        HR(IVssComponentEx2_##getter(c, &got), S_OK);                                              \
        TEXT_EQUAL(got, wanted);                                                                   \
        SysFreeString(got);                                                                        \
    } while (0)

#endif
