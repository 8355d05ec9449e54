/* What a repeat left behind, for law 7. Private to the judge. */
#ifndef VSSCTS_JUDGE_FOOTPRINT_H
#define VSSCTS_JUDGE_FOOTPRINT_H

#include "judge_exec.h"

struct footprint_growth {
    const char *what; /* "threads" and the like */
    long each_round;  /* how many more each round leaves behind, 0: none that would be seen */
};

/* The growth of the i-th thing that is measured. False: there are no more, or the step was not
 * measured. */
bool footprint_growth(const struct judged_step *step, size_t i, struct footprint_growth *out);

#endif
