/* Annotations of GitHub Actions. A step shows ten of each kind; the tenth says how many more. */
#include "formats.h"
#include "standing.h"

#include <string.h>

#define ANNOTATIONS_MAX 10
#define GITHUB_TEXT_MAX ((size_t)4 * 1024)

/* '%' escapes; ',' and ':' would end a property. */
static void put_escaped(struct json_stream *out, const char *text, bool property)
{
    for (; *text != '\0'; text++) {
        const char c = *text;
        if (c == '%' || c == '\r' || c == '\n' || (property && (c == ',' || c == ':'))) {
            js_textf(out, "%%%02X", (unsigned)(unsigned char)c);
        } else {
            js_textn(out, text, 1);
        }
    }
}

static void put_annotation(struct json_stream *out, const struct report *report, const char *kind,
                           const struct case_verdict *verdict)
{
    struct str_buf detail;
    sb_init(&detail, GITHUB_TEXT_MAX);
    standing_line(&detail, verdict);
    sb_addc(&detail, '\n');
    standing_detail(&detail, report, verdict);
    js_textf(out, "::%s title=", kind);
    put_escaped(out, verdict->test->id, true);
    js_text(out, "::");
    put_escaped(out, sb_text(&detail), false);
    js_text(out, "\n");
    sb_free(&detail);
}

static void put_kind(struct json_stream *out, const struct report *report, const char *kind,
                     unsigned standings)
{
    const struct judged_run *run = report->run;
    size_t total = 0, shown = 0;
    for (size_t i = 0; i < run->count; i++) {
        total += standings >> standing_of(&run->cases[i]) & 1U;
    }
    const size_t most = total > ANNOTATIONS_MAX ? ANNOTATIONS_MAX - 1 : ANNOTATIONS_MAX;
    for (size_t i = 0; i < run->count && shown < most; i++) {
        if (standings >> standing_of(&run->cases[i]) & 1U) {
            put_annotation(out, report, kind, &run->cases[i]);
            shown++;
        }
    }
    if (total > shown) {
        js_textf(out, "::%s title=vsscts::%zu more cases; the report has them all\n", kind,
                 total - shown);
    }
}

void report_format_github(const struct report *report, struct json_stream *out)
{
    put_kind(out, report, "error", 1U << STANDING_FAILED | 1U << STANDING_BROKEN);
    put_kind(out, report, "warning", 1U << STANDING_FLAKY);
    js_textf(out, "::notice title=vsscts::%s, %zu cases: %zu passed, %zu recorded, %zu skipped\n",
             report_result_text(report->status), report->run->count,
             report->run->totals[VERDICT_PASS], report->run->totals[VERDICT_RECORDED],
             report->run->totals[VERDICT_SKIP]);
}
