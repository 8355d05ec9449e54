#include "plan.h"

#include "../model/hresult.h"
#include "explain_words.h"
#include "step_text.h"
#include "text_wrap.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define EXPLAIN_MAX (16u << 20)
#define WIDTH_DEFAULT 80u
#define WIDTH_MIN 40u
#define URL_MAX 512

/* A text in the making: finished lines in out, the paragraph that is being written in line. */
struct explain {
    const struct tables *tables;
    const struct test_case *test;
    struct str_buf out, line;
    unsigned width;
};

/* Ends the paragraph: wraps it into out. */
static void end_line(struct explain *explain, unsigned first, unsigned rest)
{
    explain->out.failed |= explain->line.failed;
    wrap_text(&explain->out, explain->width, first, rest, sb_text(&explain->line));
    sb_free(&explain->line);
}

/* A paragraph of one sentence, indented. */
static void say(struct explain *explain, unsigned indent, const char *text)
{
    sb_add(&explain->line, text);
    end_line(explain, indent, indent + 2);
}

static void heading(struct explain *explain, const char *text)
{
    sb_addc(&explain->out, '\n');
    say(explain, 0, text);
}

static void say_page(struct explain *explain, unsigned indent, const char *page)
{
    char url[URL_MAX];
    if (page) {
        say(explain, indent, page_url(page, url, sizeof url));
    }
}

static void say_evidence(struct explain *explain, unsigned indent, const struct string_list *ids)
{
    for (size_t i = 0; i < ids->count; i++) {
        sb_add(&explain->line, "Evidence ");
        words_evidence(&explain->line, explain->tables, ids->items[i]);
        end_line(explain, indent, indent + 2);
    }
}

static void explain_requirements(struct explain *explain)
{
    const struct string_list *ids = &explain->test->requirements;
    if (ids->count == 0) {
        return;
    }
    heading(explain, ids->count == 1 ? "What is required" : "What is required (all of these)");
    for (size_t i = 0; i < ids->count; i++) {
        const struct requirement *requirement = tbl_requirement(explain->tables, ids->items[i]);
        if (!requirement) {
            say(explain, 2, ids->items[i]);
            continue;
        }
        sb_addf(&explain->line, "%s (%s)", requirement->id, level_name(requirement->level));
        end_line(explain, 2, 4);
        sb_add(&explain->line, requirement->text);
        end_line(explain, 4, 4);
        say_page(explain, 4, requirement->page);
        say_evidence(explain, 4, &requirement->evidence);
    }
}

static void explain_question(struct explain *explain)
{
    const struct question *question = explain->test->question;
    if (!question) {
        return;
    }
    heading(explain, "What is open");
    sb_add(&explain->line, question->text);
    end_line(explain, 2, 2);
    for (size_t i = 0; i < question->sides.count; i++) {
        sb_addf(&explain->line, "- %s", question->sides.items[i]);
        end_line(explain, 2, 4);
    }
    for (size_t i = 0; i < question->pages.count; i++) {
        say_page(explain, 2, question->pages.items[i]);
    }
    sb_add(&explain->line,
           "What happens is recorded and compared between runs; no outcome is right or wrong.");
    end_line(explain, 2, 2);
}

static void explain_basis(struct explain *explain, unsigned indent, const struct expect *expect)
{
    switch (expect->basis) {
    case BASIS_NONE:
        return;
    case BASIS_DOCUMENTED:
        say(explain, indent, "Basis: documented.");
        break;
    case BASIS_OBSERVED:
        say(explain, indent, "Basis: observed on real Windows.");
        break;
    case BASIS_INFERRED:
        sb_addf(&explain->line, "Basis: inferred%s%s.", expect->because ? ", because " : "",
                expect->because ? expect->because : "");
        end_line(explain, indent, indent + 2);
        break;
    }
    say_page(explain, indent + 2, expect->page);
    say_evidence(explain, indent + 2, &expect->evidence);
}

