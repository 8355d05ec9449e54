/* coverage, questions: what the cases cover, and what they leave open. */
#include "../report/coverage_report.h"
#include "../report/questions_report.h"
#include "judged_log.h"
#include "observed_path.h"

/* The tables, and the log where the command line names one; *run is the caller's, NULL without a
 * log. */
static enum cts_status read_all(struct session *session, struct log_facts *facts,
                                struct judged_run **run)
{
    const struct string_list *args = &session->options->args;
    enum cts_status status = session_console(session);
    *run = NULL;
    if (status == CTS_OK && args->count > 0) {
        status = judged_log_open(session, args->items[0], facts);
        if (status == CTS_OK) {
            status = session_judge(session, NULL, &facts->profile.claims, false, false);
        }
        return status == CTS_OK ? judged_log_read(session, args->items[0], facts, run) : status;
    }
    if (status == CTS_OK) {
        status = session_home(session);
    }
    return status == CTS_OK ? session_tables(session, NULL) : status;
}

static const json_t *header_of(const struct judged_run *run)
{
    return run != NULL ? run->header : NULL;
}

/* --- coverage --- */

/* Is enough covered? Says what is not. */
static enum cts_status hold_to(const struct session *session, const struct coverage *coverage)
{
    enum cover_kind kind = COVER_METHOD;
    struct cts_error err = {0};
    const double least = coverage_least(coverage, &kind);
    const unsigned wanted = session->options->require;
    if (wanted == 0 || least >= (double)wanted) {
        return CTS_OK;
    }
    err_set(&err, CTS_UNEXPECTED,
            "%s: %.1f %% are checked, asked about or have a reason, %u %% are required",
            cover_kind_title(kind), least, wanted);
    return session_complain(session, &err);
}

static enum cts_status tell_coverage(const struct session *session, const struct judged_run *run,
                                     const struct coverage *coverage)
{
    const struct cli_options *options = session->options;
    const struct coverage_choice choice = {.missing = options->missing, .method = options->method};
    const struct term *term = &session->out;
    struct cts_error err = {0};
    if (options->json != NULL &&
        coverage_write_json(coverage, header_of(run), options->json, &err) != CTS_OK) {
        return session_complain(session, &err);
    }
    if (run != NULL) {
        console_header(term, run->header);
    }
    coverage_print_totals(term, coverage);
    if (options->states) {
        coverage_print_states(term, coverage, &choice);
    }
    if ((options->missing || (options->method != NULL && !options->states)) &&
        coverage_print_entries(term, coverage, &choice) == 0 && options->method != NULL &&
        !options->missing) {
        err_set(&err, CTS_USAGE, "--method: no method is '%s'", options->method);
        return session_complain(session, &err);
    }
    return hold_to(session, coverage);
}

/* Of the run, or of the tables alone where there is none. */
static struct coverage *covered(const struct session *session, const struct judged_run *run,
                                const struct log_facts *facts, struct cts_error *err)
{
    if (run != NULL) {
        return coverage_of_run(session->tables, session->plan, run, &facts->profile.claims, err);
    }
    struct coverage *coverage = cover_new(session->tables, NULL);
    if (coverage == NULL) {
        err_set(err, CTS_NOMEM, "out of memory");
    }
    return coverage;
}

int cmd_coverage(struct session *session)
{
    struct log_facts facts = {0};
    struct judged_run *run = NULL;
    enum cts_status status = read_all(session, &facts, &run);
    if (status == CTS_OK) {
        struct cts_error err = {0};
        struct coverage *coverage = covered(session, run, &facts, &err);
        status = coverage != NULL ? tell_coverage(session, run, coverage)
                                  : session_complain(session, &err);
        cover_free(coverage);
    }
    judged_free(run);
    judged_log_close(session, &facts);
    return cts_exit_code(status);
}

/* --- questions --- */

static enum cts_status tell_questions(const struct session *session, const struct judged_run *run,
                                      const struct observed_all *observed)
{
    const struct cli_options *options = session->options;
    const struct questions_report report = {.tables = session->tables,
                                            .run = run,
                                            .chosen = options->questions,
                                            .observed_count = observed->count,
                                            .observed = observed->items};
    struct cts_error err = {0};
    if (options->json != NULL && questions_write_json(&report, options->json, &err) != CTS_OK) {
        return session_complain(session, &err);
    }
    if (run != NULL) {
        console_header(&session->out, run->header);
    }
    const size_t count = questions_print(&session->out, &report);
    if (count == 0 && options->questions.count > 0) {
        err_set(&err, CTS_USAGE, "--question: no question is '%s'", options->questions.items[0]);
        return session_complain(session, &err);
    }
    term_printf(&session->out, STYLE_DIM, "%s%zu question%s\n", count > 0 ? "\n" : "", count,
                count == 1 ? "" : "s");
    return CTS_OK;
}

int cmd_questions(struct session *session)
{
    struct log_facts facts = {0};
    struct judged_run *run = NULL;
    enum cts_status status = read_all(session, &facts, &run);
    struct observed_all observed = {0};
    struct cts_error err = {0};
    if (status == CTS_OK && observed_all_load(&observed, session->cases, &err) != CTS_OK) {
        status = session_complain(session, &err);
    }
    if (status == CTS_OK) {
        status = tell_questions(session, run, &observed);
    }
    observed_all_free(&observed);
    judged_free(run);
    judged_log_close(session, &facts);
    return cts_exit_code(status);
}
