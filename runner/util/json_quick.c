#include "json_quick.h"

#include "json_digits.h"
#include "json_scan.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define KEY_MAX 64  /* with its terminator */
#define KEYS_MAX 64 /* of an object that is sorted here */

/* --- reading --- */

static json_t *read_value(struct scan *scan);

/* The bytes between two quotes, of which the first is skipped already. NULL: there are escapes, or
 * no second one. */
static const char *read_text(struct scan *scan, size_t *len, bool *ascii)
{
    const char *const begin = scan->at;
    *ascii = scan_plain(scan);
    *len = (size_t)(scan->at - begin);
    return scan_skip(scan, '"') ? begin : NULL;
}

static json_t *read_string(struct scan *scan)
{
    size_t len = 0;
    bool ascii = true;
    const char *const text = read_text(scan, &len, &ascii);
    if (text == NULL) {
        return NULL;
    }
    return ascii ? json_stringn_nocheck(text, len) : json_stringn(text, len);
}

static json_t *read_integer(struct scan *scan)
{
    int64_t value = 0;
    return scan_integer(scan, &value) ? json_integer((json_int_t)value) : NULL;
}

static bool read_member(struct scan *scan, json_t *object)
{
    char key[KEY_MAX];
    size_t len = 0;
    bool ascii = true;
    const char *const text = scan_mark(scan, '"') ? read_text(scan, &len, &ascii) : NULL;
    if (text == NULL || !ascii || len >= sizeof key || !scan_mark(scan, ':')) {
        return false;
    }
    memcpy(key, text, len);
    key[len] = '\0';
    return json_object_set_new_nocheck(object, key, read_value(scan)) == 0;
}

static bool read_members(struct scan *scan, json_t *object)
{
    size_t count = 0;
    if (scan_mark(scan, '}')) {
        return true;
    }
    do {
        if (!read_member(scan, object)) {
            return false;
        }
        count++;
    } while (scan_mark(scan, ','));
    return scan_mark(scan, '}') &&
           json_object_size(object) == count; /* no key stands there twice */
}

static bool read_items(struct scan *scan, json_t *array)
{
    if (scan_mark(scan, ']')) {
        return true;
    }
    do {
        if (json_array_append_new(array, read_value(scan)) != 0) {
            return false;
        }
    } while (scan_mark(scan, ','));
    return scan_mark(scan, ']');
}

/* An object or an array, whose first character is skipped already. */
static json_t *read_inner(struct scan *scan, json_t *made,
                          bool (*read)(struct scan *scan, json_t *made))
{
    scan->depth++;
    if (made == NULL || scan->depth > SCAN_DEPTH_MAX || !read(scan, made)) {
        json_decref(made);
        made = NULL;
    }
    scan->depth--;
    return made;
}

static json_t *read_value(struct scan *scan)
{
    scan_blanks(scan);
    if (scan_skip(scan, '"')) {
        return read_string(scan);
    }
    if (scan_skip(scan, '{')) {
        return read_inner(scan, json_object(), read_members);
    }
    if (scan_skip(scan, '[')) {
        return read_inner(scan, json_array(), read_items);
    }
    switch (scan->at < scan->end ? *scan->at : '\0') {
    case 't':
        return scan_word(scan, "true") ? json_true() : NULL;
    case 'f':
        return scan_word(scan, "false") ? json_false() : NULL;
    case 'n':
        return scan_word(scan, "null") ? json_null() : NULL;
    default:
        return read_integer(scan);
    }
}

/* jansson passes over a zero byte behind a number; nothing in JSON has one. */
static void refuse_zero(const char *text, const char *zero, json_error_t *why)
{
    memset(why, 0, sizeof *why);
    why->line = 1;
    why->position = (int)(zero - text);
    for (const char *at = text; at <= zero; at++) {
        why->column += ((unsigned char)*at & 0xC0) != 0x80;
        if (*at == '\n') {
            why->line++;
            why->column = 0;
        }
    }
    snprintf(why->source, sizeof why->source, "<buffer>");
    snprintf(why->text, sizeof why->text - 1, "control character 0x0");
    why->text[sizeof why->text - 1] = (char)json_error_invalid_syntax; /* see json_error_code() */
}

json_t *json_quick_read(const char *text, size_t len, size_t flags, json_error_t *why)
{
    struct scan scan = {text, text + len, 0};
    json_t *value = NULL;
    scan_blanks(&scan);
    if (scan.at < scan.end && (*scan.at == '{' || *scan.at == '[')) {
        value = read_value(&scan);
    }
    scan_blanks(&scan);
    if (value != NULL && scan.at != scan.end) {
        json_decref(value);
        value = NULL;
    }
    const char *zero = value == NULL ? memchr(text, '\0', len) : NULL;
    if (zero != NULL && why != NULL) {
        refuse_zero(text, zero, why);
    }
    return value != NULL || zero != NULL ? value : json_loadb(text, len, flags, why);
}

