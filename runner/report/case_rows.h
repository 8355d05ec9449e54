/* A row of text for each case of a run, made by several threads and taken in order. */
#ifndef VSSCTS_CASE_ROWS_H
#define VSSCTS_CASE_ROWS_H

#include "json_stream.h"
#include "report_case.h"

/* Makes the row of a case, in any thread: it changes nothing but the teller and the row. */
typedef void (*case_row_make)(struct case_teller *teller, const struct case_verdict *verdict,
                              struct str_buf *row);

/* Writes the row to the stream, one case after the other. */
typedef void (*case_row_write)(void *context, size_t number, const char *row, size_t len);

struct case_rows {
    const struct report *report;
    enum steps_form form;
    case_row_make make;
    case_row_write write;
    void *context;           /* of write */
    struct json_stream *out; /* a row that could not be made is a failure of it, kept until
                                js_close(); no row is written after it */
};

/* The rows of all cases of the run, in their order. */
void case_rows_all(const struct case_rows *rows);

/* Those of some cases of it, in the order of the list. */
void case_rows_some(const struct case_rows *rows, const struct case_verdict *const *chosen,
                    size_t count);

#endif
