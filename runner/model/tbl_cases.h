/* Preambles, cases and matrices. Private to the model room. */
#ifndef VSSCTS_TBL_CASES_H
#define VSSCTS_TBL_CASES_H

#include "tbl_scope.h"

/* Together the suites may have no more cases: a matrix is quickly too large. */
#define TBL_CASES_MAX 100000

/* A file of preambles: first pass (appended without their steps), second pass once all are sorted.
 */
void tbl_declare_preambles(struct tbl_ctx *ctx, const struct tbl_at *root);

/* Reads the preambles of a file whose base is read, in any file. False: there was none. */
bool tbl_define_preambles(struct tbl_ctx *ctx, const struct tbl_at *root);

/* Complains of those that were never read, as they are built on in a circle. */
void tbl_check_preambles(struct tbl_ctx *ctx);

/* A suite file; folder is the name of its folder. Cases are appended to the tables. */
void tbl_read_suite(struct tbl_ctx *ctx, const struct tbl_at *root, const char *folder);

/* The keys that a case, a matrix and a row share. */
#define TBL_CASE_KEYS                                                                              \
    "title requirements question finally needs when tags apartment isolation exclusive "           \
    "deadline_ms"

struct tbl_case_keys {
    const char *title;
    struct string_list requirements;
    const struct question *question;
    bool has_question; /* known or not */
    uint32_t needs;
    struct condition when;
    struct string_list tags;
    const char *apartment;
    const char *isolation;
    bool has_exclusive, exclusive;
    unsigned deadline_ms; /* 0: not said */
    struct tbl_at finally;
};

/* Reads the keys that stand in an object. The result borrows at. */
struct tbl_case_keys tbl_read_case_keys(struct tbl_ctx *ctx, const struct tbl_at *at);

/* A case before it is put together. */
struct tbl_case_spec {
    const char *suite, *id, *matrix; /* id is whole; matrix NULL: a written case */
    const struct tbl_at *at;         /* place of the case, or of the row */
    struct tbl_case_keys keys;
    const char *preamble; /* or NULL */
    struct tbl_at steps;
    const struct tbl_at *last_expect; /* of the last of them, or NULL */
    struct tbl_at then;               /* more steps, or none */
};

/* Reads the steps and appends the case. */
void tbl_add_case(struct tbl_ctx *ctx, const struct tbl_case_spec *spec);

/* One case of a suite, written or made. */
void tbl_read_case(struct tbl_ctx *ctx, const struct tbl_at *at, const char *suite);

/* Notes that there is such a suite; its first title counts. */
void tbl_add_suite(struct tbl_ctx *ctx, const char *id, const char *title);

/* One matrix. */
void tbl_read_matrix(struct tbl_ctx *ctx, const struct tbl_at *at, const char *suite);

/* "mta", "sta" or "none" under "apartment"; NULL where there is none. */
const char *tbl_apartment(struct tbl_ctx *ctx, const struct tbl_at *at);

/* Capabilities under "needs", as bits. */
uint32_t tbl_needs(struct tbl_ctx *ctx, const struct tbl_at *at);

/* a with what b has more; a + b without doubles. */
struct string_list tbl_join_lists(struct tbl_ctx *ctx, struct string_list a, struct string_list b);

#endif
