/* Arguments of steps. Private to the model room. */
#ifndef VSSCTS_TBL_ARGS_H
#define VSSCTS_TBL_ARGS_H

#include "tbl_scope.h"

/* Checks the key "args" of a step against the parameters, and sets the variables that it keeps. */
void tbl_check_args(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *step,
                    const struct api_method *method);

/* The same where the method is not known: it may have set any variable of the step. */
void tbl_keep_unknown(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *step);

/* Checks a value that is no variable and not null, by the kind of the parameter. */
void tbl_check_literal(struct tbl_ctx *ctx, const struct tbl_at *at, const struct api_param *param);

/* The parameter of that name, or NULL. */
const struct api_param *tbl_param(const struct api_method *method, const char *name);

/* A number of the enumeration by its name. */
bool tbl_enum_value(const struct api_enum *type, const char *name, int64_t *value);

/* The numbers that a kind can hold. False for a kind that is no number. */
bool tbl_kind_range(enum param_kind kind, int64_t *low, int64_t *high);

#endif
