/* The pool keeps up to `jobs` workers busy and one more warm, so that a worker that dies is
 * replaced at once. Whether the implementation can be loaded is the answer of the first worker that
 * comes up (a start was seen to go wrong once in some thousands, cause unknown); once one
 * has loaded, a worker that cannot is tried again once, then the next case is lost, and where that
 * goes on, all are. */
#include "pool.h"
#include "worker_log.h"
#include <stdlib.h>
#include <string.h>

#define FAILURES_MAX 2 /* workers in a row that cannot load, until a case is lost */
#define LOSSES_MAX 3   /* cases in a row, until all are */
#define START_MS 30000

static void fill(struct pool *pool);

static void out_of_memory(struct pool *pool)
{
    err_set(pool->err, CTS_NOMEM, "out of memory");
    pool_stop(pool, CTS_NOMEM);
}

/* --- executions --- */

static struct exec_what what_of(struct pool *pool, size_t number, unsigned worker)
{
    const struct queue_item *item = &pool->queue.items[number];
    struct exec_what what = {item->planned, number, ++pool->runs,
                             item->attempt, worker, item->fresh};
    pool->result->executions++;
    return what;
}

static void note_end(struct pool *pool, const struct exec_what *what, enum end_how how)
{
    if (how != END_INTERRUPTED && what->attempt == 1) {
        pool->ended[what->planned - pool->plan->cases]++;
    }
    pool->result->crashes += how == END_CRASH || how == END_EXIT;
    pool->result->hangs += how == END_HANG;
}

static void finished(void *context, struct worker *worker, struct execution *exec, enum end_how how)
{
    struct pool *pool = context;
    const struct exec_what *what = &exec->what;
    const struct queue_item *item = &pool->queue.items[what->item];
    const struct eng_callbacks *callbacks = pool->callbacks;
    pool->busy--;
    pool->exclusive = pool->exclusive && !item->exclusive;
    note_end(pool, what, how);
    if (pool->stopping) {
        return;
    }
    bool ask = callbacks && callbacks->again && !pool->options->no_retry && what->attempt == 1 &&
               how != END_INTERRUPTED && pool->journal->status == CTS_OK;
    if (ask && callbacks->again(callbacks->context, what->planned,
                                (const json_t *const *)exec->events, exec->event_count)) {
        queue_again(&pool->queue, what->item);
    }
    if (callbacks && callbacks->enough && callbacks->enough(callbacks->context)) {
        pool_stop(pool, CTS_OK);
        return;
    }
    if (what->fresh && worker->state == WORKER_IDLE) {
        worker_quit(worker);
    }
    fill(pool);
}

/* The next case has no worker, and will get none. */
static void lose_one(struct pool *pool)
{
    static const struct queue_allowed all = {true, true, true, true};
    size_t number = queue_take(&pool->queue, &all);
    if (number == QUEUE_NONE) {
        return;
    }
    struct exec_what what = what_of(pool, number, 0);
    struct execution *exec = exec_new(pool->journal, &what);
    if (!exec) {
        out_of_memory(pool);
        return;
    }
    exec_end(exec, END_LOST, 0,
             json_pack("{s:s}", "text", pool->err->text[0] ? pool->err->text : "no worker"));
    note_end(pool, &what, END_LOST);
    exec_free(exec);
}

/* --- workers --- */

static struct worker *idle_worker(const struct pool *pool, bool fresh)
{
    struct worker *found = NULL;
    for (size_t i = 0; i < pool->count; i++) {
        struct worker *worker = pool->workers[i];
        bool fits = worker->state == WORKER_IDLE && (!fresh || worker->used == 0);
        /* What takes any worker takes a used one first and leaves the fresh one for the others. */
        if (fits && (!found || (!fresh && worker->used > 0 && found->used == 0))) {
            found = worker;
        }
    }
    return found;
}

