/* One method or function: parameters and results. */
#include "names.h"
#include "tbl_api.h"
#include "version.h"

#include <stdio.h>
#include <string.h>

static bool is_integer_kind(enum param_kind kind)
{
    return kind == KIND_U32 || kind == KIND_I32 || kind == KIND_U64 || kind == KIND_I64;
}

static bool is_pointer(const struct api_param *param)
{
    return param->dir != DIR_IN || kind_is_pointer(param->kind);
}

void tbl_read_null(struct tbl_ctx *ctx, const struct tbl_at *at, const char *key,
                   struct api_param *param)
{
    const char *text = tbl_string(ctx, at, key, false);
    struct tbl_at place = tbl_member(at, key);
    bool ok = true;
    param->null_rule = is_pointer(param) ? NULL_UNSTATED : NULL_NONE;
    if (!text) {
        return;
    }
    if (!is_pointer(param)) {
        tbl_err_key(ctx, &place, "\"null\" stands on pointers only");
    } else if (strcmp(text, "allowed") == 0) {
        param->null_rule = NULL_ALLOWED;
    } else if (strcmp(text, "not allowed") == 0) {
        param->null_rule = NULL_NOT_ALLOWED;
    } else if (strcmp(text, "unstated") != 0) {
        param->null_rule = NULL_CODE;
        param->null_code = tbl_code(ctx, &place, &ok);
    }
}

/* The buffer holds NULL, not the pattern. */
static void read_zero(struct tbl_ctx *ctx, const struct tbl_at *at, struct api_param *param)
{
    struct tbl_at place = tbl_member(at, "zero");
    param->zero = tbl_bool(ctx, at, "zero", false);
    if (place.json && (param->dir != DIR_OUT || param->kind != KIND_IFACE)) {
        tbl_err_key(ctx, &place, "\"zero\" stands on out parameters with an interface only");
    }
}

/* Why no case can pass NULL. */
static void read_null_unchecked(struct tbl_ctx *ctx, const struct tbl_at *at,
                                struct api_param *param)
{
    struct tbl_at place = tbl_member(at, "unchecked");
    param->unchecked = tbl_string(ctx, at, "unchecked", false);
    param->where = param->unchecked ? tbl_place(ctx, at) : (struct where){NULL, NULL};
    if (param->unchecked && !is_pointer(param)) {
        tbl_err_key(ctx, &place, "\"unchecked\" stands on pointers only");
    }
}

/* A key that a kind needs, and that no other kind has. */
static const char *kind_key(struct tbl_ctx *ctx, const struct tbl_at *at, const char *key,
                            bool wanted, bool required)
{
    const char *text = tbl_string(ctx, at, key, wanted && required);
    struct tbl_at place = tbl_member(at, key);
    if (text && !wanted) {
        tbl_err_key(ctx, &place, "a parameter of this kind has no \"%s\"", key);
        return NULL;
    }
    return text;
}

/* Enumeration or structure, interface. */
static void read_types(struct tbl_ctx *ctx, const struct tbl_at *at, struct api_param *param)
{
    const struct tables *tables = ctx->tables;
    bool is_enum = param->kind == KIND_ENUM, is_iface = param->kind == KIND_IFACE;
    bool is_struct = param->kind == KIND_STRUCT || param->kind == KIND_STRUCT_ARRAY ||
                     param->kind == KIND_STRUCT_PTR;
    bool is_array = param->kind == KIND_STRUCT_ARRAY || param->kind == KIND_GUID_ARRAY;
    struct tbl_at type = tbl_member(at, "type"), iface = tbl_member(at, "interface");
    param->type = kind_key(ctx, at, "type", is_enum || is_struct, true);
    param->iface = kind_key(ctx, at, "interface", is_iface, false);
    param->iid_from = kind_key(ctx, at, "iid", is_iface, false);
    param->count_from = kind_key(ctx, at, "count", is_array, true);
    if (param->type && is_enum && !tbl_enum(tables, param->type)) {
        tbl_unresolved(
            ctx, &type, "enumeration", param->type,
            tbl_nearest(tables->enums, tables->enum_count, sizeof *tables->enums, param->type));
    }
    if (param->type && is_struct && !tbl_struct(tables, param->type)) {
        tbl_unresolved(ctx, &type, "structure", param->type,
                       tbl_nearest(tables->structs, tables->struct_count, sizeof *tables->structs,
                                   param->type));
    }
    if (param->iface && !tbl_interface(tables, param->iface)) {
        tbl_unresolved(ctx, &iface, "interface", param->iface,
                       tbl_nearest(tables->interfaces, tables->interface_count,
                                   sizeof *tables->interfaces, param->iface));
    }
    if (is_iface && !param->iface == !param->iid_from) {
        tbl_err(ctx, at, "an interface needs either \"interface\" or \"iid\"");
    }
}

