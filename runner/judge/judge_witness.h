/* A third source beside documentation and laws: what real Windows was observed to do. The judge
 * knows only that somebody can say so (struct judge_witness); what that is made from stands right
 * of it. */
#ifndef VSSCTS_JUDGE_WITNESS_H
#define VSSCTS_JUDGE_WITNESS_H

#include "judge_exec.h"

/* Asks the witness, where there is one, about the execution whose steps have been checked. What
 * differs becomes a finding of basis observed; findings that the observation shares become
 * contradicted, and gate no longer. CTS_NOMEM, or what the witness returned. */
enum cts_status witness_ask(struct judging *j, struct cts_error *err);

/* Whatever Windows does too is no fault of the implementation. */
void witness_pardon(struct case_verdict *verdict);

#endif
