/* Versions of Windows: "6.1", "10.0.19045". */
#ifndef VSSCTS_VERSION_H
#define VSSCTS_VERSION_H

#include <stdbool.h>
#include <stddef.h>

/* Reads one to three numbers of at most six digits, joined by dots; missing parts are 0. False,
 * with version undefined, for anything else. */
bool version_parse(const char *text, size_t len, unsigned version[3]);

/* Below 0, 0, above 0, as a stands to b. */
int version_compare(const unsigned a[3], const unsigned b[3]);

#endif
