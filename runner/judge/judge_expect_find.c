/* Which entry of an expectation file counts for a case. */
#include "../plan/plan_select.h"
#include "judge_expect.h"

#include <string.h>

static const char wildcards[] = "*?{";

/* Can it fit, as far as its first wildcard? Files have thousands of entries, held against thousands
 * of cases: nearly all differ in their first letters. */
static bool begins_alike(const char *cases, const char *id)
{
    size_t at = 0;
    while (cases[at] != '\0' && cases[at] == id[at]) {
        at++;
    }
    return cases[at] == '\0' || strchr(wildcards, cases[at]) != NULL ||
           (cases[at] == '/' && cases[at + 1] == '\0');
}

/* As on the command line. */
bool expect_fits(const struct expectation *entry, const struct test_case *test)
{
    const char *patterns[] = {entry->cases};
    const struct selection selection = {.patterns = {1, patterns}};
    return begins_alike(entry->cases, test->id) && select_takes(&selection, test);
}

size_t expect_nearness(const struct expectation *entry)
{
    size_t len = strcspn(entry->cases, wildcards);
    return 2 * len + (entry->cases[len] == '\0');
}

void expect_index(struct expectations *expectations)
{
    expectations->wild_count = 0;
    for (size_t i = 0; i < expectations->count; i++) {
        const char *cases = expectations->entries[i].cases;
        if (cases && strpbrk(cases, wildcards)) {
            expectations->wild[expectations->wild_count++] = i;
        }
    }
}

/* The order of an entry and of the first len bytes of a text, with that of strcmp(). */
static int compare(const char *cases, const char *text, size_t len)
{
    const int order = strncmp(cases, text, len);
    return order ? order : cases[len] != '\0';
}

/* The last entry of exactly this text whose condition holds, found by halves: NULL: none. */
static const struct expectation *find_text(const struct expectations *e, const char *text,
                                           size_t len, const struct claims *claims, size_t but)
{
    size_t from = 0, behind = e->count;
    while (from < behind) {
        const size_t middle = from + (behind - from) / 2;
        if (compare(e->entries[middle].cases, text, len) <= 0) {
            from = middle + 1;
        } else {
            behind = middle;
        }
    }
    for (; from > 0 && compare(e->entries[from - 1].cases, text, len) == 0; from--) {
        const struct expectation *entry = &e->entries[from - 1];
        if (from - 1 != but && cond_holds(&entry->when, claims)) {
            return entry;
        }
    }
    return NULL;
}

/* The nearest entry without wildcards: the id, or as much of its whole parts as an entry has, with
 * or without the slash behind them. */
static const struct expectation *find_plain(const struct expectations *e, const char *id,
                                            const struct claims *claims, size_t but)
{
    char text[512];
    size_t len = strlen(id);
    if (len + 2 > sizeof text) {
        return NULL;
    }
    memcpy(text, id, len + 1);
    while (len > 0) {
        const struct expectation *found = NULL;
        text[len] = '/';
        text[len + 1] = '\0';
        if ((found = find_text(e, text, len + 1, claims, but)) != NULL ||
            (found = find_text(e, text, len, claims, but)) != NULL) {
            return found;
        }
        do {
            len--;
        } while (len > 0 && text[len] != '/');
    }
    return NULL;
}

const struct expectation *expect_find_but(const struct expectations *expectations,
                                          const struct test_case *test, const struct claims *claims,
                                          size_t but)
{
    const struct expectation *best = find_plain(expectations, test->id, claims, but);
    size_t best_near = best ? expect_nearness(best) : 0;
    for (size_t i = 0; i < expectations->wild_count; i++) {
        const size_t number = expectations->wild[i];
        const struct expectation *entry = &expectations->entries[number];
        size_t near = expect_nearness(entry);
        if (number != but && (!best || near >= best_near) && expect_fits(entry, test) &&
            cond_holds(&entry->when, claims)) {
            best = entry;
            best_near = near;
        }
    }
    return best;
}

const struct expectation *expect_find(const struct expectations *expectations,
                                      const struct test_case *test, const struct claims *claims)
{
    return expect_find_but(expectations, test, claims, EXPECT_ALL);
}

struct string_list expect_unused(const struct expectations *expectations,
                                 const struct tables *tables)
{
    struct string_list list = {0, expectations->unused};
    for (size_t i = 0; i < expectations->count; i++) {
        bool used = false;
        for (size_t k = 0; !used && k < tables->case_count; k++) {
            used = expect_fits(&expectations->entries[i], &tables->cases[k]);
        }
        if (!used) {
            expectations->unused[list.count++] = expectations->entries[i].cases;
        }
    }
    return list;
}
