/* What the objects in steps of the fixture writer hold (writer_keys.def): one description for the
 * reader of the tables, the plan that expands them, and the judge that compares them. */
#ifndef VSSCTS_WRITER_KEYS_H
#define VSSCTS_WRITER_KEYS_H

#include <stdbool.h>
#include <stddef.h>

enum writer_set {
#define SET(id, what) WRITER_##id,
#include "writer_keys.def"
    WRITER_SET_COUNT
};

enum writer_kind {
    WRITER_KIND_TEXT, /* a string or null; "@volume" in config and script */
    WRITER_KIND_TEXTS,
    WRITER_KIND_GUID,
    WRITER_KIND_ID, /* a variable ("$set") that holds a GUID, or GUID_NULL */
    WRITER_KIND_BOOL,
    WRITER_KIND_NUMBER, /* 32 bits */
    WRITER_KIND_CODE,
    WRITER_KIND_ENUM,
    WRITER_KIND_EVENT,
    WRITER_KIND_OBJECT,
    WRITER_KIND_OBJECTS
};

struct writer_key {
    enum writer_set set;
    const char *key;
    enum writer_kind kind;
    const char *type;      /* of WRITER_KIND_ENUM */
    enum writer_set inner; /* of WRITER_KIND_OBJECT and _OBJECTS */
    bool required;
};

/* The key of a set, or NULL. */
const struct writer_key *writer_key_find(enum writer_set set, const char *key);

/* The keys of all sets, one after the other; NULL behind the last one. */
const struct writer_key *writer_key_at(size_t index);

/* "a config", "an event" and so on. */
const char *writer_set_name(enum writer_set set);

/* Is it the name of an event (writer_events.def)? */
bool writer_event_known(const char *name);

/* The name of an event, or NULL behind the last one. */
const char *writer_event_at(size_t index);

#endif
