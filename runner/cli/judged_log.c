#include "judged_log.h"

enum cts_status judged_log_open(struct session *session, const char *path, struct log_facts *facts)
{
    struct cts_error err = {0};
    enum cts_status status = session_home(session);
    if (status == CTS_OK) {
        status = session_tables(session, NULL);
    }
    if (status == CTS_OK && log_facts_read(facts, path, &err) != CTS_OK) {
        status = session_complain(session, &err);
    }
    return status;
}

struct judged_run *judged_log_fold(const struct session *session, const char *path,
                                   enum cts_status *status)
{
    struct cts_error err = {0};
    struct judged_run *run = NULL;
    struct fold *fold = fold_new(session->tables, session->plan, &session->judge);
    if (fold == NULL) {
        err_set(&err, CTS_NOMEM, "out of memory");
    } else if (fold_log(fold, path, &err) != CTS_OK) {
        judged_free(fold_end(fold, NULL));
    } else {
        run = fold_end(fold, &err);
    }
    *status = run != NULL ? CTS_OK : session_complain(session, &err);
    return run;
}

/* Judges by the selection of the run. *run stays NULL where the cases of the log are others. */
static enum cts_status read_by_options(struct session *session, const char *path,
                                       const struct log_facts *facts, struct judged_run **run)
{
    enum cts_status status = CTS_OK;
    session->plan = log_facts_plan(facts, session->tables);
    if (session->plan == NULL) {
        return CTS_OK;
    }
    *run = judged_log_fold(session, path, &status);
    if (*run != NULL && (*run)->unplanned > 0) {
        judged_free(*run);
        *run = NULL;
        plan_free(session->plan);
        session->plan = NULL;
    }
    return status;
}

enum cts_status judged_log_read(struct session *session, const char *path,
                                const struct log_facts *facts, struct judged_run **run)
{
    struct cts_error err = {0};
    *run = NULL;
    enum cts_status status = read_by_options(session, path, facts, run);
    if (status != CTS_OK || *run != NULL) {
        return status;
    }
    session->plan = log_facts_plan_cases(facts, session->tables, path, &err);
    if (session->plan == NULL) {
        return session_complain(session, &err);
    }
    *run = judged_log_fold(session, path, &status);
    return status;
}

void judged_log_close(struct session *session, struct log_facts *facts)
{
    plan_free(session->plan);
    session->plan = NULL;
    log_facts_free(facts);
}
