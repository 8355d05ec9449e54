/* Logs of the parts of a run, joined to the log of the whole run. Pure: events to events. */
#ifndef VSSCTS_MERGE_H
#define VSSCTS_MERGE_H

#include "../plan/plan.h"
#include "../util/sha256.h"
#include "../util/str_buf.h"

/* An execution of a log, by its number. */
struct merge_run {
    size_t at;  /* of its case in the plan */
    bool first; /* its attempt is the first */
    bool ended, interrupted;
    json_int_t number; /* in the joined log; 0: it is left out */
};

/* One log to be joined. */
struct merge_log {
    const char *path;        /* borrowed, for messages */
    const json_t *header;    /* borrowed */
    struct plan_shard shard; /* its part; count 0: the whole */
    size_t count;
    struct merge_run *runs;
    unsigned workers;       /* the highest number */
    json_int_t ms;          /* of the last event */
    char seal[SHA256_TEXT]; /* the last one, or "" */
    bool over;              /* a footer says that nothing is left */
    size_t noted,
        taken; /* events: those that come later, since the run still goes on, are left out */
};

/* A case of the plan: what the logs tell of it. */
struct merge_case {
    bool skipped;
    size_t ended; /* first attempts */
};

/* Owned by the caller, who makes it with merge_new() and ends it with merge_free(). */
struct merge {
    const struct plan *plan; /* all parts, by id, without order; borrowed */
    size_t count;            /* of logs, sorted by their parts */
    struct merge_log *logs;
    struct merge_case *cases;           /* beside plan->cases */
    size_t repeat;                      /* first attempts that a case needs */
    json_int_t executions, workers, ms; /* of the joined log, as far as it is written */
};

/* Looks at the headers, of one log at least; they must be of parts of the same run. CTS_USAGE with
 * both values where they are of other tables, versions, profiles, implementations, versions of
 * Windows or Wine, selections or ways to run, of other divisions, or of the same part;
 * CTS_BAD_FILE, CTS_NOMEM. Sorts paths and headers by part. */
enum cts_status merge_new(struct merge *merge, const char **paths, const json_t **headers,
                          size_t count, struct cts_error *err);
void merge_free(struct merge *merge);

/* Before the first event is noted: the cases of all parts. CTS_BAD_FILE where a part has not as
 * many cases as its header says, CTS_NOMEM. */
enum cts_status merge_plan(struct merge *merge, const struct plan *plan, struct cts_error *err);

/* First every event of every log is noted. CTS_BAD_FILE: what no run writes, or a case of another
 * part, so that no case comes from two logs; CTS_NOMEM. */
enum cts_status merge_note(struct merge *merge, struct merge_log *log, const json_t *event,
                           struct cts_error *err);

/* Then the joined log is made: its header, then the events of log by log, each one log's by
 * merge_event() and after them merge_next(), then the footer where merge_over(). *out gets a new
 * reference, or NULL where the event is left out. False, NULL: no memory. */
json_t *merge_header(const struct merge *merge);
bool merge_event(struct merge *merge, struct merge_log *log, const json_t *event, json_t **out);
void merge_next(struct merge *merge, const struct merge_log *log);
json_t *merge_footer(const struct merge *merge);

/* The execution of an event, or NULL: it names none that has begun. */
struct merge_run *merge_run_of(const struct merge_log *log, const json_t *event);

/* Nothing is left to do: every part is there, and over. */
bool merge_over(const struct merge *merge);

/* What is missing, a line for each part that is not there or was broken off: "part 2/4 is not
 * there: 25 cases outstanding (a/b, a/c, ...)". The number of cases. */
size_t merge_missing(const struct merge *merge, struct str_buf *out);

#endif
