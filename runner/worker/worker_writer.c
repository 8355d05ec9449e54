#include "worker_writer.h"
#include "worker_channel.h"
#include "worker_load.h"
#include "worker_mem.h"
#include "worker_rounds.h"
#include "worker_text.h"
#include "worker_turn.h"
#include "writer_child.h"
#include <stdio.h>
#include <string.h>

#define STOP_MS 5000 /* for a writer that no step has stopped */
#define START_ATTEMPTS 3
#define DEFECT_SIZE 96

/* A writer of the program. */
struct writer_entry {
    struct writer_entry *older;
    char *id;
    struct writer_log log;
    struct writer_turns turns;
    struct fixture_writer *writer; /* in this process, */
    struct writer_child *child;    /* or in one of its own */
    bool stopped;
    bool kept; /* its log may be told something late */
};

/* A step on a writer. */
struct writer_call {
    struct step_context *context;
    const json_t *step;
    json_t *event;
    struct outcome *outcome;
    struct writer_entry *entry;
};

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* GUIDs as the numbers that the program knows them by. A new reference. */
static json_t *number_guids(struct program *program, const json_t *value)
{
    json_t *copy = NULL, *member;
    const char *key;
    size_t k;
    GUID guid;

    if (json_is_string(value) && wtext_guid(json_string_value(value), &guid)) {
        EnterCriticalSection(&program->lock);
        copy = objects_guid_json(&program->objects, &guid);
        LeaveCriticalSection(&program->lock);
    } else if (json_is_array(value)) {
        copy = json_array();
        json_array_foreach(value, k, member)
        {
            json_array_append_new(copy, number_guids(program, member));
        }
    } else if (json_is_object(value)) {
        copy = json_object();
        json_object_foreach((json_t *)(uintptr_t)value, key, member)
        {
            json_object_set_new(copy, key, number_guids(program, member));
        }
    } else {
        copy = json_deep_copy(value);
    }
    return copy;
}

/* What the writer has seen, and how its process ended where it did. */
static void show_log(struct program *program, struct writer_entry *entry, json_t *event,
                     struct outcome *outcome, bool events)
{
    if (writer_log_show(&entry->log, event, events))
        outcome->failed = true;
    if (events) {
        json_t *numbered = number_guids(program, json_object_get(event, "events"));

        json_object_set_new(event, "events", numbered);
    }
}

/* Takes hr, calls and the like over into the event. */
static void take_reply(struct writer_call *call, json_t *reply)
{
    const char *hr = text_of(reply, "hr");
    uint64_t code;

    json_object_del(reply, "m");
    json_object_update(call->event, reply);
    if (json_is_true(json_object_get(reply, "missing")))
        call->outcome->failed = true;
    if (hr != NULL && wtext_number(json_object_get(reply, "hr"), &code)) {
        call->outcome->has_hr = true;
        call->outcome->hr = (uint32_t)code;
    }
}

static unsigned call_ms(const struct writer_call *call)
{
    const struct program *program = call->context->program;

    return call->step != NULL ? program_ms(program, call->step)
                              : (unsigned)(STOP_MS * program->scale);
}

/* Asks the process of the writer; false: there was no answer, and the event says why. */
static bool ask(struct writer_call *call, json_t *message, json_t **reply)
{
    const unsigned ms = call_ms(call);
    bool timeout;

    *reply = writer_child_ask(call->entry->child, message, ms, call->context->sta, &timeout);
    if (*reply != NULL)
        return true;
    if (timeout && call->step == NULL)
        writer_log_lost(&call->entry->log, json_string("it did not answer at the end"));
    if (timeout) {
        json_object_set_new(call->event, "timeout", json_true());
        json_object_set_new(call->event, "ms", json_integer(ms));
    }
    call->outcome->failed = true;
    return false;
}

static void ask_and_take(struct writer_call *call, json_t *message)
{
    json_t *reply;

    if (ask(call, message, &reply)) {
        take_reply(call, reply);
        json_decref(reply);
    }
}

