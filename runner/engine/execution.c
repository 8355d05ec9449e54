#include "execution.h"
#include <stdlib.h>
#include <string.h>

const char *exec_how_name(enum end_how how)
{
    static const char *const names[] = {
#define X(id, name) name,
#include "ends.def"
#undef X
    };
    return names[how];
}

static void fail(struct execution *exec)
{
    if (exec->journal->status == CTS_OK) {
        exec->journal->status = CTS_NOMEM;
    }
}

/* Keeps the event for the judge and writes it. */
static void keep_and_emit(struct execution *exec, json_t *event)
{
    if (exec->event_count == exec->event_cap) {
        size_t cap = exec->event_cap ? 2 * exec->event_cap : 16;
        json_t **bigger = realloc(exec->events, cap * sizeof *bigger);
        if (!bigger) {
            json_decref(event);
            fail(exec);
            return;
        }
        exec->events = bigger;
        exec->event_cap = cap;
    }
    if (event) {
        exec->events[exec->event_count++] = json_incref(event);
    }
    journal_emit(exec->journal, event);
}

struct execution *exec_new(struct journal *journal, const struct exec_what *what)
{
    struct execution *exec = calloc(1, sizeof *exec);
    if (!exec) {
        return NULL;
    }
    exec->what = *what;
    exec->journal = journal;
    exec->open = calloc(what->planned->step_count + 1, sizeof *exec->open);
    if (!exec->open) {
        free(exec);
        return NULL;
    }
    keep_and_emit(exec, json_pack("{s:s, s:I, s:I, s:s, s:s, s:I, s:I, s:b}", "e", "begin", "t",
                                  (json_int_t)(journal_us(journal) / 1000), "run",
                                  (json_int_t)what->run, "case", what->planned->test->id, "program",
                                  what->planned->hash, "attempt", (json_int_t)what->attempt,
                                  "worker", (json_int_t)what->worker, "fresh", what->fresh));
    exec->began = uv_hrtime();
    return exec;
}

void exec_free(struct execution *exec)
{
    if (!exec) {
        return;
    }
    for (size_t i = 0; i < exec->event_count; i++) {
        json_decref(exec->events[i]);
    }
    free(exec->events);
    free(exec->open);
    free(exec);
}

static unsigned *open_place(struct execution *exec, int s)
{
    bool inside = s >= -1 && s < (int)exec->what.planned->step_count;
    return inside ? &exec->open[s + 1] : NULL;
}

bool exec_step_begins(struct execution *exec, const struct message *message)
{
    unsigned *open = open_place(exec, message->s);
    if (!open || *open) {
        return false;
    }
    *open = ++exec->begins;
    exec->in_round = false;
    return true;
}

void exec_round_is_at(struct execution *exec, const struct message *message)
{
    exec->in_round = true;
    exec->round_s = message->s;
    exec->round_i = (unsigned)json_integer_value(json_object_get(message->object, "i"));
}

bool exec_step_ends(struct execution *exec, const struct message *message)
{
    unsigned *open = open_place(exec, message->s);
    if (!open || !*open) {
        return false;
    }
    *open = 0;
    json_t *event = journal_event(exec->journal, "step");
    json_object_del(message->object, "m");
    /* Our keys come first in the line, and the worker's cannot replace them. */
    json_t *both = json_object();
    if (!event || !both ||
        json_object_set_new(event, "run", json_integer((json_int_t)exec->what.run)) != 0 ||
        json_object_update(both, event) != 0 || json_object_update(both, message->object) != 0 ||
        json_object_update(both, event) != 0) {
        json_decref(both);
        both = NULL;
    }
    json_decref(event);
    keep_and_emit(exec, both);
    return true;
}

int exec_at(const struct execution *exec)
{
    unsigned last = 0;
    int at = MSG_NO_STEP;
    for (size_t i = 0; i <= exec->what.planned->step_count; i++) {
        if (exec->open[i] > last) {
            last = exec->open[i];
            at = (int)i - 1;
        }
    }
    return at;
}

uint64_t exec_us(const struct execution *exec)
{
    return (uv_hrtime() - exec->began) / 1000;
}

static bool set_at(json_t *event, int at)
{
    return at == MSG_NO_STEP || json_object_set_new(event, "at", json_integer(at)) == 0;
}

void exec_slow(struct execution *exec)
{
    json_t *event = journal_event(exec->journal, "slow");
    if (!event ||
        json_object_set_new(event, "run", json_integer((json_int_t)exec->what.run)) != 0 ||
        json_object_set_new(event, "us", json_integer((json_int_t)exec_us(exec))) != 0 ||
        !set_at(event, exec_at(exec))) {
        json_decref(event);
        event = NULL;
    }
    journal_emit(exec->journal, event);
}

/* The step that was running, and `i` where it was one of a round. */
static bool set_place(const struct execution *exec, json_t *event, enum end_how how,
                      const json_t *crashed)
{
    const bool ended = how == END_DONE || how == END_STOPPED;
    if (crashed && json_integer_value(crashed) >= 0) {
        return set_at(event, (int)json_integer_value(crashed));
    }
    if (exec->in_round && !ended && exec_at(exec) == MSG_NO_STEP) {
        return set_at(event, exec->round_s) &&
               (exec->round_i == 0 ||
                json_object_set_new(event, "i", json_integer((json_int_t)exec->round_i)) == 0);
    }
    return set_at(event, exec_at(exec));
}

void exec_end(struct execution *exec, enum end_how how, uint64_t us, json_t *more)
{
    json_t *event =
        json_pack("{s:s, s:I, s:I, s:s, s:I}", "e", "end", "t",
                  (json_int_t)(journal_us(exec->journal) / 1000), "run", (json_int_t)exec->what.run,
                  "how", exec_how_name(how), "us", (json_int_t)us);
    if (!event || !set_place(exec, event, how, json_object_get(more, "s")) ||
        (more && json_object_update_missing(event, more) != 0)) {
        json_decref(event);
        event = NULL;
    }
    json_decref(more);
    keep_and_emit(exec, event);
}