/* --- writing --- */

struct quick_out {
    json_dump_callback_t write;
    void *context;
    unsigned depth; /* a value as deep as jansson allows would need more stack here than there */
    bool failed;    /* a write of jansson's */
};

static bool write_value(struct quick_out *out, const json_t *value);

static bool put(const struct quick_out *out, const char *text, size_t len)
{
    return out->write(text, len, out->context) == 0;
}

/* jansson 2.14 passes over a failure where it writes a key: it is kept. */
static int write_kept(const char *text, size_t len, void *context)
{
    struct quick_out *out = context;
    out->failed = out->failed || !put(out, text, len);
    return out->failed ? -1 : 0;
}

static bool write_slowly(struct quick_out *out, const json_t *value)
{
    return json_dump_callback(value, write_kept, out,
                              JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY) == 0 &&
           !out->failed;
}

/* Can it stand between quotes as it is? */
static bool is_plain(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c > 0x7E || c == '"' || c == '\\') {
            return false;
        }
    }
    return true;
}

static bool write_string(struct quick_out *out, const json_t *value)
{
    const char *text = json_string_value(value);
    const size_t len = json_string_length(value);
    return is_plain(text, len) ? put(out, "\"", 1) && put(out, text, len) && put(out, "\"", 1)
                               : write_slowly(out, value);
}

static bool write_integer(const struct quick_out *out, const json_t *value)
{
    char room[JSON_DIGITS_SIZE];
    const char *digits = json_digits(json_integer_value(value), room);
    return put(out, digits, (size_t)(room + sizeof room - digits));
}

static bool write_array(struct quick_out *out, const json_t *array)
{
    bool right = put(out, "[", 1);
    for (size_t i = 0; right && i < json_array_size(array); i++) {
        right = (i == 0 || put(out, ",", 1)) && write_value(out, json_array_get(array, i));
    }
    return right && put(out, "]", 1);
}

/* The members of an object, sorted; false: they are too many, or a key is not plain. */
static bool sort_members(json_t *object, void *members[KEYS_MAX])
{
    size_t count = 0;
    if (json_object_size(object) > KEYS_MAX) {
        return false;
    }
    for (void *it = json_object_iter(object); it != NULL; it = json_object_iter_next(object, it)) {
        const char *key = json_object_iter_key(it);
        size_t at = count++;
        if (!is_plain(key, strlen(key))) {
            return false;
        }
        for (; at > 0 && strcmp(json_object_iter_key(members[at - 1]), key) > 0; at--) {
            members[at] = members[at - 1];
        }
        members[at] = it;
    }
    return true;
}

static bool write_object(struct quick_out *out, const json_t *value)
{
    json_t *object = (json_t *)(uintptr_t)value; /* jansson's iterators know no const */
    void *members[KEYS_MAX];
    const size_t count = json_object_size(object);
    if (!sort_members(object, members)) {
        return write_slowly(out, value);
    }
    bool right = put(out, "{", 1);
    for (size_t i = 0; right && i < count; i++) {
        const char *key = json_object_iter_key(members[i]);
        right = put(out, i == 0 ? "\"" : ",\"", i == 0 ? 1 : 2) && put(out, key, strlen(key)) &&
                put(out, "\":", 2) && write_value(out, json_object_iter_value(members[i]));
    }
    return right && put(out, "}", 1);
}

/* An object or an array. */
static bool write_inner(struct quick_out *out, const json_t *value)
{
    if (out->depth == SCAN_DEPTH_MAX) {
        return write_slowly(out, value);
    }
    out->depth++;
    const bool right = json_is_object(value) ? write_object(out, value) : write_array(out, value);
    out->depth--;
    return right;
}

static bool write_value(struct quick_out *out, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
    case JSON_ARRAY:
        return write_inner(out, value);
    case JSON_STRING:
        return write_string(out, value);
    case JSON_INTEGER:
        return write_integer(out, value);
    case JSON_TRUE:
        return put(out, "true", 4);
    case JSON_FALSE:
        return put(out, "false", 5);
    case JSON_NULL:
        return put(out, "null", 4);
    default:
        return write_slowly(out, value);
    }
}

bool json_quick_write(const json_t *value, json_dump_callback_t write, void *context)
{
    struct quick_out out = {.write = write, .context = context};
    return value != NULL && write_value(&out, value);
}
