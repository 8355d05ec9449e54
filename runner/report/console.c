/* The header line, the summary and the last line of a run. */
#include "console.h"

#include "../util/mem_grow.h"

#include "../judge/judge_against.h"
#include "json_facts.h"
#include "observed_totals.h"
#include <stdlib.h>
#include <string.h>

#define SHA_SHOWN 12
#define MENDING_SHOWN 10
#define OUTSTANDING_SHOWN 10

void console_header(const struct term *term, const json_t *header)
{
    const char *version = facts_text(header, "iut", "file_version");
    const char *wine = facts_text(header, "host", "wine");
    term_printf(term, STYLE_BOLD, "vsscts %s", facts_text(header, "suite", "version"));
    term_printf(term, STYLE_PLAIN, ": %s", facts_text(header, "profile", "name"));
    term_printf(term, STYLE_PLAIN, " %s", version[0] != '\0' ? version : "(no file version)");
    term_printf(term, STYLE_PLAIN, ", sha256 %.*s", SHA_SHOWN, facts_text(header, "iut", "sha256"));
    term_printf(term, STYLE_PLAIN, ", %s", facts_text(header, "iut", "arch"));
    term_printf(term, STYLE_PLAIN, ", stands for Windows %s %s",
                facts_text(header, "profile", "windows"), facts_text(header, "profile", "edition"));
    if (wine[0] != '\0') {
        term_printf(term, STYLE_PLAIN, ", under Wine %s", wine);
    } else {
        term_printf(term, STYLE_PLAIN, ", on Windows %s", facts_text(header, "host", "windows"));
    }
    fputc('\n', term->out);
}

static bool is_unexpected(const struct case_verdict *verdict)
{
    return verdict->against == AGAINST_UNEXPECTED && !verdict_is_outstanding(verdict);
}

static bool is_flake(const struct case_verdict *verdict)
{
    return verdict->against == AGAINST_FLAKE;
}

static bool is_improvement(const struct case_verdict *verdict)
{
    return verdict->against == AGAINST_IMPROVEMENT;
}

/* A bad verdict that the expectation file knows of. */
static bool is_known(const struct case_verdict *verdict)
{
    return verdict->against == AGAINST_EXPECTED && verdict->why_expected != NULL &&
           verdict_is_bad(verdict->verdict);
}

/* Findings, but none that gates. */
static bool is_advisory(const struct case_verdict *verdict)
{
    return verdict->finding_count > 0 && !verdict->gates;
}

static bool is_question(const struct case_verdict *verdict)
{
    return verdict->verdict == VERDICT_RECORDED;
}

static size_t count(const struct judged_run *run, bool (*test)(const struct case_verdict *))
{
    size_t number = 0;
    for (size_t i = 0; i < run->count; i++) {
        number += test(&run->cases[i]);
    }
    return number;
}

static void title(const struct term *term, const char *text, size_t number)
{
    fputc('\n', term->out);
    term_printf(term, STYLE_BOLD, "%s: %zu\n", text, number);
}

/* Cases in full, one under the other. */
static void cases_in_full(const struct term *term, const struct report *report, const char *name,
                          bool (*test)(const struct case_verdict *), bool advisory)
{
    const struct judged_run *run = report->run;
    const size_t number = count(run, test);
    if (number == 0) {
        return;
    }
    title(term, name, number);
    for (size_t i = 0; i < run->count; i++) {
        if (test(&run->cases[i])) {
            console_case(term, report, &run->cases[i], advisory);
        }
    }
}

/* "fail -> pass  id  (why)" */
static void moves(const struct term *term, const struct judged_run *run, const char *name,
                  bool (*test)(const struct case_verdict *))
{
    const size_t number = count(run, test);
    if (number == 0) {
        return;
    }
    title(term, name, number);
    for (size_t i = 0; i < run->count; i++) {
        const struct case_verdict *verdict = &run->cases[i];
        if (test(verdict)) {
            const bool flake = verdict->against == AGAINST_FLAKE;
            const enum verdict from = flake ? verdict->first : verdict->expected;
            const enum verdict to = flake ? verdict->last : verdict->verdict;
            term_printf(term, STYLE_WARN, "    %s -> %s", verdict_name(from), verdict_name(to));
            term_printf(term, STYLE_PLAIN, "  %s\n", verdict->test->id);
        }
    }
}

