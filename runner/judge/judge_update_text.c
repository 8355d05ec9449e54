/* expect update: the file as text, and reasons. */
#include "judge_update.h"

#include "../util/json_file.h"
#include "../util/str_buf.h"
#include "../util/utf8_cut.h"
#include <stdlib.h>
#include <string.h>

#define REASON_MAX ((size_t)300)

/* A text as JSON. */
static void add_text(struct str_buf *out, const char *text)
{
    json_t *value = json_string(text);
    char *dumped = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
    if (dumped) {
        sb_add(out, dumped);
    } else {
        out->failed = true;
    }
    free(dumped);
    json_decref(value);
}

static void add_member(struct str_buf *out, const char *indent, const char *key, const char *text)
{
    if (text) {
        sb_addf(out, ",\n%s\"%s\": ", indent, key);
        add_text(out, text);
    }
}

/* The usual verdict first. */
static void add_verdicts(struct str_buf *out, const struct draft *draft)
{
    const struct expectation *entry = &draft->entry;
    for (size_t i = 0; i < json_array_size(draft->verdicts); i++) {
        sb_addf(out, "%s\"%s\"", i ? ", " : "",
                json_string_value(json_array_get(draft->verdicts, i)));
    }
    if (draft->verdicts) {
        return;
    }
    sb_addf(out, "\"%s\"", verdict_name(entry->usual));
    for (int i = 0; entry->allowed >> i; i++) {
        if ((entry->allowed >> i & 1u) && i != (int)entry->usual) {
            sb_addf(out, ", \"%s\"", verdict_name((enum verdict)i));
        }
    }
}

bool draft_write(const struct draft *drafts, size_t count, const char *iut, const char *note,
                 char **text, size_t *len)
{
    struct str_buf out;
    sb_init(&out, JSON_FILE_MAX);
    sb_add(&out, "{\n  \"format\": 1,\n  \"kind\": \"expectations\"");
    add_member(&out, "  ", "iut", iut);
    add_member(&out, "  ", "note", note);
    sb_add(&out, ",\n  \"entries\": [");
    for (size_t i = 0; i < count; i++) {
        const struct draft *draft = &drafts[i];
        sb_addf(&out, "%s\n    {\n      \"cases\": ", i ? "," : "");
        add_text(&out, draft->entry.cases);
        sb_add(&out, ",\n      \"verdicts\": [");
        add_verdicts(&out, draft);
        sb_addc(&out, ']');
        add_member(&out, "      ", "reason", draft->entry.reason);
        add_member(&out, "      ", "when", draft->entry.when.text);
        add_member(&out, "      ", "note", draft->note);
        sb_add(&out, "\n    }");
    }
    sb_add(&out, count ? "\n  ]\n}\n" : "]\n}\n");
    *text = sb_take(&out, len);
    return *text != NULL;
}

/* What a case has to say for itself: the finding that counts most, else its own reason. */
static const char *said(const struct case_verdict *verdict)
{
    for (size_t i = 0; i < verdict->finding_count; i++) {
        if (verdict->findings[i].gates) {
            return verdict->findings[i].text;
        }
    }
    return verdict->finding_count ? verdict->findings[0].text : verdict->reason;
}

/* The length of a text that is cut to a whole character of UTF-8 where it is too long. */
static size_t cut(const char *text)
{
    const size_t len = strlen(text);
    return len > REASON_MAX ? utf8_start(text, REASON_MAX) : len;
}

char *draft_reason(const struct case_verdict *verdict, const char *day)
{
    const bool good = !verdict_is_bad(verdict->verdict);
    const char *text = good ? NULL : said(verdict);
    struct str_buf buf;
    sb_init(&buf, 2 * REASON_MAX);
    sb_addf(&buf, "%.20s: ", day);
    if (text && text[0]) {
        const size_t len = cut(text);
        sb_addn(&buf, text, len);
        sb_add(&buf, text[len] ? "…" : "");
    } else {
        sb_addf(&buf, "%s%s", verdict_name(verdict->verdict),
                good ? ", where a wider entry says otherwise" : "");
    }
    return sb_take(&buf, NULL);
}

bool draft_reason_is_made(const char *reason)
{
    static const char day[] = "0000-00-00: ";
    for (size_t i = 0; day[i] != '\0'; i++) {
        const bool digit = reason[i] >= '0' && reason[i] <= '9';
        if (day[i] == '0' ? !digit : reason[i] != day[i]) {
            return false;
        }
    }
    return true;
}
