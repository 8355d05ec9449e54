/* TAP 14. A known failure is a TODO: consumers let it pass, and say so where it is fixed. */
#include "formats.h"
#include "standing.h"

#include <stdlib.h>
#include <string.h>

#define TAP_TEXT_MAX ((size_t)64 * 1024)

/* '#' begins a directive, and a backslash escapes. */
static void put_escaped(struct json_stream *out, const char *text)
{
    char one[3] = {'\\', 0, 0};
    for (; *text != '\0'; text++) {
        one[1] = *text;
        js_text(out, *text == '#' || *text == '\\' ? one : one + 1);
    }
}

static bool is_ok(enum standing standing)
{
    return standing == STANDING_PASSED || standing == STANDING_SKIPPED;
}

/* The detail as a literal block: no text of the implementation can end it. */
static void put_block(struct json_stream *out, const struct report *report,
                      const struct case_verdict *verdict)
{
    struct str_buf buf;
    sb_init(&buf, TAP_TEXT_MAX);
    standing_detail(&buf, report, verdict);
    js_text(out, "  ---\n  verdict: ");
    js_text(out, verdict_name(verdict->verdict));
    js_text(out, "\n  against: ");
    js_text(out, against_name(verdict->against));
    js_text(out, "\n  detail: |\n");
    const char *line = sb_text(&buf);
    while (*line != '\0') {
        const size_t length = strcspn(line, "\n");
        js_text(out, "    ");
        js_textn(out, line, length);
        js_text(out, "\n");
        line += length + (line[length] == '\n');
    }
    js_text(out, "  ...\n");
    sb_free(&buf);
}

static void put_case(struct json_stream *out, const struct report *report, size_t number,
                     const struct case_verdict *verdict)
{
    const enum standing standing = standing_of(verdict);
    struct str_buf why;
    sb_init(&why, TAP_TEXT_MAX);
    standing_line(&why, verdict);
    js_textf(out, "%s %zu - ", is_ok(standing) ? "ok" : "not ok", number);
    put_escaped(out, verdict->test->id);
    if (standing == STANDING_SKIPPED) {
        js_text(out, " # SKIP ");
        put_escaped(out, sb_text(&why));
    } else if (standing == STANDING_KNOWN) {
        js_text(out, " # TODO ");
        put_escaped(out, sb_text(&why));
    }
    js_text(out, "\n");
    if (!is_ok(standing) || verdict->outcome != NULL) {
        put_block(out, report, verdict);
    }
    sb_free(&why);
}

void report_format_tap(const struct report *report, struct json_stream *out)
{
    js_textf(out, "TAP version 14\n1..%zu\n", report->run->count);
    for (size_t i = 0; i < report->run->count; i++) {
        put_case(out, report, i + 1, &report->run->cases[i]);
    }
}
