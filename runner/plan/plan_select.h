/* Which cases a selection takes. */
#ifndef VSSCTS_PLAN_SELECT_H
#define VSSCTS_PLAN_SELECT_H

#include "plan.h"

/* Does every item of the selection fit something in the tables? CTS_USAGE with the nearest name
 * where one does not. */
enum cts_status select_check(const struct tables *tables, const struct selection *selection,
                             struct cts_error *err);

/* Does the selection take the case? */
bool select_takes(const struct selection *selection, const struct test_case *test);

/* The number of the first pattern that fits the id; patterns->count: none does. */
size_t select_pattern(const struct string_list *patterns, const char *id);

#endif
