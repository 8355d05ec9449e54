/* Objects and ids in a report, numbered in the order in which the report tells of them: the worker
 * numbers them in the order of time, which is not the same in each run where threads run side by
 * side. */
#ifndef VSSCTS_RENUMBER_H
#define VSSCTS_RENUMBER_H

#include <jansson.h>
#include <stdbool.h>

/* Changes every string that is "{obj:5}" or "{id:5}" inside the value, which must be an array or
 * object. False: no memory. */
bool renumber(json_t *value);

#endif
