/* A verdict against the expectation file. Private to the judge. */
#ifndef VSSCTS_JUDGE_AGAINST_H
#define VSSCTS_JUDGE_AGAINST_H

#include "judge.h"

/* One entry of an expectation file. Strings are borrowed from the file's document. */
struct expectation {
    const char *cases;
    unsigned allowed; /* bit set of enum verdict */
    enum verdict usual;
    const char *reason;
    struct condition when;
};

/* The entry that counts for a case, or NULL. */
const struct expectation *expect_find(const struct expectations *expectations,
                                      const struct test_case *test, const struct claims *claims);

/* Sets against, expected and why_expected of a verdict. */
void against_set(struct case_verdict *verdict, const struct judge_options *options);

/* How a verdict that is no skip stands against an entry (NULL: none). */
enum against against_of(const struct case_verdict *verdict, const struct expectation *entry);

/* Would a judged case be as expected with another entry (NULL: none)? Each of its executions
 * counts. */
bool against_would_hold(const struct case_verdict *verdict, const struct expectation *entry);

/* Is one of these verdicts (a bit set) a good one? */
bool verdicts_any_good(unsigned which);

/* Are all these verdicts (a bit set) ones that an entry of the file allows for the case? */
bool against_allows_all(const struct case_verdict *verdict, unsigned verdicts,
                        const struct judge_options *options);

/* Is this a bad verdict that an entry of the file allows, but not as the usual one? Then the case
 * must do better in another execution, if there is one. */
bool against_now_and_then(const struct case_verdict *verdict, const struct judge_options *options);

/* The verdict of a name, or -1. */
int verdict_by_name(const char *name);

/* Does the verdict count as bad where nothing else is expected? */
bool verdict_is_bad(enum verdict verdict);

/* The worse verdict has the higher number. */
int verdict_badness(enum verdict verdict);

/* Has the case of this verdict not ended? */
bool verdict_is_outstanding(const struct case_verdict *verdict);

#endif
