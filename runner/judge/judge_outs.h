/* Out parameters and the fields of their structures against what is expected of them. Private to
 * the judge. */
#ifndef VSSCTS_JUDGE_OUTS_H
#define VSSCTS_JUDGE_OUTS_H

#include "judge_exec.h"

/* Holds what the step left behind against the expectation; every place with another value becomes
 * a finding. */
void outs_check(struct judging *j, struct judged_step *step, const struct expect *expect);

#endif
