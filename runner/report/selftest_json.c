/* A selftest as JSON and in Markdown. */
#include "json_make.h"
#include "json_stream.h"
#include "md_text.h"
#include "selftest_report.h"
#include <stdlib.h>

/* --- JSON --- */

static json_t *case_json(const struct mutant_case *one)
{
    json_t *made = json_object();
    bool failed = made == NULL;
    jm_text(made, "id", one->test->id, &failed);
    jm_set(made, "own", json_boolean(one->own), &failed);
    jm_text(made, "without", verdict_name(one->base), &failed);
    jm_set(made, "with", one->ran ? json_string(verdict_name(one->verdict)) : json_null(), &failed);
    jm_set(made, "kills", json_boolean(mutant_case_kills(one)), &failed);
    jm_text(made, "why", one->ran ? one->why : NULL, &failed);
    return jm_end(made, failed);
}

static json_t *mutant_json(const struct mutant_result *result)
{
    const struct mutant *mutant = result->mutant;
    json_t *made = json_object(), *cases = json_array();
    bool failed = made == NULL || cases == NULL;
    for (size_t i = 0; i < result->count; i++) {
        jm_append(cases, case_json(&result->cases[i]), &failed);
    }
    jm_text(made, "name", mutant->name, &failed);
    jm_text(made, "requirement", mutant->requirement->id, &failed);
    jm_text(made, "level", level_name(mutant->requirement->level), &failed);
    jm_text(made, "text", mutant->text, &failed);
    jm_text(made, "profile", mutant->profile, &failed);
    jm_text(made, "do", mutant->action, &failed);
    jm_text(made, "fate", mutant_fate_name(result->fate), &failed);
    jm_text(made, "problem", result->problem, &failed);
    jm_set(made, "cases", cases, &failed);
    return jm_end(made, failed);
}

static json_t *bad_json(const struct selftest_bad *bad)
{
    json_t *made = json_object();
    bool failed = made == NULL;
    jm_text(made, "id", bad->test->id, &failed);
    jm_text(made, "profile", bad->profile, &failed);
    jm_text(made, "verdict", verdict_name(bad->verdict), &failed);
    return jm_end(made, failed);
}

static json_t *without_json(const struct selftest_report *report)
{
    json_t *made = json_object(), *bad = json_array();
    bool failed = made == NULL || bad == NULL;
    for (size_t i = 0; i < report->bad_count; i++) {
        jm_append(bad, bad_json(&report->bad[i]), &failed);
    }
    jm_set(made, "cases", json_integer((json_int_t)report->base_count), &failed);
    jm_set(made, "bad", bad, &failed);
    return jm_end(made, failed);
}

static json_t *totals_json(const struct selftest_report *report)
{
    json_t *made = json_object();
    bool failed = made == NULL;
    for (unsigned fate = 0; fate < FATE_COUNT; fate++) {
        const size_t number = selftest_count(report, (enum mutant_fate)fate);
        jm_set(made, mutant_fate_name((enum mutant_fate)fate), json_integer((json_int_t)number),
               &failed);
    }
    return jm_end(made, failed);
}

/* How many requirements that are checked a killed mutant is about, and which have none. */
static json_t *requirements_json(const struct selftest_report *report)
{
    struct selftest_cover cover[3];
    bool *shown = NULL;
    const struct tables *tables = report->tables;
    json_t *made = json_object(), *lacking = json_array();
    bool failed = !selftest_cover(report, cover, &shown);
    for (unsigned level = LEVEL_MUST; level <= LEVEL_MAY && !failed; level++) {
        jm_set(made, level_name((enum level)level),
               json_pack("{s:I, s:I}", "checked", (json_int_t)cover[level].checked, "shown",
                         (json_int_t)cover[level].shown),
               &failed);
    }
    for (size_t i = 0; i < tables->requirement_count && !failed; i++) {
        size_t cases = 0;
        by_requirement_find(report->index, &tables->requirements[i], &cases);
        if (cases > 0 && !shown[i]) {
            jm_append(lacking, json_string(tables->requirements[i].id), &failed);
        }
    }
    jm_set(made, "without", lacking, &failed);
    free(shown);
    return jm_end(made, failed);
}

enum cts_status selftest_write_json(const struct selftest_report *report, const char *path,
                                    struct cts_error *err)
{
    struct json_stream *stream = js_open(path, err);
    if (stream == NULL) {
        return err != NULL ? err->status : CTS_IO;
    }
    js_textf(stream, "{\"arch\":\"%s\",\n\"format\":\"vsscts-selftest\",\n\"mutants\":[",
             arch_name(report->arch));
    for (size_t i = 0; i < report->count; i++) {
        js_text(stream, i > 0 ? ",\n" : "\n");
        js_value_new(stream, mutant_json(&report->results[i]));
    }
    js_text(stream, "\n],\n\"requirements\":");
    js_value_new(stream, requirements_json(report));
    js_text(stream, ",\n\"totals\":");
    js_value_new(stream, totals_json(report));
    js_text(stream, ",\n\"unmutated\":");
    js_value_new(stream, without_json(report));
    js_text(stream, ",\n\"version\":1}\n");
    return js_close(stream, err);
}

/* --- Markdown --- */

static void put_killers(struct json_stream *stream, const struct mutant_result *result)
{
    const char *before = "";
    for (size_t i = 0; i < result->count; i++) {
        const struct mutant_case *one = &result->cases[i];
        if (mutant_case_kills(one)) {
            js_textf(stream, "%s`%s` %s", before, one->test->id, verdict_name(one->verdict));
            before = "<br>";
        }
    }
}

static void put_row(struct json_stream *stream, const struct mutant_result *result)
{
    js_textf(stream, "| `%s`<br>", result->mutant->name);
    md_put(stream, result->mutant->text);
    js_textf(stream, " | `%s` | %s | ", result->mutant->requirement->id,
             mutant_fate_name(result->fate));
    put_killers(stream, result);
    js_text(stream, " |\n");
}

enum cts_status selftest_write_md(const struct selftest_report *report, const char *path,
                                  struct cts_error *err)
{
    struct json_stream *stream = js_open(path, err);
    if (stream == NULL) {
        return err != NULL ? err->status : CTS_IO;
    }
    js_textf(stream, "## Mutants of the reference, %s\n\n", arch_name(report->arch));
    for (unsigned fate = 0; fate < FATE_COUNT; fate++) {
        const size_t number = selftest_count(report, (enum mutant_fate)fate);
        if (number > 0) {
            js_textf(stream, "- %zu %s: %s\n", number, mutant_fate_name((enum mutant_fate)fate),
                     mutant_fate_text((enum mutant_fate)fate));
        }
    }
    js_textf(stream, "\nWithout a mutant %zu cases were run; %zu of them are bad.\n\n",
             report->base_count, report->bad_count);
    js_text(stream, "| mutant | requirement | | killed by |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; i < report->count; i++) {
        put_row(stream, &report->results[i]);
    }
    return js_close(stream, err);
}
