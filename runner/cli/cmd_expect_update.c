/* expect update: the file of expected verdicts that a run would be as expected with. */
#include "../util/fs_path.h"
#include "../util/json_file.h"
#include "judged_log.h"
#include <stdlib.h>
#include <string.h>

/* Which file to write: --expect, else the one that the run was judged by. Another one than that
 * must be asked for. The caller's; NULL, with the status, after it has printed what is wrong. */
static char *choose_file(const struct session *session, const struct log_facts *facts,
                         enum cts_status *status)
{
    const char *of_run = log_facts_option_text(facts, "expect");
    const bool lost = session->options->expect == NULL && of_run != NULL && !fs_exists(of_run);
    char *path = NULL;
    struct cts_error err = {0};
    if (!lost) {
        *status = judged_log_expect(session, facts, &path);
    }
    if (path == NULL && *status == CTS_OK) {
        err_set(&err, CTS_USAGE, "%s%s: --expect names the file to write",
                lost ? of_run : "the run had no file of expected verdicts",
                lost ? " (the file of the run) is not here" : "");
        *status = session_complain(session, &err);
    }
    return path;
}

static void say_verdicts(struct str_buf *out, const struct expect_said *said)
{
    sb_add(out, verdict_name(said->usual));
    for (int i = 0; said->allowed >> i; i++) {
        if ((said->allowed >> i & 1u) && i != (int)said->usual) {
            sb_addf(out, ", %s", verdict_name((enum verdict)i));
        }
    }
}

/* "+ id  fail", "- id  fail", "~ id  fail -> crash", and the reason. */
static void say_change(const struct term *term, const struct expect_change *change)
{
    const bool added = change->from.allowed == 0, removed = change->to.allowed == 0;
    struct str_buf text;
    sb_init(&text, 4096);
    if (!added) {
        say_verdicts(&text, &change->from);
    }
    sb_add(&text, added || removed ? "" : " -> ");
    if (!removed) {
        say_verdicts(&text, &change->to);
    }
    term_printf(term,
                added     ? STYLE_BAD
                : removed ? STYLE_GOOD
                          : STYLE_WARN,
                "%c %s",
                added     ? '+'
                : removed ? '-'
                          : '~',
                change->cases);
    term_printf(term, STYLE_PLAIN, "%s%s  %s\n", change->when != NULL ? " when " : "",
                change->when != NULL ? change->when : "", sb_text(&text));
    if (change->reason != NULL) {
        term_printf(term, STYLE_DIM, "    %s\n", change->reason);
    }
    sb_free(&text);
}

static void say_all(const struct session *session, const struct expect_update *update,
                    const char *path)
{
    size_t added = 0, removed = 0;
    for (size_t i = 0; i < update->count; i++) {
        say_change(&session->out, &update->changes[i]);
        added += update->changes[i].from.allowed == 0;
        removed += update->changes[i].to.allowed == 0;
    }
    if (update->count == 0) {
        term_printf(&session->out, STYLE_PLAIN, "%s: nothing to change\n", path);
    } else {
        term_printf(&session->out, STYLE_PLAIN, "%s: %zu added, %zu changed, %zu removed%s\n", path,
                    added, update->count - added - removed, removed,
                    session->options->dry_run ? " (not written: --dry-run)" : "");
    }
}

/* Cases without a verdict of the implementation leave their entries as they are; who updates by
 * half a run should know. */
static void warn_of_rest(const struct session *session, const struct judged_run *run)
{
    const size_t errors = run->totals[VERDICT_ERROR] - run->outstanding;
    if (run->outstanding > 0) {
        term_printf(&session->messages, STYLE_WARN,
                    "%zu cases of the run have not ended: nothing is changed for them\n",
                    run->outstanding);
    }
    if (errors > 0) {
        term_printf(&session->messages, STYLE_WARN,
                    "%zu cases met a defect of the suite: nothing is changed for them\n", errors);
    }
}

/* Makes, says, writes: the old file stays where anything fails. */
static enum cts_status update_file(const struct session *session, const struct log_facts *facts,
                                   const struct judged_run *run, const char *path)
{
    const char *started = json_string_value(json_object_get(run->header, "started"));
    struct expect_update update = {0};
    struct cts_error err = {0};
    char day[sizeof "2000-01-01"] = "";
    snprintf(day, sizeof day, "%s", started != NULL ? started : "");
    enum cts_status status =
        expect_update(session->expectations, run, session->tables, &session->judge.claims,
                      facts->profile.name, day, &update, &err);
    if (status == CTS_OK) {
        warn_of_rest(session, run);
        if (update.count > 0 && !session->options->dry_run) {
            status = file_write(path, update.text, update.len, &err);
        }
    }
    if (status == CTS_OK) {
        say_all(session, &update, path);
    }
    expect_update_free(&update);
    return status == CTS_OK ? CTS_OK : session_complain(session, &err);
}

int cmd_expect_update(struct session *session)
{
    const char *log = session->options->args.items[0];
    struct log_facts facts = {0};
    struct judged_run *run = NULL;
    char *path = NULL;
    enum cts_status status = judged_log_open(session, log, &facts);
    if (status == CTS_OK) {
        path = choose_file(session, &facts, &status);
    }
    if (path != NULL) {
        status = judged_log_judge(session, &facts, fs_exists(path) ? path : NULL);
    }
    if (status == CTS_OK) {
        status = judged_log_read(session, log, &facts, &run);
    }
    if (status == CTS_OK) {
        status = update_file(session, &facts, run, path);
    }
    judged_free(run);
    judged_log_close(session, &facts);
    free(path);
    return cts_exit_code(status);
}
