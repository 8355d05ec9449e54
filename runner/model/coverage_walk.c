/* The steps of the cases, and what each of them covers. */
#include "coverage_inner.h"
#include "hresult.h"

#include <stdlib.h>
#include <string.h>

#define OPERATIONS_MAX 64
#define QUERY_STATUS "QueryStatus"

/* One case while its steps are gone through. */
struct walk {
    struct cover_making *making;
    const struct test_case *test;
    size_t index;     /* of the case */
    bool in_preamble; /* of the steps that are gone through */
    bool moved;       /* the requester object may have left the state of the preamble */
    size_t operation_count;
    struct { /* which method began the operation that a variable stands for */
        const char *var;
        const struct api_method *method;
    } operations[OPERATIONS_MAX];
};

/* --- can it come --- */

/* One Windows of every kind that the tables tell apart. */
static const unsigned versions[][3] = {
    {5, 1, 2600},   {5, 2, 3790},   {6, 0, 6000},   {6, 0, 6002},   {6, 1, 7600},
    {6, 1, 7601},   {6, 2, 9200},   {6, 3, 9600},   {10, 0, 10240}, {10, 0, 14393},
    {10, 0, 17763}, {10, 0, 19045}, {10, 0, 20348}, {10, 0, 26100},
};

static bool holds(const struct test_case *test, const struct expect *expect, size_t alternative,
                  const struct api_result *result, const struct claims *claims)
{
    if (!cond_holds(&test->when, claims) || !cond_holds(&result->when, claims)) {
        return false;
    }
    for (size_t i = 0; expect && i < alternative; i++) {
        if (cond_holds(&expect->alts[i].when, claims)) {
            return false; /* the first that holds counts */
        }
    }
    return !expect || cond_holds(&expect->alts[alternative].when, claims);
}

bool cover_possible(const struct cover_making *making, const struct test_case *test,
                    const struct expect *expect, size_t alternative,
                    const struct api_result *result)
{
    if (making->run) {
        return holds(test, expect, alternative, result, &making->run->claims);
    }
    for (size_t v = 0; v < sizeof versions / sizeof versions[0]; v++) {
        for (unsigned kind = 0; kind < 4; kind++) {
            struct claims claims = {.server = (kind & 1) != 0,
                                    .arch = kind & 2 ? ARCH_I686 : ARCH_X86_64};
            memcpy(claims.windows, versions[v], sizeof claims.windows);
            if (holds(test, expect, alternative, result, &claims)) {
                return true;
            }
        }
    }
    return false;
}

/* --- noting --- */

static void put(struct cover_making *making, struct cover_cases *cases, size_t index)
{
    if (cases->count > 0 && cases->items[cases->count - 1] == index) {
        return;
    }
    if (cases->count == cases->cap) {
        const size_t cap = cases->cap ? cases->cap * 2 : 4;
        size_t *items = realloc(cases->items, cap * sizeof *items);
        if (!items) {
            making->failed = true;
            return;
        }
        cases->items = items;
        cases->cap = cap;
    }
    cases->items[cases->count++] = index;
}

void cover_note(struct cover_making *making, struct cover_entry *entry, size_t index, bool asks,
                enum basis basis)
{
    put(making, asks ? &entry->asks : &entry->checks, index);
    if (!asks && basis != BASIS_NONE && (entry->basis == BASIS_NONE || basis < entry->basis)) {
        entry->basis = basis;
    }
}

/* A thing that the step's expectation is about, or, in a question, that the step makes happen. */
static void note(struct walk *w, const struct step *step, size_t entry)
{
    const bool asks = w->test->question != NULL;
    if (step->expect || asks) {
        cover_note(w->making, &w->making->out->entries[entry], w->index, asks,
                   step->expect ? step->expect->basis : BASIS_NONE);
    }
}

/* --- results --- */

/* A code that is expected, or that a question gave: those of the listed results that it is. */
static void note_code(struct walk *w, const struct step *step, size_t alternative, uint32_t code,
                      size_t first, const struct api_result *results, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (results[i].code == code &&
            cover_possible(w->making, w->test, step->expect, alternative, &results[i])) {
            note(w, step, first + i);
        }
    }
}

