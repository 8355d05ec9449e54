/* From one execution to one verdict. */
#include "judge_against.h"
#include "judge_exec.h"
#include "judge_findings.h"
#include "judge_rounds.h"
#include "judge_steps.h"
#include "judge_witness.h"
#include "judge_words.h"
#include "laws.h"

#include <stdlib.h>
#include <string.h>

#define WINE_STUB "0x80000100" /* what a stub of Wine raises */

/* The first of each kind that the steps showed, as the reason of a verdict. */
struct causes {
    char *lost; /* the process of a writer ended and was not told to */
    char *not_implemented;
    char *pending;   /* an await or join of the body ran into its deadline */
    char *need;      /* a step of the preamble, or a hook, did not give what is needed */
    char *unchecked; /* an expectation that could not be checked, for no known reason */
};

static void causes_free(struct causes *causes)
{
    free(causes->lost);
    free(causes->not_implemented);
    free(causes->pending);
    free(causes->need);
    free(causes->unchecked);
}

/* Keeps the first of a kind. */
static void keep(struct judging *j, char **cause,
                 char *(*words)(const struct judging *, const struct judged_step *),
                 const struct judged_step *step)
{
    if (!*cause) {
        *cause = words(j, step);
        j->nomem = j->nomem || !*cause;
    }
}

static bool code_in(uint32_t code, const uint32_t *codes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (codes[i] == code) {
            return true;
        }
    }
    return false;
}

static bool need_met(const struct judged_step *step)
{
    const struct step *planned = step->planned->step;
    return !step->timeout &&
           (planned->need_count == 0 ||
            (step->has_hr && code_in(step->hr, planned->need, planned->need_count)));
}

/* Does the result, or that of the calls that an await makes, say E_NOTIMPL? */
static bool says_not_implemented(const struct judged_step *step)
{
    uint32_t query = 0, wait = 0;
    exec_code(json_object_get(step->event, "query_hr"), &query);
    exec_code(json_object_get(step->event, "wait_hr"), &wait);
    return (step->has_hr && step->hr == JUDGE_E_NOTIMPL) || query == JUDGE_E_NOTIMPL ||
           wait == JUDGE_E_NOTIMPL;
}

/* A stub: it says so where neither the page nor the case knows of it. */
static bool is_not_implemented(const struct judging *j, const struct judged_step *step)
{
    const struct step *planned = step->planned->step;
    const struct api_method *method = exec_method(j, planned);
    if (planned->op == STEP_EXPORT) {
        return step->missing && planned->expect && planned->is != EXPORT_ABSENT;
    }
    if (step->missing) {
        return true;
    }
    return says_not_implemented(step) &&
           !(method && laws_result_listed(j, method, JUDGE_E_NOTIMPL)) &&
           !steps_names_code(j, planned, JUDGE_E_NOTIMPL);
}

/* A step that was not made, for an empty variable: nothing new where a finding tells why it is
 * empty. */
static void judge_skipped(struct judging *j, size_t at, struct causes *causes)
{
    static const char head[] = "empty variable ";
    struct judged_step *step = &j->steps[at];
    const char *var = strncmp(step->skipped, head, sizeof head - 1) == 0
                          ? step->skipped + sizeof head - 1
                          : step->planned->step->object;
    const struct judged_step *giver = var ? exec_giver(j, &j->steps[at], var) : NULL;
    step->troubled = giver && giver->troubled;
    if (!step->troubled && step->planned->step->expect) {
        keep(j, &causes->unchecked, words_not_made, step);
    }
}

static void judge_body_step(struct judging *j, size_t at, struct causes *causes)
{
    struct judged_step *step = &j->steps[at];
    if (step->skipped) {
        judge_skipped(j, at, causes);
    } else if (step->lost) {
        step->troubled = true;
    } else if (step->timeout) {
        keep(j, &causes->pending, words_timeout, step);
    } else if (!causes->not_implemented) {
        steps_check(j, step);
    }
}

static void judge_step(struct judging *j, size_t at, struct causes *causes)
{
    struct judged_step *step = &j->steps[at];
    if (step->lost) {
        keep(j, &causes->lost, words_lost, step);
    }
    if (!step->planned) {
        return;
    }
    if (!step->planned->in_finally && is_not_implemented(j, step)) {
        keep(j, &causes->not_implemented, words_not_implemented, step);
    }
    if (exec_in_body(step)) {
        judge_body_step(j, at, causes);
    }
    bool needed =
        exec_in_preamble(step) || (exec_in_body(step) && step->planned->step->need_count > 0);
    if (needed && !need_met(step)) {
        keep(j, &causes->need, words_need, step);
    }
    laws_check_step(j, step);
}

