/* What real Windows was observed to do, case by case, learnt from logs:
 * cases/observed/<version>.json (reports/schema/observed.schema.json, docs/lab.md). An observation
 * is what an execution showed, as answers_shown() tells it; verdicts are not in it, so that it
 * holds whatever the tables expect. */
#ifndef VSSCTS_OBSERVED_H
#define VSSCTS_OBSERVED_H

#include "answers.h"

#define OBSERVED_ID 16 /* hex digits of the log's SHA-256 that name a run */

/* A file in memory. Owned by the caller, who ends it with observed_free(). */
struct observed {
    json_t *document;
    char *name; /* "Windows 10.0.20348 client, x86_64" */
};

/* Reads and checks a file. NULL with path, line and column in err: CTS_BAD_FILE, CTS_NOMEM. */
struct observed *observed_load(const char *path, struct cts_error *err);

/* Nothing observed yet of the Windows that the header of a log stands for. NULL: CTS_NOMEM. */
struct observed *observed_new(const json_t *header, struct cts_error *err);
void observed_free(struct observed *observed);

/* Is it of the architecture, Windows version and edition that the header stands for? CTS_OK;
 * CTS_USAGE with what differs. */
enum cts_status observed_fits(const struct observed *observed, const json_t *header,
                              struct cts_error *err);

/* Writes the file: sorted, a line for each run, each shared list of steps, each case. CTS_IO,
 * CTS_NOMEM. */
enum cts_status observed_write(const struct observed *observed, const char *path,
                               struct cts_error *err);

/* The runs, and what was observed of a case: {"program", "answers": [{"runs", ...}]}, or NULL.
 * Borrowed. */
const json_t *observed_runs(const struct observed *observed);
const json_t *observed_case(const struct observed *observed, const char *id);

/* In how many runs an answer was seen, and how many had the case. */
size_t observed_times(const struct observed *observed, const json_t *answer);
size_t observed_asked(const struct observed *observed, const json_t *seen);

/* The steps of an answer, all parts in one array; a new reference. NULL: no memory. */
json_t *observed_steps(const struct observed *observed, const json_t *answer);

/* In words: what a step gave ("S_OK (0x00000000); ppAsync = {obj:2}"; NULL: "not made"), how an
 * execution ended, and what a case showed after its preamble, step by step. */
void observed_step_words(struct str_buf *buf, const json_t *step);
void observed_end_words(struct str_buf *buf, const json_t *shown);
void observed_answer_words(struct str_buf *buf, const struct test_case *test, const json_t *answer);

/* Who looks at executions, and where they were made. Everything is borrowed; as the context of a
 * struct judge_witness it lives as long as that. */
struct observer {
    const struct observed *observed; /* that they are held against; NULL while it is made */
    const struct tables *tables;
    const struct profile *profile; /* of the run */
};

/* Holds an execution against what was observed. context: a struct observer. */
enum cts_status observed_look(void *context, const struct plan_case *planned,
                              const struct case_verdict *verdict, struct witness_said *said,
                              struct cts_error *err);

/* What an execution showed, values of the profile masked, and the hash of the steps that showed it.
 * json_null() where it tells nothing of the implementation (the worker was lost). A new reference;
 * NULL with err: CTS_NOMEM, CTS_BAD_FILE. */
json_t *observed_shown(const struct observer *observer, const struct plan_case *planned,
                       const struct case_verdict *verdict, char program[17], struct cts_error *err);

#endif
