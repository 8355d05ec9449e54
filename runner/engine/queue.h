/* What is still to be run: the executions of a plan, each with its place in the order. */
#ifndef VSSCTS_QUEUE_H
#define VSSCTS_QUEUE_H

#include "engine.h"

struct queue_item {
    const struct plan_case *planned;
    size_t next; /* in its list, QUEUE_NONE at the end */
    unsigned attempt;
    bool exclusive; /* not beside another exclusive one */
    bool fresh;     /* only in a worker that has run nothing */
};
#define QUEUE_NONE SIZE_MAX

/* An item's number is its place in the order. There is a list for each way to be run, so that what
 * must wait does not hold up the rest. */
struct queue {
    size_t count; /* of items */
    struct queue_item *items;
    size_t pending; /* not taken yet */
    size_t first[4], last[4];
};

/* All cases of the plan that are not skipped, in its order, the whole `repeat` times, without what
 * has ended earlier; what of that is still to be run again comes first. isolate: all are fresh.
 * False: no memory. Free with queue_free(). */
bool queue_init(struct queue *queue, const struct plan *plan, const struct eng_options *options);
void queue_free(struct queue *queue);

/* What may be run now. */
struct queue_allowed {
    bool exclusive;
    bool fresh;  /* a fresh worker is there */
    bool shared; /* any worker is there */
    bool strict; /* nothing but the first in the order may be taken */
};

/* Takes the first item that may be run; its number, or QUEUE_NONE. */
size_t queue_take(struct queue *queue, const struct queue_allowed *allowed);

/* The item, taken last, was not run: it is the first of its kind again. */
void queue_put_back(struct queue *queue, size_t number);

/* The item is to be run once more, in a fresh worker, as the next of its kind. */
void queue_again(struct queue *queue, size_t number);

/* Pending items that take any worker. */
bool queue_has_shared(const struct queue *queue);

#endif
