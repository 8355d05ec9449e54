/* Out values as JSON. Nothing that a call left behind is trusted: its pointers are read through
 * probe_copy alone. */
#include "value_show.h"
#include "worker_mem.h"
#include "worker_probe.h"
#include "worker_text.h"
#include <string.h>

#define TEXT_SHOWN ((size_t)32768) /* units of one string in an event */
#define TEXT_MAX ((size_t)8 << 20) /* units after which a string counts as one without an end */

/* While one out parameter is turned into JSON. */
struct showing {
    struct call_frame *frame;
    int of;
    bool bad;
    size_t cut; /* length of the longest string that was cut, or 0 */
};

size_t value_out_size(enum value_kind kind, const json_t *arg)
{
    json_int_t size = json_integer_value(json_object_get(arg, "size"));
    json_int_t count = json_integer_value(json_object_get(arg, "len"));

    switch (kind) {
    case VALUE_BOOL:
        return 1;
    case VALUE_U16:
        return 2;
    case VALUE_U32:
    case VALUE_I32:
    case VALUE_ENUM:
    case VALUE_HRESULT:
        return 4;
    case VALUE_U64:
    case VALUE_I64:
        return 8;
    case VALUE_GUID:
        return sizeof(GUID);
    case VALUE_WSTR:
    case VALUE_BSTR:
    case VALUE_IFACE:
    case VALUE_PTR:
    case VALUE_STRUCT_PTR:
        return sizeof(void *);
    case VALUE_STRUCT:
        return size > 0 && size <= 1 << 20 ? (size_t)size : 0;
    case VALUE_STRUCT_ARRAY:
        return size > 0 && size <= 1 << 16 && count > 0 && count <= 1 << 12
                   ? (size_t)size * (size_t)count
                   : 0;
    default:
        return 0;
    }
}

void *value_pointer(const uint8_t *data)
{
    void *pointer;

    memcpy(&pointer, data, sizeof pointer);
    return pointer;
}

struct text_copy value_copy_text(const wchar_t *source, bool bstr)
{
    struct text_copy copy = {NULL, 0, true};
    uint32_t stated;
    size_t bytes;

    if (bstr) {
        if (probe_copy(&stated, (const uint8_t *)source - sizeof stated, sizeof stated) !=
                sizeof stated ||
            stated / sizeof(wchar_t) > TEXT_MAX)
            return copy;
        copy.length = stated / sizeof(wchar_t);
    } else if (!probe_wstr(source, TEXT_MAX, &copy.length)) {
        return copy;
    }
    bytes = (copy.length + 1) * sizeof(wchar_t);
    copy.text = wmem_alloc(bytes);
    copy.bad = probe_copy(copy.text, source, bytes) != bytes || copy.text[copy.length] != 0;
    if (copy.bad) {
        wmem_free(copy.text);
        copy.text = NULL;
    }
    return copy;
}

static json_t *show_text(struct showing *showing, const wchar_t *source, bool bstr)
{
    struct text_copy copy;
    size_t shown;
    json_t *json;

    if (source == NULL)
        return json_null();
    copy = value_copy_text(source, bstr);
    if (copy.bad) {
        showing->bad = true;
        return json_null();
    }
    shown = copy.length < TEXT_SHOWN ? copy.length : TEXT_SHOWN;
    if (shown > showing->frame->text_left)
        shown = showing->frame->text_left;
    showing->frame->text_left -= shown;
    if (shown < copy.length && copy.length > showing->cut)
        showing->cut = copy.length;
    json = wtext_utf16_json(copy.text, shown);
    wmem_free(copy.text);
    return json;
}

static json_t *show_unsigned(const uint8_t *data, size_t size)
{
    uint64_t number = 0;

    memcpy(&number, data, size);
    return number > INT64_MAX ? wtext_hex_json(number, 16) : json_integer((json_int_t)number);
}

static json_t *show_signed(const uint8_t *data, size_t size)
{
    int64_t number;
    int32_t half;

    if (size == sizeof half) {
        memcpy(&half, data, sizeof half);
        number = half;
    } else {
        memcpy(&number, data, sizeof number);
    }
    return json_integer(number);
}

static json_t *show_pointer(struct showing *showing, enum value_kind kind, const uint8_t *data)
{
    void *pointer = value_pointer(data);

    if (pointer == NULL)
        return json_null();
    if (kind == VALUE_PTR)
        return wtext_hex_json((uintptr_t)pointer, 1);
    return objects_json(
        objects_see(&showing->frame->program->objects, pointer, showing->of).number);
}

