/* Joining logs: what they hold, and whether they belong together. */
#include "merge.h"

#include "../judge/judge.h"
#include "json_facts.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define PART_MAX 32
#define VALUE_MAX 120 /* bytes of a value in a message */
#define NAMED_MAX 5   /* cases that are named of a part */
/* Three years: the sum over all parts, in microseconds, is a number. */
#define MS_MAX INT64_C(100000000000)

static enum cts_status no_memory(struct cts_error *err)
{
    return err_set(err, CTS_NOMEM, "out of memory");
}

/* --- headers --- */

/* The start of a value as JSON. */
static void show(const json_t *value, char text[VALUE_MAX])
{
    char *dumped = value != NULL ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
    snprintf(text, VALUE_MAX, "%s", dumped != NULL ? dumped : "not told");
    free(dumped);
}

static enum cts_status refuse(const struct merge_log *a, const struct merge_log *b,
                              const char *what, const json_t *left, const json_t *right,
                              struct cts_error *err)
{
    char before[VALUE_MAX], after[VALUE_MAX];
    show(left, before);
    show(right, after);
    return err_set(err, CTS_USAGE, "%s and %s are not of the same run: %s is %s and %s", a->path,
                   b->path, what, before, after);
}

/* Compares what the report says of a section, but for what may differ between two runs, and the
 * part. */
static enum cts_status same_section(const struct merge_log *a, const struct merge_log *b,
                                    enum fact_section section, const char *name,
                                    struct cts_error *err)
{
    json_t *left = facts_section(a->header, section), *right = facts_section(b->header, section);
    enum cts_status status = left != NULL && right != NULL ? CTS_OK : no_memory(err);
    const char *key;
    json_t *value;
    json_object_foreach(left, key, value)
    {
        const json_t *other = json_object_get(right, key);
        char what[64];
        if (status == CTS_OK && strcmp(key, "volatile") != 0 && strcmp(key, "shard") != 0 &&
            !json_equal(value, other)) {
            snprintf(what, sizeof what, "%s.%s", name, key);
            status = refuse(a, b, what, value, other, err);
        }
    }
    json_decref(left);
    json_decref(right);
    return status;
}

/* Compares values as the headers have them. */
static enum cts_status same_value(const struct merge_log *a, const struct merge_log *b,
                                  const char *section, const char *key, struct cts_error *err)
{
    const json_t *left = json_object_get(a->header, section);
    const json_t *right = json_object_get(b->header, section);
    char what[64];
    snprintf(what, sizeof what, "%s%s%s", section, key != NULL ? "." : "", key != NULL ? key : "");
    if (key != NULL) {
        left = json_object_get(left, key);
        right = json_object_get(right, key);
    }
    return left == right || json_equal(left, right) ? CTS_OK : refuse(a, b, what, left, right, err);
}

static enum cts_status same_run(const struct merge_log *a, const struct merge_log *b,
                                struct cts_error *err)
{
    enum cts_status status = same_section(a, b, FACTS_SUITE, "suite", err);
    if (status == CTS_OK) {
        status = same_section(a, b, FACTS_IUT, "iut", err);
    }
    if (status == CTS_OK) {
        status = same_value(a, b, "profile", NULL, err); /* with what the report leaves out */
    }
    /* The kernel below may be another one: machines of a pool are seldom all alike. */
    if (status == CTS_OK) {
        status = same_value(a, b, "host", "windows", err);
    }
    if (status == CTS_OK) {
        status = same_value(a, b, "host", "wine", err);
    }
    return status == CTS_OK ? same_section(a, b, FACTS_OPTIONS, "options", err) : status;
}

static enum cts_status read_shard(struct merge_log *log, struct cts_error *err)
{
    const json_t *shard = json_object_get(json_object_get(log->header, "options"), "shard");
    const char *text = json_string_value(shard);
    if (shard != NULL && (text == NULL || !plan_shard_parse(text, &log->shard))) {
        return err_set_at(err, CTS_BAD_FILE, log->path, 1, 0, "options.shard is no part");
    }
    if (json_string_value(json_object_get(json_object_get(log->header, "iut"), "sha256")) == NULL) {
        return err_set_at(err, CTS_BAD_FILE, log->path, 1, 0,
                          "the header does not tell the hash of the implementation");
    }
    return CTS_OK;
}

static int compare_parts(const void *a, const void *b)
{
    const struct merge_log *left = a, *right = b;
    if (left->shard.index != right->shard.index) {
        return left->shard.index < right->shard.index ? -1 : 1;
    }
    return strcmp(left->path, right->path);
}

/* "part 2/4", "the whole". */
static const char *part_name(const struct plan_shard *part, char name[PART_MAX])
{
    if (part->count == 0) {
        return "the whole";
    }
    snprintf(name, PART_MAX, "part %u/%u", part->index, part->count);
    return name;
}

