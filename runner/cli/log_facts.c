#include "log_facts.h"

#include "../judge/judge.h"
#include "../model/names.h"
#include "../model/version.h"
#include "../report/json_facts.h"
#include "options_here.h"
#include <stdlib.h>
#include <string.h>

/* --- reading --- */

/* A list of texts; the array is owned by the caller, the texts by the JSON value. What is no text
 * is left out. */
static enum cts_status list_of(const json_t *array, struct string_list *list)
{
    const size_t size = json_array_size(array);
    list->count = 0;
    list->items = calloc(size + 1, sizeof *list->items);
    if (list->items == NULL) {
        return CTS_NOMEM;
    }
    for (size_t i = 0; i < size; i++) {
        const char *text = json_string_value(json_array_get(array, i));
        if (text != NULL) {
            list->items[list->count++] = text;
        }
    }
    return CTS_OK;
}

static uint32_t capabilities(const json_t *array)
{
    uint32_t can = 0;
    for (size_t i = 0; i < json_array_size(array); i++) {
        const char *name = json_string_value(json_array_get(array, i));
        const int capability = name != NULL ? capability_by_name(name) : -1;
        if (capability >= 0) {
            can |= UINT32_C(1) << capability;
        }
    }
    return can;
}

/* A log of an older runner has none. */
static void fill_values(struct profile *profile, const json_t *values)
{
    for (int i = 0; i < PROFILE_VALUE_COUNT; i++) {
        const char *name = profile_value_name((enum profile_value)i);
        profile->values[i] = json_string_value(json_object_get(values, name));
    }
}

/* The facts of a profile on which plan and judge depend. */
static enum cts_status fill_profile(struct log_facts *facts, const char *path,
                                    struct cts_error *err)
{
    const json_t *from = json_object_get(facts->header, "profile");
    struct profile *profile = &facts->profile;
    const char *windows = facts_text(facts->header, "profile", "windows");
    const int arch = arch_by_name(facts_text(facts->header, "iut", "arch"));

    profile->name = facts_text(facts->header, "profile", "name");
    profile->windows_text = windows;
    if (arch < 0 || !version_parse(windows, strlen(windows), profile->claims.windows)) {
        return err_set_at(err, CTS_BAD_FILE, path, 1, 0,
                          "the header lacks the architecture of the implementation or the Windows "
                          "version of its profile");
    }
    profile->arch = (enum arch)arch;
    profile->claims.arch = profile->arch;
    profile->claims.server = strcmp(facts_text(facts->header, "profile", "edition"), "server") == 0;
    profile->can = capabilities(json_object_get(from, "can"));
    fill_values(profile, json_object_get(from, "values"));
    if (list_of(json_object_get(from, "volumes"), &profile->volumes) != CTS_OK) {
        return err_set(err, CTS_NOMEM, "out of memory");
    }
    return CTS_OK;
}

enum cts_status log_facts_read(struct log_facts *facts, const char *path, struct cts_error *err)
{
    memset(facts, 0, sizeof *facts);
    facts->header = log_first(path, err);
    if (facts->header == NULL) {
        return err->status;
    }
    const char *kind = json_string_value(json_object_get(facts->header, "e"));
    if (kind == NULL || strcmp(kind, "header") != 0) {
        return err_set_at(err, CTS_BAD_FILE, path, 1, 0, "the log does not begin with a header");
    }
    facts->options = options_here(facts->header);
    if (facts->options == NULL) {
        return err_set(err, CTS_NOMEM, "out of memory");
    }
    return fill_profile(facts, path, err);
}

void log_facts_free(struct log_facts *facts)
{
    free(facts->profile.volumes.items);
    json_decref(facts->header);
    json_decref(facts->options);
    memset(facts, 0, sizeof *facts);
}

/* --- planning --- */

static const char *const list_keys[] = {"patterns",  "skip",         "tags",
                                        "skip_tags", "requirements", "levels"};
#define LIST_COUNT (sizeof list_keys / sizeof list_keys[0])

static struct plan_options options_of(const struct log_facts *facts)
{
    const json_t *seed = json_object_get(facts->header, "seed");
    return (struct plan_options){.seed = (uint64_t)json_integer_value(seed), .bare = true};
}

/* Plans what the options of the run select. */
static struct plan *plan_by_options(const struct log_facts *facts, const struct tables *tables,
                                    struct plan_options *wanted, struct cts_error *err)
{
    const json_t *options = facts->options;
    struct selection *s = &wanted->selection;
    struct string_list *const lists[LIST_COUNT] = {&s->patterns,  &s->skip,         &s->tags,
                                                   &s->skip_tags, &s->requirements, &s->levels};
    struct plan *plan = NULL;
    bool filled = true;

