/* What a log says that its run was told, with the names of this machine where they were replaced.
 */
#ifndef VSSCTS_OPTIONS_HERE_H
#define VSSCTS_OPTIONS_HERE_H

#include <jansson.h>

/* The header's options with {home}, {user} and {machine} as they are here, where the log was most
 * likely recorded. A new reference, an empty object where the header has none; NULL: no memory. */
json_t *options_here(const json_t *header);

#endif
