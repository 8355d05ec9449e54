/* run: plan, engine with a live fold, summary, report. */
#include "../report/progress.h"
#include "../util/fs_path.h"
#include "cli_resume.h"
#include "cli_session.h"
#include "cli_terminal.h"
#include "judged_log.h"
#include "run_facts.h"
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#define RUN_PATH_MAX ((size_t)32 * 1024)

/* One run, as the engine's callbacks see it. */
struct run {
    struct session *session;
    struct resume resume;
    struct progress progress;
    char *out_dir, *json_path;
};

/* --- what the engine tells --- */

static void tell_header(const struct run *run, const json_t *header)
{
    const struct session *session = run->session;
    if (!session->options->quiet) {
        console_header(&session->out, header);
        fflush(session->out.out);
    }
}

static void tell_resume(const struct run *run)
{
    const struct session *session = run->session;
    if (!session->options->quiet) {
        term_printf(&session->out, STYLE_PLAIN, "goes on: %zu of %zu executions had ended\n",
                    run->resume.ended, run->progress.total);
        fflush(session->out.out);
    }
}

static void on_event(void *context, const json_t *event)
{
    struct run *run = context;
    const char *kind = json_string_value(json_object_get(event, "e"));
    const json_int_t ms = json_integer_value(json_object_get(event, "t"));

    if (kind != NULL && strcmp(kind, "header") == 0) {
        tell_header(run, event);
    } else if (kind != NULL && strcmp(kind, "resume") == 0) {
        tell_header(run, run->resume.facts.header);
        tell_resume(run);
    }
    if (kind != NULL && strcmp(kind, "footer") != 0) {
        progress_show(&run->progress, ms > 0 ? (uint64_t)ms : 0);
    }
}

/* A verdict that cannot be had is not looked at again. */
static bool on_again(void *context, const struct plan_case *planned, const json_t *const *events,
                     size_t count)
{
    struct run *run = context;
    const struct session *session = run->session;
    struct case_verdict verdict;
    struct cts_error err = {0};

    if (judge_execution(session->tables, planned, events, count, &session->judge, &verdict, &err) !=
        CTS_OK) {
        return false;
    }
    const bool again = judge_again(&verdict, &session->judge);
    progress_count(&run->progress, verdict.verdict);
    verdict_clear(&verdict);
    return again;
}

/* --- before the run --- */

/* Letters, digits, '.', '-' and '_' of the name; the rest becomes '_'. */
static char *default_out(const struct profile *profile)
{
    struct str_buf buf;
    sb_init(&buf, RUN_PATH_MAX);
    sb_add(&buf, "out/");
    for (const char *at = profile->name; *at != '\0'; at++) {
        const char c = *at;
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
        sb_addc(&buf, plain ? c : '_');
    }
    sb_addf(&buf, "-%s", arch_name(profile->arch));
    return sb_take(&buf, NULL);
}

static uint64_t choose_seed(const struct cli_options *options)
{
    uint64_t seed = 0;
    if (options->seed.given) {
        return options->seed.value;
    }
    if (options->shuffle && uv_random(NULL, NULL, &seed, sizeof seed, 0, NULL) == 0) {
        return seed >> 16; /* short enough to be typed again, and whole in any JSON reader */
    }
    return 0;
}

static size_t to_run(const struct plan *plan)
{
    size_t number = 0;
    for (size_t i = 0; i < plan->count; i++) {
        number += plan->cases[i].skip == NULL;
    }
    return number;
}

static enum cts_status check_least(const struct session *session)
{
    const unsigned least = session->options->min_cases;
    const size_t number = to_run(session->plan);
    struct cts_error err = {0};
    if (number >= least) {
        return CTS_OK;
    }
    err_set(&err, CTS_NOTHING, "%zu cases are left to run, --min-cases wants %u", number, least);
    return session_complain(session, &err);
}

/* Everything up to the first worker. */
static enum cts_status prepare(struct run *run)
{
    struct session *session = run->session;
    const struct cli_options *options = session->options;
    struct cts_error err = {0};

    if (options->iut == NULL) {
        err_set(&err, CTS_USAGE, "run needs --iut: a profile (reference, wine), or a DLL");
        return session_complain(session, &err);
    }
    enum cts_status status = session_whole(session, choose_seed(options), options->dry_run);
    if (status == CTS_OK) {
        status = check_least(session);
    }
    return status == CTS_OK && run->resume.wanted ? resume_read(session, &run->resume) : status;
}

static void dry_run(const struct session *session)
{
    const struct term *term = &session->out;
    const struct plan *plan = session->plan;
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_case *planned = &plan->cases[i];
        if (planned->skip != NULL) {
            term_printf(term, STYLE_DIM, "skip  %s  (%s)\n", planned->test->id, planned->skip);
        } else {
            term_printf(term, STYLE_PLAIN, "run   %s%s%s\n", planned->test->id,
                        planned->test->fresh || session->options->isolate ? "  [fresh]" : "",
                        planned->test->exclusive ? "  [exclusive]" : "");
        }
    }
    term_printf(term, STYLE_DIM, "%zu cases: %zu to run, %zu skipped\n", plan->count, to_run(plan),
                plan->count - to_run(plan));
}

