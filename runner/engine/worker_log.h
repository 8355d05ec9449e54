/* What a worker prints and how it lives, for the log. A part of worker.c. */
#ifndef VSSCTS_WORKER_LOG_H
#define VSSCTS_WORKER_LOG_H

#include "worker.h"

/* Keeps what it printed, WORKER_OUTPUT_MAX bytes at most. For wp_events. */
void worker_output_came(void *context, const char *data, size_t len);

/* Writes what was kept as an event of the execution that is running, or of none. Before the header
 * is written it stays. */
void worker_flush_output(struct worker *worker);

/* Writes a `worker` event: "started", "ended", "killed". Nothing before the header. */
void worker_log_life(struct worker *worker, const char *what);

/* The first line of what was kept, for a message; empty where there is none. */
void worker_first_line(const struct worker *worker, char *line, size_t size);

#endif
