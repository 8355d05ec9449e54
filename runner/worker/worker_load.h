/* Loading the implementation. */
#ifndef VSSCTS_WORKER_LOAD_H
#define VSSCTS_WORKER_LOAD_H

#include <jansson.h>
#include <windows.h>

/* Acts on a `load` message and makes the answer, `loaded` or `load_failed` (a new reference).
 * *module becomes the module, or NULL. */
json_t *load_module(const json_t *message, HMODULE *module);

/* The message with which the implementation was loaded; NULL: none is. Borrowed. */
const json_t *load_message(void);

/* Frees the module and deletes the copy that was made of it, if any. */
void load_free(HMODULE module);

#endif
