/* Steps of cases and preambles. Private to the model room. */
#ifndef VSSCTS_TBL_STEPS_H
#define VSSCTS_TBL_STEPS_H

#include "tbl_scope.h"

/* Reads a list of steps in the scope, which goes on changed. NULL and a count of 0 where there are
 * none. */
struct step *tbl_read_steps(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *list,
                            size_t *count);

#endif
