#include "renumber.h"

#include "../util/mem_grow.h"
#include <stdlib.h>
#include <string.h>

static const char *const heads[RENUMBER_FAMILIES] = {"{obj:", "{id:"};

/* The number in "{obj:5}", else 0. */
static long number_in(const char *text, size_t len, enum renumber_family family)
{
    const size_t head = strlen(heads[family]);
    char *end = NULL;
    if (strncmp(text, heads[family], head) != 0) {
        return 0;
    }
    const long number = strtol(text + head, &end, 10);
    return *end == '}' && end + 1 == text + len && number > 0 ? number : 0;
}

/* The new number, from 1; 0: no memory. */
static size_t place_of(struct renumber *numbers, enum renumber_family family, long number)
{
    const size_t count = numbers->count[family];
    for (size_t i = 0; i < count; i++) {
        if (numbers->seen[family][i] == number) {
            return i + 1;
        }
    }
    if (count == numbers->cap[family]) {
        const size_t cap = count > 0 ? 2 * count : 16;
        long *seen = mem_grow(numbers->seen[family], cap * sizeof *seen);
        if (seen == NULL) {
            return 0;
        }
        numbers->seen[family] = seen;
        numbers->cap[family] = cap;
    }
    numbers->seen[family][count] = number;
    return ++numbers->count[family];
}

/* The family of a text that has a number, and the number; 0: it has none. */
static long family_of(const char *text, size_t len, enum renumber_family *family)
{
    for (*family = 0; text[0] == '{' && *family < RENUMBER_FAMILIES; ++*family) {
        const long number = number_in(text, len, *family);
        if (number > 0) {
            return number;
        }
    }
    return 0;
}

bool renumber_text(struct renumber *numbers, const char *text, size_t len, struct str_buf *out)
{
    enum renumber_family family;
    const long number = family_of(text, len, &family);
    if (number == 0) {
        return false;
    }
    const size_t place = place_of(numbers, family, number);
    if (place == 0) {
        sb_fail(out);
    } else {
        sb_addf(out, "%s%zu}", heads[family], place);
    }
    return true;
}

bool renumber_see(struct renumber *numbers, const struct jv *value)
{
    /* what is inside follows a value directly, so the nodes are in the order of the text */
    for (const struct jv *at = value; at < value + value->size; at++) {
        enum renumber_family family;
        const long number = at->type == JSON_STRING ? family_of(at->is.text, at->len, &family) : 0;
        if (number > 0 && place_of(numbers, family, number) == 0) {
            return false;
        }
    }
    return true;
}

void renumber_clear(struct renumber *numbers)
{
    numbers->count[RENUMBER_OBJ] = numbers->count[RENUMBER_ID] = 0;
}

void renumber_free(struct renumber *numbers)
{
    for (enum renumber_family family = 0; family < RENUMBER_FAMILIES; family++) {
        free(numbers->seen[family]);
    }
    *numbers = (struct renumber){0};
}
