/* Several logs, judged by the same tables, to be held against each other. */
#ifndef VSSCTS_JUDGED_RUNS_H
#define VSSCTS_JUDGED_RUNS_H

#include "judged_log.h"

struct judged_one {
    char *path;
    enum cts_status status; /* of judging it */
    struct log_facts facts;
    struct plan *plan;
    struct judged_run *run;
};

/* Owned by the caller, who ends it with judged_runs_free(). */
struct judged_runs {
    size_t count;
    struct judged_one *items;
    struct report *reports; /* one a run, for matrix_make() */
};

/* Reads and judges the logs that the command line names: files, or folders with a run.jsonl; each
 * by the Windows that its own header names, without expectation files, with --strict where it is
 * given. Prints what went wrong. */
enum cts_status judged_runs_read(struct session *session, struct judged_runs *runs);
void judged_runs_free(struct judged_runs *runs);

#endif
