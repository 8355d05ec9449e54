/* Steps of a program. */
#ifndef VSSCTS_WORKER_STEPS_H
#define VSSCTS_WORKER_STEPS_H

#include "worker_program.h"

/* What a step came to, for its `need`. */
struct outcome {
    bool failed; /* not made, or timed out: never met */
    bool has_hr;
    uint32_t hr;
};

/* Runs steps in order until the program is stopped. */
void steps_run(struct step_context *context, const json_t *steps);

/* Notes in the event that the step was not made since a variable is empty. */
void steps_skip(json_t *event, struct outcome *outcome, const char *variable);

/* The interface in the variable that the step's `on` names; NULL, with the step noted as skipped,
 * where it is empty. *unknown (may be NULL) becomes its IUnknown. */
void *steps_object(struct step_context *context, const json_t *step, json_t *event,
                   struct outcome *outcome, void **unknown);

/* The step `await`. */
/* Polls an object of the teardown, as `settle` of docs/protocol.md says, until its operation has
 * ended. False: it was still pending when the time was over. */
bool await_settle(struct step_context *context, void *object, const json_t *settle);

void await_step(struct step_context *context, const json_t *step, json_t *event,
                struct outcome *outcome);

/* The step `identity`. */
void identity_step(struct step_context *context, const json_t *step, json_t *event,
                   struct outcome *outcome);

#endif
