#include "judge_witness.h"

#include "judge_against.h"
#include "judge_findings.h"
#include "judge_steps.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

const char *observed_name(enum observed_as observed)
{
    static const char *const names[] = {
#define OBSERVED(id, name) name,
#include "observed.def"
#undef OBSERVED
    };
    return names[observed];
}

/* The step that the witness means; one that the implementation did not make has a stand-in. */
static struct judged_step *step_of(const struct judging *j, const struct witness_said *said,
                                   struct judged_step *stand_in)
{
    for (size_t i = 0; i < j->count; i++) {
        if (j->steps[i].s == said->s && j->steps[i].round == said->round) {
            return &j->steps[i];
        }
    }
    *stand_in = (struct judged_step){.s = said->s, .round = said->round};
    return stand_in;
}

/* Does the expectation of the step exclude what was observed there? Then one of them is wrong, and
 * Windows is not. */
static bool excludes(const struct judging *j, const struct witness_said *said)
{
    return said->has_hr && said->s >= 0 && (size_t)said->s < j->planned->step_count &&
           !steps_fits(j, j->planned->steps[said->s].step, said->hr);
}

static void add_difference(struct judging *j, const struct witness_said *said)
{
    struct finding_draft draft;
    struct judged_step stand_in;
    const size_t had = j->out->finding_count;
    draft_init(&draft);
    draft.level = LEVEL_MUST;
    draft.basis = BASIS_OBSERVED;
    draft.call = said->call;
    sb_add(&draft.expected, said->expected);
    sb_add(&draft.got, said->got);
    finding_add(j, step_of(j, said, &stand_in), &draft);
    if (j->out->finding_count > had) {
        struct finding *finding = &j->out->findings[had];
        finding->observed = true;
        finding->contradicted = excludes(j, said);
    }
}

static int place_of(int s)
{
    return s < 0 ? INT_MAX : s; /* the teardown comes last */
}

/* Is what the finding is about in the observation, and the same there? Threads and handles, which
 * law-7 counts, are not. */
static bool is_shared(const struct finding *finding, const struct witness_said *said)
{
    const bool seen = finding->law == NULL || strcmp(finding->law, "law-7") != 0;
    return seen && !finding->observed &&
           (said->as == OBSERVED_SAME ||
            (said->as == OBSERVED_OTHER && place_of(finding->s) < place_of(said->s)));
}

static void mark_contradicted(struct case_verdict *verdict, const struct witness_said *said)
{
    for (size_t i = 0; i < verdict->finding_count; i++) {
        if (is_shared(&verdict->findings[i], said)) {
            verdict->findings[i].contradicted = true;
            verdict->findings[i].gates = false;
        }
    }
}

enum cts_status witness_ask(struct judging *j, struct cts_error *err)
{
    const struct judge_witness *witness = j->options->witness;
    struct witness_said said = {.as = OBSERVED_NOT_ASKED};
    if (!witness || !j->out->events) {
        return CTS_OK;
    }
    const enum cts_status status = witness->look(witness->context, j->planned, j->out, &said, err);
    if (status == CTS_OK) {
        j->out->observed = said.as;
        mark_contradicted(j->out, &said);
    }
    if (status == CTS_OK && said.as == OBSERVED_OTHER) {
        j->nomem = j->nomem || !said.call || !said.expected || !said.got;
        if (!j->nomem) {
            add_difference(j, &said);
        }
    }
    free(said.call);
    free(said.expected);
    free(said.got);
    return status;
}

void witness_pardon(struct case_verdict *verdict)
{
    bool contradicted = false;
    for (size_t i = 0; i < verdict->finding_count; i++) {
        contradicted = contradicted || verdict->findings[i].contradicted;
    }
    if (verdict->observed == OBSERVED_SAME && verdict->verdict != VERDICT_ERROR &&
        verdict->verdict != VERDICT_FAIL && verdict_is_bad(verdict->verdict)) {
        verdict->gates = false;
        contradicted = true;
    }
    verdict->contradicted = contradicted;
}
