/* A program that is run again and again: in each round another allocation of one step fails, in the
 * first one none, until a round comes in which there is none left to fail (docs/protocol.md). Of
 * rounds that went alike one is told. */
#ifndef VSSCTS_WORKER_ROUNDS_H
#define VSSCTS_WORKER_ROUNDS_H

#include "worker_program.h"
#include "worker_steps.h"

struct rounds;

/* Runs all of the program's steps once, to the end of the teardown. Returns how many threads were
 * left. */
typedef unsigned (*round_function)(struct step_context *context);

/* Runs the program `once` for every round; *told gets what there is to say of all of them: a new
 * reference, NULL where the program is not well formed. Returns how many threads the last round
 * left; no more are run then. */
unsigned rounds_run(struct step_context *context, round_function once, json_t **told);

/* Is the step one that is made only after a failure, and there was none? */
bool rounds_passes_over(const struct rounds *rounds, const json_t *step);

/* Which allocation fails in this round; 0: none. */
unsigned rounds_number(const struct rounds *rounds);

/* Before and after a step, of a round or not (rounds NULL). */
void rounds_step_begins(struct rounds *rounds, int s);
void rounds_step_ended(struct rounds *rounds, int s, const struct outcome *outcome);

/* Before the releases at the end. */
void rounds_teardown_begins(const struct rounds *rounds);

/* What the log gets to see of a step (or of the teardown, also from other threads) goes into the
 * round's likeness, whatever the order. */
void rounds_note(struct rounds *rounds, const json_t *event);

/* The likeness of one event: the same for what differs in times, ids, addresses and other numbers
 * that are not the same in each round. */
uint64_t rounds_likeness(const json_t *event);

#endif
