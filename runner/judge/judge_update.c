/* expect update. Rounds: the entries are held against the run, those that do not hold are changed,
 * until all do. What one entry loses another may get, so that a round can make work for the next.
 */
#include "judge_update.h"

#include <stdlib.h>
#include <string.h>

#define NO_ENTRY ((size_t)-1)
#define UNTOLD (1u << VERDICT_SKIP | 1u << VERDICT_ERROR)
/* Each round but the last removes, rewrites or adds an entry for good; few are ever needed. */
#define ROUNDS_MAX 64

/* What the run says of the cases of one entry. */
struct tally {
    size_t kept, off;               /* cases that hold, or of which the run says nothing; others */
    struct expect_said wanted;      /* of all that are off */
    bool differ;                    /* they want different things */
    const struct case_verdict *one; /* the first that is off */
};

struct updating {
    const struct tables *tables;
    const struct claims *claims;
    const char *day;
    struct draft *drafts;
    size_t count, room;
    struct expectations view;           /* the drafts of this round, for searches */
    const struct case_verdict **of_run; /* by case: its verdict, or NULL */
    const struct expectation **first;   /* by case: the entry of the old file */
    size_t *found;                      /* by case: its draft, or NO_ENTRY */
    struct tally *tallies;              /* by draft */
    struct expect_update *out;
    bool moved, failed;
};

/* --- memory --- */

/* Room for one more draft, which is empty. NULL: no memory. */
static struct draft *new_draft(struct updating *u)
{
    if (u->count == u->room) {
        const size_t room = u->room ? 2 * u->room : 64;
        struct draft *drafts = realloc(u->drafts, room * sizeof *drafts);
        if (!drafts) {
            u->failed = true;
            return NULL;
        }
        u->drafts = drafts;
        u->room = room;
    }
    memset(&u->drafts[u->count], 0, sizeof *u->drafts);
    return &u->drafts[u->count++];
}

static const char *new_reason(struct updating *u, const struct case_verdict *verdict)
{
    const char *reason = update_reason(u->out, verdict, u->day);
    u->failed = u->failed || !reason;
    return reason ? reason : "";
}

static void note_change(struct updating *u, const struct draft *draft, bool removed)
{
    u->failed = !update_note(u->out, draft, removed) || u->failed;
}

/* --- what a case wants --- */

static struct expect_said wanted(const struct case_verdict *verdict)
{
    struct expect_said said = {.usual = verdict->verdict};
    said.allowed = (verdict->seen | 1u << verdict->verdict) & ~UNTOLD;
    if (said.allowed & 1u << VERDICT_RECORDED) {
        said.usual = VERDICT_RECORDED;
    } else if (said.allowed & 1u << VERDICT_PASS) {
        said.usual = VERDICT_PASS;
    }
    return said;
}

static bool all_good(unsigned verdicts)
{
    return (verdicts & ~(1u << VERDICT_PASS | 1u << VERDICT_RECORDED)) == 0;
}

/* Is the case as expected? Where its entry is the one that it was judged by, the judge knows. */
static bool holds(const struct updating *u, size_t at, const struct draft *draft)
{
    const struct case_verdict *verdict = u->of_run[at];
    const struct expectation *judged_by = draft && !draft->changed ? draft->old : NULL;
    if (!verdict) {
        return true;
    }
    if (u->first[at] == judged_by && (judged_by || !draft)) {
        return verdict->against == AGAINST_EXPECTED;
    }
    return against_would_hold(verdict, draft ? &draft->entry : NULL);
}

/* --- what becomes of an entry --- */

static void rewrite(struct updating *u, struct draft *draft, const struct tally *tally)
{
    struct expectation *entry = &draft->entry;
    const bool worse = !all_good(tally->wanted.allowed & ~entry->allowed);
    if (worse || all_good(tally->wanted.allowed)) {
        if (!draft->note && !draft_reason_is_made(entry->reason)) {
            draft->note = entry->reason;
        }
        entry->reason = new_reason(u, tally->one);
    }
    entry->allowed = tally->wanted.allowed;
    entry->usual = tally->wanted.usual;
    draft->verdicts = NULL;
    draft->changed = true;
    u->moved = true;
}

