/* The table of mutants: faults that the reference clone can be given, each of which breaks one
 * requirement. fixtures/mutants.json; docs/selftest.md is the contract. */
#ifndef VSSCTS_MUTANTS_H
#define VSSCTS_MUTANTS_H

#include "tables.h"

/* One row. Strings live until mutants_free(), the requirement as long as the tables. */
struct mutant {
    const char *name; /* parts joined by '/' */
    const struct requirement *requirement;
    const char *text;         /* one line */
    const char *profile;      /* of the home folder */
    struct string_list cases; /* patterns: cases that show it beside those that check the
                                 requirement */
    bool one_arch;
    enum arch arch;               /* where one_arch */
    const char *action;           /* `do`, as the reference reads it: JSON, one line */
    const struct test_case *only; /* one that was made: the case that it was made for; else NULL */
};

struct mutants {
    size_t count;
    struct mutant *items; /* in the order of the file */
    void *owner;          /* private */
};

/* Reads {"format":1,"kind":"mutants","mutants":[{"name":"…","requirement":"…","text":"…",
 * "cases":["…"],"profile":"…","arch":"i686","do":{…}}]}. A requirement must be one that a case
 * checks, a pattern must fit a case, a method of `do` must be known; there it gets "words", the
 * 4-byte words that its arguments and the object take on i686, where the row has none. What else
 * `do` says is the reference's to check. NULL: errs (owned by the caller, set to empty first) has
 * every error found, with path, line and column. Borrows from tables. Free with mutants_free(). */
struct mutants *mutants_load(const char *path, const struct tables *tables,
                             struct cts_errors *errs);
void mutants_free(struct mutants *mutants);

/* The 4-byte words that a call of the method takes on i686, with the object. */
unsigned method_words(const struct api_method *method);

#endif
