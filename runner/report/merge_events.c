/* Joining logs: the events of the joined log. */
#include "json_make.h"
#include "merge.h"

#include <string.h>

/* What the logs of the parts were, by their last seals; null for one without. A log that is joined
 * alone, being whole, stays what it is. */
static void set_parts(json_t *header, const struct merge *merge, bool *failed)
{
    json_t *list = json_array();
    bool sealed = false;
    *failed = *failed || list == NULL;
    for (size_t i = 0; i < merge->count; i++) {
        const char *seal = merge->logs[i].seal;
        sealed = sealed || seal[0] != '\0';
        jm_append(list, seal[0] != '\0' ? json_string(seal) : json_null(), failed);
    }
    if (sealed && merge->logs[0].shard.count > 0) {
        jm_set(header, "parts", json_incref(list), failed);
    }
    json_decref(list);
}

json_t *merge_header(const struct merge *merge)
{
    json_t *made = json_deep_copy(merge->logs[0].header);
    json_t *options = json_object_get(made, "options");
    const char *started = json_string_value(json_object_get(made, "started"));
    bool failed = made == NULL;
    for (size_t i = 1; i < merge->count; i++) {
        const char *other = json_string_value(json_object_get(merge->logs[i].header, "started"));
        started =
            started == NULL || (other != NULL && strcmp(other, started) < 0) ? other : started;
    }
    if (started != NULL) {
        jm_set(made, "started", json_string(started), &failed);
    }
    set_parts(made, merge, &failed);
    json_object_del(options, "shard"); /* which says more than the arguments do */
    jm_set(made, "selected", json_integer((json_int_t)merge->plan->count), &failed);
    return jm_end(made, failed);
}

/* Adds to a number that the event may have. */
static void move_number(json_t *event, const char *key, json_int_t by, bool *failed)
{
    const json_t *number = json_object_get(event, key);
    if (json_is_integer(number)) {
        jm_set(event, key, json_integer(json_integer_value(number) + by), failed);
    }
}

/* The number of the event's execution in the joined log; 0: it did not end, and is left out. */
static json_int_t number_of(struct merge *merge, const struct merge_log *log, const json_t *event,
                            bool begins)
{
    struct merge_run *run = merge_run_of(log, event);
    if (run != NULL && run->ended && begins) {
        run->number = ++merge->executions;
    }
    return run != NULL ? run->number : 0;
}

/* Header and footer are made anew, and what went on was, seen from here, one run. */
static bool is_left_out(const char *kind)
{
    static const char *const kinds[] = {"header", "resume", "seal", "footer"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kind, kinds[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool merge_event(struct merge *merge, struct merge_log *log, const json_t *event, json_t **out)
{
    const char *kind = json_string_value(json_object_get(event, "e"));
    const bool in_run = json_object_get(event, "run") != NULL;
    json_int_t number = 0;
    bool failed = false;

    *out = NULL;
    if (log->taken++ >= log->noted || kind == NULL || is_left_out(kind)) {
        return true;
    }
    if (in_run) {
        number = number_of(merge, log, event, strcmp(kind, "begin") == 0);
        if (number == 0) {
            return true;
        }
    }
    json_t *made = json_copy((json_t *)(uintptr_t)event); /* which it does not change */
    failed = made == NULL;
    if (in_run) {
        jm_set(made, "run", json_integer(number), &failed);
    }
    move_number(made, "t", merge->ms, &failed);
    move_number(made, "worker", merge->workers, &failed);
    *out = jm_end(made, failed);
    return *out != NULL;
}

void merge_next(struct merge *merge, const struct merge_log *log)
{
    merge->ms += log->ms;
    merge->workers += log->workers;
}

json_t *merge_footer(const struct merge *merge)
{
    return json_pack("{s:s, s:I, s:b, s:I, s:I, s:I, s:b}", "e", "footer", "t", merge->ms,
                     "complete", 1, "cases", (json_int_t)merge->plan->count, "executions",
                     merge->executions, "us", merge->ms * 1000, "interrupted", 0);
}
