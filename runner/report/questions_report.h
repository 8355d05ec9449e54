/* The open questions: what the pages say on each side, which cases ask, what a run answered. */
#ifndef VSSCTS_QUESTIONS_REPORT_H
#define VSSCTS_QUESTIONS_REPORT_H

#include "../judge/judge.h"
#include "observed.h"
#include "term_text.h"

/* Everything is borrowed. */
struct questions_report {
    const struct tables *tables;
    const struct judged_run *run; /* or NULL: nothing was answered */
    struct string_list chosen;    /* globs over ids of questions; none: all */
    size_t observed_count;
    struct observed *const *observed; /* what was observed of each Windows */
};

/* Is the question one of the chosen? */
bool questions_chosen(const struct questions_report *report, const struct question *question);

/* What a Windows answered to a question: one of `observed`, the answer, in how many of the runs
 * that had the case; false where its steps were others then. */
typedef void (*questions_observed_cb)(void *context, const struct observed *observed,
                                      const struct test_case *test, const json_t *answer,
                                      size_t runs, size_t of, bool today);

/* Tells each answer of each Windows to the case. */
void questions_each_observed(const struct questions_report *report, const struct test_case *test,
                             questions_observed_cb each, void *context);

/* The questions one after the other: id, text, sides, pages, and the cases that ask; where there is
 * a run, its answers, cases with the same answer together. Cases that judge all the same, by an
 * expectation that names the question, are told apart. Returns how many questions. */
size_t questions_print(const struct term *term, const struct questions_report *report);

/* Writes the chosen questions (reports/schema/questions-report.schema.json) to path ("-": standard
 * output). The answers of two runs can be compared: they hold no addresses, ids or times. CTS_IO,
 * CTS_NOMEM with err. */
enum cts_status questions_write_json(const struct questions_report *report, const char *path,
                                     struct cts_error *err);

#endif
