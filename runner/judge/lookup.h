/* Looking events of a log up again, by the places of their lines. Private to the judge. */
#ifndef VSSCTS_LOOKUP_H
#define VSSCTS_LOOKUP_H

#include "../util/str_buf.h"
#include "judge.h"

#include <uv.h>

/* A line of a worker is at most 4 MiB; an event has little more. */
#define LOG_LINE_MAX ((size_t)16 * 1024 * 1024)

/* Opens a log for reading. False, with CTS_BAD_FILE in err: it cannot be. */
bool log_file_open(const char *path, uv_file *file, struct cts_error *err);
void log_file_close(uv_file file);

/* A log whose events are looked up. NULL: CTS_BAD_FILE, CTS_NOMEM. Ends with lookup_close(), which
 * takes NULL too. */
struct lookup *lookup_open(const char *path, struct cts_error *err);
void lookup_close(struct lookup *lookup);

/* log_read(), with a way for lines whose events need not be read now: true: it has taken the line,
 * which has no end. */
typedef bool (*log_line_cb)(void *context, const char *line, size_t len, uint64_t place);
enum cts_status log_read_lines(const char *path, log_line_cb quick, log_event_cb each,
                               void *context, struct log_extent *extent, struct cts_error *err);

/* What one thread has read of a log. Starts as zeros. */
struct lookup_window {
    uint64_t place; /* of the first byte */
    size_t held;
    char bytes[8192];
};

/* Appends the line at a place, without its end. False: the log cannot be read, or the buffer has
 * failed. */
bool lookup_line(struct lookup *lookup, struct lookup_window *window, uint64_t place,
                 struct str_buf *line);

#define LOOKUP_CHANGED "the log is not what it was when it was judged"

/* Keeps the first failure, for judged_failed(). From any thread. */
void lookup_failed(struct lookup *lookup, enum cts_status status, const char *why);

#endif
