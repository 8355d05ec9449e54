/* One case as the report tells it: as text, or as a tree for those who look into it. */
#ifndef VSSCTS_REPORT_CASE_H
#define VSSCTS_REPORT_CASE_H

#include "report.h"
#include "report_steps.h"

/* What one thread tells cases with, one after the other. */
struct case_teller;

/* The report is borrowed and must outlive the teller. NULL: no memory. */
struct case_teller *case_teller_new(const struct report *report, enum steps_form form);
void case_teller_free(struct case_teller *teller); /* takes NULL too */

/* Appends a case as an object, its members sorted by their keys or in the order of their making.
 * The buffer fails where there is no memory, or the log cannot be read (see judged_failed()). */
void case_tell(struct case_teller *teller, const struct case_verdict *verdict, bool sorted,
               struct str_buf *out);

/* The steps of a case, for who tells them in another way; valid until the next case. NULL: as
 * above. */
struct report_steps *case_teller_steps(struct case_teller *teller,
                                       const struct case_verdict *verdict);

/* The array of steps, as a member or (NULL) a value of its own; a finding. */
void case_put_steps(struct report_steps *steps, const char *key);
void case_put_finding(struct json_emit *emit, const struct finding *finding);

/* The case as a tree, its members in the order of their making. A new reference; NULL: no memory,
 * or the log cannot be read. */
json_t *report_case(const struct report *report, const struct case_verdict *verdict,
                    enum steps_form form);

#endif
