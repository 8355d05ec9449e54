/* Most lines of a log are steps, and most of the work is to read and to judge them. So the log is
 * read twice. First steps are only sorted to their executions, by the head of the line that the
 * engine gives them. Then several threads read and judge whole executions, and their verdicts are
 * taken in the order in which they ended, as in the slow way. */
#include "fold_quick.h"

#include "../util/json_quick.h"
#include "../util/ordered_work.h"
#include "lookup.h"

#include <stdlib.h>
#include <string.h>

#define BATCH 32 /* executions: threads meet once for so many */

/* --- the first time --- */

/* `,"t":12` and the like: the number behind a key that stands here. NULL: it does not. */
static const char *number_behind(const char *at, const char *end, const char *key,
                                 json_int_t *number)
{
    const size_t len = strlen(key);
    json_int_t value = 0;
    if ((size_t)(end - at) <= len || memcmp(at, key, len) != 0) {
        return NULL;
    }
    const char *const digits = at + len;
    for (at = digits; at < end && *at >= '0' && *at <= '9' && at - digits < 18; at++) {
        value = value * 10 + (*at - '0');
    }
    *number = value;
    return at > digits && at < end && *at == ',' ? at : NULL;
}

/* Takes the line of a step; what stands behind its head is read later. */
static bool take_step(void *context, const char *line, size_t len, uint64_t place)
{
    const char *const end = line + len;
    json_int_t ms = 0, run = 0;
    const char *at = number_behind(line, end, "{\"e\":\"step\",\"t\":", &ms);
    at = at ? number_behind(at, end, ",\"run\":", &run) : NULL;
    return at && fold_step(context, run, (uint64_t)ms, place);
}

/* --- the second time --- */

struct judge_thread {
    struct lookup_window window;
    struct str_buf line;
    size_t count, cap;
    json_t **events;
};

struct batch {
    size_t count;
    bool failed; /* the last verdict is none */
    struct case_verdict verdicts[BATCH];
};

static void *thread_new(void *context __attribute__((unused)))
{
    struct judge_thread *thread = calloc(1, sizeof *thread);
    if (thread) {
        sb_init(&thread->line, LOG_LINE_MAX);
    }
    return thread;
}

static void forget_events(struct judge_thread *thread)
{
    while (thread->count > 0) {
        json_decref(thread->events[--thread->count]);
    }
}

static void thread_free(void *context __attribute__((unused)), void *made)
{
    struct judge_thread *thread = made;
    if (thread) {
        forget_events(thread);
        free(thread->events);
        sb_free(&thread->line);
        free(thread);
    }
}

static bool read_events(const struct fold *fold, struct judge_thread *thread,
                        const struct log_lines *lines)
{
    forget_events(thread);
    if (lines->count > thread->cap) {
        json_t **events = realloc(thread->events, lines->count * sizeof *events);
        if (!events) {
            return false;
        }
        thread->events = events;
        thread->cap = lines->count;
    }
    for (size_t i = 0; i < lines->count; i++) {
        json_error_t why;
        sb_clear(&thread->line);
        json_t *event = lookup_line(fold->lookup, &thread->window, lines->places[i], &thread->line)
                            ? json_quick_read(sb_text(&thread->line), thread->line.len,
                                              JSON_REJECT_DUPLICATES, &why)
                            : NULL;
        if (!event) {
            return false;
        }
        thread->events[thread->count++] = event;
    }
    return true;
}

/* Judges one execution. Its events are freed where they were made: by another thread that takes
 * several times as long. */
static bool judge_one(const struct fold *fold, struct judge_thread *thread,
                      const struct ended *ended, struct case_verdict *verdict)
{
    struct cts_error err;
    if (!read_events(fold, thread, &ended->lines) ||
        fold_verdict(fold, ended->slot, (const json_t *const *)thread->events, thread->count,
                     verdict, &err) != CTS_OK) {
        return false;
    }
    json_decref(verdict->events);
    verdict->events = NULL;
    return true;
}

static void *judge_batch(void *context, void *worker, size_t item)
{
    const struct fold *fold = context;
    struct batch *batch = worker ? calloc(1, sizeof *batch) : NULL;
    for (size_t i = item * BATCH; batch && !batch->failed && i < fold->ended_count; i++) {
        if (batch->count == BATCH) {
            break;
        }
        batch->failed = !judge_one(fold, worker, &fold->ended[i], &batch->verdicts[batch->count]);
        batch->count += !batch->failed;
    }
    return batch;
}

static void drop_batch(void *context __attribute__((unused)), void *made)
{
    struct batch *batch = made;
    for (size_t i = 0; batch && i < batch->count; i++) {
        verdict_clear(&batch->verdicts[i]);
    }
    free(batch);
}

static bool take_batch(void *context, size_t item, void *made)
{
    struct fold *fold = context;
    struct batch *batch = made;
    const bool right = batch && !batch->failed;
    for (size_t i = 0; right && i < batch->count; i++) {
        struct ended *ended = &fold->ended[item * BATCH + i];
        fold_take(fold, ended->slot, &ended->lines, &batch->verdicts[i]);
        fold->judged++;
    }
    if (right) {
        batch->count = 0; /* they are the fold's now */
    }
    drop_batch(context, batch);
    return right;
}

/* Executions that have not ended are judged when nothing more can come. */
static bool read_running(const struct fold *fold, struct judge_thread *thread,
                         struct running *running)
{
    if (!thread || !read_events(fold, thread, &running->lines)) {
        return false;
    }
    running->events = thread->events;
    running->count = thread->count;
    thread->events = NULL;
    thread->count = thread->cap = 0;
    return true;
}

static bool read_all_running(struct fold *fold)
{
    struct judge_thread *thread = thread_new(fold);
    bool right = true;
    for (size_t i = 0; right && i < fold->running_count; i++) {
        right = read_running(fold, thread, &fold->running[i]);
    }
    thread_free(fold, thread);
    return right;
}

bool fold_log_quick(struct fold *fold, const char *path)
{
    struct cts_error err;
    fold->quick = true;
    const bool read =
        log_read_lines(path, take_step, fold_add_event, fold, &fold->extent, &err) == CTS_OK;
    fold->quick = false;
    if (!read || !read_all_running(fold)) {
        return false;
    }
    const struct ordered_work work = {.count = (fold->ended_count + BATCH - 1) / BATCH,
                                      .context = fold,
                                      .worker_new = thread_new,
                                      .worker_free = thread_free,
                                      .make = judge_batch,
                                      .take = take_batch,
                                      .drop = drop_batch};
    ordered_work_run(&work);
    const bool right = fold->judged == fold->ended_count;
    fold_forget_ended(fold);
    return right;
}
