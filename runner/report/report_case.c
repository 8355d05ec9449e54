/* A case in the JSON report: its verdict, its findings, its steps. */
#include "report_case.h"

#include "../util/json_quick.h"
#include "../util/mem_grow.h"
#include <stdlib.h>

#define CASE_MAX ((size_t)1 << 30)

struct case_teller {
    const struct report *report;
    struct event_reader *reader;
    struct json_emit emit;
    struct report_steps steps;
};

struct case_teller *case_teller_new(const struct report *report, enum steps_form form)
{
    struct case_teller *teller = mem_zeroed(1, sizeof *teller);
    if (teller == NULL) {
        return NULL;
    }
    teller->report = report;
    teller->reader = events_open(report->run);
    je_init(&teller->emit, NULL, true);
    if (!steps_init(&teller->steps, form, &teller->emit) || teller->reader == NULL) {
        case_teller_free(teller);
        return NULL;
    }
    return teller;
}

void case_teller_free(struct case_teller *teller)
{
    if (teller != NULL) {
        steps_free(&teller->steps);
        je_free(&teller->emit);
        events_close(teller->reader);
        free(teller);
    }
}

struct report_steps *case_teller_steps(struct case_teller *teller,
                                       const struct case_verdict *verdict)
{
    const struct plan_case *planned = plan_find(teller->report->plan, verdict->test->id);
    const bool right =
        events_read(teller->reader, verdict) && steps_take(&teller->steps, teller->reader, planned);
    return right ? &teller->steps : NULL;
}

void case_put_finding(struct json_emit *emit, const struct finding *finding)
{
    je_object(emit, NULL);
    je_integer(emit, "s", finding->s);
    if (finding->round != 0) {
        je_integer(emit, "round", (json_int_t)finding->round);
    }
    je_text(emit, "law", finding->law);
    je_text(emit, "requirement", finding->requirement);
    je_text(emit, "level", level_name(finding->level));
    if (finding->basis == BASIS_NONE) {
        je_null(emit, "basis");
    } else {
        je_text(emit, "basis", basis_name(finding->basis));
    }
    je_truth(emit, "gates", finding->gates);
    if (finding->observed) {
        je_truth(emit, "observed", true);
    }
    if (finding->contradicted) {
        je_truth(emit, "contradicted", true);
    }
    je_text(emit, "page", finding->page);
    je_text(emit, "call", finding->call);
    je_text(emit, "expected", finding->expected);
    je_text(emit, "got", finding->got);
    je_text(emit, "text", finding->text);
    je_end(emit);
}

static void put_texts(struct json_emit *emit, const char *key, const struct string_list *list)
{
    je_array(emit, key);
    for (size_t i = 0; i < list->count; i++) {
        je_text(emit, NULL, list->items[i]);
    }
    je_end(emit);
}

static void put_test(struct json_emit *emit, const struct test_case *test)
{
    je_text(emit, "id", test->id);
    je_text(emit, "title", test->title != NULL ? test->title : "");
    je_text(emit, "suite", test->suite);
    je_text(emit, "level", level_name(test->level));
    put_texts(emit, "requirements", &test->requirements);
    je_text(emit, "question", test->question != NULL ? test->question->id : NULL);
    put_texts(emit, "tags", &test->tags);
}

static void put_verdict(struct json_emit *emit, const struct case_verdict *verdict)
{
    je_text(emit, "verdict", verdict_name(verdict->verdict));
    je_truth(emit, "gates", verdict->gates);
    je_text(emit, "against", against_name(verdict->against));
    je_text(emit, "expected", verdict_name(verdict->expected));
    je_text(emit, "why_expected", verdict->why_expected);
    if (verdict->observed != OBSERVED_NOT_ASKED) {
        je_text(emit, "observed", observed_name(verdict->observed));
        je_truth(emit, "contradicted", verdict->contradicted);
    }
    je_text(emit, "reason", verdict->reason);
    je_text(emit, "outcome", verdict->outcome);
    je_integer(emit, "attempts", (json_int_t)verdict->attempts);
    if (verdict->attempts > 1 && verdict->first != verdict->last) {
        je_text(emit, "first", verdict_name(verdict->first));
        je_text(emit, "last", verdict_name(verdict->last));
    }
    je_array(emit, "findings");
    for (size_t i = 0; i < verdict->finding_count; i++) {
        case_put_finding(emit, &verdict->findings[i]);
    }
    je_end(emit);
}

static void put_measured(struct json_emit *emit, const struct case_verdict *verdict,
                         const struct jv *begin)
{
    const struct jv *worker = jv_get(begin, "worker");
    je_object(emit, "volatile");
    je_integer(emit, "us", (json_int_t)verdict->us);
    if (jv_is(worker, JSON_INTEGER)) {
        je_value(emit, "worker", worker);
    }
    je_end(emit);
}

void case_put_steps(struct report_steps *steps, const char *key)
{
    je_array(steps->emit, key);
    for (size_t i = 0; i < steps->count; i++) {
        steps_put(steps, i);
    }
    je_end(steps->emit);
}

void case_tell(struct case_teller *teller, const struct case_verdict *verdict, bool sorted,
               struct str_buf *out)
{
    struct json_emit *emit = &teller->emit;
    struct report_steps *steps = case_teller_steps(teller, verdict);
    if (steps == NULL) {
        sb_fail(out);
        return;
    }
    je_restart(emit, out, sorted);
    je_object(emit, NULL);
    put_test(emit, verdict->test);
    put_verdict(emit, verdict);
    steps_put_end(steps, "end");
    case_put_steps(steps, "steps");
    if (steps->form == STEPS_REPORT) {
        put_measured(emit, verdict, steps->begin);
    }
    je_end(emit);
}

json_t *report_case(const struct report *report, const struct case_verdict *verdict,
                    enum steps_form form)
{
    struct case_teller *teller = case_teller_new(report, form);
    json_t *made = NULL;
    struct str_buf text;
    sb_init(&text, CASE_MAX);
    if (teller != NULL) {
        case_tell(teller, verdict, false, &text);
        made = text.failed ? NULL : json_quick_read(sb_text(&text), text.len, 0, NULL);
    }
    sb_free(&text);
    case_teller_free(teller);
    return made;
}
