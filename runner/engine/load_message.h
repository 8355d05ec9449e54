/* What a worker is told to load. */
#ifndef VSSCTS_LOAD_MESSAGE_H
#define VSSCTS_LOAD_MESSAGE_H

#include "launch.h"

/* The message `load` (docs/protocol.md) for the worker of this number, without line end. Where the
 * profile names a variable that tells systems apart, its value is one that no other worker has, of
 * this run or another. Freed by the caller; NULL: no memory. */
char *load_message(const struct launch *launch, const struct profile *profile, unsigned worker);

#endif
