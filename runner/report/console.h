/* What a run says on the console. Text of the implementation is escaped, always. */
#ifndef VSSCTS_CONSOLE_H
#define VSSCTS_CONSOLE_H

#include "report.h"
#include "term_text.h"

enum console_detail { CONSOLE_QUIET, CONSOLE_NORMAL, CONSOLE_VERBOSE };

/* One line on suite, implementation and host, from the header of the log. */
void console_header(const struct term *term, const json_t *header);

/* Counts, unexpected cases, flakes, improvements, skips by reason, questions, files. QUIET prints
 * what counts for the exit code only; VERBOSE adds advisory findings, expected failures, every
 * skipped case and every recorded question. */
void console_summary(const struct term *term, const struct report *report,
                     enum console_detail detail);

/* Prints the last line, "result: as expected (exit 0)", and returns the exit code: text and code
 * come from one status, here and nowhere else. good: what CTS_OK is called, "as expected" where it
 * is NULL. */
int console_result(const struct term *term, enum cts_status status, const char *good);

/* One case in full: id, title, findings or reason, and, where there is a report (or NULL), how to
 * run it alone. Used by console_summary(). */
void console_case(const struct term *term, const struct report *report,
                  const struct case_verdict *verdict, bool advisory);

/* The style in which a verdict is printed. */
enum term_style console_style(enum verdict verdict);

#endif
