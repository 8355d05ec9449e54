/* What is expected of out parameters, and of the fields of structures that they get. */
#include "tbl_expect.h"

#include "tbl_args.h"

#include <string.h>

/* What a value is expected of: a parameter, or one field of its structure. */
struct out_place {
    const char *param, *field;
    size_t element;
    enum param_kind kind;
    const char *type; /* of an enum, or of the bits of a number; or NULL */
};

/* While the expectations of a step are read. */
struct out_reading {
    struct tbl_ctx *ctx;
    struct tbl_scope *scope;
    struct expect *expect;
};

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

static bool read_number(struct tbl_ctx *ctx, const struct tbl_at *at, const struct out_place *place,
                        struct expect_out *out)
{
    int64_t low, high;
    out->what = OUT_NUMBER;
    out->number = json_integer_value(at->json);
    if (!tbl_kind_range(place->kind, &low, &high) || !json_is_integer(at->json)) {
        tbl_err(ctx, at, "no value of kind %s", kind_name(place->kind));
        return false;
    }
    if (out->number < low || out->number > high) {
        tbl_err(ctx, at, "%lld does not fit into a %s", (long long)out->number,
                kind_name(place->kind));
        return false;
    }
    return true;
}

/* A name of the enumeration that the place has, as its number. */
static bool read_name(struct tbl_ctx *ctx, const struct tbl_at *at, const struct out_place *place,
                      int64_t *number)
{
    const char *text = json_string_value(at->json);
    const struct api_enum *type = place->type ? tbl_enum(ctx->tables, place->type) : NULL;
    if (!type) {
        tbl_err(ctx, at, "\"%s\" has no enumeration: a number is wanted",
                place->field ? place->field : place->param);
        return false;
    }
    if (!tbl_enum_value(type, text, number)) {
        tbl_unresolved(ctx, at, "value of the enumeration", text,
                       tbl_nearest(type->values, type->count, sizeof *type->values, text));
        return false;
    }
    return true;
}

static bool read_enum(struct tbl_ctx *ctx, const struct tbl_at *at, const struct out_place *place,
                      struct expect_out *out)
{
    if (!json_is_string(at->json)) {
        return read_number(ctx, at, place, out);
    }
    out->what = OUT_NUMBER;
    return read_name(ctx, at, place, &out->number);
}

/* A list of names and numbers, or one of them, added up in a mask. */
static bool read_mask(struct tbl_ctx *ctx, const struct tbl_at *at, const struct out_place *place,
                      uint32_t *mask)
{
    const bool list = json_is_array(at->json);
    for (size_t i = 0; i < (list ? json_array_size(at->json) : 1); i++) {
        struct tbl_at item = list ? tbl_item(at, i) : *at;
        int64_t number = json_integer_value(item.json);
        if (json_is_string(item.json)) {
            if (!read_name(ctx, &item, place, &number)) {
                return false;
            }
        } else if (!json_is_integer(item.json) || number <= 0 || number > (int64_t)UINT32_MAX) {
            tbl_err(ctx, &item, "no bit: a name or a positive number of 32 bits is wanted");
            return false;
        }
        *mask |= (uint32_t)number;
    }
    return true;
}

/* {"has": …, "lacks": …} */
static bool read_bits(struct tbl_ctx *ctx, const struct tbl_at *at, const struct out_place *place,
                      struct expect_out *out)
{
    struct tbl_at has_at = tbl_member(at, "has"), lacks_at = tbl_member(at, "lacks");
    uint32_t has = 0;
    if (place->kind != KIND_U32 && place->kind != KIND_I32 && place->kind != KIND_ENUM) {
        tbl_err(ctx, at, "a %s has no bits", kind_name(place->kind));
        return false;
    }
    if (!tbl_object(ctx, at, "has lacks") ||
        (has_at.json && !read_mask(ctx, &has_at, place, &has)) ||
        (lacks_at.json && !read_mask(ctx, &lacks_at, place, &out->lacks))) {
        return false;
    }
    out->what = OUT_BITS;
    out->number = has;
    out->bits = at->json;
    if ((has | out->lacks) == 0 || (has & out->lacks) != 0) {
        tbl_err(ctx, at, "%s", (has | out->lacks) == 0 ? "names no bit" : "wants a bit both ways");
        return false;
    }
    return true;
}

/* "$name": the value that a variable holds. */
static bool read_variable(const struct out_reading *r, const struct tbl_at *at,
                          const struct out_place *place, struct expect_out *out)
{
    const char *name = json_string_value(at->json) + 1;
    const struct tbl_var *var = tbl_use_var(r->ctx, r->scope, at, name, false);
    const bool text = place->kind == KIND_WSTR || place->kind == KIND_BSTR;
    out->what = OUT_VARIABLE;
    out->string = name;
    if (!var) {
        return false;
    }
    if (var->kind != place->kind && !(text && (var->kind == KIND_WSTR || var->kind == KIND_BSTR))) {
        tbl_err(r->ctx, at, "variable \"%s\" holds a %s, no %s", name, kind_name(var->kind),
                kind_name(place->kind));
        return false;
    }
    return true;
}

