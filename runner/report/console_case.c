/* One case on the console. */
#include "console.h"
#include "json_facts.h"

enum term_style console_style(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_PASS:
        return STYLE_GOOD;
    case VERDICT_FAIL:
    case VERDICT_CRASH:
    case VERDICT_HANG:
    case VERDICT_ERROR:
        return STYLE_BAD;
    case VERDICT_NOT_IMPLEMENTED:
    case VERDICT_INCONCLUSIVE:
        return STYLE_WARN;
    case VERDICT_SKIP:
        return STYLE_DIM;
    case VERDICT_RECORDED:
        return STYLE_ACCENT;
    }
    return STYLE_PLAIN;
}

static void line(const struct term *term, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        term_printf(term, STYLE_DIM, "    %-10s", name);
        term_put(term, STYLE_PLAIN, text);
        fputc('\n', term->out);
    }
}

static void finding(const struct term *term, const struct finding *found)
{
    char basis[256];
    line(term, "call", found->call);
    line(term, "expected", found->expected);
    line(term, "got", found->got);
    snprintf(basis, sizeof basis, "%s, %s%s%s%s%s", level_name(found->level),
             found->basis == BASIS_NONE ? "no basis" : basis_name(found->basis),
             found->law != NULL ? ", " : "", found->law != NULL ? found->law : "",
             found->requirement != NULL ? ", " : "",
             found->requirement != NULL ? found->requirement : "");
    line(term, "basis", basis);
    line(term, "page", found->page);
    if (found->round != 0) {
        term_printf(term, STYLE_DIM, "    %-10s%u\n", "round", found->round);
    }
}

/* Would a shell take the argument apart? Then it stands in single quotes. */
static bool needs_quotes(const char *text)
{
    for (; *text != '\0'; text++) {
        const char c = *text;
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '/' || c == '-' || c == '_' || c == '.';
        if (!plain) {
            return true;
        }
    }
    return false;
}

static void reproduce(const struct term *term, const struct report *report, const char *id)
{
    const char *command = facts_text(report->run->header, "options", "reproduce");
    if (command[0] != '\0') {
        const char *quote = needs_quotes(id) ? "'" : "";
        term_printf(term, STYLE_DIM, "    %-10s", "again");
        term_printf(term, STYLE_PLAIN, "%s %s%s%s\n", command, quote, id, quote);
    }
}

void console_case(const struct term *term, const struct report *report,
                  const struct case_verdict *verdict, bool advisory)
{
    const struct test_case *test = verdict->test;
    if (verdict->against == AGAINST_UNEXPECTED && verdict->why_expected != NULL) {
        term_printf(term, STYLE_WARN, "%s -> ", verdict_name(verdict->expected));
    }
    term_put(term, console_style(verdict->verdict), verdict_name(verdict->verdict));
    fputs("  ", term->out);
    term_put(term, STYLE_BOLD, test->id);
    fputc('\n', term->out);
    line(term, "title", test->title);
    line(term, "known", verdict->why_expected);
    line(term, "reason", verdict->reason);
    line(term, "outcome", verdict->outcome);
    size_t printed = 0;
    for (size_t i = 0; i < verdict->finding_count; i++) {
        /* A gating case shows what gates; the rest is advice. */
        if (advisory || verdict->findings[i].gates || !verdict->gates) {
            if (printed++ > 0) {
                fputc('\n', term->out);
            }
            finding(term, &verdict->findings[i]);
        }
    }
    if (report != NULL) {
        reproduce(term, report, test->id);
    }
}
