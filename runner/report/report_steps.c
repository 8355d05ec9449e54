#include "report_steps_inner.h"

#include "../model/hresult.h"
#include <string.h>

#define COUNT(list) (sizeof list / sizeof list[0])
#define URL_SIZE 512

static bool is_volatile_told(const struct report_steps *steps)
{
    return steps->form == STEPS_REPORT;
}

/* Takes over what a side buffer met: there is no memory. */
static void check(struct report_steps *steps, bool right)
{
    if (!right) {
        sb_fail(steps->emit->out);
    }
}

/* --- values of the log --- */

/* A text, with the number of an object or id made new. */
static void put_text(struct report_steps *steps, const char *key, const char *text, size_t len)
{
    struct str_buf *made = &steps->text;
    sb_clear(made);
    if (!renumber_text(&steps->numbers, text, len, made)) {
        je_textn(steps->emit, key, text, len);
        return;
    }
    check(steps, !made->failed);
    je_textn(steps->emit, key, sb_text(made), made->len);
}

/* A value as it is, but for such numbers. */
static void put_value(struct report_steps *steps, const char *key, const struct jv *value)
{
    if (jv_is(value, JSON_STRING)) {
        put_text(steps, key, value->is.text, value->len);
        return;
    }
    if (!jv_is(value, JSON_OBJECT) && !jv_is(value, JSON_ARRAY)) {
        je_value(steps->emit, key, value);
        return;
    }
    (value->type == JSON_OBJECT ? je_object : je_array)(steps->emit, key);
    for (const struct jv *at = jv_first(value); at != NULL; at = jv_next(value, at)) {
        put_value(steps, at->key, at);
    }
    je_end(steps->emit);
}

/* Puts a key of the log where it has the type; what a worker said is not trusted. */
static void copy(struct report_steps *steps, const struct jv *from, const char *key, json_type type)
{
    const struct jv *value = jv_get(from, key);
    if (jv_is(value, type)) {
        put_value(steps, key, value);
    }
}

static void copy_all(struct report_steps *steps, const struct jv *from, const char *const *keys,
                     size_t count, json_type type)
{
    for (size_t i = 0; i < count; i++) {
        copy(steps, from, keys[i], type);
    }
}

static void copy_truth(struct report_steps *steps, const struct jv *from, const char *key)
{
    const struct jv *value = jv_get(from, key);
    if (jv_is(value, JSON_TRUE) || jv_is(value, JSON_FALSE)) {
        je_truth(steps->emit, key, value->type == JSON_TRUE);
    }
}

/* A value with what is drawn anew in each run masked. True: there was some. */
static bool put_masked(struct report_steps *steps, const char *key, const struct jv *value)
{
    struct str_buf *made = &steps->text;
    bool changed = false;
    if (jv_is(value, JSON_STRING)) {
        sb_clear(made);
        if (!guid_mask_text(&steps->mask, value->is.text, value->len, made)) {
            put_text(steps, key, value->is.text, value->len);
            return false;
        }
        check(steps, !made->failed);
        je_textn(steps->emit, key, sb_text(made), made->len);
        return true;
    }
    if (jv_is(value, JSON_INTEGER) && guid_mask_is_time(value->is.integer)) {
        je_text(steps->emit, key, "{time}");
        return true;
    }
    if (!jv_is(value, JSON_OBJECT) && !jv_is(value, JSON_ARRAY)) {
        je_value(steps->emit, key, value);
        return false;
    }
    (value->type == JSON_OBJECT ? je_object : je_array)(steps->emit, key);
    for (const struct jv *at = jv_first(value); at != NULL; at = jv_next(value, at)) {
        changed = put_masked(steps, at->key, at) || changed;
    }
    je_end(steps->emit);
    return changed;
}

/* --- out parameters --- */

/* What a call wrote into one out parameter. Ids and times in the value are masked, an address and
 * what lies behind one that cannot be read are not told; the value as it was is volatile then. */
static void put_out(struct report_steps *steps, const struct jv *from, bool address)
{
    const struct jv *value = jv_get(from, "v");
    const bool bad = jv_is_true(jv_get(from, "bad"));
    bool changed = false;

    je_object(steps->emit, from->key);
    copy_truth(steps, from, "w");
    copy_truth(steps, from, "over");
    copy_truth(steps, from, "bad");
    copy(steps, from, "cut", JSON_INTEGER);
    if (value != NULL && bad) {
        je_text(steps->emit, "v", "{unreadable}");
        changed = true;
    } else if (address && jv_is(value, JSON_STRING)) {
        je_text(steps->emit, "v", "{address}");
        changed = true;
    } else if (value != NULL) {
        changed = put_masked(steps, "v", value);
    }
    if (changed && is_volatile_told(steps)) {
        je_object(steps->emit, "volatile");
        put_value(steps, "v", value);
        je_end(steps->emit);
    } else if (changed && steps->form == STEPS_TRACE) {
        check(steps, renumber_see(&steps->numbers, value)); /* as in the report */
    }
    je_end(steps->emit);
}

