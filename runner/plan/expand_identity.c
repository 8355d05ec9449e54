/* The step `identity`: for which interfaces an object is asked. */
#include "expand.h"

#include <string.h>

/* Stands where an interface was given no id of its own. */
static const char no_iid[] = "00000000-0000-0000-0000-000000000000";

/* An interface that can be asked for. */
static void add_probe(struct expand *expand, json_t *ids, const struct api_interface *iface)
{
    if (iface && iface->iid && strcmp(iface->iid, no_iid) != 0) {
        json_t *probe = json_object();
        expand_set(expand, probe, "n", json_string(iface->name));
        expand_set(expand, probe, "iid", json_string(iface->iid));
        expand_append(expand, ids, probe);
    }
}

/* The last base before IUnknown. */
static const struct api_interface *family_of(const struct tables *tables,
                                             const struct api_interface *iface)
{
    while (iface && iface->base && strcmp(iface->base, "IUnknown") != 0) {
        iface = tbl_interface(tables, iface->base);
    }
    return iface;
}

/* IUnknown, and every interface that is built on the same one as what the variable holds. */
void expand_identity(struct expand *expand, const struct step *step, json_t *object)
{
    const struct tables *tables = expand->tables;
    const struct api_interface *iface = step->iface ? tbl_interface(tables, step->iface) : NULL;
    const struct api_interface *family = family_of(tables, iface);
    json_t *ids = json_array();
    add_probe(expand, ids, tbl_interface(tables, "IUnknown"));
    for (size_t i = 0; i < tables->interface_count; i++) {
        const struct api_interface *one = &tables->interfaces[i];
        if (strcmp(one->name, "IUnknown") != 0 && family_of(tables, one) == family) {
            add_probe(expand, ids, one);
        }
    }
    expand_set(expand, object, "op", json_string("identity"));
    expand_set(expand, object, "on", json_string(step->object));
    expand_set(expand, object, "ids", ids);
}
