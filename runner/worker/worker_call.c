#include "worker_call.h"
#include "worker_probe.h"
#include "worker_steps.h"
#include "worker_text.h"
#include <string.h>

enum return_kind { RETURN_HRESULT, RETURN_ULONG, RETURN_BOOL, RETURN_VOID };

enum value_kind value_kind_parse(const char *name)
{
    static const char *const names[] = {
#define X(id, name, pointer) name,
#include "../model/kinds.def"
#undef X
    };
    unsigned kind = 0;

    while (kind < VALUE_KINDS && (name == NULL || strcmp(names[kind], name) != 0))
        kind++;
    return (enum value_kind)kind;
}

struct fence *call_fence(struct call_frame *frame, size_t size, size_t align)
{
    struct fence *fence = fence_take(size, align);

    frame->fences[frame->fence_count++] = fence;
    return fence;
}

/* Only the counts: the rest is large, and written before it is read. */
static void frame_begin(struct call_frame *frame, struct program *program)
{
    frame->program = program;
    frame->words.count = 0;
    frame->fence_count = 0;
    frame->out_count = 0;
}

void call_frame_end(struct call_frame *frame)
{
    while (frame->fence_count > 0)
        fence_give(frame->fences[--frame->fence_count]);
}

static int64_t microseconds(int64_t ticks)
{
    static int64_t frequency;

    if (frequency == 0) {
        LARGE_INTEGER now;

        QueryPerformanceFrequency(&now);
        frequency = now.QuadPart;
    }
    return ticks / frequency * 1000000 + ticks % frequency * 1000000 / frequency;
}

void call_invoke(const void *function, const struct call_words *words, struct call_result *result)
{
    LARGE_INTEGER before, after;

    crash_rearm();
    QueryPerformanceCounter(&before);
    result->value = callconv_call(function, words, &result->stack);
    QueryPerformanceCounter(&after);
    result->us = microseconds(after.QuadPart - before.QuadPart);
}

const void *call_slot(void *object, unsigned slot)
{
    const void *const *table = NULL;
    const void *function = NULL;

    if (probe_copy(&table, object, sizeof table) != sizeof table)
        crash_report_read(object);
    if (probe_copy(&function, table + slot, sizeof function) != sizeof function)
        crash_report_read(table + slot);
    return function;
}

uint32_t call_refcount(void *unknown, unsigned slot, int64_t *us)
{
    struct call_words words = {0};
    struct call_result result;

    callconv_word(&words, (uintptr_t)unknown);
    call_invoke(call_slot(unknown, slot), &words, &result);
    if (us != NULL)
        *us = result.us;
    return result.value;
}

static enum return_kind return_kind(const json_t *step)
{
    const char *name = json_string_value(json_object_get(step, "ret"));

    if (name != NULL && strcmp(name, "ulong") == 0)
        return RETURN_ULONG;
    if (name != NULL && strcmp(name, "bool") == 0)
        return RETURN_BOOL;
    if (name != NULL && strcmp(name, "void") == 0)
        return RETURN_VOID;
    return RETURN_HRESULT;
}

/* Calls with the arguments of the step, of which frame->words may already hold `this`, and puts
 * what came back into the event. of: see value_out_all. */
static void call_with_args(struct call_frame *frame, const void *function, const json_t *step,
                           int of, json_t *event, struct outcome *outcome)
{
    struct program *program = frame->program;
    enum return_kind kind = return_kind(step);
    struct call_result result;
    bool made;

    EnterCriticalSection(&program->lock);
    made = value_in_args(frame, json_object_get(step, "args"));
    LeaveCriticalSection(&program->lock);
    if (!made) {
        outcome->failed = true;
        if (frame->empty != NULL)
            steps_skip(event, outcome, frame->empty);
        goto done;
    }
    call_invoke(function, &frame->words, &result);
    if (kind == RETURN_HRESULT) {
        json_object_set_new_nocheck(event, "hr", wtext_hex_json(result.value, 8));
        outcome->has_hr = true;
        outcome->hr = result.value;
    } else if (kind == RETURN_ULONG) {
        json_object_set_new_nocheck(event, "n", json_integer(result.value));
    } else if (kind == RETURN_BOOL) {
        json_object_set_new_nocheck(event, "n", json_integer((uint8_t)result.value));
    }
    json_object_set_new_nocheck(event, "us", json_integer(result.us));
    if (result.stack != 0)
        json_object_set_new_nocheck(event, "stack", json_integer(result.stack));
    value_out_all(frame, event, kind != RETURN_HRESULT || SUCCEEDED((HRESULT)result.value), of);
done:
    call_frame_end(frame);
}

void call_step_lookup(struct step_context *context, const json_t *step, json_t *event,
                      struct outcome *outcome)
{
    HMODULE module = context->program->module;
    const char *name = json_string_value(json_object_get(step, "name"));
    const json_t *other = json_object_get(step, "other");
    FARPROC function, same;

    (void)outcome;
    if (name == NULL || (other != NULL && !json_is_string(other))) {
        program_defect(context->program, "a look-up needs one name or two");
        return;
    }
    function = GetProcAddress(module, name);
    same = other != NULL ? GetProcAddress(module, json_string_value(other)) : function;
    if (function == NULL || same == NULL)
        json_object_set_new_nocheck(event, "missing", json_true());
    else if (other != NULL)
        json_object_set_new_nocheck(event, "equal", json_boolean(function == same));
}

void call_step_export(struct step_context *context, const json_t *step, json_t *event,
                      struct outcome *outcome)
{
    struct call_frame frame;
    FARPROC function = NULL;
    void *object = NULL;
    const json_t *name;
    size_t k;

    json_array_foreach(json_object_get(step, "names"), k, name)
    {
        if (json_is_string(name))
            function = GetProcAddress(context->program->module, json_string_value(name));
        if (function != NULL)
            break;
    }
    if (function == NULL) {
        json_object_set_new_nocheck(event, "missing", json_true());
        outcome->failed = true;
        return;
    }
    if (json_object_get(step, "on") != NULL) {
        object = steps_object(context, step, event, outcome, NULL);
        if (object == NULL)
            return;
    }
    frame_begin(&frame, context->program);
    if (object != NULL)
        callconv_word(&frame.words, (uintptr_t)object);
    call_with_args(&frame, (const void *)(uintptr_t)function, step, 0, event, outcome);
}

void call_step_method(struct step_context *context, const json_t *step, json_t *event,
                      struct outcome *outcome)
{
    struct call_frame frame;
    const json_t *slot = json_object_get(step, "slot");
    void *unknown = NULL, *object = steps_object(context, step, event, outcome, &unknown);
    int of = 0;

    if (object == NULL)
        return;
    if (!json_is_integer(slot) || json_integer_value(slot) < 0 || json_integer_value(slot) > 4096) {
        program_defect(context->program, "a call needs a slot from 0 to 4096");
        return;
    }
    if (json_is_true(json_object_get(step, "qi"))) {
        EnterCriticalSection(&context->program->lock);
        of = objects_see(&context->program->objects, object, 0).number;
        LeaveCriticalSection(&context->program->lock);
        object = unknown;
    }
    frame_begin(&frame, context->program);
    callconv_word(&frame.words, (uintptr_t)object);
    call_with_args(&frame, call_slot(object, (unsigned)json_integer_value(slot)), step, of, event,
                   outcome);
}
