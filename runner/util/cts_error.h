/* Errors as values: a status plus a caller-owned struct with text and place, as jansson's
 * json_error_t. */
#ifndef VSSCTS_CTS_ERROR_H
#define VSSCTS_CTS_ERROR_H

#include "cts_attr.h"
#include <stdbool.h>
#include <stddef.h>

/* name, exit code, text. The exit codes are the published ones; see cts_exit_code(). */
#define CTS_STATUS_MAP(X)                                                                          \
    X(OK, 0, "ok")                                                                                 \
    X(UNEXPECTED, 1, "unexpected verdicts")                                                        \
    X(USAGE, 2, "wrong usage")                                                                     \
    X(BAD_FILE, 2, "bad file")                                                                     \
    X(IUT, 3, "the implementation cannot be loaded")                                               \
    X(NOTHING, 4, "nothing selected")                                                              \
    X(OUTSTANDING, 5, "cases outstanding")                                                         \
    X(CHANGED, 10, "changed, no regression")                                                       \
    X(REGRESSED, 11, "regressions")                                                                \
    X(NOT_SHOWN, 12, "not shown again")                                                            \
    X(NOMEM, 70, "out of memory")                                                                  \
    X(IO, 70, "input or output failed")                                                            \
    X(DEFECT, 70, "defect of the suite")                                                           \
    X(INTERRUPTED, 130, "interrupted")

enum cts_status {
#define X(name, code, text) CTS_##name,
    CTS_STATUS_MAP(X)
#undef X
};

/* What went wrong and where. Owned by the caller; never allocated. line and column count from 1, 0
 * = unknown. */
struct cts_error {
    enum cts_status status;
    int line;
    int column;
    char path[512];
    char text[1024];
};

/* Many errors of one check. The list keeps the first CTS_ERRORS_MAX and counts the rest. */
#define CTS_ERRORS_MAX 100
struct cts_errors {
    size_t count; /* all that were reported, kept or not */
    struct cts_error list[CTS_ERRORS_MAX];
};

/* Fills err (which may be NULL) without a place and returns status. The text is cut where it is too
 * long. */
enum cts_status err_set(struct cts_error *err, enum cts_status status, const char *fmt, ...)
    CTS_PRINTF(3, 4);

/* The same with a file and a place in it. */
enum cts_status err_set_at(struct cts_error *err, enum cts_status status, const char *path,
                           int line, int column, const char *fmt, ...) CTS_PRINTF(6, 7);

/* Adds an error to errs (never NULL); returns status. */
enum cts_status errs_add_at(struct cts_errors *errs, enum cts_status status, const char *path,
                            int line, int column, const char *fmt, ...) CTS_PRINTF(6, 7);

/* "path:line:column: text", leaving out what is unknown. Writes at most size bytes, returns buf. */
const char *err_format(const struct cts_error *err, char *buf, size_t size);

/* The published exit code of a status. */
int cts_exit_code(enum cts_status status);

/* "bad file" and the like: a static string. */
const char *cts_status_text(enum cts_status status);

#endif