/* Sets verdict and reason; takes the reason. */
static void decide(struct judging *j, enum verdict verdict, char *reason)
{
    j->out->verdict = verdict;
    j->out->reason = reason;
    j->nomem = j->nomem || !reason;
}

static void decide_text(struct judging *j, enum verdict verdict, const char *reason)
{
    struct str_buf buf;
    sb_init(&buf, JUDGE_TEXT_MAX);
    sb_add(&buf, reason);
    decide(j, verdict, sb_take(&buf, NULL));
}

/* Hands one of the causes over to the verdict. */
static void decide_cause(struct judging *j, enum verdict verdict, char **cause)
{
    decide(j, verdict, *cause);
    *cause = NULL;
}

/* The first step of the body with an expectation and without a result, or NULL. in_event: of those
 * that run in events of writers, or of the others. */
static const struct plan_step *first_without_result(const struct judging *j, bool in_event)
{
    for (size_t i = 0; i < j->planned->step_count; i++) {
        const struct plan_step *planned = &j->planned->steps[i];
        if (!planned->in_preamble && !planned->in_finally && planned->step->expect &&
            !planned->step->after_failure && !j->ended[i] &&
            in_event == (planned->script != NULL)) {
            return planned;
        }
    }
    return NULL;
}

/* Steps of an event that did not come have not been seen to do what is expected. */
static void keep_without_event(struct judging *j, struct causes *causes)
{
    const struct plan_step *planned = first_without_result(j, true);
    if (planned && !causes->unchecked) {
        causes->unchecked = words_no_event(planned);
        j->nomem = j->nomem || !causes->unchecked;
    }
}

/* Where nothing failed, or not all that can, nothing is proved. */
static void keep_unproved(struct judging *j, struct causes *causes)
{
    struct str_buf buf;
    sb_init(&buf, JUDGE_TEXT_MAX);
    if (rounds_unproved(j, &buf) && !causes->unchecked) {
        causes->unchecked = sb_take(&buf, NULL);
        j->nomem = j->nomem || !causes->unchecked;
    }
    sb_free(&buf);
}

/* What the findings and the steps say, where nothing stood in their way. */
static void decide_by_findings(struct judging *j, struct causes *causes)
{
    /* what was observed answers a question */
    bool question = j->planned->test->question != NULL && j->out->observed != OBSERVED_OTHER;
    keep_without_event(j, causes);
    keep_unproved(j, causes);
    if (!question && findings_gate(j->out)) {
        j->out->verdict = VERDICT_FAIL;
    } else if (causes->unchecked) {
        decide_cause(j, VERDICT_INCONCLUSIVE, &causes->unchecked);
    } else if (!question && j->out->finding_count > 0) {
        j->out->verdict = VERDICT_FAIL;
    } else if (first_without_result(j, false)) {
        decide_text(j, VERDICT_ERROR, "the log lacks the result of a step with an expectation");
    } else {
        j->out->verdict = question ? VERDICT_RECORDED : VERDICT_PASS;
    }
}

static void decide_ended(struct judging *j, struct causes *causes)
{
    if (causes->lost) {
        decide_cause(j, VERDICT_CRASH, &causes->lost);
    } else if (causes->not_implemented) {
        decide_cause(j, VERDICT_NOT_IMPLEMENTED, &causes->not_implemented);
    } else if (causes->pending) {
        decide_cause(j, VERDICT_HANG, &causes->pending);
    } else if (causes->need) {
        decide_cause(j, VERDICT_INCONCLUSIVE, &causes->need);
    } else if (j->how == END_STOPPED) {
        decide_text(j, VERDICT_ERROR, "the worker stopped although every need was met");
    } else {
        decide_by_findings(j, causes);
    }
}

static bool is_wine_stub(const struct judging *j)
{
    const char *code = json_string_value(json_object_get(j->end, "code"));
    return code && strcmp(code, WINE_STUB) == 0;
}

