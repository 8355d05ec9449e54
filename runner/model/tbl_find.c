/* Look-ups in sorted arrays. */
#include "tables.h"

#include <stdlib.h>
#include <string.h>

/* The id or name is the first member of every struct that is looked up here. */
static int compare(const void *key, const void *item)
{
    const char *name;
    memcpy(&name, item, sizeof name);
    return strcmp(key, name);
}

static int compare_function(const void *key, const void *item)
{
    return strcmp(key, ((const struct api_method *)item)->name);
}

#define FIND(array, count, name)                                                                   \
    ((count) ? bsearch((name), (array), (count), sizeof *(array), compare) : NULL)

const struct api_interface *tbl_interface(const struct tables *tables, const char *name)
{
    return FIND(tables->interfaces, tables->interface_count, name);
}

const struct api_method *tbl_method(const struct tables *tables, const char *iface,
                                    const char *name)
{
    const struct api_interface *at = tbl_interface(tables, iface);
    /* Bases that go in a circle are an error of the tables, but must not hang their reading. */
    for (size_t depth = 0; at && depth <= tables->interface_count; depth++) {
        for (size_t i = 0; i < at->method_count; i++) {
            if (strcmp(at->methods[i].name, name) == 0) {
                return &at->methods[i];
            }
        }
        at = at->base ? tbl_interface(tables, at->base) : NULL;
    }
    return NULL;
}

int tbl_iunknown(const struct tables *tables, const struct api_interface *iface)
{
    for (size_t depth = 0; iface && depth <= tables->interface_count; depth++) {
        if (iface->unknown > 0) {
            return (int)iface->unknown;
        }
        if (iface->no_base) {
            return strcmp(iface->name, "IUnknown") == 0 ? 0 : -1;
        }
        iface = iface->base ? tbl_interface(tables, iface->base) : NULL;
    }
    return 0; /* a base that is not known, or a circle: errors of their own */
}

const struct api_method *tbl_function(const struct tables *tables, const char *name)
{
    return tables->function_count ? bsearch(name, tables->functions, tables->function_count,
                                            sizeof *tables->functions, compare_function)
                                  : NULL;
}

const struct api_enum *tbl_enum(const struct tables *tables, const char *name)
{
    return FIND(tables->enums, tables->enum_count, name);
}

const struct api_struct *tbl_struct(const struct tables *tables, const char *name)
{
    return FIND(tables->structs, tables->struct_count, name);
}

const struct state *tbl_state(const struct tables *tables, const char *id)
{
    return FIND(tables->states, tables->state_count, id);
}

const struct evidence *tbl_evidence(const struct tables *tables, const char *id)
{
    return FIND(tables->evidence, tables->evidence_count, id);
}

const struct requirement *tbl_requirement(const struct tables *tables, const char *id)
{
    return FIND(tables->requirements, tables->requirement_count, id);
}

const struct question *tbl_question(const struct tables *tables, const char *id)
{
    return FIND(tables->questions, tables->question_count, id);
}

const struct preamble *tbl_preamble(const struct tables *tables, const char *id)
{
    return FIND(tables->preambles, tables->preamble_count, id);
}

const struct test_case *tbl_case(const struct tables *tables, const char *id)
{
    return FIND(tables->cases, tables->case_count, id);
}
