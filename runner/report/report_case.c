/* A case in the JSON report: its verdict, its findings, its steps. */
#include "../model/hresult.h"
#include "../plan/step_text.h"
#include "guid_mask.h"
#include "json_make.h"
#include "renumber.h"
#include "report.h"
#include <stdlib.h>
#include <string.h>

static json_t *finding_json(const struct finding *finding)
{
    json_t *made = json_object();
    bool failed = made == NULL;

    jm_set(made, "s", json_integer(finding->s), &failed);
    if (finding->round != 0) {
        jm_set(made, "round", json_integer((json_int_t)finding->round), &failed);
    }
    jm_text(made, "law", finding->law, &failed);
    jm_text(made, "requirement", finding->requirement, &failed);
    jm_text(made, "level", level_name(finding->level), &failed);
    jm_set(made, "basis",
           finding->basis == BASIS_NONE ? json_null() : json_string(basis_name(finding->basis)),
           &failed);
    jm_set(made, "gates", json_boolean(finding->gates), &failed);
    if (finding->observed) {
        jm_set(made, "observed", json_true(), &failed);
    }
    if (finding->contradicted) {
        jm_set(made, "contradicted", json_true(), &failed);
    }
    jm_text(made, "page", finding->page, &failed);
    jm_text(made, "call", finding->call, &failed);
    jm_text(made, "expected", finding->expected, &failed);
    jm_text(made, "got", finding->got, &failed);
    jm_text(made, "text", finding->text, &failed);
    return jm_end(made, failed);
}

/* Copies a key of the log where it has the type; what a worker said is not trusted. */
static void copy(json_t *to, const json_t *from, const char *key, json_type type, bool *failed)
{
    json_t *value = json_object_get(from, key);
    if (value != NULL && json_typeof(value) == type) {
        jm_set(to, key, json_deep_copy(value), failed);
    }
}

static void copy_truth(json_t *to, const json_t *from, const char *key, bool *failed)
{
    json_t *value = json_object_get(from, key);
    if (json_is_boolean(value)) {
        jm_set(to, key, json_boolean(json_is_true(value)), failed);
    }
}

/* What a call wrote into one out parameter. Ids and times in the value are masked, an address and
 * what lies behind one that cannot be read are not told; the value as it was is volatile then. */
static json_t *out_json(struct guid_mask *mask, const json_t *from, bool address)
{
    json_t *made = json_object();
    bool failed = made == NULL, changed = false;
    json_t *value = json_object_get(from, "v");

    copy_truth(made, from, "w", &failed);
    copy_truth(made, from, "over", &failed);
    copy_truth(made, from, "bad", &failed);
    copy(made, from, "cut", JSON_INTEGER, &failed);
    if (value != NULL && json_is_true(json_object_get(from, "bad"))) {
        jm_text(made, "v", "{unreadable}", &failed);
        changed = true;
    } else if (address && json_is_string(value)) {
        jm_text(made, "v", "{address}", &failed);
        changed = true;
    } else if (value != NULL) {
        jm_set(made, "v", guid_mask_value(mask, value, &changed), &failed);
    }
    if (changed) {
        jm_set(made, "volatile", json_pack("{s:O}", "v", value), &failed);
    }
    return jm_end(made, failed);
}

static bool is_address(const struct api_method *method, const char *name)
{
    for (size_t i = 0; method != NULL && i < method->param_count; i++) {
        if (strcmp(method->params[i].name, name) == 0) {
            return method->params[i].kind == KIND_PTR;
        }
    }
    return false;
}

/* method: that was called, or NULL. */
static json_t *outs_json(struct guid_mask *mask, const struct api_method *method, json_t *from)
{
    json_t *made = json_object();
    bool failed = made == NULL;
    const char *name;
    json_t *out;
    json_object_foreach(from, name, out)
    {
        jm_set(made, name, out_json(mask, out, is_address(method, name)), &failed);
    }
    return jm_end(made, failed);
}