/* A group of skipped cases: how many have the same reason. */
struct skips {
    const char *reason;
    size_t number;
};

static int by_reason(const void *a, const void *b)
{
    return strcmp(((const struct skips *)a)->reason, ((const struct skips *)b)->reason);
}

static void skips_by_reason(const struct term *term, const struct judged_run *run, bool verbose)
{
    const size_t number = run->totals[VERDICT_SKIP];
    struct skips *groups = number > 0 ? mem_zeroed(number, sizeof *groups) : NULL;
    size_t used = 0;
    if (groups == NULL) {
        return;
    }
    for (size_t i = 0; i < run->count && used < number; i++) {
        const struct case_verdict *verdict = &run->cases[i];
        if (verdict->verdict == VERDICT_SKIP) {
            groups[used++].reason = verdict->reason != NULL ? verdict->reason : "no reason";
        }
    }
    qsort(groups, used, sizeof *groups, by_reason);
    title(term, "skipped", number);
    for (size_t first = 0; first < used;) {
        size_t next = first;
        while (next < used && strcmp(groups[next].reason, groups[first].reason) == 0) {
            next++;
        }
        term_printf(term, STYLE_PLAIN, "    %zu  %s\n", next - first, groups[first].reason);
        for (size_t i = 0; verbose && i < run->count; i++) {
            const char *reason = run->cases[i].reason;
            if (run->cases[i].verdict == VERDICT_SKIP &&
                strcmp(reason != NULL ? reason : "no reason", groups[first].reason) == 0) {
                term_printf(term, STYLE_DIM, "        %s\n", run->cases[i].test->id);
            }
        }
        first = next;
    }
    free(groups);
}

/* Ids only: there is nothing else to say of cases that were not run to their end. */
static void outstanding(const struct term *term, const struct judged_run *run, bool verbose)
{
    size_t printed = 0;
    if (run->outstanding == 0) {
        return;
    }
    title(term, "outstanding, not run to their end", run->outstanding);
    for (size_t i = 0; i < run->count && (verbose || printed < OUTSTANDING_SHOWN); i++) {
        if (verdict_is_outstanding(&run->cases[i])) {
            term_printf(term, STYLE_PLAIN, "    %s\n", run->cases[i].test->id);
            printed++;
        }
    }
    if (printed < run->outstanding) {
        term_printf(term, STYLE_DIM, "    and %zu more (-v lists them)\n",
                    run->outstanding - printed);
    }
}

/* "124 cases: 100 pass, 12 not_implemented, …; 8 advisory" */
static void totals(const struct term *term, const struct judged_run *run)
{
    const char *before = ": ";
    fputc('\n', term->out);
    term_printf(term, STYLE_BOLD, "%zu case%s", run->count, run->count == 1 ? "" : "s");
    for (size_t i = 0; i < sizeof run->totals / sizeof run->totals[0]; i++) {
        if (run->totals[i] > 0) {
            fputs(before, term->out);
            term_printf(term, console_style((enum verdict)i), "%zu %s", run->totals[i],
                        verdict_name((enum verdict)i));
            before = ", ";
        }
    }
    fputc('\n', term->out);
    before = "against what is expected: ";
    for (size_t i = 0; i < sizeof run->by_against / sizeof run->by_against[0]; i++) {
        if (run->by_against[i] > 0) {
            term_printf(term, i == AGAINST_UNEXPECTED ? STYLE_BAD : STYLE_PLAIN, "%s%zu %s", before,
                        run->by_against[i], against_name((enum against)i));
            before = ", ";
        }
    }
    fputc('\n', term->out);
}

/* "84 executions in 0.31 s, 271 cases/s": of a run that was not broken off. */
static void speed(const struct term *term, const struct judged_run *run)
{
    const json_int_t executions = json_integer_value(json_object_get(run->footer, "executions"));
    const json_int_t us = json_integer_value(json_object_get(run->footer, "us"));
    if (executions > 0 && us > 0) {
        const double seconds = (double)us / 1e6;
        term_printf(term, STYLE_DIM, "%lld execution%s in %.2f s, %.0f cases/s\n",
                    (long long)executions, executions == 1 ? "" : "s", seconds,
                    (double)executions / seconds);
    }
}

static void hint(const struct term *term, size_t number, const char *text)
{
    if (number > 0) {
        term_printf(term, STYLE_DIM, "%s: %zu (-v lists them)\n", text, number);
    }
}

