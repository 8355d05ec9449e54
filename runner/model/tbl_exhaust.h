/* The keys `exhaust` and `after_failure` of steps. Private to the model room. */
#ifndef VSSCTS_TBL_EXHAUST_H
#define VSSCTS_TBL_EXHAUST_H

#include "tbl_read.h"

/* Reads both keys of a step. allowed: it is one of a case, not of a preamble or `finally`. */
void tbl_read_exhaust(struct tbl_ctx *ctx, const struct tbl_at *at, bool allowed,
                      struct step *step);

/* Sets test->exhaust and test->exhaust_until by the steps of the case, and complains where they do
 * not go together. */
void tbl_check_exhaust(struct tbl_ctx *ctx, const struct tbl_at *at, struct test_case *test);

#endif
