/* merge: the logs of the parts of a run, joined to one and judged. */
#include "../engine/log_write.h"
#include "../report/console.h"
#include "../report/json_stream.h"
#include "../report/merge.h"
#include "../util/fs_path.h"
#include "judged_log.h"
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#define MISSING_MAX ((size_t)4 << 20)

struct merging {
    struct session *session;
    size_t count; /* of logs, in the order of the arguments */
    char **paths;
    struct log_facts *facts;
    const json_t **headers;
    struct plan *plan;
    struct merge merge;
    char *log, *json; /* what is written */
    bool over;
};

static enum cts_status no_memory(struct cts_error *err)
{
    return err_set(err, CTS_NOMEM, "out of memory");
}

/* --- what is joined --- */

static bool find_file(const char *path, uv_stat_t *found)
{
    uv_fs_t request;
    const bool is_there = uv_fs_stat(NULL, &request, path, NULL) == 0;
    if (is_there) {
        *found = request.statbuf;
    }
    uv_fs_req_cleanup(&request);
    return is_there;
}

/* Do two names lead to the same file? */
static bool is_same_file(const char *a, const char *b)
{
    uv_stat_t left, right;
    return find_file(a, &left) && find_file(b, &right) && left.st_dev == right.st_dev &&
           left.st_ino == right.st_ino;
}

static enum cts_status make_paths(struct merging *merging, struct cts_error *err)
{
    const struct cli_options *options = merging->session->options;
    if (options->out == NULL) {
        return err_set(err, CTS_USAGE, "merge needs --out: the folder for the joined log");
    }
    merging->log = fs_join(options->out, LOG_NAME);
    merging->json =
        options->json != NULL ? fs_join("", options->json) : fs_join(options->out, "report.json");
    return merging->log != NULL && merging->json != NULL ? CTS_OK : no_memory(err);
}

static enum cts_status open_logs(struct merging *merging, struct cts_error *err)
{
    const struct string_list *args = &merging->session->options->args;
    merging->paths = calloc(args->count, sizeof *merging->paths);
    merging->facts = calloc(args->count, sizeof *merging->facts);
    merging->headers = calloc(args->count, sizeof *merging->headers);
    if (merging->paths == NULL || merging->facts == NULL || merging->headers == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < args->count; i++) {
        merging->count = i + 1;
        merging->paths[i] = judged_log_path(args->items[i]);
        if (merging->paths[i] == NULL) {
            return no_memory(err);
        }
        if (is_same_file(merging->paths[i], merging->log)) {
            return err_set(err, CTS_USAGE, "--out: %s is one of the logs that are joined",
                           merging->paths[i]);
        }
        if (log_facts_read(&merging->facts[i], merging->paths[i], err) != CTS_OK) {
            return err->status;
        }
        merging->headers[i] = merging->facts[i].header;
    }
    return merge_new(&merging->merge, (const char **)merging->paths, merging->headers,
                     merging->count, err);
}

/* The cases of all parts; only by the tables of the run is it known which these are. */
static enum cts_status plan_whole(struct merging *merging, struct cts_error *err)
{
    const struct log_facts *facts = &merging->facts[0];
    merging->plan = log_facts_plan_whole(facts, merging->session->tables, err);
    if (merging->plan == NULL) {
        return err->status;
    }
    const enum cts_status status =
        log_facts_same_tables(facts, merging->plan, merging->paths[0], err);
    return status == CTS_OK ? merge_plan(&merging->merge, merging->plan, err) : status;
}

/* --- reading and writing --- */

/* One log, as the callbacks see it. */
struct passing {
    struct merge *merge;
    struct merge_log *log;
    struct json_stream *out;
    struct log_seal *seal; /* of what is written */
};

static enum cts_status note_event(void *context, const json_t *event,
                                  uint64_t place __attribute__((unused)), struct cts_error *err)
{
    const struct passing *passing = context;
    return merge_note(passing->merge, passing->log, event, err);
}

/* A line with its keys in the order in which runs write them, sealed where it is the last one, and
 * after it a seal where it is time, as log_add() does. */
static void put_line(const struct passing *passing, char *text, const json_t *event, bool last)
{
    char end[LOG_SEAL_BYTES] = "\n", line[LOG_SEAL_LINE + LOG_SEAL_BYTES];
    struct log_seal *seal = passing->seal;
    size_t length = strlen(text);
    if (last) {
        log_seal_close(seal, text, length--, end);
    } else {
        log_seal_take(seal, text, length);
        log_seal_take(seal, end, strlen(end));
    }
    js_textn(passing->out, text, length);
    js_text(passing->out, end);
    if (seal->lines >= LOG_SEAL_EVERY) {
        const long long ms = (long long)json_integer_value(json_object_get(event, "t"));
        js_textn(passing->out, line, log_seal_event(seal, ms, line));
    }
}

static void write_line(const struct passing *passing, const json_t *event, bool last)
{
    char *text = event != NULL ? json_dumps(event, JSON_COMPACT) : NULL;
    if (text == NULL) {
        js_value(passing->out, NULL); /* which tells the stream that there was no memory */
    } else {
        put_line(passing, text, event, last);
    }
    free(text);
}