/* An entry for this case alone; it stands before those of the same text, which have conditions. */
static void add_own(struct updating *u, size_t at, struct condition when)
{
    const struct case_verdict *verdict = u->of_run[at];
    const struct expect_said said = wanted(verdict);
    struct draft *draft = new_draft(u);
    if (draft) {
        draft->entry = (struct expectation){.cases = verdict->test->id,
                                            .allowed = said.allowed,
                                            .usual = said.usual,
                                            .reason = new_reason(u, verdict),
                                            .when = when};
        u->moved = true;
    }
}

/* Would all cases of this entry be as expected without it? */
static bool can_go(const struct updating *u, size_t number)
{
    for (size_t i = 0; i < u->tables->case_count; i++) {
        if (u->found[i] != number) {
            continue;
        }
        const struct expectation *other =
            expect_find_but(&u->view, &u->tables->cases[i], u->claims, number);
        if (!holds(u, i, other ? &u->drafts[other - u->view.entries] : NULL)) {
            return false;
        }
    }
    return true;
}

/* Has no other entry, under any condition, a case of this one? */
static bool stands_alone(const struct updating *u, size_t number)
{
    for (size_t i = 0; i < u->tables->case_count; i++) {
        for (size_t k = 0; u->found[i] == number && k < u->view.count; k++) {
            if (k != number && expect_fits(&u->view.entries[k], &u->tables->cases[i])) {
                return false;
            }
        }
    }
    return true;
}

static bool fits_nothing(const struct updating *u, size_t number)
{
    for (size_t i = 0; i < u->tables->case_count; i++) {
        if (expect_fits(&u->view.entries[number], &u->tables->cases[i])) {
            return false;
        }
    }
    return true;
}

/* The cases of an entry that are off get entries of their own. */
static void split(struct updating *u, size_t number)
{
    const struct condition when = u->drafts[number].entry.when;
    for (size_t i = 0; i < u->tables->case_count; i++) {
        const struct draft draft = u->drafts[number];
        if (u->found[i] == number && !holds(u, i, &draft)) {
            add_own(u, i, when);
        }
    }
}

/* Does the entry say nothing (any more)? So it is with one that fits no case, and with an exception
 * that an update made from an entry that is no more. */
static bool is_idle(const struct updating *u, size_t number)
{
    const struct expectation *entry = &u->drafts[number].entry;
    const struct tally *tally = &u->tallies[number];
    if (tally->kept + tally->off == 0) {
        return fits_nothing(u, number);
    }
    return tally->off == 0 && all_good(entry->allowed) && draft_reason_is_made(entry->reason) &&
           stands_alone(u, number);
}

static void settle(struct updating *u, size_t number)
{
    const struct tally *tally = &u->tallies[number];
    bool gone = false;
    if (tally->off == 0) {
        gone = is_idle(u, number);
    } else if (tally->kept > 0 || tally->differ) {
        gone = tally->kept == 0;
        split(u, number);
    } else if (all_good(tally->wanted.allowed) && can_go(u, number)) {
        gone = true;
    } else {
        rewrite(u, &u->drafts[number], tally);
    }
    u->drafts[number].gone = gone;
    u->moved = u->moved || gone;
}

/* --- rounds --- */

static int by_cases(const void *a, const void *b)
{
    const struct draft *x = a, *y = b;
    const int order = strcmp(x->entry.cases, y->entry.cases);
    return order ? order : (x->rank > y->rank) - (x->rank < y->rank);
}

/* Takes out what is gone, sorts the rest, and makes it ready for searches. */
static void tidy(struct updating *u)
{
    struct expectations *view = &u->view;
    size_t left = 0;
    for (size_t i = 0; i < u->count; i++) {
        if (!u->drafts[i].gone) {
            u->drafts[left++] = u->drafts[i];
        } else if (u->drafts[i].old) {
            note_change(u, &u->drafts[i], true);
        }
    }
    u->count = left;
    free(view->entries);
    free(view->wild);
    free(u->tallies);
    view->count = left;
    view->entries = calloc(left + 1, sizeof *view->entries);
    view->wild = calloc(left + 1, sizeof *view->wild);
    u->tallies = calloc(left + 1, sizeof *u->tallies);
    if (!view->entries || !view->wild || !u->tallies) {
        u->failed = true;
        return;
    }
    if (left > 0) {
        qsort(u->drafts, left, sizeof *u->drafts, by_cases);
    }
    for (size_t i = 0; i < left; i++) {
        view->entries[i] = u->drafts[i].entry;
    }
    expect_index(view);
}

