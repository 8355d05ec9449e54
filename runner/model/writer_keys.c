#include "writer_keys.h"

#include <string.h>

static const struct writer_key keys[] = {
#define KEY(set, key, kind, type, required)                                                        \
    {WRITER_##set, key, WRITER_KIND_##kind, type, WRITER_SET_COUNT, required},
#define INNER(set, key, kind, inner, required)                                                     \
    {WRITER_##set, key, WRITER_KIND_##kind, NULL, WRITER_##inner, required},
#include "writer_keys.def"
};

static const char *const sets[] = {
#define SET(id, what) what,
#include "writer_keys.def"
};

static const char *const events[] = {
#define X(id) #id,
#include "writer_events.def"
#undef X
};

const struct writer_key *writer_key_at(size_t index)
{
    return index < sizeof keys / sizeof keys[0] ? &keys[index] : NULL;
}

const struct writer_key *writer_key_find(enum writer_set set, const char *key)
{
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (keys[i].set == set && strcmp(keys[i].key, key) == 0) {
            return &keys[i];
        }
    }
    return NULL;
}

const char *writer_set_name(enum writer_set set)
{
    return sets[set];
}

const char *writer_event_at(size_t index)
{
    return index < sizeof events / sizeof events[0] ? events[index] : NULL;
}

bool writer_event_known(const char *name)
{
    for (size_t i = 0; writer_event_at(i); i++) {
        if (strcmp(writer_event_at(i), name) == 0) {
            return true;
        }
    }
    return false;
}
