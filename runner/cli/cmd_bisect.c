/* bisect: which cases must run before one so that it goes wrong? */
#include "../util/fs_path.h"
#include "../util/reduce.h"
#include "cli_resume.h"
#include "judged_log.h"
#include "ran_before.h"
#include <stdlib.h>
#include <string.h>

#define SHOWN_IDS 20 /* more cases than this are not printed */

struct bisect {
    struct session *session;
    struct resume told; /* the run that the log is of */
    struct ran_before before;
    char *out_dir;
    unsigned times;         /* a question is asked so often before it counts as answered with no */
    enum cts_status status; /* of the engine */
    /* of the run that is under way */
    unsigned first_worker;
    bool same_worker, shown;
    enum verdict verdict; /* of the last execution of the case */
};

/* --- one run --- */

static void on_event(void *context, const json_t *event)
{
    struct bisect *bisect = context;
    const char *kind = json_string_value(json_object_get(event, "e"));
    if (kind == NULL || strcmp(kind, "begin") != 0) {
        return;
    }
    const unsigned worker = (unsigned)json_integer_value(json_object_get(event, "worker"));
    bisect->first_worker = bisect->first_worker == 0 ? worker : bisect->first_worker;
    bisect->same_worker = worker == bisect->first_worker;
}

/* The case comes last. One that went wrong otherwise, or in another worker since one before it
 * ended that, shows nothing. */
static bool on_again(void *context, const struct plan_case *planned, const json_t *const *events,
                     size_t count)
{
    struct bisect *bisect = context;
    const struct session *session = bisect->session;
    struct case_verdict verdict;
    struct cts_error err = {0};
    if (planned->test != session->plan->cases[bisect->before.target].test ||
        judge_execution(session->tables, planned, events, count, &session->judge, &verdict, &err) !=
            CTS_OK) {
        return false;
    }
    bisect->verdict = verdict.verdict;
    bisect->shown = bisect->same_worker && verdict.verdict == bisect->before.verdict &&
                    judge_again(&verdict, &session->judge);
    verdict_clear(&verdict);
    return false;
}

/* Runs these cases, and then the case, one after the other in one worker. */
static enum cts_status run_once(struct bisect *bisect, const size_t *items, size_t count,
                                struct cts_error *err)
{
    const struct session *session = bisect->session;
    const struct cli_options *options = session->options;
    const struct eng_callbacks callbacks = {
        .context = bisect, .event = on_event, .again = on_again};
    const struct eng_options engine = {.home = session->home,
                                       .worker = options->worker,
                                       .out_dir = bisect->out_dir,
                                       .wine = options->wine,
                                       .wine_prefix = options->wine_prefix,
                                       .jobs = 1,
                                       .repeat = 1,
                                       .time_scale = options->time_scale};
    const struct test_case **all = calloc(count + 1, sizeof *all);
    struct plan *part = NULL;
    enum cts_status status = CTS_NOMEM;
    for (size_t i = 0; all != NULL && i <= count; i++) {
        all[i] = session->plan->cases[i < count ? items[i] : bisect->before.target].test;
    }
    if (all != NULL) {
        part = plan_part(session->plan, all, count + 1);
    }
    bisect->first_worker = 0;
    bisect->shown = bisect->same_worker = false;
    if (part != NULL) {
        status = eng_run(part, session->profile, &engine, &callbacks, NULL, err);
    } else {
        err_set(err, CTS_NOMEM, "out of memory");
    }
    plan_free(part);
    free(all);
    return status;
}

/* Asks so often as it is to be asked, and says what came. */
static enum reduce_answer ask(void *context, const size_t *items, size_t count)
{
    struct bisect *bisect = context;
    const struct session *session = bisect->session;
    struct cts_error err = {0};
    bool shown = false;
    for (unsigned i = 0; i < bisect->times && !shown; i++) {
        bisect->status = run_once(bisect, items, count, &err);
        if (bisect->status != CTS_OK) {
            err.status = bisect->status;
            session_complain(session, &err);
            return REDUCE_STOP;
        }
        shown = bisect->shown;
    }
    if (!session->options->quiet) {
        term_printf(&session->messages, STYLE_PLAIN, "after %5zu %s: %s\n", count,
                    count == 1 ? "case " : "cases", verdict_name(bisect->verdict));
    }
    return shown ? REDUCE_SHOWN : REDUCE_NOT_SHOWN;
}

/* --- the whole --- */

