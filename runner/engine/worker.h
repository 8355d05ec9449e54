/* One worker as the protocol sees it: says hello, loads, runs one program at a time, ends. Whatever
 * it does wrong ends it, and the execution that it had with a `how`. */
#ifndef VSSCTS_WORKER_H
#define VSSCTS_WORKER_H

#include "deadline.h"
#include "execution.h"
#include "worker_proc.h"

#define WORKER_OUTPUT_MAX ((size_t)4096)

struct worker;

/* What a worker tells. The calls may come from within worker_run(), too. */
struct worker_events {
    void (*loaded)(void *context, struct worker *worker);
    /* It ended before it had loaded; err says why (CTS_IUT: the implementation's fault). */
    void (*not_loaded)(void *context, struct worker *worker, const struct cts_error *err);
    /* The execution has ended and was written; it is freed after the call. The worker is idle, or
     * on its way out. */
    void (*finished)(void *context, struct worker *worker, struct execution *exec,
                     enum end_how how);
    /* It has ended and is freed after the call. */
    void (*gone)(void *context, struct worker *worker);
};

/* What all workers of a run share. Borrowed by each until `gone`. */
struct worker_shared {
    uv_loop_t *loop;
    const struct launch *launch;
    const struct profile *profile;
    struct journal *journal;
    struct worker_events events;
    void *context;
    unsigned load_ms, start_ms;
    double time_scale;
    bool each_allocation;
};

enum worker_state { WORKER_STARTING, WORKER_LOADING, WORKER_IDLE, WORKER_BUSY, WORKER_ENDING };

struct worker {
    struct worker_shared *shared;
    unsigned number;
    enum worker_state state;
    bool loaded; /* once */
    bool killed; /* by us */
    unsigned used;
    json_t *os;  /* of hello */
    json_t *iut; /* of loaded */
    struct worker_proc *wp;
    struct deadline deadline;
    uint64_t started; /* uv_hrtime() */
    struct execution *exec;
    bool decided; /* how the execution ends is known, but the process has not ended yet */
    enum end_how how;
    uint64_t us;
    json_t *more;
    struct cts_error problem; /* why it has not loaded; status CTS_OK: nothing known */
    size_t output_len, output_total;
    char output[WORKER_OUTPUT_MAX];
};

/* Starts a worker. NULL with err where that fails; no event comes then. */
struct worker *worker_start(struct worker_shared *shared, unsigned number, struct cts_error *err);

/* Hands an idle worker a program. CTS_IO: it can no longer be used, nothing was begun. CTS_NOMEM.
 */
enum cts_status worker_run(struct worker *worker, const struct exec_what *what);

/* Lets an idle worker end by itself; kills it where it does not. */
void worker_quit(struct worker *worker);

/* Ends what it does: an execution ends as interrupted at once. `gone` comes. */
void worker_kill(struct worker *worker);

#endif
