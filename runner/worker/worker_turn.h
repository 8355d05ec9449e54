/* Steps that run in an event of a writer, on the thread of its handler. The interfaces that the
 * handler got are variables of these steps alone: `writer`, and `metadata` or `components`. */
#ifndef VSSCTS_WORKER_TURN_H
#define VSSCTS_WORKER_TURN_H

#include "fixture_writer.h"
#include "worker_program.h"

/* The turns of one writer. */
struct writer_turns {
    struct program *program;
    CRITICAL_SECTION lock; /* held while steps run */
    bool closed;           /* none runs any more */
};

void turns_init(struct writer_turns *turns, struct program *program);

/* Runs the steps of a turn; turns is a struct writer_turns. For struct fixture_sink. */
void turns_act(void *turns, const struct fixture_turn *turn);

/* Waits until steps that run have ended; later turns come to nothing. */
void turns_close(struct writer_turns *turns);

void turns_clear(struct writer_turns *turns);

#endif