/* Parts of one division, each of them once. */
static enum cts_status check_parts(const struct merge *merge, struct cts_error *err)
{
    char left[PART_MAX], right[PART_MAX];
    for (size_t i = 1; i < merge->count; i++) {
        const struct merge_log *a = &merge->logs[i - 1], *b = &merge->logs[i];
        if (a->shard.count != b->shard.count) {
            return err_set(err, CTS_USAGE, "%s and %s are not of the same division: %s and %s",
                           a->path, b->path, part_name(&a->shard, left),
                           part_name(&b->shard, right));
        }
        if (a->shard.index == b->shard.index) {
            return err_set(err, CTS_USAGE, "%s and %s have the same cases: both are %s", a->path,
                           b->path, part_name(&a->shard, left));
        }
    }
    return CTS_OK;
}

enum cts_status merge_new(struct merge *merge, const char **paths, const json_t **headers,
                          size_t count, struct cts_error *err)
{
    enum cts_status status = CTS_OK;
    memset(merge, 0, sizeof *merge);
    merge->logs = calloc(count + 1, sizeof *merge->logs);
    if (merge->logs == NULL) {
        return no_memory(err);
    }
    merge->count = count;
    for (size_t i = 0; i < count && status == CTS_OK; i++) {
        merge->logs[i].path = paths[i];
        merge->logs[i].header = headers[i];
        status = read_shard(&merge->logs[i], err);
        if (status == CTS_OK && i > 0) {
            status = same_run(&merge->logs[0], &merge->logs[i], err);
        }
    }
    if (status != CTS_OK) {
        return status;
    }
    qsort(merge->logs, count, sizeof *merge->logs, compare_parts);
    const json_t *options = json_object_get(merge->logs[0].header, "options");
    const json_int_t repeat = json_integer_value(json_object_get(options, "repeat"));
    merge->repeat = repeat > 0 ? (size_t)repeat : 1;
    return check_parts(merge, err);
}

void merge_free(struct merge *merge)
{
    for (size_t i = 0; i < merge->count; i++) {
        free(merge->logs[i].runs);
    }
    free(merge->logs);
    free(merge->cases);
    memset(merge, 0, sizeof *merge);
}

enum cts_status merge_plan(struct merge *merge, const struct plan *plan, struct cts_error *err)
{
    merge->plan = plan;
    for (size_t i = 0; i < merge->count; i++) {
        const struct merge_log *log = &merge->logs[i];
        const struct plan_shard *part = &log->shard;
        const size_t cases =
            part->count > 0 ? (plan->count + part->count - part->index) / part->count : plan->count;
        const json_t *selected = json_object_get(log->header, "selected");
        if (!json_is_integer(selected) || json_integer_value(selected) != (json_int_t)cases) {
            return err_set_at(
                err, CTS_BAD_FILE, log->path, 1, 0,
                "the header does not say that %zu cases are selected, as its options do", cases);
        }
    }
    merge->cases = calloc(plan->count + 1, sizeof *merge->cases);
    return merge->cases != NULL ? CTS_OK : no_memory(err);
}

/* --- events --- */

static size_t part_of(const struct merge_log *log, size_t at)
{
    return log->shard.count > 0 ? at % log->shard.count + 1 : 0;
}

/* The place of the case of a skip or begin, which must be one of the part. */
static enum cts_status find_case(const struct merge *merge, const struct merge_log *log,
                                 const json_t *event, size_t *at, struct cts_error *err)
{
    const char *id = json_string_value(json_object_get(event, "case"));
    const struct plan_case *planned = id != NULL ? plan_find(merge->plan, id) : NULL;
    *at = planned != NULL ? (size_t)(planned - merge->plan->cases) : 0;
    if (planned == NULL || part_of(log, *at) != log->shard.index) {
        return err_set(err, CTS_BAD_FILE, "%s is no case of this part",
                       id != NULL ? id : "(no id)");
    }
    return CTS_OK;
}

static enum cts_status note_skip(const struct merge *merge, const struct merge_log *log,
                                 const json_t *event, struct cts_error *err)
{
    size_t at = 0;
    const enum cts_status status = find_case(merge, log, event, &at, err);
    if (status == CTS_OK && merge->cases[at].skipped) {
        return err_set(err, CTS_BAD_FILE, "a case is skipped twice");
    }
    if (status == CTS_OK) {
        merge->cases[at].skipped = true;
    }
    return status;
}

static enum cts_status note_begin(const struct merge *merge, struct merge_log *log,
                                  const json_t *event, struct cts_error *err)
{
    size_t at = 0;
    const json_t *run = json_object_get(event, "run");
    const enum cts_status status = find_case(merge, log, event, &at, err);
    if (status != CTS_OK) {
        return status;
    }
    if (!json_is_integer(run) || json_integer_value(run) != (json_int_t)log->count + 1) {
        return err_set(err, CTS_BAD_FILE, "an execution begins that has not the next number, %zu",
                       log->count + 1);
    }
    if ((log->count & (log->count - 1)) == 0) {
        struct merge_run *more =
            realloc(log->runs, (log->count > 0 ? 2 * log->count : 1) * sizeof *more);
        if (more == NULL) {
            return no_memory(err);
        }
        log->runs = more;
    }
    const json_t *attempt = json_object_get(event, "attempt");
    log->runs[log->count++] =
        (struct merge_run){.at = at, .first = json_integer_value(attempt) <= 1};
    return CTS_OK;
}