/* Hands out one item, if there is one that may run now. */
static bool dispatch_one(struct pool *pool)
{
    struct worker *any = idle_worker(pool, false);
    struct worker *unused = idle_worker(pool, true);
    struct queue_allowed allowed = {pool->shared.profile->apart || !pool->exclusive, unused != NULL,
                                    any != NULL, pool->options->jobs == 1};
    size_t number =
        pool->busy < pool->options->jobs ? queue_take(&pool->queue, &allowed) : QUEUE_NONE;
    if (number == QUEUE_NONE) {
        return false;
    }
    const struct queue_item *item = &pool->queue.items[number];
    struct worker *worker = item->fresh ? unused : any;
    struct exec_what what = what_of(pool, number, worker->number);
    enum cts_status status = worker_run(worker, &what);
    if (status != CTS_OK) {
        queue_put_back(&pool->queue, number);
        pool->runs--;
        pool->result->executions--;
    }
    if (status == CTS_NOMEM) {
        out_of_memory(pool);
    }
    if (status != CTS_OK) {
        return status == CTS_IO; /* the next worker may take it */
    }
    pool->busy++;
    pool->exclusive = pool->exclusive || item->exclusive;
    return true;
}

/* Workers that run, could run, or soon can. */
static size_t living(const struct pool *pool)
{
    size_t living = 0;
    for (size_t i = 0; i < pool->count; i++) {
        living += pool->workers[i]->state != WORKER_ENDING;
    }
    return living;
}

static bool start_one(struct pool *pool)
{
    if (pool->count == pool->cap) {
        size_t cap = 2 * pool->cap + 8;
        struct worker **bigger = realloc(pool->workers, cap * sizeof(struct worker *));
        if (!bigger) {
            out_of_memory(pool);
            return false;
        }
        pool->workers = bigger;
        pool->cap = cap;
    }
    struct worker *worker = worker_start(&pool->shared, *pool->started + 1, pool->err);
    if (!worker) {
        /* The system itself refuses. It did not with the first: something has run out. */
        pool_stop(pool, pool->err->status);
        return false;
    }
    ++*pool->started;
    pool->workers[pool->count++] = worker;
    return true;
}

/* Workers that nothing waits for end now: used ones where only fresh ones are wanted, all where
 * nothing is left. */
static void let_go(struct pool *pool)
{
    bool over = pool->queue.pending == 0 && pool->busy == 0;
    bool only_fresh = pool->queue.pending > 0 && !queue_has_shared(&pool->queue);
    for (size_t i = 0; i < pool->count && pool->loaded; i++) {
        struct worker *worker = pool->workers[i];
        if (worker->state == WORKER_IDLE && (over || (only_fresh && worker->used > 0))) {
            worker_quit(worker);
        } else if (over && !worker->loaded && worker->state != WORKER_ENDING) {
            worker_kill(worker);
        }
    }
}

/* Brings everything to where it should be: programs to idle workers, workers to what is pending. */
static void fill(struct pool *pool)
{
    if (pool->stopping) {
        return;
    }
    while (!pool->stopping && dispatch_one(pool)) {
    }
    let_go(pool);
    size_t wanted = pool->queue.pending + pool->busy;
    size_t most = (size_t)pool->options->jobs + (pool->options->no_spare ? 0 : 1);
    wanted = wanted > most ? most : wanted;
    if (!pool->loaded && wanted == 0) {
        wanted = 1; /* everything is skipped: one still says what the implementation is */
    }
    while (!pool->stopping && living(pool) < wanted && start_one(pool)) {
    }
}

/* A worker has loaded something else than the first did: the file was replaced. */
static bool same_iut(const struct pool *pool, const struct worker *worker)
{
    static const char *const keys[] = {"path", "sha256", "size"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        json_t *first = json_object_get(pool->iut, keys[i]);
        json_t *now = json_object_get(worker->iut, keys[i]);
        if (first != now && !json_equal(first, now)) {
            return false;
        }
    }
    return true;
}

/* The implementation of the earlier run may have lain elsewhere: its path says nothing. False,
 * after the pool was stopped: it is another. */
static bool check_earlier(struct pool *pool, const struct worker *worker)
{
    const struct eng_earlier *earlier = pool->options->earlier;
    const json_t *was = earlier ? json_object_get(earlier->iut, "sha256") : NULL;
    const json_t *now = json_object_get(worker->iut, "sha256");
    if (!earlier || json_equal(was, now)) {
        return true;
    }
    err_set(pool->err, CTS_USAGE,
            "the implementation is not that of the log: its sha256 was %s, now it is %s",
            json_is_string(was) ? json_string_value(was) : "not known",
            json_is_string(now) ? json_string_value(now) : "not known");
    pool_stop(pool, CTS_USAGE);
    return false;
}

