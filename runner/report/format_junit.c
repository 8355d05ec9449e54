/* JUnit XML. What its readers hold it to: GitLab tells cases apart by classname and name and takes
 * 30 MB a file; Surefire's form has an element for each attempt that failed. */
#include "formats.h"
#include "json_facts.h"
#include "standing.h"

#include <stdlib.h>
#include <string.h>

#define JUNIT_TEXT_MAX ((size_t)16 * 1024)
/* Bytes of details in a file. What comes after is left to the JSON report. */
#define JUNIT_DETAIL_MAX ((size_t)8 * 1024 * 1024)

struct junit {
    const struct report *report;
    struct json_stream *out;
    size_t spent; /* of JUNIT_DETAIL_MAX */
};

/* How many bytes of text are one character that XML 1.0 allows; 0: none, pass over `bad` bytes. */
static size_t xml_char(const unsigned char *text, size_t *bad)
{
    const unsigned char c = text[0];
    *bad = 1;
    if (c < 0x80) {
        return c >= 0x20 || c == '\t' || c == '\n' || c == '\r';
    }
    const size_t length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC2 ? 2 : 0;
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    /* U+FFFE, U+FFFF and the surrogates are no characters */
    if (length == 3 &&
        ((c == 0xEF && text[1] == 0xBF && text[2] >= 0xBE) || (c == 0xED && text[1] >= 0xA0))) {
        *bad = 3;
        return 0;
    }
    return length;
}

static const char *xml_entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\n':
        return "&#10;";
    default:
        return NULL;
    }
}

static void put_xml(struct json_stream *out, const char *text)
{
    while (*text != '\0') {
        size_t bad;
        const size_t length = xml_char((const unsigned char *)text, &bad);
        const char *entity = length == 1 ? xml_entity(*text) : NULL;
        if (length == 0) {
            js_text(out, "\xEF\xBF\xBD");
            text += bad;
            continue;
        }
        if (entity != NULL) {
            js_text(out, entity);
        } else {
            js_textn(out, text, length);
        }
        text += length;
    }
}

static void put_attribute(struct json_stream *out, const char *name, const char *value)
{
    js_textf(out, " %s=\"", name);
    put_xml(out, value);
    js_text(out, "\"");
}

/* "a/b/c": class "a.b", name "c". */
static void put_names(struct json_stream *out, const char *id)
{
    const char *last = strrchr(id, '/');
    const size_t length = last != NULL ? (size_t)(last - id) : 0;
    js_text(out, " classname=\"");
    for (size_t i = 0; i < length; i++) {
        js_textn(out, id[i] == '/' ? "." : &id[i], 1);
    }
    js_text(out, "\"");
    put_attribute(out, "name", last != NULL ? last + 1 : id);
}

static void put_seconds(struct json_stream *out, uint64_t us)
{
    js_textf(out, " time=\"%llu.%06llu\"", (unsigned long long)(us / 1000000),
             (unsigned long long)(us % 1000000));
}

/* An element that says why, with the detail as its text. */
static void put_why(struct junit *junit, const char *element, const struct case_verdict *verdict)
{
    struct str_buf line, detail;
    sb_init(&line, JUNIT_TEXT_MAX);
    sb_init(&detail, JUNIT_TEXT_MAX);
    standing_line(&line, verdict);
    standing_detail(&detail, junit->report, verdict);
    js_textf(junit->out, "      <%s", element);
    put_attribute(junit->out, "type", verdict_name(verdict->verdict));
    put_attribute(junit->out, "message", sb_text(&line));
    if (junit->spent + detail.len > JUNIT_DETAIL_MAX) {
        js_text(junit->out, "/>\n");
    } else {
        junit->spent += detail.len;
        js_text(junit->out, ">");
        put_xml(junit->out, sb_text(&detail));
        js_textf(junit->out, "</%s>\n", element);
    }
    sb_free(&line);
    sb_free(&detail);
}

static void put_skipped(struct junit *junit, const struct case_verdict *verdict)
{
    struct str_buf line;
    sb_init(&line, JUNIT_TEXT_MAX);
    standing_line(&line, verdict);
    js_text(junit->out, "      <skipped");
    put_attribute(junit->out, "message", sb_text(&line));
    js_text(junit->out, "/>\n");
    sb_free(&line);
}

