/* The judge: a pure fold from events and tables to verdicts. */
#ifndef VSSCTS_JUDGE_H
#define VSSCTS_JUDGE_H

#include "../engine/engine.h"

enum verdict {
#define X(id, name, letter, bad) VERDICT_##id,
#include "../model/verdicts.def"
#undef X
};
/* The reason of a case that has not ended; its verdict is error. */
#define JUDGE_OUTSTANDING "outstanding"

/* The reason of a case whose program is another now; its verdict is error. */
#define JUDGE_OTHER_STEPS "recorded with other steps of this case"

enum against { AGAINST_EXPECTED, AGAINST_UNEXPECTED, AGAINST_IMPROVEMENT, AGAINST_FLAKE };

enum observed_as {
#define OBSERVED(id, name) OBSERVED_##id,
#include "observed.def"
#undef OBSERVED
    OBSERVED_COUNT,
};

/* One expectation or law that was not met. Strings are owned by the verdict. */
struct finding {
    int s;                   /* step, -1 for teardown */
    unsigned round;          /* in a repeat */
    const char *law;         /* "law-1" and so on, or NULL for an expectation */
    const char *requirement; /* id, or NULL */
    enum level level;
    enum basis basis;
    bool gates;        /* must and documented or observed, or strict */
    bool observed;     /* about what was observed on Windows: struct judge_witness */
    bool contradicted; /* the expectation or law is at odds with what was observed: ours to mend */
    char *page;        /* its address, or NULL */
    char *call;        /* "bc.BackupComplete(ppAsync = NULL)" */
    char *expected,
        *got;   /* "S_OK", "VSS_E_BAD_STATE (0x80042301)"; of a parameter "pHrResult = …" */
    char *text; /* one line */
};

/* Where events stand in their log: places of the first bytes of their lines. Owned by its holder.
 */
struct log_lines {
    size_t count;
    uint64_t *places;
};

struct case_verdict {
    const struct test_case *test;
    enum verdict verdict;
    bool gates;    /* a bad verdict that counts for the exit code (before expectations) */
    char *reason;  /* of skip, inconclusive, not_implemented, crash, hang, error; or NULL */
    char *outcome; /* of a question: what happened, comparable between runs; or NULL */
    enum against against;
    enum verdict expected;    /* the usual one: the first of the entry of the expectation file, else
                                 pass (a question: recorded, a skipped case: skip) */
    const char *why_expected; /* reason of the entry of the expectation file, or NULL */
    unsigned attempts;
    enum verdict first; /* of the first execution */
    enum verdict last;  /* of the last one: what a flake became */
    unsigned seen;      /* bit set of enum verdict: of all executions that ended */
    uint64_t us;
    enum observed_as observed; /* of the execution that was judged */
    bool contradicted;         /* Windows does what the case calls wrong, or not what it expects */
    size_t finding_count;
    struct finding *findings;
    json_t *events; /* array: begin, steps and end of the execution that was judged; owned. NULL
                       where they are still in the log, at `lines`: see judged_events() */
    struct log_lines lines;
};

/* What a witness says of an execution. The texts are owned by whoever asked. */
struct witness_said {
    enum observed_as as;
    /* Where it is OBSERVED_OTHER: the first step that differs, what the implementation did, and
     * what was observed; hr is the result that was observed, where there is one. */
    int s; /* -1: teardown, or the end */
    unsigned round;
    char *call, *got, *expected;
    bool has_hr;
    uint32_t hr;
};

/* Somebody who sees every execution that is judged, and may know what real Windows did. The verdict
 * holds the events, the findings of expectations and laws, and of a question the outcome; verdict
 * and reason are not decided yet. CTS_NOMEM, CTS_BAD_FILE, with err. */
struct judge_witness {
    void *context;
    enum cts_status (*look)(void *context, const struct plan_case *planned,
                            const struct case_verdict *verdict, struct witness_said *said,
                            struct cts_error *err);
};

