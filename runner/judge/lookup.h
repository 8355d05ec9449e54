/* Looking events of a log up again, by the places of their lines. Private to the judge. */
#ifndef VSSCTS_LOOKUP_H
#define VSSCTS_LOOKUP_H

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

#endif
