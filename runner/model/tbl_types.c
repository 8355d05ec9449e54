/* Enumerations and structures. */
#include "names.h"
#include "tbl_api.h"

#include <string.h>

static void read_enum(struct tbl_ctx *ctx, const struct tbl_at *at)
{
    struct tables *tables = ctx->tables;
    const char *name;
    json_t *value;
    struct api_enum *type = &tables->enums[tables->enum_count++];
    type->name = at->key;
    if (!json_is_object(at->json)) {
        tbl_err(ctx, at, "must be an object of names and numbers");
        return;
    }
    type->values = tbl_alloc(ctx->arena, json_object_size(at->json), sizeof *type->values);
    json_object_foreach(at->json, name, value)
    {
        struct tbl_at item = tbl_member(at, name);
        int64_t number = json_integer_value(value);
        if (!tbl_is_name(name)) {
            tbl_err_key(ctx, &item, "\"%s\" is no name", name);
        }
        if (!json_is_integer(value) || number < INT32_MIN || number > (int64_t)UINT32_MAX) {
            tbl_err(ctx, &item, "must be a whole number of 32 bits");
        } else if (type->values) {
            type->values[type->count++] = (struct api_enum_value){name, number};
        }
    }
}

/* Size and alignment of a field; 0 for a kind that no structure holds. */
static size_t field_size(enum param_kind kind, enum arch arch, size_t *align)
{
    size_t size = 0;
    switch (kind) {
    case KIND_BOOL:
        size = 1;
        break;
    case KIND_U16:
        size = 2;
        break;
    case KIND_U32:
    case KIND_I32:
    case KIND_ENUM:
        size = 4;
        break;
    case KIND_U64:
    case KIND_I64:
        size = 8;
        break;
    case KIND_WSTR:
    case KIND_BSTR:
    case KIND_PTR:
        size = arch == ARCH_X86_64 ? 8 : 4;
        break;
    case KIND_GUID:
        *align = 4;
        return 16;
    default:
        break;
    }
    *align = size;
    return size;
}

static void read_field(struct tbl_ctx *ctx, const struct tbl_at *at, struct api_struct *type,
                       size_t align_max[2])
{
    struct api_field *field = &type->fields[type->field_count];
    if (!tbl_object(ctx, at, "name kind type")) {
        return;
    }
    const char *name = tbl_string(ctx, at, "name", true);
    const char *kind = tbl_string(ctx, at, "kind", true);
    field->type = tbl_string(ctx, at, "type", false);
    if (!name || !kind) {
        return;
    }
    struct tbl_at name_at = tbl_member(at, "name"), kind_at = tbl_member(at, "kind");
    for (size_t i = 0; i < type->field_count; i++) {
        if (strcmp(type->fields[i].name, name) == 0) {
            tbl_err(ctx, &name_at, "a second field \"%s\"", name);
        }
    }
    int number = kind_by_name(kind);
    size_t align;
    if (number < 0 || field_size((enum param_kind)number, ARCH_X86_64, &align) == 0) {
        tbl_err(ctx, &kind_at, "\"%s\" is no kind of a field", kind);
        return;
    }
    if (field->type && number != KIND_ENUM && number != KIND_U32 && number != KIND_I32) {
        struct tbl_at type_at = tbl_member(at, "type");
        tbl_err_key(ctx, &type_at, "only an enum or a number of 32 bits has a \"type\"");
    }
    field->name = name;
    field->kind = (enum param_kind)number;
    for (int arch = 0; arch < 2; arch++) {
        size_t size = field_size(field->kind, (enum arch)arch, &align);
        field->offset[arch] = (type->size[arch] + align - 1) / align * align;
        type->size[arch] = field->offset[arch] + size;
        align_max[arch] = align > align_max[arch] ? align : align_max[arch];
    }
    type->field_count++;
}

static void read_struct(struct tbl_ctx *ctx, const struct tbl_at *at)
{
    struct tables *tables = ctx->tables;
    struct api_struct *type = &tables->structs[tables->struct_count++];
    size_t align_max[2] = {1, 1};
    type->name = at->key;
    if (!json_is_array(at->json) || json_array_size(at->json) == 0 ||
        json_array_size(at->json) > TBL_LIST_MAX) {
        tbl_err(ctx, at, "must be a list of fields");
        return;
    }
    type->fields = tbl_alloc(ctx->arena, json_array_size(at->json), sizeof *type->fields);
    for (size_t i = 0; type->fields && i < json_array_size(at->json); i++) {
        struct tbl_at item = tbl_item(at, i);
        read_field(ctx, &item, type, align_max);
    }
    for (int arch = 0; arch < 2; arch++) {
        size_t align = align_max[arch];
        type->size[arch] = (type->size[arch] + align - 1) / align * align;
    }
}

/* Calls read for each member of an object of named things. */
static void read_named(struct tbl_ctx *ctx, const struct tbl_at *at,
                       void (*read)(struct tbl_ctx *, const struct tbl_at *))
{
    const char *name;
    json_t *value;
    if (at->json && !json_is_object(at->json)) {
        tbl_err(ctx, at, "must be an object");
        return;
    }
    json_object_foreach(at->json, name, value)
    {
        struct tbl_at item = tbl_member(at, name);
        if (!tbl_is_name(name)) {
            tbl_err_key(ctx, &item, "\"%s\" is no name", name);
        }
        read(ctx, &item);
    }
}

static void check_field_types(struct tbl_ctx *ctx, const struct tbl_at *structs)
{
    for (size_t s = 0; s < ctx->tables->struct_count; s++) {
        const struct api_struct *type = &ctx->tables->structs[s];
        struct tbl_at list = tbl_member(structs, type->name);
        for (size_t i = 0; i < json_array_size(list.json); i++) {
            struct tbl_at item = tbl_item(&list, i), at = tbl_member(&item, "type");
            const char *name = json_string_value(at.json);
            bool known = !name;
            for (size_t e = 0; !known && e < ctx->tables->enum_count; e++) {
                known = strcmp(ctx->tables->enums[e].name, name) == 0;
            }
            if (!known) {
                tbl_unresolved(ctx, &at, "enumeration", name,
                               tbl_nearest(ctx->tables->enums, ctx->tables->enum_count,
                                           sizeof *ctx->tables->enums, name));
            }
        }
    }
}

void tbl_read_types(struct tbl_ctx *ctx, const struct tbl_at *root)
{
    struct tbl_at enums = tbl_member(root, "enums"), structs = tbl_member(root, "structs");
    struct tables *tables = ctx->tables;
    if (!tbl_object(ctx, root, "format kind enums structs")) {
        return;
    }
    tables->enums = tbl_alloc(ctx->arena, json_object_size(enums.json), sizeof *tables->enums);
    tables->structs =
        tbl_alloc(ctx->arena, json_object_size(structs.json), sizeof *tables->structs);
    if (tables->enums && tables->structs) {
        read_named(ctx, &enums, read_enum);
        read_named(ctx, &structs, read_struct);
        check_field_types(ctx, &structs);
    }
}
