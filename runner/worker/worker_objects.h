/* Numbers for what has no portable name: interface pointers and GUIDs, in the order in which the
 * program first saw them. Not locked: the program's lock is the caller's business. */
#ifndef VSSCTS_WORKER_OBJECTS_H
#define VSSCTS_WORKER_OBJECTS_H

#include <jansson.h>
#include <windows.h>

struct object {
    void *pointer;
    int number;
    int of;   /* object whose QueryInterface gave it, or 0 */
    int root; /* first of the family that QueryInterface ties together */
    int held; /* variables that hold it */
};

struct objects {
    struct object *list;
    size_t count, size;
    int numbers; /* given out so far */
    GUID *ids;
    size_t id_count, id_size;
};

void objects_clear(struct objects *objects);

/* The object of a pointer that is not NULL; it gets the next number where it is new. of: number of
 * the object whose QueryInterface gave it, or 0; counts only for a new one. By value: the table may
 * move. */
struct object objects_see(struct objects *objects, void *pointer, int of);

/* A variable holds the pointer (by = 1) or no longer does (by = -1). */
void objects_hold(struct objects *objects, void *pointer, int by);

/* The last reference has gone: the pointer, and those of its family that no variable holds, may
 * come again as new objects. */
void objects_gone(struct objects *objects, void *pointer);

/* "{obj:2}", "{id:1}" (or "GUID_NULL"); new references. */
json_t *objects_json(int number);
json_t *objects_guid_json(struct objects *objects, const GUID *guid);

#endif
