#include "observed_learn.h"

#include "../judge/judge_against.h"
#include "../util/fnv.h"
#include "json_facts.h"
#include "json_make.h"
#include "observed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum cts_status no_memory(struct cts_error *err)
{
    return err_set(err, CTS_NOMEM, "out of memory");
}

/* --- before the log is read --- */

static bool has_log(const struct observed *observed, const char *log)
{
    const json_t *runs = observed_runs(observed);
    for (size_t i = 0; i < json_array_size(runs); i++) {
        if (strcmp(json_string_value(json_object_get(json_array_get(runs, i), "log")), log) == 0) {
            return true;
        }
    }
    return false;
}

enum cts_status observed_learn_begin(struct learning *learning, bool *known, struct cts_error *err)
{
    const enum cts_status status = observed_fits(learning->into, learning->header, err);
    *known = status == CTS_OK && has_log(learning->into, learning->log);
    learning->seen = status == CTS_OK ? json_object() : NULL;
    return status == CTS_OK && learning->seen == NULL ? no_memory(err) : status;
}

/* --- while it is read --- */

static bool has_value(const json_t *array, const json_t *value)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (json_equal(json_array_get(array, i), value)) {
            return true;
        }
    }
    return false;
}

/* What the log shows of a case, made where there is nothing yet. Borrowed; NULL: no memory. */
static json_t *seen_of(const struct learning *learning, const char *id, const char *program)
{
    if (json_object_get(learning->seen, id) == NULL) {
        json_t *made = json_pack("{s:s, s:[]}", "program", program, "answers");
        if (json_object_set_new(learning->seen, id, made) != 0) {
            return NULL;
        }
    }
    return json_object_get(json_object_get(learning->seen, id), "answers");
}

enum cts_status observed_learn_look(void *context, const struct plan_case *planned,
                                    const struct case_verdict *verdict,
                                    struct witness_said *said __attribute__((unused)),
                                    struct cts_error *err)
{
    const struct learning *learning = context;
    char program[17];
    json_t *shown = observed_shown(&learning->observer, planned, verdict, program, err);
    if (shown == NULL) {
        return err->status;
    }
    bool right = true;
    if (!json_is_null(shown)) {
        json_t *answers = seen_of(learning, planned->test->id, program);
        right = answers != NULL &&
                (has_value(answers, shown) || json_array_append(answers, shown) == 0);
    }
    json_decref(shown);
    return right ? CTS_OK : no_memory(err);
}

/* --- after it was read --- */

/* The name of a list of steps: a hash of what it says, so that it is the same in every file. */
static bool name_part(const json_t *steps, char name[17])
{
    char *text = json_dumps(steps, JSON_COMPACT | JSON_SORT_KEYS);
    if (text != NULL) {
        snprintf(name, 17, "%012llx",
                 (unsigned long long)(fnv1a64(text, strlen(text), FNV1A64_SEED) >> 16));
    }
    free(text);
    return text != NULL;
}

/* Puts a list of steps of the answer among the parts, and its name in its place. */
static enum cts_status share_part(const struct observed *observed, json_t *answer, const char *key,
                                  struct cts_error *err)
{
    json_t *steps = json_object_get(answer, key);
    json_t *parts = json_object_get(observed->document, "parts");
    char name[17];
    if (json_array_size(steps) == 0) {
        json_object_del(answer, key);
        return CTS_OK;
    }
    if (!name_part(steps, name)) {
        return no_memory(err);
    }
    const json_t *there = json_object_get(parts, name);
    if (there != NULL && !json_equal(there, steps)) {
        return err_set(err, CTS_DEFECT, "two different lists of steps have the same hash, %s",
                       name);
    }
    return (there != NULL || json_object_set(parts, name, steps) == 0) &&
                   json_object_set_new(answer, key, json_string(name)) == 0
               ? CTS_OK
               : no_memory(err);
}

static int by_string(const void *a, const void *b)
{
    return strcmp(json_string_value(*(json_t *const *)a), json_string_value(*(json_t *const *)b));
}

/* What two answers are told apart and sorted by: all that they say but the runs. Freed by the
 * caller. */
static char *key_of(const json_t *answer)
{
    json_t *rest = json_copy((json_t *)(uintptr_t)answer);
    json_object_del(rest, "runs");
    char *text = rest != NULL ? json_dumps(rest, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    json_decref(rest);
    return text;
}

struct keyed {
    char *key;
    json_t *value; /* a reference */
};

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct keyed *)a)->key, ((const struct keyed *)b)->key);
}

