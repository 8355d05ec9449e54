/* The fold over a log: from events to one verdict a case. */
#include "judge_fold.h"

#include "judge_against.h"
#include "judge_findings.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static struct slot *slot_of(struct fold *fold, const struct test_case *test)
{
    return &fold->slots[test - fold->tables->cases];
}

struct fold *fold_new(const struct tables *tables, const struct plan *plan,
                      const struct judge_options *options)
{
    struct fold *fold = calloc(1, sizeof *fold);
    struct slot *slots = calloc(tables->case_count + 1, sizeof *slots);
    if (!fold || !slots) {
        free(fold);
        free(slots);
        return NULL;
    }
    fold->tables = tables;
    fold->options = *options;
    fold->slots = slots;
    for (size_t i = 0; i < plan->count; i++) {
        slot_of(fold, plan->cases[i].test)->planned = &plan->cases[i];
    }
    return fold;
}

static enum cts_status no_memory(struct cts_error *err)
{
    return err_set(err, CTS_NOMEM, "out of memory");
}

/* Grows a list whose capacity is the power of two that holds `count`. NULL: no memory. */
static void *room_for_one(void *list, size_t count, size_t size)
{
    bool full = (count & (count - 1)) == 0;
    return full ? realloc(list, (count ? 2 * count : 1) * size) : list;
}

static bool lines_add(struct log_lines *lines, uint64_t place)
{
    uint64_t *places = room_for_one(lines->places, lines->count, sizeof *places);
    if (places) {
        lines->places = places;
        places[lines->count++] = place;
    }
    return places != NULL;
}

/* Keeps a reference to an event; only its count of references changes. */
static enum cts_status running_add(const struct fold *fold, struct running *running,
                                   const json_t *event, struct cts_error *err)
{
    if (fold->lookup && !lines_add(&running->lines, fold->place)) {
        return no_memory(err);
    }
    if (fold->quick) {
        return CTS_OK;
    }
    json_t **events = room_for_one(running->events, running->count, sizeof *events);
    if (!events) {
        return no_memory(err);
    }
    running->events = events;
    running->events[running->count++] = json_incref((json_t *)event);
    return CTS_OK;
}

static struct running *find_running(struct fold *fold, json_int_t run)
{
    for (size_t i = 0; i < fold->running_count; i++) {
        if (fold->running[i].run == run && !fold->running[i].interrupted) {
            return &fold->running[i];
        }
    }
    return NULL;
}

/* The slot of the case that an event names. NULL: it names none, or one that is not in the tables.
 */
static struct slot *named_slot(struct fold *fold, const json_t *event, struct cts_error *err)
{
    const char *id = json_string_value(json_object_get(event, "case"));
    const struct test_case *test = id ? tbl_case(fold->tables, id) : NULL;
    if (!test) {
        err_set(err, CTS_BAD_FILE, "the log has the case %s, which these tables do not know",
                id ? id : "(without an id)");
        return NULL;
    }
    return slot_of(fold, test);
}

static enum cts_status fold_header(struct fold *fold, const json_t *event, struct cts_error *err)
{
    const json_t *log = json_object_get(event, "log");
    if (fold->header) {
        return err_set(err, CTS_BAD_FILE, "the log has a second header");
    }
    if (!json_is_integer(log) || json_integer_value(log) != 1) {
        return err_set(err, CTS_BAD_FILE, "the log's format is not 1, which this program reads");
    }
    fold->header = json_incref((json_t *)event);
    return CTS_OK;
}

static enum cts_status fold_footer(struct fold *fold, const json_t *event, struct cts_error *err)
{
    if (fold->footer) {
        return err_set(err, CTS_BAD_FILE, "the log has a second footer");
    }
    fold->footer = json_incref((json_t *)event);
    return CTS_OK;
}

static enum cts_status fold_skip(struct fold *fold, const json_t *event, struct cts_error *err)
{
    const char *reason = json_string_value(json_object_get(event, "reason"));
    struct slot *slot = named_slot(fold, event, err);
    struct str_buf buf;
    if (!slot) {
        return CTS_BAD_FILE;
    }
    if (slot->seen) {
        return err_set(err, CTS_BAD_FILE, "a case that is skipped stands in the log twice");
    }
    sb_init(&buf, JUDGE_TEXT_MAX);
    sb_add(&buf, reason ? reason : "no reason given");
    slot->skip = sb_take(&buf, NULL);
    slot->seen = true;
    return slot->skip ? CTS_OK : no_memory(err);
}

