/* Short names of steps, places in a program, reasons of verdicts, outcomes of questions. Private to
 * the judge. */
#ifndef VSSCTS_JUDGE_WORDS_H
#define VSSCTS_JUDGE_WORDS_H

#include "../util/str_buf.h"
#include "judge_exec.h"

/* Appends "bc.BackupComplete", "await async" and the like. */
void words_step(struct str_buf *buf, const struct step *step);

/* Appends "preamble bk-init: bc.InitializeForBackup" or, for steps of a case, the short name. */
void words_place(struct str_buf *buf, const struct plan_step *planned);

/* Appends the names of an export step on the architecture that the profile claims. */
void words_exports(struct str_buf *buf, const struct judging *j, const struct step *step);

/* Reasons; freed by the caller with free(); NULL: no memory. */

/* Why the execution ended as it did: of crash, exit, closed, garbage, hang, lost. */
char *words_end(const struct judging *j);
/* "… gave VSS_E_BAD_STATE, needs S_OK". */
char *words_need(const struct judging *j, const struct judged_step *step);
/* "… was still pending after 5000 ms". */
char *words_timeout(const struct judging *j, const struct judged_step *step);
/* "… gave E_NOTIMPL, which its page does not list", "… is not exported". */
char *words_not_implemented(const struct judging *j, const struct judged_step *step);
/* "…: the process of the writer had ended: …". */
char *words_lost(const struct judging *j, const struct judged_step *step);
/* "… was not made (empty variable async)". */
char *words_not_made(const struct judging *j, const struct judged_step *step);

/* "… was not made: PostSnapshot did not come to writer w1, …", of a step in an event. */
char *words_no_event(const struct plan_step *planned);

/* All that happened in the body of a question, without addresses, ids and times. */
char *words_outcome(const struct judging *j);

#endif
