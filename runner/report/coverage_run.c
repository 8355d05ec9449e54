/* What a run saw, as the coverage asks for it. */
#include "../model/hresult.h"
#include "coverage_report.h"
#include <stdlib.h>
#include <string.h>

struct seen {
    const struct tables *tables;
    const struct plan *plan;
    const struct judged_run *run;
};

static int by_id(const void *key, const void *item)
{
    return strcmp(key, ((const struct case_verdict *)item)->test->id);
}

static const struct case_verdict *verdict_of(const struct seen *seen, size_t index)
{
    return seen->run->count > 0 ? bsearch(seen->tables->cases[index].id, seen->run->cases,
                                          seen->run->count, sizeof *seen->run->cases, by_id)
                                : NULL;
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
    const struct seen *seen = context;
    const struct case_verdict *verdict = verdict_of(seen, index);
    const struct plan_case *planned =
        verdict != NULL ? plan_find(seen->plan, verdict->test->id) : NULL;
    for (size_t i = 0; planned != NULL && i < json_array_size(verdict->events); i++) {
        const json_t *event = json_array_get(verdict->events, i);
        const char *hr = json_string_value(json_object_get(event, "hr"));
        if (hr != NULL && is_of(planned, event, step)) {
            return hr_parse(hr, code);
        }
    }
    return false;
}

struct coverage *coverage_of_run(const struct tables *tables, const struct plan *plan,
                                 const struct judged_run *run, const struct claims *claims)
{
    struct seen seen = {tables, plan, run};
    const struct cover_run asked = {
        .claims = *claims, .saw = saw, .result = result, .context = &seen};
    return cover_new(tables, &asked);
}