static void decide_verdict(struct judging *j, struct causes *causes)
{
    switch (j->how) {
    case END_CRASH:
        decide(j, is_wine_stub(j) ? VERDICT_NOT_IMPLEMENTED : VERDICT_CRASH, words_end(j));
        break;
    case END_EXIT:
    case END_CLOSED:
    case END_GARBAGE:
        decide(j, VERDICT_CRASH, words_end(j));
        break;
    case END_HANG:
        decide(j, VERDICT_HANG, words_end(j));
        break;
    case END_LOST:
        decide(j, VERDICT_ERROR, words_end(j));
        break;
    default:
        decide_ended(j, causes);
    }
}

/* Does the verdict count for the exit code? */
static bool verdict_gates(const struct judging *j)
{
    const struct test_case *test = j->planned->test;
    bool strong = j->options->strict || test->level == LEVEL_MUST;
    bool open = test->question != NULL && j->out->observed != OBSERVED_OTHER;
    switch (j->out->verdict) {
    case VERDICT_ERROR:
        return true;
    case VERDICT_FAIL:
        return findings_gate(j->out);
    case VERDICT_CRASH:
    case VERDICT_HANG:
    case VERDICT_NOT_IMPLEMENTED:
    case VERDICT_INCONCLUSIVE:
        return strong || (!open && findings_gate(j->out));
    default:
        return false;
    }
}

/* An execution whose steps are those of the plan. */
static enum cts_status judge_steps(struct judging *j, const json_t *const *events, size_t count,
                                   struct cts_error *err)
{
    struct causes causes = {NULL, NULL, NULL, NULL, NULL};
    enum cts_status status = exec_read(j, events, count, err);
    if (status != CTS_OK) {
        goto out;
    }
    if (j->strange) {
        decide_text(j, VERDICT_ERROR, "the log has steps that the program has not");
        goto out;
    }
    for (size_t i = 0; i < j->count; i++) {
        judge_step(j, i, &causes);
    }
    if (j->how == END_DONE || j->how == END_STOPPED) {
        laws_check_case(j);
    }
    if (j->planned->test->question) {
        j->out->outcome = words_outcome(j);
        j->nomem = j->nomem || !j->out->outcome;
    }
    status = witness_ask(j, err);
    if (status != CTS_OK) {
        goto out;
    }
    findings_sort(j->out);
    decide_verdict(j, &causes);
out:
    causes_free(&causes);
    return status;
}

/* The events of the execution, for whoever wants to show them. */
static json_t *keep_events(const json_t *const *events, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < count; i++) {
        /* Only the count of references changes: an event is never written to. */
        if (json_array_append(list, (json_t *)events[i]) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static bool same_program(const struct judging *j)
{
    const char *program = json_string_value(json_object_get(j->begin, "program"));
    return program && strcmp(program, j->planned->hash) == 0;
}

static enum cts_status judge_framed(struct judging *j, const json_t *const *events, size_t count,
                                    struct cts_error *err)
{
    if (!j->end || j->how == END_INTERRUPTED) {
        decide_text(j, VERDICT_ERROR, JUDGE_OUTSTANDING);
    } else if (j->planned->skip) {
        decide_text(j, VERDICT_ERROR, "recorded, but now the case is skipped");
    } else if (!same_program(j)) {
        decide_text(j, VERDICT_ERROR, JUDGE_OTHER_STEPS);
    } else {
        return judge_steps(j, events, count, err);
    }
    return CTS_OK;
}

enum cts_status judge_execution(const struct tables *tables, const struct plan_case *planned,
                                const json_t *const *events, size_t count,
                                const struct judge_options *options, struct case_verdict *out,
                                struct cts_error *err)
{
    struct judging j = {.tables = tables, .planned = planned, .options = options, .out = out};
    memset(out, 0, sizeof *out);
    out->test = planned->test;
    enum cts_status status = exec_frame(&j, events, count, err);
    if (status != CTS_OK) {
        goto out;
    }
    out->events = keep_events(events, count);
    out->us = (uint64_t)json_integer_value(json_object_get(j.end, "us"));
    out->attempts = (unsigned)json_integer_value(json_object_get(j.begin, "attempt"));
    status = judge_framed(&j, events, count, err);
    if (status == CTS_OK && (j.nomem || !out->events)) {
        status = err_set(err, CTS_NOMEM, "out of memory");
    }
    if (status == CTS_OK) {
        out->gates = verdict_gates(&j);
        witness_pardon(out);
        out->first = out->last = out->verdict;
        against_set(out, options);
    }
out:
    judging_free(&j);
    if (status != CTS_OK) {
        verdict_clear(out);
    }
    return status;
}
