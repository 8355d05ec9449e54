#include "standing.h"

#include "../judge/judge_against.h"
#include "json_facts.h"
#include <string.h>

const char *standing_name(enum standing standing)
{
    static const char *const names[] = {
#define STANDING(id, name) name,
#include "standing.def"
#undef STANDING
    };
    return names[standing];
}

static bool gave_no_answer(enum verdict verdict)
{
    return verdict == VERDICT_CRASH || verdict == VERDICT_HANG || verdict == VERDICT_ERROR ||
           verdict == VERDICT_INCONCLUSIVE;
}

enum standing standing_of(const struct case_verdict *verdict)
{
    if (verdict->verdict == VERDICT_SKIP) {
        return STANDING_SKIPPED;
    }
    switch (verdict->against) {
    case AGAINST_EXPECTED:
        return verdict_is_bad(verdict->verdict) ? STANDING_KNOWN : STANDING_PASSED;
    case AGAINST_FLAKE:
        return STANDING_FLAKY;
    case AGAINST_IMPROVEMENT:
        return STANDING_FAILED;
    case AGAINST_UNEXPECTED:
        break;
    }
    return gave_no_answer(verdict->verdict) ? STANDING_BROKEN : STANDING_FAILED;
}

bool standing_ended_well(const struct case_verdict *verdict)
{
    return !verdict_is_bad(verdict->last);
}

struct standings standings_of(const struct judged_run *run)
{
    struct standings standings = {{0}};
    for (size_t i = 0; i < run->count; i++) {
        standings.by[standing_of(&run->cases[i])]++;
    }
    return standings;
}

/* The finding that says most: the first that gates, else the first. */
static const struct finding *main_finding(const struct case_verdict *verdict)
{
    for (size_t i = 0; i < verdict->finding_count; i++) {
        if (verdict->findings[i].gates) {
            return &verdict->findings[i];
        }
    }
    return verdict->finding_count > 0 ? &verdict->findings[0] : NULL;
}

/* Text of the implementation may hold anything; a line stays one line. */
static void add_line(struct str_buf *buf, const char *text)
{
    for (; *text != '\0'; text++) {
        const unsigned char c = (unsigned char)*text;
        sb_addc(buf, c < ' ' || c == 0x7F ? ' ' : *text);
    }
}

void standing_line(struct str_buf *buf, const struct case_verdict *verdict)
{
    const struct finding *finding = main_finding(verdict);
    if (verdict->verdict == VERDICT_SKIP) {
        add_line(buf, verdict->reason != NULL ? verdict->reason : "skipped");
        return;
    }
    if (verdict->against == AGAINST_IMPROVEMENT ||
        (verdict->against == AGAINST_UNEXPECTED && verdict->why_expected != NULL)) {
        sb_addf(buf, "%s -> ", verdict_name(verdict->expected));
    } else if (verdict->against == AGAINST_FLAKE && verdict->attempts > 1) {
        sb_addf(buf, "%s, then %s", verdict_name(verdict->first), verdict_name(verdict->last));
        return;
    }
    sb_add(buf, verdict_name(verdict->verdict));
    if (standing_of(verdict) == STANDING_KNOWN && verdict->why_expected != NULL) {
        sb_add(buf, ", known: ");
        add_line(buf, verdict->why_expected);
    } else if (verdict->reason != NULL) {
        sb_add(buf, ": ");
        add_line(buf, verdict->reason);
    } else if (finding != NULL && finding->call != NULL && finding->got != NULL) {
        sb_add(buf, ": ");
        add_line(buf, finding->call);
        sb_add(buf, " gave ");
        add_line(buf, finding->got);
        sb_add(buf, ", expected ");
        add_line(buf, finding->expected != NULL ? finding->expected : "?");
    } else if (finding != NULL && finding->text != NULL) {
        sb_add(buf, ": ");
        add_line(buf, finding->text);
    }
}

static void named(struct str_buf *buf, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        sb_addf(buf, "%s: ", name);
        add_line(buf, text);
        sb_addc(buf, '\n');
    }
}

static void add_finding(struct str_buf *buf, const struct finding *finding)
{
    named(buf, "call", finding->call);
    named(buf, "expected", finding->expected);
    named(buf, "got", finding->got);
    sb_addf(buf, "basis: %s, %s%s", level_name(finding->level),
            finding->basis == BASIS_NONE ? "no basis" : basis_name(finding->basis),
            finding->gates ? "" : ", advisory");
    sb_addf(buf, "%s%s\n", finding->law != NULL ? ", " : "",
            finding->law != NULL ? finding->law : "");
    named(buf, "requirement", finding->requirement);
    named(buf, "page", finding->page);
    if (finding->round != 0) {
        sb_addf(buf, "round: %u\n", finding->round);
    }
}

void standing_detail(struct str_buf *buf, const struct report *report,
                     const struct case_verdict *verdict)
{
    const char *again = facts_text(report->run->header, "options", "reproduce");
    named(buf, "title", verdict->test->title);
    named(buf, "question", verdict->test->question != NULL ? verdict->test->question->id : NULL);
    named(buf, "reason", verdict->reason);
    named(buf, "outcome", verdict->outcome);
    named(buf, "known", verdict->why_expected);
    for (int gates = 1; gates >= 0; gates--) {
        for (size_t i = 0; i < verdict->finding_count; i++) {
            if (verdict->findings[i].gates == (gates == 1)) {
                add_finding(buf, &verdict->findings[i]);
            }
        }
    }
    if (again[0] != '\0') {
        sb_addf(buf, "again: %s '%s'\n", again, verdict->test->id);
    }
}
