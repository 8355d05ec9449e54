/* The order of a plan: by id, or shuffled by a seed. */
#ifndef VSSCTS_PLAN_ORDER_H
#define VSSCTS_PLAN_ORDER_H

#include "../model/tables.h"

/* Sorts by id, byte by byte. */
void order_by_id(const struct test_case **cases, size_t count);

/* Shuffles. The same seed and the same order before give the same order after, on every machine
 * and for ever: a seed in an old report stays good. */
void order_shuffle(const struct test_case **cases, size_t count, uint64_t seed);

#endif