/* A new array, sorted by keys. NULL: no memory. */
static json_t *sorted_by(const json_t *array, char *(*key)(const json_t *))
{
    const size_t count = json_array_size(array);
    struct keyed *list = calloc(count + 1, sizeof *list);
    json_t *made = json_array();
    bool failed = list == NULL || made == NULL;
    for (size_t i = 0; !failed && i < count; i++) {
        list[i].value = json_array_get(array, i);
        list[i].key = key(list[i].value);
        failed = list[i].key == NULL;
    }
    if (!failed) {
        qsort(list, count, sizeof *list, by_key);
    }
    for (size_t i = 0; list != NULL && i < count; i++) {
        failed = failed || json_array_append(made, list[i].value) != 0;
        free(list[i].key);
    }
    free(list);
    return jm_end(made, failed);
}

/* Adds a run to the runs of an answer, which stay sorted. */
static bool add_run(json_t *answer, const char *run)
{
    json_t *runs = json_object_get(answer, "runs"), *name = json_string(run);
    json_t **list = calloc(json_array_size(runs) + 1, sizeof(json_t *));
    const bool has = has_value(runs, name);
    bool right = list != NULL && name != NULL;
    size_t count = 0;
    for (; right && count < json_array_size(runs); count++) {
        list[count] = json_array_get(runs, count);
    }
    if (right && !has) {
        list[count++] = name;
    }
    json_t *made = json_array();
    if (right) {
        qsort(list, count, sizeof *list, by_string);
    }
    for (size_t i = 0; right && i < count; i++) {
        right = json_array_append(made, list[i]) == 0;
    }
    free(list);
    json_decref(name);
    return json_object_set_new(answer, "runs", made) == 0 && right;
}

/* Before a run is added, each answer names the runs that gave it. */
static bool name_runs(const struct observed *observed)
{
    json_t *seen, *answer, *run;
    bool right = true;
    const char *id;
    size_t i, k;
    json_object_foreach(json_object_get(observed->document, "cases"), id, seen)
    {
        json_array_foreach(json_object_get(seen, "answers"), i, answer)
        {
            const bool named = json_object_get(answer, "runs") != NULL;
            json_array_foreach(observed_runs(observed), k, run)
            {
                right = right &&
                        (named || add_run(answer, json_string_value(json_object_get(run, "id"))));
            }
        }
    }
    return right;
}

/* The answer of the observation that says the same. Borrowed; NULL: none. */
static json_t *find_answer(const json_t *answers, const json_t *answer)
{
    char *key = key_of(answer);
    json_t *found = NULL;
    for (size_t i = 0; key != NULL && found == NULL && i < json_array_size(answers); i++) {
        char *other = key_of(json_array_get(answers, i));
        if (other != NULL && strcmp(other, key) == 0) {
            found = json_array_get(answers, i);
        }
        free(other);
    }
    free(key);
    return found;
}

/* What was observed of the case so far, with these steps; empty where there is nothing. Borrowed;
 * NULL: no memory. */
static json_t *known_answers(const struct observed *observed, const char *id, const char *program,
                             struct learnt *learnt)
{
    json_t *cases = json_object_get(observed->document, "cases");
    json_t *seen = json_object_get(cases, id);
    const char *with = json_string_value(json_object_get(seen, "program"));
    if (seen == NULL || strcmp(with, program) != 0) {
        learnt->replaced += seen != NULL;
        seen = json_pack("{s:s, s:[]}", "program", program, "answers");
        if (json_object_set_new(cases, id, seen) != 0) {
            return NULL;
        }
    }
    return json_object_get(seen, "answers");
}

/* Adds what the log showed of one case. */
static enum cts_status add_case(const struct learning *learning, const char *id, json_t *seen,
                                const char *run, struct learnt *learnt, struct cts_error *err)
{
    const json_t *shown = json_object_get(seen, "answers");
    const char *program = json_string_value(json_object_get(seen, "program"));
    json_t *answers = known_answers(learning->into, id, program, learnt), *answer;
    const bool had = json_array_size(answers) > 0;
    bool other = false;
    enum cts_status status = answers != NULL ? CTS_OK : no_memory(err);
    size_t i;
    json_array_foreach(shown, i, answer)
    {
        if (status == CTS_OK) {
            status = share_part(learning->into, answer, "before", err);
        }
        if (status == CTS_OK) {
            status = share_part(learning->into, answer, "after", err);
        }
        json_t *found = find_answer(answers, answer);
        if (status == CTS_OK && found == NULL) {
            other = true;
            json_array_append(answers, answer);
            found = answer;
        }
        if (status == CTS_OK && !add_run(found, run)) {
            status = no_memory(err);
        }
    }
    json_t *sorted = status == CTS_OK ? sorted_by(answers, key_of) : NULL;
    if (status == CTS_OK &&
        json_object_set_new(json_object_get(json_object_get(learning->into->document, "cases"), id),
                            "answers", sorted) != 0) {
        status = no_memory(err);
    }
    learnt->cases++;
    learnt->other += had && other;
    learnt->unsteady += json_array_size(shown) > 1;
    return status;
}

