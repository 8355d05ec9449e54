/* Cases × runs: what several runs made of the same cases. */
#ifndef VSSCTS_MATRIX_H
#define VSSCTS_MATRIX_H

#include "answers.h"
#include "json_stream.h"
#include "term_text.h"

#define MATRIX_RUNS_MAX 26 /* a letter names each */

struct matrix_cell {
    const struct case_verdict *verdict; /* NULL: the run has not the case */
    size_t like; /* the first run of the row that saw the same: verdict and answers, or no case */
};

struct matrix_row {
    const struct test_case *test;
    struct matrix_cell *cells; /* one a run */
    bool differs;              /* the cells are not all alike */
};

/* Owned by the caller; ends with matrix_free(). The reports are borrowed. */
struct matrix {
    size_t run_count;
    const struct report *reports; /* one a run, with the same tables */
    size_t count;
    struct matrix_row *rows; /* sorted by id: the cases that any of the runs has */
    struct matrix_cell *cells;
    size_t differing; /* rows */
};

/* Lays the runs beside each other, in time that is linear in their events. CTS_NOMEM, CTS_BAD_FILE
 * (a log that cannot be read again) with err. */
enum cts_status matrix_make(struct matrix *matrix, const struct report *reports, size_t run_count,
                            struct cts_error *err);
void matrix_free(struct matrix *matrix);

/* The first failure to read one of the logs again, see judged_failed(); else CTS_OK. */
enum cts_status matrix_failed(const struct matrix *matrix, struct cts_error *err);

/* A case in a run of the matrix. */
struct side matrix_side(const struct matrix *matrix, const struct matrix_row *row, size_t run);

/* The letter of a cell's verdict; '-' where the run has not the case. */
char matrix_letter(const struct matrix_cell *cell);

/* Has an earlier run of the row the same letter, and saw something else all the same? */
bool matrix_apart(const struct matrix_row *row, size_t run);

/* Why these runs cannot be compared (headers of their logs): other tables or version of the suite,
 * another architecture or selection, cases outstanding. True, with the reason appended, where that
 * is so. What the implementations stand for, and what they are, may differ: that is what is
 * compared. */
bool matrix_refused(const struct judged_run *a, const struct judged_run *b, struct str_buf *why);

/* "reference 10.0 (x86_64), under Wine 8.0, started 2024-…": what a run is of. */
void matrix_run_words(struct str_buf *buf, const struct judged_run *run);

/* The runs, and the cases that differ between them, a letter a run, on a terminal; with `all` every
 * case. */
void matrix_print(const struct term *term, const struct matrix *matrix, bool all);

/* The same in Markdown: totals, and the cases that differ. */
void matrix_write_md(const struct matrix *matrix, struct json_stream *out);

/* What a page says of two runs that are compared. */
struct comparison;

/* A page of HTML: every case, or those alone that differ where there is a comparison (of this
 * matrix; or NULL); a letter a run, and behind it the calls of the runs side by side. */
void matrix_write_html(const struct matrix *matrix, const struct comparison *comparison,
                       struct json_stream *out);

#endif
