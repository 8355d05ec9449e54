/* The state of a fold. Private to the judge. */
#ifndef VSSCTS_JUDGE_FOLD_H
#define VSSCTS_JUDGE_FOLD_H

#include "judge_exec.h"

/* A case while the log is read. */
struct slot {
    const struct plan_case *planned; /* NULL: the plan has it not */
    bool seen;                       /* the log has an event of it */
    char *skip;                      /* the reason that the log gives, or NULL */
    struct case_verdict verdict;     /* the worst of the first attempt; test NULL: none yet */
    uint64_t mark;                   /* of verdict and its findings */
    unsigned verdicts;               /* bit set: those of the first attempt */
    unsigned gave;                   /* bit set: those of all attempts */
    size_t executions;
    unsigned attempts;
    enum verdict first, last;
    unsigned ended;     /* executions of the first attempt that have ended */
    unsigned to_repeat; /* of those: judge_again() says so */
    unsigned retries;   /* later attempts that have ended */
    bool repeats_differ;
    bool attempts_differ;
};

/* An execution that has begun and not ended, or that was interrupted. */
struct running {
    json_int_t run;
    bool interrupted; /* what it tells depends on whether the run goes on later */
    struct slot *slot;
    size_t count;
    json_t **events;        /* references are held */
    struct log_lines lines; /* of the events; empty where they come from no file */
};

/* An execution that has ended and is judged later, from its lines. */
struct ended {
    struct slot *slot;
    struct log_lines lines;
};

struct fold {
    const struct tables *tables;
    struct judge_options options;
    struct slot *slots; /* beside tables->cases */
    size_t running_count;
    struct running *running;
    json_t *header, *footer;
    struct log_extent extent; /* of the file */
    unsigned runs, workers;   /* the highest numbers */
    size_t executions;        /* that have ended */
    uint64_t ms;              /* of the last event */
    struct lookup *lookup;    /* of the file that is folded, or NULL */
    uint64_t place;           /* there, of the line of the event that is folded */
    bool quick;               /* only the lines of executions are kept, to be judged later: */
    size_t ended_count, judged;
    struct ended *ended; /* in the order in which they ended */
};

void running_clear(struct running *running);

/* log_event_cb: folds an event of the fold's file. */
enum cts_status fold_add_event(void *context, const json_t *event, uint64_t place,
                               struct cts_error *err);

/* Keeps the line of a step of an execution. False: there is no such execution, or no memory. */
bool fold_step(struct fold *fold, json_int_t run, uint64_t ms, uint64_t place);

/* The verdict of one execution, from any thread. CTS_BAD_FILE, CTS_NOMEM, CTS_DEFECT. */
enum cts_status fold_verdict(const struct fold *fold, const struct slot *slot,
                             const json_t *const *events, size_t count, struct case_verdict *out,
                             struct cts_error *err);

/* Takes a verdict over, and the lines of its execution where the fold has a file. */
void fold_take(struct fold *fold, struct slot *slot, struct log_lines *lines,
               struct case_verdict *verdict);

/* Forgets what has been judged from its lines; all that was folded. */
void fold_forget_ended(struct fold *fold);
void fold_forget(struct fold *fold);

/* Judges an execution, ended or not, and adds the verdict to its slot. CTS_BAD_FILE, CTS_NOMEM,
 * CTS_DEFECT. */
enum cts_status fold_judge(struct fold *fold, struct running *running, struct cts_error *err);

#endif
