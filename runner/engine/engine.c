#include "engine.h"
#include "guard.h"
#include "pool.h"
#include "prefix.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOAD_MS 10000
#define INTERRUPTED_CODE 130

/* One run. */
struct run {
    uv_loop_t loop;
    uv_prepare_t before_waiting;
    uv_signal_t signals[GUARD_STOPS];
    struct eng_options options; /* with defaults filled in */
    struct launch launch;
    struct guard_run guard;
    struct journal journal;
    struct pool pool;
    char token[CHAN_TOKEN + 1];
    const struct plan *plan;
    const struct profile *profile;
    struct eng_result *result;
    struct cts_error *err;
};

/* The loop is going to wait: the log goes out, and it is seen whether the log can still be
 * written. */
static void before_waiting(uv_prepare_t *handle)
{
    struct run *run = handle->data;
    struct journal *journal = &run->journal;
    if (journal->status == CTS_OK) {
        journal->status = log_flush(&journal->log);
    }
    if (journal->status != CTS_OK && !run->pool.stopping) {
        if (journal->log.status != CTS_OK) {
            log_error(&journal->log, run->err);
        } else if (run->err->status != journal->status) {
            err_set(run->err, journal->status, "out of memory");
        }
        pool_stop(&run->pool, journal->status);
    }
}

/* The user wants an end. The second time it is not waited for anything. */
static void stop_signal(uv_signal_t *handle, int number)
{
    struct run *run = handle->data;
    (void)number;
    if (run->result->interrupted) {
        log_flush(&run->journal.log);
        guard_end(&run->guard);
        _Exit(INTERRUPTED_CODE);
    }
    run->result->interrupted = true;
    err_set(run->err, CTS_INTERRUPTED, "interrupted");
    pool_stop(&run->pool, CTS_INTERRUPTED);
}

static enum cts_status init_loop(struct run *run)
{
    if (uv_loop_init(&run->loop) != 0) {
        return err_set(run->err, CTS_NOMEM, "no event loop");
    }
    uv_prepare_init(&run->loop, &run->before_waiting);
    run->before_waiting.data = run;
    uv_prepare_start(&run->before_waiting, before_waiting);
    uv_unref((uv_handle_t *)&run->before_waiting);
    for (size_t i = 0; i < GUARD_STOPS; i++) {
        uv_signal_init(&run->loop, &run->signals[i]);
        run->signals[i].data = run;
        if (!guard_stop_is_ignored(&run->guard, i)) {
            uv_signal_start(&run->signals[i], stop_signal, guard_stops[i]);
            uv_unref((uv_handle_t *)&run->signals[i]);
        }
    }
    return CTS_OK;
}

static void close_loop(struct run *run)
{
    uv_close((uv_handle_t *)&run->before_waiting, NULL);
    for (size_t i = 0; i < GUARD_STOPS; i++) {
        uv_close((uv_handle_t *)&run->signals[i], NULL);
    }
    uv_run(&run->loop, UV_RUN_DEFAULT);
    uv_loop_close(&run->loop);
}

static struct eng_options with_defaults(const struct eng_options *options)
{
    struct eng_options filled = *options;
    filled.jobs = options->jobs ? options->jobs : uv_available_parallelism();
    filled.repeat = options->repeat ? options->repeat : 1;
    filled.load_ms = options->load_ms ? options->load_ms : LOAD_MS;
    filled.time_scale = options->time_scale > 0 ? options->time_scale : 1;
    return filled;
}

/* Footer and end of the log. A log that has no header yet gets one where the user broke off, so
 * that it says which cases are outstanding; where nothing could be loaded there is none. */
static enum cts_status end_log(struct run *run, enum cts_status status)
{
    struct journal *journal = &run->journal;
    struct eng_result *result = run->result;
    if (status == CTS_INTERRUPTED && !journal->open) {
        struct journal_facts facts = {NULL, NULL, run->profile->dll};
        journal_open(journal, run->plan, run->profile, &run->options, &facts, run->err);
    }
    result->us = journal_us(journal);
    if (journal->open && journal->status == CTS_OK) {
        journal_footer(journal, run->plan, pool_cases(&run->pool), result);
        snprintf(result->log_path, sizeof result->log_path, "%s", journal->log.path);
    }
    log_close(&journal->log);
    if (journal->log.status != CTS_OK) {
        return log_error(&journal->log, run->err);
    }
    return journal->status != CTS_OK ? journal->status : status;
}

/* Everything between the guard's begin and end. */
static enum cts_status run_guarded(struct run *run, const struct eng_callbacks *callbacks)
{
    enum cts_status status = CTS_NOMEM;
    journal_init(&run->journal, callbacks, run->options.earlier);
    if (!pool_init(&run->pool, &run->loop, &run->launch, run->plan, run->profile, &run->options,
                   callbacks, &run->journal, run->result, run->err)) {
        err_set(run->err, CTS_NOMEM, "out of memory");
        goto out;
    }
    status = prefix_ready(&run->launch, run->err);
    if (status == CTS_INTERRUPTED) {
        run->result->interrupted = true;
        status = end_log(run, status);
    }
    if (status != CTS_OK) {
        goto out;
    }
    status = init_loop(run);
    if (status != CTS_OK) {
        goto out;
    }
    pool_start(&run->pool);
    uv_run(&run->loop, UV_RUN_DEFAULT);
    guard_hold_stops(&run->guard);
    status = end_log(run, run->pool.status);
    close_loop(run);
out:
    pool_free(&run->pool);
    return status;
}

enum cts_status eng_run(const struct plan *plan, const struct profile *profile,
                        const struct eng_options *options, const struct eng_callbacks *callbacks,
                        struct eng_result *result, struct cts_error *err)
{
    struct cts_error own_err = {0};
    struct eng_result own_result = {0};
    struct run *run = calloc(1, sizeof *run);
    err = err ? err : &own_err;
    result = result ? result : &own_result;
    memset(err, 0, sizeof *err);
    memset(result, 0, sizeof *result);
    if (!run || !chan_draw_token(run->token)) {
        free(run);
        return err_set(err, CTS_NOMEM, "out of memory");
    }
    run->options = with_defaults(options);
    run->plan = plan;
    run->profile = profile;
    run->result = result;
    run->err = err;
    enum cts_status status = launch_init(&run->launch, options, profile, run->token, err);
    if (status == CTS_OK) {
        guard_begin(&run->guard, run->token);
        status = run_guarded(run, callbacks);
        guard_end(&run->guard);
    }
    if (status == CTS_OK) {
        memset(err, 0, sizeof *err); /* of a worker that was replaced */
    }
    launch_free(&run->launch);
    free(run);
    return status;
}
