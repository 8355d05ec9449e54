#include "renumber.h"

#include "../util/mem_grow.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum family { FAMILY_OBJ, FAMILY_ID, FAMILIES };

static const char *const heads[FAMILIES] = {"{obj:", "{id:"};

/* The numbers of one report, by their place those that replace them. */
struct numbers {
    size_t count[FAMILIES], cap[FAMILIES];
    long *seen[FAMILIES];
};

/* The number in "{obj:5}", else 0. */
static long number_in(const char *text, enum family family)
{
    size_t head = strlen(heads[family]);
    char *end = NULL;
    if (strncmp(text, heads[family], head) != 0) {
        return 0;
    }
    long number = strtol(text + head, &end, 10);
    return strcmp(end, "}") == 0 ? number : 0;
}

/* The new number, from 1; 0: no memory. */
static size_t place_of(struct numbers *numbers, enum family family, long number)
{
    size_t count = numbers->count[family];
    for (size_t i = 0; i < count; i++) {
        if (numbers->seen[family][i] == number) {
            return i + 1;
        }
    }
    if (count == numbers->cap[family]) {
        size_t cap = count ? 2 * count : 16;
        long *seen = mem_grow(numbers->seen[family], cap * sizeof *seen);
        if (!seen) {
            return 0;
        }
        numbers->seen[family] = seen;
        numbers->cap[family] = cap;
    }
    numbers->seen[family][count] = number;
    return ++numbers->count[family];
}

/* The string that takes the place of another, or NULL where it stays. */
static json_t *replaced(struct numbers *numbers, const json_t *value, bool *failed)
{
    const char *text = json_string_value(value);
    for (enum family family = 0; text && family < FAMILIES; family++) {
        long number = number_in(text, family);
        size_t place = number > 0 ? place_of(numbers, family, number) : 0;
        json_t *made =
            place > 0 ? json_sprintf("%s%lu}", heads[family], (unsigned long)place) : NULL;
        if (number > 0) {
            *failed = *failed || !made;
            return made;
        }
    }
    return NULL;
}

static void walk(struct numbers *numbers, json_t *value, bool *failed)
{
    const char *key;
    json_t *member, *made;
    size_t i;
    json_array_foreach(value, i, member)
    {
        made = replaced(numbers, member, failed);
        if (made) {
            *failed = json_array_set_new(value, i, made) != 0 || *failed;
        } else {
            walk(numbers, member, failed);
        }
    }
    json_object_foreach(value, key, member)
    {
        made = replaced(numbers, member, failed);
        if (made) {
            /* The key stays: setting a new value does not disturb the walk. */
            *failed = json_object_set_new(value, key, made) != 0 || *failed;
        } else {
            walk(numbers, member, failed);
        }
    }
}

bool renumber(json_t *value)
{
    struct numbers numbers = {0};
    bool failed = false;
    walk(&numbers, value, &failed);
    for (int family = 0; family < FAMILIES; family++) {
        free(numbers.seen[family]);
    }
    return !failed;
}
