#include "text_set.h"

#include "../util/mem_grow.h"

#include "../util/fnv.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    uint64_t hash;
    size_t at, length; /* in the texts */
};

struct text_set {
    size_t max;
    char *texts;
    size_t used, room;
    struct entry *entries;
    size_t count, cap;
    size_t *slots; /* number + 1, 0: empty; open addressing, at most half full */
    size_t slot_count;
};

#define FIRST_SLOTS 1024

struct text_set *text_set_new(size_t max)
{
    struct text_set *set = mem_zeroed(1, sizeof *set);
    if (set == NULL) {
        return NULL;
    }
    set->max = max;
    set->slot_count = FIRST_SLOTS;
    set->slots = mem_zeroed(set->slot_count, sizeof *set->slots);
    if (set->slots == NULL) {
        free(set);
        return NULL;
    }
    return set;
}

void text_set_free(struct text_set *set)
{
    if (set != NULL) {
        free(set->texts);
        free(set->entries);
        free(set->slots);
        free(set);
    }
}

/* The slot of the text, or the empty one where it belongs. */
static size_t *slot_of(const struct text_set *set, uint64_t hash, const char *text, size_t length)
{
    size_t at = (size_t)hash & (set->slot_count - 1);
    while (set->slots[at] != 0) {
        const struct entry *entry = &set->entries[set->slots[at] - 1];
        if (entry->hash == hash && entry->length == length &&
            memcmp(set->texts + entry->at, text, length) == 0) {
            break;
        }
        at = (at + 1) & (set->slot_count - 1);
    }
    return &set->slots[at];
}

static bool grow_slots(struct text_set *set)
{
    const size_t more = set->slot_count * 2;
    size_t *slots = mem_zeroed(more, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < set->count; i++) {
        size_t at = (size_t)set->entries[i].hash & (more - 1);
        while (slots[at] != 0) {
            at = (at + 1) & (more - 1);
        }
        slots[at] = i + 1;
    }
    free(set->slots);
    set->slots = slots;
    set->slot_count = more;
    return true;
}

/* Room for one more text of this length, with its terminator. */
static bool make_room(struct text_set *set, size_t length)
{
    if (length >= set->max || set->used > set->max - length - 1) {
        return false;
    }
    if (set->used + length + 1 > set->room) {
        const size_t more = (set->used + length + 1) * 2;
        char *texts = mem_grow(set->texts, more);
        if (texts == NULL) {
            return false;
        }
        set->texts = texts;
        set->room = more;
    }
    if (set->count == set->cap) {
        const size_t more = set->cap > 0 ? set->cap * 2 : FIRST_SLOTS / 2;
        struct entry *entries = mem_grow(set->entries, more * sizeof *entries);
        if (entries == NULL) {
            return false;
        }
        set->entries = entries;
        set->cap = more;
    }
    return set->count * 2 < set->slot_count || grow_slots(set);
}

uint64_t text_set_hash(const char *text, size_t length)
{
    return fnv1a64(text, length, FNV1A64_SEED);
}

size_t text_set_add(struct text_set *set, const char *text, size_t length)
{
    return text_set_add_hashed(set, text, length, text_set_hash(text, length));
}

size_t text_set_add_hashed(struct text_set *set, const char *text, size_t length, uint64_t hash)
{
    const size_t *there = slot_of(set, hash, text, length);
    if (*there != 0) {
        return *there - 1;
    }
    if (!make_room(set, length)) {
        return TEXT_SET_FULL;
    }
    memcpy(set->texts + set->used, text, length);
    set->texts[set->used + length] = '\0';
    set->entries[set->count] = (struct entry){hash, set->used, length};
    set->used += length + 1;
    size_t *slot = slot_of(set, hash, text, length); /* the slots may be others now */
    *slot = ++set->count;
    return set->count - 1;
}

size_t text_set_count(const struct text_set *set)
{
    return set->count;
}

const char *text_set_at(const struct text_set *set, size_t number, size_t *length)
{
    *length = set->entries[number].length;
    return set->texts + set->entries[number].at;
}
