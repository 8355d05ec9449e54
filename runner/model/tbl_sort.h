/* Sorting the arrays of the tables, and finding what stands in them twice. Private to the model
 * room. */
#ifndef VSSCTS_TBL_SORT_H
#define VSSCTS_TBL_SORT_H

#include "tbl_read.h"

#include <stddef.h>

/* Sorts structs by the string that is their first member. Where place is not 0 it is the offset of
 * their struct where: of two with the same string the later is complained about, and one of them is
 * dropped. Returns how many are left. */
size_t tbl_sort(struct tbl_ctx *ctx, void *items, size_t count, size_t size, size_t place,
                const char *what);

/* Functions, by name. */
void tbl_sort_functions(struct tbl_ctx *ctx);

#define TBL_SORT(ctx, items, count) tbl_sort(ctx, items, count, sizeof *(items), 0, NULL)
#define TBL_SORT_PLACED(ctx, type, what, items, count)                                             \
    ((count) = tbl_sort(ctx, items, count, sizeof(struct type), offsetof(struct type, where), what))

#endif
