#include "engine.h"
#include "guard.h"
#include "pool.h"
#include "prefix.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOAD_MS 10000
#define INTERRUPTED_CODE 130

/* One run of a series. */
struct run {
    struct run *next; /* of those that are under way */
    struct house *house;
    struct eng_job job;
    struct eng_options options; /* with defaults filled in */
    struct journal journal;
    struct pool pool;
    struct eng_result result;
    struct cts_error err;
};

/* What the runs of a series share. */
struct house {
    uv_loop_t loop;
    uv_prepare_t before_waiting;
    uv_signal_t signals[GUARD_STOPS];
    const struct eng_options *options;
    const struct eng_series *series;
    struct launch launch;
    struct guard_run guard;
    char token[CHAN_TOKEN + 1];
    struct eng_job upcoming;
    bool has_upcoming;
    unsigned workers;  /* numbers given out */
    struct run *first; /* under way */
    size_t under_way;
    bool interrupted, stopping;
    struct cts_error *err;
};

static struct eng_options with_defaults(const struct eng_options *options)
{
    struct eng_options filled = *options;
    filled.jobs = options->jobs ? options->jobs : uv_available_parallelism();
    filled.repeat = options->repeat ? options->repeat : 1;
    filled.load_ms = options->load_ms ? options->load_ms : LOAD_MS;
    filled.time_scale = options->time_scale > 0 ? options->time_scale : 1;
    return filled;
}

/* --- one run --- */

/* Makes the run of the upcoming job; it is not under way yet. NULL: no memory. */
static struct run *run_new(struct house *house)
{
    struct run *run = calloc(1, sizeof *run);
    if (!run) {
        return NULL;
    }
    run->house = house;
    run->job = house->upcoming;
    run->options = with_defaults(house->options);
    run->options.out_dir = run->job.out_dir;
    journal_init(&run->journal, run->job.callbacks, run->options.earlier);
    if (!pool_init(&run->pool, &house->loop, &house->launch, run->job.plan, run->job.profile,
                   &run->options, run->job.callbacks, &run->journal, &house->workers, &run->result,
                   &run->err)) {
        pool_free(&run->pool);
        free(run);
        return NULL;
    }
    return run;
}

/* Footer and end of the log. A log that has no header yet gets one where the user broke off, so
 * that it says which cases are outstanding; where nothing could be loaded there is none. */
static enum cts_status end_log(struct run *run, enum cts_status status)
{
    struct journal *journal = &run->journal;
    struct eng_result *result = &run->result;
    if (status == CTS_INTERRUPTED && !journal->open) {
        struct journal_facts facts = {NULL, NULL, run->job.profile->dll};
        journal_open(journal, run->job.plan, run->job.profile, &run->options, &facts, &run->err);
    }
    result->us = journal_us(journal);
    if (journal->open && journal->status == CTS_OK) {
        journal_footer(journal, run->job.plan, pool_cases(&run->pool), result);
        snprintf(result->log_path, sizeof result->log_path, "%s", journal->log.path);
    }
    log_close(&journal->log);
    journal_free(journal);
    if (journal->log.status != CTS_OK) {
        return log_error(&journal->log, &run->err);
    }
    return journal->status != CTS_OK ? journal->status : status;
}

/* Ends the log, tells, and frees the run. False: no further one is wanted. */
static bool run_end(struct run *run, enum cts_status status)
{
    const struct eng_series *series = run->house->series;
    status = end_log(run, status);
    if (status == CTS_OK) {
        memset(&run->err, 0, sizeof run->err); /* of a worker that was replaced */
    }
    const bool more = series->done(series->context, &run->job, status, &run->result, &run->err);
    pool_free(&run->pool);
    free(run);
    return more;
}

