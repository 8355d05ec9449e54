/* Observations as a file. */
#include "../util/json_check.h"
#include "../util/json_file.h"
#include "json_facts.h"
#include "json_make.h"
#include "observed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES ((size_t)1024)
#define POINTER_MAX 700

/* --- reading --- */

/* Appends a key to a JSON pointer, escaped. */
static void add_key(char pointer[POINTER_MAX], const char *key)
{
    size_t used = strlen(pointer);
    if (used + 2 * strlen(key) + 2 > POINTER_MAX) {
        return; /* no id is so long: the place of the object is told */
    }
    pointer[used++] = '/';
    for (; *key != '\0'; key++) {
        if (*key == '~' || *key == '/') {
            pointer[used++] = '~';
            pointer[used++] = *key == '~' ? '0' : '1';
        } else {
            pointer[used++] = *key;
        }
    }
    pointer[used] = '\0';
}

static bool wants(const struct json_check *check, const json_t *value, json_type type,
                  const char *pointer, const char *what)
{
    return (value != NULL && json_typeof(value) == type) ||
           jchk_complain(check, false, pointer, "%s", what);
}

static bool is_hex(const char *text, size_t digits)
{
    return text != NULL && strlen(text) == digits && strspn(text, "0123456789abcdef") == digits;
}

static bool check_run(const struct json_check *check, json_t *run, size_t at)
{
    static const char *const keys[] = {"id",   "log",     "by",  "started", "suite", "tables",
                                       "host", "profile", "dll", "cases",   "note",  NULL};
    static const char *const texts[] = {"id", "log", "started", "suite", "tables", "profile"};
    char place[POINTER_MAX], below[POINTER_MAX];
    snprintf(place, sizeof place, "/runs/%zu", at);
    if (!wants(check, run, JSON_OBJECT, place, "a run is an object") ||
        !jchk_only_keys(check, run, place, keys)) {
        return false;
    }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (jchk_text(check, run, place, texts[i]) == NULL) {
            return false;
        }
    }
    const char *id = json_string_value(json_object_get(run, "id"));
    const char *log = json_string_value(json_object_get(run, "log"));
    snprintf(below, sizeof below, "%s/id", place);
    return (is_hex(id, OBSERVED_ID) && is_hex(log, 64) && strncmp(id, log, OBSERVED_ID) == 0) ||
           jchk_complain(check, false, below,
                         "\"id\" is the beginning of \"log\", which is a SHA-256");
}

static bool has_run(const json_t *runs, const char *id)
{
    for (size_t i = 0; id != NULL && i < json_array_size(runs); i++) {
        if (strcmp(json_string_value(json_object_get(json_array_get(runs, i), "id")), id) == 0) {
            return true;
        }
    }
    return false;
}

static bool check_runs(const struct json_check *check, const json_t *runs)
{
    bool right =
        wants(check, runs, JSON_ARRAY, runs != NULL ? "/runs" : "", "\"runs\" is wanted: a list");
    for (size_t i = 0; right && i < json_array_size(runs); i++) {
        right = check_run(check, json_array_get(runs, i), i);
    }
    return right;
}

static bool check_steps(const struct json_check *check, const json_t *steps, const char *pointer)
{
    char below[POINTER_MAX + 30];
    bool right = wants(check, steps, JSON_ARRAY, pointer, "this is a list of steps");
    for (size_t i = 0; right && i < json_array_size(steps); i++) {
        const json_t *step = json_array_get(steps, i);
        snprintf(below, sizeof below, "%s/%zu", pointer, i);
        right = wants(check, step, JSON_OBJECT, below, "a step is an object") &&
                (json_is_integer(json_object_get(step, "s")) ||
                 jchk_complain(check, false, below, "a step has its number, \"s\""));
    }
    return right;
}

static bool check_parts(const struct json_check *check, json_t *parts)
{
    const char *name;
    json_t *steps;
    if (!wants(check, parts, JSON_OBJECT, parts != NULL ? "/parts" : "",
               "\"parts\" is wanted: an object")) {
        return false;
    }
    json_object_foreach(parts, name, steps)
    {
        char pointer[POINTER_MAX] = "/parts";
        add_key(pointer, name);
        if (!check_steps(check, steps, pointer)) {
            return false;
        }
    }
    return true;
}

