/* An expectation file in memory. Private to the judge. */
#ifndef VSSCTS_JUDGE_EXPECT_H
#define VSSCTS_JUDGE_EXPECT_H

#include "judge_against.h"

struct expectations {
    json_t *document;
    size_t count;
    struct expectation *entries;
    const char **unused; /* room for the answer of expect_unused() */
    size_t *wild;        /* the entries with wildcards, by number; room for all */
    size_t wild_count;
};

/* Reads a file as a whole: NULL with every error in errs (never NULL). text (which may be NULL)
 * gets what the file holds, for places in it; the caller frees it. */
struct expectations *expect_read(const char *path, char **text, struct cts_errors *errs);

/* Fills wild, once the entries stand, sorted. */
void expect_index(struct expectations *expectations);

/* As expect_find(), but for the entry with this number. */
#define EXPECT_ALL ((size_t)-1)
const struct expectation *expect_find_but(const struct expectations *expectations,
                                          const struct test_case *test, const struct claims *claims,
                                          size_t but);

/* Does the entry name the case? Its condition is not asked. */
bool expect_fits(const struct expectation *entry, const struct test_case *test);

/* How much of an id the entry names: of two that fit a case the one with the higher number counts,
 * the later of equals. */
size_t expect_nearness(const struct expectation *entry);

/* Have both the same condition, word for word, or none? */
bool expect_same_condition(const struct expectation *a, const struct expectation *b);

#endif