/* Why a case is ours to mend: the first finding that Windows is at odds with. */
static const char *contradiction(const struct case_verdict *verdict)
{
    for (size_t i = 0; i < verdict->finding_count; i++) {
        if (verdict->findings[i].contradicted) {
            return verdict->findings[i].text;
        }
    }
    return verdict->reason != NULL ? verdict->reason : "";
}

/* Cases whose expectation was seen to be wrong: a clone is not at fault there. */
static void ours_to_mend(const struct term *term, const struct judged_run *run, size_t number,
                         bool verbose)
{
    size_t printed = 0;
    if (number == 0) {
        return;
    }
    title(term, "ours to mend, Windows does otherwise than the tables expect", number);
    for (size_t i = 0; i < run->count && (verbose || printed < MENDING_SHOWN); i++) {
        if (run->cases[i].contradicted) {
            term_printf(term, STYLE_PLAIN, "    %s\n        ", run->cases[i].test->id);
            term_put(term, STYLE_DIM, contradiction(&run->cases[i]));
            fputc('\n', term->out);
            printed++;
        }
    }
    if (printed < number) {
        term_printf(term, STYLE_DIM, "    and %zu more (-v lists them)\n", number - printed);
    }
}

/* "against Windows 10.0.20348 server, x86_64, as observed: 120 same, 2 other" */
static void against_observed(const struct term *term, const struct report *report)
{
    const struct observed_totals totals = observed_totals(report->run);
    const char *before = ": ";
    if (report->against == NULL) {
        return;
    }
    term_printf(term, STYLE_PLAIN, "against %s, as observed", report->against);
    for (int i = OBSERVED_NOT_ASKED + 1; i < OBSERVED_COUNT; i++) {
        if (totals.by[i] > 0) {
            term_printf(term, i == OBSERVED_OTHER ? STYLE_BAD : STYLE_PLAIN, "%s%zu %s", before,
                        totals.by[i], observed_name((enum observed_as)i));
            before = ", ";
        }
    }
    fputc('\n', term->out);
}

/* What is told at length only with -v. */
static void details(const struct term *term, const struct report *report, bool verbose)
{
    const struct judged_run *run = report->run;
    if (verbose) {
        cases_in_full(term, report, "known failures", is_known, false);
        cases_in_full(term, report, "advisory", is_advisory, true);
        cases_in_full(term, report, "recorded questions", is_question, false);
    }
    ours_to_mend(term, run, observed_totals(run).contradicted, verbose);
    skips_by_reason(term, run, verbose);
    totals(term, run);
    against_observed(term, report);
    speed(term, run);
    if (!verbose) {
        hint(term, count(run, is_known), "bad as the expectation file says");
        hint(term, run->advisory, "with advisory findings only");
        hint(term, count(run, is_question), "open questions recorded");
    }
}

static void files(const struct term *term, const struct report *report)
{
    if (report->log != NULL) {
        term_printf(term, STYLE_DIM, "log:    %s\n", report->log);
    }
    if (report->json != NULL) {
        term_printf(term, STYLE_DIM, "report: %s\n", report->json);
    }
}

void console_summary(const struct term *term, const struct report *report,
                     enum console_detail detail)
{
    const struct judged_run *run = report->run;
    cases_in_full(term, report, "unexpected", is_unexpected, false);
    outstanding(term, run, detail == CONSOLE_VERBOSE);
    moves(term, run, "flakes", is_flake);
    moves(term, run, "improvements", is_improvement);
    if (detail != CONSOLE_QUIET) {
        details(term, report, detail == CONSOLE_VERBOSE);
        if (report->unused_expect != NULL) {
            term_printf(term, STYLE_WARN, "%s\n", report->unused_expect);
        }
        files(term, report);
    }
    if (run->footer == NULL) {
        term_printf(term, STYLE_WARN, "the log has no footer: the run was broken off%s\n",
                    run->truncated ? ", in the middle of a line" : "");
    }
}

int console_result(const struct term *term, enum cts_status status, const char *good)
{
    const int code = cts_exit_code(status);
    const bool is_good = status == CTS_OK;
    term_printf(term, is_good ? STYLE_GOOD : STYLE_BAD, "result: %s (exit %d)\n",
                is_good && good != NULL ? good : report_result_text(status), code);
    return code;
}