static bool check_part(const struct json_check *check, const json_t *document, const json_t *answer,
                       const char *place, const char *key)
{
    const json_t *name = json_object_get(answer, key);
    const char *text = json_string_value(name);
    char below[POINTER_MAX + 20];
    snprintf(below, sizeof below, "%s/%s", place, key);
    return name == NULL ||
           (text != NULL && json_object_get(json_object_get(document, "parts"), text) != NULL) ||
           jchk_complain(check, false, below, "\"%s\" names none of \"parts\"", key);
}

static bool check_seen_in(const struct json_check *check, const json_t *document,
                          const json_t *answer, const char *place)
{
    const json_t *runs = json_object_get(answer, "runs");
    char below[POINTER_MAX + 20];
    snprintf(below, sizeof below, "%s/runs", place);
    bool right = runs == NULL || (json_is_array(runs) && json_array_size(runs) > 0);
    for (size_t i = 0; right && i < json_array_size(runs); i++) {
        right =
            has_run(json_object_get(document, "runs"), json_string_value(json_array_get(runs, i)));
    }
    return right || jchk_complain(check, false, below, "\"runs\" is a list of ids of runs");
}

static bool check_answer(const struct json_check *check, const json_t *document, json_t *answer,
                         const char *place)
{
    static const char *const keys[] = {"runs", "before", "steps", "after", "end", "outcome", NULL};
    const json_t *steps = json_object_get(answer, "steps"), *end = json_object_get(answer, "end");
    const json_t *outcome = json_object_get(answer, "outcome");
    char below[POINTER_MAX + 20];
    if (!wants(check, answer, JSON_OBJECT, place, "an answer is an object") ||
        !jchk_only_keys(check, answer, place, keys) ||
        !check_seen_in(check, document, answer, place) ||
        !check_part(check, document, answer, place, "before") ||
        !check_part(check, document, answer, place, "after")) {
        return false;
    }
    snprintf(below, sizeof below, "%s/steps", place);
    if (steps != NULL && !check_steps(check, steps, below)) {
        return false;
    }
    return (end == NULL || json_is_object(end) ||
            jchk_complain(check, false, place, "\"end\" is an object")) &&
           (outcome == NULL || json_is_string(outcome) ||
            jchk_complain(check, false, place, "\"outcome\" is a text"));
}

static bool check_case(const struct json_check *check, const json_t *document, const char *id,
                       json_t *seen)
{
    static const char *const keys[] = {"program", "answers", "note", NULL};
    const json_t *answers = json_object_get(seen, "answers");
    char place[POINTER_MAX] = "/cases", below[POINTER_MAX + 40];
    add_key(place, id);
    if (!wants(check, seen, JSON_OBJECT, place, "what was observed of a case is an object") ||
        !jchk_only_keys(check, seen, place, keys) || !jchk_text(check, seen, place, "program")) {
        return false;
    }
    bool right = (json_is_array(answers) && json_array_size(answers) > 0) ||
                 jchk_complain(check, false, place, "\"answers\" is wanted: a list");
    for (size_t i = 0; right && i < json_array_size(answers); i++) {
        snprintf(below, sizeof below, "%s/answers/%zu", place, i);
        right = check_answer(check, document, json_array_get(answers, i), below);
    }
    return right;
}

static bool check_document(const struct json_check *check, json_t *document)
{
    static const char *const keys[] = {"format", "kind",  "windows", "edition", "arch",
                                       "runs",   "parts", "cases",   "note",    NULL};
    json_t *cases = json_object_get(document, "cases"), *seen;
    const char *id;
    if (!wants(check, document, JSON_OBJECT, "", "a file of observations is an object") ||
        !jchk_head(check, document, "observed") || !jchk_only_keys(check, document, "", keys) ||
        !jchk_text(check, document, "", "windows") || !jchk_text(check, document, "", "edition") ||
        !jchk_text(check, document, "", "arch") ||
        !check_runs(check, json_object_get(document, "runs")) ||
        !check_parts(check, json_object_get(document, "parts")) ||
        !wants(check, cases, JSON_OBJECT, cases != NULL ? "/cases" : "",
               "\"cases\" is wanted: an object")) {
        return false;
    }
    json_object_foreach(cases, id, seen)
    {
        if (!check_case(check, document, id, seen)) {
            return false;
        }
    }
    return true;
}

