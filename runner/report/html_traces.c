#include "html_traces.h"

#include "../plan/explain_words.h"
#include "../plan/step_text.h"
#include "../util/json_quick.h"
#include "json_make.h"
#include "text_set.h"
#include <stdio.h>
#include <stdlib.h>

#define CASES_OF_ELEMENT 64
#define PARTS_OF_ELEMENT 256
#define PARTS_MAX ((size_t)64 << 20) /* bytes that are kept; further parts stand in their cases */
#define PART_MAX ((size_t)16 << 20)
#define ID_SIZE 64
#define URL_SIZE 512

struct html_traces {
    struct html_page *page;
    const char *prefix;
    struct text_set *parts;
    struct str_buf text; /* of the part that is looked up */
    size_t count;        /* of cases */
};

struct html_traces *traces_new(struct html_page *page, const char *prefix)
{
    struct html_traces *traces = calloc(1, sizeof *traces);
    struct text_set *parts = text_set_new(PARTS_MAX);
    if (traces == NULL || parts == NULL) {
        text_set_free(parts);
        free(traces);
        js_value(page->out, NULL); /* there was no memory */
        return NULL;
    }
    *traces = (struct html_traces){.page = page, .prefix = prefix, .parts = parts};
    sb_init(&traces->text, PART_MAX);
    return traces;
}

/* --- parts --- */

static int on_text(const char *text, size_t length, void *context)
{
    sb_addn(context, text, length);
    return 0;
}

/* Appends the value to the array as a part: its number, or itself. Takes the reference. */
static void append_part(struct html_traces *traces, json_t *array, json_t *value, bool *failed)
{
    struct str_buf *text = &traces->text;
    size_t number = TEXT_SET_FULL;
    sb_clear(text);
    if (json_quick_write(value, on_text, text) && !text->failed) {
        number = text_set_add(traces->parts, sb_text(text), text->len);
    }
    if (number != TEXT_SET_FULL) {
        json_decref(value);
        value = json_integer((json_int_t)number);
    }
    jm_append(array, value, failed);
}

/* --- steps --- */

static void set_expected(json_t *made, const struct step *step, bool *failed)
{
    const struct expect *expect = step->expect;
    char url[URL_SIZE];
    struct str_buf lines;
    if (expect == NULL) {
        return;
    }
    sb_init(&lines, PART_MAX);
    words_expected(&lines, step);
    *failed = *failed || lines.failed;
    jm_text(made, "expected", sb_text(&lines), failed);
    sb_free(&lines);
    if (expect->basis != BASIS_NONE) {
        jm_text(made, "basis", basis_name(expect->basis), failed);
    }
    if (expect->page != NULL) {
        jm_text(made, "page", page_url(expect->page, url, sizeof url), failed);
    }
    jm_text(made, "because", expect->because, failed);
    jm_text(made, "requirement", expect->requirement, failed);
}

/* The step of the plan that has the number; NULL: none, or the program is not that of the log. */
static const struct step *step_of(const struct plan_case *planned, const json_t *number)
{
    const json_int_t s = json_is_integer(number) ? json_integer_value(number) : -1;
    return planned != NULL && s >= 0 && (size_t)s < planned->step_count ? planned->steps[s].step
                                                                        : NULL;
}

static void set_steps(struct html_traces *traces, json_t *made, const struct plan_case *planned,
                      json_t *from, bool *failed)
{
    json_t *steps = json_array(), *times = json_array(), *step;
    size_t i;
    json_array_foreach(from, i, step)
    {
        json_t *us = json_object_get(json_object_get(step, "volatile"), "us");
        jm_append(times, us != NULL ? json_incref(us) : json_null(), failed);
        report_drop_volatile(step); /* it would make each step another part; the log has it */
        /* the report tells the call where log and plan have the same program */
        const struct step *planned_step = step_of(planned, json_object_get(step, "s"));
        if (planned_step != NULL && json_object_get(step, "call") != NULL) {
            set_expected(step, planned_step, failed);
        }
        append_part(traces, steps, json_incref(step), failed);
    }
    jm_set(made, "steps", steps, failed);
    jm_set(made, "us", times, failed);
}

/* --- cases --- */

static void set_end(json_t *made, const struct plan_case *planned, json_t *end, bool *failed)
{
    if (end == NULL) {
        return;
    }
    const struct step *step = step_of(planned, json_object_get(end, "at"));
    report_drop_volatile(end);
    if (step != NULL) {
        char *call = step_text(step);
        jm_text(end, "call", call, failed);
        free(call);
    }
    jm_set(made, "end", json_incref(end), failed);
}

/* whole: the case as it stands in the report; it is taken apart. */
static json_t *trace_json(struct html_traces *traces, const struct report *report,
                          const struct case_verdict *verdict, json_t *whole)
{
    static const char *const kept[][2] = {{"reason", "reason"},
                                          {"outcome", "outcome"},
                                          {"why_expected", "why"},
                                          {"first", "first"},
                                          {"last", "last"}};
    const struct plan_case *planned = plan_find(report->plan, verdict->test->id);
    json_t *made = json_object(), *findings = json_array(), *item;
    bool failed = made == NULL;
    size_t i;

    for (i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        json_t *value = json_object_get(whole, kept[i][0]);
        if (value != NULL) {
            jm_set(made, kept[i][1], json_incref(value), &failed);
        }
    }
    if (verdict->attempts > 1) {
        jm_set(made, "attempts", json_integer((json_int_t)verdict->attempts), &failed);
    }
    json_array_foreach(json_object_get(whole, "findings"), i, item)
    {
        append_part(traces, findings, json_incref(item), &failed);
    }
    jm_set(made, "findings", findings, &failed);
    set_steps(traces, made, planned, json_object_get(whole, "steps"), &failed);
    set_end(made, planned, json_object_get(whole, "end"), &failed);
    return jm_end(made, failed);
}

static void begin_element(struct html_traces *traces, const char *kind, size_t number)
{
    char id[ID_SIZE];
    snprintf(id, sizeof id, "%s%s%zu", traces->prefix, kind, number);
    html_data_begin(traces->page, id);
}

void traces_add(struct html_traces *traces, const struct report *report,
                const struct case_verdict *verdict)
{
    json_t *whole = report_case(report, verdict);
    if (traces->count % CASES_OF_ELEMENT == 0) {
        if (traces->count > 0) {
            html_data_end(traces->page);
        }
        begin_element(traces, "c", traces->count / CASES_OF_ELEMENT);
    }
    html_data_value(traces->page,
                    whole != NULL ? trace_json(traces, report, verdict, whole) : NULL);
    html_data_text(traces->page, "\n", 1);
    traces->count++;
    json_decref(whole);
}

void traces_end(struct html_traces *traces)
{
    if (traces == NULL) {
        return;
    }
    if (traces->count > 0) {
        html_data_end(traces->page);
    }
    for (size_t i = 0; i < text_set_count(traces->parts); i++) {
        size_t length = 0;
        const char *text = text_set_at(traces->parts, i, &length);
        if (i % PARTS_OF_ELEMENT == 0) {
            begin_element(traces, "p", i / PARTS_OF_ELEMENT);
        }
        html_data_text(traces->page, text, length);
        html_data_text(traces->page, "\n", 1);
        if ((i + 1) % PARTS_OF_ELEMENT == 0 || i + 1 == text_set_count(traces->parts)) {
            html_data_end(traces->page);
        }
    }
    text_set_free(traces->parts);
    sb_free(&traces->text);
    free(traces);
}
