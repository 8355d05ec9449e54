/* What happened in cases, as data of a page: for vss.trace of the viewer. A page may hold the
 * traces of several runs, each with a prefix of its own.
 *
 * Cases have the numbers in which they were added, from 0. Element "<prefix>c<n>" holds the cases
 * from 64 n, one a line; "<prefix>p<n>" the parts from 256 n, one a line. A part is what many
 * cases have in common, as a whole: a step, a finding. A case is an object:
 *
 *     reason, outcome, why       as in the report, where there are such; why: why_expected
 *     first, last                verdicts, where the attempts differ
 *     attempts                   where there was more than one
 *     findings                   array of parts, as in the report
 *     steps                      array of parts: steps as in the report, without what is volatile,
 *                                and with what was expected of them: expected (lines), basis,
 *                                page, because, requirement
 *     us                         how long each step took; null: not known
 *     end                        as in the report, without what is volatile, and with the call that
 *                                it never came back from: call
 *
 * In an array of parts a number is that of a part, and anything else the part itself. */
#ifndef VSSCTS_HTML_TRACES_H
#define VSSCTS_HTML_TRACES_H

#include "html_page.h"
#include "report.h"

/* Writes the traces of cases of one run, in the order of the list (NULL: all, in theirs). The
 * prefix is of letters. Failures are those of the page's stream. */
void html_traces(struct html_page *page, const char *prefix, const struct report *report,
                 const struct case_verdict *const *chosen, size_t count);

#endif
