/* The end of a fold: every selected case gets its one verdict. */
#include "judge_against.h"
#include "judge_findings.h"
#include "judge_fold.h"
#include "lookup.h"

#include <stdlib.h>
#include <string.h>

void running_clear(struct running *running)
{
    for (size_t i = 0; i < running->count; i++) {
        json_decref(running->events[i]);
    }
    free(running->events);
    free(running->lines.places);
}

void fold_forget_ended(struct fold *fold)
{
    for (size_t i = 0; i < fold->ended_count; i++) {
        free(fold->ended[i].lines.places);
    }
    free(fold->ended);
    fold->ended = NULL;
    fold->ended_count = fold->judged = 0;
}

void fold_forget(struct fold *fold)
{
    fold_forget_ended(fold);
    for (size_t i = 0; i < fold->running_count; i++) {
        running_clear(&fold->running[i]);
    }
    for (size_t i = 0; i < fold->tables->case_count; i++) {
        struct slot *slot = &fold->slots[i];
        verdict_clear(&slot->verdict);
        free(slot->skip);
        *slot = (struct slot){.planned = slot->planned};
    }
    json_decref(fold->header);
    json_decref(fold->footer);
    free(fold->running);
    *fold = (struct fold){.tables = fold->tables,
                          .options = fold->options,
                          .slots = fold->slots,
                          .lookup = fold->lookup};
}

static void fold_free(struct fold *fold)
{
    fold_forget(fold);
    lookup_close(fold->lookup);
    free(fold->slots);
    free(fold);
}

void judged_free(struct judged_run *run)
{
    if (run) {
        for (size_t i = 0; i < run->count; i++) {
            verdict_clear(&run->cases[i]);
        }
        json_decref(run->header);
        json_decref(run->footer);
        lookup_close(run->lookup);
        free(run->cases);
        free(run);
    }
}

static int compare_id(const void *id, const void *item)
{
    return strcmp(id, ((const struct case_verdict *)item)->test->id);
}

const struct case_verdict *judged_find(const struct judged_run *run, const char *id)
{
    return run->count > 0 ? bsearch(id, run->cases, run->count, sizeof *run->cases, compare_id)
                          : NULL;
}

/* What has begun and not ended is outstanding; a later attempt of a case that has a verdict tells
 * nothing. */
static enum cts_status judge_unfinished(struct fold *fold, struct cts_error *err)
{
    enum cts_status status = CTS_OK;
    for (size_t i = 0; status == CTS_OK && i < fold->running_count; i++) {
        status = fold_judge(fold, &fold->running[i], err);
    }
    return status;
}

/* Have all cases that were selected left a trace? Then a case of the plan without one was not
 * selected. */
static bool nothing_is_lost(const struct fold *fold)
{
    size_t seen = 0;
    const json_t *selected = json_object_get(fold->header, "selected");
    for (size_t i = 0; i < fold->tables->case_count; i++) {
        seen += fold->slots[i].seen;
    }
    return json_is_true(json_object_get(fold->footer, "complete")) && json_is_integer(selected) &&
           json_integer_value(selected) == (json_int_t)seen;
}

static bool set_reason(struct case_verdict *verdict, const char *reason)
{
    struct str_buf buf;
    sb_init(&buf, JUDGE_TEXT_MAX);
    sb_add(&buf, reason);
    verdict->reason = sb_take(&buf, NULL);
    return verdict->reason != NULL;
}

/* The verdict of a case that was not executed. False: no memory. */
static bool without_execution(const struct slot *slot, const struct test_case *test,
                              struct case_verdict *out)
{
    const char *skip = slot->skip ? slot->skip : slot->planned->skip;
    out->test = test;
    out->verdict = out->first = out->last = skip ? VERDICT_SKIP : VERDICT_ERROR;
    out->gates = !skip;
    return set_reason(out, skip ? skip : JUDGE_OUTSTANDING);
}

/* What the slot knows of more than one execution. */
static void add_history(const struct fold *fold, const struct slot *slot, struct case_verdict *out)
{
    bool known = against_allows_all(out, slot->verdicts, &fold->options);
    out->attempts = slot->attempts;
    out->first = slot->first;
    out->last = slot->last;
    out->seen = slot->gave;
    if (verdict_is_outstanding(out)) {
        return;
    }
    if (slot->executions > 1 && !verdicts_any_good(slot->gave) &&
        against_now_and_then(out, &fold->options)) {
        out->against = AGAINST_UNEXPECTED;
    } else if ((slot->repeats_differ && !known) ||
               (slot->attempts_differ && out->against != AGAINST_EXPECTED)) {
        out->against = AGAINST_FLAKE;
    }
}

/* Moves the verdict of a slot into the run. False: no memory. */
static bool add_case(struct fold *fold, size_t at, struct judged_run *run)
{
    struct slot *slot = &fold->slots[at];
    struct case_verdict *out = &run->cases[run->count++];
    if (slot->verdict.test) {
        *out = slot->verdict;
        memset(&slot->verdict, 0, sizeof slot->verdict);
        add_history(fold, slot, out);
    } else if (!without_execution(slot, &fold->tables->cases[at], out)) {
        return false;
    } else {
        against_set(out, &fold->options);
    }
    run->totals[out->verdict]++;
    run->by_against[out->against]++;
    run->outstanding += verdict_is_outstanding(out);
    run->advisory += out->finding_count > 0 && !findings_gate(out);
    return true;
}

struct judged_run *fold_end(struct fold *fold, struct cts_error *err)
{
    size_t cases = fold->tables->case_count;
    struct judged_run *run = NULL;
    bool right = judge_unfinished(fold, err) == CTS_OK;
    bool all_seen = nothing_is_lost(fold);
    if (!right) {
        goto out;
    }
    run = calloc(1, sizeof *run);
    right = run && (run->cases = calloc(cases + 1, sizeof *run->cases)) != NULL;
    for (size_t i = 0; right && i < cases; i++) {
        const struct slot *slot = &fold->slots[i];
        if (slot->seen || (slot->planned && !all_seen)) {
            right = add_case(fold, i, run);
            run->unplanned += !slot->planned;
        }
    }
    if (right) {
        run->header = json_incref(fold->header);
        run->footer = json_incref(fold->footer);
        run->truncated = fold->extent.truncated;
        run->lookup = fold->lookup;
        fold->lookup = NULL;
    } else {
        err_set(err, CTS_NOMEM, "out of memory");
        judged_free(run);
        run = NULL;
    }
out:
    fold_free(fold);
    return run;
}

/* A shard of a selection may be empty: nothing is wrong then. */
static bool is_shard(const struct judged_run *run)
{
    return json_is_string(json_object_get(json_object_get(run->header, "options"), "shard"));
}

enum cts_status judge_status(const struct judged_run *run, const struct judge_options *options)
{
    const size_t *against = run->by_against;
    bool interrupted = json_is_true(json_object_get(run->footer, "interrupted"));
    if (run->totals[VERDICT_ERROR] > run->outstanding) {
        return CTS_DEFECT;
    }
    if (interrupted) {
        return CTS_INTERRUPTED;
    }
    if (run->count == 0 && !is_shard(run)) {
        return CTS_NOTHING;
    }
    if (run->outstanding > 0) {
        return CTS_OUTSTANDING;
    }
    if (against[AGAINST_UNEXPECTED] > 0 || against[AGAINST_IMPROVEMENT] > 0 ||
        (against[AGAINST_FLAKE] > 0 && !options->flaky_pass)) {
        return CTS_UNEXPECTED;
    }
    return CTS_OK;
}
