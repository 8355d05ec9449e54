/* Why a selected case is not run. */
#ifndef VSSCTS_PLAN_SKIP_H
#define VSSCTS_PLAN_SKIP_H

#include "../util/str_buf.h"
#include "plan.h"

/* Appends the reason why the case does not run with the profile; nothing where it does. */
void skip_reason(struct str_buf *reason, const struct test_case *test,
                 const struct profile *profile);

/* The same for a value of the profile ("@volume.2") that the profile does not have. */
void skip_missing(struct str_buf *reason, const char *value, const struct profile *profile);

#endif