/* method: that was called, or NULL. */
static void put_outs(struct report_steps *steps, const struct api_method *method,
                     const struct jv *from)
{
    je_object(steps->emit, "out");
    for (const struct jv *out = jv_first(from); out != NULL; out = jv_next(from, out)) {
        put_out(steps, out, steps_is_address(method, out));
    }
    je_end(steps->emit);
}

/* --- what a writer saw --- */

/* What may differ in the next run: the thread, and the names of the copies' devices, which have
 * numbers. */
static const char *const unsteady[] = {"thread", "devices"};

static bool is_unsteady(const char *key)
{
    /* "volatile" is ours: a worker has no such key */
    return strcmp(key, unsteady[0]) == 0 || strcmp(key, unsteady[1]) == 0 ||
           strcmp(key, "volatile") == 0;
}

static void put_unsteady(struct report_steps *steps, const struct jv *from)
{
    je_object(steps->emit, "volatile");
    for (size_t i = 0; i < COUNT(unsteady); i++) {
        const struct jv *value = jv_get(from, unsteady[i]);
        if (value != NULL) {
            put_masked(steps, unsteady[i], value);
        }
    }
    je_end(steps->emit);
}

/* One event that a writer saw. */
static void put_seen(struct report_steps *steps, const struct jv *from)
{
    steps_see_guids(steps, from);
    if (!jv_is(from, JSON_OBJECT)) {
        put_masked(steps, NULL, from);
        return;
    }
    je_object(steps->emit, NULL);
    for (const struct jv *at = jv_first(from); at != NULL; at = jv_next(from, at)) {
        if (!is_unsteady(at->key)) {
            put_masked(steps, at->key, at);
        }
    }
    if (is_volatile_told(steps)) {
        put_unsteady(steps, from);
    }
    je_end(steps->emit);
}

static void put_all_seen(struct report_steps *steps, const struct jv *from)
{
    je_array(steps->emit, "events");
    for (const struct jv *at = jv_first(from); at != NULL; at = jv_next(from, at)) {
        put_seen(steps, at);
    }
    je_end(steps->emit);
}

/* --- what the tables say --- */

static void put_hresult(struct report_steps *steps, const struct jv *event, const char *key,
                        const char *name_key)
{
    const char *text = jv_text(jv_get(event, key));
    uint32_t code = 0;
    if (text != NULL) {
        je_text(steps->emit, key, text);
        if (name_key != NULL && hr_parse(text, &code)) {
            je_text(steps->emit, name_key, hr_name(code));
        }
    }
}

static void put_teardown(struct report_steps *steps, const struct jv *event)
{
    const char *var = jv_text(jv_get(event, "var"));
    const char *writer = jv_text(jv_get(event, "writer"));
    je_text(steps->emit, "part", "teardown");
    if (writer != NULL) {
        je_textf(steps->emit, "call", "stop writer %s", writer);
    } else {
        je_textf(steps->emit, "call", "%s.Release()", var != NULL ? var : "?");
    }
}

static void put_expected(struct report_steps *steps, const struct step *step, const char *words)
{
    const struct expect *expect = step->expect;
    char url[URL_SIZE];
    if (expect == NULL) {
        return;
    }
    je_text(steps->emit, "expected", words);
    if (expect->basis != BASIS_NONE) {
        je_text(steps->emit, "basis", basis_name(expect->basis));
    }
    if (expect->page != NULL) {
        je_text(steps->emit, "page", page_url(expect->page, url, sizeof url));
    }
    je_text(steps->emit, "because", expect->because);
    je_text(steps->emit, "requirement", expect->requirement);
}

/* Which part of the case a step belongs to, what it calls, and what the tables call it. */
static void put_source(struct report_steps *steps, const struct plan_step *source)
{
    const struct step *step = source->step;
    const struct api_method *method = step->method;
    const struct step_words *words = step_words_get(steps->words, step);
    check(steps, words != NULL);
    je_text(steps->emit, "part",
            source->in_preamble  ? "preamble"
            : source->in_finally ? "finally"
                                 : "case");
    je_text(steps->emit, "call", words != NULL ? words->call : NULL);
    if (method != NULL && method->iface != NULL) {
        je_textf(steps->emit, "method", "%s.%s", method->iface, method->name);
    } else if (method != NULL) {
        je_text(steps->emit, "method", method->name);
    }
    if (steps->form != STEPS_BARE) {
        je_text(steps->emit, "label", step->label);
        je_text(steps->emit, "title", step->title);
    }
    if (steps->form == STEPS_TRACE && words != NULL) {
        put_expected(steps, step, words->expected);
    }
}

