/* Nothing is left behind: what belongs to the processes that a run starts, and how all of it ends.
 *
 * On Linux every worker leads a session and a process group of its own; what leaves the group is
 * found at the end of the run by a mark in its environment, or by its parent, since the engine
 * adopts orphans. On Windows every worker is the first process of a job object. */
#ifndef VSSCTS_GUARD_H
#define VSSCTS_GUARD_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

/* Environment variables: the mark of the run on what its workers start; the mark of Wine's own
 * services, which stay for their idle time. */
#define GUARD_RUN "VSSCTS_RUN"
#define GUARD_SERVICE "VSSCTS_SERVICE"

/* The signals by which a user ends a run. */
enum { GUARD_STOPS = 3 };
extern const int guard_stops[GUARD_STOPS];

/* What the run changes in this process, and how it was before. */
struct guard_run {
    const char *token; /* value of GUARD_RUN; borrowed */
    int was_subreaper;
#ifndef _WIN32
    bool holding;
    sigset_t was_mask;
    struct sigaction was_stop[GUARD_STOPS];
    struct sigaction was_sigpipe;
#endif
    size_t before_count; /* children that were there before the run */
    int *before;
};

/* What belongs to one worker. */
struct guard_proc {
    void *job; /* Windows */
    int pid;
};

/* Begins to adopt orphans, to ignore SIGPIPE, and closes to children what this process inherited.
 */
void guard_begin(struct guard_run *run, const char *token);

/* Must the n-th of guard_stops be left alone? So it is with nohup, and with what a shell runs in
 * the background. */
bool guard_stop_is_ignored(const struct guard_run *run, size_t n);

/* Holds the stop signals back until guard_end(): the loop, which handles them, is going away, and
 * what is still to be done must not be left half-done. */
void guard_hold_stops(struct guard_run *run);

/* Kills what is left of the run, waits for it (not longer than a second) and puts things back.
 * Returns how many processes had to be killed. */
size_t guard_end(struct guard_run *run);

/* Takes charge of a process that was started just now. */
void guard_adopt(struct guard_proc *proc, const uv_process_t *process);

/* Kills the process and all that belongs to it. Harmless where it is gone. */
void guard_kill(struct guard_proc *proc);

/* The process has ended: kills the rest and lets go. */
void guard_release(struct guard_proc *proc);

#endif
