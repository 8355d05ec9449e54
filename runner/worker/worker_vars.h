/* The variables of a program. Not locked: the program's lock is the caller's business. */
#ifndef VSSCTS_WORKER_VARS_H
#define VSSCTS_WORKER_VARS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <windows.h>

enum var_kind { VAR_EMPTY, VAR_IFACE, VAR_NUMBER, VAR_GUID, VAR_TEXT, VAR_STRUCT };

/* A value. text and bytes are owned by the variable that holds it, else by whoever made it. */
struct var_value {
    enum var_kind kind;
    void *pointer;    /* VAR_IFACE */
    unsigned unknown; /* VAR_IFACE: pointers between that address and its IUnknown */
    bool borrowed;    /* VAR_IFACE: not to be released; it may have no IUnknown */
    uint64_t number;
    GUID guid;
    wchar_t *text;     /* VAR_TEXT: ended by NUL */
    uint8_t *bytes;    /* VAR_STRUCT: as the callee wrote it */
    size_t length;     /* units of text, or bytes */
    const json_t *arg; /* VAR_STRUCT: the parameter that describes it; NULL once its strings belong
                          to a call */
    const json_t *settle; /* VAR_IFACE: how to see that its operation has ended, or NULL */
};

struct var {
    const char *name; /* borrowed from the program */
    unsigned order;   /* of the last time that it was set */
    struct var_value value;
};

struct vars {
    struct var *list;
    size_t count, size;
    unsigned order;
};

/* The variable, or NULL where it is empty or was never set. Valid until the next vars_set. */
struct var *vars_find(const struct vars *vars, const char *name);

/* Sets an empty or new variable; takes over what value owns. What the variable held is returned
 * (kind VAR_EMPTY where nothing) and is the caller's. */
struct var_value vars_set(struct vars *vars, const char *name, const struct var_value *value);

/* Empties the variable; what it held is the caller's. */
struct var_value vars_take(struct var *var);

/* Empties the variables that have borrowed the pointer. */
void vars_give_back(struct vars *vars, const void *pointer);

/* The variable that was set last among those that are not empty, or NULL. */
struct var *vars_newest(const struct vars *vars);

/* Are both empty, or of one kind with equal contents? Either may be NULL. */
bool vars_equal(const struct var *a, const struct var *b);

/* The IUnknown of a VAR_IFACE. */
void *var_unknown(const struct var_value *value);

/* Frees what value owns in the worker's own memory (not the interface, not strings of a struct). */
void var_value_free(struct var_value *value);

void vars_clear(struct vars *vars);

#endif