/* A value that is no word, by its kind. */
static bool read_value(const struct out_reading *r, const struct tbl_at *at,
                       const struct out_place *place, struct expect_out *out)
{
    const char *text = json_string_value(at->json);
    bool ok = false;
    if (json_is_object(at->json)) {
        return read_bits(r->ctx, at, place, out);
    }
    if (text && text[0] == '$' && text[1] != '$') {
        return read_variable(r, at, place, out);
    }
    switch (place->kind) {
    case KIND_HRESULT:
        out->what = OUT_CODE;
        out->number = tbl_code(r->ctx, at, &ok);
        return ok;
    case KIND_BOOL:
        out->what = OUT_BOOL;
        out->number = json_is_true(at->json);
        ok = json_is_boolean(at->json);
        break;
    case KIND_ENUM:
        return read_enum(r->ctx, at, place, out);
    case KIND_GUID:
        out->what = OUT_STRING;
        out->string = text;
        ok = text && tbl_is_guid(text);
        break;
    case KIND_WSTR:
    case KIND_BSTR:
        out->what = OUT_STRING;
        out->string = text && text[0] == '$' ? text + 1 : text;
        ok = text != NULL;
        break;
    default:
        return read_number(r->ctx, at, place, out);
    }
    if (!ok) {
        tbl_err(r->ctx, at, "no value of kind %s", kind_name(place->kind));
    }
    return ok;
}

static bool read_out(const struct out_reading *r, const struct tbl_at *at,
                     const struct out_place *place, struct expect_out *out)
{
    const char *text = json_string_value(at->json);
    *out = (struct expect_out){
        .param = place->param, .field = place->field, .element = place->element};
    if (text && read_word(text, out)) {
        bool pointer = place->kind == KIND_IFACE || place->kind == KIND_WSTR ||
                       place->kind == KIND_BSTR || place->kind == KIND_PTR ||
                       place->kind == KIND_STRUCT_PTR;
        if (!pointer && (out->what == OUT_NULL || out->what == OUT_OBJECT)) {
            tbl_err(r->ctx, at, "a %s is no pointer", kind_name(place->kind));
            return false;
        }
        return true;
    }
    return read_value(r, at, place, out);
}

/* One value, or a list of those of which the place may have any. */
static void read_out_values(const struct out_reading *r, const struct tbl_at *at,
                            const struct out_place *place)
{
    struct expect *expect = r->expect;
    const bool list = json_is_array(at->json);
    const size_t count = list ? json_array_size(at->json) : 1;
    const size_t first = expect->out_count;
    if (count == 0) {
        tbl_err(r->ctx, at, "an empty list");
    }
    for (size_t i = 0; i < count; i++) {
        struct tbl_at item = list ? tbl_item(at, i) : *at;
        struct expect_out *out = &expect->outs[expect->out_count];
        if (read_out(r, &item, place, out)) {
            out->or_next = true;
            expect->out_count++;
        }
    }
    if (expect->out_count > first) {
        expect->outs[expect->out_count - 1].or_next = false;
    }
}

/* The fields that are named, each with its value. */
static void read_fields(const struct out_reading *r, const struct tbl_at *at,
                        const struct api_param *param, size_t element)
{
    const struct api_struct *type = tbl_struct(r->ctx->tables, param->type);
    const char *name;
    json_t *value;
    json_object_foreach(at->json, name, value)
    {
        struct tbl_at item = tbl_member(at, name);
        const struct api_field *field = NULL;
        for (size_t i = 0; type && name[0] != '_' && i < type->field_count; i++) {
            field = strcmp(type->fields[i].name, name) == 0 ? &type->fields[i] : field;
        }
        if (!field && type) {
            tbl_err_key(r->ctx, &item, "%s has no field \"%s\"", type->name, name);
        } else if (field) {
            const struct out_place place = {param->name, field->name, element, field->kind,
                                            field->type};
            read_out_values(r, &item, &place);
        }
    }
}

/* An array of structures: an object of fields for each of the first elements. */
static void read_elements(const struct out_reading *r, const struct tbl_at *at,
                          const struct api_param *param)
{
    for (size_t i = 0; i < json_array_size(at->json); i++) {
        struct tbl_at item = tbl_item(at, i);
        if (json_is_object(item.json)) {
            read_fields(r, &item, param, i);
        } else {
            tbl_err(r->ctx, &item, "must be an object of fields");
        }
    }
}

static void read_param(const struct out_reading *r, const struct tbl_at *at,
                       const struct api_param *param)
{
    const struct out_place place = {param->name, NULL, 0, param->kind, param->type};
    bool one = param->kind == KIND_STRUCT || param->kind == KIND_STRUCT_PTR;
    if (one && json_is_object(at->json)) {
        if (json_object_size(at->json) == 0) {
            tbl_err(r->ctx, at, "names no field");
        }
        read_fields(r, at, param, 0);
    } else if (param->kind == KIND_STRUCT_ARRAY && json_is_array(at->json)) {
        read_elements(r, at, param);
    } else {
        read_out_values(r, at, &place);
    }
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

/* How many values a JSON value can hold at most. */
static size_t values_in(const json_t *json)
{
    const char *name;
    json_t *value;
    size_t most = 1;
    for (size_t i = 0; i < json_array_size(json); i++) {
        most += values_in(json_array_get(json, i));
    }
    json_object_foreach((json_t *)(uintptr_t)json, name, value)
    {
        most += values_in(value);
    }
    return most;
}

void tbl_read_outs(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                   const struct tbl_at *step_at, const struct step *step, struct expect *expect)
{
    const struct out_reading reading = {ctx, scope, expect};
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
    expect->outs = tbl_alloc(ctx->arena, values_in(at->json), sizeof *expect->outs);
    json_object_foreach(at->json, name, value)
    {
        struct tbl_at item = tbl_member(at, name);
        const struct api_param *param = out_param(ctx, &item, step_at, step);
        if (param && expect->outs) {
            read_param(&reading, &item, param);
        }
    }
}