/* All codes that the step's expectation names; of a question what the run saw. */
static void note_codes(struct walk *w, const struct step *step, size_t first,
                       const struct api_result *results, size_t count)
{
    const struct cover_run *run = w->making->run;
    uint32_t code = 0;
    if (w->test->question) {
        if (run && run->result(run->context, w->index, step, &code)) {
            note_code(w, step, 0, code, first, results, count);
        }
        return;
    }
    for (size_t a = 0; step->expect && a < step->expect->alt_count; a++) {
        const struct expect_alt *alt = &step->expect->alts[a];
        for (size_t c = 0; c < alt->code_count; c++) {
            if (alt->codes[c].what == EXPECT_CODE) {
                note_code(w, step, a, alt->codes[c].code, first, results, count);
            }
        }
    }
}

/* --- operations --- */

static const struct api_method *operation_of(const struct walk *w, const char *var)
{
    for (size_t i = w->operation_count; var && i > 0; i--) {
        if (strcmp(w->operations[i - 1].var, var) == 0) {
            return w->operations[i - 1].method;
        }
    }
    return NULL;
}

/* Keeps in mind which method began the operation that an argument "$name" will stand for. */
static void begin_operation(struct walk *w, const struct step *step)
{
    const struct api_method *method = step->method;
    for (size_t i = 0; method && method->starts_async && i < method->param_count; i++) {
        const struct api_param *param = &method->params[i];
        const char *arg = json_string_value(json_object_get(step->args, param->name));
        if (param->dir != DIR_IN && param->iface && arg && arg[0] == '$' &&
            w->operation_count < OPERATIONS_MAX) {
            w->operations[w->operation_count].var = arg + 1;
            w->operations[w->operation_count++].method = method;
        }
    }
}

/* The status that a QueryStatus is expected to show. */
static void note_status(struct walk *w, const struct step *step, size_t first,
                        const struct api_result *results, size_t count)
{
    const struct expect *expect = step->expect;
    for (size_t i = 0; expect && i < expect->out_count; i++) {
        if (expect->outs[i].what == OUT_CODE) {
            for (size_t k = 0; k < count; k++) {
                if (results[k].code == (uint32_t)expect->outs[i].number) {
                    note(w, step, first + k);
                }
            }
        }
    }
}

/* What the end of an operation is expected to be: of the results that are listed for it, and of
 * those of the method itself, which many a page lists for both. */
static void visit_await(struct walk *w, const struct step *step, const struct cover_method *known)
{
    const struct api_method *method = known->method;
    note_codes(w, step, known->operations, method->async_results, method->async_result_count);
    note_codes(w, step, known->results, method->results, method->result_count);
}

static void visit_operation(struct walk *w, const struct step *step)
{
    const struct cover_method *known = cover_method_of(w->making, operation_of(w, step->object));
    const struct api_method *method = step->method;
    if (known && step->op == STEP_AWAIT) {
        visit_await(w, step, known);
    } else if (step->op == STEP_CALL && strcmp(method->name, QUERY_STATUS) == 0) {
        const struct cover_method *own = cover_method_of(w->making, method);
        note_status(w, step, own->operations, method->async_results, method->async_result_count);
        if (known) {
            note_status(w, step, known->operations, known->method->async_results,
                        known->method->async_result_count);
        }
    }
}

/* --- steps --- */

static void visit_nulls(struct walk *w, const struct step *step, const struct cover_method *known)
{
    size_t entry = known->nulls;
    for (size_t i = 0; i < known->method->param_count; i++) {
        const struct api_param *param = &known->method->params[i];
        if (param->null_rule == NULL_NONE) {
            continue;
        }
        if (json_is_null(json_object_get(step->args, param->name))) {
            note(w, step, entry);
        }
        entry++;
    }
}

