/* The coverage while it is made. Private to the model room. */
#ifndef VSSCTS_COVERAGE_INNER_H
#define VSSCTS_COVERAGE_INNER_H

#include "coverage.h"

/* Where the entries of a method stand. */
struct cover_method {
    const struct api_method *method;
    size_t entry;      /* of the method itself; its listed results follow */
    size_t results;    /* first of its results */
    size_t operations; /* first of its results of operations */
    size_t nulls;      /* first of its pointers */
    size_t column;     /* among the requester's methods, SIZE_MAX: it is none of them */
    bool moves;        /* of the requester: a preamble ends in another state by it */
};

struct cover_making {
    struct coverage *out;
    const struct tables *tables;
    const struct cover_run *run; /* or NULL */
    size_t method_count;
    struct cover_method *methods;
    struct cover_method **by_address; /* the same, sorted by address of the method */
    size_t column_count;
    size_t cells;        /* first entry */
    size_t *rows;        /* by index of the state: its row among the cells, or SIZE_MAX */
    size_t requirements; /* by level, then in the order of the tables */
    size_t *places;      /* by index of the requirement: its entry */
    size_t questions;    /* first entry */
    bool failed;         /* no memory */
};

/* NULL for a function that is a hook, and for NULL. */
const struct cover_method *cover_method_of(const struct cover_making *making,
                                           const struct api_method *method);

/* The entry of a method in a state, or NULL. */
struct cover_entry *cover_cell(const struct cover_making *making, const struct state *state,
                               const struct cover_method *method);

/* Can the result come where the alternative of an expectation counts (NULL: whatever is expected)
 * and the case is run? */
bool cover_possible(const struct cover_making *making, const struct test_case *test,
                    const struct expect *expect, size_t alternative,
                    const struct api_result *result);

/* Notes that a case checks (basis given) or asks about (BASIS_NONE) an entry. */
void cover_note(struct cover_making *making, struct cover_entry *entry, size_t index, bool asks,
                enum basis basis);

/* Goes through the steps of all cases. */
void cover_walk(struct cover_making *making);

#endif
