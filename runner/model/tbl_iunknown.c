/* Where objects have their IUnknown: what a call hands out must be released one day. */
#include "tbl_api.h"

#include <string.h>

/* An out parameter gives a reference away. */
static void check_param(struct tbl_ctx *ctx, const struct tbl_at *param)
{
    const char *dir = json_string_value(json_object_get(param->json, "dir"));
    struct tbl_at at = tbl_member(param, "interface");
    const char *name = json_string_value(at.json);
    const struct api_interface *iface = name ? tbl_interface(ctx->tables, name) : NULL;
    if (dir && strcmp(dir, "in") != 0 && iface && tbl_iunknown(ctx->tables, iface) < 0) {
        tbl_err(ctx, &at, "%s has no IUnknown: an object that is handed out could not be released",
                name);
    }
}

static void check_methods(struct tbl_ctx *ctx, const struct tbl_at *methods)
{
    for (size_t i = 0; i < json_array_size(methods->json); i++) {
        struct tbl_at method = tbl_item(methods, i), params = tbl_member(&method, "params");
        for (size_t k = 0; k < json_array_size(params.json); k++) {
            struct tbl_at param = tbl_item(&params, k);
            check_param(ctx, &param);
        }
    }
}

static void check_interface(struct tbl_ctx *ctx, const struct tbl_at *root,
                            const struct api_interface *iface)
{
    struct tbl_at unknown = tbl_member(root, "unknown"), iid = tbl_member(root, "iid");
    if (iface->unknown > 0 && tbl_is_a(ctx->tables, iface, "IUnknown")) {
        tbl_err_key(ctx, &unknown, "%s begins with IUnknown: it lies nowhere else", iface->name);
    } else if (iface->iid && tbl_iunknown(ctx->tables, iface) != 0) {
        /* What QueryInterface hands out is taken for an object that begins with IUnknown. */
        tbl_err(ctx, &iid, "%s does not begin with IUnknown: nobody can ask for it by an id",
                iface->name);
    }
}

void tbl_check_iunknown(struct tbl_ctx *ctx, const struct tbl_at *root)
{
    const char *name = json_string_value(json_object_get(root->json, "interface"));
    const struct api_interface *iface = name ? tbl_interface(ctx->tables, name) : NULL;
    struct tbl_at methods = tbl_member(root, iface ? "methods" : "functions");
    if (iface && iface->where.path == root->file->rel) {
        check_interface(ctx, root, iface);
    }
    check_methods(ctx, &methods);
}