static void put_case(struct junit *junit, const struct case_verdict *verdict)
{
    const enum standing standing = standing_of(verdict);
    js_text(junit->out, "    <testcase");
    put_names(junit->out, verdict->test->id);
    put_seconds(junit->out, verdict->us);
    if (standing == STANDING_PASSED) {
        js_text(junit->out, "/>\n");
        return;
    }
    js_text(junit->out, ">\n");
    switch (standing) {
    case STANDING_SKIPPED:
    case STANDING_KNOWN:
        put_skipped(junit, verdict);
        break;
    case STANDING_FLAKY:
        if (standing_ended_well(verdict)) {
            put_why(junit, "flakyFailure", verdict);
        } else {
            put_why(junit, "failure", verdict);
            put_why(junit, "rerunFailure", verdict);
        }
        break;
    case STANDING_BROKEN:
        put_why(junit, "error", verdict);
        break;
    default:
        put_why(junit, "failure", verdict);
    }
    js_text(junit->out, "    </testcase>\n");
}

struct counts {
    size_t tests, failures, errors, skipped;
    uint64_t us;
};

static void count(struct counts *counts, const struct case_verdict *verdict)
{
    const enum standing standing = standing_of(verdict);
    counts->tests++;
    counts->us += verdict->us;
    counts->failures += standing == STANDING_FAILED ||
                        (standing == STANDING_FLAKY && !standing_ended_well(verdict));
    counts->errors += standing == STANDING_BROKEN;
    counts->skipped += standing == STANDING_SKIPPED || standing == STANDING_KNOWN;
}

static void put_counts(struct json_stream *out, const struct counts *counts)
{
    js_textf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", counts->tests,
             counts->failures, counts->errors, counts->skipped);
    put_seconds(out, counts->us);
}

static void put_properties(struct junit *junit)
{
    static const char *const facts[][2] = {
        {"profile", "name"}, {"profile", "windows"}, {"iut", "file_version"},
        {"iut", "sha256"},   {"iut", "arch"},        {"host", "os"},
        {"host", "wine"},    {"suite", "version"},   {"suite", "tables"}};
    js_text(junit->out, "    <properties>\n");
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        js_textf(junit->out, "      <property name=\"%s.%s\"", facts[i][0], facts[i][1]);
        put_attribute(junit->out, "value",
                      facts_text(junit->report->run->header, facts[i][0], facts[i][1]));
        js_text(junit->out, "/>\n");
    }
    js_text(junit->out, "    </properties>\n");
}

/* The cases are sorted by id, so those of a suite stand together. */
static size_t put_suite(struct junit *junit, size_t begin)
{
    const struct judged_run *run = junit->report->run;
    const char *suite = run->cases[begin].test->suite;
    const char *started = json_string_value(json_object_get(run->header, "started"));
    struct counts counts = {0};
    size_t end = begin;
    while (end < run->count && strcmp(run->cases[end].test->suite, suite) == 0) {
        count(&counts, &run->cases[end++]);
    }
    js_text(junit->out, "  <testsuite");
    put_attribute(junit->out, "name", suite);
    put_counts(junit->out, &counts);
    if (started != NULL) {
        put_attribute(junit->out, "timestamp", started);
    }
    js_text(junit->out, ">\n");
    put_properties(junit);
    for (size_t i = begin; i < end; i++) {
        put_case(junit, &run->cases[i]);
    }
    js_text(junit->out, "  </testsuite>\n");
    return end;
}

void report_format_junit(const struct report *report, struct json_stream *out)
{
    struct junit junit = {.report = report, .out = out};
    struct counts counts = {0};
    for (size_t i = 0; i < report->run->count; i++) {
        count(&counts, &report->run->cases[i]);
    }
    js_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"vsscts\"");
    put_counts(out, &counts);
    js_text(out, ">\n");
    for (size_t at = 0; at < report->run->count;) {
        at = put_suite(&junit, at);
    }
    js_text(out, "</testsuites>\n");
}
