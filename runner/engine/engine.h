/* The engine: a pool of workers, deadlines, replacement, the event log. It trusts nothing that a
 * worker does. */
#ifndef VSSCTS_ENGINE_H
#define VSSCTS_ENGINE_H

#include "../model/profile.h"
#include "../plan/plan.h"

enum end_how {
#define X(id, name) END_##id,
#include "ends.def"
#undef X
};

/* What the log of an earlier run of the same plan holds, which the run goes on with: nothing that
 * has ended there is run again. */
struct eng_earlier {
    const unsigned *ended;  /* by case of the plan: executions (attempt 1) that have ended; 1 where
                               the log says that it is skipped */
    const unsigned *again;  /* by case: how many of these are still to be run again alone */
    unsigned runs, workers; /* the last numbers given out */
    size_t executions;      /* that have ended */
    uint64_t ms;            /* `t` of the last event */
    uint64_t size;          /* bytes of the log up to the end of its last whole line */
    const json_t *iut;      /* of the header */
};

struct eng_options {
    const char *home;    /* folder with <arch>/vsscts-worker.exe */
    const char *worker;  /* path of the worker program, or NULL: the one in home */
    const char *out_dir; /* for run.jsonl; made where it is missing */
    const char *wine;    /* launcher of PE programs (Linux), or NULL: found */
    const char
        *wine_prefix;  /* or NULL: $VSSCTS_WINEPREFIX, or vsscts/wine-<arch> in the user's cache */
    unsigned jobs;     /* workers at once; 0: number of processors */
    unsigned repeat;   /* run every case so many times */
    unsigned load_ms;  /* for loading the implementation; 0: 10000 */
    double time_scale; /* deadlines times this; 0: 1 */
    bool isolate;      /* every case in a worker of its own */
    bool no_spare;     /* no worker is kept warm for when one dies: for short runs */
    bool each_allocation; /* where allocations fail one by one: each, not only some of many */
    bool no_retry;
    json_t *header; /* extra keys for the header's "options"; borrowed, or NULL */
    const struct eng_earlier *earlier; /* borrowed, or NULL: the run begins, with an empty log */
};

/* What the engine tells while it runs. All pointers are borrowed for the call. */
struct eng_callbacks {
    void *context;
    /* An event of the log was written; event is the object. */
    void (*event)(void *context, const json_t *event);
    /* An execution has ended: must it be run again alone in a fresh worker? Asked once for every
     * case (attempt 1). */
    bool (*again)(void *context, const struct plan_case *planned, const json_t *const *events,
                  size_t count);
    /* Asked after that: is enough known? Then the rest is not run. NULL: no. */
    bool (*enough)(void *context);
};

struct eng_result {
    size_t executions;
    size_t crashes, hangs;
    bool interrupted;
    uint64_t us;
    char log_path[1024];
};

/* One run of a series. Everything is borrowed until it is done. */
struct eng_job {
    const struct plan *plan;
    const struct profile *profile; /* all of a series are for one architecture */
    const char *out_dir;
    const struct eng_callbacks *callbacks; /* or NULL */
};

/* Runs one after the other, several at once. */
struct eng_series {
    void *context;
    unsigned at_once; /* runs at once, each with as many workers as the options say; 0: 1 */
    /* Fills in the next one. False: there is none. */
    bool (*next)(void *context, struct eng_job *job);
    /* One has ended, as eng_run() would have. False: that is enough, the others are broken off. */
    bool (*done)(void *context, const struct eng_job *job, enum cts_status status,
                 const struct eng_result *result, const struct cts_error *err);
};

/* Runs a series with one Wine prefix and one way to start workers. CTS_OK: `done` was called for
 * all that `next` gave. CTS_INTERRUPTED as of eng_run(), for every run that was not done.
 * CTS_USAGE, CTS_IO, CTS_NOMEM: nothing was run. The out_dir and earlier of the options do not
 * count. */
enum cts_status eng_run_series(enum arch arch, const struct eng_options *options,
                               const struct eng_series *series, struct cts_error *err);

/* Runs the plan. CTS_OK: every selected case has ended or was skipped. CTS_IUT: the implementation
 * cannot be loaded (err says why, in one line); there is no log. CTS_INTERRUPTED (SIGINT, SIGTERM,
 * SIGHUP; a second one ends the process at once with 130): the log is whole, with a footer that
 * says so. CTS_USAGE: no worker program or no Wine, or the implementation is not that of the
 * earlier run, whose log then stays as it is. CTS_IO: the log cannot be written, the Wine
 * prefix not made, a process not started. CTS_DEFECT: the worker does not come up or is of another
 * build. CTS_NOMEM. No process is left behind in any case. result and err may be NULL; log_path
 * stays empty where there is no log. */
enum cts_status eng_run(const struct plan *plan, const struct profile *profile,
                        const struct eng_options *options, const struct eng_callbacks *callbacks,
                        struct eng_result *result, struct cts_error *err);

#endif
