#include "tbl_args.h"

#include "names.h"
#include "tbl_api.h"

#include <string.h>

const struct api_param *tbl_param(const struct api_method *method, const char *name)
{
    for (size_t i = 0; i < method->param_count; i++) {
        if (strcmp(method->params[i].name, name) == 0) {
            return &method->params[i];
        }
    }
    return NULL;
}

bool tbl_enum_value(const struct api_enum *type, const char *name, int64_t *value)
{
    for (size_t i = 0; i < type->count; i++) {
        if (strcmp(type->values[i].name, name) == 0) {
            *value = type->values[i].value;
            return true;
        }
    }
    return false;
}

bool tbl_kind_range(enum param_kind kind, int64_t *low, int64_t *high)
{
    *low = 0;
    *high = INT64_MAX;
    switch (kind) {
    case KIND_U32:
        *high = UINT32_MAX;
        return true;
    case KIND_I32:
        *low = INT32_MIN;
        *high = INT32_MAX;
        return true;
    case KIND_ENUM:
        *low = INT32_MIN;
        *high = UINT32_MAX;
        return true;
    case KIND_I64:
        *low = INT64_MIN;
        return true;
    case KIND_U64:
    case KIND_PTR:
        return true;
    default:
        return false;
    }
}

/* Kinds whose values can stand for one another. */
static int family(enum param_kind kind)
{
    switch (kind) {
    case KIND_U32:
    case KIND_I32:
    case KIND_ENUM:
    case KIND_HRESULT:
        return KIND_U32;
    case KIND_U64:
    case KIND_I64:
        return KIND_U64;
    case KIND_GUID:
    case KIND_GUID_REF:
        return KIND_GUID;
    case KIND_WSTR:
    case KIND_BSTR:
        return KIND_WSTR;
    default:
        return (int)kind;
    }
}

static void check_var(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                      const struct api_param *param, const char *name)
{
    const struct tbl_var *var = tbl_use_var(ctx, scope, at, name, false);
    if (!var) {
        return;
    }
    if (family(var->kind) != family(param->kind)) {
        tbl_err(ctx, at, "variable \"%s\" holds a %s, parameter %s takes a %s", name,
                kind_name(var->kind), param->name, kind_name(param->kind));
    } else if (param->iface && var->iface && !tbl_is_a(ctx->tables, var->iface, param->iface)) {
        tbl_err(ctx, at, "variable \"%s\" holds an %s, parameter %s takes an %s", name,
                var->iface->name, param->name, param->iface);
    } else if (param->type && var->type && param->kind != KIND_ENUM &&
               strcmp(param->type, var->type) != 0) {
        tbl_err(ctx, at, "variable \"%s\" holds a %s, parameter %s takes a %s", name, var->type,
                param->name, param->type);
    }
}

/* "@volume", "@volume.2": what a profile can name. */
static bool is_profile_value(const char *text)
{
    static const char volume[] = "@volume";
    size_t len = sizeof volume - 1;
    if (profile_value_by_name(text + 1) >= 0) {
        return true;
    }
    if (strncmp(text, volume, len) != 0) {
        return false;
    }
    if (text[len] == '\0') {
        return true;
    }
    const char *digits = text + len + 1;
    size_t count = strspn(digits, "0123456789");
    return text[len] == '.' && digits[0] != '0' && count > 0 && count < 7 && digits[count] == '\0';
}

static void check_text(struct tbl_ctx *ctx, const struct tbl_at *at)
{
    const char *text = json_string_value(at->json);
    if (!text) {
        tbl_err(ctx, at, "must be a string, a variable (\"$name\") or null");
    } else if (text[0] == '@' && text[1] != '@' && !is_profile_value(text)) {
        tbl_err(ctx, at, "\"%s\" is no value of a profile (\"@volume\", \"@volume.2\", …)", text);
    }
}

static void check_guid(struct tbl_ctx *ctx, const struct tbl_at *at)
{
    const char *text = json_string_value(at->json);
    if (!text || (!tbl_is_guid(text) && !(text[0] == '@' && is_profile_value(text)))) {
        tbl_err(ctx, at, "must be a GUID: \"GUID_NULL\" or 36 characters");
    }
}

static void check_number(struct tbl_ctx *ctx, const struct tbl_at *at,
                         const struct api_param *param)
{
    int64_t low, high, value = json_integer_value(at->json);
    tbl_kind_range(param->kind, &low, &high);
    if (!json_is_integer(at->json)) {
        tbl_err(ctx, at, "must be a whole number");
    } else if (value < low || value > high) {
        tbl_err(ctx, at, "%lld does not fit into a %s", (long long)value, kind_name(param->kind));
    }
}

static void check_enum(struct tbl_ctx *ctx, const struct tbl_at *at, const struct api_param *param)
{
    const struct api_enum *type = param->type ? tbl_enum(ctx->tables, param->type) : NULL;
    const char *name = json_string_value(at->json);
    int64_t value;
    if (!name) {
        check_number(ctx, at, param);
    } else if (type && !tbl_enum_value(type, name, &value)) {
        tbl_unresolved(ctx, at, "value of the enumeration", name,
                       tbl_nearest(type->values, type->count, sizeof *type->values, name));
    }
}