static void load_failed(struct pool *pool)
{
    if (++pool->failures >= FAILURES_MAX) {
        pool->failures = 0;
        pool->losses++;
        lose_one(pool);
        while (pool->losses >= LOSSES_MAX && pool->queue.pending > 0 && !pool->stopping) {
            lose_one(pool);
        }
    }
}

static void loaded(void *context, struct worker *worker)
{
    struct pool *pool = context;
    if (pool->stopping) {
        return;
    }
    if (!pool->loaded && !check_earlier(pool, worker)) {
        return;
    }
    if (!pool->loaded) {
        struct journal_facts facts = {worker->iut, worker->os, NULL};
        pool->loaded = true;
        pool->iut = json_incref(worker->iut);
        journal_open(pool->journal, pool->plan, pool->shared.profile, pool->options, &facts,
                     pool->err);
    } else if (!same_iut(pool, worker)) {
        err_set(pool->err, CTS_IUT, "the implementation was replaced while it was tested");
        load_failed(pool);
        worker_kill(worker);
        return;
    }
    pool->failures = pool->losses = 0;
    worker_log_life(worker, "started");
    fill(pool);
}

static void not_loaded(void *context, struct worker *worker, const struct cts_error *problem)
{
    struct pool *pool = context;
    if (pool->stopping || problem->status == CTS_OK) {
        return;
    }
    *pool->err = *problem;
    if (!pool->loaded && !worker->os && pool->failures == 0) {
        pool->failures++; /* never said a word: the system did not start it; once more */
    } else if (!pool->loaded) {
        pool_stop(pool, problem->status);
    } else {
        load_failed(pool);
    }
}

static void gone(void *context, struct worker *worker)
{
    struct pool *pool = context;
    size_t i = 0;
    while (pool->workers[i] != worker) {
        i++;
    }
    pool->workers[i] = pool->workers[--pool->count];
    fill(pool);
}

/* --- calls --- */

static void take_earlier(struct pool *pool)
{
    const struct eng_earlier *earlier = pool->options->earlier;
    if (earlier) {
        memcpy(pool->ended, earlier->ended, pool->plan->count * sizeof *pool->ended);
        pool->runs = earlier->runs;
        *pool->started = earlier->workers;
        pool->result->executions = earlier->executions;
    }
}

bool pool_init(struct pool *pool, uv_loop_t *loop, const struct launch *launch,
               const struct plan *plan, const struct profile *profile,
               const struct eng_options *options, const struct eng_callbacks *callbacks,
               struct journal *journal, unsigned *started, struct eng_result *result,
               struct cts_error *err)
{
    memset(pool, 0, sizeof *pool);
    pool->loop = loop;
    pool->plan = plan;
    pool->options = options;
    pool->callbacks = callbacks;
    pool->journal = journal;
    pool->started = started;
    pool->result = result;
    pool->err = err;
    pool->shared = (struct worker_shared){
        .loop = loop,
        .launch = launch,
        .profile = profile,
        .journal = journal,
        .events = {loaded, not_loaded, finished, gone},
        .context = pool,
        .load_ms = (unsigned)(options->load_ms * options->time_scale),
        .start_ms = (unsigned)(START_MS * options->time_scale),
        .time_scale = options->time_scale,
        .each_allocation = options->each_allocation,
    };
    pool->ended = calloc(plan->count + 1, sizeof *pool->ended);
    if (!pool->ended || !queue_init(&pool->queue, plan, options)) {
        return false;
    }
    take_earlier(pool);
    return true;
}

void pool_start(struct pool *pool)
{
    fill(pool);
}

void pool_stop(struct pool *pool, enum cts_status status)
{
    if (pool->status == CTS_OK) {
        pool->status = status;
    }
    if (pool->stopping) {
        return;
    }
    pool->stopping = true;
    for (size_t i = 0; i < pool->count; i++) {
        worker_kill(pool->workers[i]);
    }
}

size_t pool_cases(const struct pool *pool)
{
    size_t cases = 0;
    for (size_t i = 0; i < pool->plan->count; i++) {
        cases += pool->plan->cases[i].skip || pool->ended[i] == pool->options->repeat; /* never 0 */
    }
    return cases;
}

void pool_free(struct pool *pool)
{
    queue_free(&pool->queue);
    free(pool->workers);
    free(pool->ended);
    json_decref(pool->iut);
    memset(pool, 0, sizeof *pool);
}