/* One event that a writer saw. What may differ in the next run: its thread, and the names of the
 * copies' devices, which have numbers. */
static json_t *seen_json(struct guid_mask *mask, json_t *from)
{
    static const char *const unsteady[] = {"thread", "devices"};
    bool changed = false;
    json_t *made = guid_mask_value(mask, from, &changed), *unstable = json_object();
    bool failed = made == NULL || unstable == NULL;
    for (size_t i = 0; i < sizeof unsteady / sizeof unsteady[0]; i++) {
        json_t *value = json_object_get(made, unsteady[i]);
        if (value != NULL) {
            jm_set(unstable, unsteady[i], json_incref(value), &failed);
            json_object_del(made, unsteady[i]);
        }
    }
    if (json_is_object(made)) {
        jm_set(made, "volatile", json_incref(unstable), &failed);
    }
    json_decref(unstable);
    return jm_end(made, failed);
}

static json_t *all_seen_json(struct guid_mask *mask, const json_t *from)
{
    json_t *made = json_array();
    bool failed = made == NULL;
    for (size_t i = 0; i < json_array_size(from); i++) {
        jm_append(made, seen_json(mask, json_array_get(from, i)), &failed);
    }
    return jm_end(made, failed);
}

static void set_hresult(json_t *made, const json_t *event, const char *key, const char *name_key,
                        bool *failed)
{
    const char *text = json_string_value(json_object_get(event, key));
    uint32_t code = 0;
    if (text != NULL) {
        jm_text(made, key, text, failed);
        if (name_key != NULL && hr_parse(text, &code)) {
            jm_text(made, name_key, hr_name(code), failed);
        }
    }
}

/* Which part of the case a step belongs to, what it calls, and what the tables call it. */
static void set_source(json_t *made, const struct plan_case *planned, const json_t *event,
                       json_int_t s, bool *failed)
{
    const char *var = json_string_value(json_object_get(event, "var"));
    if (s < 0) {
        const char *writer = json_string_value(json_object_get(event, "writer"));
        jm_text(made, "part", "teardown", failed);
        if (writer != NULL) {
            jm_set(made, "call", json_sprintf("stop writer %s", writer), failed);
            return;
        }
        jm_set(made, "call", json_sprintf("%s.Release()", var != NULL ? var : "?"), failed);
        return;
    }
    if (planned == NULL || (size_t)s >= planned->step_count) {
        return; /* of a program that has changed since */
    }
    const struct plan_step *source = &planned->steps[s];
    const struct api_method *method = source->step->method;
    char *call = step_text(source->step);

    jm_text(made, "part",
            source->in_preamble  ? "preamble"
            : source->in_finally ? "finally"
                                 : "case",
            failed);
    jm_set(made, "call", json_string(call != NULL ? call : ""), failed);
    if (method != NULL && method->iface != NULL) {
        jm_set(made, "method", json_sprintf("%s.%s", method->iface, method->name), failed);
    } else if (method != NULL) {
        jm_text(made, "method", method->name, failed);
    }
    jm_text(made, "label", source->step->label, failed);
    jm_text(made, "title", source->step->title, failed);
    free(call);
}

