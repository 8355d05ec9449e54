/* Findings: made, sorted, compared. Also the one place that frees a verdict. Private to the judge.
 */
#ifndef VSSCTS_JUDGE_FINDINGS_H
#define VSSCTS_JUDGE_FINDINGS_H

#include "../util/str_buf.h"
#include "judge_exec.h"

/* What was not met, before it is put into words. Buffers are taken over, failed ones too. */
struct finding_draft {
    const char *law;         /* or NULL */
    const char *requirement; /* or NULL */
    enum level level;
    enum basis basis;
    const char *page; /* name of the page, or NULL */
    const char *call; /* instead of the step's text, or NULL */
    struct str_buf expected, got;
};

/* A draft with empty buffers. */
void draft_init(struct finding_draft *draft);

/* Appends the draft to the verdict as a finding about a step, which is troubled from now on. */
void finding_add(struct judging *j, struct judged_step *step, struct finding_draft *draft);

/* Sorts by step (teardown last), round, expectations before laws. */
void findings_sort(struct case_verdict *verdict);

/* Is there a finding that gates? */
bool findings_gate(const struct case_verdict *verdict);

/* A number for verdict and findings: equal for executions that went equally. */
uint64_t findings_mark(const struct case_verdict *verdict);

#endif
