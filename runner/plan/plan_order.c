#include "plan_order.h"

#include "plan_select.h"

#include <stdlib.h>
#include <string.h>

/* SplitMix64: a counter in steps of the golden ratio, mixed. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* Evenly from 0 to bound - 1: what lies in the unfinished last round is drawn again. */
static uint64_t random_below(uint64_t *state, uint64_t bound)
{
    uint64_t unfair = (UINT64_MAX - bound + 1) % bound;
    uint64_t drawn;
    do {
        drawn = next_random(state);
    } while (drawn < unfair);
    return drawn % bound;
}

void order_shuffle(const struct test_case **cases, size_t count, uint64_t seed)
{
    uint64_t state = seed;
    for (size_t i = count; i > 1; i--) {
        size_t k = (size_t)random_below(&state, i);
        const struct test_case *kept = cases[i - 1];
        cases[i - 1] = cases[k];
        cases[k] = kept;
    }
}

/* A case and its place. */
struct placed {
    size_t pattern;
    const struct test_case *test;
};

static int compare_placed(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    if (x->pattern != y->pattern) {
        return x->pattern < y->pattern ? -1 : 1;
    }
    return strcmp(x->test->id, y->test->id);
}

bool order_by_patterns(const struct test_case **cases, size_t count,
                       const struct string_list *patterns)
{
    struct placed *placed = calloc(count + 1, sizeof *placed);
    if (!placed) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        placed[i] = (struct placed){select_pattern(patterns, cases[i]->id), cases[i]};
    }
    qsort(placed, count, sizeof *placed, compare_placed);
    for (size_t i = 0; i < count; i++) {
        cases[i] = placed[i].test;
    }
    free(placed);
    return true;
}