static json_t *step_json(struct guid_mask *mask, const struct plan_case *planned,
                         const json_t *event)
{
    static const char *const numbers[] = {"i", "n", "rounds", "stack"};
    static const char *const truths[] = {"ok", "equal", "timeout", "missing"};
    static const char *const strings[] = {"var",    "object", "of",  "skipped",
                                          "writer", "ended",  "lost"};
    const json_int_t s = json_integer_value(json_object_get(event, "s"));
    json_t *made = json_object(), *unstable = json_object();
    bool failed = made == NULL || unstable == NULL;

    jm_set(made, "s", json_integer(s), &failed);
    set_source(made, planned, event, s, &failed);
    set_hresult(made, event, "hr", "hr_name", &failed);
    set_hresult(made, event, "query_hr", NULL, &failed);
    set_hresult(made, event, "wait_hr", NULL, &failed);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        copy(made, event, numbers[i], JSON_INTEGER, &failed);
    }
    for (size_t i = 0; i < sizeof truths / sizeof truths[0]; i++) {
        copy_truth(made, event, truths[i], &failed);
    }
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++) {
        copy(made, event, strings[i], JSON_STRING, &failed);
    }
    if (json_is_object(json_object_get(event, "out"))) {
        bool known = planned != NULL && s >= 0 && (size_t)s < planned->step_count;
        const struct api_method *method = known ? planned->steps[s].step->method : NULL;
        jm_set(made, "out", outs_json(mask, method, json_object_get(event, "out")), &failed);
    }
    copy(made, event, "freed", JSON_OBJECT, &failed);
    copy(made, event, "calls", JSON_OBJECT, &failed);
    copy(made, event, "identity", JSON_OBJECT, &failed);
    if (json_is_array(json_object_get(event, "events"))) {
        jm_set(made, "events", all_seen_json(mask, json_object_get(event, "events")), &failed);
    }
    copy(unstable, event, "us", JSON_INTEGER, &failed);
    copy(unstable, event, "polls", JSON_INTEGER, &failed);
    copy(unstable, event, "footprint", JSON_ARRAY, &failed);
    jm_set(made, "volatile", json_incref(unstable), &failed);
    json_decref(unstable);
    return jm_end(made, failed);
}

/* How the execution ended; addresses differ from run to run. */
static json_t *end_json(const json_t *event)
{
    static const char *const strings[] = {"how", "code", "module", "offset", "access", "thread"};
    json_t *made = json_object(), *unstable = json_object();
    bool failed = made == NULL || unstable == NULL;

    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++) {
        copy(made, event, strings[i], JSON_STRING, &failed);
    }
    copy(made, event, "at", JSON_INTEGER, &failed);
    copy(made, event, "status", JSON_INTEGER, &failed);
    copy(made, event, "text", JSON_STRING, &failed);
    copy(unstable, event, "address", JSON_STRING, &failed);
    copy(unstable, event, "target", JSON_STRING, &failed);
    copy(unstable, event, "us", JSON_INTEGER, &failed);
    jm_set(made, "volatile", json_incref(unstable), &failed);
    json_decref(unstable);
    return jm_end(made, failed);
}

static bool is_event(const json_t *event, const char *kind)
{
    const char *e = json_string_value(json_object_get(event, "e"));
    return e != NULL && strcmp(e, kind) == 0;
}

/* The script in whose event the step ran, or NULL. */
static const struct step *script_of(const struct plan_case *planned, const json_t *event)
{
    const json_int_t s = json_integer_value(json_object_get(event, "s"));
    return planned != NULL && s >= 0 && (size_t)s < planned->step_count ? planned->steps[s].script
                                                                        : NULL;
}

/* Appends the steps that ran in events of writers, beside the others: in the order of the program,
 * since that of time is not the same in each run. */
static void append_beside(json_t *steps, struct guid_mask *mask, const struct plan_case *planned,
                          const json_t *beside, bool *failed)
{
    for (size_t s = 0; json_array_size(beside) > 0 && s < planned->step_count; s++) {
        for (size_t i = 0; planned->steps[s].script != NULL && i < json_array_size(beside); i++) {
            const json_t *event = json_array_get(beside, i);
            if (json_integer_value(json_object_get(event, "s")) == (json_int_t)s) {
                jm_append(steps, step_json(mask, planned, event), failed);
            }
        }
    }
}

