#include "judged_log.h"
#include "../engine/log_write.h"
#include "../report/console.h"
#include "../util/fs_path.h"
#include "cli_home.h"
#include "options_here.h"
#include <stdlib.h>

char *judged_log_path(const char *argument)
{
    return fs_is_dir(argument) ? fs_join(argument, LOG_NAME) : fs_join("", argument);
}

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

/* That of the profile with the log's name. The log may come from another machine: what lies here
 * under the same name is as good as what it names. A profile that cannot be read has none. */
static enum cts_status expect_of_profile(const struct session *session,
                                         const struct log_facts *facts, char **path)
{
    char *profile_path = home_profile_path(session->home, facts->profile.name);
    struct cts_error err = {0};
    struct profile *profile =
        profile_path != NULL ? profile_load(profile_path, facts->profile.arch, &err) : NULL;
    if (profile != NULL && profile->expectations != NULL && fs_exists(profile->expectations)) {
        *path = fs_join("", profile->expectations);
    }
    profile_free(profile);
    free(profile_path);
    return err.status == CTS_NOMEM ? session_complain(session, &err) : CTS_OK;
}

enum cts_status judged_log_expect(const struct session *session, const struct log_facts *facts,
                                  char **path)
{
    const struct cli_options *options = session->options;
    const char *of_run = log_facts_option_text(facts, "expect");
    *path = NULL;
    if (options->expect != NULL) {
        *path = fs_join("", options->expect);
    } else if (options->no_expect || log_facts_option(facts, "no_expect")) {
        return CTS_OK;
    } else if (of_run != NULL && fs_exists(of_run)) {
        *path = fs_join("", of_run);
    } else {
        return expect_of_profile(session, facts, path);
    }
    return CTS_OK;
}

/* The run was judged with a file that cannot be found: the verdicts are the same without it, but
 * not what they are held against. */
static void warn_of_expectations(const struct session *session, const struct log_facts *facts,
                                 const char *path)
{
    const char *of_run = log_facts_option_text(facts, "expect");
    if (path == NULL && of_run != NULL && !session->options->no_expect) {
        term_printf(&session->messages, STYLE_WARN,
                    "the expectation file of the run, %s, is not here: none is used (--expect "
                    "names one)\n",
                    of_run);
    }
}

enum cts_status judged_log_judge(struct session *session, const struct log_facts *facts,
                                 const char *path)
{
    const struct cli_options *options = session->options;
    return session_judge(session, path, &facts->profile.claims,
                         options->strict || log_facts_option(facts, "strict"),
                         options->flaky_pass || log_facts_option(facts, "flaky_pass"));
}

/* What the run was held against counts again, unless another is named, or none. */
static const char *against_of_log(const struct session *session, const struct log_facts *facts)
{
    const struct cli_options *options = session->options;
    if (options->against != NULL || options->no_against) {
        return options->against;
    }
    return log_facts_option_text(facts, "against");
}

enum cts_status judged_log_options(struct session *session, const struct log_facts *facts)
{
    char *path = NULL;
    enum cts_status status = judged_log_expect(session, facts, &path);
    if (status == CTS_OK) {
        warn_of_expectations(session, facts, path);
        status = judged_log_judge(session, facts, path);
    }
    if (status == CTS_OK) {
        status = session_against(session, against_of_log(session, facts), &facts->profile);
    }
    free(path);
    return status;
}

/* Commands to be run again and files are told as they are here. */
static struct judged_run *with_options_here(struct judged_run *run, struct cts_error *err)
{
    json_t *header = json_copy(run->header), *options = options_here(run->header);
    if (header == NULL || options == NULL || json_object_set(header, "options", options) != 0) {
        err_set(err, CTS_NOMEM, "out of memory");
        json_decref(header);
        json_decref(options);
        judged_free(run);
        return NULL;
    }
    json_decref(options);
    json_decref(run->header);
    run->header = header;
    return run;
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
    if (run != NULL && run->header != NULL) {
        run = with_options_here(run, &err);
    }
    *status = run != NULL ? CTS_OK : session_complain(session, &err);
    return run;
}

/* Judges by the selection of the run. *run stays NULL where the cases of the log are others. */
static enum cts_status read_by_options(struct session *session, const char *path,
                                       const struct log_facts *facts, struct judged_run **run)
{
    struct cts_error err = {0};
    enum cts_status status = CTS_OK;
    session->plan = log_facts_plan(facts, session->tables, &err);
    if (session->plan == NULL) {
        return err.status == CTS_OK ? CTS_OK : session_complain(session, &err);
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

enum cts_status judged_log_report(struct session *session, const struct judged_run *run,
                                  enum cts_status status, const char *log, const char *json)
{
    char *unused = session_unused(session);
    const struct report report = {.tables = session->tables,
                                  .plan = session->plan,
                                  .run = run,
                                  .status = status,
                                  .log = log,
                                  .json = json,
                                  .against = session_observed_name(session),
                                  .unused_expect = unused};
    status = session_reports(session, &report);
    if (!session->options->quiet) {
        console_header(&session->out, run->header);
    }
    console_summary(&session->out, &report, session_detail(session->options));
    free(unused);
    return status;
}

void judged_log_close(struct session *session, struct log_facts *facts)
{
    plan_free(session->plan);
    session->plan = NULL;
    log_facts_free(facts);
}
