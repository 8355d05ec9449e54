/* What both forms of the report on questions need. Internal. */
#ifndef VSSCTS_QUESTIONS_INNER_H
#define VSSCTS_QUESTIONS_INNER_H

#include "questions_report.h"

/* What the run made of a case, or NULL: it was not selected, or there is no run. */
const struct case_verdict *questions_verdict(const struct questions_report *report,
                                             const struct test_case *test);

/* Does an expectation of the case name the question? */
bool questions_judges(const struct test_case *test, const struct question *question);

/* What happened, in one line: the recorded outcome, or the verdict with its reason. Appended to the
 * buffer. */
void questions_answer(struct str_buf *buf, const struct case_verdict *verdict);

#endif
