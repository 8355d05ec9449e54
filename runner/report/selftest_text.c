/* A selftest on a terminal. */
#include "selftest_report.h"
#include <stdlib.h>

#define COMMAND_CASES 5 /* in a command that is printed */

size_t selftest_count(const struct selftest_report *report, enum mutant_fate fate)
{
    size_t number = 0;
    for (size_t i = 0; i < report->count; i++) {
        number += report->results[i].fate == fate;
    }
    return number;
}

enum cts_status selftest_status(const struct selftest_report *report)
{
    enum cts_status status = report->bad_count > 0 ? CTS_UNEXPECTED : CTS_OK;
    for (size_t i = 0; i < report->count; i++) {
        if (mutant_fate_is_bad(report->results[i].fate)) {
            status = CTS_UNEXPECTED;
        }
    }
    return selftest_count(report, FATE_OUTSTANDING) > 0 ? CTS_OUTSTANDING : status;
}

static enum term_style fate_style(enum mutant_fate fate)
{
    if (fate == FATE_SKIPPED) {
        return STYLE_DIM;
    }
    return mutant_fate_is_bad(fate) ? STYLE_BAD : STYLE_GOOD;
}

static void print_line(const struct term *term, const char *head, const char *text)
{
    term_put(term, STYLE_DIM, head);
    term_put(term, STYLE_PLAIN, text);
    fputc('\n', term->out);
}

static void print_case(const struct term *term, const struct mutant_case *one)
{
    const bool kills = mutant_case_kills(one);
    term_printf(term, kills ? STYLE_GOOD : STYLE_DIM, "    %s%s", verdict_name(one->verdict),
                one->own ? "" : " (not of its requirement)");
    term_printf(term, STYLE_PLAIN, "  %s\n", one->test->id);
    if (one->why != NULL) {
        print_line(term, "        ", one->why);
    }
}

/* How to look at it alone. */
static void print_command(const struct term *term, const struct mutant_result *result)
{
    const struct mutant *mutant = result->mutant;
    term_printf(term, STYLE_DIM, "    VSSREF_MUTANT='%s' vsscts run --iut %s%s", mutant->action,
                mutant->profile,
                mutant->one_arch && mutant->arch == ARCH_I686 ? " --arch i686" : "");
    for (size_t i = 0; i < result->count && i < COMMAND_CASES; i++) {
        term_printf(term, STYLE_DIM, " %s", result->cases[i].test->id);
    }
    fputc('\n', term->out);
}

static void print_mutant(const struct term *term, const struct mutant_result *result)
{
    const struct mutant *mutant = result->mutant;
    term_printf(term, fate_style(result->fate), "%s", mutant_fate_name(result->fate));
    term_printf(term, STYLE_BOLD, "  %s\n", mutant->name);
    print_line(term, "    ", mutant->text);
    print_line(term, "    requirement: ", mutant->requirement->id);
    if (result->problem != NULL) {
        print_line(term, "    ", result->problem);
    }
    for (size_t i = 0; i < result->count; i++) {
        if (result->cases[i].ran) {
            print_case(term, &result->cases[i]);
        }
    }
    if (mutant_fate_is_bad(result->fate)) {
        print_command(term, result);
    }
}

static void print_bad(const struct term *term, const struct selftest_report *report)
{
    for (size_t i = 0; i < report->bad_count; i++) {
        const struct selftest_bad *bad = &report->bad[i];
        term_printf(term, STYLE_BAD, "%s without a mutant", verdict_name(bad->verdict));
        term_printf(term, STYLE_PLAIN, "  %s (%s)\n", bad->test->id, bad->profile);
    }
}

/* Requirements of the level that no killed mutant is about. */
static void print_lacking(const struct term *term, const struct selftest_report *report,
                          const bool *shown, enum level level)
{
    for (size_t i = 0; i < report->tables->requirement_count; i++) {
        const struct requirement *requirement = &report->tables->requirements[i];
        size_t cases = 0;
        by_requirement_find(report->index, requirement, &cases);
        if (cases > 0 && requirement->level == level && !shown[i]) {
            term_printf(term, STYLE_DIM, "    without one: %s\n", requirement->id);
        }
    }
}

static void print_cover(const struct term *term, const struct selftest_report *report,
                        enum console_detail detail)
{
    struct selftest_cover cover[3];
    bool *shown = NULL;
    if (!selftest_cover(report, cover, &shown)) {
        return;
    }
    for (unsigned level = LEVEL_MUST; level <= LEVEL_MAY; level++) {
        term_printf(term, STYLE_PLAIN,
                    "%s: %zu of %zu requirements that are checked have a killed mutant\n",
                    level_name((enum level)level), cover[level].shown, cover[level].checked);
        if (detail == CONSOLE_VERBOSE) {
            print_lacking(term, report, shown, (enum level)level);
        }
    }
    free(shown);
}

void selftest_print(const struct term *term, const struct selftest_report *report,
                    enum console_detail detail)
{
    print_bad(term, report);
    for (size_t i = 0; i < report->count; i++) {
        const enum mutant_fate fate = report->results[i].fate;
        if (detail == CONSOLE_VERBOSE || mutant_fate_is_bad(fate)) {
            print_mutant(term, &report->results[i]);
        }
    }
    term_printf(term, STYLE_PLAIN, "%zu mutants:", report->count);
    for (unsigned fate = 0; fate < FATE_COUNT; fate++) {
        const size_t number = selftest_count(report, (enum mutant_fate)fate);
        if (number > 0) {
            term_printf(term, fate_style((enum mutant_fate)fate), "  %zu %s", number,
                        mutant_fate_name((enum mutant_fate)fate));
        }
    }
    term_printf(term, STYLE_PLAIN, "\nwithout a mutant: %zu cases, %zu bad\n", report->base_count,
                report->bad_count);
    if (report->whole) {
        print_cover(term, report, detail);
    }
}
