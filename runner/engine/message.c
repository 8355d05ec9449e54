#include "message.h"
#include "../util/str_buf.h"
#include <string.h>

/* Form of a value. Null passes for texts and numbers of a crash that is in no module. */
enum msg_form {
    FORM_COUNT,
    FORM_STEP,
    FORM_TEXT,
    FORM_HEX,
    FORM_HRESULT,
    FORM_FLAG,
    FORM_OBJECT,
    FORM_LIST
};

struct msg_key {
    enum msg_kind kind;
    const char *name;
    enum msg_form form;
    bool required;
};

static const char *const msg_names[] = {
#define MSG(id, name) name,
#include "messages.def"
};

static const struct msg_key msg_keys[] = {
#define KEY(message, key, form, required) {MSG_##message, key, FORM_##form, required},
#include "messages.def"
};

/* "0x" and upper-case hex digits: exactly `digits` of them, or 1 to 16 where that is 0. */
static bool is_hex(const json_t *value, size_t digits)
{
    const char *text = json_string_value(value);
    if (!text || strncmp(text, "0x", 2) != 0) {
        return false;
    }
    size_t count = strspn(text + 2, "0123456789ABCDEF");
    return text[2 + count] == '\0' && (digits ? count == digits : count >= 1 && count <= 16);
}

static bool has_form(const json_t *value, enum msg_form form)
{
    switch (form) {
    case FORM_COUNT:
        return json_is_integer(value) && json_integer_value(value) >= 0;
    case FORM_STEP:
        return json_is_integer(value) && json_integer_value(value) >= -1 &&
               json_integer_value(value) <= 1000000;
    case FORM_TEXT:
        return json_is_string(value) || json_is_null(value);
    case FORM_HEX:
        return is_hex(value, 0) || json_is_null(value);
    case FORM_HRESULT:
        return is_hex(value, 8);
    case FORM_FLAG:
        return json_is_boolean(value);
    case FORM_OBJECT:
        return json_is_object(value);
    case FORM_LIST:
        return json_is_array(value);
    }
    return false;
}

static bool keys_are_right(enum msg_kind kind, const json_t *object)
{
    for (size_t i = 0; i < sizeof msg_keys / sizeof msg_keys[0]; i++) {
        if (msg_keys[i].kind != kind) {
            continue;
        }
        const json_t *value = json_object_get(object, msg_keys[i].name);
        if (value ? !has_form(value, msg_keys[i].form) : msg_keys[i].required) {
            return false;
        }
    }
    return true;
}

static enum msg_kind kind_of(const json_t *object)
{
    const json_t *value = json_object_get(object, "m");
    const char *name = json_string_value(value);
    int kind = 0;
    if (!name || json_string_length(value) != strlen(name)) {
        return MSG_COUNT;
    }
    while (kind < MSG_COUNT && strcmp(name, msg_names[kind]) != 0) {
        kind++;
    }
    return (enum msg_kind)kind;
}

const char *msg_parse(const char *text, size_t len, struct message *out)
{
    memset(out, 0, sizeof *out);
    json_error_t error;
    json_t *object = json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (!json_is_object(object)) {
        json_decref(object);
        return "not a JSON object";
    }
    out->kind = kind_of(object);
    const char *wrong = NULL;
    if (out->kind == MSG_COUNT) {
        wrong = "no known message";
    } else if (!keys_are_right(out->kind, object)) {
        wrong = "message with a missing or wrong key";
    }
    if (wrong) {
        json_decref(object);
        return wrong;
    }
    const json_t *step = json_object_get(object, "s");
    out->s = step ? (int)json_integer_value(step) : MSG_NO_STEP;
    out->object = object;
    return NULL;
}

void msg_clear(struct message *message)
{
    json_decref(message->object);
    memset(message, 0, sizeof *message);
}

/* Length of the UTF-8 character that data starts with; 0 where it is none. */
static size_t utf8_length(const unsigned char *data, size_t len)
{
    static const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t need = data[0] < 0x80               ? 1
                  : (data[0] & 0xE0u) == 0xC0u ? 2
                  : (data[0] & 0xF0u) == 0xE0u ? 3
                  : (data[0] & 0xF8u) == 0xF0u ? 4
                                               : 0;
    if (need <= 1 || need > len) {
        return need > len ? 0 : need;
    }
    unsigned long code = data[0] & (0x7Fu >> need);
    for (size_t i = 1; i < need; i++) {
        if ((data[i] & 0xC0u) != 0x80u) {
            return 0;
        }
        code = code << 6 | (data[i] & 0x3Fu);
    }
    bool valid = code >= least[need] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
    return valid ? need : 0;
}

json_t *msg_clean_text(const char *data, size_t len, size_t max)
{
    struct str_buf text;
    sb_init(&text, 3 * max + 1);
    if (len > max) {
        len = max;
    }
    for (size_t i = 0; i < len;) {
        size_t step = utf8_length((const unsigned char *)data + i, len - i);
        unsigned char first = (unsigned char)data[i];
        bool control =
            step == 1 && (first < 0x20 || first == 0x7F) && first != '\n' && first != '\t';
        if (first == '\r' && i + 1 < len && data[i + 1] == '\n') {
            /* the line end of a Windows program */
        } else if (step == 0 || control) {
            sb_add(&text, "\xEF\xBF\xBD");
            step = 1;
        } else {
            sb_addn(&text, data + i, step);
        }
        i += step;
    }
    json_t *result = text.failed ? NULL : json_stringn(sb_text(&text), text.len);
    sb_free(&text);
    return result;
}