/* The run of the log, planned again; what is said anew of where files lie counts. */
static enum cts_status open_run(struct bisect *bisect, const char *log, struct cli_options *given)
{
    struct session *session = bisect->session;
    char *folder = fs_is_dir(log) ? fs_join("", log) : fs_dirname(log);
    *given = *session->options;
    given->args = (struct string_list){0};
    given->out = NULL;
    given->repeat = 0;
    given->resume = folder;
    bisect->times = session->options->repeat > 0 ? session->options->repeat : 1;
    bisect->out_dir = session->options->out != NULL ? fs_join("", session->options->out)
                      : folder != NULL              ? fs_join(folder, "bisect")
                                                    : NULL;
    if (bisect->out_dir == NULL) {
        free(folder);
        return session_no_memory(session);
    }
    session->options = given;
    enum cts_status status = resume_open(session, &bisect->told);
    if (status == CTS_OK) {
        status = session_whole(session, 0, false);
    }
    given->resume = NULL;
    free(folder);
    return status;
}

static void print_found(const struct bisect *bisect)
{
    const struct session *session = bisect->session;
    const struct plan_case *cases = session->plan->cases;
    const struct ran_before *before = &bisect->before;
    const json_t *options = json_object_get(bisect->told.facts.header, "options");
    const char *again = json_string_value(json_object_get(options, "reproduce"));

    term_printf(&session->out, STYLE_PLAIN, "%s is %s after\n", cases[before->target].test->id,
                verdict_name(before->verdict));
    for (size_t i = 0; i < before->count && i < SHOWN_IDS; i++) {
        term_printf(&session->out, STYLE_PLAIN, "    %s\n", cases[before->items[i]].test->id);
    }
    if (before->count > SHOWN_IDS) {
        term_printf(&session->out, STYLE_PLAIN, "    and %zu more\n", before->count - SHOWN_IDS);
        return;
    }
    term_printf(&session->out, STYLE_PLAIN,
                "in the same worker, and not alone\n    again     %s "
                "--in-order --no-retry",
                again != NULL ? again : "vsscts run");
    for (size_t i = 0; i < before->count; i++) {
        term_printf(&session->out, STYLE_PLAIN, " %s", cases[before->items[i]].test->id);
    }
    term_printf(&session->out, STYLE_PLAIN, " %s\n", cases[before->target].test->id);
}

/* Alone, with all that ran before, and with less and less of that. */
static enum cts_status search(struct bisect *bisect)
{
    struct ran_before *before = &bisect->before;
    size_t *spare = calloc(before->count + 1, sizeof *spare);
    if (spare == NULL) {
        return session_no_memory(bisect->session);
    }
    enum reduce_answer answer = ask(bisect, before->items, 0);
    if (answer == REDUCE_SHOWN) {
        bisect->status = CTS_UNEXPECTED;
    } else if (answer == REDUCE_NOT_SHOWN) {
        answer = ask(bisect, before->items, before->count);
        bisect->status = answer == REDUCE_NOT_SHOWN ? CTS_NOT_SHOWN : bisect->status;
    }
    if (bisect->status == CTS_UNEXPECTED) {
        term_printf(&bisect->session->out, STYLE_PLAIN,
                    "it goes wrong alone, too: what ran before is not the reason\n");
    } else if (bisect->status == CTS_NOT_SHOWN) {
        term_printf(
            &bisect->session->out, STYLE_PLAIN,
            "it does not go wrong again, not even after all that ran before; try --repeat 10\n");
    }
    if (bisect->status == CTS_OK &&
        reduce_items(before->items, &before->count, spare, ask, bisect)) {
        print_found(bisect);
    }
    free(spare);
    return bisect->status;
}

int cmd_bisect(struct session *session)
{
    struct bisect bisect = {.session = session};
    const struct cli_options *options = session->options;
    const char *id = options->args.items[1];
    struct cli_options given;
    struct cts_error err = {0};
    char *log = judged_log_path(options->args.items[0]);
    enum cts_status status = log != NULL ? open_run(&bisect, options->args.items[0], &given)
                                         : err_set(&err, CTS_NOMEM, "out of memory");
    if (status == CTS_OK && ran_before_read(session, log, id, &bisect.before, &err) != CTS_OK) {
        status = session_complain(session, &err);
    }
    if (status == CTS_OK) {
        term_printf(&session->messages, STYLE_PLAIN,
                    "%s was %s in execution %u; worker %u had run %zu cases before\n", id,
                    verdict_name(bisect.before.verdict), bisect.before.run, bisect.before.worker,
                    bisect.before.count);
        status = search(&bisect);
    }
    session->options = options;
    ran_before_free(&bisect.before);
    resume_close(&bisect.told);
    free(bisect.out_dir);
    free(log);
    const char *good = "found";
    return console_result(&session->out, status, good);
}
