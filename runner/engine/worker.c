#include "worker.h"
#include "load_error.h"
#include "load_message.h"
#include "worker_log.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROTOCOL 1
#define QUIT_MS 2000 /* for DllMain and the like, when it ends */
#define GARBAGE_SHOWN ((size_t)200)

/* --- ends --- */

static void kill_process(struct worker *worker)
{
    deadline_stop(&worker->deadline);
    worker->killed = true;
    wp_kill(worker->wp);
}

/* The execution is over: tells how, with everything that belongs to it before. */
static void finish(struct worker *worker, enum end_how how, uint64_t us, json_t *more)
{
    struct execution *exec = worker->exec;
    worker_flush_output(worker);
    worker->exec = NULL;
    worker->decided = false;
    exec_end(exec, how, us, more);
    worker->shared->events.finished(worker->shared->context, worker, exec, how);
    exec_free(exec);
}

/* How the execution ends is known, and it ends the worker. What the process has still to say to
 * standard error belongs to it, so the event waits for the end of the process. */
static void decide(struct worker *worker, enum end_how how, json_t *more)
{
    worker->how = how;
    worker->us = exec_us(worker->exec);
    worker->more = more;
    worker->decided = true;
    worker->state = WORKER_ENDING;
    kill_process(worker);
}

/* Not usable, before or between executions. */
static void give_up(struct worker *worker)
{
    worker->state = WORKER_ENDING;
    kill_process(worker);
}

static json_t *text_of_garbage(const char *wrong, const char *text, size_t len)
{
    json_t *clean = msg_clean_text(text, len, GARBAGE_SHOWN);
    json_t *more = json_pack("{s:o}", "text",
                             json_sprintf("%s: %s", wrong, clean ? json_string_value(clean) : ""));
    json_decref(clean);
    return more;
}

static void garbage_came(struct worker *worker, const char *wrong, const char *text, size_t len)
{
    switch (worker->state) {
    case WORKER_STARTING:
    case WORKER_LOADING:
        load_error_broken(&worker->problem, worker->shared->profile, "wrote what is no message");
        give_up(worker);
        break;
    case WORKER_BUSY:
        decide(worker, END_GARBAGE, text_of_garbage(wrong, text, len));
        break;
    default:
        give_up(worker);
        break;
    }
}

/* --- messages --- */

static void hard_deadline(void *context)
{
    struct worker *worker = context;
    switch (worker->state) {
    case WORKER_STARTING:
        err_set(&worker->problem, CTS_DEFECT, "the worker did not start within %u ms",
                worker->shared->start_ms);
        give_up(worker);
        break;
    case WORKER_LOADING:
        load_error_silence(&worker->problem, worker->shared->profile, worker->shared->load_ms);
        give_up(worker);
        break;
    case WORKER_BUSY:
        decide(worker, END_HANG, NULL);
        break;
    default:
        give_up(worker);
        break;
    }
}

static void soft_deadline(void *context)
{
    struct worker *worker = context;
    if (worker->exec) {
        exec_slow(worker->exec);
    }
}

static void channel_closed(void *context)
{
    struct worker *worker = context;
    if (worker->state == WORKER_BUSY) {
        decide(worker, END_CLOSED, NULL);
        return;
    }
    if (!worker->loaded && worker->problem.status == CTS_OK) {
        load_error_broken(&worker->problem, worker->shared->profile, "closed its channel");
    }
    give_up(worker);
}

static void hello_came(struct worker *worker, const struct message *message)
{
    const char *arch = json_string_value(json_object_get(message->object, "arch"));
    const char *wanted = arch_name(worker->shared->profile->arch);
    json_int_t protocol = json_integer_value(json_object_get(message->object, "protocol"));
    if (protocol != PROTOCOL || !arch || strcmp(arch, wanted) != 0) {
        err_set(&worker->problem, CTS_DEFECT,
                "%s speaks protocol %lld for %s; wanted: protocol %d for %s",
                worker->shared->launch->worker, (long long)protocol, arch ? arch : "nothing",
                PROTOCOL, wanted);
        give_up(worker);
        return;
    }
    worker->os = json_incref(json_object_get(message->object, "os"));
    worker->state = WORKER_LOADING;
    char *load = load_message(worker->shared->launch, worker->shared->profile, worker->number);
    const char *part = load;
    size_t size = load ? strlen(load) : 0;
    deadline_start(&worker->deadline, 0, worker->shared->load_ms, NULL, hard_deadline);
    if (!load || !wp_send(worker->wp, &part, &size, 1)) {
        channel_closed(worker);
    }
    free(load);
}

