/* Reading memory that the implementation names: a bad pointer is a result, never a crash of the
 * worker. */
#ifndef VSSCTS_WORKER_PROBE_H
#define VSSCTS_WORKER_PROBE_H

#include <stdbool.h>
#include <stddef.h>

/* Makes probe_copy safe. Once, at the start. */
void probe_init(void);

/* Copies size bytes from anywhere. Returns how many could be read; those are in dst. */
size_t probe_copy(void *dst, const void *src, size_t size);

/* Length in units of a UTF-16 string that ends by NUL. False: it runs into memory that cannot be
 * read, or has no end within max units; *length is then what was readable. */
bool probe_wstr(const wchar_t *text, size_t max, size_t *length);

#endif
