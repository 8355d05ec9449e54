/* The pool: keeps workers busy, replaces what dies, decides who runs what. */
#ifndef VSSCTS_POOL_H
#define VSSCTS_POOL_H

#include "queue.h"
#include "worker.h"

struct pool {
    uv_loop_t *loop;
    const struct plan *plan;
    const struct eng_options *options; /* with defaults filled in */
    const struct eng_callbacks *callbacks;
    struct eng_result *result;
    struct cts_error *err;
    struct journal *journal;
    struct worker_shared shared;
    struct queue queue;
    size_t count; /* of workers; options->jobs + 1 and those that are ending */
    size_t cap;
    struct worker **workers;
    unsigned *started; /* numbers of workers that were given out; borrowed */
    unsigned runs;     /* numbers given out */
    unsigned busy;
    unsigned failures; /* to load, in a row */
    unsigned losses;   /* in a row */
    bool exclusive;    /* an exclusive case is running */
    bool loaded;       /* at least one worker has */
    bool stopping;
    enum cts_status status;
    json_t *iut;     /* of the first that loaded */
    unsigned *ended; /* by case of the plan: how many of its executions have ended, without those
                        that were made again */
};

/* All pointers are borrowed until pool_free(). started: the last number of a worker. False: no
 * memory; pool_free() all the same. */
bool pool_init(struct pool *pool, uv_loop_t *loop, const struct launch *launch,
               const struct plan *plan, const struct profile *profile,
               const struct eng_options *options, const struct eng_callbacks *callbacks,
               struct journal *journal, unsigned *started, struct eng_result *result,
               struct cts_error *err);

/* Starts workers. The loop then runs as long as the pool has any. */
void pool_start(struct pool *pool);

/* Stops everything: what runs ends as interrupted. status becomes the pool's, unless it has one. */
void pool_stop(struct pool *pool, enum cts_status status);

/* How many of the selected cases were skipped or have ended, as often as they are repeated. */
size_t pool_cases(const struct pool *pool);

void pool_free(struct pool *pool);

#endif
