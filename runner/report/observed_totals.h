/* How a run as a whole stands against what was observed. */
#ifndef VSSCTS_OBSERVED_TOTALS_H
#define VSSCTS_OBSERVED_TOTALS_H

#include "../judge/judge.h"

struct observed_totals {
    size_t by[OBSERVED_COUNT];
    size_t contradicted; /* cases in which Windows is at odds with the tables: ours to mend */
};

static inline struct observed_totals observed_totals(const struct judged_run *run)
{
    struct observed_totals totals = {.contradicted = 0};
    for (size_t i = 0; i < run->count; i++) {
        totals.by[run->cases[i].observed]++;
        totals.contradicted += run->cases[i].contradicted;
    }
    return totals;
}

#endif
