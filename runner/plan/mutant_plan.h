/* Which cases are to show each mutant. Pure. */
#ifndef VSSCTS_MUTANT_PLAN_H
#define VSSCTS_MUTANT_PLAN_H

#include "../model/mutants.h"

/* The cases of one mutant, each once, sorted by id in either part. */
struct mutant_cases {
    size_t count, own; /* the first `own` check its requirement, the others its row names */
    const struct test_case **items;
};

/* Cases by the requirement that they check; none of them asks a question, which is never judged.
 * Borrows from tables. Freed with by_requirement_free(). */
struct by_requirement {
    const struct tables *tables;
    size_t *first; /* by index of the requirement, one more than there are: place in items */
    const struct test_case **items;
};
/* False: no memory. */
bool by_requirement_init(struct by_requirement *index, const struct tables *tables);
void by_requirement_free(struct by_requirement *index);

/* The cases that check a requirement. */
const struct test_case *const *by_requirement_find(const struct by_requirement *index,
                                                   const struct requirement *requirement,
                                                   size_t *count);

/* False: no memory. Free with mutant_cases_free() in any case. */
bool mutant_cases_init(struct mutant_cases *cases, const struct by_requirement *index,
                       const struct mutant *mutant);
void mutant_cases_free(struct mutant_cases *cases);

#endif