/* Direction and kind. False: the parameter cannot be read further. */
static bool read_form(struct tbl_ctx *ctx, const struct tbl_at *at, struct api_param *param)
{
    const char *dir = tbl_string(ctx, at, "dir", true), *kind = tbl_string(ctx, at, "kind", true);
    struct tbl_at dir_at = tbl_member(at, "dir"), kind_at = tbl_member(at, "kind");
    int dir_number = dir ? dir_by_name(dir) : -1, kind_number = kind ? kind_by_name(kind) : -1;
    if (dir && dir_number < 0) {
        tbl_err(ctx, &dir_at, "\"dir\" must be in, out or inout");
    }
    if (kind && (kind_number < 0 || kind_number == KIND_U16)) {
        tbl_err(ctx, &kind_at, "\"%s\" is no kind of a parameter", kind);
        kind_number = -1;
    }
    if (dir_number < 0 || kind_number < 0) {
        return false;
    }
    param->dir = (enum param_dir)dir_number;
    param->kind = (enum param_kind)kind_number;
    return true;
}

static void read_param(struct tbl_ctx *ctx, const struct tbl_at *at, struct api_method *method)
{
    struct api_param *param = &method->params[method->param_count];
    if (!tbl_object(ctx, at, "name dir kind type interface iid count zero null unchecked")) {
        return;
    }
    const char *name = tbl_string(ctx, at, "name", true);
    struct tbl_at name_at = tbl_member(at, "name");
    if (name && !tbl_is_name(name)) {
        tbl_err(ctx, &name_at, "\"%s\" is no name", name);
    }
    for (size_t i = 0; name && i < method->param_count; i++) {
        if (strcmp(method->params[i].name, name) == 0) {
            tbl_err(ctx, &name_at, "a second parameter \"%s\"", name);
            return;
        }
    }
    if (read_form(ctx, at, param) && name) {
        read_types(ctx, at, param);
        tbl_read_null(ctx, at, "null", param);
        read_zero(ctx, at, param);
        read_null_unchecked(ctx, at, param);
        param->name = name;
        method->param_count++;
    }
}

static const struct api_param *find_param(const struct api_method *method, const char *name)
{
    for (size_t i = 0; i < method->param_count; i++) {
        if (strcmp(method->params[i].name, name) == 0) {
            return &method->params[i];
        }
    }
    return NULL;
}

/* What parameters say of one another. */
static void check_params(struct tbl_ctx *ctx, const struct tbl_at *list,
                         const struct api_method *method)
{
    for (size_t i = 0; i < method->param_count; i++) {
        const struct api_param *param = &method->params[i];
        struct tbl_at item = tbl_item(list, i);
        if (param->count_from) {
            const struct api_param *count = find_param(method, param->count_from);
            struct tbl_at at = tbl_member(&item, "count");
            if (!count || count->dir != DIR_IN || !is_integer_kind(count->kind)) {
                tbl_err(ctx, &at, "\"%s\" is no in parameter with a number", param->count_from);
            }
        }
        if (param->iid_from) {
            const struct api_param *iid = find_param(method, param->iid_from);
            struct tbl_at at = tbl_member(&item, "iid");
            if (!iid || iid->dir != DIR_IN ||
                (iid->kind != KIND_GUID && iid->kind != KIND_GUID_REF)) {
                tbl_err(ctx, &at, "\"%s\" is no in parameter with a GUID", param->iid_from);
            }
        }
    }
}

static void read_params(struct tbl_ctx *ctx, const struct tbl_at *at, struct api_method *method)
{
    struct tbl_at list = tbl_member(at, "params");
    size_t count = json_array_size(list.json);
    if (!tbl_array(ctx, &list, true)) {
        return;
    }
    if (count > 64) {
        tbl_err(ctx, &list, "more than 64 parameters");
        return;
    }
    method->params = tbl_alloc(ctx->arena, count, sizeof *method->params);
    for (size_t i = 0; method->params && i < count; i++) {
        struct tbl_at item = tbl_item(&list, i);
        read_param(ctx, &item, method);
    }
    if (method->param_count == count) {
        check_params(ctx, &list, method);
    }
}

static bool same_condition(struct condition a, struct condition b)
{
    return a.text && b.text ? strcmp(a.text, b.text) == 0 : a.text == b.text;
}

static struct api_result *read_results(struct tbl_ctx *ctx, const struct tbl_at *at,
                                       const char *key, bool required, size_t *count)
{
    struct tbl_at list = tbl_member(at, key);
    struct api_result *results = NULL;
    *count = 0;
    if (tbl_array(ctx, &list, required) && json_array_size(list.json) <= 1000) {
        results = tbl_alloc(ctx->arena, json_array_size(list.json), sizeof *results);
    }
    for (size_t i = 0; results && i < json_array_size(list.json); i++) {
        struct tbl_at item = tbl_item(&list, i), code_at = tbl_member(&item, "code");
        bool ok = true;
        if (!tbl_object(ctx, &item, "code when unchecked")) {
            continue;
        }
        struct api_result result = {.code = tbl_code(ctx, &code_at, &ok),
                                    .when = tbl_condition(ctx, &item, "when"),
                                    .unchecked = tbl_string(ctx, &item, "unchecked", false)};
        if (result.unchecked) {
            result.where = tbl_place(ctx, &item);
        }
        for (size_t k = 0; ok && k < *count; k++) {
            if (results[k].code == result.code && same_condition(results[k].when, result.when)) {
                tbl_err(ctx, &code_at, "%s stands here twice", json_string_value(code_at.json));
            }
        }
        if (ok) {
            results[(*count)++] = result;
        }
    }
    return results;
}

