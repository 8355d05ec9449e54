/* Two runs, an old and a new one: a matrix of two, case by case. */
#ifndef VSSCTS_COMPARE_H
#define VSSCTS_COMPARE_H

#include "matrix.h"

enum difference {
#define DIFFERENCE(id, name, style, title) DIFFERENCE_##id,
#include "differences.def"
#undef DIFFERENCE
    DIFFERENCE_COUNT, /* also: none */
};

/* "regression", "regressions"; static. */
const char *difference_name(enum difference difference);
const char *difference_title(enum difference difference);

enum { COMPARE_OLD, COMPARE_NEW };

struct comparison {
    const struct matrix *matrix; /* of two runs; borrowed */
    const char *forced;          /* why they should not be compared, and are; or NULL; borrowed */
    size_t by[DIFFERENCE_COUNT];
    size_t flakes; /* cases that are one in either run; their answers are not compared */
};

/* How the case differs; DIFFERENCE_COUNT: it does not. */
enum difference compare_row(const struct matrix_row *row);

void compare_make(struct comparison *comparison, const struct matrix *matrix, const char *forced);

/* CTS_OK: the same; CTS_CHANGED; CTS_REGRESSED. And the same in words. */
enum cts_status compare_status(const struct comparison *comparison);
const char *compare_result_text(enum cts_status status);

/* One thing that the runs say differently of a case: a call and what it gave, how the case ended,
 * the reason of its verdict, an outcome, a finding. Of long texts the part where they begin to
 * differ. */
struct compare_fact {
    char *what; /* "bc.BackupComplete(ppAsync)", "reason" */
    char *old_text, *new_text;
};
#define COMPARE_FACTS_MAX 4
struct compare_facts {
    size_t count;
    struct compare_fact items[COMPARE_FACTS_MAX];
};

/* The first call with another result, and what else differs. pairs: of the row's sides, from
 * answers_pair(). Texts that there was no memory for are NULL. Ends with compare_facts_free(). */
void compare_facts(const struct matrix_row *row, const struct answer_pairs *pairs,
                   struct compare_facts *facts);
void compare_fact_of_pair(const struct answer_pair *pair, struct compare_fact *fact);
void compare_facts_free(struct compare_facts *facts);

/* The differences on a terminal: of each kind the cases, the first ones in full, with `all` every
 * one of them, and all later calls too; with `brief` regressions and numbers alone. */
void compare_print(const struct term *term, const struct comparison *comparison, bool all,
                   bool brief);

/* reports/schema/comparison.schema.json; Markdown for a pull request. */
void compare_write_json(const struct comparison *comparison, struct json_stream *out);
void compare_write_md(const struct comparison *comparison, struct json_stream *out);

#endif
