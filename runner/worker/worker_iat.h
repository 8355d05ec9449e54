/* The import tables of a mapped module: which functions of others it calls, and calling another in
 * their place. Only what this one module imports is touched, and what is set is taken back. */
#ifndef VSSCTS_WORKER_IAT_H
#define VSSCTS_WORKER_IAT_H

#include <stdbool.h>
#include <stddef.h>
#include <windows.h>

/* A function that may be replaced. */
struct iat_function {
    const char *name;
    void *hook;
    void *real; /* set where it was replaced: what the module called before */
};

/* The slots of tables that were changed. Begins as zero. */
struct iat {
    struct iat_slot *slots;
    size_t count, size;
};

/* Replaces in the module's import table, and in the one for modules that are loaded when first
 * called, each function whose `take` is true; it is known by its address, under whatever name or
 * number it is imported. Of two modules that have a function of one name only the first is
 * replaced. Returns how many slots were changed. */
size_t iat_hook(struct iat *iat, HMODULE module, struct iat_function *functions, size_t count,
                bool (*take)(size_t function));

/* Puts back what was there. A call that is on its way through a hook goes on. */
void iat_unhook(struct iat *iat);

#endif
