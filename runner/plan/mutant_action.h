/* A fault at the boundary that one step of a case must see. Pure. */
#ifndef VSSCTS_MUTANT_ACTION_H
#define VSSCTS_MUTANT_ACTION_H

#include "../model/mutants.h"
#include "plan.h"

/* The step of a case that is to see it, number `at` of its program. */
struct mutant_aim {
    const struct tables *tables;
    const struct plan_case *planned;
    size_t at;
    const struct requirement *requirement;
    const struct claims *claims;
};

/* How well the step fits: the higher the better, 0: not at all. */
unsigned mutant_aim_fits(const struct mutant_aim *aim);

/* What the reference is to do, as `do` of a row of the table of mutants; a new reference. NULL:
 * there is nothing, or no memory. text: what it is, in words; the caller frees it. */
json_t *mutant_action(const struct mutant_aim *aim, char **text);

#endif
