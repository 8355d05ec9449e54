/* What does not belong in a log that leaves the machine. */
#ifndef VSSCTS_FOREIGN_H
#define VSSCTS_FOREIGN_H

#include <jansson.h>

/* A text in the value, at any depth, that names the folder of a user ("C:\Users\somebody\...",
 * "/home/somebody"); NULL: there is none. Borrowed; begins where the folder's name does. */
const char *foreign_text(const json_t *value);

#endif
