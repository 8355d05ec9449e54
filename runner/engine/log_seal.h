/* Seals in an event log: a line that ends with the SHA-256 of all that the file holds before it and
 * of itself without the seal. Each seal covers those before it, so that nothing can be altered,
 * left out or put in without a seal that does not hold any more. */
#ifndef VSSCTS_LOG_SEAL_H
#define VSSCTS_LOG_SEAL_H

#include "../util/sha256.h"
#include <stdbool.h>

#define LOG_SEAL_EVERY 1000 /* lines, at most, that are not sealed yet */
#define LOG_SEAL_BYTES 78   /* of `,"seal":"<64 digits>"}`, line end and NUL, with room to spare */
#define LOG_SEAL_LINE 128   /* a line that is nothing but a seal */

/* What stands in the file so far. Holds no resources. */
struct log_seal {
    struct sha256 hash;
    size_t lines; /* since the last seal */
};

void log_seal_begin(struct log_seal *seal);

/* Bytes of the file that are no sealed line. */
void log_seal_take(struct log_seal *seal, const char *data, size_t len);

/* Seals a line, an object of JSON without line end: what is to stand in the file in the place of
 * its last brace, line end included, and what it holds as the seal (64 digits). */
void log_seal_close(struct log_seal *seal, const char *line, size_t len, char end[LOG_SEAL_BYTES]);

/* The event that is nothing but a seal, with line end; its length. */
size_t log_seal_event(struct log_seal *seal, long long ms,
                      char line[LOG_SEAL_LINE + LOG_SEAL_BYTES]);

/* What a line of a log is for its seals. */
enum log_sealed {
    LOG_SEAL_NONE,   /* it is no sealed line */
    LOG_SEAL_HOLDS,  /* nothing before it, nor itself, was altered */
    LOG_SEAL_BROKEN, /* something was */
};

/* Takes the next line of a file, without line end. */
enum log_sealed log_seal_check(struct log_seal *seal, const char *line, size_t len);

#endif
