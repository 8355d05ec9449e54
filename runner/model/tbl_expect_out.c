/* What is expected of out parameters. */
#include "tbl_expect.h"

#include "tbl_args.h"

#include <string.h>

/* "written" and the other words; true where the text is one. */
static bool read_word(const char *text, struct expect_out *out)
{
    if (strcmp(text, "written") == 0) {
        out->what = OUT_WRITTEN;
    } else if (strcmp(text, "untouched") == 0) {
        out->what = OUT_UNTOUCHED;
    } else if (strcmp(text, "null") == 0) {
        out->what = OUT_NULL;
    } else if (strcmp(text, "object") == 0) {
        out->what = OUT_OBJECT;
    } else {
        return false;
    }
    return true;
}

static bool read_number(struct tbl_ctx *ctx, const struct tbl_at *at, const struct api_param *param,
                        struct expect_out *out)
{
    int64_t low, high;
    out->what = OUT_NUMBER;
    out->number = json_integer_value(at->json);
    if (!tbl_kind_range(param->kind, &low, &high) || !json_is_integer(at->json)) {
        tbl_err(ctx, at, "no value of kind %s", kind_name(param->kind));
        return false;
    }
    if (out->number < low || out->number > high) {
        tbl_err(ctx, at, "%lld does not fit into a %s", (long long)out->number,
                kind_name(param->kind));
        return false;
    }
    return true;
}

static bool read_enum(struct tbl_ctx *ctx, const struct tbl_at *at, const struct api_param *param,
                      struct expect_out *out)
{
    const char *text = json_string_value(at->json);
    const struct api_enum *type = param->type ? tbl_enum(ctx->tables, param->type) : NULL;
    if (!text) {
        return read_number(ctx, at, param, out);
    }
    out->what = OUT_NUMBER;
    if (type && !tbl_enum_value(type, text, &out->number)) {
        tbl_unresolved(ctx, at, "value of the enumeration", text,
                       tbl_nearest(type->values, type->count, sizeof *type->values, text));
        return false;
    }
    return type != NULL;
}

/* A value that is no word, by the kind of the parameter. */
static bool read_value(struct tbl_ctx *ctx, const struct tbl_at *at, const struct api_param *param,
                       struct expect_out *out)
{
    const char *text = json_string_value(at->json);
    bool ok = false;
    switch (param->kind) {
    case KIND_HRESULT:
        out->what = OUT_CODE;
        out->number = tbl_code(ctx, at, &ok);
        return ok;
    case KIND_BOOL:
        out->what = OUT_BOOL;
        out->number = json_is_true(at->json);
        ok = json_is_boolean(at->json);
        break;
    case KIND_ENUM:
        return read_enum(ctx, at, param, out);
    case KIND_GUID:
        out->what = OUT_STRING;
        out->string = text;
        ok = text && tbl_is_guid(text);
        break;
    case KIND_WSTR:
    case KIND_BSTR:
        out->what = OUT_STRING;
        out->string = text;
        ok = text != NULL;
        break;
    default:
        return read_number(ctx, at, param, out);
    }
    if (!ok) {
        tbl_err(ctx, at, "no value of kind %s", kind_name(param->kind));
    }
    return ok;
}

/* The parameter that an expectation is about; complains and gives NULL where it can have none. */
static const struct api_param *out_param(struct tbl_ctx *ctx, const struct tbl_at *at,
                                         const struct tbl_at *step_at, const struct step *step)
{
    const struct api_param *param = tbl_param(step->method, at->key);
    struct tbl_at args = tbl_member(step_at, "args"), arg = tbl_member(&args, at->key);
    if (!param) {
        tbl_err_key(ctx, at, "%s has no parameter \"%s\"", step->method->name, at->key);
        return NULL;
    }
    if (param->dir == DIR_IN) {
        tbl_err_key(ctx, at, "%s is no out parameter", at->key);
        return NULL;
    }
    if (json_is_null(arg.json)) {
        tbl_err_key(ctx, at, "the step passes NULL for %s", at->key);
        return NULL;
    }
    return param;
}

static bool read_out(struct tbl_ctx *ctx, const struct tbl_at *at, const struct api_param *param,
                     struct expect_out *out)
{
    const char *text = json_string_value(at->json);
    if (text && read_word(text, out)) {
        bool pointer = param->kind == KIND_IFACE || param->kind == KIND_WSTR ||
                       param->kind == KIND_BSTR || param->kind == KIND_PTR;
        if (!pointer && (out->what == OUT_NULL || out->what == OUT_OBJECT)) {
            tbl_err(ctx, at, "a %s is no pointer", kind_name(param->kind));
            return false;
        }
        return true;
    }
    return read_value(ctx, at, param, out);
}

/* One value, or a list of those of which the parameter may have any. */
static void read_out_values(struct tbl_ctx *ctx, const struct tbl_at *at,
                            const struct api_param *param, struct expect *expect)
{
    const bool list = json_is_array(at->json);
    const size_t count = list ? json_array_size(at->json) : 1;
    const size_t first = expect->out_count;
    if (count == 0) {
        tbl_err(ctx, at, "an empty list");
    }
    for (size_t i = 0; i < count; i++) {
        struct tbl_at item = list ? tbl_item(at, i) : *at;
        struct expect_out *out = &expect->outs[expect->out_count];
        out->param = param->name;
        if (read_out(ctx, &item, param, out)) {
            out->or_next = true;
            expect->out_count++;
        }
    }
    if (expect->out_count > first) {
        expect->outs[expect->out_count - 1].or_next = false;
    }
}

void tbl_read_outs(struct tbl_ctx *ctx, const struct tbl_at *at, const struct tbl_at *step_at,
                   const struct step *step, struct expect *expect)
{
    bool call = step->op == STEP_CREATE || step->op == STEP_FUNCTION || step->op == STEP_CALL ||
                step->op == STEP_QUERY;
    const char *name;
    json_t *value;
    if (!json_is_object(at->json)) {
        tbl_err(ctx, at, "\"out\" must be an object");
        return;
    }
    if (!call) {
        tbl_err_key(ctx, at, "the step has no out parameters");
        return;
    }
    if (!step->method) {
        return; /* complained about already */
    }
    size_t most = 0;
    json_object_foreach(at->json, name, value)
    {
        most += json_is_array(value) ? json_array_size(value) : 1;
    }
    expect->outs = tbl_alloc(ctx->arena, most, sizeof *expect->outs);
    json_object_foreach(at->json, name, value)
    {
        struct tbl_at item = tbl_member(at, name);
        const struct api_param *param = out_param(ctx, &item, step_at, step);
        if (param && expect->outs) {
            read_out_values(ctx, &item, param, expect);
        }
    }
}
