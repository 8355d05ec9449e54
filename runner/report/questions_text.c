/* The open questions on the console. */
#include "../plan/text_wrap.h"
#include "../util/glob.h"
#include "../util/mem_grow.h"
#include "questions_inner.h"
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX ((size_t)1 << 20)
#define INDENT 4U
#define OBSERVED_INDENT 12U
#define JUDGING_SHOWN 3U

/* --- what both forms need --- */

bool questions_chosen(const struct questions_report *report, const struct question *question)
{
    bool chosen = report->chosen.count == 0;
    for (size_t i = 0; i < report->chosen.count && !chosen; i++) {
        chosen = glob_match(report->chosen.items[i], question->id);
    }
    return chosen;
}

const struct case_verdict *questions_verdict(const struct questions_report *report,
                                             const struct test_case *test)
{
    return report->run != NULL ? judged_find(report->run, test->id) : NULL;
}

static bool steps_name(const struct step *steps, size_t count, const char *question)
{
    for (size_t i = 0; i < count; i++) {
        const struct expect *expect = steps[i].expect;
        if ((expect != NULL && expect->question != NULL &&
             strcmp(expect->question, question) == 0) ||
            steps_name(steps[i].steps, steps[i].step_count, question)) {
            return true;
        }
    }
    return false;
}

bool questions_judges(const struct test_case *test, const struct question *question)
{
    return steps_name(test->steps, test->step_count, question->id);
}

void questions_answer(struct str_buf *buf, const struct case_verdict *verdict)
{
    if (verdict->verdict == VERDICT_RECORDED && verdict->outcome != NULL) {
        sb_add(buf, verdict->outcome);
        return;
    }
    sb_add(buf, verdict_name(verdict->verdict));
    if (verdict->reason != NULL) {
        sb_addf(buf, ": %s", verdict->reason);
    }
}

/* --- text --- */

static void paragraph(const struct term *term, enum term_style style, unsigned first, unsigned rest,
                      const char *text)
{
    struct str_buf buf;
    sb_init(&buf, TEXT_MAX);
    wrap_text(&buf, term->width, first, rest, text);
    term_printf(term, style, "%s", sb_text(&buf));
    sb_free(&buf);
}

static void bullet(const struct term *term, enum term_style style, const char *mark,
                   const char *text)
{
    struct str_buf buf;
    sb_init(&buf, TEXT_MAX);
    sb_addf(&buf, "%s %s", mark, text);
    paragraph(term, style, INDENT, INDENT + (unsigned)strlen(mark) + 1, sb_text(&buf));
    sb_free(&buf);
}

/* One case that asks, with what the run answered to it. */
struct asking {
    const struct test_case *test;
    char *answer; /* NULL: no run, or not in it */
};

static int by_answer(const void *a, const void *b)
{
    const struct asking *left = a, *right = b;
    const int order = strcmp(left->answer != NULL ? left->answer : "",
                             right->answer != NULL ? right->answer : "");
    return order != 0 ? order : strcmp(left->test->id, right->test->id);
}

/* The cases that ask a question; the array and the answers are owned by the caller. */
static struct asking *list_asking(const struct questions_report *report,
                                  const struct question *question, size_t *count)
{
    const struct tables *tables = report->tables;
    struct asking *list = mem_zeroed(tables->case_count + 1, sizeof *list);
    *count = 0;
    for (size_t i = 0; list != NULL && i < tables->case_count; i++) {
        if (tables->cases[i].question == question) {
            const struct case_verdict *verdict = questions_verdict(report, &tables->cases[i]);
            struct str_buf answer;
            sb_init(&answer, TEXT_MAX);
            if (verdict != NULL) {
                questions_answer(&answer, verdict);
            }
            list[*count].test = &tables->cases[i];
            list[(*count)++].answer = verdict != NULL ? sb_take(&answer, NULL) : NULL;
            sb_free(&answer);
        }
    }
    if (*count > 1) {
        qsort(list, *count, sizeof *list, by_answer);
    }
    return list;
}

/* "Windows 10.0.20348 server, x86_64, 2 of 3 runs: ..." */
static void print_observed(void *context, const struct observed *observed,
                           const struct test_case *test, const json_t *answer, size_t runs,
                           size_t of, bool today)
{
    const struct term *term = context;
    struct str_buf buf;
    sb_init(&buf, TEXT_MAX);
    sb_addf(&buf, "%s, %zu of %zu run%s%s: ", observed->name, runs, of, of == 1 ? "" : "s",
            today ? "" : ", with other steps than today's");
    observed_answer_words(&buf, test, answer);
    paragraph(term, STYLE_ACCENT, OBSERVED_INDENT, OBSERVED_INDENT + 4, sb_text(&buf));
    sb_free(&buf);
}

static void print_asking(const struct term *term, const struct questions_report *report,
                         const struct asking *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const bool first =
            i == 0 || (list[i].answer != NULL && (list[i - 1].answer == NULL ||
                                                  strcmp(list[i].answer, list[i - 1].answer) != 0));
        if (first && list[i].answer != NULL) {
            bullet(term, STYLE_ACCENT, "=", list[i].answer);
        }
        term_printf(term, STYLE_DIM, "        %s\n", list[i].test->id);
        questions_each_observed(report, list[i].test, print_observed, (void *)(uintptr_t)term);
    }
}

/* The cases whose expectations name the question: the suite's reading, which is judged. */
static size_t print_judging(const struct term *term, const struct questions_report *report,
                            const struct question *question)
{
    const struct tables *tables = report->tables;
    size_t printed = 0;
    for (size_t i = 0; i < tables->case_count; i++) {
        if (questions_judges(&tables->cases[i], question)) {
            if (printed == 0) {
                term_printf(term, STYLE_PLAIN, "    judged by our reading:\n");
            }
            if (printed++ < JUDGING_SHOWN) {
                term_printf(term, STYLE_DIM, "        %s\n", tables->cases[i].id);
            }
        }
    }
    if (printed > JUDGING_SHOWN) {
        term_printf(term, STYLE_DIM, "        and %zu more\n", printed - JUDGING_SHOWN);
    }
    return printed;
}

static void print_question(const struct term *term, const struct questions_report *report,
                           const struct question *question)
{
    size_t count = 0;
    struct asking *list = list_asking(report, question, &count);
    term_put(term, STYLE_BOLD, question->id);
    fputc('\n', term->out);
    paragraph(term, STYLE_PLAIN, INDENT, INDENT, question->text);
    for (size_t i = 0; i < question->sides.count; i++) {
        bullet(term, STYLE_PLAIN, "-", question->sides.items[i]);
    }
    for (size_t i = 0; i < question->pages.count; i++) {
        char address[512];
        term_printf(term, STYLE_DIM, "      %s\n",
                    page_url(question->pages.items[i], address, sizeof address));
    }
    if (list != NULL) {
        print_asking(term, report, list, count);
    }
    if (print_judging(term, report, question) + count == 0) {
        term_printf(term, STYLE_WARN, "        no case asks it\n");
    }
    for (size_t i = 0; i < count; i++) {
        free(list[i].answer);
    }
    free(list);
}

size_t questions_print(const struct term *term, const struct questions_report *report)
{
    size_t printed = 0;
    for (size_t i = 0; i < report->tables->question_count; i++) {
        const struct question *question = &report->tables->questions[i];
        if (questions_chosen(report, question)) {
            if (printed++ > 0) {
                fputc('\n', term->out);
            }
            print_question(term, report, question);
        }
    }
    return printed;
}