/* The earlier of the two versions, as edition of Windows is not known: null stands for none. XP,
 * the first to have the API, is no condition. */
static struct condition since_condition(struct tbl_ctx *ctx, const json_t *since)
{
    const char *client = json_string_value(json_object_get(since, "client"));
    const char *server = json_string_value(json_object_get(since, "server"));
    unsigned a[3] = {0}, b[3] = {0};
    char text[64] = "";
    const char *first = client ? client : server;
    if (client && server && version_parse(client, strlen(client), a) &&
        version_parse(server, strlen(server), b)) {
        bool later = a[0] != b[0] ? a[0] > b[0] : a[1] != b[1] ? a[1] > b[1] : a[2] > b[2];
        first = later ? server : client;
    }
    if (first && strcmp(first, "5.1") != 0) {
        snprintf(text, sizeof text, "windows>=%.20s", first);
    }
    bool server_only = server && json_is_null(json_object_get(since, "client"));
    if (server_only) {
        snprintf(text, sizeof text, "windows>=%.20s and server", server);
    }
    return (struct condition){text[0] ? tbl_strndup(ctx->arena, text, strlen(text)) : NULL};
}

struct condition tbl_since(struct tbl_ctx *ctx, const struct tbl_at *at)
{
    static const char *const editions[] = {"client", "server"};
    struct tbl_at since = tbl_member(at, "since");
    if (!since.json || !tbl_object(ctx, &since, "client server")) {
        return (struct condition){NULL};
    }
    for (int i = 0; i < 2; i++) {
        struct tbl_at edition = tbl_member(&since, editions[i]);
        const char *text = json_string_value(edition.json);
        unsigned version[3];
        if (edition.json && !json_is_null(edition.json) &&
            (!text || !version_parse(text, strlen(text), version))) {
            tbl_err(ctx, &edition, "must be a version of Windows (\"6.0\"), or null");
        }
    }
    return since_condition(ctx, since.json);
}

static bool hands_out_async(const struct api_method *method)
{
    for (size_t i = 0; i < method->param_count; i++) {
        const struct api_param *param = &method->params[i];
        if (param->dir != DIR_IN && param->iface && strcmp(param->iface, "IVssAsync") == 0) {
            return true;
        }
    }
    return false;
}

static void check_method(struct tbl_ctx *ctx, const struct tbl_at *at,
                         const struct api_method *method)
{
    struct tbl_at starts = tbl_member(at, "starts_async"), results = tbl_member(at, "results");
    struct tbl_at async_results = tbl_member(at, "async_results");
    if (method->starts_async != hands_out_async(method)) {
        tbl_err(ctx, &starts,
                method->starts_async ? "no out parameter is an IVssAsync"
                                     : "an out parameter is an IVssAsync: \"starts_async\" must "
                                       "be true");
    }
    if (method->returns != RET_HRESULT && method->result_count > 0) {
        tbl_err(ctx, &results, "only a method that returns an HRESULT has results");
    }
    if (method->returns == RET_HRESULT && json_array_size(results.json) == 0 &&
        json_is_array(results.json) && !method->open_results) {
        tbl_err(ctx, &results, "no result and not \"open\": no call could be right");
    }
    /* QueryStatus itself lists what it may show. */
    if (async_results.json && !method->starts_async && strcmp(method->name, "QueryStatus") != 0) {
        tbl_err_key(ctx, &async_results, "the method starts no operation");
    }
}

void tbl_read_method(struct tbl_ctx *ctx, const struct tbl_at *at, struct api_method *method)
{
    const char *returns = tbl_string(ctx, at, "returns", false);
    struct tbl_at name_at = tbl_member(at, "name"), returns_at = tbl_member(at, "returns");
    method->where = tbl_place(ctx, at);
    method->name = tbl_string(ctx, at, "name", true);
    method->page = tbl_page(ctx, at, "page", !method->hook);
    method->open_results = tbl_bool(ctx, at, "open", false);
    method->starts_async = tbl_bool(ctx, at, "starts_async", false);
    method->reads = tbl_bool(ctx, at, "reads", false);
    if (returns && returns_by_name(returns) < 0) {
        tbl_err(ctx, &returns_at, "\"returns\" must be hresult, ulong, bool or void");
    } else if (returns) {
        method->returns = (enum ret_kind)returns_by_name(returns);
    }
    method->since = tbl_since(ctx, at);
    read_params(ctx, at, method);
    method->results =
        read_results(ctx, at, "results", method->returns == RET_HRESULT, &method->result_count);
    method->async_results =
        read_results(ctx, at, "async_results", false, &method->async_result_count);
    if (!method->name) {
        method->name = "?";
    } else if (!tbl_is_name(method->name)) {
        tbl_err(ctx, &name_at, "\"%s\" is no name", method->name);
    }
    check_method(ctx, at, method);
}