/* The process loads what the worker has loaded. */
static bool load_there(struct writer_call *call)
{
    const char *what;
    json_t *reply;
    bool loaded;

    if (!ask(call, json_deep_copy(load_message()), &reply))
        return false;
    what = text_of(reply, "m");
    loaded = what != NULL && strcmp(what, "loaded") == 0;
    if (!loaded)
        writer_log_lost(&call->entry->log,
                        json_sprintf("it could not load the implementation: %s, %s",
                                     text_of(reply, "reason"), text_of(reply, "text")));
    json_decref(reply);
    return loaded;
}

/* What the system refuses once it may allow the next time, and it says nothing of the
 * implementation. */
static struct writer_child *start_child(struct writer_call *call)
{
    struct writer_child *child = NULL;
    DWORD error = 0;

    for (int attempt = 0; child == NULL && attempt < START_ATTEMPTS; attempt++)
        child = writer_child_start(&call->entry->log, &error);
    if (child == NULL) {
        char *text = wmem_alloc(DEFECT_SIZE); /* needed until this process ends, which is soon */

        snprintf(text, DEFECT_SIZE, "the program of the writer cannot be started: error %lu",
                 error);
        program_defect(call->context->program, text);
    }
    return child;
}

static void start_there(struct writer_call *call)
{
    struct writer_entry *entry = call->entry;
    json_t *message;

    entry->child = start_child(call);
    if (entry->child == NULL) {
        entry->stopped = true;
        return;
    }
    if (!load_there(call))
        return;
    message =
        json_pack("{s:s, s:O}", "m", "start", "config", json_object_get(call->step, "config"));
    ask_and_take(call, message);
    if (json_is_true(json_object_get(call->event, "missing")) ||
        (call->outcome->has_hr && FAILED((HRESULT)call->outcome->hr))) {
        entry->kept = !writer_child_end(entry->child); /* there is no writer in it */
        entry->stopped = true;
    }
}

static bool until_of(const json_t *step, enum fixture_until *until)
{
    const char *text = text_of(step, "until");

    *until = FIXTURE_SUBSCRIBED;
    if (text == NULL || strcmp(text, "subscribe") == 0)
        return true;
    *until = strcmp(text, "construct") == 0 ? FIXTURE_CONSTRUCTED : FIXTURE_INITIALIZED;
    return *until == FIXTURE_CONSTRUCTED || strcmp(text, "initialize") == 0;
}

/* The object of the class becomes a variable, until the writer is stopped. */
static void lend_object(struct writer_call *call)
{
    struct program *program = call->context->program;
    const char *as = text_of(call->step, "as");
    struct var_value value = {.kind = VAR_IFACE, .borrowed = true}, old;

    if (as == NULL || call->entry->writer == NULL)
        return;
    value.pointer = fixture_writer_object(call->entry->writer);
    EnterCriticalSection(&program->lock);
    old = vars_set(&program->vars, as, &value);
    LeaveCriticalSection(&program->lock);
    program_discard(program, &old, NULL);
}

static void start_here(struct writer_call *call)
{
    struct writer_entry *entry = call->entry;
    struct fixture_sink sink = writer_log_sink(&entry->log);
    json_t *answer = json_object();
    enum fixture_until until;

    sink.act = turns_act;
    sink.actor = &entry->turns;
    if (until_of(call->step, &until))
        entry->writer =
            fixture_writer_start(call->context->program->module,
                                 json_object_get(call->step, "config"), until, &sink, answer);
    else
        program_defect(call->context->program, "a writer cannot be started so far");
    entry->stopped = entry->writer == NULL;
    lend_object(call);
    take_reply(call, answer);
    json_decref(answer);
}

static struct writer_entry *find(struct program *program, const char *id)
{
    struct writer_entry *entry;

    EnterCriticalSection(&program->lock);
    entry = program->writers;
    while (entry != NULL && strcmp(entry->id, id) != 0)
        entry = entry->older;
    LeaveCriticalSection(&program->lock);
    return entry;
}