    for (size_t i = 0; i < LIST_COUNT; i++) {
        filled = list_of(json_object_get(options, list_keys[i]), lists[i]) == CTS_OK && filled;
    }
    if (filled) {
        plan = plan_new(tables, &facts->profile, wanted, err);
    } else {
        err_set(err, CTS_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < LIST_COUNT; i++) {
        free(lists[i]->items);
    }
    return plan;
}

struct plan *log_facts_plan(const struct log_facts *facts, const struct tables *tables,
                            struct cts_error *err)
{
    const json_int_t selected = json_integer_value(json_object_get(facts->header, "selected"));
    const char *shard = log_facts_option_text(facts, "shard");
    struct plan_options wanted = options_of(facts);
    struct cts_error why = {0};

    *err = (struct cts_error){0};
    if (shard != NULL && !plan_shard_parse(shard, &wanted.shard)) {
        return NULL;
    }
    struct plan *plan = plan_by_options(facts, tables, &wanted, &why);
    if (plan == NULL && why.status == CTS_NOMEM) {
        *err = why;
    }
    if (plan != NULL && (selected < 0 || (size_t)selected != plan->count)) {
        plan_free(plan);
        plan = NULL;
    }
    return plan;
}

struct plan *log_facts_plan_whole(const struct log_facts *facts, const struct tables *tables,
                                  struct cts_error *err)
{
    struct plan_options wanted = options_of(facts);
    wanted.bare = false;
    return plan_by_options(facts, tables, &wanted, err);
}

static enum cts_status collect_case(void *context, const json_t *event,
                                    uint64_t place __attribute__((unused)), struct cts_error *err)
{
    const char *id = json_string_value(json_object_get(event, "case"));
    if (id != NULL && json_object_set_new(context, id, json_true()) != 0) {
        return err_set(err, CTS_NOMEM, "out of memory");
    }
    return CTS_OK;
}

/* Plans the cases that are the keys of an object. */
static struct plan *plan_ids(const struct log_facts *facts, const struct tables *tables,
                             json_t *cases, struct cts_error *err)
{
    struct plan_options wanted = options_of(facts);
    struct string_list *ids = &wanted.selection.patterns;
    struct plan *plan = NULL;
    const char *id;
    json_t *unused;

    ids->items = calloc(json_object_size(cases) + 1, sizeof *ids->items);
    if (ids->items == NULL) {
        err_set(err, CTS_NOMEM, "out of memory");
        return NULL;
    }
    json_object_foreach(cases, id, unused)
    {
        if (tbl_case(tables, id) != NULL) { /* the fold says what it thinks of the others */
            ids->items[ids->count++] = id;
        }
    }
    if (ids->count == 0) {
        err_set(err, CTS_NOTHING, "no case of the log stands in the tables");
    } else {
        plan = plan_new(tables, &facts->profile, &wanted, err);
    }
    free(ids->items);
    return plan;
}

struct plan *log_facts_plan_cases(const struct log_facts *facts, const struct tables *tables,
                                  const char *path, struct cts_error *err)
{
    struct plan *plan = NULL;
    struct log_extent extent;
    json_t *cases = json_object();
    if (cases == NULL) {
        err_set(err, CTS_NOMEM, "out of memory");
    } else if (log_read(path, collect_case, cases, &extent, err) == CTS_OK) {
        plan = plan_ids(facts, tables, cases, err);
    }
    json_decref(cases);
    return plan;
}

bool log_facts_option(const struct log_facts *facts, const char *key)
{
    return json_is_true(json_object_get(facts->options, key));
}

const char *log_facts_option_text(const struct log_facts *facts, const char *key)
{
    return json_string_value(json_object_get(facts->options, key));
}

enum cts_status log_facts_same_tables(const struct log_facts *facts, const struct plan *plan,
                                      const char *path, struct cts_error *err)
{
    const json_t *suite = json_object_get(facts->header, "suite");
    const char *tables = json_string_value(json_object_get(suite, "tables"));
    if (tables != NULL && strcmp(tables, plan->tables_hash) == 0) {
        return CTS_OK;
    }
    return err_set(err, CTS_USAGE, "%s is of other tables (%s, these are %s)", path,
                   tables != NULL ? tables : "none named", plan->tables_hash);
}