static enum cts_status write_event(void *context, const json_t *event,
                                   uint64_t place __attribute__((unused)), struct cts_error *err)
{
    const struct passing *passing = context;
    json_t *made = NULL;
    if (!merge_event(passing->merge, passing->log, event, &made)) {
        return no_memory(err);
    }
    if (made != NULL) {
        write_line(passing, made, false);
        json_decref(made);
    }
    return CTS_OK;
}

static enum cts_status note_logs(struct merging *merging, struct cts_error *err)
{
    struct merge *merge = &merging->merge;
    struct log_extent extent;
    enum cts_status status = CTS_OK;
    for (size_t i = 0; i < merge->count && status == CTS_OK; i++) {
        struct passing passing = {merge, &merge->logs[i], NULL, NULL};
        status = log_read(merge->logs[i].path, note_event, &passing, &extent, err);
    }
    return status;
}

static void write_made(const struct passing *passing, json_t *made, bool last)
{
    write_line(passing, made, last);
    json_decref(made);
}

static enum cts_status write_log(struct merging *merging, struct cts_error *err)
{
    struct merge *merge = &merging->merge;
    struct log_extent extent;
    enum cts_status status = fs_mkdirs(merging->session->options->out, err);
    struct json_stream *out = status == CTS_OK ? js_open(merging->log, err) : NULL;
    if (out == NULL) {
        return err->status;
    }
    struct log_seal seal;
    struct passing passing = {merge, NULL, out, &seal};
    log_seal_begin(&seal);
    write_made(&passing, merge_header(merge), false);
    for (size_t i = 0; i < merge->count && status == CTS_OK; i++) {
        passing.log = &merge->logs[i];
        status = log_read(merge->logs[i].path, write_event, &passing, &extent, err);
        merge_next(merge, &merge->logs[i]);
    }
    if (status != CTS_OK) {
        js_value(out, NULL); /* what is not whole must not stand there */
        js_close(out, NULL);
        return status;
    }
    if (merging->over) {
        write_made(&passing, merge_footer(merge), true);
    }
    return js_close(out, err);
}

static void tell_missing(struct merging *merging)
{
    const struct session *session = merging->session;
    struct str_buf text;
    sb_init(&text, MISSING_MAX);
    merging->over = merge_over(&merging->merge);
    merge_missing(&merging->merge, &text);
    for (const char *at = sb_text(&text); *at != '\0'; at += strcspn(at, "\n") + 1) {
        term_printf(&session->messages, STYLE_WARN, "%.*s\n", (int)strcspn(at, "\n"), at);
    }
    sb_free(&text);
}

/* --- the command --- */

static enum cts_status join(struct merging *merging)
{
    struct session *session = merging->session;
    struct cts_error err = {0};
    enum cts_status status = make_paths(merging, &err);
    if (status == CTS_OK) {
        status = open_logs(merging, &err);
    }
    if (status == CTS_OK) {
        status = plan_whole(merging, &err);
    }
    if (status == CTS_OK) {
        status = note_logs(merging, &err);
    }
    if (status == CTS_OK) {
        tell_missing(merging);
        status = write_log(merging, &err);
    }
    return status == CTS_OK ? CTS_OK : session_complain(session, &err);
}

/* The joined log as report has it; what may still change is outstanding, whatever there is now. */
static enum cts_status report_joined(struct merging *merging, struct log_facts *facts)
{
    struct session *session = merging->session;
    struct judged_run *run = NULL;
    struct cts_error err = {0};
    enum cts_status status = log_facts_read(facts, merging->log, &err);
    if (status != CTS_OK) {
        return session_complain(session, &err);
    }
    status = judged_log_options(session, facts);
    if (status == CTS_OK) {
        status = judged_log_read(session, merging->log, facts, &run);
    }
    if (status == CTS_OK) {
        status = judge_status(run, &session->judge);
        status = !merging->over && (status == CTS_OK || status == CTS_UNEXPECTED) ? CTS_OUTSTANDING
                                                                                  : status;
        status = judged_log_report(session, run, status, merging->log, merging->json);
    }
    judged_free(run);
    return status;
}

/* What the report does not need: programs of all cases are large. */
static void drop_plan(struct merging *merging)
{
    merge_free(&merging->merge);
    plan_free(merging->plan);
    merging->plan = NULL;
}

static void merging_free(struct merging *merging)
{
    drop_plan(merging);
    for (size_t i = 0; i < merging->count; i++) {
        log_facts_free(&merging->facts[i]);
        free(merging->paths[i]);
    }
    free(merging->paths);
    free(merging->facts);
    free(merging->headers);
    free(merging->log);
    free(merging->json);
}

int cmd_merge(struct session *session)
{
    struct merging merging = {.session = session};
    struct log_facts facts = {0};
    enum cts_status status = session_console(session);
    if (status == CTS_OK) {
        status = session_home(session);
    }
    if (status == CTS_OK) {
        status = session_tables(session, NULL);
    }
    if (status == CTS_OK) {
        status = join(&merging);
    }
    drop_plan(&merging);
    if (status == CTS_OK) {
        status = report_joined(&merging, &facts);
    }
    judged_log_close(session, &facts);
    merging_free(&merging);
    return console_result(&session->out, status, NULL);
}
