/* What the commands share: home folder, tables, profile, plan. */
#ifndef VSSCTS_CLI_SESSION_H
#define VSSCTS_CLI_SESSION_H

#include "../judge/judge.h"
#include "../report/console.h"
#include "../report/observed.h"
#include "cli_options.h"
#include "cli_reports.h"
#include "cli_shard.h"

/* Filled step by step by the functions below; freed with session_free(). */
struct session {
    const struct cli_options *options;
    struct term out;      /* what a command has to say */
    struct term messages; /* standard error */
    char *home;           /* or NULL: none needed */
    char *cases;          /* folder of the tables */
    struct tables *tables;
    struct profile *profile;
    struct plan *plan;
    char shard[SHARD_TEXT]; /* "I/N", or "": all cases */
    struct expectations *expectations;
    struct observed *observed; /* of --against, or NULL */
    struct observer observer;
    struct judge_witness witness;
    struct judge_options judge;
    struct cli_reports reports; /* of --report */
};

void session_init(struct session *session, const struct cli_options *options);
void session_free(struct session *session);

/* Prints an error, "vsscts: file:line:column: text", and returns its status. */
enum cts_status session_complain(const struct session *session, const struct cts_error *err);

/* The same for what every command can come to: CTS_NOMEM. */
enum cts_status session_no_memory(const struct session *session);

/* Prints errors of files, one a line, "file:line:column: text". */
void session_complain_all(const struct session *session, const struct cts_errors *errs);

/* Each of these prints what went wrong and returns its status. */

/* Finds home (--home, $VSSCTS_HOME, share/vsscts beside the program's folder, the program's
 * folder) and the folder of the tables. Home may stay NULL where --cases says enough. CTS_USAGE. */
enum cts_status session_home(struct session *session);

/* Loads the tables of session->cases, or dir where it is not NULL. CTS_BAD_FILE, with all errors.
 */
enum cts_status session_tables(struct session *session, const char *dir);

/* Loads the profile of --iut, with --arch and --windows. CTS_USAGE, CTS_BAD_FILE, CTS_IUT. */
enum cts_status session_profile(struct session *session);

/* Plans what is selected for the profile, or for listing where there is none. bare: as in struct
 * plan_options. CTS_USAGE, CTS_NOTHING, CTS_BAD_FILE. */
enum cts_status session_plan(struct session *session, uint64_t seed, bool bare);

/* Fills session->judge; loads the expectation file `path`, or none where it is NULL. CTS_USAGE,
 * CTS_BAD_FILE. */
enum cts_status session_judge(struct session *session, const char *path,
                              const struct claims *claims, bool strict, bool flaky_pass);

/* Lets session->judge hold what is judged against the observations that `name` names: a file, or
 * the name of one in the folder of the tables (NULL: against none). They must be of the
 * architecture of the profile, which is that of the run and is borrowed. CTS_USAGE, CTS_BAD_FILE.
 */
enum cts_status session_against(struct session *session, const char *name,
                                const struct profile *profile);

/* "Windows 10.0.20348 server, x86_64": what --against names; NULL: nothing. Borrowed. */
const char *session_observed_name(const struct session *session);

/* What is needed before the first worker: home, tables, profile, judge with the expectation file
 * that counts, and the plan, as above. */
enum cts_status session_whole(struct session *session, uint64_t seed, bool bare);

/* Which file of expected verdicts counts for a run: borrowed, or NULL. */
const char *session_expect_path(const struct session *session);

/* One line on entries of the expectation file that no case of the tables matches; the caller frees
 * it. NULL: there are none. */
char *session_unused(const struct session *session);

/* Reads --report, and sends what is said to the standard error where a report takes the standard
 * output (--json -, --report tap=-). CTS_USAGE, CTS_NOMEM. */
enum cts_status session_console(struct session *session);

/* Writes the reports that were asked for: report->json where it is not NULL, and those of --report.
 * The status of the report, or of the last that could not be written, which is printed. */
enum cts_status session_reports(const struct session *session, const struct report *report);

/* How much --quiet and --verbose ask for. */
enum console_detail session_detail(const struct cli_options *options);

/* The commands: each returns the exit code. */
int cmd_run(struct session *session);
int cmd_list(struct session *session);
int cmd_explain(struct session *session);
int cmd_check(struct session *session);
int cmd_report(struct session *session);
int cmd_merge(struct session *session);
int cmd_bisect(struct session *session);
int cmd_compare(struct session *session);
int cmd_matrix(struct session *session);
int cmd_expect_check(struct session *session);
int cmd_expect_update(struct session *session);
int cmd_coverage(struct session *session);
int cmd_questions(struct session *session);
int cmd_selftest(struct session *session);
int cmd_learn(struct session *session);
int cmd_verify(struct session *session);

#endif