/* Of which rule the step is the test, where that is not plain from the case. */
static void explain_rule(struct explain *explain, unsigned indent, const struct expect *expect)
{
    if (expect->requirement && explain->test->requirements.count > 1) {
        sb_addf(&explain->line, "This checks %s.", expect->requirement);
        end_line(explain, indent, indent + 2);
    }
    if (expect->has_level) {
        sb_addf(&explain->line, "Here it counts as %s.", level_name(expect->level));
        end_line(explain, indent, indent + 2);
    }
    const struct question *question =
        expect->question ? tbl_question(explain->tables, expect->question) : NULL;
    if (question) {
        sb_addf(&explain->line, "An open question beside it: %s", question->text);
        end_line(explain, indent, indent + 2);
    }
}

static void explain_expect(struct explain *explain, unsigned indent, const struct step *step)
{
    const struct expect *expect = step->expect;
    if (!expect) {
        return;
    }
    struct str_buf lines;
    sb_init(&lines, EXPLAIN_MAX);
    words_expected(&lines, step);
    explain->out.failed |= lines.failed;
    for (const char *line = sb_text(&lines); *line != '\0';) {
        const size_t length = strcspn(line, "\n");
        sb_addn(&explain->line, line, length);
        end_line(explain, indent, indent + 2);
        line += length + (line[length] == '\n');
    }
    sb_free(&lines);
    explain_basis(explain, indent, expect);
    explain_rule(explain, indent, expect);
}

/* That allocations of the step fail, or that it is for rounds in which they did. */
static void explain_memory(struct explain *explain, unsigned indent, const struct step *step)
{
    if (step->exhaust == EXHAUST_CALLER) {
        say(explain, indent,
            "All of this is done again and again: in each round another allocation that the "
            "implementation "
            "makes in this call fails, until a round comes in which none is left to fail.");
    } else if (step->exhaust == EXHAUST_OPERATION) {
        say(explain, indent,
            "All of this is done again and again: in each round another allocation that the "
            "implementation "
            "makes on other threads fails, from this call to the end of the operation, until a "
            "round comes in "
            "which none is left to fail.");
    }
    if (step->after_failure) {
        say(explain, indent, "Only in rounds in which the call, or its operation, failed.");
    }
}

/* Numbered steps; those inside of a thread or a repeat as 3.1, 3.2. prefix is "3." or "". */
static void explain_steps(struct explain *explain, unsigned indent, const char *prefix,
                          const struct step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char number[64];
        snprintf(number, sizeof number, "%s%zu.", prefix, i + 1);
        unsigned hang = indent + (unsigned)strlen(number) + 1;
        sb_addf(&explain->line, "%s ", number);
        step_text_add(&explain->line, &steps[i]);
        end_line(explain, indent, hang + 2);
        if (steps[i].title) {
            say(explain, hang, steps[i].title);
        }
        explain_memory(explain, hang, &steps[i]);
        explain_expect(explain, hang, &steps[i]);
        explain_steps(explain, hang, number, steps[i].steps, steps[i].step_count);
    }
}

/* Nothing, or what every step of a preamble must give. */
static bool needs_the_usual(const struct step *step)
{
    uint32_t usual = 0;
    hr_by_name(step->op == STEP_AWAIT ? "VSS_S_ASYNC_FINISHED" : "S_OK", &usual);
    return step->need_count == 0 || (step->need_count == 1 && step->need[0] == usual);
}

/* The steps of a preamble, without numbers: what they are for is told by their title. */
static void explain_preamble_steps(struct explain *explain, unsigned indent,
                                   const struct step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct step *step = &steps[i];
        step_text_add(&explain->line, step);
        if (!needs_the_usual(step)) {
            sb_add(&explain->line, ", which must give ");
            words_codes(&explain->line, step->need, step->need_count);
        }
        end_line(explain, indent, indent + 2);
        explain_preamble_steps(explain, indent + 2, step->steps, step->step_count);
    }
}

static void explain_chain(struct explain *explain, const struct preamble *preamble)
{
    if (!preamble) {
        return;
    }
    explain_chain(explain, preamble->after);
    sb_addf(&explain->line, "%s (%s)", preamble->title ? preamble->title : preamble->id,
            preamble->id);
    end_line(explain, 2, 4);
    explain_preamble_steps(explain, 4, preamble->steps, preamble->step_count);
}

