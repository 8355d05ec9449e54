/* Expectation files. */
#include "judge_expect.h"
#include "../util/json_check.h"
#include "../util/json_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_verdicts(const struct json_check *r, const json_t *object, const char *place,
                          struct expectation *entry)
{
    const json_t *list = json_object_get(object, "verdicts");
    char pointer[100];
    if (!json_is_array(list) || json_array_size(list) == 0) {
        snprintf(pointer, sizeof pointer, list ? "%s/verdicts" : "%s", place);
        return jchk_complain(r, false, pointer,
                             "\"verdicts\" is wanted: a list of at least one verdict");
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        int verdict = name ? verdict_by_name(name) : -1;
        snprintf(pointer, sizeof pointer, "%s/verdicts/%zu", place, i);
        if (verdict < 0) {
            return jchk_complain(r, false, pointer, "no verdict has the name \"%.100s\"",
                                 name ? name : "");
        }
        if (verdict == VERDICT_ERROR || verdict == VERDICT_SKIP) {
            return jchk_complain(r, false, pointer,
                                 "\"%s\" cannot be expected of an implementation", name);
        }
        if (entry->allowed & (1u << verdict)) {
            return jchk_complain(r, false, pointer, "\"%s\" stands here twice", name);
        }
        entry->allowed |= 1u << verdict;
        entry->usual = i == 0 ? (enum verdict)verdict : entry->usual;
    }
    return true;
}

static bool read_when(const struct json_check *r, const json_t *object, const char *place,
                      struct expectation *entry)
{
    const json_t *when = json_object_get(object, "when");
    char pointer[100];
    if (!when) {
        return true;
    }
    entry->when.text = json_string_value(when);
    if (entry->when.text && cond_valid(entry->when.text)) {
        return true;
    }
    snprintf(pointer, sizeof pointer, "%s/when", place);
    return jchk_complain(r, false, pointer, "\"when\" is no condition");
}

static bool read_entry(const struct json_check *r, json_t *object, size_t at,
                       struct expectation *entry)
{
    static const char *const keys[] = {"cases", "verdicts", "reason", "when", "note", NULL};
    char place[60];
    snprintf(place, sizeof place, "/entries/%zu", at);
    if (!json_is_object(object)) {
        return jchk_complain(r, false, place, "an entry is an object");
    }
    return jchk_only_keys(r, object, place, keys) &&
           (entry->cases = jchk_text(r, object, place, "cases")) != NULL &&
           read_verdicts(r, object, place, entry) &&
           (entry->reason = jchk_text(r, object, place, "reason")) != NULL &&
           read_when(r, object, place, entry);
}

bool expect_same_condition(const struct expectation *a, const struct expectation *b)
{
    return strcmp(a->when.text ? a->when.text : "", b->when.text ? b->when.text : "") == 0;
}

/* Sorted files do not conflict when two people add entries. */
static bool check_order(const struct json_check *r, const struct expectation *entries, size_t at)
{
    char pointer[80];
    int order = at ? strcmp(entries[at - 1].cases, entries[at].cases) : -1;
    snprintf(pointer, sizeof pointer, "/entries/%zu/cases", at);
    if (order > 0) {
        return jchk_complain(
            r, false, pointer,
            "entries are sorted by \"cases\": \"%.200s\" belongs before \"%.200s\"",
            entries[at].cases, entries[at - 1].cases);
    }
    for (size_t i = at;
         order == 0 && i-- > 0 && strcmp(entries[i].cases, entries[at].cases) == 0;) {
        if (expect_same_condition(&entries[i], &entries[at])) {
            return jchk_complain(r, false, pointer, "\"%.200s\" has an entry already",
                                 entries[at].cases);
        }
    }
    return true;
}

static bool read_entries(const struct json_check *r, struct expectations *e)
{
    const json_t *list = json_object_get(e->document, "entries");
    if (!json_is_array(list)) {
        return jchk_complain(r, false, list ? "/entries" : "", "\"entries\" is wanted: a list");
    }
    e->count = json_array_size(list);
    e->entries = calloc(e->count + 1, sizeof *e->entries);
    e->unused = calloc(e->count + 1, sizeof *e->unused);
    e->wild = calloc(e->count + 1, sizeof *e->wild);
    if (!e->entries || !e->unused || !e->wild) {
        errs_add_at(r->errs, CTS_NOMEM, r->path, 0, 0, "out of memory");
        return false;
    }
    bool right = true, before = true;
    for (size_t i = 0; i < e->count; i++) {
        const bool whole = read_entry(r, json_array_get(list, i), i, &e->entries[i]);
        right = whole && right;
        /* the order of entries of which one has no text is not known */
        right = (!before || !whole || check_order(r, e->entries, i)) && right;
        before = whole && before;
    }
    expect_index(e);
    return right;
}

static bool read_file(const struct json_check *r, struct expectations *e)
{
    static const char *const keys[] = {"format", "kind", "iut", "entries", "note", NULL};
    if (!json_is_object(e->document)) {
        return jchk_complain(r, false, "", "an expectation file is an object");
    }
    return jchk_head(r, e->document, "expectations") && jchk_only_keys(r, e->document, "", keys) &&
           jchk_text(r, e->document, "", "iut") && read_entries(r, e);
}

/* Adds an error that another function has told. */
static void add_error(struct cts_errors *errs, const struct cts_error *err)
{
    errs_add_at(errs, err->status, err->path, err->line, err->column, "%s", err->text);
}

struct expectations *expect_read(const char *path, char **text, struct cts_errors *errs)
{
    struct cts_error err = {.status = CTS_OK};
    struct json_check r = {.path = path, .errs = errs};
    struct expectations *e = calloc(1, sizeof *e);
    bool right = false;
    if (!e) {
        errs_add_at(errs, CTS_NOMEM, path, 0, 0, "out of memory");
        return NULL;
    }
    char *held = file_read(path, &r.len, JSON_FILE_MAX, &err);
    r.text = held;
    e->document = held ? json_text_parse(held, r.len, path, &err) : NULL;
    if (e->document) {
        right = read_file(&r, e);
    } else {
        add_error(errs, &err);
    }
    if (text) {
        *text = held;
    } else {
        free(held);
    }
    if (!right) {
        expect_free(e);
        return NULL;
    }
    return e;
}

struct expectations *expect_load(const char *path, struct cts_error *err)
{
    struct cts_errors *errs = calloc(1, sizeof *errs);
    struct expectations *e = errs ? expect_read(path, NULL, errs) : NULL;
    if (!errs) {
        err_set(err, CTS_NOMEM, "out of memory");
    } else if (!e && err) {
        *err = errs->list[0];
    }
    free(errs);
    return e;
}

void expect_free(struct expectations *expectations)
{
    if (expectations) {
        json_decref(expectations->document);
        free(expectations->entries);
        free(expectations->unused);
        free(expectations->wild);
        free(expectations);
    }
}
