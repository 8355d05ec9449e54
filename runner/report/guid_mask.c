#include "guid_mask.h"

#include "../util/mem_grow.h"

#include "../util/str_buf.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define TIME_LEAST INT64_C(100000000000000000) /* of TIME_TEXT digits */
#define MASK_TEXT_MAX ((size_t)16 * 1024 * 1024)

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Does a GUID begin here that is no part of a longer word? before: the character before it, or 0.
 */
static bool is_guid(const char *text, char before)
{
    if (is_hex(before)) {
        return false;
    }
    for (size_t i = 0; i < GUID_TEXT; i++) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !is_hex(text[i])) { /* the terminator is neither */
            return false;
        }
    }
    return !is_hex(text[GUID_TEXT]);
}

/* Does a VSS_TIMESTAMP begin here (100 ns since 1601: today 18 digits) that is no part of a longer
 * word? */
static bool is_time(const char *text, char before)
{
    size_t digits = 0;
    if (is_hex(before) || before == 'x' || before == 'X') {
        return false;
    }
    while (text[digits] >= '0' && text[digits] <= '9') {
        digits++;
    }
    return digits == TIME_TEXT && !is_hex(text[digits]);
}

/* Does the number of a copy's device begin here? The system counts them up as long as it runs. */
static bool is_device(const char *text, const char *start)
{
    static const char name[] = "HarddiskVolumeShadowCopy";
    const size_t length = sizeof name - 1;
    return *text >= '0' && *text <= '9' && (size_t)(text - start) >= length &&
           memcmp(text - length, name, length) == 0;
}

static char upper(char c)
{
    return c >= 'a' && c <= 'f' ? (char)(c - 'a' + 'A') : c;
}

/* The number of a GUID, from 1; 0: no memory. */
static size_t number_of(struct guid_mask *mask, const char *text)
{
    char guid[GUID_TEXT];
    for (size_t i = 0; i < GUID_TEXT; i++) {
        guid[i] = upper(text[i]);
    }
    for (size_t i = 0; i < mask->count; i++) {
        if (memcmp(mask->seen[i], guid, GUID_TEXT) == 0) {
            return i + 1;
        }
    }
    if ((mask->count & (mask->count - 1)) == 0) { /* the room is the power of two that holds them */
        const size_t room = mask->count == 0 ? 1 : 2 * mask->count;
        char(*seen)[GUID_TEXT] = mem_grow(mask->seen, room * sizeof *seen);
        if (seen == NULL) {
            return 0;
        }
        mask->seen = seen;
    }
    memcpy(mask->seen[mask->count++], guid, GUID_TEXT);
    return mask->count;
}

static json_t *mask_string(struct guid_mask *mask, const json_t *value, bool *changed)
{
    const char *const start = json_string_value(value), *text = start;
    json_t *made = NULL;
    struct str_buf out;
    char before = '\0';

    sb_init(&out, MASK_TEXT_MAX);
    while (*text != '\0') {
        if (is_guid(text, before)) {
            const size_t number = number_of(mask, text);
            out.failed = out.failed || number == 0;
            sb_addf(&out, "{guid:%zu}", number);
            *changed = true;
            text += GUID_TEXT;
            before = '\0';
        } else if (is_time(text, before)) {
            sb_addf(&out, "{time}");
            *changed = true;
            text += TIME_TEXT;
            before = '\0';
        } else if (is_device(text, start)) {
            sb_add(&out, "{number}");
            *changed = true;
            text += strspn(text, "0123456789");
            before = '\0';
        } else {
            before = *text;
            sb_addc(&out, *text++);
        }
    }
    if (!out.failed) {
        made = json_stringn(sb_text(&out), out.len);
    }
    sb_free(&out);
    return made;
}

static json_t *mask_array(struct guid_mask *mask, const json_t *value, bool *changed)
{
    json_t *made = json_array();
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (json_array_append_new(made, guid_mask_value(mask, json_array_get(value, i), changed)) !=
            0) {
            json_decref(made);
            return NULL;
        }
    }
    return made;
}

static json_t *mask_object(struct guid_mask *mask, json_t *value, bool *changed)
{
    json_t *made = json_object();
    const char *key;
    json_t *member;
    json_object_foreach(value, key, member)
    {
        if (json_object_set_new(made, key, guid_mask_value(mask, member, changed)) != 0) {
            json_decref(made);
            return NULL;
        }
    }
    return made;
}

json_t *guid_mask_value(struct guid_mask *mask, json_t *value, bool *changed)
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        return mask_string(mask, value, changed);
    case JSON_ARRAY:
        return mask_array(mask, value, changed);
    case JSON_OBJECT:
        return mask_object(mask, value, changed);
    case JSON_INTEGER:
        if (json_integer_value(value) >= TIME_LEAST &&
            json_integer_value(value) < 10 * TIME_LEAST) {
            *changed = true;
            return json_string("{time}");
        }
        break;
    case JSON_REAL:
    case JSON_TRUE:
    case JSON_FALSE:
    case JSON_NULL:
        break;
    }
    return json_deep_copy(value);
}

void guid_mask_free(struct guid_mask *mask)
{
    free(mask->seen);
    memset(mask, 0, sizeof *mask);
}
