/* Expectations. Private to the model room. */
#ifndef VSSCTS_TBL_EXPECT_H
#define VSSCTS_TBL_EXPECT_H

#include "tbl_scope.h"

/* Reads an expectation of a step whose own keys are read already. `step` is the place of the step
 * (for its arguments), `at` that of the expectation. NULL: there is nothing that could be used. */
struct expect *tbl_read_expect(struct tbl_ctx *ctx, struct tbl_scope *scope,
                               const struct tbl_at *at, const struct tbl_at *step_at,
                               const struct step *step);

/* The results that a preamble needs: a code or a list of codes under "need". */
void tbl_read_need(struct tbl_ctx *ctx, const struct tbl_at *step_at, struct step *step);

/* The expectations of out parameters ("out", at its place `at`) into expect. */
void tbl_read_outs(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                   const struct tbl_at *step_at, const struct step *step, struct expect *expect);

/* What a step gives that can be expected: its op decides, and the method of a call. */
bool tbl_gives_hr(const struct step *step);
bool tbl_gives_count(const struct step *step);

#endif
