/* Cases that are run again and again, an allocation failing in each round. Private to the judge. */
#ifndef VSSCTS_JUDGE_ROUNDS_H
#define VSSCTS_JUDGE_ROUNDS_H

#include "../util/str_buf.h"
#include "judge_exec.h"

/* Is it such a case? */
bool rounds_are_made(const struct judging *j);

/* Appends why the rounds prove nothing, or not all, where that is so. Returns whether it is. */
bool rounds_unproved(const struct judging *j, struct str_buf *buf);

/* A result of the step whose allocations failed: of the round with that number, 0 being the one
 * without a failure. NULL: the log has none. */
struct judged_step *rounds_step(const struct judging *j, unsigned round);

/* Memory that stays held after rounds: in how many, and of one of them what is told. */
struct rounds_left {
    unsigned rounds;
    unsigned first;                 /* round that was told for the first of them */
    unsigned blocks;                /* after each of those */
    const char *failed, *allocated; /* functions: that failed, that gave one of the blocks */
};
bool rounds_leave(const struct judging *j, struct rounds_left *out);

/* The step in the last round, in which nothing failed any more, where it failed all the same; else
 * NULL. */
struct judged_step *rounds_broken(const struct judging *j);

#endif
