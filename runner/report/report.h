/* Reports: folds over a judged run. Pure but for the file that is written. */
#ifndef VSSCTS_REPORT_H
#define VSSCTS_REPORT_H

#include "../judge/judge.h"

/* What a report is made from; everything is borrowed. */
struct report {
    const struct tables *tables;
    const struct plan *plan; /* with programs where the run had some */
    const struct judged_run *run;
    enum cts_status status; /* judge_status() of the run */
    const char *log;        /* path of the event log, or NULL */
    const char *json;       /* path of the JSON report, or NULL: for the summary */
    const char *against;    /* the Windows whose observations the run was held against, or NULL */
    const char *unused_expect; /* one line on entries of the expectation file that match nothing, or
                                  NULL */
};

/* "as expected" and the like: what the printed line and the report call a status. Static. */
const char *report_result_text(enum cts_status status);

/* Writes the JSON report (reports/schema/report.schema.json) to path ("-": standard output), one
 * case in memory at a time. Two runs of a deterministic implementation give equal reports but for
 * what stands below keys named "volatile". CTS_IO, CTS_NOMEM with err. */
enum cts_status report_write_json(const struct report *report, const char *path,
                                  struct cts_error *err);

/* All that the report says but of cases and requirements: what was tested, where, how, and with
 * what result. A new reference; NULL: no memory. */
json_t *report_facts(const struct report *report);

/* The array "requirements": every requirement of the tables, sorted by id, with the number of its
 * selected cases and the worst verdict of those that were run (null where there is no such case).
 * A new reference; NULL: no memory. */
json_t *report_requirements(const struct report *report);

#endif
