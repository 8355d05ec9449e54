#include "mutant_plan.h"

#include "../util/glob.h"

#include <stdlib.h>
#include <string.h>

static bool is_judged(const struct test_case *test)
{
    return test->question == NULL;
}

/* Calls `each` for every requirement that a judged case checks. */
static void each_checked(struct by_requirement *index,
                         void (*each)(struct by_requirement *, const struct test_case *,
                                      size_t requirement))
{
    const struct tables *tables = index->tables;
    for (size_t i = 0; i < tables->case_count; i++) {
        const struct test_case *test = &tables->cases[i];
        for (size_t k = 0; is_judged(test) && k < test->requirements.count; k++) {
            const struct requirement *found = tbl_requirement(tables, test->requirements.items[k]);
            if (found) {
                each(index, test, (size_t)(found - tables->requirements));
            }
        }
    }
}

/* Counts into the place behind the requirement's. */
static void count_one(struct by_requirement *index, const struct test_case *test,
                      size_t requirement)
{
    (void)test;
    index->first[requirement + 1]++;
}

/* `first` is where the next one goes, and so ends as where the next requirement begins. */
static void place_one(struct by_requirement *index, const struct test_case *test,
                      size_t requirement)
{
    index->items[index->first[requirement]++] = test;
}

bool by_requirement_init(struct by_requirement *index, const struct tables *tables)
{
    const size_t count = tables->requirement_count;
    memset(index, 0, sizeof *index);
    index->tables = tables;
    index->first = calloc(count + 1, sizeof *index->first);
    if (!index->first) {
        return false;
    }
    each_checked(index, count_one);
    for (size_t i = 0; i < count; i++) {
        index->first[i + 1] += index->first[i];
    }
    index->items = calloc(index->first[count] + 1, sizeof *index->items);
    if (!index->items) {
        return false;
    }
    each_checked(index, place_one);
    memmove(index->first + 1, index->first, count * sizeof *index->first);
    index->first[0] = 0;
    return true;
}

void by_requirement_free(struct by_requirement *index)
{
    free(index->first);
    free(index->items);
    memset(index, 0, sizeof *index);
}

const struct test_case *const *by_requirement_find(const struct by_requirement *index,
                                                   const struct requirement *requirement,
                                                   size_t *count)
{
    const size_t at = (size_t)(requirement - index->tables->requirements);
    *count = index->first[at + 1] - index->first[at];
    return index->items + index->first[at];
}

static bool is_among(const struct mutant_cases *cases, const struct test_case *test)
{
    for (size_t i = 0; i < cases->own; i++) {
        if (cases->items[i] == test) {
            return true;
        }
    }
    return false;
}

static bool is_named(const struct string_list *patterns, const char *id)
{
    for (size_t i = 0; i < patterns->count; i++) {
        if (glob_fits_id(patterns->items[i], id)) {
            return true;
        }
    }
    return false;
}

bool mutant_cases_init(struct mutant_cases *cases, const struct by_requirement *index,
                       const struct mutant *mutant)
{
    const struct tables *tables = index->tables;
    const struct test_case *const *own =
        by_requirement_find(index, mutant->requirement, &cases->own);
    if (mutant->only) {
        own = &mutant->only;
        cases->own = 1;
    }
    const size_t most = cases->own + (mutant->cases.count > 0 ? tables->case_count : 0);
    cases->count = cases->own;
    cases->items = calloc(most + 1, sizeof *cases->items);
    if (!cases->items) {
        return false;
    }
    memcpy(cases->items, own, cases->own * sizeof *own);
    for (size_t i = 0; mutant->cases.count > 0 && i < tables->case_count; i++) {
        const struct test_case *test = &tables->cases[i];
        if (is_judged(test) && is_named(&mutant->cases, test->id) && !is_among(cases, test)) {
            cases->items[cases->count++] = test;
        }
    }
    return true;
}

void mutant_cases_free(struct mutant_cases *cases)
{
    free(cases->items);
    memset(cases, 0, sizeof *cases);
}
