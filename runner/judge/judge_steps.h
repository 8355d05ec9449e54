/* The expectations of steps. Private to the judge. */
#ifndef VSSCTS_JUDGE_STEPS_H
#define VSSCTS_JUDGE_STEPS_H

#include "judge_exec.h"
#include "judge_findings.h"

/* Holds a step of the body that was made against its expectation; every unmet part becomes a
 * finding. A step without expectation passes. */
void steps_check(struct judging *j, struct judged_step *step);

/* Begins the finding about an expectation of the step that was not met. */
void steps_draft(const struct judging *j, const struct step *step, struct finding_draft *draft);

/* Does the step's expectation name the code itself (sets such as `failure` do not)? */
bool steps_names_code(const struct judging *j, const struct step *step, uint32_t code);

/* Does the step's expectation allow the result? So does a step without one. */
bool steps_fits(const struct judging *j, const struct step *step, uint32_t hr);

#endif
