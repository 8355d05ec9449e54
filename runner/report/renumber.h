/* Objects and ids in a report, numbered in the order in which the report tells of them: the worker
 * numbers them in the order of time, which is not the same in each run where threads run side by
 * side. */
#ifndef VSSCTS_RENUMBER_H
#define VSSCTS_RENUMBER_H

#include "../util/json_view.h"
#include "../util/str_buf.h"

enum renumber_family { RENUMBER_OBJ, RENUMBER_ID, RENUMBER_FAMILIES };

/* The numbers of one case, by their place those that replace them. Starts as zeros; ends with
 * renumber_free(). */
struct renumber {
    size_t count[RENUMBER_FAMILIES], cap[RENUMBER_FAMILIES];
    long *seen[RENUMBER_FAMILIES];
};

/* Is the text "{obj:5}" or "{id:5}" as a whole? Then the text that takes its place is appended to
 * `out`, which fails where there is no memory. */
bool renumber_text(struct renumber *numbers, const char *text, size_t len, struct str_buf *out);

/* Numbers what a value has inside, in the order in which it stands there, and writes nothing.
 * False: no memory. */
bool renumber_see(struct renumber *numbers, const struct jv *value);

/* Forgets the numbers and keeps the memory. */
void renumber_clear(struct renumber *numbers);
void renumber_free(struct renumber *numbers);

#endif