static void free_entry(struct writer_entry *entry)
{
    writer_log_clear(&entry->log);
    turns_clear(&entry->turns);
    wmem_free(entry->id);
    wmem_free(entry);
}

/* A writer that is started once more takes the place of the one before, whose log nobody can ask
 * for any more: a program that starts one again and again does not grow by it. Not where another
 * thread may still look at it: one of the program, or that of an event. */
static void drop_before(const struct step_context *context, const char *id)
{
    struct program *program = context->program;
    bool alone = context->lent == NULL && program->threads.count == 0;

    for (struct writer_entry *entry = program->writers; entry != NULL; entry = entry->older)
        alone = alone && entry->stopped;
    for (struct writer_entry **at = &program->writers; alone && *at != NULL;) {
        struct writer_entry *entry = *at;

        if (entry->kept || strcmp(entry->id, id) != 0) {
            at = &entry->older;
            continue;
        }
        *at = entry->older;
        free_entry(entry);
    }
}

static void start(struct writer_call *call, const char *id)
{
    struct program *program = call->context->program;
    struct writer_entry *entry = wmem_alloc(sizeof *entry);
    const char *where = text_of(call->step, "in");

    drop_before(call->context, id);
    entry->id = wmem_strdup(id);
    writer_log_init(&entry->log);
    turns_init(&entry->turns, program);
    call->entry = entry;
    EnterCriticalSection(&program->lock);
    entry->older = program->writers;
    program->writers = entry;
    LeaveCriticalSection(&program->lock);
    if (where != NULL && strcmp(where, "process") == 0)
        start_there(call);
    else
        start_here(call);
    show_log(program, entry, call->event, call->outcome, false);
}

static void script(struct writer_call *call)
{
    const char *event = text_of(call->step, "event");
    const json_t *what = json_object_get(call->step, "script");
    const json_t *steps = json_object_get(call->step, "steps");

    if (event == NULL || !fixture_event_known(event) || !json_is_object(what)) {
        program_defect(call->context->program, "a script needs an event and what to do in it");
        return;
    }
    if (call->entry->writer != NULL)
        fixture_writer_script(call->entry->writer, event, what, steps);
    else if (steps != NULL)
        program_defect(call->context->program, "steps run in events of this process only");
    else
        ask_and_take(call,
                     json_pack("{s:s, s:s, s:O}", "m", "script", "event", event, "script", what));
}

static void go(struct writer_call *call)
{
    const char *event = text_of(call->step, "event");
    json_t *message;

    if (event != NULL && !fixture_event_known(event)) {
        program_defect(call->context->program, "a writer cannot go on from such an event");
        return;
    }
    if (call->entry->writer != NULL) {
        fixture_writer_go(call->entry->writer, event);
        return;
    }
    message = json_pack("{s:s}", "m", "go");
    if (event != NULL)
        json_object_set_new(message, "event", json_string(event));
    ask_and_take(call, message);
}

/* Waits until the writer has got an event so often as the step says. */
static void reached(struct writer_call *call)
{
    const char *event = text_of(call->step, "event");
    const json_int_t times = json_integer_value(json_object_get(call->step, "count"));
    const bool left = json_is_true(json_object_get(call->step, "left"));
    const unsigned ms = program_ms(call->context->program, call->step);
    const ULONGLONG end = GetTickCount64() + ms;
    bool ended;

    if (event == NULL || !fixture_event_known(event)) {
        program_defect(call->context->program, "a writer cannot reach such an event");
        return;
    }
    while (!writer_log_reached(&call->entry->log, event, times, left, &ended)) {
        const ULONGLONG now = GetTickCount64();

        if (ended || now >= end ||
            !wait_pumping(call->entry->log.changed, (DWORD)(end - now), call->context->sta)) {
            json_object_set_new(call->event, "timeout", json_true());
            json_object_set_new(call->event, "ms", json_integer(ms));
            call->outcome->failed = true;
            return;
        }
    }
    json_object_set_new(call->event, "ok", json_true());
}

