/* Interfaces and exported functions. */
#include "tbl_api.h"

#include "names.h"

#include <stdlib.h>
#include <string.h>

void tbl_declare_interface(struct tbl_ctx *ctx, const struct tbl_at *root)
{
    struct tables *tables = ctx->tables;
    const char *name = tbl_string(ctx, root, "interface", true);
    struct tbl_at name_at = tbl_member(root, "interface");
    if (!name) {
        return;
    }
    if (!tbl_is_name(name)) {
        tbl_err(ctx, &name_at, "\"%s\" is no name", name);
        return;
    }
    for (size_t i = 0; i < tables->interface_count; i++) {
        if (strcmp(tables->interfaces[i].name, name) == 0) {
            tbl_err(ctx, &name_at, "a second interface \"%s\"", name);
            return;
        }
    }
    tables->interfaces[tables->interface_count++] =
        (struct api_interface){.name = name, .where = tbl_place(ctx, root)};
}

/* The base is null for IUnknown, and for an interface of C++ that has no IUnknown. */
static void read_base(struct tbl_ctx *ctx, const struct tbl_at *root, struct api_interface *iface)
{
    const struct tables *tables = ctx->tables;
    struct tbl_at at = tbl_member(root, "base");
    if (json_is_null(at.json)) {
        iface->no_base = true;
        return;
    }
    const char *base = tbl_string(ctx, root, "base", true);
    if (base && !tbl_interface(tables, base)) {
        tbl_unresolved(ctx, &at, "interface", base,
                       tbl_nearest(tables->interfaces, tables->interface_count,
                                   sizeof *tables->interfaces, base));
        return;
    }
    iface->base = base;
}

static void read_iid(struct tbl_ctx *ctx, const struct tbl_at *root, struct api_interface *iface)
{
    struct tbl_at at = tbl_member(root, "iid");
    if (json_is_null(at.json)) {
        return;
    }
    iface->iid = tbl_string(ctx, root, "iid", true);
    if (iface->iid && (!tbl_is_guid(iface->iid) || strcmp(iface->iid, "GUID_NULL") == 0)) {
        tbl_err(ctx, &at, "\"%s\" is no GUID", iface->iid);
        iface->iid = NULL;
    }
}

static void read_exports(struct tbl_ctx *ctx, const struct tbl_at *at, struct api_method *method);

/* A method lies in a slot; a member of a class that is no virtual function is an export. */
static void read_place(struct tbl_ctx *ctx, const struct tbl_at *at, struct api_method *method)
{
    struct tbl_at slot = tbl_member(at, "slot"), exports = tbl_member(at, "exports");
    method->slot = (int)tbl_int(ctx, at, "slot", 0, 10000, -1);
    if (!slot.json && !exports.json) {
        tbl_err(ctx, at, "missing key \"slot\"");
    } else if (slot.json && exports.json) {
        tbl_err_key(ctx, &exports, "the method has a slot");
    } else if (exports.json) {
        read_exports(ctx, at, method);
    }
}

static void read_methods(struct tbl_ctx *ctx, const struct tbl_at *root,
                         struct api_interface *iface)
{
    struct tbl_at list = tbl_member(root, "methods");
    size_t count = json_array_size(list.json);
    if (!tbl_array(ctx, &list, true)) {
        return;
    }
    if (count > 1000) {
        tbl_err(ctx, &list, "more than 1000 methods");
        return;
    }
    iface->methods = tbl_alloc(ctx->arena, count, sizeof *iface->methods);
    for (size_t i = 0; iface->methods && i < count; i++) {
        struct tbl_at item = tbl_item(&list, i), name = tbl_member(&item, "name");
        struct api_method *method = &iface->methods[iface->method_count];
        if (!tbl_object(ctx, &item, "slot exports " TBL_METHOD_KEYS)) {
            continue;
        }
        method->iface = iface->name;
        read_place(ctx, &item, method);
        tbl_read_method(ctx, &item, method);
        if (!method->since.text) {
            method->since = iface->since;
        }
        for (size_t k = 0; k < iface->method_count; k++) {
            if (strcmp(iface->methods[k].name, method->name) == 0) {
                tbl_err(ctx, &name, "a second method \"%s\"", method->name);
            }
        }
        iface->method_count++;
    }
}

