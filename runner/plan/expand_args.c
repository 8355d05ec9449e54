/* Arguments: from the words of the tables to machine values. */
#include "expand.h"

#include "../model/hresult.h"
#include "../model/names.h"
#include "arg_ref.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define ARRAY_MAX 4096 /* elements of an array that a callee fills; the worker takes no more */

/* What is being expanded, for messages. */
struct arg {
    struct expand *expand;
    const struct step *step;
    const struct api_param *param;
    const json_t *args;
};

static json_t *refuse(const struct arg *arg, const char *why)
{
    return expand_fail(arg->expand, &arg->step->where, "parameter %s: %s", arg->param->name, why);
}

static json_t *integer_value(const struct arg *arg, const json_t *value)
{
    return json_is_integer(value) ? json_integer(json_integer_value(value))
                                  : refuse(arg, "a number is wanted");
}

static json_t *enum_value(const struct arg *arg, const json_t *value)
{
    if (!json_is_string(value)) {
        return integer_value(arg, value);
    }
    const struct api_enum *type =
        arg->param->type ? tbl_enum(arg->expand->tables, arg->param->type) : NULL;
    for (size_t i = 0; type && i < type->count; i++) {
        if (strcmp(type->values[i].name, json_string_value(value)) == 0) {
            return json_integer(type->values[i].value);
        }
    }
    return refuse(arg, "no such value in the enumeration");
}

static json_t *code_value(const struct arg *arg, const json_t *value)
{
    uint32_t code = 0;
    if (!json_is_string(value)) {
        return integer_value(arg, value);
    }
    return hr_parse(json_string_value(value), &code) ? json_integer(code)
                                                     : refuse(arg, "no such code");
}

/* "volume" and "volume.1" are the first volume of the profile, "volume.2" is the second; else one
 * of its other values. NULL where the profile has none such. */
static const char *profile_value(const struct profile *profile, const char *name)
{
    static const char volume[] = "volume";
    unsigned long number = 1;
    int other = profile_value_by_name(name);
    if (other >= 0) {
        return profile->values[other];
    }
    if (strncmp(name, volume, sizeof volume - 1) != 0) {
        return NULL;
    }
    const char *rest = name + sizeof volume - 1;
    if (*rest == '.' && isdigit((unsigned char)rest[1])) {
        char *end = NULL;
        number = strtoul(rest + 1, &end, 10);
        rest = end;
    }
    bool there = *rest == '\0' && number >= 1 && number <= profile->volumes.count;
    return there ? profile->volumes.items[number - 1] : NULL;
}

/* A value of the profile, or the name where there is none to look in. A missing value is no
 * failure: the case is skipped. */
static const char *profile_text(const struct arg *arg, const char *string, const char *name)
{
    const char *found = arg->expand->profile ? profile_value(arg->expand->profile, name) : string;
    arg->expand->uses_profile = true;
    if (!found && !arg->expand->missing) {
        arg->expand->missing = string;
    }
    return found;
}

/* 36 characters, in lower case, so that one GUID has one program text. */
static json_t *guid_value(const struct arg *arg, const json_t *value)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    char text[sizeof form];
    const char *string = json_is_string(value) ? json_string_value(value) : "";
    if (string[0] == '@') {
        const char *found = profile_text(arg, string, string + 1);
        string = found && found[0] != '@' ? found : "GUID_NULL"; /* the program is not run then */
    }
    if (strcmp(string, "GUID_NULL") == 0) {
        return json_string("00000000-0000-0000-0000-000000000000");
    }
    if (strlen(string) != sizeof form - 1) {
        return refuse(arg, "a GUID is wanted");
    }
    for (size_t i = 0; i < sizeof form; i++) {
        bool right = form[i] == 'x' ? isxdigit((unsigned char)string[i]) : string[i] == form[i];
        if (!right) {
            return refuse(arg, "a GUID is wanted");
        }
        text[i] = (char)tolower((unsigned char)string[i]);
    }
    return json_string(text);
}

