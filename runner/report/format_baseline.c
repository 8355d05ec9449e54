/* What a run saw, a line a case, to be kept beside the sources and compared as text: a letter for
 * the verdict, and a hash of what led to it. A case that was skipped has no hash. */
#include "answers.h"
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

void report_format_baseline(const struct report *report, struct json_stream *out)
{
    const char *last = "";
    size_t last_folder = 0;
    put_header(report, out);
    for (size_t i = 0; i < report->run->count; i++) {
        const struct case_verdict *verdict = &report->run->cases[i];
        const struct side side = {report, verdict};
        const char *id = verdict->test->id;
        const size_t folder = folder_of(id);
        uint64_t hash;
        if (i == 0 || folder != last_folder || strncmp(id, last, folder) != 0) {
            js_textn(out, id, folder);
            js_text(out, "\n");
        }
        last = id;
        last_folder = folder;
        js_textf(out, "  %s %c", id + folder, verdict_letter(side_verdict(verdict)));
        if (verdict->verdict != VERDICT_SKIP) {
            if (!answers_hash(&side, &hash)) {
                js_value(out, NULL); /* there was no memory, or the log is at fault */
                return;
            }
            js_textf(out, " %06x", (unsigned)(hash & 0xFFFFFF));
        }
        js_text(out, "\n");
    }
}
