/* What a run saw, a line a case, to be kept beside the sources and compared as text: a letter for
 * the verdict, and a hash of what led to it. A case that was skipped has no hash. */
#include "answers.h"
#include "case_rows.h"
#include "formats.h"
#include "json_facts.h"
#include "term_text.h"

#include <string.h>

#define HEADER_MAX ((size_t)4096)

/* Length of the folder of an id, with the slash. */
static size_t folder_of(const char *id)
{
    const char *slash = strrchr(id, '/');
    return slash != NULL ? (size_t)(slash - id) + 1 : 0;
}

static void put_header(const struct report *report, struct json_stream *out)
{
    const json_t *header = report->run->header;
    const char *wine = facts_text(header, "host", "wine");
    struct str_buf words, line;
    sb_init(&words, HEADER_MAX);
    sb_init(&line, HEADER_MAX);
    sb_addf(&words, "%s, %s, stands for Windows %s %s%s%s", facts_text(header, "profile", "name"),
            facts_text(header, "iut", "arch"), facts_text(header, "profile", "windows"),
            facts_text(header, "profile", "edition"), wine[0] != '\0' ? ", under Wine " : "", wine);
    term_escape(&line, sb_text(&words)); /* a line, whatever the log says */
    js_text(out, "# ");
    js_text(out, sb_text(&line));
    js_text(out, "\n");
    sb_free(&words);
    sb_free(&line);
}

static void make_hash(struct case_teller *teller, const struct case_verdict *verdict,
                      struct str_buf *row)
{
    uint64_t hash = 0;
    if (verdict->verdict == VERDICT_SKIP) {
        return;
    }
    if (answers_hash(teller, verdict, &hash)) {
        sb_addf(row, " %06x", (unsigned)(hash & 0xFFFFFF));
    } else {
        sb_fail(row);
    }
}

/* The lines so far. */
struct lines {
    const struct judged_run *run;
    struct json_stream *out;
    const char *last; /* id */
};

static void put_line(void *context, size_t number, const char *hash, size_t len)
{
    struct lines *lines = context;
    const struct case_verdict *verdict = &lines->run->cases[number];
    const char *id = verdict->test->id;
    const size_t folder = folder_of(id);
    if (number == 0 || folder != folder_of(lines->last) || strncmp(id, lines->last, folder) != 0) {
        js_textn(lines->out, id, folder);
        js_text(lines->out, "\n");
    }
    lines->last = id;
    js_textf(lines->out, "  %s %c", id + folder, verdict_letter(side_verdict(verdict)));
    js_textn(lines->out, hash, len);
    js_text(lines->out, "\n");
}

void report_format_baseline(const struct report *report, struct json_stream *out)
{
    struct lines lines = {report->run, out, ""};
    const struct case_rows rows = {report, STEPS_BARE, make_hash, put_line, &lines, out};
    put_header(report, out);
    case_rows_all(&rows);
}