/* Is nothing expected of the step but that it fails? */
static bool is_refused(const struct step *step)
{
    const struct expect *expect = step->expect;
    for (size_t a = 0; expect && a < expect->alt_count; a++) {
        for (size_t c = 0; c < expect->alts[a].code_count; c++) {
            const struct expect_code *code = &expect->alts[a].codes[c];
            if (code->what != EXPECT_FAILURE &&
                !(code->what == EXPECT_CODE && hr_failed(code->code))) {
                return false;
            }
        }
    }
    return expect && expect->alt_count > 0;
}

/* A method of the requester counts for the state of the preamble until one that moves the object
 * on was called. */
static void visit_cell(struct walk *w, const struct step *step, const struct cover_method *known)
{
    const struct preamble *preamble = w->test->preamble;
    const struct state *state =
        preamble && !w->moved ? tbl_state(w->making->tables, preamble->state) : NULL;
    const struct cover_entry *cell = cover_cell(w->making, state, known);
    if (cell) {
        note(w, step, (size_t)(cell - w->making->out->entries));
    }
    w->moved = w->moved || (known->moves && !is_refused(step));
}

/* An expectation that stands where the documentation leaves something open. */
static void visit_question(struct walk *w, const struct step *step)
{
    const struct tables *tables = w->making->tables;
    const struct question *question = step->expect && step->expect->question
                                          ? tbl_question(tables, step->expect->question)
                                          : NULL;
    if (question) {
        note(w, step, w->making->questions + (size_t)(question - tables->questions));
    }
}

/* What a method without results does shows in the steps after it: that a case makes the call is
 * enough, as with AddRef, whose number no page promises. */
static void note_method(struct walk *w, const struct step *step, const struct cover_method *known)
{
    if (known->method->returns == RET_ULONG) {
        cover_note(w->making, &w->making->out->entries[known->entry], w->index,
                   w->test->question != NULL, BASIS_NONE);
    } else {
        note(w, step, known->entry);
    }
}

static void visit(struct walk *w, const struct step *step)
{
    const struct cover_method *known = cover_method_of(w->making, step->method);
    if (known) {
        note_method(w, step, known);
        note_codes(w, step, known->results, known->method->results, known->method->result_count);
        visit_nulls(w, step, known);
        visit_cell(w, step, known);
    }
    visit_operation(w, step);
    visit_question(w, step);
}

static void walk_steps(struct walk *w, const struct step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        begin_operation(w, &steps[i]);
        if (!w->in_preamble) {
            visit(w, &steps[i]);
        }
        walk_steps(w, steps[i].steps, steps[i].step_count);
    }
}

static void walk_preamble(struct walk *w, const struct preamble *preamble)
{
    if (preamble->after) {
        walk_preamble(w, preamble->after);
    }
    walk_steps(w, preamble->steps, preamble->step_count);
}

static void visit_rules(struct walk *w)
{
    struct cover_making *making = w->making;
    const struct tables *tables = making->tables;
    const struct question *question = w->test->question;
    for (size_t i = 0; i < w->test->requirements.count; i++) {
        const struct requirement *found = tbl_requirement(tables, w->test->requirements.items[i]);
        if (found) {
            cover_note(making, &making->out->entries[making->places[found - tables->requirements]],
                       w->index, question != NULL, BASIS_NONE);
        }
    }
    if (question) {
        const size_t place = making->questions + (size_t)(question - tables->questions);
        cover_note(making, &making->out->entries[place], w->index, true, BASIS_NONE);
    }
}

void cover_walk(struct cover_making *making)
{
    const struct tables *tables = making->tables;
    const struct cover_run *run = making->run;
    for (size_t i = 0; i < tables->case_count && !making->failed; i++) {
        struct walk w = {.making = making, .test = &tables->cases[i], .index = i};
        if (run && !run->saw(run->context, i)) {
            continue;
        }
        w.in_preamble = true;
        if (w.test->preamble) {
            walk_preamble(&w, w.test->preamble);
        }
        w.in_preamble = false;
        walk_steps(&w, w.test->steps, w.test->step_count);
        visit_rules(&w);
    }
}
