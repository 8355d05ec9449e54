/* The worker's own memory: a private heap, so that an implementation that corrupts the process heap
 * does not hit the worker. */
#ifndef VSSCTS_WORKER_MEM_H
#define VSSCTS_WORKER_MEM_H

#include <stdbool.h>
#include <stddef.h>

/* Makes the heap and puts jansson on it. Once, before anything else of the worker. */
void wmem_init(void);

/* Zeroed memory; never NULL: without memory the process ends. Free with wmem_free(). */
void *wmem_alloc(size_t size);

/* Grows (p may be NULL) and zeroes what is new; never NULL. */
void *wmem_grow(void *p, size_t size);

void wmem_free(void *p);

/* A copy of a string; free with wmem_free(). */
char *wmem_strdup(const char *text);

/* Is this handle that of the worker's own heap? */
bool wmem_is_heap(const void *other);

#endif