/* One value that is no structure. */
static json_t *show_plain(struct showing *showing, enum value_kind kind, const uint8_t *data)
{
    uint32_t code;
    GUID guid;

    switch (kind) {
    case VALUE_BOOL:
        return *data <= 1 ? json_boolean(*data) : json_integer(*data);
    case VALUE_U16:
        return show_unsigned(data, 2);
    case VALUE_U32:
    case VALUE_ENUM:
        return show_unsigned(data, 4);
    case VALUE_U64:
        return show_unsigned(data, 8);
    case VALUE_I32:
        return show_signed(data, 4);
    case VALUE_I64:
        return show_signed(data, 8);
    case VALUE_HRESULT:
        memcpy(&code, data, sizeof code);
        return wtext_hex_json(code, 8);
    case VALUE_GUID:
        memcpy(&guid, data, sizeof guid);
        return objects_guid_json(&showing->frame->program->objects, &guid);
    case VALUE_WSTR:
    case VALUE_BSTR:
        return show_text(showing, value_pointer(data), kind == VALUE_BSTR);
    default:
        return show_pointer(showing, kind, data);
    }
}

bool value_field(const json_t *field, size_t size, enum value_kind *kind, size_t *offset)
{
    json_int_t at = json_integer_value(json_object_get(field, "offset"));
    size_t width;

    *kind = value_kind_parse(json_string_value(json_object_get(field, "kind")));
    width = value_out_size(*kind, NULL);
    *offset = (size_t)at;
    return width > 0 && at >= 0 && width <= size && (size_t)at <= size - width;
}

/* A structure as an object of the fields that were written. */
static json_t *show_struct(struct showing *showing, const uint8_t *data, size_t size,
                           const json_t *fields)
{
    json_t *object = json_object();
    const json_t *field;
    size_t k;

    json_array_foreach(fields, k, field)
    {
        const char *name = json_string_value(json_object_get(field, "name"));
        enum value_kind kind;
        size_t offset;

        if (name == NULL || !value_field(field, size, &kind, &offset)) {
            program_defect(showing->frame->program, "a field must lie inside its structure");
            break;
        }
        if (!fence_is_fill(data + offset, value_out_size(kind, NULL)))
            json_object_set_new_nocheck(object, name, show_plain(showing, kind, data + offset));
    }
    return object;
}

/* A structure that the callee has made and owns; NULL where the pointer is. */
static json_t *show_pointed(struct showing *showing, const struct out_param *out)
{
    const void *source = value_pointer(out->fence->data);
    size_t size = value_out_size(VALUE_STRUCT, out->arg);
    json_t *object = json_null();
    uint8_t *copy;

    if (source == NULL || size == 0)
        return object;
    copy = wmem_alloc(size);
    if (probe_copy(copy, source, size) == size)
        object = show_struct(showing, copy, size, json_object_get(out->arg, "fields"));
    else
        showing->bad = true;
    wmem_free(copy);
    return object;
}

/* An array as a list; elements that were not written are null. */
static json_t *show_array(struct showing *showing, const struct out_param *out)
{
    size_t size = (size_t)json_integer_value(json_object_get(out->arg, "size"));
    json_t *list = json_array();

    for (size_t at = 0; at < out->size; at += size) {
        const uint8_t *data = out->fence->data + at;

        json_array_append_new(
            list, fence_is_fill(data, size)
                      ? json_null()
                      : show_struct(showing, data, size, json_object_get(out->arg, "fields")));
    }
    return list;
}

bool value_was_written(const struct out_param *out)
{
    if (out->inout)
        return memcmp(out->fence->data, out->before, out->size) != 0;
    return !fence_is_fill(out->fence->data, out->size);
}

json_t *value_show(struct call_frame *frame, const struct out_param *out, int of)
{
    struct showing showing = {frame, of, false, 0};
    json_t *shown = json_object();
    bool written = value_was_written(out);
    json_t *value = NULL;

    json_object_set_new_nocheck(shown, "w", json_boolean(written));
    if (!written)
        goto done;
    if (out->kind == VALUE_STRUCT)
        value =
            show_struct(&showing, out->fence->data, out->size, json_object_get(out->arg, "fields"));
    else if (out->kind == VALUE_STRUCT_ARRAY)
        value = show_array(&showing, out);
    else if (out->kind == VALUE_STRUCT_PTR)
        value = show_pointed(&showing, out);
    else
        value = show_plain(&showing, out->kind, out->fence->data);
    if (showing.bad && json_is_null(value))
        json_decref(value);
    else
        json_object_set_new_nocheck(shown, "v", value);
    if (showing.bad)
        json_object_set_new_nocheck(shown, "bad", json_true());
    if (showing.cut > 0)
        json_object_set_new_nocheck(shown, "cut", json_integer((json_int_t)showing.cut));
done:
    if (fence_over(out->fence))
        json_object_set_new_nocheck(shown, "over", json_true());
    return shown;
}
