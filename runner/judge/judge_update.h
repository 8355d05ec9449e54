/* An expectation file that is being made from another and a run. Private to the judge. */
#ifndef VSSCTS_JUDGE_UPDATE_H
#define VSSCTS_JUDGE_UPDATE_H

#include "judge_expect.h"

/* An entry of the file that is being made. Texts are borrowed: from the old file, the tables, the
 * reasons of the update. */
struct draft {
    struct expectation entry;
    const struct expectation *old; /* what the old file has, or NULL */
    const json_t *verdicts;        /* as the old file has them, or NULL: those of the entry */
    const char *note;              /* or NULL */
    size_t rank;                   /* order of entries with the same text */
    bool gone, changed;
};

/* Lays the file out. iut and note (or NULL) stand before the entries. False: no memory. */
bool draft_write(const struct draft *drafts, size_t count, const char *iut, const char *note,
                 char **text, size_t *len);

/* Why an entry is as it is: "DAY: " and what the case says. The caller frees it; NULL: no memory.
 */
char *draft_reason(const struct case_verdict *verdict, const char *day);

/* Was this reason made by draft_reason()? */
bool draft_reason_is_made(const char *reason);

/* A reason for an entry, kept by the update. NULL: no memory. */
const char *update_reason(struct expect_update *update, const struct case_verdict *verdict,
                          const char *day);

/* Notes what becomes of an entry. False: no memory. */
bool update_note(struct expect_update *update, const struct draft *draft, bool removed);

void update_sort(struct expect_update *update);

#endif
