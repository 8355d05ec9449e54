/* Memory for texts, paths, and what else is made where a failure could not be told: in places where
 * NULL means that there is none. It is as realloc() and calloc() say, but in a program that cannot
 * go on without (mem_end.h). */
#ifndef VSSCTS_MEM_GROW_H
#define VSSCTS_MEM_GROW_H

#include <stddef.h>

/* At least one byte. NULL is no memory: never where mem_on_failure() was called. Freed with free().
 */
void *mem_grow(void *old, size_t size);
void *mem_zeroed(size_t count, size_t size);

/* A copy of `len` bytes of a text, with a zero behind them. */
char *mem_text(const char *text, size_t len);

/* What is called where there is no memory; it does not return. */
void mem_on_failure(void (*end)(void));

#endif