static void count_case(struct updating *u, size_t at)
{
    const size_t number = u->found[at];
    struct tally *tally = &u->tallies[number];
    if (holds(u, at, &u->drafts[number])) {
        tally->kept++;
        return;
    }
    const struct expect_said said = wanted(u->of_run[at]);
    if (tally->off++ == 0) {
        tally->wanted = said;
        tally->one = u->of_run[at];
    }
    tally->differ =
        tally->differ || said.allowed != tally->wanted.allowed || said.usual != tally->wanted.usual;
}

static void one_round(struct updating *u)
{
    tidy(u);
    u->moved = false;
    const size_t entries = u->count;
    for (size_t i = 0; !u->failed && i < u->tables->case_count; i++) {
        const struct expectation *entry = expect_find(&u->view, &u->tables->cases[i], u->claims);
        u->found[i] = entry ? (size_t)(entry - u->view.entries) : NO_ENTRY;
        if (entry) {
            count_case(u, i);
        } else if (!holds(u, i, NULL)) {
            add_own(u, i, (struct condition){.text = NULL});
        }
    }
    for (size_t i = 0; !u->failed && i < entries; i++) {
        settle(u, i);
    }
}

/* --- beginning and end --- */

static void take_old(struct updating *u, const struct expectations *old)
{
    const json_t *list = old ? json_object_get(old->document, "entries") : NULL;
    for (size_t i = 0; old && i < old->count; i++) {
        const json_t *object = json_array_get(list, i);
        struct draft *draft = new_draft(u);
        if (!draft) {
            return;
        }
        draft->entry = old->entries[i];
        draft->old = &old->entries[i];
        draft->verdicts = json_object_get(object, "verdicts");
        draft->note = json_string_value(json_object_get(object, "note"));
        draft->rank = i + 1;
    }
}

/* What the run says of each case: nothing where it was skipped or has not ended. */
static void take_run(struct updating *u, const struct expectations *old,
                     const struct judged_run *run)
{
    const size_t cases = u->tables->case_count;
    u->of_run = calloc(cases + 1, sizeof(void *));
    u->first = calloc(cases + 1, sizeof(void *));
    u->found = calloc(cases + 1, sizeof *u->found);
    if (!u->of_run || !u->first || !u->found) {
        u->failed = true;
        return;
    }
    for (size_t i = 0; i < run->count; i++) {
        const struct case_verdict *verdict = &run->cases[i];
        const size_t at = (size_t)(verdict->test - u->tables->cases);
        if (!(1u << verdict->verdict & UNTOLD)) {
            u->of_run[at] = verdict;
            u->first[at] = old ? expect_find(old, verdict->test, u->claims) : NULL;
        }
    }
}

static void conclude(struct updating *u, const struct expectations *old, const char *iut)
{
    struct expect_update *out = u->out;
    const json_t *document = old ? old->document : NULL;
    const json_t *name = json_object_get(document, "iut"),
                 *note = json_object_get(document, "note");
    for (size_t i = 0; i < u->count; i++) {
        if (!u->drafts[i].old || u->drafts[i].changed) {
            note_change(u, &u->drafts[i], false);
        }
    }
    update_sort(out);
    out->entries = u->count;
    u->failed = u->failed || !draft_write(u->drafts, u->count, name ? json_string_value(name) : iut,
                                          json_string_value(note), &out->text, &out->len);
}

enum cts_status expect_update(const struct expectations *old, const struct judged_run *run,
                              const struct tables *tables, const struct claims *claims,
                              const char *iut, const char *day, struct expect_update *out,
                              struct cts_error *err)
{
    struct updating u = {.tables = tables, .claims = claims, .day = day, .out = out, .moved = true};
    memset(out, 0, sizeof *out);
    take_old(&u, old);
    take_run(&u, old, run);
    for (int i = 0; !u.failed && u.moved && i < ROUNDS_MAX; i++) {
        one_round(&u);
    }
    if (!u.failed) {
        conclude(&u, old, iut);
    }
    free(u.drafts);
    free(u.view.entries);
    free(u.view.wild);
    free(u.of_run);
    free(u.first);
    free(u.found);
    free(u.tallies);
    if (u.failed) {
        expect_update_free(out);
        return err_set(err, CTS_NOMEM, "out of memory");
    }
    return u.moved ? err_set(err, CTS_DEFECT, "the file of expected verdicts finds no end")
                   : CTS_OK;
}
