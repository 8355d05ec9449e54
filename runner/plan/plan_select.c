#include "plan_select.h"

#include "../util/glob.h"
#include "../util/nearest.h"

#include <string.h>

#define ID_MAX 256 /* no longer name is offered as the nearest one */

static bool name_fits(const char *pattern, const char *name)
{
    return glob_is_glob(pattern) ? glob_match(pattern, name) : strcmp(pattern, name) == 0;
}

size_t select_pattern(const struct string_list *patterns, const char *id)
{
    size_t i = 0;
    while (i < patterns->count && !glob_fits_id(patterns->items[i], id)) {
        i++;
    }
    return i;
}

static bool any_pattern_fits(const struct string_list *patterns, const char *id)
{
    return select_pattern(patterns, id) < patterns->count;
}

static bool contains(const struct string_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Is one of the wanted among those that the case has? */
static bool any_common(const struct string_list *wanted, const struct string_list *has)
{
    for (size_t i = 0; i < has->count; i++) {
        if (contains(wanted, has->items[i])) {
            return true;
        }
    }
    return false;
}

static bool any_requirement(const struct string_list *wanted, const struct test_case *test)
{
    for (size_t i = 0; i < wanted->count; i++) {
        for (size_t k = 0; k < test->requirements.count; k++) {
            if (name_fits(wanted->items[i], test->requirements.items[k])) {
                return true;
            }
        }
    }
    return false;
}

bool select_takes(const struct selection *selection, const struct test_case *test)
{
    const struct selection *s = selection;
    return (s->patterns.count == 0 || any_pattern_fits(&s->patterns, test->id)) &&
           (s->tags.count == 0 || any_common(&s->tags, &test->tags)) &&
           (s->levels.count == 0 || contains(&s->levels, level_name(test->level))) &&
           (s->requirements.count == 0 || any_requirement(&s->requirements, test)) &&
           !any_common(&s->skip_tags, &test->tags) && !any_pattern_fits(&s->skip, test->id);
}

/* The message for a word that fits nothing. */
static enum cts_status refuse(struct cts_error *err, const char *what, const struct nearest *search)
{
    if (search->best) {
        return err_set(err, CTS_USAGE, "no case has the %s '%s'; the nearest is '%s'", what,
                       search->word, search->best);
    }
    return err_set(err, CTS_USAGE, "no case has the %s '%s'", what, search->word);
}

/* Offers an id and every prefix of whole parts of it. best outlives the search's use. */
static void offer_id(struct nearest *search, const char *id, char best[ID_MAX])
{
    char prefix[ID_MAX];
    size_t len = strlen(id);
    if (len >= ID_MAX) {
        return;
    }
    for (size_t i = 1; i <= len; i++) {
        if (id[i] != '/' && id[i] != '\0') {
            continue;
        }
        memcpy(prefix, id, i);
        prefix[i] = '\0';
        nearest_offer(search, prefix);
        if (search->best == prefix) {
            memcpy(best, prefix, i + 1);
            search->best = best;
        }
    }
}

static enum cts_status check_patterns(const struct tables *tables,
                                      const struct string_list *patterns, struct cts_error *err)
{
    for (size_t i = 0; i < patterns->count; i++) {
        bool fits = false;
        for (size_t k = 0; k < tables->case_count && !fits; k++) {
            fits = glob_fits_id(patterns->items[i], tables->cases[k].id);
        }
        if (fits) {
            continue;
        }
        struct nearest search;
        char best[ID_MAX];
        nearest_init(&search, patterns->items[i]);
        for (size_t k = 0; k < tables->case_count; k++) {
            offer_id(&search, tables->cases[k].id, best);
        }
        return refuse(err, "id or prefix", &search);
    }
    return CTS_OK;
}

static enum cts_status check_tags(const struct tables *tables, const struct string_list *tags,
                                  struct cts_error *err)
{
    for (size_t i = 0; i < tags->count; i++) {
        bool fits = false;
        struct nearest search;
        nearest_init(&search, tags->items[i]);
        for (size_t k = 0; k < tables->case_count && !fits; k++) {
            const struct string_list *has = &tables->cases[k].tags;
            fits = contains(has, tags->items[i]);
            for (size_t t = 0; t < has->count; t++) {
                nearest_offer(&search, has->items[t]);
            }
        }
        if (!fits) {
            return refuse(err, "tag", &search);
        }
    }
    return CTS_OK;
}

/* A requirement that stands in the tables but that no case checks is worth another message than a
 * slip of the pen. */
static enum cts_status refuse_requirement(const struct tables *tables, const char *pattern,
                                          struct cts_error *err)
{
    const struct requirement *known = tbl_requirement(tables, pattern);
    if (known) {
        return err_set(err, CTS_USAGE, "no case checks the requirement '%s'%s%s", pattern,
                       known->unchecked ? ": " : "", known->unchecked ? known->unchecked : "");
    }
    struct nearest search;
    nearest_init(&search, pattern);
    for (size_t i = 0; i < tables->requirement_count; i++) {
        nearest_offer(&search, tables->requirements[i].id);
    }
    return refuse(err, "requirement", &search);
}

static enum cts_status check_requirements(const struct tables *tables,
                                          const struct string_list *requirements,
                                          struct cts_error *err)
{
    for (size_t i = 0; i < requirements->count; i++) {
        const struct string_list one = {1, &requirements->items[i]};
        bool fits = false;
        for (size_t k = 0; k < tables->case_count && !fits; k++) {
            fits = any_requirement(&one, &tables->cases[k]);
        }
        if (!fits) {
            return refuse_requirement(tables, requirements->items[i], err);
        }
    }
    return CTS_OK;
}

/* A level that exists but that no case has leaves nothing selected; only its name is checked. */
static enum cts_status check_levels(const struct string_list *levels, struct cts_error *err)
{
    for (size_t i = 0; i < levels->count; i++) {
        bool fits = false;
        struct nearest search;
        nearest_init(&search, levels->items[i]);
        for (int level = LEVEL_MUST; level <= LEVEL_MAY; level++) {
            const char *name = level_name((enum level)level);
            fits = fits || strcmp(name, levels->items[i]) == 0;
            nearest_offer(&search, name);
        }
        if (!fits) {
            return refuse(err, "level", &search);
        }
    }
    return CTS_OK;
}

enum cts_status select_check(const struct tables *tables, const struct selection *selection,
                             struct cts_error *err)
{
    enum cts_status status = check_patterns(tables, &selection->patterns, err);
    if (status == CTS_OK) {
        status = check_patterns(tables, &selection->skip, err);
    }
    if (status == CTS_OK) {
        status = check_tags(tables, &selection->tags, err);
    }
    if (status == CTS_OK) {
        status = check_tags(tables, &selection->skip_tags, err);
    }
    if (status == CTS_OK) {
        status = check_requirements(tables, &selection->requirements, err);
    }
    if (status == CTS_OK) {
        status = check_levels(&selection->levels, err);
    }
    return status;
}
