#include "guid_mask.h"

#include "../util/mem_grow.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define TIME_LEAST INT64_C(100000000000000000) /* of TIME_TEXT digits */

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
    if (mask->count == mask->cap) {
        const size_t cap = mask->cap == 0 ? 16 : 2 * mask->cap;
        char(*seen)[GUID_TEXT] = mem_grow(mask->seen, cap * sizeof *seen);
        if (seen == NULL) {
            return 0;
        }
        mask->seen = seen;
        mask->cap = cap;
    }
    memcpy(mask->seen[mask->count++], guid, GUID_TEXT);
    return mask->count;
}

enum found { FOUND_NOTHING, FOUND_GUID, FOUND_TIME, FOUND_DEVICE };

/* What begins here, and its length. */
static enum found find(const char *text, char before, const char *start, size_t *length)
{
    if (is_guid(text, before)) {
        *length = GUID_TEXT;
        return FOUND_GUID;
    }
    if (is_time(text, before)) {
        *length = TIME_TEXT;
        return FOUND_TIME;
    }
    *length = strspn(text, "0123456789");
    return is_device(text, start) ? FOUND_DEVICE : FOUND_NOTHING;
}

static void add_mask(struct guid_mask *mask, enum found found, const char *text,
                     struct str_buf *out)
{
    if (found != FOUND_GUID) {
        sb_add(out, found == FOUND_TIME ? "{time}" : "{number}");
        return;
    }
    const size_t number = number_of(mask, text);
    if (number == 0) {
        sb_fail(out);
    } else {
        sb_addf(out, "{guid:%zu}", number);
    }
}

bool guid_mask_text(struct guid_mask *mask, const char *text, size_t len, struct str_buf *out)
{
    const char *const start = text, *from = text; /* from: what is not written yet */
    char before = '\0';
    bool any = false;
    if (len < TIME_TEXT) { /* the shortest of them */
        return false;
    }
    while (*text != '\0') {
        size_t length = 0;
        const enum found found = find(text, before, start, &length);
        if (found == FOUND_NOTHING) {
            before = *text++;
            continue;
        }
        sb_addn(out, from, (size_t)(text - from));
        add_mask(mask, found, text, out);
        any = true;
        before = '\0';
        text += length;
        from = text;
    }
    if (any) {
        sb_add(out, from);
    }
    return any;
}

bool guid_mask_is_time(json_int_t value)
{
    return value >= TIME_LEAST && value < 10 * TIME_LEAST;
}

void guid_mask_clear(struct guid_mask *mask)
{
    mask->count = 0;
}

void guid_mask_free(struct guid_mask *mask)
{
    free(mask->seen);
    *mask = (struct guid_mask){0};
}