struct merge_run *merge_run_of(const struct merge_log *log, const json_t *event)
{
    const json_int_t number = json_integer_value(json_object_get(event, "run"));
    return number > 0 && number <= (json_int_t)log->count ? &log->runs[number - 1] : NULL;
}

static enum cts_status note_end(const struct merge *merge, const struct merge_log *log,
                                const json_t *event, struct cts_error *err)
{
    struct merge_run *run = merge_run_of(log, event);
    const char *how = json_string_value(json_object_get(event, "how"));
    if (run == NULL || run->ended || run->interrupted || how == NULL) {
        return err_set(err, CTS_BAD_FILE, "an execution ends that is not running");
    }
    run->interrupted = strcmp(how, "interrupted") == 0;
    run->ended = !run->interrupted;
    merge->cases[run->at].ended += run->ended && run->first;
    return CTS_OK;
}

enum cts_status merge_note(struct merge *merge, struct merge_log *log, const json_t *event,
                           struct cts_error *err)
{
    const char *kind = json_string_value(json_object_get(event, "e"));
    const json_int_t ms = json_integer_value(json_object_get(event, "t"));
    const json_int_t worker = json_integer_value(json_object_get(event, "worker"));
    if (kind == NULL) {
        return err_set(err, CTS_BAD_FILE, "this is no event of a log");
    }
    if (ms < 0 || ms > MS_MAX || worker < 0 || worker > INT_MAX) {
        return err_set(err, CTS_BAD_FILE, "the time or the worker of the event is none");
    }
    log->noted++;
    log->ms = ms > log->ms ? ms : log->ms;
    log->workers = (unsigned)worker > log->workers ? (unsigned)worker : log->workers;
    const char *seal = json_string_value(json_object_get(event, "seal"));
    if (seal != NULL && (strcmp(kind, "seal") == 0 || strcmp(kind, "footer") == 0)) {
        snprintf(log->seal, sizeof log->seal, "%s", seal);
    }
    /* A footer before the run went on is none. */
    log->over = strcmp(kind, "footer") == 0 && footer_is_over(event);
    if (strcmp(kind, "skip") == 0) {
        return note_skip(merge, log, event, err);
    }
    if (strcmp(kind, "begin") == 0) {
        return note_begin(merge, log, event, err);
    }
    if (strcmp(kind, "end") == 0) {
        return note_end(merge, log, event, err);
    }
    if (json_object_get(event, "run") != NULL && merge_run_of(log, event) == NULL) {
        return err_set(err, CTS_BAD_FILE, "an event belongs to no execution that has begun");
    }
    return CTS_OK;
}

/* --- what is missing --- */

static bool is_done(const struct merge *merge, size_t at)
{
    return merge->cases[at].skipped || merge->cases[at].ended >= merge->repeat;
}

bool merge_over(const struct merge *merge)
{
    bool over = merge->count >= merge->logs[0].shard.count;
    for (size_t i = 0; i < merge->count; i++) {
        over = over && merge->logs[i].over;
    }
    for (size_t i = 0; i < merge->plan->count; i++) {
        over = over && is_done(merge, i);
    }
    return over;
}

/* The cases of one part, or, of number 0, all. */
static size_t missing_of(const struct merge *merge, const struct plan_shard *part,
                         const struct merge_log *log, struct str_buf *out)
{
    const size_t first = part->index > 0 ? part->index - 1 : 0,
                 step = part->count > 0 ? part->count : 1;
    size_t missing = 0;
    struct str_buf names;
    sb_init(&names, out->max);
    for (size_t i = first; i < merge->plan->count; i += step) {
        if (!is_done(merge, i) && missing++ < NAMED_MAX) {
            sb_addf(&names, "%s%s", missing > 1 ? ", " : "", merge->plan->cases[i].test->id);
        }
    }
    if (log == NULL || !log->over || missing > 0) {
        char name[PART_MAX];
        sb_addf(out, "%s %s: %zu cases outstanding%s%s%s%s%s%s\n", part_name(part, name),
                log == NULL ? "is not there" : "was broken off", missing, missing > 0 ? " (" : "",
                sb_text(&names), missing > NAMED_MAX ? ", ..." : "", missing > 0 ? ")" : "",
                log != NULL ? "; " : "", log != NULL ? log->path : "");
    }
    sb_free(&names);
    return missing;
}

size_t merge_missing(const struct merge *merge, struct str_buf *out)
{
    const unsigned parts = merge->logs[0].shard.count;
    size_t missing = 0, next = 0;
    if (parts == 0) {
        return missing_of(merge, &merge->logs[0].shard, &merge->logs[0], out);
    }
    for (unsigned part = 1; part <= parts; part++) {
        const bool there = next < merge->count && merge->logs[next].shard.index == part;
        missing += missing_of(merge, &(struct plan_shard){part, parts},
                              there ? &merge->logs[next] : NULL, out);
        next += there;
    }
    return missing;
}