void tbl_check_literal(struct tbl_ctx *ctx, const struct tbl_at *at, const struct api_param *param)
{
    bool ok;
    switch (param->kind) {
    case KIND_BOOL:
        if (!json_is_boolean(at->json)) {
            tbl_err(ctx, at, "must be true or false");
        }
        break;
    case KIND_ENUM:
        check_enum(ctx, at, param);
        break;
    case KIND_HRESULT:
        tbl_code(ctx, at, &ok);
        break;
    case KIND_GUID:
    case KIND_GUID_REF:
        check_guid(ctx, at);
        break;
    case KIND_GUID_ARRAY:
        if (tbl_array(ctx, at, true)) {
            for (size_t i = 0; i < json_array_size(at->json); i++) {
                struct tbl_at item = tbl_item(at, i);
                check_guid(ctx, &item);
            }
        }
        break;
    case KIND_WSTR:
    case KIND_BSTR:
        check_text(ctx, at);
        break;
    case KIND_IFACE:
    case KIND_STRUCT:
    case KIND_STRUCT_ARRAY:
    case KIND_STRUCT_PTR:
        tbl_err(ctx, at, "must be a variable (\"$name\") or null");
        break;
    default:
        check_number(ctx, at, param);
        break;
    }
}

/* The name of the variable in "$name", or NULL. */
static const char *var_name(const json_t *value)
{
    const char *text = json_string_value(value);
    return text && text[0] == '$' && text[1] != '$' ? text + 1 : NULL;
}

static void check_in(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                     const struct api_param *param)
{
    const char *name = var_name(at->json);
    if (!at->json) {
        tbl_err(ctx, at, "missing argument \"%s\"", param->name);
    } else if (json_is_null(at->json)) {
        if (!kind_is_pointer(param->kind) && param->dir == DIR_IN) {
            tbl_err(ctx, at, "parameter %s is a %s and cannot be NULL", param->name,
                    kind_name(param->kind));
        }
    } else if (name) {
        check_var(ctx, scope, at, param, name);
    } else {
        tbl_check_literal(ctx, at, param);
    }
}

/* The interface that a parameter hands out, as far as it is known before the call. */
static const struct api_interface *out_interface(struct tbl_ctx *ctx, const struct tbl_at *args,
                                                 const struct api_param *param)
{
    if (param->iface) {
        return tbl_interface(ctx->tables, param->iface);
    }
    const char *iid =
        param->iid_from ? json_string_value(json_object_get(args->json, param->iid_from)) : NULL;
    return iid && tbl_is_guid(iid) ? tbl_by_iid(ctx->tables, iid) : NULL;
}

static void check_out(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *args,
                      const struct api_param *param)
{
    struct tbl_at at = tbl_member(args, param->name);
    const char *name = var_name(at.json);
    if (!at.json || json_is_null(at.json) || (param->dir == DIR_INOUT && !name)) {
        return;
    }
    if (!name) {
        tbl_err(ctx, &at, "out parameter %s takes null or a variable (\"$name\")", param->name);
    } else if (!tbl_is_var(name)) {
        tbl_err(ctx, &at, "\"%s\" is no name of a variable", name);
    } else {
        struct tbl_var var = {.name = name,
                              .kind = param->kind,
                              .type = param->type,
                              .iface = out_interface(ctx, args, param)};
        tbl_set_var(ctx, scope, var);
    }
}

void tbl_check_args(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *step,
                    const struct api_method *method)
{
    struct tbl_at args = tbl_member(step, "args");
    const char *name;
    json_t *value;
    if (args.json && !json_is_object(args.json)) {
        tbl_err(ctx, &args, "\"args\" must be an object");
        return;
    }
    json_object_foreach(args.json, name, value)
    {
        struct tbl_at at = tbl_member(&args, name);
        if (!tbl_param(method, name)) {
            tbl_err_key(ctx, &at, "%s has no parameter \"%s\"", method->name, name);
        }
    }
    for (size_t i = 0; i < method->param_count; i++) {
        if (method->params[i].dir != DIR_OUT) {
            struct tbl_at at = tbl_member(&args, method->params[i].name);
            check_in(ctx, scope, &at, &method->params[i]);
        }
    }
    for (size_t i = 0; i < method->param_count; i++) {
        if (method->params[i].dir != DIR_IN) {
            check_out(ctx, scope, &args, &method->params[i]);
        }
    }
}

void tbl_keep_unknown(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *step)
{
    struct tbl_at args = tbl_member(step, "args");
    const char *key;
    json_t *value;
    json_object_foreach(args.json, key, value)
    {
        const char *name = var_name(value);
        if (name && tbl_is_var(name)) {
            struct tbl_var var = {.name = name, .kind = KIND_IFACE, .any = true};
            tbl_set_var(ctx, scope, var);
        }
    }
}
