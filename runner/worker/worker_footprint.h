/* What the process holds, to be compared round by round. */
#ifndef VSSCTS_WORKER_FOOTPRINT_H
#define VSSCTS_WORKER_FOOTPRINT_H

#include <jansson.h>
#include <stdbool.h>

/* The measurements of one repeat. */
struct footprint {
    unsigned round;        /* of the last measurement, 0: none yet */
    unsigned long threads; /* as they were then */
    unsigned long handles;
    unsigned long blocks; /* in use in all heaps but the worker's own */
    json_t *marks;        /* what the log gets */
};

/* Is a round one after which a repeat of so many is measured: a fifth of them, three fifths, all?
 */
bool footprint_due(unsigned round, unsigned times);

/* Measures after a round. What has grown by more than one for every second round since the last
 * measurement gets until `ms` from now to come down again; else nothing waits. pump: messages are
 * pumped meanwhile. */
void footprint_mark(struct footprint *footprint, unsigned round, unsigned ms, bool pump);

#endif
