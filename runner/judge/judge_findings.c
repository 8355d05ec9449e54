#include "judge_findings.h"

#include "../plan/step_text.h"
#include "../util/fnv.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

void draft_init(struct finding_draft *draft)
{
    memset(draft, 0, sizeof *draft);
    sb_init(&draft->expected, JUDGE_TEXT_MAX);
    sb_init(&draft->got, JUDGE_TEXT_MAX);
}

static void finding_clear(struct finding *finding)
{
    free(finding->page);
    free(finding->call);
    free(finding->expected);
    free(finding->got);
    free(finding->text);
}

void verdict_clear(struct case_verdict *verdict)
{
    for (size_t i = 0; i < verdict->finding_count; i++) {
        finding_clear(&verdict->findings[i]);
    }
    free(verdict->findings);
    free(verdict->reason);
    free(verdict->outcome);
    json_decref(verdict->events);
    free(verdict->lines.places);
    memset(verdict, 0, sizeof *verdict);
}

/* The words of a finding, from its other parts. */
static char *finding_text(const struct finding *finding)
{
    struct str_buf buf;
    sb_init(&buf, 4 * JUDGE_TEXT_MAX);
    sb_addf(&buf, "%s%s%s gave %s, expected %s", finding->law ? finding->law : "",
            finding->law ? ": " : "", finding->call, finding->got, finding->expected);
    return sb_take(&buf, NULL);
}

static char *copy(const char *text)
{
    struct str_buf buf;
    sb_init(&buf, JUDGE_TEXT_MAX);
    sb_add(&buf, text);
    return sb_take(&buf, NULL);
}

static char *url_of(const char *page)
{
    char buf[512];
    return copy(page_url(page, buf, sizeof buf));
}

static struct finding *grow(struct case_verdict *verdict)
{
    size_t count = verdict->finding_count;
    if ((count & (count - 1)) == 0) {
        struct finding *list =
            realloc(verdict->findings, (count ? 2 * count : 1) * sizeof *verdict->findings);
        if (!list) {
            return NULL;
        }
        verdict->findings = list;
    }
    memset(&verdict->findings[count], 0, sizeof verdict->findings[count]);
    return &verdict->findings[count];
}

/* Fills the strings. False: no memory. */
static bool fill(struct finding *finding, const struct judged_step *step,
                 struct finding_draft *draft)
{
    finding->page = draft->page ? url_of(draft->page) : NULL;
    finding->call = draft->call ? copy(draft->call) : step_text(step->planned->step);
    finding->expected = sb_take(&draft->expected, NULL);
    finding->got = sb_take(&draft->got, NULL);
    if ((draft->page && !finding->page) || !finding->call || !finding->expected || !finding->got) {
        return false;
    }
    finding->text = finding_text(finding);
    return finding->text != NULL;
}

void finding_add(struct judging *j, struct judged_step *step, struct finding_draft *draft)
{
    struct finding *finding = grow(j->out);
    if (!finding) {
        j->nomem = true;
        sb_free(&draft->expected);
        sb_free(&draft->got);
        return;
    }
    finding->s = step->s;
    finding->round = step->round;
    finding->law = draft->law;
    finding->requirement = draft->requirement;
    finding->level = draft->level;
    finding->basis = draft->basis;
    finding->gates = j->options->strict ||
                     (draft->level == LEVEL_MUST &&
                      (draft->basis == BASIS_DOCUMENTED || draft->basis == BASIS_OBSERVED));
    if (!fill(finding, step, draft)) {
        j->nomem = true;
        finding_clear(finding);
        return;
    }
    j->out->finding_count++;
    step->troubled = true;
}

static int compare_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

static int compare_findings(const void *left, const void *right)
{
    const struct finding *a = left, *b = right;
    int sa = a->s < 0 ? INT_MAX : a->s, sb = b->s < 0 ? INT_MAX : b->s;
    if (sa != sb) {
        return sa < sb ? -1 : 1;
    }
    if (a->round != b->round) {
        return a->round < b->round ? -1 : 1;
    }
    int order = compare_text(a->law, b->law);
    return order ? order : compare_text(a->text, b->text);
}

void findings_sort(struct case_verdict *verdict)
{
    if (verdict->finding_count > 1) {
        qsort(verdict->findings, verdict->finding_count, sizeof *verdict->findings,
              compare_findings);
    }
}

bool findings_gate(const struct case_verdict *verdict)
{
    for (size_t i = 0; i < verdict->finding_count; i++) {
        if (verdict->findings[i].gates) {
            return true;
        }
    }
    return false;
}

uint64_t findings_mark(const struct case_verdict *verdict)
{
    unsigned char kind = (unsigned char)verdict->verdict;
    uint64_t mark = fnv1a64(&kind, 1, FNV1A64_SEED);
    for (size_t i = 0; i < verdict->finding_count; i++) {
        const struct finding *finding = &verdict->findings[i];
        mark = fnv1a64(&finding->s, sizeof finding->s, mark);
        mark = fnv1a64(&finding->round, sizeof finding->round, mark);
        mark = fnv1a64(finding->text, strlen(finding->text) + 1, mark);
    }
    return mark;
}
