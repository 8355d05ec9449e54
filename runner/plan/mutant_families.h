/* Mutants that are made and not written: for a requirement a case that checks it, a step of that
 * which has an expectation, and a fault at the boundary that this step must see. Pure. */
#ifndef VSSCTS_MUTANT_FAMILIES_H
#define VSSCTS_MUTANT_FAMILIES_H

#include "mutant_plan.h"
#include "plan.h"

#define FAMILY_FOLDER "made" /* first part of their names */

/* Grows; freed with mutant_families_free(). */
struct mutant_families {
    size_t count, cap;
    struct mutant *items;
    bool *made; /* by index of the requirement: it has one */
};

/* False: no memory. */
bool mutant_families_init(struct mutant_families *families, const struct tables *tables);
void mutant_families_free(struct mutant_families *families);

/* Makes one for each requirement that has none yet and that a case of the plan checks, as far as it
 * can be done. The mutants borrow from the tables, and `profile`, the name of the profile of the
 * plan. False: no memory. */
bool mutant_families_add(struct mutant_families *families, const struct by_requirement *index,
                         const struct plan *plan, const struct claims *claims, const char *profile);

#endif