/* The steps, in the order in which they ended; a step that never ended is named by "end". */
static void set_events(json_t *made, json_t *unstable, const struct plan_case *planned,
                       const json_t *events, bool *failed)
{
    json_t *steps = json_array(), *beside = json_array();
    struct guid_mask mask = {0};
    for (size_t i = 0; i < json_array_size(events); i++) {
        const json_t *event = json_array_get(events, i);
        if (is_event(event, "begin")) {
            const char *hash = json_string_value(json_object_get(event, "program"));
            if (planned != NULL && (hash == NULL || strcmp(hash, planned->hash) != 0)) {
                planned = NULL; /* the numbers of its steps mean other steps now */
            }
            copy(unstable, event, "worker", JSON_INTEGER, failed);
        } else if (is_event(event, "step") && script_of(planned, event) != NULL) {
            /* Only the count of references changes. */
            jm_append(beside, json_incref((json_t *)(uintptr_t)event), failed);
        } else if (is_event(event, "step")) {
            jm_append(steps, step_json(&mask, planned, event), failed);
        } else if (is_event(event, "end")) {
            jm_set(made, "end", end_json(event), failed);
        }
    }
    append_beside(steps, &mask, planned, beside, failed);
    *failed = *failed || !renumber(steps);
    jm_set(made, "steps", steps, failed);
    json_decref(beside);
    guid_mask_free(&mask);
}

json_t *report_case(const struct report *report, const struct case_verdict *verdict)
{
    const struct test_case *test = verdict->test;
    json_t *made = json_object(), *unstable = json_object(), *findings = json_array();
    json_t *events = judged_events(report->run, verdict);
    bool failed = made == NULL || unstable == NULL || events == NULL;

    jm_text(made, "id", test->id, &failed);
    jm_text(made, "title", test->title != NULL ? test->title : "", &failed);
    jm_text(made, "suite", test->suite, &failed);
    jm_text(made, "level", level_name(test->level), &failed);
    jm_set(made, "requirements", jm_texts(&test->requirements), &failed);
    jm_text(made, "question", test->question != NULL ? test->question->id : NULL, &failed);
    jm_set(made, "tags", jm_texts(&test->tags), &failed);
    jm_text(made, "verdict", verdict_name(verdict->verdict), &failed);
    jm_set(made, "gates", json_boolean(verdict->gates), &failed);
    jm_text(made, "against", against_name(verdict->against), &failed);
    jm_text(made, "expected", verdict_name(verdict->expected), &failed);
    jm_text(made, "why_expected", verdict->why_expected, &failed);
    if (verdict->observed != OBSERVED_NOT_ASKED) {
        jm_text(made, "observed", observed_name(verdict->observed), &failed);
        jm_set(made, "contradicted", json_boolean(verdict->contradicted), &failed);
    }
    jm_text(made, "reason", verdict->reason, &failed);
    jm_text(made, "outcome", verdict->outcome, &failed);
    jm_set(made, "attempts", json_integer((json_int_t)verdict->attempts), &failed);
    if (verdict->attempts > 1 && verdict->first != verdict->last) {
        jm_text(made, "first", verdict_name(verdict->first), &failed);
        jm_text(made, "last", verdict_name(verdict->last), &failed);
    }
    for (size_t i = 0; i < verdict->finding_count; i++) {
        jm_append(findings, finding_json(&verdict->findings[i]), &failed);
    }
    jm_set(made, "findings", findings, &failed);
    jm_set(unstable, "us", json_integer((json_int_t)verdict->us), &failed);
    set_events(made, unstable, plan_find(report->plan, test->id), events, &failed);
    jm_set(made, "volatile", json_incref(unstable), &failed);
    json_decref(events);
    json_decref(unstable);
    return jm_end(made, failed);
}

void report_drop_volatile(json_t *value)
{
    size_t i;
    const char *key;
    json_t *item;
    if (json_is_object(value)) {
        json_object_del(value, "volatile");
        json_object_foreach(value, key, item)
        {
            report_drop_volatile(item);
        }
    } else {
        json_array_foreach(value, i, item)
        {
            report_drop_volatile(item);
        }
    }
}
