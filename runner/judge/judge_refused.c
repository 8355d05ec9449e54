#include "judge_refused.h"

#include "../model/hresult.h"

#include <string.h>

/* Codes by which a call is turned away before it does anything. Others may come from the middle of
 * the work. */
static const char *const refusals[] = {"E_INVALIDARG", "E_POINTER", "E_NOINTERFACE",
                                       "VSS_E_BAD_STATE", "VSS_E_OBJECT_NOT_FOUND"};

static bool failed(const struct judged_step *step)
{
    return step->has_hr && hr_failed(step->hr);
}

static bool is_refused(const struct judged_step *step)
{
    uint32_t code = 0;
    for (size_t i = 0; failed(step) && i < sizeof refusals / sizeof refusals[0]; i++) {
        if (hr_by_name(refusals[i], &code) && step->hr == code) {
            return true;
        }
    }
    return false;
}

/* A call of a method that only tells what is. */
static bool is_asking(const struct judged_step *step)
{
    const struct step *planned = step->planned ? step->planned->step : NULL;
    return planned && planned->op == STEP_CALL && planned->method->reads && step->has_hr &&
           !step->skipped;
}

/* One that worked. */
static bool is_reading(const struct judged_step *step)
{
    return is_asking(step) && !failed(step);
}

/* Does the step leave everything as it is? */
static bool leaves_all(const struct judged_step *step)
{
    const struct step *planned = step->planned ? step->planned->step : NULL;
    if (!planned) {
        return false;
    }
    switch (planned->op) {
    case STEP_CALL:
    case STEP_FUNCTION:
        return step->skipped || (planned->method->reads && !failed(step)) || is_refused(step);
    case STEP_QUERY:
    case STEP_ADDREF:
    case STEP_COMPARE:
    case STEP_IDENTITY:
    case STEP_EXPORT:
        return true;
    default:
        return false;
    }
}

static bool same_call(const struct step *a, const struct step *b)
{
    return a->method == b->method && strcmp(a->object, b->object) == 0 &&
           (a->args == b->args || (a->args && b->args && json_equal(a->args, b->args)));
}

/* Is the value the name of an object? Each call may hand out another. */
static bool is_object(const json_t *out)
{
    const char *text = json_string_value(json_object_get(out, "v"));
    return text && strncmp(text, "{obj:", 5) == 0;
}

static bool same_outs(const struct judged_step *a, const struct judged_step *b)
{
    const char *name;
    json_t *out;
    json_t *outs = json_object_get(a->event, "out"), *others = json_object_get(b->event, "out");
    if (json_object_size(outs) != json_object_size(others)) {
        return false;
    }
    json_object_foreach(outs, name, out)
    {
        const json_t *other = json_object_get(others, name);
        if (is_object(out) ? !is_object(other) : !json_equal(out, other)) {
            return false;
        }
    }
    return true;
}

/* The same reading further back, with nothing but refused calls and other readings between, of
 * which the first refused one is handed out. NULL: there is none. */
static const struct judged_step *reading_before(const struct judging *j,
                                                const struct judged_step *step,
                                                const struct judged_step **refused)
{
    *refused = NULL;
    for (const struct judged_step *before = step; before-- > j->steps;) {
        if (is_reading(before) && same_call(before->planned->step, step->planned->step)) {
            return before;
        }
        if (!leaves_all(before)) {
            return NULL;
        }
        if (is_refused(before)) {
            *refused = before;
        }
    }
    return NULL;
}

static bool has_threads(const struct judging *j)
{
    for (size_t i = 0; i < j->planned->step_count; i++) {
        const struct plan_step *planned = &j->planned->steps[i];
        if (planned->step->op == STEP_THREAD || planned->script) {
            return true;
        }
    }
    return false;
}

/* The variable that keeps the operation which the step started, or NULL. */
static const char *kept_operation(const struct step *planned)
{
    for (size_t i = 0; i < planned->method->param_count; i++) {
        if (planned->method->params[i].kind == KIND_IFACE) {
            return exec_kept_in(planned, &planned->method->params[i]);
        }
    }
    return NULL;
}

/* Was it seen, before the end, that the operation which `start` began has come to its own? */
static bool is_awaited(const struct judged_step *start, const struct judged_step *end)
{
    const char *var = kept_operation(start->planned->step);
    for (const struct judged_step *step = start + 1; var && step < end; step++) {
        const struct step *planned = step->planned ? step->planned->step : NULL;
        if (planned && planned->op == STEP_AWAIT && strcmp(planned->object, var) == 0 &&
            step->has_hr && !step->timeout && step->hr != JUDGE_ASYNC_PENDING) {
            return true;
        }
    }
    return false;
}

/* May an operation be under way when the step is made? */
static bool is_busy(const struct judging *j, const struct judged_step *end)
{
    for (const struct judged_step *step = j->steps; step < end; step++) {
        const struct step *planned = step->planned ? step->planned->step : NULL;
        if (planned && planned->op == STEP_CALL && planned->method->starts_async && step->has_hr &&
            !failed(step) && !is_awaited(step, end)) {
            return true;
        }
    }
    return false;
}

/* Does the reading tell other things than one before a refused call? */
static bool has_changed(const struct judging *j, struct judged_step *step,
                        struct refused_change *change)
{
    if (!is_asking(step)) {
        return false;
    }
    const struct judged_step *before = reading_before(j, step, &change->refused);
    if (!before || !change->refused) {
        return false;
    }
    change->got = step->hr != before->hr ? "another result" : "other values";
    return (step->hr != before->hr || !same_outs(before, step)) && !is_busy(j, step);
}

bool refused_next(struct judging *j, struct refused_change *change)
{
    struct judged_step *step = change->after ? change->after + 1 : j->steps;
    if (has_threads(j)) {
        return false;
    }
    for (; step < j->steps + j->count; step++) {
        if (has_changed(j, step, change)) {
            change->after = step;
            return true;
        }
    }
    return false;
}
