#include "json_quick.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define DEPTH_MAX 64
#define KEY_MAX 64    /* with its terminator */
#define DIGITS_MAX 18 /* any such number fits 64 bits */
#define KEYS_MAX 64   /* of an object that is sorted here */

/* --- reading --- */

/* What is read next, up to `end`. Every function below gives NULL or false for what it does not
 * know; whether that is wrong is not for it to say. */
struct quick {
    const char *at, *end;
    unsigned depth;
};

static json_t *read_value(struct quick *quick);

static bool skip(struct quick *quick, char c)
{
    const bool there = quick->at < quick->end && *quick->at == c;
    quick->at += there;
    return there;
}

static void skip_blanks(struct quick *quick)
{
    while (quick->at < quick->end &&
           (*quick->at == ' ' || *quick->at == '\n' || *quick->at == '\r' || *quick->at == '\t')) {
        quick->at++;
    }
}

/* A character of the grammar, with blanks before it. */
static bool skip_mark(struct quick *quick, char c)
{
    skip_blanks(quick);
    return skip(quick, c);
}

/* The bytes between two quotes, of which the first is skipped already. NULL: there are escapes, or
 * no second one. */
static const char *read_text(struct quick *quick, size_t *len, bool *ascii)
{
    const char *const begin = quick->at;
    const char *at = begin;
    unsigned char all = 0;
    while (at < quick->end && *at != '"' && *at != '\\' && (unsigned char)*at >= 0x20) {
        all |= (unsigned char)*at++;
    }
    *len = (size_t)(at - begin);
    *ascii = all < 0x80;
    quick->at = at;
    return skip(quick, '"') ? begin : NULL;
}

static json_t *read_string(struct quick *quick)
{
    size_t len = 0;
    bool ascii = true;
    const char *const text = read_text(quick, &len, &ascii);
    if (text == NULL) {
        return NULL;
    }
    return ascii ? json_stringn_nocheck(text, len) : json_stringn(text, len);
}

static json_t *read_integer(struct quick *quick)
{
    const bool negative = skip(quick, '-');
    const char *const begin = quick->at;
    json_int_t value = 0;
    while (quick->at < quick->end && *quick->at >= '0' && *quick->at <= '9' &&
           quick->at - begin < DIGITS_MAX) {
        value = value * 10 + (*quick->at++ - '0');
    }
    const bool zero_first = quick->at - begin > 1 && *begin == '0';
    const bool goes_on = quick->at < quick->end && strchr(",]} \n\r\t", *quick->at) == NULL;
    return quick->at == begin || zero_first || goes_on ? NULL
                                                       : json_integer(negative ? -value : value);
}

/* One of the three words. */
static json_t *read_word(struct quick *quick, const char *word, json_t *value)
{
    const size_t len = strlen(word);
    if ((size_t)(quick->end - quick->at) < len || memcmp(quick->at, word, len) != 0) {
        return NULL;
    }
    quick->at += len;
    return value;
}

static bool read_member(struct quick *quick, json_t *object)
{
    char key[KEY_MAX];
    size_t len = 0;
    bool ascii = true;
    const char *const text = skip_mark(quick, '"') ? read_text(quick, &len, &ascii) : NULL;
    if (text == NULL || !ascii || len >= sizeof key || !skip_mark(quick, ':')) {
        return false;
    }
    memcpy(key, text, len);
    key[len] = '\0';
    return json_object_set_new_nocheck(object, key, read_value(quick)) == 0;
}

static bool read_members(struct quick *quick, json_t *object)
{
    size_t count = 0;
    if (skip_mark(quick, '}')) {
        return true;
    }
    do {
        if (!read_member(quick, object)) {
            return false;
        }
        count++;
    } while (skip_mark(quick, ','));
    return skip_mark(quick, '}') &&
           json_object_size(object) == count; /* no key stands there twice */
}

static bool read_items(struct quick *quick, json_t *array)
{
    if (skip_mark(quick, ']')) {
        return true;
    }
    do {
        if (json_array_append_new(array, read_value(quick)) != 0) {
            return false;
        }
    } while (skip_mark(quick, ','));
    return skip_mark(quick, ']');
}

/* An object or an array, whose first character is skipped already. */
static json_t *read_inner(struct quick *quick, json_t *made,
                          bool (*read)(struct quick *quick, json_t *made))
{
    quick->depth++;
    if (made == NULL || quick->depth > DEPTH_MAX || !read(quick, made)) {
        json_decref(made);
        made = NULL;
    }
    quick->depth--;
    return made;
}

static json_t *read_value(struct quick *quick)
{
    skip_blanks(quick);
    if (skip(quick, '"')) {
        return read_string(quick);
    }
    if (skip(quick, '{')) {
        return read_inner(quick, json_object(), read_members);
    }
    if (skip(quick, '[')) {
        return read_inner(quick, json_array(), read_items);
    }
    switch (quick->at < quick->end ? *quick->at : '\0') {
    case 't':
        return read_word(quick, "true", json_true());
    case 'f':
        return read_word(quick, "false", json_false());
    case 'n':
        return read_word(quick, "null", json_null());
    default:
        return read_integer(quick);
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
    struct quick quick = {text, text + len, 0};
    json_t *value = NULL;
    skip_blanks(&quick);
    if (quick.at < quick.end && (*quick.at == '{' || *quick.at == '[')) {
        value = read_value(&quick);
    }
    skip_blanks(&quick);
    if (value != NULL && quick.at != quick.end) {
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
};

static bool write_value(struct quick_out *out, const json_t *value);

static bool put(const struct quick_out *out, const char *text, size_t len)
{
    return out->write(text, len, out->context) == 0;
}

static bool write_slowly(const struct quick_out *out, const json_t *value)
{
    return json_dump_callback(value, out->write, out->context,
                              JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY) == 0;
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

static bool write_string(const struct quick_out *out, const json_t *value)
{
    const char *text = json_string_value(value);
    const size_t len = json_string_length(value);
    return is_plain(text, len) ? put(out, "\"", 1) && put(out, text, len) && put(out, "\"", 1)
                               : write_slowly(out, value);
}

static bool write_integer(const struct quick_out *out, const json_t *value)
{
    char digits[24];
    size_t at = sizeof digits;
    const json_int_t number = json_integer_value(value);
    unsigned long long rest = (unsigned long long)number;
    rest = number < 0 ? 0 - rest : rest;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0) {
        digits[--at] = '-';
    }
    return put(out, digits + at, sizeof digits - at);
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
    if (out->depth == DEPTH_MAX) {
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
    struct quick_out out = {write, context, 0};
    return value != NULL && write_value(&out, value);
}
