/* Work on many items by as many threads as there are processors, whose results are taken in order
 * by the thread that asked. Where no thread can be had, that one does it all. */
#ifndef VSSCTS_ORDERED_WORK_H
#define VSSCTS_ORDERED_WORK_H

#include <stdbool.h>
#include <stddef.h>

struct ordered_work {
    size_t count; /* of items */
    void *context;
    /* What one thread has for itself, from the first item to the last, or NULL: nothing, or there
     * was no memory. worker_free takes NULL too. Both may be NULL. */
    void *(*worker_new)(void *context);
    void (*worker_free)(void *context, void *worker);
    /* Makes an item, in any thread and order: it may change its worker and nothing else. What it
     * returns goes to take(). */
    void *(*make)(void *context, void *worker, size_t item);
    /* Takes what was made, whatever it is, one item after the other, in the thread that asked.
     * False: no more; items that are made already are taken by drop(), which may not be NULL. */
    bool (*take)(void *context, size_t item, void *made);
    void (*drop)(void *context, void *made);
};

/* Returns when all is taken, or dropped. */
void ordered_work_run(const struct ordered_work *work);

#endif
