/* report: judge an event log again. */
#include "../report/console.h"
#include "judged_log.h"
#include <stdlib.h>

static enum cts_status write_all(struct session *session, const struct judged_run *run,
                                 enum cts_status status)
{
    const struct cli_options *options = session->options;
    char *unused = session_unused(session);
    const struct report report = {.tables = session->tables,
                                  .plan = session->plan,
                                  .run = run,
                                  .status = status,
                                  .log = options->args.items[0],
                                  .json = options->json,
                                  .unused_expect = unused};
    status = session_reports(session, &report);
    if (!options->quiet) {
        console_header(&session->out, run->header);
    }
    console_summary(&session->out, &report, session_detail(options));
    free(unused);
    return status;
}

static enum cts_status report_log(struct session *session, struct log_facts *facts)
{
    const char *path = session->options->args.items[0];
    struct judged_run *run = NULL;
    enum cts_status status = judged_log_open(session, path, facts);
    if (status == CTS_OK) {
        status = judged_log_options(session, facts);
    }
    if (status == CTS_OK) {
        status = judged_log_read(session, path, facts, &run);
    }
    if (status == CTS_OK) {
        status = write_all(session, run, judge_status(run, &session->judge));
    }
    judged_free(run);
    return status;
}

int cmd_report(struct session *session)
{
    struct log_facts facts = {0};
    enum cts_status status = session_console(session);
    if (status == CTS_OK) {
        status = report_log(session, &facts);
    }
    judged_log_close(session, &facts);
    return console_result(&session->out, status, NULL);
}
