/* The page of one run. Its elements of data, besides the traces (prefix "run"):
 *
 *   facts         what report_facts() tells, with verdicts (html_verdicts()), againsts, standings
 * and levels (names by number), suites ([[id, title], …]) and again (the command that a case's id
 * makes whole, or null) requirements  as in the report: [{id, level, text, page, verdict, cases},
 * …] cells         the heat map, see html_cells.h cases         an array, sorted by id, a case a
 * line: [suite (number), rest of the id, title, verdict, against, standing, expected, level
 * (numbers), us, line, requirements, methods (arrays of numbers), tags, question] methods       the
 * names of the methods that cases name by number */
#include "formats.h"
#include "html_cells.h"
#include "html_traces.h"
#include "json_facts.h"
#include "json_make.h"
#include "standing.h"
#include "text_set.h"
#include <stdio.h>
#include <string.h>

#define LINE_MAX_BYTES ((size_t)64 << 10)
#define METHODS_MAX ((size_t)4 << 20)
#define NAME_SIZE 256
#define URL_SIZE 512

static const char *const assets[] = {"base.css", "trace.css", "run.css", "base.js", "list.js",
                                     "trace.js", "heat.js",   "run.js",  NULL};

/* --- what was tested --- */

static json_t *againsts(void)
{
    json_t *made = json_array();
    bool failed = made == NULL;
    for (int i = AGAINST_EXPECTED; i <= AGAINST_FLAKE; i++) {
        jm_append(made, json_string(against_name((enum against)i)), &failed);
    }
    return jm_end(made, failed);
}

static json_t *standings(void)
{
    json_t *made = json_array();
    bool failed = made == NULL;
    for (int i = 0; i < STANDING_COUNT; i++) {
        jm_append(made, json_string(standing_name((enum standing)i)), &failed);
    }
    return jm_end(made, failed);
}

static json_t *levels(void)
{
    json_t *made = json_array();
    bool failed = made == NULL;
    for (int i = LEVEL_MUST; i <= LEVEL_MAY; i++) {
        jm_append(made, json_string(level_name((enum level)i)), &failed);
    }
    return jm_end(made, failed);
}

static json_t *suites(const struct tables *tables)
{
    json_t *made = json_array();
    bool failed = made == NULL;
    for (size_t i = 0; i < tables->suite_count; i++) {
        jm_append(made, json_pack("[s, s?]", tables->suites[i].id, tables->suites[i].title),
                  &failed);
    }
    return jm_end(made, failed);
}

static json_t *facts(const struct report *report)
{
    json_t *made = report_facts(report);
    const char *again = facts_text(report->run->header, "options", "reproduce");
    bool failed = made == NULL;
    jm_set(made, "verdicts", html_verdicts(), &failed);
    jm_set(made, "againsts", againsts(), &failed);
    jm_set(made, "standings", standings(), &failed);
    jm_set(made, "levels", levels(), &failed);
    jm_set(made, "suites", suites(report->tables), &failed);
    jm_set(made, "again", again[0] != '\0' ? json_string(again) : json_null(), &failed);
    return jm_end(made, failed);
}

static json_t *requirements(const struct report *report)
{
    json_t *made = report_requirements(report), *requirement;
    bool failed = made == NULL;
    size_t i;
    json_array_foreach(made, i, requirement)
    {
        const char *page = json_string_value(json_object_get(requirement, "page"));
        char url[URL_SIZE];
        if (page != NULL) {
            jm_text(requirement, "page", page_url(page, url, sizeof url), &failed);
        }
    }
    return jm_end(made, failed);
}

static json_t *questions(const struct tables *tables)
{
    json_t *made = json_object();
    bool failed = made == NULL;
    for (size_t i = 0; i < tables->question_count; i++) {
        const struct question *question = &tables->questions[i];
        json_t *one = json_object(), *pages = json_array();
        jm_text(one, "text", question->text, &failed);
        jm_set(one, "sides", jm_texts(&question->sides), &failed);
        for (size_t k = 0; k < question->pages.count; k++) {
            char url[URL_SIZE];
            jm_append(pages, json_string(page_url(question->pages.items[k], url, sizeof url)),
                      &failed);
        }
        jm_set(one, "pages", pages, &failed);
        jm_set(made, question->id, one, &failed);
    }
    return jm_end(made, failed);
}

/* --- cases --- */

/* The number of the case's suite, or -1. */
static json_int_t suite_of(const struct tables *tables, const struct test_case *test)
{
    for (size_t i = 0; i < tables->suite_count; i++) {
        if (strcmp(tables->suites[i].id, test->suite) == 0) {
            return (json_int_t)i;
        }
    }
    return -1;
}

/* The id without its suite. */
static const char *rest_of_id(const struct test_case *test, bool has_suite)
{
    const size_t length = strlen(test->suite);
    const bool cut =
        has_suite && strncmp(test->id, test->suite, length) == 0 && test->id[length] == '/';
    return cut ? test->id + length + 1 : test->id;
}

