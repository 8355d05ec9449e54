/* From the program's arguments to machine words and buffers. */
#include "worker_call.h"
#include "worker_mem.h"
#include "worker_text.h"
#include <string.h>

/* One argument, taken apart. */
struct in_value {
    enum value_kind kind;
    const json_t *v;       /* its "v", or NULL */
    struct var_value *var; /* its variable, or NULL */
};

static bool defect(struct call_frame *frame, const char *text)
{
    program_defect(frame->program, text);
    return false;
}

static bool push(struct call_frame *frame, uintptr_t word)
{
    return callconv_word(&frame->words, word) || defect(frame, "too many arguments");
}

static bool number_of(const struct in_value *in, uint64_t *out)
{
    if (in->var != NULL) {
        *out = in->var->number;
        return in->var->kind == VAR_NUMBER;
    }
    return wtext_number(in->v, out);
}

static bool guid_of(const struct in_value *in, GUID *out)
{
    if (in->var != NULL) {
        *out = in->var->guid;
        return in->var->kind == VAR_GUID;
    }
    return json_is_string(in->v) && wtext_guid(json_string_value(in->v), out);
}

static bool push_guid(struct call_frame *frame, const struct in_value *in)
{
    struct fence *fence;
    GUID guid;

    if (!guid_of(in, &guid))
        return defect(frame, "a GUID is needed");
    fence = call_fence(frame, sizeof guid, 8);
    memcpy(fence->data, &guid, sizeof guid);
    if (in->kind == VALUE_GUID_REF)
        return push(frame, (uintptr_t)fence->data);
    return callconv_guid(&frame->words, (GUID *)(void *)fence->data) ||
           defect(frame, "too many arguments");
}

static bool push_guid_array(struct call_frame *frame, const struct in_value *in)
{
    size_t count = json_array_size(in->v);
    struct fence *fence;
    const json_t *item;
    size_t k;

    if (!json_is_array(in->v))
        return defect(frame, "a list of GUIDs is needed");
    fence = call_fence(frame, count * sizeof(GUID), 8);
    json_array_foreach(in->v, k, item)
    {
        GUID guid;

        if (!json_is_string(item) || !wtext_guid(json_string_value(item), &guid))
            return defect(frame, "a list of GUIDs is needed");
        memcpy(fence->data + k * sizeof guid, &guid, sizeof guid);
    }
    return push(frame, (uintptr_t)fence->data);
}

/* A string with its end; a BSTR has its length in bytes before it. */
static uint8_t *fenced_text(struct call_frame *frame, const wchar_t *text, size_t length, bool bstr)
{
    size_t bytes = length * sizeof(wchar_t), prefix = bstr ? sizeof(uint32_t) : 0;
    struct fence *fence =
        call_fence(frame, prefix + bytes + sizeof(wchar_t), bstr ? 4 : sizeof(wchar_t));
    uint32_t stated = (uint32_t)bytes;

    if (bstr)
        memcpy(fence->data, &stated, sizeof stated);
    memcpy(fence->data + prefix, text, bytes);
    memset(fence->data + prefix + bytes, 0, sizeof(wchar_t));
    return fence->data + prefix;
}

static bool push_text(struct call_frame *frame, const struct in_value *in)
{
    bool bstr = in->kind == VALUE_BSTR;
    const wchar_t *text;
    wchar_t *made = NULL;
    size_t length;
    uint8_t *data;

    if (in->var != NULL && in->var->kind == VAR_TEXT) {
        text = in->var->text;
        length = in->var->length;
    } else if (in->var == NULL && json_is_string(in->v)) {
        made = wtext_utf16(json_string_value(in->v), json_string_length(in->v), &length);
        text = made;
    } else {
        return defect(frame, "a string is needed");
    }
    data = fenced_text(frame, text, length, bstr);
    wmem_free(made);
    return push(frame, (uintptr_t)data);
}

/* A structure can only come from a variable: a copy of what a call wrote there. What its strings
 * are from now on is the callee's business. */
static bool push_struct(struct call_frame *frame, const struct in_value *in)
{
    struct fence *fence;

    if (in->var == NULL || in->var->kind != VAR_STRUCT)
        return defect(frame, "a structure comes from a variable");
    fence = call_fence(frame, in->var->length, 1);
    memcpy(fence->data, in->var->bytes, in->var->length);
    in->var->arg = NULL;
    return push(frame, (uintptr_t)fence->data);
}

static bool push_iface(struct call_frame *frame, const struct in_value *in)
{
    if (in->var == NULL || in->var->kind != VAR_IFACE)
        return defect(frame, "an interface comes from a variable");
    return push(frame, (uintptr_t)in->var->pointer);
}

static bool push_number(struct call_frame *frame, const struct in_value *in)
{
    uint64_t number;

    if (in->kind == VALUE_PTR && in->var != NULL && in->var->kind == VAR_IFACE)
        return push(frame, (uintptr_t)in->var->pointer);
    if (!number_of(in, &number))
        return defect(frame, "a number is needed");
    switch (in->kind) {
    case VALUE_U64:
    case VALUE_I64:
        return callconv_u64(&frame->words, number) || defect(frame, "too many arguments");
    case VALUE_PTR:
    case VALUE_STRUCT_PTR:
        return push(frame, (uintptr_t)number);
    case VALUE_BOOL:
        return push(frame, number != 0);
    default:
        return push(frame, (uint32_t)number);
    }
}

