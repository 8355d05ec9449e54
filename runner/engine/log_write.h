/* The event log as a file: append-only, one JSON object a line (docs/event-log.md). */
#ifndef VSSCTS_LOG_WRITE_H
#define VSSCTS_LOG_WRITE_H

#include "../util/cts_error.h"
#include "log_seal.h"
#include <jansson.h>
#include <uv.h>

#define LOG_NAME "run.jsonl"

/* Lines are gathered and written whole: at log_flush(), and once enough of them have come together.
 * The first failure stays: nothing is written after it, so that the log ends with a whole or one
 * unfinished line. */
struct log_write {
    uv_file file; /* -1: not open */
    char *data;
    size_t len, cap;
    struct log_seal seal; /* of all that was added, and what the file held before */
    char path[1024];
    enum cts_status status;
    int why; /* libuv's error, where status is CTS_IO */
};

void log_init(struct log_write *log);

/* Makes the folder where it is missing and opens <dir>/run.jsonl, cut to its first `keep` bytes,
 * which the seals of what is added cover too.
 * CTS_IO, CTS_NOMEM. */
enum cts_status log_open(struct log_write *log, const char *dir, uint64_t keep,
                         struct cts_error *err);

/* Adds one line, and after so many of them a seal; the footer is sealed itself. CTS_OK, or what
 * went wrong first: CTS_IO, CTS_NOMEM. */
enum cts_status log_add(struct log_write *log, const json_t *event);

/* Writes what was gathered. CTS_OK, or what went wrong first. */
enum cts_status log_flush(struct log_write *log);

/* Text of the failure into err; returns the status. */
enum cts_status log_error(const struct log_write *log, struct cts_error *err);

/* Flushes, closes, frees. Returns the status. */
enum cts_status log_close(struct log_write *log);

#endif
