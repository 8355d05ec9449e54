#include "worker_steps.h"
#include "worker_call.h"
#include "worker_channel.h"
#include "worker_footprint.h"
#include "worker_rounds.h"
#include "worker_text.h"
#include "worker_writer.h"
#include <string.h>

#define SETTLE_MS 3000 /* for what a round may leave to others to finish */

typedef void (*step_function)(struct step_context *context, const json_t *step, json_t *event,
                              struct outcome *outcome);

void steps_skip(json_t *event, struct outcome *outcome, const char *variable)
{
    json_object_set_new(event, "skipped", json_sprintf("empty variable %s", variable));
    outcome->failed = true;
}

/* The variable as the steps see it, or NULL. Under the program's lock. */
static const struct var *find_var(const struct step_context *context, const char *name)
{
    const struct var *var = context->lent != NULL ? vars_find(context->lent, name) : NULL;

    return var != NULL ? var : vars_find(&context->program->vars, name);
}

void *steps_object(struct step_context *context, const json_t *step, json_t *event,
                   struct outcome *outcome, void **unknown)
{
    struct program *program = context->program;
    const char *name = json_string_value(json_object_get(step, "on"));
    const struct var *var;
    void *object = NULL;

    if (name == NULL) {
        program_defect(program, "a step needs its variable in \"on\"");
        return NULL;
    }
    EnterCriticalSection(&program->lock);
    var = find_var(context, name);
    if (var != NULL && var->value.kind == VAR_IFACE) {
        object = var->value.pointer;
        if (unknown != NULL)
            *unknown = var_unknown(&var->value);
    } else if (var != NULL) {
        program_defect(program, "the variable of a call must hold an interface");
    }
    LeaveCriticalSection(&program->lock);
    if (object == NULL)
        steps_skip(event, outcome, name);
    return object;
}

static void add_counted(struct step_context *context, json_t *event, void *object, uint32_t count,
                        int64_t us)
{
    struct object seen;

    EnterCriticalSection(&context->program->lock);
    seen = objects_see(&context->program->objects, object, 0);
    LeaveCriticalSection(&context->program->lock);
    json_object_set_new_nocheck(event, "n", json_integer(count));
    json_object_set_new_nocheck(event, "us", json_integer(us));
    program_add_object(event, &seen);
}

static void addref_step(struct step_context *context, const json_t *step, json_t *event,
                        struct outcome *outcome)
{
    void *unknown = NULL, *object = steps_object(context, step, event, outcome, &unknown);
    int64_t us;
    uint32_t count;

    if (object == NULL)
        return;
    count = call_refcount(unknown, 1, &us);
    add_counted(context, event, object, count, us);
}

static void release_step(struct step_context *context, const json_t *step, json_t *event,
                         struct outcome *outcome)
{
    struct program *program = context->program;
    void *unknown = NULL, *object = steps_object(context, step, event, outcome, &unknown);
    struct var_value value = {0};
    int64_t us;
    uint32_t count;

    if (object == NULL)
        return;
    if (json_is_true(json_object_get(step, "keep"))) {
        count = call_refcount(unknown, 2, &us);
        add_counted(context, event, object, count, us);
        return;
    }
    EnterCriticalSection(&program->lock);
    {
        struct var *var = vars_find(&program->vars, json_string_value(json_object_get(step, "on")));
        struct object seen = objects_see(&program->objects, object, 0);

        if (var != NULL)
            value = vars_take(var);
        program_add_object(event, &seen);
    }
    LeaveCriticalSection(&program->lock);
    count = program_discard(program, &value, &us);
    json_object_set_new_nocheck(event, "n", json_integer(count));
    json_object_set_new_nocheck(event, "us", json_integer(us));
}

static void thread_step(struct step_context *context, const json_t *step, json_t *event,
                        struct outcome *outcome)
{
    const char *id = json_string_value(json_object_get(step, "id"));
    const char *name = json_string_value(json_object_get(step, "apartment"));
    enum apartment apartment;
    bool started;

    if (id == NULL || !apartment_parse(name, &apartment)) {
        program_defect(context->program, "a thread needs an id and a known apartment");
        return;
    }
    started = thread_start(context, id, apartment, json_object_get(step, "steps"));
    json_object_set_new_nocheck(event, "ok", json_boolean(started));
    outcome->failed = !started;
}

static void join_step(struct step_context *context, const json_t *step, json_t *event,
                      struct outcome *outcome)
{
    const char *id = json_string_value(json_object_get(step, "id"));
    const unsigned ms = program_ms(context->program, step);