static enum cts_status fold_begin(struct fold *fold, const json_t *event, struct cts_error *err)
{
    const json_t *run = json_object_get(event, "run");
    struct slot *slot = named_slot(fold, event, err);
    if (!slot) {
        return CTS_BAD_FILE;
    }
    if (!json_is_integer(run) || find_running(fold, json_integer_value(run))) {
        return err_set(err, CTS_BAD_FILE, "an execution begins without a number of its own");
    }
    if (slot->skip) {
        return err_set(err, CTS_BAD_FILE, "a case that was skipped begins");
    }
    struct running *list = room_for_one(fold->running, fold->running_count, sizeof *list);
    if (!list) {
        return no_memory(err);
    }
    fold->running = list;
    list[fold->running_count] = (struct running){.run = json_integer_value(run), .slot = slot};
    slot->seen = true;
    return running_add(fold, &list[fold->running_count++], event, err);
}

/* The verdict of a case that the plan has not: its steps are not known. */
static enum cts_status judge_unplanned(const struct fold *fold, const struct slot *slot,
                                       struct case_verdict *out, struct cts_error *err)
{
    struct str_buf buf;
    memset(out, 0, sizeof *out);
    sb_init(&buf, JUDGE_TEXT_MAX);
    sb_add(&buf, "the log has this case, the plan has not");
    out->test = &fold->tables->cases[slot - fold->slots];
    out->verdict = out->first = out->last = VERDICT_ERROR;
    out->gates = true;
    out->attempts = 1;
    out->reason = sb_take(&buf, NULL);
    against_set(out, &fold->options);
    return out->reason ? CTS_OK : no_memory(err);
}

/* Is the left one worse? */
static bool is_worse(const struct case_verdict *left, const struct case_verdict *right)
{
    int a = verdict_badness(left->verdict), b = verdict_badness(right->verdict);
    return a != b ? a > b : left->gates && !right->gates;
}

static void swap_verdicts(struct case_verdict *a, struct case_verdict *b)
{
    struct case_verdict kept = *a;
    *a = *b;
    *b = kept;
}

/* Takes the verdict of one more execution of a case. Those of the first attempt are repeats, of
 * which the worst counts; later attempts only tell whether it was a flake. */
static void slot_add(struct slot *slot, struct case_verdict *verdict)
{
    uint64_t mark = findings_mark(verdict);
    unsigned attempt = verdict->attempts;
    bool first = slot->verdict.test == NULL;
    if (!first && attempt > 1 && verdict_is_outstanding(verdict)) {
        verdict_clear(verdict); /* broken off: it tells nothing */
        return;
    }
    slot->last = verdict->verdict;
    slot->gave |= 1u << verdict->verdict;
    slot->executions++;
    slot->attempts = attempt > slot->attempts ? attempt : slot->attempts;
    if (first) {
        slot->first = verdict->verdict;
        slot->mark = mark;
    }
    if (first || attempt <= 1) {
        slot->verdicts |= 1u << verdict->verdict;
        slot->repeats_differ = slot->repeats_differ || mark != slot->mark;
        if (first || is_worse(verdict, &slot->verdict)) {
            swap_verdicts(&slot->verdict, verdict);
            slot->mark = mark;
        }
    } else {
        slot->attempts_differ = slot->attempts_differ || mark != slot->mark;
    }
    if (!first) {
        verdict_clear(verdict);
    }
}

/* A long log does not fit in memory: of the events of a file only the places are kept. */
static void leave_in_log(const struct fold *fold, struct log_lines *lines,
                         struct case_verdict *verdict)
{
    if (fold->lookup) {
        json_decref(verdict->events);
        verdict->events = NULL;
        verdict->lines = *lines;
        *lines = (struct log_lines){0};
    }
}

static void count_end(struct fold *fold, struct slot *slot, const struct case_verdict *verdict)
{
    if (verdict_is_outstanding(verdict)) {
        return;
    }
    fold->executions++;
    if (verdict->attempts > 1) {
        slot->retries++;
    } else {
        slot->ended++;
        slot->to_repeat += judge_again(verdict, &fold->options);
    }
}

bool footer_is_over(const json_t *footer)
{
    return json_is_true(json_object_get(footer, "complete")) &&
           !json_is_true(json_object_get(footer, "interrupted"));
}

void fold_progress(const struct fold *fold, const struct plan *plan, struct fold_progress *progress)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct slot *slot = &fold->slots[plan->cases[i].test - fold->tables->cases];
        progress->ended[i] = slot->skip ? 1 : slot->ended;
        progress->again[i] = slot->to_repeat > slot->retries ? slot->to_repeat - slot->retries : 0;
    }
    progress->runs = fold->runs;
    progress->workers = fold->workers;
    progress->executions = fold->executions;
    progress->ms = fold->ms;
    progress->size = fold->extent.whole;
    progress->over = footer_is_over(fold->footer);
}

