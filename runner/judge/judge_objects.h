/* The objects of one execution, for law 6: who held which references, and what the last release of
 * each gave. Pointers of one object (joined by QueryInterface) are one group. Private to the
 * judge. */
#ifndef VSSCTS_JUDGE_OBJECTS_H
#define VSSCTS_JUDGE_OBJECTS_H

#include "judge_exec.h"

/* A pointer that the worker numbered. All but number and parent is kept by the root of a group,
 * whose parent is itself. */
struct object {
    long number;
    size_t parent;
    long held;                /* references that the case got and has not given back */
    unsigned left;            /* what the last release gave */
    bool excused;             /* the last release happened while an operation was pending */
    bool pending;             /* an operation that was not seen to end */
    bool is_async;            /* has an operation at all */
    size_t starter;           /* of an operation: the pointer that it was started on, or SIZE_MAX */
    struct judged_step *last; /* of the last release, or NULL */
};

/* What a variable holds. */
struct object_var {
    const char *name;
    long number;
};

struct objects {
    struct judging *j;
    size_t count, cap;
    struct object *items;
    size_t var_count, var_cap;
    struct object_var *vars;
};

/* Reads the whole execution. False: no memory; what is there can still be read and freed. */
bool objects_read(struct objects *objects, struct judging *j);
void objects_free(struct objects *objects);

#endif