/* How to judge. */
struct judge_options {
    bool strict;
    bool flaky_pass; /* a flake does not count */
    struct claims claims;
    const struct expectations *expectations; /* or NULL */
    const struct judge_witness *witness;     /* or NULL */
};

/* Known verdicts of one implementation: reports/expectations/<name>.json,
 * {"format":1,"kind":"expectations",
 * "iut":"wine","entries":[{"cases":"backup-complete/null-async","verdicts":["not_implemented"],"reason":"…","when":…}]}.
 * `cases` is a case id, a prefix of whole parts, or a glob, as on the command line; `verdicts` has
 * the usual one first, then those that also occur; where the usual one is good and others are bad,
 * a bad one must not come every time (judge_again()). `when` is a condition. Entries are sorted by
 * `cases`. Where several fit a case, the one with the longest text before its first wildcard
 * counts, of equally long ones the one without a wildcard, then the last. NULL with path, line and
 * column in err: CTS_BAD_FILE, CTS_NOMEM. */
struct expectations *expect_load(const char *path, struct cts_error *err);
void expect_free(struct expectations *expectations);
/* Reads an expectation file and holds it against the tables: every error that expect_load() would
 * tell, and, where there is none, entries that no case matches or that never count. False: errs has
 * more errors than before, with path, line and column. */
bool expect_check(const char *path, const struct tables *tables, size_t *entries,
                  struct cts_errors *errs);
/* Entries that no case of the tables matches: their globs, for a warning. Owned by expectations,
 * valid until the next call. */
struct string_list expect_unused(const struct expectations *expectations,
                                 const struct tables *tables);

/* Judges one execution of a case: events are its begin, step and end events. planned gives steps
 * and program hash. The result is filled; free it with verdict_clear(). */
enum cts_status judge_execution(const struct tables *tables, const struct plan_case *planned,
                                const json_t *const *events, size_t count,
                                const struct judge_options *options, struct case_verdict *out,
                                struct cts_error *err);
void verdict_clear(struct case_verdict *verdict);

/* Must the case be run again, alone, to tell how it stands? So it is with what is not expected, and
 * with what an entry of the expectation file allows now and then. The verdict is that of one
 * execution. */
bool judge_again(const struct case_verdict *verdict, const struct judge_options *options);

/* A whole run, folded. */
struct judged_run {
    json_t *header, *footer; /* footer NULL: the log was broken off */
    struct lookup *lookup;   /* where the events of the verdicts are, or NULL: in themselves */
    bool truncated;          /* last line unfinished */
    size_t count;
    struct case_verdict *cases; /* sorted by id, each selected case once */
    size_t totals[9];           /* by enum verdict */
    size_t by_against[4];       /* by enum against */
    size_t
        outstanding;  /* selected cases that have not ended: verdict error, reason "outstanding" */
    size_t advisory;  /* cases whose only findings do not gate */
    size_t unplanned; /* cases of the log that the plan has not: verdict error */
};

/* Folds a log. fold_new, then every event in order, then fold_end, which hands over the result. */
struct fold *fold_new(const struct tables *tables, const struct plan *plan,
                      const struct judge_options *options);
enum cts_status fold_event(struct fold *fold, const json_t *event, struct cts_error *err);
struct judged_run *fold_end(struct fold *fold, struct cts_error *err); /* frees fold */
void judged_free(struct judged_run *run);

/* How far a run is, by its log. The two arrays are the caller's: an item for each case of the plan
 * that the fold began with, 0 before. */
struct fold_progress {
    unsigned *ended;        /* executions of attempt 1 that have ended; 1: the case is skipped */
    unsigned *again;        /* of those the ones that must be run again and were not */
    unsigned runs, workers; /* the highest numbers */
    size_t executions;      /* that have ended */
    uint64_t ms;            /* of the last event */
    uint64_t size;          /* bytes of the file up to the end of its last whole line */
    bool over;              /* a footer says that nothing is left */
};
/* After the last event, before fold_end(). */
void fold_progress(const struct fold *fold, const struct plan *plan,
                   struct fold_progress *progress);