enum cts_status fold_verdict(const struct fold *fold, const struct slot *slot,
                             const json_t *const *events, size_t count, struct case_verdict *out,
                             struct cts_error *err)
{
    return slot->planned ? judge_execution(fold->tables, slot->planned, events, count,
                                           &fold->options, out, err)
                         : judge_unplanned(fold, slot, out, err);
}

void fold_take(struct fold *fold, struct slot *slot, struct log_lines *lines,
               struct case_verdict *verdict)
{
    leave_in_log(fold, lines, verdict);
    count_end(fold, slot, verdict);
    slot_add(slot, verdict);
}

enum cts_status fold_judge(struct fold *fold, struct running *running, struct cts_error *err)
{
    struct case_verdict verdict;
    const enum cts_status status = fold_verdict(
        fold, running->slot, (const json_t *const *)running->events, running->count, &verdict, err);
    if (status == CTS_OK) {
        fold_take(fold, running->slot, &running->lines, &verdict);
    }
    return status;
}

/* Keeps the lines of an execution that has ended, to be judged later: for long, so in no more room
 * than they need. */
static enum cts_status keep_ended(struct fold *fold, const struct running *running,
                                  struct cts_error *err)
{
    const struct log_lines *lines = &running->lines;
    struct ended *list = room_for_one(fold->ended, fold->ended_count, sizeof *list);
    if (!list) {
        return no_memory(err);
    }
    fold->ended = list;
    struct ended *ended = &list[fold->ended_count];
    *ended = (struct ended){running->slot, {lines->count, NULL}};
    ended->lines.places = malloc(lines->count * sizeof *lines->places);
    if (!ended->lines.places) {
        return no_memory(err);
    }
    memcpy(ended->lines.places, lines->places, lines->count * sizeof *lines->places);
    fold->ended_count++;
    return CTS_OK;
}

/* step and end */
static enum cts_status fold_running(struct fold *fold, const json_t *event, bool end,
                                    struct cts_error *err)
{
    struct running *running = find_running(fold, json_integer_value(json_object_get(event, "run")));
    if (!running) {
        return err_set(err, CTS_BAD_FILE, "an event belongs to no execution that has begun");
    }
    enum cts_status status = running_add(fold, running, event, err);
    const char *how = end ? json_string_value(json_object_get(event, "how")) : NULL;
    if (how && strcmp(how, "interrupted") == 0) {
        running->interrupted = true;
    } else if (status == CTS_OK && end && fold->quick) {
        status = keep_ended(fold, running, err);
        running_clear(running);
        *running = fold->running[--fold->running_count];
    } else if (status == CTS_OK && end) {
        status = fold_judge(fold, running, err);
        running_clear(running);
        *running = fold->running[--fold->running_count];
    }
    return status;
}

bool fold_step(struct fold *fold, json_int_t run, uint64_t ms, uint64_t place)
{
    struct running *running = fold->header ? find_running(fold, run) : NULL;
    fold->ms = ms > 0 ? ms : fold->ms;
    return running && lines_add(&running->lines, place);
}

/* The run goes on: what was running is run again, and the end that it had was none. */
static void fold_resume(struct fold *fold)
{
    for (size_t i = 0; i < fold->running_count; i++) {
        running_clear(&fold->running[i]);
    }
    fold->running_count = 0;
    json_decref(fold->footer);
    fold->footer = NULL;
}

static void note_highest(unsigned *highest, const json_t *number)
{
    const json_int_t value = json_integer_value(number);
    if (value > (json_int_t)*highest && value <= INT_MAX) {
        *highest = (unsigned)value;
    }
}

enum cts_status fold_event(struct fold *fold, const json_t *event, struct cts_error *err)
{
    const char *kind = json_string_value(json_object_get(event, "e"));
    if (!kind) {
        return err_set(err, CTS_BAD_FILE, "this is no event of a log");
    }
    const json_int_t ms = json_integer_value(json_object_get(event, "t"));
    fold->ms = ms > 0 ? (uint64_t)ms : fold->ms;
    note_highest(&fold->runs, json_object_get(event, "run"));
    note_highest(&fold->workers, json_object_get(event, "worker"));
    if (strcmp(kind, "header") == 0) {
        return fold_header(fold, event, err);
    }
    if (!fold->header) {
        return err_set(err, CTS_BAD_FILE, "the log does not begin with a header");
    }
    if (strcmp(kind, "skip") == 0) {
        return fold_skip(fold, event, err);
    }
    if (strcmp(kind, "begin") == 0) {
        return fold_begin(fold, event, err);
    }
    if (strcmp(kind, "step") == 0 || strcmp(kind, "end") == 0) {
        return fold_running(fold, event, kind[0] == 'e', err);
    }
    if (strcmp(kind, "resume") == 0) {
        fold_resume(fold);
    }
    return strcmp(kind, "footer") == 0 ? fold_footer(fold, event, err) : CTS_OK;
}
