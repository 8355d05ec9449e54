#include "judge_exec.h"

#include "../model/hresult.h"
#include "../plan/arg_ref.h"

#include <stdlib.h>
#include <string.h>

static bool is_event(const json_t *event, const char *kind)
{
    const char *e = json_string_value(json_object_get(event, "e"));
    return e && strcmp(e, kind) == 0;
}

static bool find_how(const json_t *end, enum end_how *how)
{
    static const char *const names[] = {
#define X(id, name) name,
#include "../engine/ends.def"
#undef X
    };
    const char *name = json_string_value(json_object_get(end, "how"));
    for (size_t i = 0; name && i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0) {
            *how = (enum end_how)i;
            return true;
        }
    }
    return false;
}

enum cts_status exec_frame(struct judging *j, const json_t *const *events, size_t count,
                           struct cts_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (is_event(events[i], "begin")) {
            j->begin = events[i];
        } else if (is_event(events[i], "end")) {
            j->end = events[i];
        } else if (!is_event(events[i], "step")) {
            return err_set(err, CTS_BAD_FILE, "an execution has begin, step and end events only");
        }
    }
    if (!j->begin) {
        return err_set(err, CTS_BAD_FILE, "an execution has no begin event");
    }
    if (j->end && !find_how(j->end, &j->how)) {
        return err_set(err, CTS_BAD_FILE, "an execution ended in an unknown way");
    }
    return CTS_OK;
}

bool exec_code(const json_t *value, uint32_t *code)
{
    const char *text = json_string_value(value);
    return text && hr_parse(text, code);
}

/* Reads the numbers of one event; rounds counts the results of each step so far. */
static enum cts_status read_step(struct judging *j, struct judged_step *step, const json_t *event,
                                 unsigned *rounds, struct cts_error *err)
{
    const json_t *s = json_object_get(event, "s"), *i = json_object_get(event, "i");
    const json_t *n = json_object_get(event, "n");
    if (!json_is_integer(s)) {
        return err_set(err, CTS_BAD_FILE, "a step event has no number");
    }
    step->event = event;
    step->has_hr = exec_code(json_object_get(event, "hr"), &step->hr);
    step->has_n = json_is_integer(n);
    step->n = (uint32_t)json_integer_value(n);
    step->skipped = json_string_value(json_object_get(event, "skipped"));
    step->lost = json_string_value(json_object_get(event, "lost"));
    step->timeout = json_is_true(json_object_get(event, "timeout"));
    step->missing = json_is_true(json_object_get(event, "missing"));
    json_int_t number = json_integer_value(s);
    if (number < -1 || number >= (json_int_t)j->planned->step_count) {
        j->strange = true;
        return CTS_OK;
    }
    step->s = (int)number;
    if (step->s < 0) {
        return CTS_OK;
    }
    step->planned = &j->planned->steps[step->s];
    step->round = json_is_integer(i) ? (unsigned)json_integer_value(i) : rounds[step->s];
    rounds[step->s]++;
    j->ended[step->s] = true;
    return CTS_OK;
}

enum cts_status exec_read(struct judging *j, const json_t *const *events, size_t count,
                          struct cts_error *err)
{
    size_t steps = j->planned->step_count + 1; /* never 0, which calloc may answer with NULL */
    enum cts_status status = CTS_OK;
    unsigned *rounds = calloc(steps, sizeof *rounds);
    j->ended = calloc(steps, sizeof *j->ended);
    j->steps = calloc(count + 1, sizeof *j->steps);
    if (!rounds || !j->ended || !j->steps) {
        status = err_set(err, CTS_NOMEM, "out of memory");
    }
    for (size_t i = 0; status == CTS_OK && i < count; i++) {
        if (is_event(events[i], "step")) {
            status = read_step(j, &j->steps[j->count++], events[i], rounds, err);
        }
    }
    free(rounds);
    return status;
}

void judging_free(struct judging *j)
{
    free(j->ended);
    free(j->steps);
}

const struct api_method *exec_method(const struct judging *j, const struct step *step)
{
    switch (step->op) {
    case STEP_CREATE:
    case STEP_FUNCTION:
    case STEP_CALL:
        return step->method;
    case STEP_QUERY:
        return tbl_method(j->tables, "IUnknown", "QueryInterface");
    case STEP_CANCEL:
        return tbl_method(j->tables, "IVssAsync", "Cancel");
    case STEP_ADDREF:
        return tbl_method(j->tables, "IUnknown", "AddRef");
    case STEP_RELEASE:
        return tbl_method(j->tables, "IUnknown", "Release");
    default:
        return NULL;
    }
}

bool exec_query_failed(const struct judged_step *step, uint32_t *code)
{
    return step->planned && step->planned->step->op == STEP_AWAIT && !step->has_hr &&
           exec_code(json_object_get(step->event, "query_hr"), code);
}

const char *exec_kept_in(const struct step *step, const struct api_param *param)
{
    if (param->dir != DIR_OUT) {
        return NULL;
    }
    if (step->op == STEP_CREATE || step->op == STEP_QUERY) {
        return step->as;
    }
    const char *text = json_string_value(json_object_get(step->args, param->name));
    struct arg_ref ref = text ? arg_ref_of(text) : (struct arg_ref){ARG_LITERAL, NULL};
    return ref.what == ARG_VARIABLE ? ref.text : NULL;
}

/* The out parameter that the step keeps in the variable, or NULL. */
static const struct api_param *kept_as(const struct judging *j, const struct step *step,
                                       const char *var)
{
    const struct api_method *method = exec_method(j, step);
    for (size_t i = 0; method && i < method->param_count; i++) {
        const char *kept = exec_kept_in(step, &method->params[i]);
        if (kept && strcmp(kept, var) == 0) {
            return &method->params[i];
        }
    }
    return NULL;
}

const struct judged_step *exec_giver(const struct judging *j, const struct judged_step *before,
                                     const char *var)
{
    for (const struct judged_step *step = before; step-- > j->steps;) {
        if (step->planned && kept_as(j, step->planned->step, var)) {
            return step;
        }
    }
    return NULL;
}

const json_t *exec_variable(const struct judging *j, const struct judged_step *before,
                            const char *var)
{
    const struct judged_step *giver = exec_giver(j, before, var);
    const struct api_param *param = giver ? kept_as(j, giver->planned->step, var) : NULL;
    return param ? json_object_get(exec_out(giver, param->name), "v") : NULL;
}

const json_t *exec_out(const struct judged_step *step, const char *param)
{
    return json_object_get(json_object_get(step->event, "out"), param);
}

bool exec_written(const json_t *out)
{
    return json_is_true(json_object_get(out, "w"));
}

bool exec_in_body(const struct judged_step *step)
{
    return step->planned && !step->planned->in_preamble && !step->planned->in_finally;
}

bool exec_in_preamble(const struct judged_step *step)
{
    return step->planned && step->planned->in_preamble && !step->planned->in_finally;
}
