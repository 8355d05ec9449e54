/* Reading states, evidence, questions and requirements. Private to the model room. */
#ifndef VSSCTS_TBL_FACTS_H
#define VSSCTS_TBL_FACTS_H

#include "tbl_read.h"

/* Each appends what a file holds to the tables, unsorted. */
void tbl_read_states(struct tbl_ctx *ctx, const struct tbl_at *root);
void tbl_read_evidence(struct tbl_ctx *ctx, const struct tbl_at *root);
void tbl_read_questions(struct tbl_ctx *ctx, const struct tbl_at *root);
void tbl_read_requirements(struct tbl_ctx *ctx, const struct tbl_at *root);

/* The level under a key: -1 where there is none or a wrong one. */
int tbl_level(struct tbl_ctx *ctx, const struct tbl_at *at, const char *key, bool required);

/* Ids of known evidence under the key "evidence": one, or a list. */
struct string_list tbl_evidence_ids(struct tbl_ctx *ctx, const struct tbl_at *at, bool required);

#endif
