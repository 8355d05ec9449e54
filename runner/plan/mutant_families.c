#include "mutant_families.h"

#include "../util/str_buf.h"
#include "mutant_action.h"

#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES 1000

bool mutant_families_init(struct mutant_families *families, const struct tables *tables)
{
    memset(families, 0, sizeof *families);
    families->made = calloc(tables->requirement_count + 1, sizeof *families->made);
    return families->made != NULL;
}

void mutant_families_free(struct mutant_families *families)
{
    for (size_t i = 0; i < families->count; i++) {
        free((char *)families->items[i].name);
        free((char *)families->items[i].text);
        free((char *)families->items[i].action);
    }
    free(families->items);
    free(families->made);
    memset(families, 0, sizeof *families);
}

/* Room for one more; NULL: no memory. */
static struct mutant *grow(struct mutant_families *families)
{
    if (families->count == families->cap) {
        const size_t cap = 2 * families->cap + 64;
        struct mutant *bigger = realloc(families->items, cap * sizeof *bigger);
        if (!bigger) {
            return NULL;
        }
        families->items = bigger;
        families->cap = cap;
    }
    return &families->items[families->count];
}

/* The step of the cases that fits best, of equal ones the last of the first case. False: none. */
static bool choose_aim(const struct plan *plan, const struct test_case *const *tests, size_t count,
                       struct mutant_aim *best)
{
    unsigned most = 0;
    for (size_t i = 0; i < count; i++) {
        const struct plan_case *planned = plan_find(plan, tests[i]->id);
        bool here = false;
        for (size_t at = 0; planned && !planned->skip && at < planned->step_count; at++) {
            struct mutant_aim aim = *best;
            aim.planned = planned;
            aim.at = at;
            const unsigned fits = mutant_aim_fits(&aim);
            char *text = NULL;
            json_t *action =
                fits > most || (here && fits == most && fits) ? mutant_action(&aim, &text) : NULL;
            if (action) {
                *best = aim;
                most = fits;
                here = true;
            }
            free(text);
            json_decref(action);
        }
    }
    return most > 0;
}

static char *name_of(const struct requirement *requirement)
{
    struct str_buf buf;
    sb_init(&buf, NAME_MAX_BYTES);
    sb_addf(&buf, "%s/%s", FAMILY_FOLDER, requirement->id);
    return sb_take(&buf, NULL);
}

static bool make(struct mutant_families *families, const struct mutant_aim *aim,
                 const char *profile)
{
    struct mutant *mutant = grow(families);
    char *text = NULL;
    json_t *action = mutant ? mutant_action(aim, &text) : NULL;
    char *name = name_of(aim->requirement);
    char *dumped = action ? json_dumps(action, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    json_decref(action);
    if (!name || !dumped || !text) {
        free(name);
        free(dumped);
        free(text);
        return false;
    }
    *mutant = (struct mutant){.name = name,
                              .requirement = aim->requirement,
                              .text = text,
                              .profile = profile,
                              .one_arch = true,
                              .arch = aim->claims->arch,
                              .action = dumped,
                              .only = aim->planned->test};
    families->count++;
    return true;
}

bool mutant_families_add(struct mutant_families *families, const struct by_requirement *index,
                         const struct plan *plan, const struct claims *claims, const char *profile)
{
    const struct tables *tables = index->tables;
    for (size_t i = 0; i < tables->requirement_count; i++) {
        const struct requirement *requirement = &tables->requirements[i];
        struct mutant_aim aim = {.tables = tables, .requirement = requirement, .claims = claims};
        size_t count = 0;
        const struct test_case *const *tests = by_requirement_find(index, requirement, &count);
        if (families->made[i] || !choose_aim(plan, tests, count, &aim)) {
            continue;
        }
        if (!make(families, &aim, profile)) {
            return false;
        }
        families->made[i] = true;
    }
    return true;
}
