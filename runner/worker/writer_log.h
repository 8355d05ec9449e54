/* What a fixture writer has told so far, wherever it runs. Any thread. */
#ifndef VSSCTS_WRITER_LOG_H
#define VSSCTS_WRITER_LOG_H

#include "fixture_writer.h"

struct writer_log {
    CRITICAL_SECTION lock;
    HANDLE changed;    /* set when something was told; reset by who waits for it */
    json_t *events;    /* as the sink of fixture_writer.h got them */
    size_t bytes;      /* that they take with all facts */
    json_t *lost;      /* how the writer's process ended that was not told to, or NULL */
    const char *ended; /* by its script: "crash", "exit"; or NULL */
};

void writer_log_init(struct writer_log *log);

/* Frees what it holds; nobody may tell it anything any more. */
void writer_log_clear(struct writer_log *log);

/* A sink that tells this log. */
struct fixture_sink writer_log_sink(struct writer_log *log);

/* The process has ended; text says how (stolen), where no script told it to. Only the first counts.
 */
void writer_log_lost(struct writer_log *log, json_t *text);

/* Has the writer got the event (returned: and come back from it) so often? Where not, `changed` is
 * reset for a wait. ended: nothing more will come. */
bool writer_log_reached(struct writer_log *log, const char *event, json_int_t times, bool returned,
                        bool *ended);

/* Adds "events", "ended" and "lost" to a message, each where there is one; true: it is lost. A GUID
 * stands in it as 36 characters. events: whether they are wanted. */
bool writer_log_show(struct writer_log *log, json_t *message, bool events);

#endif
