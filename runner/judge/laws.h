/* The laws (laws.def): rules that hold on every call of every case. Private to the judge. */
#ifndef VSSCTS_LAWS_H
#define VSSCTS_LAWS_H

#include "judge_exec.h"

enum law_scope { LAW_STEP, LAW_BODY, LAW_CASE };

/* Holds one step, of whatever part of the program, against the laws of calls. */
void laws_check_step(struct judging *j, struct judged_step *step);

/* Holds the whole execution against the laws of cases. Only where it ended by itself. */
void laws_check_case(struct judging *j);

/* Does the method's page list the result, for the Windows that the profile claims? */
bool laws_result_listed(const struct judging *j, const struct api_method *method, uint32_t hr);

#endif
