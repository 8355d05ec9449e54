/* Steps that run in an event of a writer: what they see. Private to the model room. */
#ifndef VSSCTS_TBL_TURN_H
#define VSSCTS_TBL_TURN_H

#include "tbl_scope.h"

/* Around the reading of the steps of a script, whose writer and event are known. at: the script. */
void tbl_begin_turn(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                    const struct step *script);
void tbl_end_turn(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                  const struct step *script);

#endif