static void answer_to_load(struct worker *worker, const struct message *message)
{
    switch (message->kind) {
    case MSG_LOADED:
        deadline_stop(&worker->deadline);
        wp_drain_output(worker->wp);
        worker->iut = json_incref(json_object_get(message->object, "iut"));
        worker->loaded = true;
        worker->state = WORKER_IDLE;
        worker->shared->events.loaded(worker->shared->context, worker);
        break;
    case MSG_ERROR:
        err_set(&worker->problem, CTS_DEFECT, "the worker refused what it was told: %s",
                json_string_value(json_object_get(message->object, "text")));
        give_up(worker);
        break;
    case MSG_LOAD_FAILED:
        load_error_failed(&worker->problem, worker->shared->profile, message->object);
        give_up(worker);
        break;
    case MSG_CRASH:
        load_error_crash(&worker->problem, worker->shared->profile, message->object);
        give_up(worker);
        break;
    default:
        garbage_came(worker, "message out of turn", "", 0);
        break;
    }
}

/* What a `done` has for the log besides, or NULL. */
static json_t *what_is_told(const struct message *message)
{
    json_t *left = json_object_get(message->object, "threads_left");
    json_t *rounds = json_object_get(message->object, "exhausted");
    json_t *told = json_pack("{s:O*, s:O*}", "threads_left",
                             json_integer_value(left) > 0 ? left : NULL, "exhausted", rounds);
    if (json_object_size(told) == 0) {
        json_decref(told);
        return NULL;
    }
    return told;
}

static void program_done(struct worker *worker, const struct message *message)
{
    json_int_t seq = json_integer_value(json_object_get(message->object, "seq"));
    json_int_t left = json_integer_value(json_object_get(message->object, "threads_left"));
    bool stopped = json_is_true(json_object_get(message->object, "stopped"));
    uint64_t us = exec_us(worker->exec);
    if (seq != (json_int_t)worker->exec->what.run || exec_at(worker->exec) != MSG_NO_STEP) {
        char *text = json_dumps(message->object, JSON_COMPACT);
        garbage_came(worker,
                     seq == (json_int_t)worker->exec->what.run ? "done while a step runs"
                                                               : "done with another number",
                     text ? text : "", text ? strlen(text) : 0);
        free(text);
        return;
    }
    deadline_stop(&worker->deadline);
    wp_drain_output(worker->wp);
    worker->state = left > 0 ? WORKER_ENDING : WORKER_IDLE;
    if (left > 0) {
        kill_process(worker);
    }
    finish(worker, stopped ? END_STOPPED : END_DONE, us, what_is_told(message));
}

static void message_while_busy(struct worker *worker, const struct message *message,
                               const char *text, size_t len)
{
    bool fits = true;
    worker->exec->bytes += len;
    if (worker->exec->bytes > EXEC_BYTES_MAX) {
        garbage_came(worker, "more than 32 MiB in one execution", text, len);
        return;
    }
    switch (message->kind) {
    case MSG_BEGIN:
        fits = exec_step_begins(worker->exec, message);
        break;
    case MSG_AT:
        exec_round_is_at(worker->exec, message);
        break;
    case MSG_END:
        fits = exec_step_ends(worker->exec, message);
        break;
    case MSG_DONE:
        program_done(worker, message);
        break;
    case MSG_ERROR:
        json_object_del(message->object, "m");
        decide(worker, END_LOST, json_incref(message->object));
        break;
    case MSG_CRASH:
        json_object_del(message->object, "m");
        decide(worker, END_CRASH, json_incref(message->object));
        break;
    default:
        fits = false;
        break;
    }
    if (!fits) {
        garbage_came(worker, "message out of turn", text, len);
    }
}

static void line_came(void *context, const char *text, size_t len, const char *wrong)
{
    struct worker *worker = context;
    struct message message;
    if (!wrong) {
        wrong = msg_parse(text, len, &message);
    }
    if (wrong) {
        garbage_came(worker, wrong, text, len);
        return;
    }
    switch (worker->state) {
    case WORKER_STARTING:
        if (message.kind == MSG_HELLO) {
            hello_came(worker, &message);
        } else {
            garbage_came(worker, "message out of turn", text, len);
        }
        break;
    case WORKER_LOADING:
        answer_to_load(worker, &message);
        break;
    case WORKER_BUSY:
        message_while_busy(worker, &message, text, len);
        break;
    case WORKER_IDLE:
        give_up(worker); /* no execution is to blame */
        break;
    case WORKER_ENDING:
        break;
    }
    msg_clear(&message);
}

/* --- the process --- */

static void explain_early_end(struct worker *worker, int64_t status, int signal)
{
    char line[400];
    if (worker->problem.status != CTS_OK) {
        return;
    }
    if (worker->state == WORKER_LOADING) {
        load_error_exit(&worker->problem, worker->shared->profile, status, signal);
        return;
    }
    worker_first_line(worker, line, sizeof line);
    err_set(&worker->problem, CTS_DEFECT, "the worker did not start (%s %lld)%s%s",
            signal ? "signal" : "exit status", signal ? (long long)signal : (long long)status,
            line[0] ? ": " : "", line);
}