/* What the writer told before now is in the log once it has answered. */
static void synchronize(struct writer_call *call)
{
    if (call->entry->child != NULL && !call->entry->stopped)
        ask_and_take(call, json_pack("{s:s}", "m", "sync"));
}

/* Variables that hold the object of the class, which is destroyed. */
static void take_back(struct writer_call *call)
{
    struct program *program = call->context->program;

    EnterCriticalSection(&program->lock);
    vars_give_back(&program->vars, fixture_writer_object(call->entry->writer));
    LeaveCriticalSection(&program->lock);
}

static void stop(struct writer_call *call)
{
    struct writer_entry *entry = call->entry;
    json_t *answer;

    if (entry->writer != NULL) {
        answer = json_object();
        fixture_writer_stop(entry->writer, answer);
        turns_close(&entry->turns);
        take_back(call);
        take_reply(call, answer);
        json_decref(answer);
    } else {
        ask_and_take(call, json_pack("{s:s}", "m", "stop"));
        entry->kept = !writer_child_end(entry->child);
    }
    entry->stopped = true;
}

void writer_step(struct step_context *context, const json_t *step, json_t *event,
                 struct outcome *outcome)
{
    const char *what = text_of(step, "do"), *id = text_of(step, "id");
    struct writer_call call = {context, step, event, outcome, NULL};
    bool events;

    if (what == NULL || id == NULL) {
        program_defect(context->program, "a step on a writer needs its id and what to do");
        return;
    }
    if (strcmp(what, "start") == 0) {
        start(&call, id);
        return;
    }
    call.entry = find(context->program, id);
    events = strcmp(what, "events") == 0;
    if (call.entry == NULL || (call.entry->stopped && !events)) {
        json_object_set_new(event, "skipped", json_sprintf("no writer %s", id));
        outcome->failed = true;
        return;
    }
    if (events)
        synchronize(&call);
    else if (strcmp(what, "script") == 0)
        script(&call);
    else if (strcmp(what, "go") == 0)
        go(&call);
    else if (strcmp(what, "reached") == 0)
        reached(&call);
    else if (strcmp(what, "stop") == 0)
        stop(&call);
    else
        program_defect(context->program, "a writer can do no such thing");
    show_log(context->program, call.entry, event, outcome, events || strcmp(what, "stop") == 0);
}

void writers_open(struct step_context *context)
{
    for (struct writer_entry *entry = context->program->writers; entry != NULL;
         entry = entry->older) {
        const json_t *nothing = NULL;
        struct outcome outcome = {false, false, 0};
        json_t *event = json_object();
        struct writer_call call = {context, nothing, event, &outcome, entry};

        if (!entry->stopped)
            go(&call);
        json_decref(event);
    }
}

void writers_rest(struct program *program)
{
    for (struct writer_entry *entry = program->writers; entry != NULL; entry = entry->older)
        turns_close(&entry->turns);
}

void writers_end(struct step_context *context)
{
    struct program *program = context->program;

    for (struct writer_entry *entry = program->writers; entry != NULL; entry = entry->older) {
        struct outcome outcome = {false, false, 0};
        struct writer_call call = {context, NULL, NULL, &outcome, entry};

        if (entry->stopped)
            continue;
        crash_mark_set(&context->mark, -1, 0, entry->id);
        ch_send(json_pack("{s:s, s:i, s:s}", "m", "b", "s", -1, "writer", entry->id));
        call.event = json_pack("{s:s, s:i, s:s}", "m", "e", "s", -1, "writer", entry->id);
        stop(&call);
        show_log(program, entry, call.event, &outcome, true);
        rounds_note(program->rounds, call.event);
        ch_hold(call.event);
    }
}

void writers_free(struct program *program)
{
    while (program->writers != NULL) {
        struct writer_entry *entry = program->writers;

        program->writers = entry->older;
        if (!entry->kept)
            free_entry(entry);
    }
}
