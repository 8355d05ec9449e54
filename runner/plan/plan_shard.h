/* Parts of a selection that are run apart. */
#ifndef VSSCTS_PLAN_SHARD_H
#define VSSCTS_PLAN_SHARD_H

#include <stdbool.h>

#define PLAN_SHARDS_MAX 10000

/* The index-th of `count` parts, from 1; count 0: no parts, all cases. The first case by id goes to
 * the first part, the second to the second, and so on in turn: the parts differ by one case at
 * most, and some are empty where there are more of them than cases. */
struct plan_shard {
    unsigned index, count;
};

/* Reads "2/4". False: it is no such text, or the numbers are not 1 <= index <= count <=
 * PLAN_SHARDS_MAX. */
bool plan_shard_parse(const char *text, struct plan_shard *shard);

#endif
