/* Do the seals of an event log hold? */
#ifndef VSSCTS_LOG_VERIFY_H
#define VSSCTS_LOG_VERIFY_H

#include "../util/cts_error.h"
#include "log_seal.h"

struct log_verified {
    size_t lines;           /* whole ones */
    size_t seals;           /* that hold */
    size_t sealed;          /* lines up to the last of these */
    size_t broken;          /* line of the first seal that does not hold, or 0 */
    bool truncated;         /* an unfinished line follows */
    char last[SHA256_TEXT]; /* the last seal that holds, or "" */
};

/* Reads the whole file, up to a seal that does not hold. CTS_BAD_FILE (it cannot be read, or a line
 * is longer than any of a log), CTS_NOMEM. */
enum cts_status log_verify(const char *path, struct log_verified *verified, struct cts_error *err);

#endif