/* The log goes out, and it is seen whether it can still be written. */
static void run_look_at_log(struct run *run)
{
    struct journal *journal = &run->journal;
    if (journal->status == CTS_OK) {
        journal->status = log_flush(&journal->log);
    }
    if (journal->status != CTS_OK && !run->pool.stopping) {
        if (journal->log.status != CTS_OK) {
            log_error(&journal->log, &run->err);
        } else if (run->err.status != journal->status) {
            err_set(&run->err, journal->status, "out of memory");
        }
        pool_stop(&run->pool, journal->status);
    }
}

/* --- the series --- */

static void take_upcoming(struct house *house)
{
    const struct eng_series *series = house->series;
    memset(&house->upcoming, 0, sizeof house->upcoming);
    house->has_upcoming = !house->stopping && series->next(series->context, &house->upcoming);
}

static void stop_all(struct house *house, enum cts_status status)
{
    house->stopping = true;
    house->has_upcoming = false;
    for (struct run *run = house->first; run; run = run->next) {
        run->result.interrupted = status == CTS_INTERRUPTED;
        if (status == CTS_INTERRUPTED) {
            err_set(&run->err, CTS_INTERRUPTED, "interrupted");
        }
        pool_stop(&run->pool, status);
    }
}

/* Starts runs as long as there may be more at once. */
static void start_upcoming(struct house *house)
{
    const size_t most = house->series->at_once ? house->series->at_once : 1;
    while (house->has_upcoming && house->under_way < most) {
        struct run *run = run_new(house);
        if (!run) {
            err_set(house->err, CTS_NOMEM, "out of memory");
            stop_all(house, CTS_NOMEM);
            return;
        }
        run->next = house->first;
        house->first = run;
        house->under_way++;
        take_upcoming(house);
        pool_start(&run->pool);
    }
}

/* Ends the runs whose workers are all gone. */
static void end_finished(struct house *house)
{
    struct run **at = &house->first;
    while (*at) {
        struct run *run = *at;
        if (run->pool.count > 0) {
            at = &run->next;
            continue;
        }
        *at = run->next;
        house->under_way--;
        if (!run_end(run, run->pool.status) && !house->stopping) {
            stop_all(house, CTS_OK);
        }
    }
}

/* The loop is going to wait. */
static void before_waiting(uv_prepare_t *handle)
{
    struct house *house = handle->data;
    for (struct run *run = house->first; run; run = run->next) {
        run_look_at_log(run);
    }
    if (house->has_upcoming) {
        end_finished(house);
        start_upcoming(house);
    }
}

/* The user wants an end. The second time it is not waited for anything. */
static void stop_signal(uv_signal_t *handle, int number)
{
    struct house *house = handle->data;
    (void)number;
    if (house->interrupted) {
        for (struct run *run = house->first; run; run = run->next) {
            log_flush(&run->journal.log);
        }
        guard_end(&house->guard);
        _Exit(INTERRUPTED_CODE);
    }
    house->interrupted = true;
    stop_all(house, CTS_INTERRUPTED);
}

static enum cts_status init_loop(struct house *house)
{
    if (uv_loop_init(&house->loop) != 0) {
        return err_set(house->err, CTS_NOMEM, "no event loop");
    }
    uv_prepare_init(&house->loop, &house->before_waiting);
    house->before_waiting.data = house;
    uv_prepare_start(&house->before_waiting, before_waiting);
    uv_unref((uv_handle_t *)&house->before_waiting);
    for (size_t i = 0; i < GUARD_STOPS; i++) {
        uv_signal_init(&house->loop, &house->signals[i]);
        house->signals[i].data = house;
        if (!guard_stop_is_ignored(&house->guard, i)) {
            uv_signal_start(&house->signals[i], stop_signal, guard_stops[i]);
            uv_unref((uv_handle_t *)&house->signals[i]);
        }
    }
    return CTS_OK;
}

