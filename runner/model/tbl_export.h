/* The step `export`. Private to the model room. */
#ifndef VSSCTS_TBL_EXPORT_H
#define VSSCTS_TBL_EXPORT_H

#include "tbl_read.h"

/* Reads the keys of an export step at `at` into step. */
void tbl_read_export_step(struct tbl_ctx *ctx, const struct tbl_at *at, struct step *step);

#endif
