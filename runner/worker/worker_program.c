#include "worker_program.h"
#include "worker_call.h"
#include "worker_channel.h"
#include "worker_mem.h"
#include "worker_rounds.h"
#include "worker_steps.h"
#include "worker_writer.h"
#include <limits.h>
#include <string.h>

void program_defect(struct program *program, const char *text)
{
    program->defect = text;
    InterlockedExchange(&program->stopped, 1);
}

void program_add_object(json_t *event, const struct object *object)
{
    json_object_set_new_nocheck(event, "object", objects_json(object->number));
    if (object->of != 0)
        json_object_set_new_nocheck(event, "of", objects_json(object->of));
}

uint32_t program_release(struct program *program, const struct var_value *value, int64_t *us)
{
    uint32_t count = call_refcount(var_unknown(value), 2, us);

    if (count == 0) {
        EnterCriticalSection(&program->lock);
        objects_gone(&program->objects, value->pointer);
        LeaveCriticalSection(&program->lock);
    }
    return count;
}

uint32_t program_discard(struct program *program, struct var_value *value, int64_t *us)
{
    uint32_t count = 0;

    if (us != NULL)
        *us = 0;
    if (value->kind == VAR_IFACE && !value->borrowed) {
        EnterCriticalSection(&program->lock);
        objects_hold(&program->objects, value->pointer, -1);
        LeaveCriticalSection(&program->lock);
        count = program_release(program, value, us);
    } else if (value->kind == VAR_STRUCT && value->arg != NULL) {
        value_free_struct(value->bytes, value->length, value->arg);
    }
    var_value_free(value);
    return count;
}

/* Releases what the variables hold, the newest first. No other thread runs any more. */
static void teardown(struct step_context *context)
{
    struct program *program = context->program;
    struct var *var;

    while ((var = vars_newest(&program->vars)) != NULL) {
        struct var_value value = vars_take(var);
        struct object seen;
        json_t *event;
        uint32_t count;
        int64_t us;
        bool settled;

        if (value.kind != VAR_IFACE || value.borrowed) {
            program_discard(program, &value, NULL);
            continue;
        }
        seen = objects_see(&program->objects, value.pointer, 0);
        crash_mark_set(&context->mark, -1, 0, var->name);
        ch_send(json_pack("{s:s, s:i, s:s}", "m", "b", "s", -1, "var", var->name));
        settled = value.settle == NULL || await_settle(context, value.pointer, value.settle);
        count = program_discard(program, &value, &us);
        event = json_pack("{s:s, s:i, s:s, s:I, s:I}", "m", "e", "s", -1, "var", var->name, "n",
                          (json_int_t)count, "us", (json_int_t)us);
        if (!settled)
            json_object_set_new_nocheck(event, "pending", json_true());
        program_add_object(event, &seen);
        rounds_note(program->rounds, event);
        ch_hold(event);
    }
}

/* What the thread of the program has to do. */
struct run {
    struct program *program;
    enum apartment apartment;
    unsigned threads_left;
    json_t *rounds; /* what there is to say of them, or NULL */
};

/* Once through the program, to the end of the teardown. */
static unsigned run_once(struct step_context *context)
{
    struct program *program = context->program;
    unsigned threads_left;

    steps_run(context, json_object_get(program->json, "steps"));
    context->in_finally = true;
    steps_run(context, json_object_get(program->json, "finally"));
    writers_open(context);
    writers_rest(program);
    threads_left = threads_settle(&program->threads);
    /* What a running thread may still use must not be released under it. */
    if (threads_left == 0) {
        rounds_teardown_begins(program->rounds);
        teardown(context);
        writers_end(context);
        writers_free(program);
        threads_clear(&program->threads);
    }
    context->in_finally = false;
    return threads_left;
}

static void run_steps(struct run *run)
{
    struct program *program = run->program;
    struct step_context *context = wmem_alloc(sizeof *context);
    struct crash_mark *before;

    context->program = program;
    context->sta = run->apartment == APARTMENT_STA;
    before = crash_thread_begin(&context->mark);
    if (json_object_get(program->json, "exhaust") != NULL)
        run->threads_left = rounds_run(context, run_once, &run->rounds);
    else
        run->threads_left = run_once(context);
    crash_thread_end(before);
    crash_program_end();
    wmem_free(context);
}

static DWORD WINAPI run_on_thread(void *argument)
{
    struct run *run = argument;

    if (apartment_enter(run->apartment)) {
        run_steps(run);
        apartment_leave(run->apartment);
    } else {
        program_defect(run->program, "COM cannot be initialised for the program");
    }
    return 0;
}

/* Runs in the apartment that the program asks for. The MTA of the main thread is entered once and
 * left only for a program that wants no COM at all: it would be in the MTA without having asked. */
static void run_in_apartment(struct run *run)
{
    static bool main_in_mta;
    HANDLE thread;

    if (run->apartment == APARTMENT_MTA) {
        if (!main_in_mta)
            main_in_mta = apartment_enter(APARTMENT_MTA);
        run_steps(run);
        return;
    }
    if (run->apartment == APARTMENT_NONE && main_in_mta) {
        apartment_leave(APARTMENT_MTA);
        main_in_mta = false;
    }
    thread = CreateThread(NULL, 0, run_on_thread, run, 0, NULL);
    if (thread == NULL) {
        program_defect(run->program, "the program's thread cannot be started");
        return;
    }
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

/* Takes run->rounds over. */
static json_t *done_message(const struct run *run, json_int_t seq)
{
    json_t *done = json_pack("{s:s, s:I, s:b}", "m", "done", "seq", seq, "stopped",
                             (int)run->program->stopped);

    if (run->threads_left > 0)
        json_object_set_new(done, "threads_left", json_integer(run->threads_left));
    if (run->rounds != NULL)
        json_object_set_new(done, "exhausted", run->rounds);
    return done;
}

unsigned program_scaled(const struct program *program, json_int_t time)
{
    const double ms = (double)time * program->scale;

    return ms < 0 ? 0 : ms > INT_MAX ? INT_MAX : (unsigned)ms;
}

unsigned program_ms(const struct program *program, const json_t *step)
{
    return program_scaled(program, json_integer_value(json_object_get(step, "ms")));
}

bool program_run(const json_t *json, json_int_t seq, double scale, bool each, HMODULE module)
{
    struct program *program = wmem_alloc(sizeof *program);
    struct run run = {program, APARTMENT_MTA, 0, NULL};

    program->json = json;
    program->module = module;
    program->scale = scale;
    program->each = each;
    InitializeCriticalSection(&program->lock);
    if (!apartment_parse(json_string_value(json_object_get(json, "apartment")), &run.apartment))
        program_defect(program, "no such apartment");
    else
        run_in_apartment(&run);
    if (program->defect != NULL) {
        ch_send_last(json_pack("{s:s, s:s}", "m", "error", "text", program->defect));
        return false;
    }
    if (run.threads_left > 0) {
        ch_send_last(done_message(&run, seq));
        return false;
    }
    ch_send(done_message(&run, seq));
    vars_clear(&program->vars);
    objects_clear(&program->objects);
    DeleteCriticalSection(&program->lock);
    wmem_free(program);
    return true;
}