static void process_ended(void *context, int64_t status, int signal)
{
    struct worker *worker = context;
    deadline_stop(&worker->deadline);
    if (worker->exec && worker->decided) {
        json_t *more = worker->more;
        worker->more = NULL;
        finish(worker, worker->how, worker->us, more);
    } else if (worker->exec) {
        json_t *more = json_pack("{s:I}", "status", (json_int_t)status);
        worker->state = WORKER_ENDING;
        if (more && signal) {
            json_object_set_new(more, "signal", json_integer(signal));
        }
        finish(worker, END_EXIT, exec_us(worker->exec), more);
    } else if (!worker->loaded && !worker->killed) {
        explain_early_end(worker, status, signal);
    }
    worker->state = WORKER_ENDING;
    worker_flush_output(worker);
    worker_log_life(worker, worker->killed ? "killed" : "ended");
    if (!worker->loaded) {
        worker->shared->events.not_loaded(worker->shared->context, worker, &worker->problem);
    }
    wp_close(worker->wp);
}

static void deadline_closed(uv_handle_t *handle)
{
    struct worker *worker = ((struct deadline *)handle->data)->context;
    worker->shared->events.gone(worker->shared->context, worker);
    json_decref(worker->os);
    json_decref(worker->iut);
    json_decref(worker->more);
    free(worker);
}

static void process_freed(void *context)
{
    struct worker *worker = context;
    worker->wp = NULL;
    deadline_close(&worker->deadline, deadline_closed);
}

/* --- calls --- */

struct worker *worker_start(struct worker_shared *shared, unsigned number, struct cts_error *err)
{
    static const struct wp_events events = {line_came, worker_output_came, channel_closed,
                                            process_ended, process_freed};
    struct worker *worker = calloc(1, sizeof *worker);
    if (!worker) {
        err_set(err, CTS_NOMEM, "out of memory");
        return NULL;
    }
    worker->shared = shared;
    worker->number = number;
    worker->started = uv_hrtime();
    worker->state = WORKER_STARTING;
    worker->wp = wp_start(shared->loop, shared->launch, &events, worker, err);
    if (!worker->wp) {
        free(worker);
        return NULL;
    }
    deadline_init(&worker->deadline, shared->loop, worker);
    deadline_start(&worker->deadline, 0, shared->start_ms, NULL, hard_deadline);
    return worker;
}

enum cts_status worker_run(struct worker *worker, const struct exec_what *what)
{
    char head[96];
    worker_flush_output(worker); /* what it printed in between belongs to no execution */
    snprintf(head, sizeof head,
             "{\"m\":\"run\",\"seq\":%u,\"scale\":%.3f%s,\"program\":", what->run,
             worker->shared->time_scale, worker->shared->each_allocation ? ",\"each\":true" : "");
    const char *const parts[] = {head, what->planned->program, "}"};
    const size_t sizes[] = {strlen(head), strlen(what->planned->program), 1};
    double ms = what->planned->test->deadline_ms * worker->shared->time_scale;
    /* It ended without a word after the execution before. That is not charged to this one. */
    if (!wp_send(worker->wp, parts, sizes, 3)) {
        give_up(worker);
        return CTS_IO;
    }
    worker->exec = exec_new(worker->shared->journal, what);
    if (!worker->exec) {
        give_up(worker);
        return CTS_NOMEM;
    }
    worker->used++;
    worker->state = WORKER_BUSY;
    deadline_start(&worker->deadline, (uint64_t)(ms / 2), (uint64_t)ms, soft_deadline,
                   hard_deadline);
    return CTS_OK;
}

void worker_quit(struct worker *worker)
{
    static const char quit[] = "{\"m\":\"quit\"}";
    const char *part = quit;
    size_t size = sizeof quit - 1;
    worker->state = WORKER_ENDING;
    deadline_start(&worker->deadline, 0, QUIT_MS, NULL, hard_deadline);
    wp_send(worker->wp, &part, &size, 1);
    wp_hang_up(worker->wp);
}

void worker_kill(struct worker *worker)
{
    bool busy = worker->exec != NULL;
    if (!worker->wp) {
        return; /* all that is left of it is a timer that is being closed */
    }
    if (worker->state != WORKER_ENDING || busy || !worker->killed) {
        worker->state = WORKER_ENDING;
        kill_process(worker);
    }
    if (busy) {
        json_t *more = worker->decided ? worker->more : NULL;
        worker->more = NULL;
        finish(worker, worker->decided ? worker->how : END_INTERRUPTED,
               worker->decided ? worker->us : exec_us(worker->exec), more);
    }
}
