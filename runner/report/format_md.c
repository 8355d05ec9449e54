/* Markdown for a pull request or a step summary: short, the worst first. A comment of GitHub takes
 * 65,536 characters. */
#include "formats.h"
#include "json_facts.h"
#include "md_text.h"
#include "standing.h"

#define MD_CASES_MAX 50
#define MD_TEXT_MAX ((size_t)1000)

static void put_header(struct json_stream *out, const struct report *report)
{
    const json_t *header = report->run->header;
    const char *wine = facts_text(header, "host", "wine");
    js_text(out, "## VSS conformance: ");
    js_text(out, report_result_text(report->status));
    js_text(out, "\n\n**");
    md_put(out, facts_text(header, "profile", "name"));
    js_text(out, "** ");
    md_put(out, facts_text(header, "iut", "file_version"));
    js_text(out, ", ");
    md_put(out, facts_text(header, "iut", "arch"));
    js_text(out, ", stands for Windows ");
    md_put(out, facts_text(header, "profile", "windows"));
    if (wine[0] != '\0') {
        js_text(out, ", under Wine ");
        md_put(out, wine);
    }
    js_text(out, "; vsscts ");
    md_put(out, facts_text(header, "suite", "version"));
    js_text(out, "\n\n");
}

static void put_totals(struct json_stream *out, const struct report *report)
{
    const struct judged_run *run = report->run;
    js_text(out, "| cases |");
    for (size_t i = 0; i < sizeof run->totals / sizeof run->totals[0]; i++) {
        if (run->totals[i] > 0) {
            js_textf(out, " %s |", verdict_name((enum verdict)i));
        }
    }
    js_text(out, "\n| ---: |");
    for (size_t i = 0; i < sizeof run->totals / sizeof run->totals[0]; i++) {
        if (run->totals[i] > 0) {
            js_text(out, " ---: |");
        }
    }
    js_textf(out, "\n| %zu |", run->count);
    for (size_t i = 0; i < sizeof run->totals / sizeof run->totals[0]; i++) {
        if (run->totals[i] > 0) {
            js_textf(out, " %zu |", run->totals[i]);
        }
    }
    js_text(out, "\n");
}

static void put_case(struct json_stream *out, const struct case_verdict *verdict)
{
    struct str_buf line;
    sb_init(&line, MD_TEXT_MAX);
    standing_line(&line, verdict);
    js_text(out, "| `");
    js_text(out, verdict->test->id);
    js_text(out, "` | ");
    md_put(out, line.failed ? verdict_name(verdict->verdict) : sb_text(&line));
    js_text(out, " | ");
    for (size_t i = 0; i < verdict->finding_count; i++) {
        if (verdict->findings[i].page != NULL) {
            js_textf(out, "[page](%s)", verdict->findings[i].page);
            break;
        }
    }
    js_text(out, " |\n");
    sb_free(&line);
}

static void put_section(struct json_stream *out, const struct report *report, size_t total,
                        enum standing standing, const char *title)
{
    const struct judged_run *run = report->run;
    size_t shown = 0;
    if (total == 0) {
        return;
    }
    js_textf(out, "\n### %s: %zu\n\n| case | what happened | |\n| --- | --- | --- |\n", title,
             total);
    for (size_t i = 0; i < run->count && shown < MD_CASES_MAX; i++) {
        if (standing_of(&run->cases[i]) == standing) {
            put_case(out, &run->cases[i]);
            shown++;
        }
    }
    if (total > shown) {
        js_textf(out, "\n%zu more; the report has them all.\n", total - shown);
    }
}

void report_format_md(const struct report *report, struct json_stream *out)
{
    static const struct {
        enum standing standing;
        const char *title;
    } sections[] = {
        {STANDING_BROKEN, "No answer"},
        {STANDING_FAILED, "Not as expected"},
        {STANDING_FLAKY, "Not the same at each attempt"},
    };
    const struct standings standings = standings_of(report->run);
    put_header(out, report);
    put_totals(out, report);
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        put_section(out, report, standings.by[sections[i].standing], sections[i].standing,
                    sections[i].title);
    }
}
