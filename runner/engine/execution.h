/* One execution of a case: its events, and which of its steps are running. */
#ifndef VSSCTS_EXECUTION_H
#define VSSCTS_EXECUTION_H

#include "journal.h"
#include "message.h"

/* No execution may send more: what runs wild is stopped before it fills memory and disk. */
#define EXEC_BYTES_MAX ((size_t)32 * 1024 * 1024)

/* Who runs what. */
struct exec_what {
    const struct plan_case *planned;
    size_t item;      /* of the pool */
    unsigned run;     /* from 1 */
    unsigned attempt; /* from 1 */
    unsigned worker;  /* 0: none */
    bool fresh;
};

struct execution {
    struct exec_what what;
    struct journal *journal;
    uint64_t began; /* uv_hrtime() */
    size_t bytes;   /* received */
    size_t event_count, event_cap;
    json_t **events; /* begin, steps, end */
    unsigned *open;  /* by s + 1: 0, or the number of its begin */
    unsigned begins;
    bool in_round; /* lines of a round are held back: it is at round_s, round_i */
    int round_s;
    unsigned round_i;
};

/* Begins: writes the event. NULL: no memory. Free with exec_free(). */
struct execution *exec_new(struct journal *journal, const struct exec_what *what);
void exec_free(struct execution *exec);

/* A step begins; ends (the event is written). False where the message does not fit the program or
 * what is running. */
bool exec_step_begins(struct execution *exec, const struct message *message);
bool exec_step_ends(struct execution *exec, const struct message *message);

/* A step has begun in a round whose events come later, if at all. */
void exec_round_is_at(struct execution *exec, const struct message *message);

/* The step that began last and has not ended, or MSG_NO_STEP. */
int exec_at(const struct execution *exec);

uint64_t exec_us(const struct execution *exec);

/* Half of its time is over: writes the event. */
void exec_slow(struct execution *exec);

/* Ends: writes the event. more: further keys, taken over, or NULL. */
void exec_end(struct execution *exec, enum end_how how, uint64_t us, json_t *more);

/* "done" and the like. */
const char *exec_how_name(enum end_how how);

#endif