static bool push_in(struct call_frame *frame, const struct in_value *in)
{
    if (in->var == NULL && json_is_null(in->v) && in->kind != VALUE_GUID)
        return in->kind == VALUE_U64 || in->kind == VALUE_I64 ? callconv_u64(&frame->words, 0)
                                                              : push(frame, 0);
    switch (in->kind) {
    case VALUE_GUID:
    case VALUE_GUID_REF:
        return push_guid(frame, in);
    case VALUE_GUID_ARRAY:
        return push_guid_array(frame, in);
    case VALUE_WSTR:
    case VALUE_BSTR:
        return push_text(frame, in);
    case VALUE_STRUCT:
    case VALUE_STRUCT_ARRAY:
        return push_struct(frame, in);
    case VALUE_IFACE:
        return push_iface(frame, in);
    default:
        return push_number(frame, in);
    }
}

/* Writes the value that an inout parameter brings along: numbers, GUIDs and interfaces. */
static bool fill_inout(struct call_frame *frame, struct out_param *out, const struct in_value *in)
{
    uint64_t number;
    GUID guid;

    if (out->size > sizeof out->before)
        return defect(frame, "an inout parameter is a number, a GUID or an interface");
    if (out->kind == VALUE_GUID) {
        if (!guid_of(in, &guid))
            return defect(frame, "a GUID is needed");
        memcpy(out->before, &guid, sizeof guid);
    } else if (out->kind == VALUE_IFACE && in->var != NULL) {
        memcpy(out->before, &in->var->pointer, sizeof in->var->pointer);
    } else {
        if (!number_of(in, &number))
            return defect(frame, "a number is needed");
        memcpy(out->before, &number, out->size < sizeof number ? out->size : sizeof number);
    }
    memcpy(out->fence->data, out->before, out->size);
    return true;
}

/* An out parameter that the caller must set to zero: as if it brought a zero along. */
static bool fill_zero(struct call_frame *frame, struct out_param *out)
{
    if (out->size > sizeof out->before)
        return defect(frame, "only a pointer, a number or a GUID is set to zero before a call");
    memset(out->before, 0, sizeof out->before);
    memset(out->fence->data, 0, out->size);
    out->inout = true;
    return true;
}

/* Where the interface of an out parameter has its IUnknown; 0 where nothing is said. */
static bool unknown_of(const json_t *arg, unsigned *unknown)
{
    const json_t *value = json_object_get(arg, "unknown");
    const json_int_t number = json_integer_value(value);

    *unknown = (unsigned)number;
    return value == NULL || (json_is_integer(value) && number >= 1 && number <= CALL_UNKNOWN_MAX);
}

static bool push_out(struct call_frame *frame, const json_t *arg, const struct in_value *in,
                     bool inout)
{
    struct out_param *out = &frame->outs[frame->out_count];
    size_t align = 8;

    if (json_is_true(json_object_get(arg, "null")) || (inout && json_is_null(in->v)))
        return push(frame, 0);
    memset(out, 0, sizeof *out);
    out->arg = arg;
    out->name = json_string_value(json_object_get(arg, "n"));
    out->kind = in->kind;
    out->size = value_out_size(in->kind, arg);
    if (out->name == NULL || out->size == 0)
        return defect(frame, "an out parameter needs a name, and a structure a size");
    if (!unknown_of(arg, &out->unknown))
        return defect(frame, "\"unknown\" of an interface is a number from 1 to 15");
    /* The value ends at the fence; its type asks for no more than what divides its size. */
    while (out->size % align != 0)
        align /= 2;
    out->fence = call_fence(frame, out->size, align);
    out->inout = inout;
    if (inout && !fill_inout(frame, out, in))
        return false;
    if (json_is_true(json_object_get(arg, "zero")) && !fill_zero(frame, out))
        return false;
    frame->out_count++;
    return push(frame, (uintptr_t)out->fence->data);
}

static bool push_arg(struct call_frame *frame, const json_t *arg)
{
    const char *dir = json_string_value(json_object_get(arg, "d"));
    const char *name = json_string_value(json_object_get(arg, "var"));
    struct in_value in = {VALUE_KINDS, NULL, NULL};

    in.kind = value_kind_parse(json_string_value(json_object_get(arg, "k")));
    if (in.kind == VALUE_KINDS || dir == NULL)
        return defect(frame, "an argument needs a known kind and a direction");
    in.v = json_object_get(arg, "v");
    if (name != NULL) {
        struct var *var = vars_find(&frame->program->vars, name);

        if (var == NULL) {
            frame->empty = name;
            return false;
        }
        in.var = &var->value;
    }
    if (strcmp(dir, "in") == 0)
        return push_in(frame, &in);
    return push_out(frame, arg, &in, strcmp(dir, "inout") == 0);
}

bool value_in_args(struct call_frame *frame, const json_t *args)
{
    const json_t *arg;
    size_t k;

    frame->empty = NULL;
    frame->text_left = (size_t)1 << 19;
    if (json_array_size(args) > CALL_ARGS_MAX)
        return defect(frame, "too many arguments");
    json_array_foreach(args, k, arg)
    {
        if (!push_arg(frame, arg))
            return false;
    }
    return true;
}
