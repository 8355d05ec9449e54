/* One worker as a process: started, spoken to line by line, killed with all that belongs to it.
 * Knows lines, not what they mean. */
#ifndef VSSCTS_WORKER_PROC_H
#define VSSCTS_WORKER_PROC_H

#include "channel.h"
#include "guard.h"
#include "launch.h"

/* What a process tells. None is called from within a wp_ function but wp_drain_output(). */
struct wp_events {
    /* A message without its token (text is valid for the call), or, where wrong is not NULL,
     * garbage: wrong says why, text is its beginning. Nothing more is read after garbage and after
     * wp_kill(). */
    void (*line)(void *context, const char *text, size_t len, const char *wrong);
    /* Bytes that it wrote to standard error. */
    void (*output)(void *context, const char *data, size_t len);
    /* The channel is closed, but the process lives. Told once at most. */
    void (*closed)(void *context);
    /* The process has ended and all that it wrote was told. Told once. */
    void (*ended)(void *context, int64_t status, int signal);
    /* Everything is closed and the wp is freed after the call. The last one. */
    void (*freed)(void *context);
};

struct worker_proc;

/* Starts the worker with a new token. CTS_IO where it cannot be started (err says why), CTS_NOMEM;
 * NULL then. The events come with context. */
struct worker_proc *wp_start(uv_loop_t *loop, const struct launch *launch,
                             const struct wp_events *events, void *context, struct cts_error *err);

/* Sends the parts in one piece and a line end behind them. Copies what cannot be written at once.
 * False where nothing can be sent: nobody reads it any more, or no memory. What fails later shows
 * as closed or ended. */
bool wp_send(struct worker_proc *wp, const char *const *parts, const size_t *sizes, size_t count);

/* Closes the worker's input. */
void wp_hang_up(struct worker_proc *wp);

/* Tells what lies unread in standard error now, so that it is charged to what ran until now. On
 * Windows this does nothing: it comes with the loop. */
void wp_drain_output(struct worker_proc *wp);

/* Kills it; `ended` comes. Where the system cannot kill it within seconds it is given up, and
 * `ended` comes all the same. */
void wp_kill(struct worker_proc *wp);

/* After `ended`: closes everything; `freed` comes. */
void wp_close(struct worker_proc *wp);

#endif
