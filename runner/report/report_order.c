/* In which order the steps of an execution are told. */
#include "report_steps_inner.h"

#include "../util/mem_grow.h"
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX ((size_t)16 << 20) /* as long as a line of the log */
#define JSON_INTEGER_LAST INT64_MAX

bool steps_init(struct report_steps *steps, enum steps_form form, struct json_emit *emit)
{
    *steps = (struct report_steps){.form = form, .emit = emit};
    sb_init(&steps->text, TEXT_MAX);
    steps->words = step_words_new(form == STEPS_TRACE);
    return steps->words != NULL;
}

void steps_free(struct report_steps *steps)
{
    free(steps->items);
    guid_mask_free(&steps->mask);
    renumber_free(&steps->numbers);
    step_words_free(steps->words);
    sb_free(&steps->text);
}

const struct plan_step *steps_source(const struct report_steps *steps, const struct jv *event)
{
    const json_int_t s = jv_integer(jv_get(event, "s"));
    return steps->planned != NULL && s >= 0 && (size_t)s < steps->planned->step_count
               ? &steps->planned->steps[s]
               : NULL;
}

bool steps_is_address(const struct api_method *method, const struct jv *out)
{
    for (size_t i = 0; method != NULL && i < method->param_count; i++) {
        if (strcmp(method->params[i].name, out->key) == 0) {
            return method->params[i].kind == KIND_PTR && jv_is(jv_get(out, "v"), JSON_STRING);
        }
    }
    return false;
}

void steps_see_guids(struct report_steps *steps, const struct jv *value)
{
    for (const struct jv *at = value; at < value + value->size; at++) {
        if (at->type == JSON_STRING) {
            sb_clear(&steps->text);
            guid_mask_text(&steps->mask, at->is.text, at->len, &steps->text);
            if (steps->text.failed) {
                sb_fail(steps->emit->out);
            }
        }
    }
}

/* --- as they ended --- */

static bool add(struct report_steps *steps, const struct jv *event)
{
    if (steps->count == steps->cap) {
        const size_t cap = steps->cap > 0 ? 2 * steps->cap : 32;
        struct placed_step *items = mem_grow(steps->items, cap * sizeof *items);
        if (items == NULL) {
            return false;
        }
        steps->items = items;
        steps->cap = cap;
    }
    steps->items[steps->count] = (struct placed_step){.event = event, .place = steps->count};
    steps->count++;
    return true;
}

static bool is_event(const struct jv *event, const char *kind)
{
    const char *e = jv_text(jv_get(event, "e"));
    return e != NULL && strcmp(e, kind) == 0;
}

/* Does the step run in an event of a writer, beside the others? */
static bool is_beside(const struct report_steps *steps, const struct jv *event)
{
    const struct plan_step *source = steps_source(steps, event);
    return source != NULL && source->script != NULL;
}

/* Adds the steps that ran beside the others: in the order of the program, since that of time is not
 * the same in each run. */
static bool add_beside(struct report_steps *steps, const struct event_reader *reader)
{
    bool right = true;
    for (size_t s = 0; right && s < steps->planned->step_count; s++) {
        for (size_t i = 0; steps->planned->steps[s].script != NULL && i < events_count(reader);
             i++) {
            const struct jv *event = events_at(reader, i);
            if (is_event(event, "step") && jv_integer(jv_get(event, "s")) == (json_int_t)s) {
                right = add(steps, event) && right;
            }
        }
    }
    return right;
}

/* Steps of a program that has changed have numbers that mean other steps now. */
static void take_begin(struct report_steps *steps, const struct jv *event)
{
    const char *hash = jv_text(jv_get(event, "program"));
    steps->begin = event;
    if (steps->planned != NULL && (hash == NULL || strcmp(hash, steps->planned->hash) != 0)) {
        steps->planned = NULL;
    }
}

/* A step that never ended is named by the end. */
static bool take_events(struct report_steps *steps, const struct event_reader *reader)
{
    size_t beside = 0;
    bool right = true;
    for (size_t i = 0; right && i < events_count(reader); i++) {
        const struct jv *event = events_at(reader, i);
        if (is_event(event, "begin")) {
            take_begin(steps, event);
        } else if (is_event(event, "end")) {
            steps->end = event;
        } else if (is_event(event, "step") && is_beside(steps, event)) {
            beside++;
        } else if (is_event(event, "step")) {
            right = add(steps, event);
        }
    }
    return right && (beside == 0 || add_beside(steps, reader));
}

/* --- as the program has them --- */

static int by_program(const void *left, const void *right)
{
    const struct placed_step *a = left, *b = right;
    if (a->s != b->s) {
        return a->s < b->s ? -1 : 1;
    }
    const int order = strcmp(a->var, b->var);
    return order != 0 ? order : a->place < b->place ? -1 : a->place > b->place;
}

/* Numbers the GUIDs as the report does, which tells the steps in another order. */
static void see_guids(struct report_steps *steps, const struct jv *event)
{
    const struct plan_step *source = steps_source(steps, event);
    const struct api_method *method = source != NULL ? source->step->method : NULL;
    const struct jv *outs = jv_get(event, "out"), *seen = jv_get(event, "events");
    const struct jv *out = jv_is(outs, JSON_OBJECT) ? jv_first(outs) : NULL;
    for (; out != NULL; out = jv_next(outs, out)) {
        const struct jv *value = jv_get(out, "v");
        if (value != NULL && !jv_is_true(jv_get(out, "bad")) && !steps_is_address(method, out)) {
            steps_see_guids(steps, value);
        }
    }
    if (jv_is(seen, JSON_ARRAY)) {
        steps_see_guids(steps, seen);
    }
}

/* The order of the program: that in which steps ended is not the same in each run where threads run
 * side by side. */
static void order(struct report_steps *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        struct placed_step *item = &steps->items[i];
        const json_int_t s = jv_integer(jv_get(item->event, "s"));
        const char *var = jv_text(jv_get(item->event, "var"));
        see_guids(steps, item->event);
        /* the teardown, whose steps have negative numbers, comes last */
        item->s = s < 0 ? JSON_INTEGER_LAST : s;
        item->var = s < 0 && var != NULL ? var : "";
    }
    if (steps->count > 0) {
        qsort(steps->items, steps->count, sizeof *steps->items, by_program);
    }
}

bool steps_take(struct report_steps *steps, const struct event_reader *reader,
                const struct plan_case *planned)
{
    steps->planned = planned;
    steps->begin = steps->end = NULL;
    steps->count = 0;
    guid_mask_clear(&steps->mask);
    renumber_clear(&steps->numbers);
    if (!take_events(steps, reader)) {
        return false;
    }
    if (steps->form == STEPS_ANSWERS || steps->form == STEPS_BARE) {
        order(steps);
    }
    return true;
}
