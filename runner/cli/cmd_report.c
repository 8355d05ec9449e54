/* report: judge an event log again. */
#include "judged_log.h"

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
        status = judged_log_report(session, run, judge_status(run, &session->judge), path,
                                   session->options->json);
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