void tbl_define_interface(struct tbl_ctx *ctx, const struct tbl_at *root)
{
    const char *name = json_string_value(json_object_get(root->json, "interface"));
    struct api_interface *iface = NULL;
    for (size_t i = 0; name && i < ctx->tables->interface_count; i++) {
        if (strcmp(ctx->tables->interfaces[i].name, name) == 0 &&
            ctx->tables->interfaces[i].where.path == root->file->rel) {
            iface = &ctx->tables->interfaces[i];
        }
    }
    if (!iface || !tbl_object(ctx, root,
                              "format kind interface base unknown iid header page since methods")) {
        return;
    }
    iface->header = tbl_string(ctx, root, "header", true);
    iface->page = tbl_page(ctx, root, "page", true);
    iface->since = tbl_since(ctx, root);
    read_base(ctx, root, iface);
    iface->unknown = (unsigned)tbl_int(ctx, root, "unknown", 1, TBL_UNKNOWN_MAX, 0);
    read_iid(ctx, root, iface);
    read_methods(ctx, root, iface);
}

/* Slots of all bases together; -1 where they go in a circle. */
static int slots_below(const struct tables *tables, const struct api_interface *iface)
{
    size_t slots = 0;
    for (size_t depth = 0; iface->base; depth++) {
        iface = tbl_interface(tables, iface->base);
        if (depth > tables->interface_count) {
            return -1;
        }
        slots += iface->method_count;
    }
    return (int)slots;
}

void tbl_check_slots(struct tbl_ctx *ctx)
{
    const struct tables *tables = ctx->tables;
    for (size_t i = 0; i < tables->interface_count; i++) {
        const struct api_interface *iface = &tables->interfaces[i];
        int below = slots_below(tables, iface);
        if (below < 0) {
            tbl_err_where(ctx, &iface->where, "the bases of %s go in a circle", iface->name);
        }
        bool orphan = !iface->base && !iface->no_base; /* complained about already */
        for (size_t k = 0; below >= 0 && !orphan && k < iface->method_count; k++) {
            const struct api_method *method = &iface->methods[k];
            if (method->slot >= 0 && method->slot != below + (int)k) {
                tbl_err_where(ctx, &method->where, "%s.%s has slot %d, where %d follows",
                              iface->name, method->name, method->slot, below + (int)k);
                break;
            }
        }
    }
}

static void read_exports(struct tbl_ctx *ctx, const struct tbl_at *at, struct api_method *method)
{
    struct tbl_at exports = tbl_member(at, "exports");
    if (!exports.json) {
        tbl_err(ctx, at, "missing key \"exports\"");
        return;
    }
    if (!tbl_object(ctx, &exports, "x86_64 i686")) {
        return;
    }
    for (int arch = 0; arch < 2; arch++) {
        const char *name = arch_name((enum arch)arch);
        method->exports[arch] = tbl_strings(ctx, &exports, name, true, false);
        if (json_is_array(json_object_get(exports.json, name)) &&
            method->exports[arch].count == 0) {
            struct tbl_at list = tbl_member(&exports, name);
            tbl_err(ctx, &list, "names no export");
        }
    }
}

void tbl_read_functions(struct tbl_ctx *ctx, const struct tbl_at *root)
{
    struct tables *tables = ctx->tables;
    struct tbl_at list = tbl_member(root, "functions");
    size_t count = json_array_size(list.json);
    if (!tbl_object(ctx, root, "format kind functions") || !tbl_array(ctx, &list, true)) {
        return;
    }
    size_t had = tables->function_count;
    struct api_method *functions = tbl_alloc(ctx->arena, had + count, sizeof *functions);
    if (!functions) {
        return;
    }
    if (had > 0) {
        memcpy(functions, tables->functions, had * sizeof *functions);
    }
    tables->functions = functions;
    for (size_t i = 0; i < count; i++) {
        struct tbl_at item = tbl_item(&list, i);
        struct api_method *function = &tables->functions[tables->function_count];
        if (!tbl_object(ctx, &item, "exports hook " TBL_METHOD_KEYS)) {
            continue;
        }
        function->slot = -1;
        function->hook = tbl_bool(ctx, &item, "hook", false);
        tbl_read_method(ctx, &item, function);
        read_exports(ctx, &item, function);
        tables->function_count++;
    }
}

bool tbl_is_a(const struct tables *tables, const struct api_interface *iface, const char *other)
{
    for (size_t depth = 0; iface && depth <= tables->interface_count; depth++) {
        if (strcmp(iface->name, other) == 0) {
            return true;
        }
        iface = iface->base ? tbl_interface(tables, iface->base) : NULL;
    }
    return false;
}

const struct api_interface *tbl_by_iid(const struct tables *tables, const char *iid)
{
    for (size_t i = 0; i < tables->interface_count; i++) {
        const char *own = tables->interfaces[i].iid;
        bool same = own != NULL;
        for (size_t k = 0; same && own[k]; k++) {
            same = (own[k] | 0x20) == (iid[k] | 0x20);
        }
        if (same) {
            return &tables->interfaces[i];
        }
    }
    return NULL;
}
