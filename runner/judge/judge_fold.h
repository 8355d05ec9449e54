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
};

void running_clear(struct running *running);

/* Judges an execution, ended or not, and adds the verdict to its slot. CTS_BAD_FILE, CTS_NOMEM,
 * CTS_DEFECT. */
enum cts_status fold_judge(struct fold *fold, struct running *running, struct cts_error *err);

#endif
