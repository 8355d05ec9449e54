/* What the order of steps and their telling have in common. Private to report_steps. */
#ifndef VSSCTS_REPORT_STEPS_INNER_H
#define VSSCTS_REPORT_STEPS_INNER_H

#include "report_steps.h"

/* The step of the plan, or NULL: of the teardown, or of a program that has changed since. */
const struct plan_step *steps_source(const struct report_steps *steps, const struct jv *event);

/* Is what an out parameter gave an address? method: that was called, or NULL. */
bool steps_is_address(const struct api_method *method, const struct jv *out);

/* Numbers the GUIDs of a value in the order in which they stand there, and writes nothing. */
void steps_see_guids(struct report_steps *steps, const struct jv *value);

#endif