/* Takes the document over. */
static struct observed *of_document(json_t *document, struct cts_error *err)
{
    struct observed *made = document != NULL ? calloc(1, sizeof *made) : NULL;
    struct str_buf name;
    if (made == NULL) {
        err_set(err, CTS_NOMEM, "out of memory");
        json_decref(document);
        return NULL;
    }
    sb_init(&name, NAME_MAX_BYTES);
    sb_addf(&name, "Windows %s %s, %s", json_string_value(json_object_get(document, "windows")),
            json_string_value(json_object_get(document, "edition")),
            json_string_value(json_object_get(document, "arch")));
    *made = (struct observed){document, sb_take(&name, NULL)};
    if (made->name == NULL) {
        err_set(err, CTS_NOMEM, "out of memory");
        observed_free(made);
        return NULL;
    }
    return made;
}

struct observed *observed_load(const char *path, struct cts_error *err)
{
    struct cts_errors *errs = calloc(1, sizeof *errs);
    struct json_check check = {.path = path, .errs = errs};
    char *text = file_read(path, &check.len, JSON_FILE_MAX, err);
    json_t *document = text != NULL ? json_text_parse(text, check.len, path, err) : NULL;
    struct observed *made = NULL;
    check.text = text;
    if (errs == NULL) {
        err_set(err, CTS_NOMEM, "out of memory");
    } else if (document != NULL && check_document(&check, document)) {
        made = of_document(json_incref(document), err);
    } else if (document != NULL) {
        *err = errs->list[0];
    }
    json_decref(document);
    free(text);
    free(errs);
    return made;
}

struct observed *observed_new(const json_t *header, struct cts_error *err)
{
    return of_document(json_pack("{s:i, s:s, s:s, s:s, s:s, s:[], s:{}, s:{}}", "format", 1, "kind",
                                 "observed", "windows", facts_text(header, "profile", "windows"),
                                 "edition", facts_text(header, "profile", "edition"), "arch",
                                 facts_text(header, "iut", "arch"), "runs", "parts", "cases"),
                       err);
}

void observed_free(struct observed *observed)
{
    if (observed != NULL) {
        json_decref(observed->document);
        free(observed->name);
        free(observed);
    }
}

enum cts_status observed_fits(const struct observed *observed, const json_t *header,
                              struct cts_error *err)
{
    static const char *const facts[][2] = {
        {"profile", "windows"}, {"profile", "edition"}, {"iut", "arch"}};
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        const char *ours = json_string_value(json_object_get(observed->document, facts[i][1]));
        const char *its = facts_text(header, facts[i][0], facts[i][1]);
        if (strcmp(ours, its) != 0) {
            return err_set(
                err, CTS_USAGE, "the log stands for Windows %s %s, %s; the observations are of %s",
                facts_text(header, "profile", "windows"), facts_text(header, "profile", "edition"),
                facts_text(header, "iut", "arch"), observed->name);
        }
    }
    return CTS_OK;
}

const json_t *observed_runs(const struct observed *observed)
{
    return json_object_get(observed->document, "runs");
}

const json_t *observed_case(const struct observed *observed, const char *id)
{
    return json_object_get(json_object_get(observed->document, "cases"), id);
}

size_t observed_times(const struct observed *observed, const json_t *answer)
{
    const json_t *runs = json_object_get(answer, "runs");
    return json_array_size(runs != NULL ? runs : observed_runs(observed));
}

size_t observed_asked(const struct observed *observed, const json_t *seen)
{
    const json_t *runs = observed_runs(observed), *answers = json_object_get(seen, "answers");
    size_t asked = 0;
    for (size_t run = 0; run < json_array_size(runs); run++) {
        const json_t *id = json_object_get(json_array_get(runs, run), "id");
        bool gave = false;
        for (size_t i = 0; !gave && i < json_array_size(answers); i++) {
            const json_t *list = json_object_get(json_array_get(answers, i), "runs");
            gave = list == NULL;
            for (size_t k = 0; !gave && k < json_array_size(list); k++) {
                gave = json_equal(json_array_get(list, k), id);
            }
        }
        asked += gave;
    }
    return asked;
}

static bool add_part(const struct observed *observed, const json_t *answer, const char *key,
                     json_t *steps)
{
    const char *name = json_string_value(json_object_get(answer, key));
    json_t *parts = json_object_get(observed->document, "parts");
    return name == NULL || json_array_extend(steps, json_object_get(parts, name)) == 0;
}

json_t *observed_steps(const struct observed *observed, const json_t *answer)
{
    json_t *steps = json_array();
    json_t *body = json_object_get(answer, "steps");
    const bool right = steps != NULL && add_part(observed, answer, "before", steps) &&
                       (body == NULL || json_array_extend(steps, body) == 0) &&
                       add_part(observed, answer, "after", steps);
    return jm_end(steps, !right);
}