/* The methods that steps call, those inside of other steps too; each once. */
static void append_methods(struct text_set *names, json_t *to, const struct step *steps,
                           size_t count, bool *failed)
{
    for (size_t i = 0; i < count; i++) {
        const struct api_method *method = steps[i].method;
        char name[NAME_SIZE];
        append_methods(names, to, steps[i].steps, steps[i].step_count, failed);
        if (method == NULL || steps[i].op == STEP_RELEASE) {
            continue;
        }
        snprintf(name, sizeof name, "%s%s%s", method->iface != NULL ? method->iface : "",
                 method->iface != NULL ? "." : "", method->name);
        const json_int_t number = (json_int_t)text_set_add(names, name, strlen(name));
        bool known = number < 0; /* no room for it */
        for (size_t k = 0; k < json_array_size(to) && !known; k++) {
            known = json_integer_value(json_array_get(to, k)) == number;
        }
        if (!known) {
            jm_append(to, json_integer(number), failed);
        }
    }
}

static json_t *requirement_numbers(const struct tables *tables, const struct string_list *ids)
{
    json_t *made = json_array();
    bool failed = made == NULL;
    for (size_t i = 0; i < ids->count; i++) {
        const struct requirement *known = tbl_requirement(tables, ids->items[i]);
        if (known != NULL) {
            jm_append(made, json_integer((json_int_t)(known - tables->requirements)), &failed);
        }
    }
    return jm_end(made, failed);
}

static json_t *line_json(const struct case_verdict *verdict)
{
    struct str_buf line;
    sb_init(&line, LINE_MAX_BYTES);
    standing_line(&line, verdict);
    /* a text that was too long is cut by its limit, maybe inside of a character */
    json_t *made =
        line.failed ? json_string(verdict_name(verdict->verdict)) : json_string(sb_text(&line));
    sb_free(&line);
    return made;
}

static bool is_advisory(const struct case_verdict *verdict)
{
    for (size_t i = 0; i < verdict->finding_count; i++) {
        if (verdict->findings[i].gates) {
            return false;
        }
    }
    return verdict->finding_count > 0;
}

static json_t *row_json(const struct report *report, const struct case_verdict *verdict,
                        struct text_set *names)
{
    const struct test_case *test = verdict->test;
    const json_int_t suite = suite_of(report->tables, test);
    json_t *row = json_array(), *methods = json_array();
    bool failed = row == NULL || methods == NULL;
    const json_int_t numbers[] = {verdict->verdict,  verdict->against, standing_of(verdict),
                                  verdict->expected, test->level,      (json_int_t)verdict->us};

    append_methods(names, methods, test->steps, test->step_count, &failed);
    jm_append(row, json_integer(suite), &failed);
    jm_append(row, json_string(rest_of_id(test, suite >= 0)), &failed);
    jm_append(row, json_string(test->title != NULL ? test->title : ""), &failed);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        jm_append(row, json_integer(numbers[i]), &failed);
    }
    jm_append(row, line_json(verdict), &failed);
    jm_append(row, requirement_numbers(report->tables, &test->requirements), &failed);
    jm_append(row, methods, &failed);
    jm_append(row, jm_texts(&test->tags), &failed);
    jm_append(row, test->question != NULL ? json_string(test->question->id) : json_null(), &failed);
    jm_append(row, json_boolean(is_advisory(verdict)), &failed);
    return jm_end(row, failed);
}

static void put_cases(struct html_page *page, const struct report *report, struct text_set *names)
{
    html_data_begin(page, "cases");
    html_data_text(page, "[", 1);
    for (size_t i = 0; i < report->run->count; i++) {
        html_data_text(page, ",\n", i == 0 ? 0 : 2);
        html_data_value(page, row_json(report, &report->run->cases[i], names));
    }
    html_data_text(page, "]", 1);
    html_data_end(page);
}

static json_t *texts_json(const struct text_set *set)
{
    json_t *made = json_array();
    bool failed = made == NULL;
    for (size_t i = 0; i < text_set_count(set); i++) {
        size_t length = 0;
        const char *text = text_set_at(set, i, &length);
        jm_append(made, json_stringn(text, length), &failed);
    }
    return jm_end(made, failed);
}

void report_format_html(const struct report *report, struct json_stream *out)
{
    struct html_page page;
    struct text_set *names = text_set_new(METHODS_MAX);
    char title[NAME_SIZE];
    if (names == NULL) {
        js_value(out, NULL); /* there was no memory */
        return;
    }
    snprintf(title, sizeof title, "%.200s: VSS conformance",
             facts_text(report->run->header, "profile", "name"));
    html_open(&page, out, title, assets);
    html_data(&page, "facts", facts(report));
    html_data(&page, "requirements", requirements(report));
    html_data(&page, "questions", questions(report->tables));
    html_data(&page, "cells", html_cells(report));
    put_cases(&page, report, names);
    html_data(&page, "methods", texts_json(names));
    html_traces(&page, "run", report, NULL, 0);
    html_close(&page);
    text_set_free(names);
}
