/* The journal of a run: every event goes through it to the log and to the caller, in one order. */
#ifndef VSSCTS_JOURNAL_H
#define VSSCTS_JOURNAL_H

#include "engine.h"
#include "log_write.h"
#include "redact.h"

/* Once something failed (disk full, no memory) it stays failed: events are passed over, and the
 * engine sees `status` before it waits the next time. */
struct journal {
    struct log_write log;
    const struct eng_callbacks *callbacks; /* or NULL */
    uint64_t start;                        /* uv_hrtime() */
    struct redact_here names;              /* that no event tells */
    bool open;                             /* the header was written */
    enum cts_status status;
};

/* earlier: whose log goes on, or NULL. */
void journal_init(struct journal *journal, const struct eng_callbacks *callbacks,
                  const struct eng_earlier *earlier);

/* Frees what is not the log's. */
void journal_free(struct journal *journal);

/* Microseconds since the start of the run. */
uint64_t journal_us(const struct journal *journal);

/* A new event of a kind, with `e` and `t`. NULL: no memory. */
json_t *journal_event(const struct journal *journal, const char *kind);

/* Writes and tells an event, names of this machine replaced, and lets go of it. NULL (no memory)
 * fails the journal. */
void journal_emit(struct journal *journal, json_t *event);

/* What the first events tell beside plan, profile and options. */
struct journal_facts {
    json_t *iut;     /* of the worker's `loaded`, or NULL: never loaded */
    json_t *os;      /* of the worker's `hello`, or NULL */
    const char *dll; /* where iut is NULL */
};

/* The profile as the header tells it. A new reference; NULL: no memory. */
json_t *journal_profile(const struct profile *profile);

/* Opens the log and writes the header, or, where an earlier log goes on, that it does; and the
 * skips. What fails stays in the journal's status, and err has its text. */
void journal_open(struct journal *journal, const struct plan *plan, const struct profile *profile,
                  const struct eng_options *options, const struct journal_facts *facts,
                  struct cts_error *err);

/* The footer. cases: how many of the selected were skipped or have ended. */
void journal_footer(struct journal *journal, const struct plan *plan, size_t cases,
                    const struct eng_result *result);

#endif
