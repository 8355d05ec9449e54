/* Steps of the fixture writer (fixtures/writer), in this process or in one of its own. */
#ifndef VSSCTS_WORKER_WRITER_H
#define VSSCTS_WORKER_WRITER_H

#include "worker_steps.h"

/* The step `writer`. */
void writer_step(struct step_context *context, const json_t *step, json_t *event,
                 struct outcome *outcome);

/* No handler is held any more: before anything waits for the end of the program. */
void writers_open(struct step_context *context);

/* Waits until steps that run in events of writers have ended; from here on none runs. */
void writers_rest(struct program *program);

/* Stops the writers that no step has stopped, the newest first, and says of each what it saw. No
 * process of a writer is left. */
void writers_end(struct step_context *context);

/* Forgets the writers of a program that has ended. */
void writers_free(struct program *program);

#endif
