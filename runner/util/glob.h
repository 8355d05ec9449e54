/* Globs over ids, whose parts are joined by '/'. */
#ifndef VSSCTS_GLOB_H
#define VSSCTS_GLOB_H

#include <stdbool.h>

/* A pattern may have at most so many bytes; a longer one matches nothing. */
#define GLOB_MAX 1024

/* Does the whole text match? `*` is any number of bytes without '/', `?` one byte other than '/',
 * `**` any number of bytes with '/' (a whole part `**` and the '/' after it may also be nothing),
 * `{a,b}` one of the alternatives, which may nest. A brace without its partner stands for itself.
 * Time is proportional to length of the text times length of the pattern, whatever they are. */
bool glob_match(const char *pattern, const char *text);

/* Does a pattern of cases fit the id? A glob must match the whole of it, another pattern be the id
 * or its first whole parts; a '/' at its end does not matter. */
bool glob_fits_id(const char *pattern, const char *id);

/* Has the pattern a wildcard? */
bool glob_is_glob(const char *pattern);

#endif
