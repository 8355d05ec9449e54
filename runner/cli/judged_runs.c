#include "judged_runs.h"

#include "../util/fs_path.h"
#include <stdlib.h>

#define LOG_NAME "run.jsonl"

static enum cts_status no_memory(const struct session *session)
{
    struct cts_error err = {0};
    err_set(&err, CTS_NOMEM, "out of memory");
    return session_complain(session, &err);
}

/* The log that an argument means. */
static char *log_path(const char *argument)
{
    return fs_is_dir(argument) ? fs_join(argument, LOG_NAME) : fs_join("", argument);
}

static enum cts_status read_one(struct session *session, const char *argument,
                                struct judged_one *one)
{
    struct cts_error err = {0};
    one->path = log_path(argument);
    if (one->path == NULL) {
        return no_memory(session);
    }
    if (log_facts_read(&one->facts, one->path, &err) != CTS_OK) {
        return session_complain(session, &err);
    }
    enum cts_status status =
        session_judge(session, NULL, &one->facts.profile.claims, session->options->strict, false);
    if (status == CTS_OK) {
        status = judged_log_read(session, one->path, &one->facts, &one->run);
    }
    one->plan = session->plan; /* the next log has its own */
    session->plan = NULL;
    return status;
}

enum cts_status judged_runs_read(struct session *session, struct judged_runs *runs)
{
    const struct string_list *args = &session->options->args;
    *runs = (struct judged_runs){0};
    enum cts_status status = session_home(session);
    if (status == CTS_OK) {
        status = session_tables(session, NULL);
    }
    if (status != CTS_OK) {
        return status;
    }
    runs->items = calloc(args->count, sizeof *runs->items);
    runs->reports = calloc(args->count, sizeof *runs->reports);
    if (runs->items == NULL || runs->reports == NULL) {
        return no_memory(session);
    }
    for (size_t i = 0; i < args->count && status == CTS_OK; i++) {
        struct judged_one *one = &runs->items[runs->count++];
        status = read_one(session, args->items[i], one);
        runs->reports[i] = (struct report){.tables = session->tables,
                                           .plan = one->plan,
                                           .run = one->run,
                                           .status = CTS_OK,
                                           .log = one->path};
    }
    return status;
}

void judged_runs_free(struct judged_runs *runs)
{
    for (size_t i = 0; i < runs->count; i++) {
        struct judged_one *one = &runs->items[i];
        judged_free(one->run);
        plan_free(one->plan);
        log_facts_free(&one->facts);
        free(one->path);
    }
    free(runs->items);
    free(runs->reports);
    *runs = (struct judged_runs){0};
}
