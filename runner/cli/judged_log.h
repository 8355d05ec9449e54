/* A log that is read and judged by the tables of today. */
#ifndef VSSCTS_JUDGED_LOG_H
#define VSSCTS_JUDGED_LOG_H

#include "cli_session.h"
#include "log_facts.h"

/* The log that an argument means: the file, or run.jsonl in the folder. Owned by the caller; NULL:
 * no memory. */
char *judged_log_path(const char *argument);

/* Home, tables, and what the log says of its run, into session and facts; facts is to be ended with
 * log_facts_free() whatever comes, after the plan. Prints what went wrong. */
enum cts_status judged_log_open(struct session *session, const char *path, struct log_facts *facts);

/* Which expectation file counts: --expect; none with --no-expect; that of the run's --expect; that
 * of the profile with the log's name, where home has one. *path is owned by the caller; NULL: none.
 * CTS_NOMEM, which is printed. */
enum cts_status judged_log_expect(const struct session *session, const struct log_facts *facts,
                                  char **path);

/* Fills session->judge as the run was judged and the options say, with this expectation file (NULL:
 * none). Prints what went wrong. */
enum cts_status judged_log_judge(struct session *session, const struct log_facts *facts,
                                 const char *path);

/* The same with the file that counts; warns where that of the run is not here. */
enum cts_status judged_log_options(struct session *session, const struct log_facts *facts);

/* Judges a log by session->plan, as session->judge says: the run is the caller's. NULL, with the
 * status, after it has printed what went wrong. */
struct judged_run *judged_log_fold(const struct session *session, const char *path,
                                   enum cts_status *status);

/* Plans the run again and judges the log, as session->judge says. The run is the caller's. Prints
 * what went wrong. */
enum cts_status judged_log_read(struct session *session, const char *path,
                                const struct log_facts *facts, struct judged_run **run);

/* Writes the reports that were asked for, json to its path (NULL: none), and prints the summary.
 * status is that of the run; the result the same, unless a report could not be written. */
enum cts_status judged_log_report(struct session *session, const struct judged_run *run,
                                  enum cts_status status, const char *log, const char *json);

/* Frees the plan, which borrows from the facts, and them. */
void judged_log_close(struct session *session, struct log_facts *facts);

#endif