static void close_loop(struct house *house)
{
    uv_close((uv_handle_t *)&house->before_waiting, NULL);
    for (size_t i = 0; i < GUARD_STOPS; i++) {
        uv_close((uv_handle_t *)&house->signals[i], NULL);
    }
    uv_run(&house->loop, UV_RUN_DEFAULT);
    uv_loop_close(&house->loop);
}

/* The user broke off before the first worker: the first run has a log that says so. */
static enum cts_status end_unbegun(struct house *house)
{
    struct run *run = house->has_upcoming ? run_new(house) : NULL;
    house->interrupted = true;
    if (run) {
        run->result.interrupted = true;
        err_set(&run->err, CTS_INTERRUPTED, "interrupted");
        run_end(run, CTS_INTERRUPTED);
    }
    return CTS_INTERRUPTED;
}

/* Everything between the guard's begin and end. */
static enum cts_status run_guarded(struct house *house)
{
    enum cts_status status = prefix_ready(&house->launch, house->err);
    take_upcoming(house);
    if (status == CTS_INTERRUPTED) {
        return end_unbegun(house);
    }
    if (status == CTS_OK) {
        status = init_loop(house);
    }
    if (status != CTS_OK) {
        return status;
    }
    for (bool more = true; more;) {
        start_upcoming(house);
        uv_run(&house->loop, UV_RUN_DEFAULT);
        more = house->has_upcoming;
        if (!more) {
            guard_hold_stops(&house->guard);
        }
        end_finished(house);
    }
    close_loop(house);
    return house->interrupted ? err_set(house->err, CTS_INTERRUPTED, "interrupted")
                              : house->err->status;
}

enum cts_status eng_run_series(enum arch arch, const struct eng_options *options,
                               const struct eng_series *series, struct cts_error *err)
{
    struct cts_error own_err = {0};
    struct house *house = calloc(1, sizeof *house);
    err = err ? err : &own_err;
    memset(err, 0, sizeof *err);
    if (!house || !chan_draw_token(house->token)) {
        free(house);
        return err_set(err, CTS_NOMEM, "out of memory");
    }
    house->options = options;
    house->series = series;
    house->err = err;
    enum cts_status status = launch_init(&house->launch, options, arch, house->token, err);
    if (status == CTS_OK) {
        guard_begin(&house->guard, house->token);
        status = run_guarded(house);
        guard_end(&house->guard);
    }
    launch_free(&house->launch);
    free(house);
    return status;
}

/* --- a series of one --- */

struct alone {
    const struct eng_job *job; /* NULL: it was taken */
    enum cts_status status;
    bool done;
    struct eng_result *result; /* or NULL */
    struct cts_error *err;
};

static bool next_alone(void *context, struct eng_job *job)
{
    struct alone *alone = context;
    if (!alone->job) {
        return false;
    }
    *job = *alone->job;
    alone->job = NULL;
    return true;
}

static bool done_alone(void *context, const struct eng_job *job, enum cts_status status,
                       const struct eng_result *result, const struct cts_error *err)
{
    struct alone *alone = context;
    (void)job;
    alone->done = true;
    alone->status = status;
    *alone->err = *err;
    if (alone->result) {
        *alone->result = *result;
    }
    return true;
}

enum cts_status eng_run(const struct plan *plan, const struct profile *profile,
                        const struct eng_options *options, const struct eng_callbacks *callbacks,
                        struct eng_result *result, struct cts_error *err)
{
    const struct eng_job job = {plan, profile, options->out_dir, callbacks};
    struct cts_error own_err = {0}, series_err = {0};
    struct alone alone = {.job = &job, .result = result, .err = err ? err : &own_err};
    const struct eng_series series = {&alone, 1, next_alone, done_alone};
    if (result) {
        memset(result, 0, sizeof *result);
    }
    memset(alone.err, 0, sizeof *alone.err);
    const enum cts_status status = eng_run_series(profile->arch, options, &series, &series_err);
    if (alone.done) {
        return alone.status;
    }
    *alone.err = series_err;
    return status;
}
