/* learn: from logs of Windows what it does. */
#include "../report/observed_learn.h"
#include "../util/fs_path.h"
#include "file_hash.h"
#include "judged_log.h"
#include "observed_path.h"
#include <stdlib.h>
#include <string.h>

/* One log on its way into the observations. */
struct learning_log {
    char *path;
    char hash[SHA256_TEXT];
    struct log_facts facts;
    struct judged_run *run;
    struct learning learning;
};

/* A number and its noun, where there is something to tell. */
static void tell(const struct term *term, enum term_style style, size_t number, const char *text)
{
    if (number > 0) {
        term_printf(term, style, "    %zu %s %s\n", number, number == 1 ? "case" : "cases", text);
    }
}

/* What Windows did against the tables: their expectations are wrong, or were not read right. */
static void tell_contradictions(const struct session *session, const struct judged_run *run)
{
    const struct term *term = &session->out;
    for (size_t i = 0; session->options->verbose && i < run->count; i++) {
        const struct case_verdict *verdict = &run->cases[i];
        if (observed_contradicts(verdict)) {
            console_case(term, NULL, verdict, true);
        }
    }
}

static void tell_learnt(const struct session *session, const struct learning_log *log,
                        const struct learnt *learnt)
{
    const struct term *term = &session->out;
    term_printf(term, STYLE_PLAIN, "%s: %zu cases of %s\n", log->path, learnt->cases,
                log->learning.into->name);
    tell(term, STYLE_PLAIN, learnt->other, "did something that no earlier run had shown");
    tell(term, STYLE_PLAIN, learnt->unsteady, "did not do the same each time in this run");
    tell(term, STYLE_WARN, learnt->outdated, "not learnt: outdated, their steps are others now");
    tell(term, STYLE_PLAIN, learnt->replaced, "observed anew, since their steps have changed");
    tell(term, STYLE_WARN, log->run->outstanding, "outstanding: the run was broken off");
    tell(term, STYLE_WARN, learnt->contradicts,
         session->options->verbose ? "contradict the tables: ours to mend"
                                   : "contradict the tables: ours to mend (-v lists them)");
    tell_contradictions(session, log->run);
}

/* The log is of this suite, and some of its cases have the steps that they have today. */
static enum cts_status check_log(const struct session *session, const struct learning_log *log,
                                 const struct learnt *learnt)
{
    struct cts_error err = {0};
    if (learnt->cases > 0 || learnt->outdated == 0) {
        return CTS_OK;
    }
    const json_t *suite = json_object_get(log->facts.header, "suite");
    const char *tables = json_string_value(json_object_get(suite, "tables"));
    err_set_at(&err, CTS_USAGE, log->path, 1, 0,
               "is of other tables (%s): the steps of all its %zu cases are others now; run them "
               "again with this version of the suite",
               tables != NULL ? tables : "none named", learnt->outdated);
    return session_complain(session, &err);
}

/* Judges the log with the learning as its witness, and adds it. */
static enum cts_status learn_events(struct session *session, struct learning_log *log,
                                    struct learnt *learnt)
{
    struct cts_error err = {0};
    const struct judge_witness witness = {&log->learning, observed_learn_look};
    enum cts_status status = session_judge(session, NULL, &log->facts.profile.claims, false, false);
    if (status == CTS_OK) {
        session->plan = log_facts_plan_cases(&log->facts, session->tables, log->path, &err);
        status = session->plan != NULL ? CTS_OK : session_complain(session, &err);
    }
    if (status == CTS_OK) {
        session->judge.witness = &witness;
        log->run = judged_log_fold(session, log->path, &status);
        session->judge.witness = NULL;
    }
    if (status == CTS_OK && observed_learn_end(&log->learning, log->run, learnt, &err) != CTS_OK) {
        status = session_complain(session, &err);
    }
    return status == CTS_OK ? check_log(session, log, learnt) : status;
}

