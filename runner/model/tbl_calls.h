/* Rows of calls/ (how each method is called rightly) and the cases that are generated from them.
 * Private to the model room. */
#ifndef VSSCTS_TBL_CALLS_H
#define VSSCTS_TBL_CALLS_H

#include "tbl_cases.h"

/* Families of generated cases, gen_families.def. */
enum gen_family {
#define X(id, suite, name, rule, code, point, injected) GEN_##id,
#include "gen_families.def"
#undef X
    GEN_FAMILIES
};

/* One row. JSON is borrowed from its file. */
struct call_row {
    struct tbl_ctx *ctx;
    const struct tbl_at *at;
    const struct api_method *method;
    const char *object;        /* variable; NULL for a function */
    const char *preamble;      /* the state in which the call is right; or NULL */
    const char *because;       /* the normal result is inferred for this reason; NULL: documented */
    const char *unreachable;   /* why the call can be made rightly nowhere; or NULL */
    const char *wrong;         /* preamble of a state in which the page refuses the call; or NULL */
    const char *wrong_because; /* as because */
    const char *wrong_object;
    json_t *wrong_args; /* or NULL: args */
    json_t *args;       /* or NULL */
    json_t *before, *after;
    json_t *hr, *out;
    json_t *except;    /* family → reason */
    bool stores;       /* the call keeps what it is given, and so needs memory */
    const char *event; /* of a writer, in which the call is made; or NULL */
    json_t *around;    /* what the file says of that event */
};

/* One case that a row gives. */
struct gen_item {
    const struct call_row *row;
    enum gen_family family;
    const struct api_param *param; /* of the null families; else NULL */
    bool question;                 /* nothing is expected */
};

/* Keeps what the row leaves out, and why. */
void tbl_note_omissions(const struct call_row *row);

/* Calls `make` for each case of the row, those of one parameter together. */
void gen_each(const struct call_row *row, void (*make)(const struct gen_item *item));

/* Does the page list the code, for any version? */
bool gen_lists(const struct api_method *method, const char *name);

/* The last part of the id, which `except` names: "in-order". Static. */
const char *gen_family_name(enum gen_family family);

/* Whole texts of the arena; NULL where there is no memory. The id of a case goes without suite. */
const char *gen_case_id(const struct gen_item *item);
const char *gen_title(const struct gen_item *item);
const char *gen_requirement_id(const struct gen_item *item);
const char *gen_requirement_text(const struct gen_item *item);

/* The hook point of the item's method: "alloc" as it is, "call" as "AddComponent.call". */
const char *gen_point(const struct gen_item *item, const char *point);

/* Notes the requirement of the item in ctx->made, unless a written one has its id. */
void gen_add_requirement(const struct gen_item *item);

/* Puts the case together and reads it like a written one. */
void gen_add_case(const struct gen_item *item);

/* First pass over a file of calls/, once the written requirements are sorted: requirements that
 * stand nowhere are appended. */
void tbl_declare_calls(struct tbl_ctx *ctx, const struct tbl_at *root);

/* Second pass, once preambles are read: the cases. */
void tbl_define_calls(struct tbl_ctx *ctx, const struct tbl_at *root);

/* Complains of each method that has no row. Only where there are rows at all. */
void tbl_check_calls(struct tbl_ctx *ctx);

#endif