static void explain_start(struct explain *explain)
{
    const struct preamble *preamble = explain->test->preamble;
    heading(explain, "How the state is reached");
    if (!preamble) {
        say(explain, 2, "The case starts from nothing: the module is loaded, no object exists.");
        return;
    }
    explain_chain(explain, preamble);
    const struct state *state =
        preamble->state ? tbl_state(explain->tables, preamble->state) : NULL;
    if (state) {
        sb_addf(&explain->line, "State: %s. %s", state->id, state->text);
        end_line(explain, 2, 4);
    }
    sb_add(&explain->line,
           "Each of these calls must succeed. Where one does not, the case ends there "
           "and is inconclusive, or not implemented, but never failed.");
    end_line(explain, 2, 2);
}

static void explain_middle(struct explain *explain)
{
    const struct test_case *test = explain->test;
    heading(explain, "What is done");
    if (test->step_count == 0) {
        say(explain, 2, "Nothing more: the case is about the way into this state.");
    }
    explain_steps(explain, 2, "", test->steps, test->step_count);
}

static void explain_end(struct explain *explain)
{
    heading(explain, "At the end, whatever happened before");
    explain_preamble_steps(explain, 2, explain->test->finally, explain->test->finally_count);
    for (const struct preamble *p = explain->test->preamble; p; p = p->after) {
        explain_preamble_steps(explain, 2, p->finally, p->finally_count);
    }
    say(explain, 2, "Every interface that is still held is released, the newest first.");
}

static const char *apartment_words(const char *apartment)
{
    if (apartment && strcmp(apartment, "sta") == 0) {
        return "The calls are made in a single-threaded apartment.";
    }
    if (apartment && strcmp(apartment, "none") == 0) {
        return "The calls are made on a thread that has not initialized COM.";
    }
    return "The calls are made in the multi-threaded apartment.";
}

static void explain_terms(struct explain *explain)
{
    const struct test_case *test = explain->test;
    heading(explain, "Terms");
    if (test->when.text) {
        sb_add(&explain->line, "Runs only ");
        words_condition(&explain->line, test->when.text);
        sb_addc(&explain->line, '.');
        end_line(explain, 2, 4);
    }
    for (int i = 0; i < CAP_COUNT; i++) {
        static const char *const meanings[] = {
#define CAP(id, name, text) text,
#include "../model/capabilities.def"
#undef CAP
        };
        if (test->needs & (UINT32_C(1) << i)) {
            sb_addf(&explain->line, "Needs %s: %s.", capability_name((enum capability)i),
                    meanings[i]);
            end_line(explain, 2, 4);
        }
    }
    say(explain, 2, apartment_words(test->apartment));
    if (test->fresh) {
        say(explain, 2, "Runs in a process of its own.");
    }
    if (test->exclusive) {
        say(explain, 2, "Never runs beside another case on the machine.");
    }
    sb_add(&explain->line, "Deadline: ");
    words_time(&explain->line, test->deadline_ms);
    sb_add(&explain->line, " for the whole case.");
    end_line(explain, 2, 4);
}

static void explain_head(struct explain *explain)
{
    const struct test_case *test = explain->test;
    sb_add(&explain->line, test->title ? test->title : test->id);
    end_line(explain, 0, 2);
    say(explain, 0, test->id);
    if (test->tags.count > 0) {
        sb_add(&explain->line, "Tags: ");
        for (size_t i = 0; i < test->tags.count; i++) {
            sb_addf(&explain->line, "%s%s", i ? ", " : "", test->tags.items[i]);
        }
        end_line(explain, 0, 2);
    }
}

char *plan_explain(const struct tables *tables, const struct test_case *test, unsigned width)
{
    struct explain explain = {.tables = tables, .test = test, .width = width};
    if (explain.width == 0) {
        explain.width = WIDTH_DEFAULT;
    } else if (explain.width < WIDTH_MIN) {
        explain.width = WIDTH_MIN;
    }
    sb_init(&explain.out, EXPLAIN_MAX);
    sb_init(&explain.line, EXPLAIN_MAX);
    explain_head(&explain);
    explain_question(&explain);
    explain_requirements(&explain);
    explain_start(&explain);
    explain_middle(&explain);
    explain_end(&explain);
    explain_terms(&explain);
    sb_free(&explain.line);
    return sb_take(&explain.out, NULL);
}
