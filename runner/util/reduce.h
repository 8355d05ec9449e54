/* The smallest part of a list that still shows something: delta debugging (Zeller, Hildebrandt:
 * Simplifying and Isolating Failure-Inducing Input, 2002). Pure: what shows it is asked of the
 * caller. */
#ifndef VSSCTS_REDUCE_H
#define VSSCTS_REDUCE_H

#include <stdbool.h>
#include <stddef.h>

enum reduce_answer { REDUCE_NOT_SHOWN, REDUCE_SHOWN, REDUCE_STOP };

/* Is it shown by these items, which stand in their old order? */
typedef enum reduce_answer (*reduce_ask)(void *context, const size_t *items, size_t count);

/* Reduces items, of which all together have shown it, to some of which none can be left out: a
 * single one is found with about twice the logarithm of count questions. What lies nearest to the
 * end is tried first. False: the caller answered REDUCE_STOP; items are then the fewest that have
 * shown it so far. Room for count items is needed in spare. */
bool reduce_items(size_t *items, size_t *count, size_t *spare, reduce_ask ask, void *context);

#endif