/* --- the run --- */

static enum cts_status start_engine(struct run *run, struct eng_result *result)
{
    const struct session *session = run->session;
    const struct cli_options *options = session->options;
    struct cts_error err = {0};
    const struct eng_callbacks callbacks = {.context = run, .event = on_event, .again = on_again};
    struct eng_options engine = {.home = session->home,
                                 .worker = options->worker,
                                 .out_dir = run->out_dir,
                                 .wine = options->wine,
                                 .wine_prefix = options->wine_prefix,
                                 .jobs = options->in_order ? 1 : options->jobs,
                                 .repeat = options->repeat > 0 ? options->repeat : 1,
                                 .time_scale = options->time_scale,
                                 .isolate = options->isolate,
                                 .each_allocation = options->each_allocation,
                                 .no_retry = options->no_retry,
                                 .earlier = resume_earlier(&run->resume)};

    engine.header = run_facts(options, session_expect_path(session), session->shard, run->out_dir);
    if (engine.header == NULL) {
        return session_no_memory(session);
    }
    const enum cts_status status =
        eng_run(session->plan, session->profile, &engine, &callbacks, result, &err);
    json_decref(engine.header);
    progress_hide(&run->progress);
    if (status != CTS_OK && status != CTS_INTERRUPTED) {
        err.status = status;
        return session_complain(session, &err);
    }
    return CTS_OK;
}

/* Folds, prints, writes; the status is that of the judged run, unless the report failed. */
static enum cts_status conclude(struct run *run, const struct eng_result *result)
{
    const struct session *session = run->session;
    const struct cli_options *options = session->options;
    char *unused = NULL;
    enum cts_status status = CTS_OK;
    /* The log is the truth of the run: the verdicts come from what stands in it. */
    struct judged_run *judged = judged_log_fold(session, result->log_path, &status);
    if (judged == NULL) {
        return status;
    }
    status = judge_status(judged, &session->judge);
    unused = session_unused(session);
    const struct report report = {.tables = session->tables,
                                  .plan = session->plan,
                                  .run = judged,
                                  .status = status,
                                  .log = result->log_path,
                                  .json = run->json_path,
                                  .against = session_observed_name(session),
                                  .unused_expect = unused};
    status = session_reports(session, &report);
    console_summary(&session->out, &report, session_detail(options));
    free(unused);
    judged_free(judged);
    return status;
}

static enum cts_status make_paths(struct run *run)
{
    const struct cli_options *options = run->session->options;
    run->out_dir =
        options->out != NULL ? fs_join("", options->out) : default_out(run->session->profile);
    if (run->out_dir != NULL) {
        run->json_path = options->json != NULL ? fs_join("", options->json)
                                               : fs_join(run->out_dir, "report.json");
    }
    if (run->json_path == NULL) {
        return session_no_memory(run->session);
    }
    return CTS_OK;
}

/* An older report must not pass for that of a run that ends without one. */
static void remove_report(const char *path)
{
    uv_fs_t request;
    if (strcmp(path, "-") != 0) {
        uv_fs_unlink(NULL, &request, path, NULL);
        uv_fs_req_cleanup(&request);
    }
}

static void remove_reports(const struct run *run)
{
    const struct cli_reports *reports = &run->session->reports;
    remove_report(run->json_path);
    for (size_t i = 0; i < reports->count; i++) {
        remove_report(reports->targets[i].path);
    }
}

/* Runs what is left; a run that is over has its log already. */
static enum cts_status run_rest(struct run *run, struct eng_result *result)
{
    const struct session *session = run->session;
    const unsigned repeat = session->options->repeat > 0 ? session->options->repeat : 1;
    progress_init(&run->progress, session->options->quiet ? NULL : &session->messages,
                  to_run(session->plan) * repeat);
    run->progress.done = run->resume.ended;
    if (!run->resume.progress.over) {
        return start_engine(run, result);
    }
    tell_header(run, run->resume.facts.header);
    tell_resume(run);
    snprintf(result->log_path, sizeof result->log_path, "%s", run->resume.log);
    return CTS_OK;
}

static enum cts_status execute(struct run *run)
{
    struct eng_result result = {0};
    enum cts_status status = make_paths(run);
    if (status == CTS_OK) {
        remove_reports(run);
        status = run_rest(run, &result);
    }
    if (status == CTS_OK) {
        status = conclude(run, &result);
    }
    free(run->out_dir);
    free(run->json_path);
    return status;
}

int cmd_run(struct session *session)
{
    struct run run = {.session = session};
    const struct cli_options *given = session->options;
    enum cts_status status = resume_open(session, &run.resume);
    if (status == CTS_OK) {
        status = session_console(session);
    }
    if (status == CTS_OK) {
        status = prepare(&run);
    }
    const bool dry = status == CTS_OK && session->options->dry_run;
    if (dry) {
        dry_run(session);
    } else if (status == CTS_OK) {
        status = execute(&run);
    }
    session->options = given;
    resume_close(&run.resume);
    return dry ? cts_exit_code(CTS_OK) : console_result(&session->out, status, NULL);
}
