#include "reduce.h"

#include <string.h>

/* A list in so many parts of nearly the same size: where part number i begins. */
static size_t begin_of(size_t count, size_t parts, size_t i)
{
    return count / parts * i + (i < count % parts ? i : count % parts);
}

struct reducing {
    size_t *items, *spare;
    size_t *count;
    reduce_ask ask;
    void *context;
};

/* Asks about part number i, or about everything but it, and keeps only that where it is shown. */
static enum reduce_answer try_part(const struct reducing *r, size_t parts, size_t i, bool rest)
{
    const size_t from = begin_of(*r->count, parts, i), to = begin_of(*r->count, parts, i + 1);
    size_t kept = 0;
    for (size_t k = 0; k < *r->count; k++) {
        if ((k >= from && k < to) != rest) {
            r->spare[kept++] = r->items[k];
        }
    }
    const enum reduce_answer answer = r->ask(r->context, r->spare, kept);
    if (answer == REDUCE_SHOWN) {
        memcpy(r->items, r->spare, kept * sizeof *r->items);
        *r->count = kept;
    }
    return answer;
}

/* Tries all parts, the last first; the first answer that is not REDUCE_NOT_SHOWN. */
static enum reduce_answer try_parts(const struct reducing *r, size_t parts, bool rest)
{
    enum reduce_answer answer = REDUCE_NOT_SHOWN;
    for (size_t i = parts; i-- > 0 && answer == REDUCE_NOT_SHOWN;) {
        answer = try_part(r, parts, i, rest);
    }
    return answer;
}

bool reduce_items(size_t *items, size_t *count, size_t *spare, reduce_ask ask, void *context)
{
    const struct reducing reducing = {items, spare, count, ask, context};
    size_t parts = 2;
    while (*count > 1) {
        bool rest = false;
        enum reduce_answer answer = try_parts(&reducing, parts, false);
        if (answer == REDUCE_NOT_SHOWN &&
            parts > 2) { /* of two parts each is the rest of the other */
            rest = true;
            answer = try_parts(&reducing, parts, true);
        }
        if (answer == REDUCE_STOP) {
            return false;
        }
        if (answer == REDUCE_NOT_SHOWN && parts == *count) {
            break;
        }
        if (answer == REDUCE_NOT_SHOWN) {
            parts *= 2;
        } else {
            parts = rest ? parts - 1 : 2;
        }
        parts = parts > *count ? *count : parts;
    }
    return true;
}
