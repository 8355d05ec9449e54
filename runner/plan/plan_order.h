/* The order of a plan, where it is not that of the ids: shuffled by a seed, or that of patterns. */
#ifndef VSSCTS_PLAN_ORDER_H
#define VSSCTS_PLAN_ORDER_H

#include "../model/tables.h"

/* Shuffles. The same seed and the same order before give the same order after, on every machine
 * and for ever: a seed in an old report stays good. */
void order_shuffle(const struct test_case **cases, size_t count, uint64_t seed);

/* Sorts by the first pattern that fits, and by id where that is the same. False: no memory. */
bool order_by_patterns(const struct test_case **cases, size_t count,
                       const struct string_list *patterns);

#endif
