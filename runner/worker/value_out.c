/* What becomes of a call's out values: shown in the event, kept in variables, or freed. */
#include "value_show.h"
#include "worker_mem.h"
#include <oleauto.h>
#include <string.h>

/* Frees a string that a call has handed out; one that cannot be read is left alone. */
static void free_text(void *pointer, bool bstr)
{
    struct text_copy copy;

    if (pointer == NULL)
        return;
    copy = value_copy_text(pointer, bstr);
    if (copy.bad)
        return;
    wmem_free(copy.text);
    if (bstr)
        SysFreeString(pointer);
    else
        CoTaskMemFree(pointer);
}

void value_free_struct(const uint8_t *data, size_t length, const json_t *arg)
{
    size_t size = (size_t)json_integer_value(json_object_get(arg, "size"));
    const json_t *field;
    size_t k;

    for (size_t at = 0; size > 0 && at + size <= length; at += size) {
        json_array_foreach(json_object_get(arg, "fields"), k, field)
        {
            enum value_kind kind;
            size_t offset;

            if (value_field(field, size, &kind, &offset) &&
                (kind == VALUE_WSTR || kind == VALUE_BSTR) &&
                !fence_is_fill(data + at + offset, sizeof(void *)))
                free_text(value_pointer(data + at + offset), kind == VALUE_BSTR);
        }
    }
}

/* The value for a variable. A string is copied and the callee's own is freed; a structure keeps its
 * strings until the end of the program, or until a call gets it. */
static struct var_value kept_value(const struct out_param *out)
{
    const uint8_t *data = out->fence->data;
    struct var_value value = {0};
    struct text_copy copy;

    switch (out->kind) {
    case VALUE_IFACE:
        value.pointer = value_pointer(data);
        value.unknown = out->unknown;
        value.kind = value.pointer != NULL ? VAR_IFACE : VAR_EMPTY;
        value.settle = json_object_get(out->arg, "settle");
        break;
    case VALUE_GUID:
        value.kind = VAR_GUID;
        memcpy(&value.guid, data, sizeof value.guid);
        break;
    case VALUE_WSTR:
    case VALUE_BSTR:
        if (value_pointer(data) == NULL)
            break;
        copy = value_copy_text(value_pointer(data), out->kind == VALUE_BSTR);
        value.kind = copy.bad ? VAR_EMPTY : VAR_TEXT;
        value.text = copy.text;
        value.length = copy.length;
        free_text(value_pointer(data), out->kind == VALUE_BSTR);
        break;
    case VALUE_STRUCT:
    case VALUE_STRUCT_ARRAY:
        value.kind = VAR_STRUCT;
        value.bytes = memcpy(wmem_alloc(out->size), data, out->size);
        value.length = out->size;
        value.arg = out->arg;
        break;
    default:
        value.kind = VAR_NUMBER;
        memcpy(&value.number, data, out->size);
        break;
    }
    return value;
}

/* Keeps the value; what the variable held before is given back, an interface reported in
 * "replaced". */
static void keep(struct program *program, const struct out_param *out, const char *as,
                 json_t *event)
{
    struct var_value value, old;
    json_t *replaced;
    bool was_iface;
    uint32_t count;

    EnterCriticalSection(&program->lock);
    value = kept_value(out);
    old = vars_set(&program->vars, as, &value);
    if (value.kind == VAR_IFACE)
        objects_hold(&program->objects, value.pointer, 1);
    LeaveCriticalSection(&program->lock);
    was_iface = old.kind == VAR_IFACE;
    count = program_discard(program, &old, NULL);
    if (!was_iface)
        return;
    replaced = json_object_get(event, "replaced");
    if (replaced == NULL) {
        replaced = json_object();
        json_object_set_new_nocheck(event, "replaced", replaced);
    }
    json_object_set_new_nocheck(replaced, as, json_integer(count));
}

/* Frees the value; the count of an interface goes into `freed`. */
static void drop(struct program *program, const struct out_param *out, json_t *freed)
{
    const uint8_t *data = out->fence->data;
    struct var_value value;

    switch (out->kind) {
    case VALUE_IFACE:
        value = kept_value(out);
        if (value.kind == VAR_IFACE)
            json_object_set_new_nocheck(freed, out->name,
                                        json_integer(program_release(program, &value, NULL)));
        break;
    case VALUE_WSTR:
    case VALUE_BSTR:
        free_text(value_pointer(data), out->kind == VALUE_BSTR);
        break;
    case VALUE_STRUCT:
    case VALUE_STRUCT_ARRAY:
        value_free_struct(data, out->size, out->arg);
        break;
    default:
        break;
    }
}

void value_out_all(struct call_frame *frame, json_t *event, bool success, int of)
{
    json_t *shown = json_object(), *freed = json_object();

    EnterCriticalSection(&frame->program->lock);
    for (size_t k = 0; k < frame->out_count; k++)
        json_object_set_new_nocheck(shown, frame->outs[k].name,
                                    value_show(frame, &frame->outs[k], of));
    LeaveCriticalSection(&frame->program->lock);
    json_object_set_new_nocheck(event, "out", shown);
    for (size_t k = 0; success && k < frame->out_count; k++) {
        const struct out_param *out = &frame->outs[k];
        const char *as = json_string_value(json_object_get(out->arg, "as"));

        if (!value_was_written(out))
            continue;
        if (as != NULL)
            keep(frame->program, out, as, event);
        else
            drop(frame->program, out, freed);
    }
    if (json_object_size(freed) > 0)
        json_object_set_new_nocheck(event, "freed", freed);
    else
        json_decref(freed);
}
