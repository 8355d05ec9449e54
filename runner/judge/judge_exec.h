/* One execution as the judge sees it: what the events of the log say, beside the steps of the plan
 * that they belong to. Private to the judge. */
#ifndef VSSCTS_JUDGE_EXEC_H
#define VSSCTS_JUDGE_EXEC_H

#include "judge.h"

/* Codes with a meaning of their own for the judge. */
#define JUDGE_S_OK UINT32_C(0)
#define JUDGE_E_NOTIMPL UINT32_C(0x80004001)
#define JUDGE_ASYNC_PENDING UINT32_C(0x00042309)
#define JUDGE_ASYNC_FINISHED UINT32_C(0x0004230A)
#define JUDGE_ASYNC_CANCELLED UINT32_C(0x0004230B)

/* No text that the judge makes is longer. */
#define JUDGE_TEXT_MAX ((size_t)1 << 20)

/* A step that ended. Pointers are borrowed from the event. */
struct judged_step {
    int s; /* -1: a release at the end */
    unsigned round;
    const struct plan_step *planned; /* NULL for s = -1 */
    const json_t *event;
    bool has_hr;
    uint32_t hr; /* of an await: the final status */
    bool has_n;
    uint32_t n;
    const char *skipped; /* why the step was not made, or NULL */
    const char *lost;    /* how a writer's process ended that was not told to, or NULL */
    bool timeout;
    bool missing;  /* an export that is not there */
    bool troubled; /* there is a finding about it, or it was skipped because of one */
};

/* The execution that is being judged. */
struct judging {
    const struct tables *tables;
    const struct plan_case *planned;
    const struct judge_options *options;
    struct case_verdict *out;
    const json_t *begin;
    const json_t *end; /* NULL: it has not ended */
    enum end_how how;
    size_t count;
    struct judged_step *steps;
    bool strange; /* there is a step number that the program has not */
    bool *ended;  /* by s: is there a result? */
    bool nomem;
};

/* Sets j->begin and j->end. CTS_BAD_FILE where the events are not those of one execution. */
enum cts_status exec_frame(struct judging *j, const json_t *const *events, size_t count,
                           struct cts_error *err);

/* Reads the steps. CTS_BAD_FILE, CTS_NOMEM. */
enum cts_status exec_read(struct judging *j, const json_t *const *events, size_t count,
                          struct cts_error *err);
void judging_free(struct judging *j);

/* The method that a step calls, or NULL (await, thread, join, repeat, compare). */
const struct api_method *exec_method(const struct judging *j, const struct step *step);

/* The variable that keeps an out parameter of a step's call, or NULL. */
const char *exec_kept_in(const struct step *step, const struct api_param *param);

/* The step that gave a variable its value before the step, or NULL. */
const struct judged_step *exec_giver(const struct judging *j, const struct judged_step *before,
                                     const char *var);

/* That value as the log has it, or NULL. */
const json_t *exec_variable(const struct judging *j, const struct judged_step *before,
                            const char *var);

/* What a step left in an out parameter: {"w":…,"v":…}, or NULL where NULL was passed. */
const json_t *exec_out(const struct judged_step *step, const char *param);
bool exec_written(const json_t *out);

/* What QueryStatus itself returned in an await that got no status from it. False: it is not so. */
bool exec_query_failed(const struct judged_step *step, uint32_t *code);

/* A string of "0x" and hex digits. */
bool exec_code(const json_t *value, uint32_t *code);

/* Does the step belong to the body: neither preamble, nor `finally`, nor teardown? */
bool exec_in_body(const struct judged_step *step);
bool exec_in_preamble(const struct judged_step *step);

#endif