static json_t *guid_list(const struct arg *arg, const json_t *value)
{
    if (!json_is_array(value)) {
        return refuse(arg, "a list of GUIDs is wanted");
    }
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(value); i++) {
        json_t *item = guid_value(arg, json_array_get(value, i));
        if (!item || json_array_append_new(list, item) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *string_value(const struct arg *arg, const json_t *value)
{
    if (!json_is_string(value)) {
        return refuse(arg, "a string is wanted");
    }
    const char *string = json_string_value(value);
    struct arg_ref ref = arg_ref_of(string);
    if (ref.what != ARG_PROFILE) {
        return json_string(ref.text);
    }
    const char *found = profile_text(arg, string, ref.text);
    return json_string(found ? found : string);
}

/* The machine value of an `in` argument that is no variable. */
static json_t *in_value(const struct arg *arg, const json_t *value)
{
    if (json_is_null(value)) {
        return kind_is_pointer(arg->param->kind) ? json_null() : refuse(arg, "it cannot be NULL");
    }
    switch (arg->param->kind) {
    case KIND_BOOL:
        return json_is_boolean(value) ? json_boolean(json_is_true(value))
                                      : refuse(arg, "true or false is wanted");
    case KIND_ENUM:
        return enum_value(arg, value);
    case KIND_HRESULT:
        return code_value(arg, value);
    case KIND_GUID:
    case KIND_GUID_REF:
        return guid_value(arg, value);
    case KIND_GUID_ARRAY:
        return guid_list(arg, value);
    case KIND_WSTR:
    case KIND_BSTR:
        return string_value(arg, value);
    case KIND_IFACE:
    case KIND_STRUCT:
    case KIND_STRUCT_ARRAY:
    case KIND_STRUCT_PTR:
        return refuse(arg, "a variable or null is wanted");
    default:
        return integer_value(arg, value);
    }
}

static void set_in(const struct arg *arg, const json_t *value, json_t *object)
{
    struct arg_ref ref = {ARG_LITERAL, NULL};
    if (json_is_string(value)) {
        ref = arg_ref_of(json_string_value(value));
    }
    if (!value) {
        refuse(arg, "it has no value");
    } else if (ref.what == ARG_VARIABLE) {
        expand_set(arg->expand, object, "var", json_string(ref.text));
    } else {
        json_t *machine = in_value(arg, value);
        if (machine || arg->expand->status == CTS_OK) {
            expand_set(arg->expand, object, "v", machine);
        }
    }
}

/* How large the callee's structure is and where its fields lie. */
static void set_layout(const struct arg *arg, json_t *object)
{
    enum arch arch = arg->expand->arch;
    const struct api_struct *type =
        arg->param->type ? tbl_struct(arg->expand->tables, arg->param->type) : NULL;
    if (!type) {
        refuse(arg, "its structure is not in the tables");
        return;
    }
    json_t *fields = json_array();
    for (size_t i = 0; i < type->field_count; i++) {
        const struct api_field *field = &type->fields[i];
        if (field->name[0] == '_') {
            continue; /* padding: whatever stands there says nothing */
        }
        json_t *item = json_object();
        expand_set(arg->expand, item, "name", json_string(field->name));
        expand_set(arg->expand, item, "kind", json_string(kind_name(field->kind)));
        expand_set(arg->expand, item, "offset", json_integer((json_int_t)field->offset[arch]));
        expand_append(arg->expand, fields, item);
    }
    expand_set(arg->expand, object, "size", json_integer((json_int_t)type->size[arch]));
    expand_set(arg->expand, object, "fields", fields);
}

/* An array of no elements gets room for one, so that a callee that writes it all the same is seen.
 */
static void set_length(const struct arg *arg, json_t *object)
{
    const char *from = arg->param->count_from;
    const json_t *count = from ? json_object_get(arg->args, from) : NULL;
    json_int_t length = json_integer_value(count);
    if (!json_is_integer(count) || length < 0 || length > ARRAY_MAX) {
        refuse(arg, "the number of its elements must be a number, at most 4096");
        return;
    }
    expand_set(arg->expand, object, "len", json_integer(length > 0 ? length : 1));
}

/* Where the object that comes back has its IUnknown, if it does not begin with it. */
static void set_unknown(const struct arg *arg, json_t *object)
{
    const struct tables *tables = arg->expand->tables;
    const char *name = arg->param->iface;
    int unknown = name ? tbl_iunknown(tables, tbl_interface(tables, name)) : 0;
    if (unknown > 0) {
        expand_set(arg->expand, object, "unknown", json_integer(unknown));
    }
}

/* An operation that a case leaves pending would go on into the next one. */
static void set_settle(const struct arg *arg, json_t *object)
{
    const char *name = arg->param->iface;
    json_t *settle = name && strcmp(name, "IVssAsync") == 0 ? expand_settle(arg->expand) : NULL;
    if (settle) {
        expand_set(arg->expand, object, "settle", settle);
    }
}

static void set_out(const struct arg *arg, const json_t *value, json_t *object)
{
    if (json_is_null(value)) {
        expand_set(arg->expand, object, "null", json_true());
        return;
    }
    set_unknown(arg, object);
    if (arg->param->zero) {
        expand_set(arg->expand, object, "zero", json_true());
    }
    if (value && arg->param->dir == DIR_OUT) {
        struct arg_ref ref = {ARG_LITERAL, NULL};
        if (json_is_string(value)) {
            ref = arg_ref_of(json_string_value(value));
        }
        if (ref.what != ARG_VARIABLE) {
            refuse(arg, "a variable or null is wanted");
            return;
        }
        expand_set(arg->expand, object, "as", json_string(ref.text));
        set_settle(arg, object);
    }
    if (arg->param->kind == KIND_STRUCT || arg->param->kind == KIND_STRUCT_ARRAY ||
        arg->param->kind == KIND_STRUCT_PTR) {
        set_layout(arg, object);
    }
    if (arg->param->kind == KIND_STRUCT_ARRAY) {
        set_length(arg, object);
    }
}

static json_t *expand_arg(const struct arg *arg)
{
    static const char *const dirs[] = {[DIR_IN] = "in", [DIR_OUT] = "out", [DIR_INOUT] = "inout"};
    const struct api_param *param = arg->param;
    const json_t *value = json_object_get(arg->args, param->name);
    json_t *object = json_object();
    expand_set(arg->expand, object, "n", json_string(param->name));
    expand_set(arg->expand, object, "d", json_string(dirs[param->dir]));
    expand_set(arg->expand, object, "k", json_string(kind_name(param->kind)));
    if (param->dir == DIR_IN || (param->dir == DIR_INOUT && !json_is_null(value))) {
        set_in(arg, value, object);
    }
    if (param->dir != DIR_IN) {
        set_out(arg, value, object);
    }
    return object;
}

json_t *expand_value(struct expand *expand, const struct step *step, const struct api_param *param,
                     const json_t *value)
{
    const struct arg arg = {expand, step, param, NULL};
    return in_value(&arg, value);
}

json_t *expand_args(struct expand *expand, const struct step *step, const struct api_method *method,
                    const json_t *args)
{
    json_t *list = json_array();
    for (size_t i = 0; i < method->param_count; i++) {
        const struct arg arg = {expand, step, &method->params[i], args};
        expand_append(expand, list, expand_arg(&arg));
    }
    return list;
}
