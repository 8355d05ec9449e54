/* What refused calls changed, for law 8. Private to the judge. */
#ifndef VSSCTS_JUDGE_REFUSED_H
#define VSSCTS_JUDGE_REFUSED_H

#include "judge_exec.h"

/* A call that only reads gave one thing, then nothing but refused calls came, then it gave
 * another. */
struct refused_change {
    struct judged_step *after;         /* the second reading; NULL at the start */
    const struct judged_step *refused; /* the first call that was refused between the two */
    const char *got;                   /* static text */
};

/* Finds the next one after that in *change. While an operation is under way,
 * and in a case with threads, anything may change, and nothing is found. False: there is none. */
bool refused_next(struct judging *j, struct refused_change *change);

#endif
