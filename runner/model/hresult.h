/* Names of HRESULTs. */
#ifndef VSSCTS_HRESULT_H
#define VSSCTS_HRESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Does the code say that something failed? */
static inline bool hr_failed(uint32_t code)
{
    return (code & UINT32_C(0x80000000)) != 0;
}

/* The code of a name in hresults.def. False where it has none. */
bool hr_by_name(const char *name, uint32_t *code);

/* The name of a code: the first in hresults.def where several have it; NULL where none has. Static.
 */
const char *hr_name(uint32_t code);

/* "VSS_E_BAD_STATE (0x80042301)", or "0x8004FFFF" where the code has no name. Returns buf;
 * HR_TEXT_SIZE bytes are enough for every code. */
#define HR_TEXT_SIZE 96
const char *hr_text(uint32_t code, char *buf, size_t size);

/* Reads a name, or "0x" and 1 to 8 hex digits. False, with code untouched, for anything else. */
bool hr_parse(const char *text, uint32_t *code);

/* The name nearest to a misspelt one, or NULL. Static. */
const char *hr_nearest(const char *name);

#endif
