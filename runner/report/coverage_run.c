/* What a run saw, as the coverage asks for it. */
#include "../model/hresult.h"
#include "coverage_report.h"
#include <string.h>

struct seen {
    const struct tables *tables;
    const struct plan *plan;
    const struct judged_run *run;
    const struct case_verdict *verdict; /* the one that was asked for last, with its events */
    json_t *events;
};

static const struct case_verdict *verdict_of(const struct seen *seen, size_t index)
{
    return judged_find(seen->run, seen->tables->cases[index].id);
}

/* The events of a verdict, borrowed: the cases are asked about one after the other. */
static const json_t *events_of(struct seen *seen, const struct case_verdict *verdict)
{
    if (seen->verdict != verdict) {
        json_decref(seen->events);
        seen->verdict = verdict;
        seen->events = judged_events(seen->run, verdict);
    }
    return seen->events;
}

static bool saw(void *context, size_t index)
{
    const struct case_verdict *verdict = verdict_of(context, index);
    if (verdict == NULL) {
        return false;
    }
    switch (verdict->verdict) {
    case VERDICT_PASS:
    case VERDICT_FAIL:
    case VERDICT_CRASH:
    case VERDICT_HANG:
    case VERDICT_NOT_IMPLEMENTED:
    case VERDICT_RECORDED:
        return true;
    case VERDICT_INCONCLUSIVE:
    case VERDICT_SKIP:
    case VERDICT_ERROR:
        break;
    }
    return false;
}

/* Does the event tell of the step? A verdict that is no error is about the program of the plan. */
static bool is_of(const struct plan_case *planned, const json_t *event, const struct step *step)
{
    const char *kind = json_string_value(json_object_get(event, "e"));
    const json_int_t s = json_integer_value(json_object_get(event, "s"));
    return kind != NULL && strcmp(kind, "step") == 0 && s >= 0 && (size_t)s < planned->step_count &&
           planned->steps[s].step == step && !planned->steps[s].in_preamble &&
           !planned->steps[s].in_finally;
}

static bool result(void *context, size_t index, const struct step *step, uint32_t *code)
{
    struct seen *seen = context;
    const struct case_verdict *verdict = verdict_of(seen, index);
    const struct plan_case *planned =
        verdict != NULL ? plan_find(seen->plan, verdict->test->id) : NULL;
    const json_t *events = planned != NULL ? events_of(seen, verdict) : NULL;
    for (size_t i = 0; i < json_array_size(events); i++) {
        const json_t *event = json_array_get(events, i);
        const char *hr = json_string_value(json_object_get(event, "hr"));
        if (hr != NULL && is_of(planned, event, step)) {
            return hr_parse(hr, code);
        }
    }
    return false;
}

struct coverage *coverage_of_run(const struct tables *tables, const struct plan *plan,
                                 const struct judged_run *run, const struct claims *claims,
                                 struct cts_error *err)
{
    struct seen seen = {.tables = tables, .plan = plan, .run = run};
    const struct cover_run asked = {
        .claims = *claims, .saw = saw, .result = result, .context = &seen};
    struct coverage *coverage = cover_new(tables, &asked);
    json_decref(seen.events);
    if (coverage == NULL) {
        err_set(err, CTS_NOMEM, "out of memory");
    } else if (judged_failed(run, err) != CTS_OK) {
        cover_free(coverage);
        coverage = NULL;
    }
    return coverage;
}
