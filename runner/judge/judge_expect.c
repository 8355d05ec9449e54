/* Expectation files. */
#include "judge_expect.h"
#include "../util/json_file.h"
#include "../util/json_pos.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A file that is being read. */
struct reading {
    const char *path;
    char *text;
    size_t len;
    struct cts_errors *errs;
};

/* A complaint about the value of a JSON pointer, or about the key that leads to it. Returns false.
 */
static bool complain(const struct reading *r, bool key, const char *pointer, const char *fmt, ...)
    CTS_PRINTF(4, 5);

static bool complain(const struct reading *r, bool key, const char *pointer, const char *fmt, ...)
{
    char text[600];
    int line = 0, column = 0;
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (key) {
        json_pos_find_key(r->text, r->len, pointer, &line, &column);
    } else {
        json_pos_find(r->text, r->len, pointer, &line, &column);
    }
    errs_add_at(r->errs, CTS_BAD_FILE, r->path, line, column, "%s", text);
    return false;
}

/* No keys but these (a list that ends with NULL). place: the object's JSON pointer. Such a key with
 * '/' or '~' in it is told with the place of its object. */
static bool only_keys(const struct reading *r, json_t *object, const char *place,
                      const char *const *known)
{
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(object, key, value)
    {
        size_t i = 0;
        while (known[i] && strcmp(known[i], key) != 0) {
            i++;
        }
        if (!known[i]) {
            char pointer[300];
            bool plain = strpbrk(key, "/~") == NULL && strlen(key) < 200;
            snprintf(pointer, sizeof pointer, plain ? "%s/%s" : "%s", place, key);
            return complain(r, plain, pointer, "unknown key \"%.200s\"", key);
        }
        if (strcmp(key, "note") == 0 && !json_is_string(value)) {
            return complain(r, false, place, "\"note\" is a text");
        }
    }
    return true;
}

/* A string that is there and not blank; complains otherwise. */
static const char *string_at(const struct reading *r, const json_t *object, const char *place,
                             const char *key)
{
    const json_t *value = json_object_get(object, key);
    char pointer[300];
    const char *text = json_string_value(value);
    if (text && text[strspn(text, " \t\r\n")] != '\0') {
        return text;
    }
    snprintf(pointer, sizeof pointer, value ? "%s/%s" : "%s", place, key);
    complain(r, false, pointer, "\"%s\" is wanted: a text that is not empty", key);
    return NULL;
}

static bool read_verdicts(const struct reading *r, const json_t *object, const char *place,
                          struct expectation *entry)
{
    const json_t *list = json_object_get(object, "verdicts");
    char pointer[100];
    if (!json_is_array(list) || json_array_size(list) == 0) {
        snprintf(pointer, sizeof pointer, list ? "%s/verdicts" : "%s", place);
        return complain(r, false, pointer,
                        "\"verdicts\" is wanted: a list of at least one verdict");
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        int verdict = name ? verdict_by_name(name) : -1;
        snprintf(pointer, sizeof pointer, "%s/verdicts/%zu", place, i);
        if (verdict < 0) {
            return complain(r, false, pointer, "no verdict has the name \"%.100s\"",
                            name ? name : "");
        }
        if (verdict == VERDICT_ERROR || verdict == VERDICT_SKIP) {
            return complain(r, false, pointer, "\"%s\" cannot be expected of an implementation",
                            name);
        }
        if (entry->allowed & (1u << verdict)) {
            return complain(r, false, pointer, "\"%s\" stands here twice", name);
        }
        entry->allowed |= 1u << verdict;
        entry->usual = i == 0 ? (enum verdict)verdict : entry->usual;
    }
    return true;
}

static bool read_when(const struct reading *r, const json_t *object, const char *place,
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
    return complain(r, false, pointer, "\"when\" is no condition");
}

static bool read_entry(const struct reading *r, json_t *object, size_t at,
                       struct expectation *entry)
{
    static const char *const keys[] = {"cases", "verdicts", "reason", "when", "note", NULL};
    char place[60];
    snprintf(place, sizeof place, "/entries/%zu", at);
    if (!json_is_object(object)) {
        return complain(r, false, place, "an entry is an object");
    }
    return only_keys(r, object, place, keys) &&
           (entry->cases = string_at(r, object, place, "cases")) != NULL &&
           read_verdicts(r, object, place, entry) &&
           (entry->reason = string_at(r, object, place, "reason")) != NULL &&
           read_when(r, object, place, entry);
}

bool expect_same_condition(const struct expectation *a, const struct expectation *b)
{
    return strcmp(a->when.text ? a->when.text : "", b->when.text ? b->when.text : "") == 0;
}

/* Sorted files do not conflict when two people add entries. */
static bool check_order(const struct reading *r, const struct expectation *entries, size_t at)
{
    char pointer[80];
    int order = at ? strcmp(entries[at - 1].cases, entries[at].cases) : -1;
    snprintf(pointer, sizeof pointer, "/entries/%zu/cases", at);
    if (order > 0) {
        return complain(r, false, pointer,
                        "entries are sorted by \"cases\": \"%.200s\" belongs before \"%.200s\"",
                        entries[at].cases, entries[at - 1].cases);
    }
    for (size_t i = at;
         order == 0 && i-- > 0 && strcmp(entries[i].cases, entries[at].cases) == 0;) {
        if (expect_same_condition(&entries[i], &entries[at])) {
            return complain(r, false, pointer, "\"%.200s\" has an entry already",
                            entries[at].cases);
        }
    }
    return true;
}

static bool read_entries(const struct reading *r, struct expectations *e)
{
    const json_t *list = json_object_get(e->document, "entries");
    if (!json_is_array(list)) {
        return complain(r, false, list ? "/entries" : "", "\"entries\" is wanted: a list");
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

static bool read_file(const struct reading *r, struct expectations *e)
{
    static const char *const keys[] = {"format", "kind", "iut", "entries", "note", NULL};
    const json_t *format = json_object_get(e->document, "format");
    const char *kind = json_string_value(json_object_get(e->document, "kind"));
    if (!json_is_object(e->document)) {
        return complain(r, false, "", "an expectation file is an object");
    }
    if (!json_is_integer(format) || json_integer_value(format) != 1) {
        return complain(r, false, format ? "/format" : "", "\"format\" must be 1");
    }
    if (!kind || strcmp(kind, "expectations") != 0) {
        return complain(r, false, json_object_get(e->document, "kind") ? "/kind" : "",
                        "\"kind\" must be \"expectations\"");
    }
    return only_keys(r, e->document, "", keys) && string_at(r, e->document, "", "iut") &&
           read_entries(r, e);
}

/* Adds an error that another function has told. */
static void add_error(struct cts_errors *errs, const struct cts_error *err)
{
    errs_add_at(errs, err->status, err->path, err->line, err->column, "%s", err->text);
}

struct expectations *expect_read(const char *path, char **text, struct cts_errors *errs)
{
    struct cts_error err = {.status = CTS_OK};
    struct reading r = {.path = path, .errs = errs};
    struct expectations *e = calloc(1, sizeof *e);
    bool right = false;
    if (!e) {
        errs_add_at(errs, CTS_NOMEM, path, 0, 0, "out of memory");
        return NULL;
    }
    r.text = file_read(path, &r.len, JSON_FILE_MAX, &err);
    e->document = r.text ? json_text_parse(r.text, r.len, path, &err) : NULL;
    if (e->document) {
        right = read_file(&r, e);
    } else {
        add_error(errs, &err);
    }
    if (text) {
        *text = r.text;
    } else {
        free(r.text);
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