    if (id == NULL) {
        program_defect(context->program, "a join needs the id of a thread");
        return;
    }
    switch (thread_join(context, id, ms)) {
    case THREAD_JOINED:
        json_object_set_new_nocheck(event, "ok", json_true());
        break;
    case THREAD_TIMEOUT:
        json_object_set_new_nocheck(event, "timeout", json_true());
        json_object_set_new_nocheck(event, "ms", json_integer(ms));
        outcome->failed = true;
        break;
    case THREAD_UNKNOWN:
        json_object_set_new(event, "skipped", json_sprintf("no thread %s", id));
        outcome->failed = true;
        break;
    }
}

static void repeat_step(struct step_context *context, const json_t *step, json_t *event,
                        struct outcome *outcome)
{
    json_int_t times = json_integer_value(json_object_get(step, "times")), done = 0;
    bool leaks = json_is_true(json_object_get(step, "leaks"));
    struct footprint footprint = {0};
    unsigned outer = context->round;

    (void)outcome;
    while (done < times && (context->in_finally || !context->program->stopped)) {
        context->round = (unsigned)++done;
        steps_run(context, json_object_get(step, "steps"));
        if (leaks && !context->program->stopped && footprint_due((unsigned)done, (unsigned)times))
            footprint_mark(&footprint, (unsigned)done, program_scaled(context->program, SETTLE_MS),
                           context->sta);
    }
    context->round = outer;
    if (footprint.marks != NULL)
        json_object_set_new_nocheck(event, "footprint", footprint.marks);
    json_object_set_new_nocheck(event, "rounds", json_integer(done));
}

static void compare_step(struct step_context *context, const json_t *step, json_t *event,
                         struct outcome *outcome)
{
    struct program *program = context->program;
    const char *a = json_string_value(json_object_get(step, "a"));
    const char *b = json_string_value(json_object_get(step, "b"));
    bool equal;

    (void)outcome;
    if (a == NULL || b == NULL) {
        program_defect(program, "a comparison needs two variables");
        return;
    }
    EnterCriticalSection(&program->lock);
    equal = vars_equal(find_var(context, a), find_var(context, b));
    LeaveCriticalSection(&program->lock);
    json_object_set_new_nocheck(event, "equal", json_boolean(equal));
}

static step_function step_find(const char *op)
{
    static const struct {
        const char *op;
        step_function run;
    } steps[] = {
        {"call", call_step_method}, {"export", call_step_export}, {"await", await_step},
        {"release", release_step},  {"addref", addref_step},      {"thread", thread_step},
        {"join", join_step},        {"repeat", repeat_step},      {"compare", compare_step},
        {"writer", writer_step},    {"identity", identity_step},  {"lookup", call_step_lookup},
    };

    for (size_t k = 0; op != NULL && k < sizeof steps / sizeof *steps; k++) {
        if (strcmp(steps[k].op, op) == 0)
            return steps[k].run;
    }
    return NULL;
}

static bool need_met(const json_t *need, const struct outcome *outcome)
{
    const json_t *item;
    size_t k;

    if (need == NULL)
        return true;
    if (outcome->failed)
        return false;
    if (!outcome->has_hr)
        return true;
    json_array_foreach(need, k, item)
    {
        uint64_t code;

        if (wtext_number(item, &code) && (uint32_t)code == outcome->hr)
            return true;
    }
    return false;
}

static void step_run(struct step_context *context, const json_t *step)
{
    const json_t *number = json_object_get(step, "s");
    step_function run = step_find(json_string_value(json_object_get(step, "op")));
    struct outcome outcome = {false, false, 0};
    int s = (int)json_integer_value(number);
    struct rounds *rounds = context->program->rounds;
    unsigned round = context->round;
    json_t *event;

    if (rounds_passes_over(rounds, step))
        return;
    if (!json_is_integer(number) || run == NULL) {
        program_defect(context->program, "a step needs a number and a known op");
        return;
    }
    crash_mark_set(&context->mark, s, round, NULL);
    ch_begin(s, round);
    event = json_object();
    json_object_set_new_nocheck(event, "m", json_string_nocheck("e"));
    json_object_set_new_nocheck(event, "s", json_integer(s));
    if (round != 0)
        json_object_set_new_nocheck(event, "i", json_integer(round));
    rounds_step_begins(rounds, s);
    run(context, step, event, &outcome);
    rounds_step_ended(rounds, s, &outcome);
    rounds_note(rounds, event);
    ch_hold(event);
    if (!context->in_finally && !need_met(json_object_get(step, "need"), &outcome))
        InterlockedExchange(&context->program->stopped, 1);
}

void steps_run(struct step_context *context, const json_t *steps)
{
    const json_t *step;
    size_t k;

    json_array_foreach(steps, k, step)
    {
        if (context->program->defect != NULL || (context->program->stopped && !context->in_finally))
            return;
        step_run(context, step);
    }
}