/* --- steps --- */

static void put_measured(struct report_steps *steps, const struct jv *event)
{
    je_object(steps->emit, "volatile");
    copy(steps, event, "us", JSON_INTEGER);
    copy(steps, event, "polls", JSON_INTEGER);
    copy(steps, event, "footprint", JSON_ARRAY);
    je_end(steps->emit);
}

void steps_put(struct report_steps *steps, size_t number)
{
    static const char *const numbers[] = {"i", "n", "rounds", "stack"};
    static const char *const truths[] = {"ok", "equal", "timeout", "missing"};
    static const char *const strings[] = {"var",    "object", "of",  "skipped",
                                          "writer", "ended",  "lost"};
    static const char *const objects[] = {"freed", "calls", "identity"};
    const struct jv *event = steps->items[number].event;
    const struct plan_step *source = steps_source(steps, event);
    const struct jv *outs = jv_get(event, "out"), *seen = jv_get(event, "events");
    const json_int_t s = jv_integer(jv_get(event, "s"));

    je_object(steps->emit, NULL);
    je_integer(steps->emit, "s", s);
    if (s < 0) {
        put_teardown(steps, event);
    } else if (source != NULL) {
        put_source(steps, source);
    }
    put_hresult(steps, event, "hr", "hr_name");
    put_hresult(steps, event, "query_hr", NULL);
    put_hresult(steps, event, "wait_hr", NULL);
    copy_all(steps, event, numbers, COUNT(numbers), JSON_INTEGER);
    for (size_t i = 0; i < COUNT(truths); i++) {
        copy_truth(steps, event, truths[i]);
    }
    copy_all(steps, event, strings, COUNT(strings), JSON_STRING);
    if (jv_is(outs, JSON_OBJECT)) {
        put_outs(steps, source != NULL ? source->step->method : NULL, outs);
    }
    copy_all(steps, event, objects, COUNT(objects), JSON_OBJECT);
    if (jv_is(seen, JSON_ARRAY)) {
        put_all_seen(steps, seen);
    }
    if (is_volatile_told(steps)) {
        put_measured(steps, event);
    }
    je_end(steps->emit);
}

const struct jv *steps_us(const struct report_steps *steps, size_t number)
{
    const struct jv *us = jv_get(steps->items[number].event, "us");
    return jv_is(us, JSON_INTEGER) ? us : NULL;
}

/* The call that it never came back from. */
static void put_last_call(struct report_steps *steps, const struct jv *event)
{
    const struct jv *at = jv_get(event, "at");
    const json_int_t s = jv_is(at, JSON_INTEGER) ? at->is.integer : -1;
    if (steps->planned != NULL && s >= 0 && (size_t)s < steps->planned->step_count) {
        const struct step_words *words =
            step_words_get(steps->words, steps->planned->steps[s].step);
        check(steps, words != NULL);
        je_text(steps->emit, "call", words != NULL ? words->call : NULL);
    }
}

static void copy_end(struct report_steps *steps, const char *const *keys, size_t count,
                     json_type type)
{
    for (size_t i = 0; i < count; i++) {
        const struct jv *value = jv_get(steps->end, keys[i]);
        if (jv_is(value, type)) {
            je_value(steps->emit, keys[i], value);
        }
    }
}

/* Addresses differ from run to run. */
void steps_put_end(struct report_steps *steps, const char *key)
{
    static const char *const strings[] = {"how",    "code",   "module", "offset",
                                          "access", "thread", "text"};
    static const char *const numbers[] = {"at", "status"};
    static const char *const addresses[] = {"address", "target"};
    static const char *const times[] = {"us", "i"};
    static const char *const rounds[] = {"exhausted"};
    if (steps->end == NULL) {
        return;
    }
    je_object(steps->emit, key);
    copy_end(steps, strings, COUNT(strings), JSON_STRING);
    copy_end(steps, numbers, COUNT(numbers), JSON_INTEGER);
    if (is_volatile_told(steps)) {
        je_object(steps->emit, "volatile");
        copy_end(steps, addresses, COUNT(addresses), JSON_STRING);
        copy_end(steps, times, COUNT(times), JSON_INTEGER);
        copy_end(steps, rounds, COUNT(rounds), JSON_OBJECT);
        je_end(steps->emit);
    }
    if (steps->form == STEPS_TRACE) {
        put_last_call(steps, steps->end);
    }
    je_end(steps->emit);
}