static enum cts_status learn_one(struct session *session, struct observed *into,
                                 struct learning_log *log, size_t *added)
{
    struct cts_error err = {0};
    struct learnt learnt;
    bool known = false;
    log->learning = (struct learning){.into = into,
                                      .header = log->facts.header,
                                      .log = log->hash,
                                      .by = session->options->by,
                                      .observer = {NULL, session->tables, &log->facts.profile}};
    if (observed_learn_begin(&log->learning, &known, &err) != CTS_OK) {
        snprintf(err.path, sizeof err.path, "%s", log->path);
        return session_complain(session, &err);
    }
    if (known) {
        term_printf(&session->out, STYLE_DIM, "%s: learnt before\n", log->path);
        return CTS_OK;
    }
    const enum cts_status status = learn_events(session, log, &learnt);
    if (status == CTS_OK) {
        tell_learnt(session, log, &learnt);
        ++*added;
    }
    return status;
}

static void close_log(struct session *session, struct learning_log *log)
{
    observed_learn_free(&log->learning);
    judged_free(log->run);
    judged_log_close(session, &log->facts);
    free(log->path);
}

static enum cts_status open_log(const struct session *session, const char *argument,
                                struct learning_log *log)
{
    struct cts_error err = {0};
    *log = (struct learning_log){.path = judged_log_path(argument)};
    if (log->path == NULL) {
        return session_no_memory(session);
    }
    return log_facts_read(&log->facts, log->path, &err) == CTS_OK &&
                   file_hash(log->path, log->hash, &err) == CTS_OK
               ? CTS_OK
               : session_complain(session, &err);
}

/* The file that is there, or an empty one of the Windows that the log is of. *path is the caller's.
 */
static struct observed *open_file(const struct session *session, const struct log_facts *facts,
                                  char **path)
{
    struct cts_error err = {0};
    const char *wanted = session->options->observed_file;
    *path = wanted != NULL ? fs_join("", wanted) : observed_default(session->cases, facts);
    if (*path == NULL) {
        session_no_memory(session);
        return NULL;
    }
    struct observed *into =
        fs_exists(*path) ? observed_load(*path, &err) : observed_new(facts->header, &err);
    if (into == NULL) {
        session_complain(session, &err);
    }
    return into;
}

static enum cts_status write_file(const struct session *session, const struct observed *observed,
                                  const char *path, size_t added)
{
    struct cts_error err = {0};
    const bool write = added > 0 && !session->options->dry_run;
    char *folder = fs_dirname(path);
    enum cts_status status = CTS_OK;
    if (folder == NULL) {
        return session_no_memory(session);
    }
    if (write &&
        (fs_mkdirs(folder, &err) != CTS_OK || observed_write(observed, path, &err) != CTS_OK)) {
        status = session_complain(session, &err);
    } else {
        term_printf(&session->out, STYLE_DIM, "%s: %zu run%s%s\n", path,
                    json_array_size(observed_runs(observed)),
                    json_array_size(observed_runs(observed)) == 1 ? "" : "s",
                    write       ? ""
                    : added > 0 ? ", not written (--dry-run)"
                                : ", as it was");
    }
    free(folder);
    return status;
}

/* All logs, or none: nothing is written where one is refused. */
static enum cts_status learn_all(struct session *session)
{
    const struct string_list *args = &session->options->args;
    struct observed *into = NULL;
    char *path = NULL;
    size_t added = 0;
    enum cts_status status = session_home(session);
    if (status == CTS_OK) {
        status = session_tables(session, NULL);
    }
    for (size_t i = 0; i < args->count && status == CTS_OK; i++) {
        struct learning_log log;
        status = open_log(session, args->items[i], &log);
        if (status == CTS_OK && into == NULL) {
            into = open_file(session, &log.facts, &path);
            status = into != NULL ? CTS_OK : CTS_BAD_FILE;
        }
        if (status == CTS_OK) {
            status = learn_one(session, into, &log, &added);
        }
        close_log(session, &log);
    }
    if (status == CTS_OK) {
        status = write_file(session, into, path, added);
    }
    observed_free(into);
    free(path);
    return status;
}

int cmd_learn(struct session *session)
{
    return cts_exit_code(learn_all(session));
}
