/* What a fixture writer saw, held against an expectation. Private to the judge. */
#ifndef VSSCTS_JUDGE_EVENTS_H
#define VSSCTS_JUDGE_EVENTS_H

#include "../util/str_buf.h"
#include "judge_exec.h"

/* Holds the events that the step shows, of those kinds that it asks for, against a list. all: these
 * and no others, in this order; else they are among them, in this order. What is not met becomes a
 * finding. */
void events_check(struct judging *j, struct judged_step *step, const json_t *wanted, bool all);

/* Appends the names of the events that count for the step. */
void events_names(struct str_buf *buf, const struct judged_step *step);

#endif
