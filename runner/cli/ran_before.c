#include "ran_before.h"
#include <stdlib.h>
#include <string.h>

/* An execution that has begun. */
struct began {
    unsigned run, worker;
    size_t item; /* place in the plan */
};

struct reading {
    const struct session *session;
    const struct plan_case *target;
    struct began *began;
    size_t count, room;
    json_t *events; /* of the execution of the target that is under way, or NULL */
    unsigned run;   /* its number */
    bool found;     /* an execution that was not as expected: the last of began */
    bool seen, alone;
    enum verdict verdict;
};

static unsigned number_of(const json_t *event, const char *key)
{
    return (unsigned)json_integer_value(json_object_get(event, key));
}

static enum cts_status no_memory(struct cts_error *err)
{
    return err_set(err, CTS_NOMEM, "out of memory");
}

static enum cts_status add_begin(struct reading *reading, const json_t *event,
                                 const struct plan_case *planned, struct cts_error *err)
{
    if (reading->count == reading->room) {
        const size_t room = 2 * reading->room + 256;
        struct began *bigger = realloc(reading->began, room * sizeof *bigger);
        if (bigger == NULL) {
            return no_memory(err);
        }
        reading->began = bigger;
        reading->room = room;
    }
    reading->began[reading->count++] =
        (struct began){number_of(event, "run"), number_of(event, "worker"),
                       (size_t)(planned - reading->session->plan->cases)};
    return CTS_OK;
}

static enum cts_status begin_came(struct reading *reading, const json_t *event,
                                  struct cts_error *err)
{
    const char *id = json_string_value(json_object_get(event, "case"));
    const struct plan_case *planned = id != NULL ? plan_find(reading->session->plan, id) : NULL;
    if (planned == NULL) {
        return CTS_OK; /* the tables have it no more: without it the failure may not come again */
    }
    if (planned == reading->target && number_of(event, "attempt") == 1) {
        reading->seen = true;
        reading->alone = json_is_true(json_object_get(event, "fresh"));
        json_decref(reading->events);
        reading->events = json_array();
        reading->run = number_of(event, "run");
    }
    return add_begin(reading, event, planned, err);
}

/* The execution of the target has ended: is it what is looked for? */
static enum cts_status judge_target(struct reading *reading, struct cts_error *err)
{
    const struct session *session = reading->session;
    const size_t count = json_array_size(reading->events);
    const json_t **events = calloc(count + 1, sizeof *events);
    struct case_verdict verdict;
    if (events == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        events[i] = json_array_get(reading->events, i);
    }
    const enum cts_status status = judge_execution(session->tables, reading->target, events, count,
                                                   &session->judge, &verdict, err);
    if (status == CTS_OK) {
        reading->found = judge_again(&verdict, &session->judge);
        reading->verdict = verdict.verdict;
        verdict_clear(&verdict);
    }
    free(events);
    return status;
}

static enum cts_status event_came(void *context, const json_t *event,
                                  uint64_t place __attribute__((unused)), struct cts_error *err)
{
    struct reading *reading = context;
    const char *kind = json_string_value(json_object_get(event, "e"));
    enum cts_status status = CTS_OK;
    if (kind == NULL || reading->found) {
        return CTS_OK;
    }
    if (strcmp(kind, "begin") == 0) {
        status = begin_came(reading, event, err);
    }
    if (status != CTS_OK || reading->events == NULL || number_of(event, "run") != reading->run) {
        return status;
    }
    if (json_array_append(reading->events, (json_t *)(uintptr_t)event) != 0) {
        return no_memory(err);
    }
    return strcmp(kind, "end") == 0 ? judge_target(reading, err) : CTS_OK;
}

/* Those of the worker of the execution, up to it. */
static enum cts_status take(const struct reading *reading, struct ran_before *before,
                            struct cts_error *err)
{
    size_t last = reading->count;
    while (reading->began[last - 1].run != reading->run) {
        last--;
    }
    const struct began *target = &reading->began[last - 1];
    before->items = calloc(last, sizeof *before->items);
    if (before->items == NULL) {
        return no_memory(err);
    }
    before->target = target->item;
    before->run = target->run;
    before->worker = target->worker;
    before->verdict = reading->verdict;
    for (size_t i = 0; i + 1 < last; i++) {
        if (reading->began[i].worker == target->worker) {
            before->items[before->count++] = reading->began[i].item;
        }
    }
    return CTS_OK;
}

static enum cts_status conclude(const struct reading *reading, const char *path, const char *id,
                                struct ran_before *before, struct cts_error *err)
{
    if (!reading->seen) {
        return err_set(err, CTS_USAGE, "%s has no execution of %s", path, id);
    }
    if (!reading->found) {
        return err_set(err, CTS_USAGE, "%s was as expected in %s: there is nothing to look for", id,
                       path);
    }
    if (reading->alone) {
        return err_set(err, CTS_USAGE,
                       "%s had a worker of its own in %s: what ran before cannot be the reason", id,
                       path);
    }
    const enum cts_status status = take(reading, before, err);
    if (status == CTS_OK && before->count == 0) {
        return err_set(err, CTS_USAGE,
                       "%s was the first case of its worker in %s: what ran before cannot be the "
                       "reason",
                       id, path);
    }
    return status;
}

enum cts_status ran_before_read(const struct session *session, const char *path, const char *id,
                                struct ran_before *before, struct cts_error *err)
{
    struct reading reading = {.session = session, .target = plan_find(session->plan, id)};
    struct log_extent extent;
    memset(before, 0, sizeof *before);
    if (reading.target == NULL) {
        return err_set(err, CTS_USAGE, "%s: the run did not select this case", id);
    }
    enum cts_status status = log_read(path, event_came, &reading, &extent, err);
    if (status == CTS_OK) {
        status = conclude(&reading, path, id, before, err);
    }
    if (status != CTS_OK) {
        ran_before_free(before);
    }
    json_decref(reading.events);
    free(reading.began);
    return status;
}

void ran_before_free(struct ran_before *before)
{
    free(before->items);
    memset(before, 0, sizeof *before);
}
