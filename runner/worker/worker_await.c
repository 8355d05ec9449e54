/* The step `await`: until an operation is no longer pending. */
#include "worker_call.h"
#include "worker_steps.h"
#include "worker_text.h"
#include <string.h>

#define BUSY_POLLS 16 /* polls without sleeping between */

/* An await in progress. */
struct awaiting {
    struct step_context *context;
    void *object;
    unsigned query_slot;
    uint32_t pending;
    ULONGLONG end; /* of the time allowed, in ticks of milliseconds */
    unsigned polls;
    uint32_t query_hr; /* what QueryStatus itself returned */
    bool known;        /* it succeeded and wrote a status */
    uint32_t status;
};

/* One QueryStatus(&status, NULL). */
static void query_once(struct awaiting *awaiting)
{
    struct fence *fence = fence_take(sizeof awaiting->status, sizeof awaiting->status);
    struct call_words words = {0};
    struct call_result result;

    callconv_word(&words, (uintptr_t)awaiting->object);
    callconv_word(&words, (uintptr_t)fence->data);
    callconv_word(&words, 0);
    call_invoke(call_slot(awaiting->object, awaiting->query_slot), &words, &result);
    awaiting->polls++;
    awaiting->query_hr = result.value;
    awaiting->known = SUCCEEDED((HRESULT)result.value) && !fence_is_fill(fence->data, 4);
    memcpy(&awaiting->status, fence->data, sizeof awaiting->status);
    fence_give(fence);
}

/* Polls until the status is another than pending, cannot be had, or the time is over. */
static bool poll_status(struct awaiting *awaiting)
{
    for (;;) {
        query_once(awaiting);
        if (!awaiting->known || awaiting->status != awaiting->pending)
            return true;
        if (GetTickCount64() >= awaiting->end)
            return false;
        if (awaiting->polls < BUSY_POLLS)
            SwitchToThread();
        else
            wait_pumping(NULL, 1, awaiting->context->sta);
    }
}

/* Wait(INFINITE), the one argument that every Windows knows; a Wait that never returns is for the
 * engine's deadline. */
static uint32_t wait_once(const struct awaiting *awaiting, unsigned slot)
{
    struct call_words words = {0};
    struct call_result result;

    callconv_word(&words, (uintptr_t)awaiting->object);
    callconv_word(&words, INFINITE);
    call_invoke(call_slot(awaiting->object, slot), &words, &result);
    return result.value;
}

static bool slot_of(const json_t *step, const char *key, unsigned *out)
{
    const json_t *slot = json_object_get(step, key);

    *out = (unsigned)json_integer_value(slot);
    return json_is_integer(slot) && json_integer_value(slot) >= 0 &&
           json_integer_value(slot) <= 4096;
}

static void add_result(const struct awaiting *awaiting, json_t *event, struct outcome *outcome)
{
    json_object_set_new_nocheck(event, "query_hr", wtext_hex_json(awaiting->query_hr, 8));
    json_object_set_new_nocheck(event, "polls", json_integer(awaiting->polls));
    if (!awaiting->known) {
        outcome->failed = true;
        return;
    }
    json_object_set_new_nocheck(event, "hr", wtext_hex_json(awaiting->status, 8));
    outcome->has_hr = true;
    outcome->hr = awaiting->status;
}

bool await_settle(struct step_context *context, void *object, const json_t *settle)
{
    struct awaiting awaiting = {0};
    uint64_t pending;

    if (!slot_of(settle, "query_slot", &awaiting.query_slot) ||
        !wtext_number(json_object_get(settle, "pending"), &pending)) {
        program_defect(context->program, "settle needs a slot and the pending status");
        return true;
    }
    awaiting.context = context;
    awaiting.object = object;
    awaiting.pending = (uint32_t)pending;
    awaiting.end = GetTickCount64() + program_ms(context->program, settle);
    return poll_status(&awaiting);
}

void await_step(struct step_context *context, const json_t *step, json_t *event,
                struct outcome *outcome)
{
    const char *by = json_string_value(json_object_get(step, "by"));
    bool by_wait = by != NULL && strcmp(by, "wait") == 0;
    struct awaiting awaiting = {0};
    LARGE_INTEGER before, after, frequency;
    unsigned wait_slot = 0, ms;
    uint64_t pending;
    bool ended = true;

    awaiting.context = context;
    awaiting.object = steps_object(context, step, event, outcome, NULL);
    if (awaiting.object == NULL)
        return;
    if (!slot_of(step, "query_slot", &awaiting.query_slot) ||
        (by_wait && !slot_of(step, "wait_slot", &wait_slot)) ||
        !wtext_number(json_object_get(step, "pending"), &pending)) {
        program_defect(context->program, "an await needs its slots and the pending status");
        return;
    }
    awaiting.pending = (uint32_t)pending;
    ms = program_ms(context->program, step);
    awaiting.end = GetTickCount64() + ms;
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&before);
    if (by_wait) {
        uint32_t hr = wait_once(&awaiting, wait_slot);

        json_object_set_new_nocheck(event, "wait_hr", wtext_hex_json(hr, 8));
        query_once(&awaiting);
    } else {
        ended = poll_status(&awaiting);
    }
    QueryPerformanceCounter(&after);
    add_result(&awaiting, event, outcome);
    json_object_set_new_nocheck(
        event, "us",
        json_integer((after.QuadPart - before.QuadPart) * 1000000 / frequency.QuadPart));
    if (!ended) {
        json_object_set_new_nocheck(event, "timeout", json_true());
        json_object_set_new_nocheck(event, "ms", json_integer(ms));
        outcome->failed = true;
    }
}