/* The verdict of a case, or NULL. */
const struct case_verdict *judged_find(const struct judged_run *run, const char *id);

/* The events of a verdict of the run: those that it holds, else those of the log, which must not
 * have changed. A new reference; NULL: judged_failed() says why. */
json_t *judged_events(const struct judged_run *run, const struct case_verdict *verdict);

/* Are the events of two verdicts the same as they stand in their logs, ids, addresses and all, but
 * for times and numbers of executions and workers? Quick: nothing is parsed. False says nothing. */
bool judged_alike(const struct judged_run *a, const struct case_verdict *left,
                  const struct judged_run *b, const struct case_verdict *right);

/* The first failure of judged_events(): CTS_BAD_FILE, CTS_NOMEM, with err; else CTS_OK. */
enum cts_status judged_failed(const struct judged_run *run, struct cts_error *err);

/* How far a log goes. */
struct log_extent {
    uint64_t whole; /* bytes up to the end of the last whole line */
    bool truncated; /* an unfinished line follows */
};

/* Reads a log and hands on every event of it, with the place of its line, until one is refused; an
 * unfinished last line is passed over. CTS_BAD_FILE with path and line in err, CTS_NOMEM, or what
 * `each` returned. */
typedef enum cts_status (*log_event_cb)(void *context, const json_t *event, uint64_t place,
                                        struct cts_error *err);
enum cts_status log_read(const char *path, log_event_cb each, void *context,
                         struct log_extent *extent, struct cts_error *err);

/* The first event of a log: a new reference. NULL: CTS_BAD_FILE with path and line in err,
 * CTS_NOMEM. */
json_t *log_first(const char *path, struct cts_error *err);

/* Does a footer (or NULL) say that nothing of its run is left to do? */
bool footer_is_over(const json_t *footer);

/* Reads run.jsonl into the fold. The events of the verdicts stay in the file. */
enum cts_status fold_log(struct fold *fold, const char *path, struct cts_error *err);

/* The one function that turns a judged run into a status (and so the exit code). */
enum cts_status judge_status(const struct judged_run *run, const struct judge_options *options);

/* What an entry of an expectation file says: bit sets of enum verdict, the usual one beside; 0: no
 * entry. */
struct expect_said {
    unsigned allowed;
    enum verdict usual;
};

/* One entry that an update adds (from nothing), removes (to nothing) or changes. The texts belong
 * to the update, the tables or the old file. */
struct expect_change {
    const char *cases, *when; /* when NULL: no condition */
    struct expect_said from, to;
    const char *reason; /* of an entry that is removed: NULL */
};

/* The file that a run would be as expected with. Freed with expect_update_free(). */
struct expect_update {
    size_t count; /* of changes, sorted by cases; 0: the file may stay as it is */
    struct expect_change *changes;
    size_t entries; /* of the file */
    char *text;     /* the file, entries sorted, always laid out alike */
    size_t len;
    char **reasons; /* those that were made */
    size_t reason_count;
};

/* Makes the file from the old one (NULL: there is none) and a run that was judged by it. An entry
 * stays as it is while the run agrees with it, or says nothing of one of its cases; where all of
 * its cases have one other set of verdicts it gets these, where they are good it goes; other cases
 * that differ get entries of their own, with its condition. Entries that match no case of the
 * tables go too. An entry whose condition does not hold stays. Reasons that were written by hand
 * stay while nothing bad is new in their entry, else they become its note; those that are made
 * begin with `day`. iut: its name, for a new file. CTS_NOMEM.
 */
enum cts_status expect_update(const struct expectations *old, const struct judged_run *run,
                              const struct tables *tables, const struct claims *claims,
                              const char *iut, const char *day, struct expect_update *out,
                              struct cts_error *err);
void expect_update_free(struct expect_update *update);

const char *verdict_name(enum verdict verdict);
char verdict_letter(enum verdict verdict); /* for matrices */
const char *against_name(enum against against);
const char *observed_name(enum observed_as observed); /* static */

#endif
