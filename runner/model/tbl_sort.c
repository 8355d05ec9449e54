#include "tbl_sort.h"

#include <stdlib.h>
#include <string.h>

static const char *id_of(const void *item)
{
    const char *id;
    memcpy(&id, item, sizeof id);
    return id;
}

static int by_id(const void *a, const void *b)
{
    return strcmp(id_of(a), id_of(b));
}

static int by_function(const void *a, const void *b)
{
    return strcmp(((const struct api_method *)a)->name, ((const struct api_method *)b)->name);
}

/* Of two places the one that is read later. A longer pointer of the same list is a later element.
 */
static bool is_later(const struct where *a, const struct where *b)
{
    int order = strcmp(a->path, b->path);
    if (order == 0) {
        size_t la = strlen(a->pointer), lb = strlen(b->pointer);
        order = la != lb ? (la > lb) - (la < lb) : strcmp(a->pointer, b->pointer);
    }
    return order > 0;
}

static void complain(struct tbl_ctx *ctx, const struct where *a, const struct where *b,
                     const char *what, const char *id)
{
    const struct where *second = is_later(a, b) ? a : b, *first = second == a ? b : a;
    int line, column;
    tbl_where(ctx->tables, first, &line, &column);
    tbl_err_where(ctx, second, "a second %s \"%s\"; the first is in %s, line %d", what, id,
                  first->path, line);
}

size_t tbl_sort(struct tbl_ctx *ctx, void *items, size_t count, size_t size, size_t place,
                const char *what)
{
    char *bytes = items;
    size_t kept = 1;
    if (count < 2) {
        return count;
    }
    qsort(items, count, size, by_id);
    for (size_t i = 1; i < count; i++) {
        char *item = bytes + i * size, *before = bytes + (kept - 1) * size;
        if (place != 0 && by_id(before, item) == 0) {
            struct where a, b;
            memcpy(&a, before + place, sizeof a);
            memcpy(&b, item + place, sizeof b);
            complain(ctx, &a, &b, what, id_of(item));
        } else if (kept++ != i) {
            memcpy(before + size, item, size);
        }
    }
    return kept;
}

void tbl_sort_functions(struct tbl_ctx *ctx)
{
    struct api_method *functions = ctx->tables->functions;
    size_t count = ctx->tables->function_count;
    if (count < 2) {
        return;
    }
    qsort(functions, count, sizeof *functions, by_function);
    size_t kept = 1;
    for (size_t i = 1; i < count; i++) {
        struct api_method *before = &functions[kept - 1];
        if (by_function(before, &functions[i]) == 0) {
            complain(ctx, &before->where, &functions[i].where, "function", before->name);
        } else if (kept++ != i) {
            before[1] = functions[i];
        }
    }
    ctx->tables->function_count = kept;
}
