/* What a step `identity` showed, held against the rules of QueryInterface. Private to the judge. */
#ifndef VSSCTS_JUDGE_IDENTITY_H
#define VSSCTS_JUDGE_IDENTITY_H

#include "../util/str_buf.h"
#include "judge_exec.h"

/* Appends what the object should have done and what it did instead, by the first rule that it
 * breaks. False: it breaks none, and nothing is appended. */
bool identity_broken(const struct judged_step *step, struct str_buf *expected, struct str_buf *got);

#endif