/* Who measured, when, which Windows, which build of the DLL. */
static json_t *run_json(const struct learning *learning, const char *id)
{
    const json_t *header = learning->header;
    const char *wine = facts_text(header, "host", "wine");
    const char *version = facts_text(header, "iut", "file_version");
    const char *started = json_string_value(json_object_get(header, "started"));
    json_t *host = json_object(), *dll = json_object(), *made = json_object();
    bool failed = host == NULL || dll == NULL || made == NULL;
    jm_text(host, "os", facts_text(header, "host", "os"), &failed);
    jm_text(host, "windows", facts_text(header, "host", "windows"), &failed);
    jm_text(host, "wine", wine[0] != '\0' ? wine : NULL, &failed);
    jm_text(dll, "version", version[0] != '\0' ? version : NULL, &failed);
    jm_text(dll, "sha256", facts_text(header, "iut", "sha256"), &failed);
    jm_text(made, "id", id, &failed);
    jm_text(made, "log", learning->log, &failed);
    jm_text(made, "by", learning->by, &failed);
    jm_text(made, "started", started != NULL ? started : "unknown", &failed);
    jm_text(made, "suite", facts_text(header, "suite", "version"), &failed);
    jm_text(made, "tables", facts_text(header, "suite", "tables"), &failed);
    jm_text(made, "profile", facts_text(header, "profile", "name"), &failed);
    jm_set(made, "host", host, &failed);
    jm_set(made, "dll", dll, &failed);
    jm_set(made, "cases", json_integer((json_int_t)json_object_size(learning->seen)), &failed);
    return jm_end(made, failed);
}

/* Runs are sorted by when they were, so that the order of learning does not matter. */
static char *run_key(const json_t *run)
{
    json_t *text = json_sprintf("%s %s", json_string_value(json_object_get(run, "started")),
                                json_string_value(json_object_get(run, "id")));
    char *key = text != NULL ? calloc(1, json_string_length(text) + 1) : NULL;
    if (key != NULL) {
        memcpy(key, json_string_value(text), json_string_length(text));
    }
    json_decref(text);
    return key;
}

bool observed_contradicts(const struct case_verdict *verdict)
{
    bool contradicts = verdict->verdict != VERDICT_ERROR && verdict_is_bad(verdict->verdict);
    for (size_t i = 0; i < verdict->finding_count; i++) {
        contradicts = contradicts || verdict->findings[i].law == NULL;
    }
    return contradicts;
}

static void count_verdicts(const struct judged_run *run, struct learnt *learnt)
{
    for (size_t i = 0; i < run->count; i++) {
        const struct case_verdict *verdict = &run->cases[i];
        const char *reason = verdict->reason != NULL ? verdict->reason : "";
        learnt->outdated +=
            verdict->verdict == VERDICT_ERROR && strcmp(reason, JUDGE_OTHER_STEPS) == 0;
        learnt->contradicts += observed_contradicts(verdict);
    }
}

enum cts_status observed_learn_end(struct learning *learning, const struct judged_run *run,
                                   struct learnt *learnt, struct cts_error *err)
{
    json_t *document = learning->into->document, *seen;
    char id[OBSERVED_ID + 1] = "";
    enum cts_status status = CTS_OK;
    const char *name;
    *learnt = (struct learnt){0};
    memcpy(id, learning->log, OBSERVED_ID);
    count_verdicts(run, learnt);
    json_t *one = run_json(learning, id);
    if (one == NULL || !name_runs(learning->into)) {
        status = no_memory(err);
    }
    json_object_foreach(learning->seen, name, seen)
    {
        if (status == CTS_OK) {
            status = add_case(learning, name, seen, id, learnt, err);
        }
    }
    if (status == CTS_OK &&
        (json_array_append(json_object_get(document, "runs"), one) != 0 ||
         json_object_set_new(document, "runs",
                             sorted_by(json_object_get(document, "runs"), run_key)) != 0)) {
        status = no_memory(err);
    }
    json_decref(one);
    return status;
}

void observed_learn_free(struct learning *learning)
{
    json_decref(learning->seen);
    learning->seen = NULL;
}
