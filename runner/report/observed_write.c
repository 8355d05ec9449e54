/* Observations to a file. */
#include "json_make.h"
#include "json_stream.h"
#include "observed.h"

#include <stdlib.h>
#include <string.h>

/* An answer as it stands in the file: where it is the only one, and every run gave it, the runs are
 * not named, so that one more run which agrees leaves the line as it is. */
static json_t *answer_in_file(const struct observed *observed, json_t *answer, bool only)
{
    json_t *made = json_copy(answer);
    if (only && observed_times(observed, answer) == json_array_size(observed_runs(observed))) {
        json_object_del(made, "runs");
    }
    return made;
}

static json_t *case_in_file(const struct observed *observed, const json_t *seen, json_t *used)
{
    static const char *const parts[] = {"before", "after"};
    json_t *made = json_copy((json_t *)(uintptr_t)seen), *list = json_array();
    const json_t *answers = json_object_get(seen, "answers");
    bool failed = made == NULL || list == NULL;
    for (size_t i = 0; i < json_array_size(answers); i++) {
        json_t *answer = json_array_get(answers, i);
        jm_append(list, answer_in_file(observed, answer, json_array_size(answers) == 1), &failed);
        for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++) {
            const char *name = json_string_value(json_object_get(answer, parts[k]));
            if (name != NULL) {
                jm_set(used, name, json_true(), &failed);
            }
        }
    }
    jm_set(made, "answers", list, &failed);
    return jm_end(made, failed);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The keys of an object, sorted; the caller frees the array. NULL: no memory. */
static const char **sorted_keys(json_t *object)
{
    const char **keys = calloc(json_object_size(object) + 1, sizeof *keys), *key;
    size_t count = 0;
    json_t *unused;
    if (keys != NULL) {
        json_object_foreach(object, key, unused)
        {
            keys[count++] = key;
        }
        qsort(keys, count, sizeof *keys, by_text);
    }
    return keys;
}

/* "name":{ a member a line }; those that are marked as used, or all where used is NULL. */
static void write_members(struct json_stream *out, json_t *object, const json_t *used)
{
    const char **keys = sorted_keys(object);
    const char *separator = "";
    for (size_t i = 0; keys != NULL && i < json_object_size(object); i++) {
        if (used == NULL || json_object_get(used, keys[i]) != NULL) {
            json_t *name = json_string(keys[i]);
            js_textf(out, "%s\n", separator);
            js_value_new(out, name);
            js_text(out, ": ");
            js_value(out, json_object_get(object, keys[i]));
            separator = ",";
        }
    }
    if (keys == NULL) {
        js_value(out, NULL);
    }
    free(keys);
}

static void write_runs(struct json_stream *out, const json_t *runs)
{
    for (size_t i = 0; i < json_array_size(runs); i++) {
        js_text(out, i == 0 ? "\n" : ",\n");
        js_value(out, json_array_get(runs, i));
    }
}

static void write_heads(struct json_stream *out, const json_t *document)
{
    static const char *const heads[] = {"format", "kind", "windows", "edition", "arch", "note"};
    js_text(out, "{");
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        const json_t *value = json_object_get(document, heads[i]);
        if (value != NULL) {
            js_textf(out, "%s\"%s\": ", i > 0 ? ", " : "", heads[i]);
            js_value(out, value);
        }
    }
}

/* cases NULL: there was no memory for them. used: the parts that they name. */
static void write_all(struct json_stream *out, const struct observed *observed, json_t *cases,
                      const json_t *used)
{
    write_heads(out, observed->document);
    js_text(out, ",\n\"runs\": [");
    write_runs(out, observed_runs(observed));
    js_text(out, "],\n\"parts\": {");
    write_members(out, json_object_get(observed->document, "parts"), used);
    js_text(out, "},\n\"cases\": {");
    write_members(out, cases, NULL);
    js_text(out, "}}\n");
}

enum cts_status observed_write(const struct observed *observed, const char *path,
                               struct cts_error *err)
{
    json_t *cases = json_object(), *used = json_object(), *seen;
    bool failed = cases == NULL || used == NULL;
    enum cts_status status = CTS_NOMEM;
    const char *id;
    json_object_foreach(json_object_get(observed->document, "cases"), id, seen)
    {
        jm_set(cases, id, case_in_file(observed, seen, used), &failed);
    }
    if (failed) {
        err_set(err, CTS_NOMEM, "out of memory");
        goto done;
    }
    struct json_stream *out = js_open(path, err);
    if (out != NULL) {
        write_all(out, observed, cases, used);
        status = js_close(out, err);
    } else {
        status = err->status;
    }
done:
    json_decref(cases);
    json_decref(used);
    return status;
}
