/* report: judge an event log again. */
#include "../report/console.h"
#include "../util/fs_path.h"
#include "cli_home.h"
#include "judged_log.h"
#include <stdlib.h>
#include <string.h>

/* Which expectation file counts: --expect; none with --no-expect; that of the run's --expect; that
 * of the profile with the log's name, where home has one. Owned by the caller; NULL: none. */
static char *expect_path(const struct session *session, const struct log_facts *facts)
{
    const struct cli_options *options = session->options;
    const char *of_run = log_facts_option_text(facts, "expect");
    char *path = NULL;

    if (options->expect != NULL) {
        return fs_join("", options->expect);
    }
    if (options->no_expect || log_facts_option(facts, "no_expect")) {
        return NULL;
    }
    if (of_run != NULL && fs_exists(of_run)) {
        return fs_join("", of_run);
    }
    /* The log may come from another machine: what lies here under the same name is as good. */
    char *profile_path = home_profile_path(session->home, facts->profile.name);
    struct profile *profile =
        profile_path != NULL ? profile_load(profile_path, facts->profile.arch, NULL) : NULL;
    if (profile != NULL && profile->expectations != NULL && fs_exists(profile->expectations)) {
        path = fs_join("", profile->expectations);
    }
    profile_free(profile);
    free(profile_path);
    return path;
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

static enum cts_status prepare_judge(struct session *session, const struct log_facts *facts)
{
    const struct cli_options *options = session->options;
    char *path = expect_path(session, facts);
    warn_of_expectations(session, facts, path);
    const enum cts_status status = session_judge(
        session, path, &facts->profile.claims, options->strict || log_facts_option(facts, "strict"),
        options->flaky_pass || log_facts_option(facts, "flaky_pass"));
    free(path);
    return status;
}

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
        status = prepare_judge(session, facts);
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
