#include "judged_runs.h"

#include "../report/matrix.h"
#include <stdlib.h>
#include <uv.h>

/* What is known of a run before it is judged; that which is wrong is told in the order of the
 * arguments. */
static enum cts_status open_one(const struct session *session, const char *argument,
                                struct judged_one *one)
{
    struct cts_error err = {0};
    one->path = judged_log_path(argument);
    if (one->path == NULL) {
        return session_no_memory(session);
    }
    return log_facts_read(&one->facts, one->path, &err) == CTS_OK ? CTS_OK
                                                                  : session_complain(session, &err);
}

/* Logs that are still to be judged, by as many threads as there are processors. The tables are
 * shared and only read; each log has a plan and a way of judging of its own. */
struct judging {
    const struct session *session;
    struct judged_runs *runs;
    uv_mutex_t lock; /* of next */
    size_t next;
};

static void judge_one(const struct session *session, struct judged_one *one)
{
    struct session own = *session;
    one->status = session_judge(&own, NULL, &one->facts.profile.claims, own.options->strict, false);
    if (one->status == CTS_OK) {
        one->status = judged_log_read(&own, one->path, &one->facts, &one->run);
    }
    one->plan = own.plan;
}

static void judge_some(void *context)
{
    struct judging *judging = context;
    for (;;) {
        uv_mutex_lock(&judging->lock);
        const size_t at = judging->next++;
        uv_mutex_unlock(&judging->lock);
        if (at >= judging->runs->count) {
            return;
        }
        judge_one(judging->session, &judging->runs->items[at]);
    }
}

static enum cts_status judge_all(const struct session *session, struct judged_runs *runs)
{
    struct judging judging = {.session = session, .runs = runs};
    uv_thread_t threads[MATRIX_RUNS_MAX];
    size_t count = 0;
    enum cts_status status = CTS_OK;
    if (uv_mutex_init(&judging.lock) != 0) {
        return session_no_memory(session);
    }
    /* this thread is one of them, and does all where no other can be had */
    while (count + 1 < runs->count && count + 1 < uv_available_parallelism() &&
           uv_thread_create(&threads[count], judge_some, &judging) == 0) {
        count++;
    }
    judge_some(&judging);
    while (count > 0) {
        uv_thread_join(&threads[--count]);
    }
    uv_mutex_destroy(&judging.lock);
    for (size_t i = 0; i < runs->count && status == CTS_OK; i++) {
        status = runs->items[i].status;
    }
    return status;
}

enum cts_status judged_runs_read(struct session *session, struct judged_runs *runs)
{
    const struct string_list *args = &session->options->args;
    *runs = (struct judged_runs){0};
    enum cts_status status = session_home(session);
    if (status == CTS_OK) {
        status = session_tables(session, NULL);
    }
    if (status != CTS_OK) {
        return status;
    }
    runs->items = calloc(args->count, sizeof *runs->items);
    runs->reports = calloc(args->count, sizeof *runs->reports);
    if (runs->items == NULL || runs->reports == NULL || args->count > MATRIX_RUNS_MAX) {
        return session_no_memory(session);
    }
    while (runs->count < args->count && status == CTS_OK) {
        status = open_one(session, args->items[runs->count], &runs->items[runs->count]);
        runs->count++;
    }
    if (status == CTS_OK) {
        status = judge_all(session, runs);
    }
    for (size_t i = 0; i < runs->count; i++) {
        const struct judged_one *one = &runs->items[i];
        runs->reports[i] = (struct report){.tables = session->tables,
                                           .plan = one->plan,
                                           .run = one->run,
                                           .status = CTS_OK,
                                           .log = one->path};
    }
    return status;
}

void judged_runs_free(struct judged_runs *runs)
{
    for (size_t i = 0; i < runs->count; i++) {
        struct judged_one *one = &runs->items[i];
        judged_free(one->run);
        plan_free(one->plan);
        log_facts_free(&one->facts);
        free(one->path);
    }
    free(runs->items);
    free(runs->reports);
    *runs = (struct judged_runs){0};
}
