/* Reading run.jsonl: line by line, whatever its size. */
#include "fold_quick.h"
#include "judge_fold.h"
#include "lookup.h"

#include "../util/json_quick.h"
#include "../util/str_buf.h"

#include <string.h>

#define CHUNK 65536

struct log_reader {
    log_event_cb each;
    log_line_cb quick; /* or NULL */
    void *context;
    const char *path;
    uv_file file;
    int line;
    uint64_t place;      /* of the line */
    bool enough;         /* nothing more is to be read */
    struct str_buf rest; /* the beginning of a line whose end has not come */
    json_t *first;       /* of log_first() */
    struct cts_error *err;
};

static enum cts_status cannot_read(const struct log_reader *log, int why)
{
    return err_set_at(log->err, CTS_BAD_FILE, log->path, 0, 0, "cannot be read: %s",
                      uv_strerror(why));
}

static enum cts_status take_event(struct log_reader *log, const char *text, size_t len)
{
    json_error_t why;
    struct cts_error inner = {.status = CTS_OK};
    json_t *event = json_quick_read(text, len, JSON_REJECT_DUPLICATES, &why);
    if (!event) {
        return err_set_at(log->err, CTS_BAD_FILE, log->path, log->line,
                          why.column > 0 ? why.column : 0, "%s", why.text);
    }
    enum cts_status status = log->each(log->context, event, log->place, &inner);
    json_decref(event);
    return status == CTS_OK
               ? CTS_OK
               : err_set_at(log->err, status, log->path, log->line, 0, "%s", inner.text);
}

/* One whole line without its end. */
static enum cts_status take_line(struct log_reader *log, const char *text, size_t len)
{
    log->line++;
    const bool taken = log->quick && log->quick(log->context, text, len, log->place);
    const enum cts_status status = taken ? CTS_OK : take_event(log, text, len);
    log->place += len + 1;
    return status;
}

static enum cts_status too_long(const struct log_reader *log)
{
    return err_set_at(log->err, CTS_BAD_FILE, log->path, log->line + 1, 0,
                      "the line is longer than any event");
}

/* A piece of a line that does not lie in one. */
static enum cts_status join_line(struct log_reader *log, const char *text, size_t len, bool ends)
{
    enum cts_status status = CTS_OK;
    sb_addn(&log->rest, text, len);
    if (log->rest.failed) {
        return too_long(log);
    }
    if (ends) {
        status = take_line(log, sb_text(&log->rest), log->rest.len);
        sb_free(&log->rest);
    }
    return status;
}

/* Takes the lines that end in this piece, and keeps what begins in it. */
static enum cts_status take_piece(struct log_reader *log, const char *text, size_t len)
{
    enum cts_status status = CTS_OK;
    while (status == CTS_OK && !log->enough && len > 0) {
        const char *end = memchr(text, '\n', len);
        size_t part = end ? (size_t)(end - text) : len;
        status = end && log->rest.len == 0 ? take_line(log, text, part)
                                           : join_line(log, text, part, end != NULL);
        part += end != NULL;
        text += part;
        len -= part;
    }
    return status;
}

static enum cts_status read_all(struct log_reader *log)
{
    static const int64_t at_current_place = -1;
    char chunk[CHUNK];
    enum cts_status status = CTS_OK;
    while (status == CTS_OK && !log->enough) {
        uv_fs_t request;
        uv_buf_t buf = uv_buf_init(chunk, sizeof chunk);
        int got = uv_fs_read(NULL, &request, log->file, &buf, 1, at_current_place, NULL);
        uv_fs_req_cleanup(&request);
        if (got <= 0) {
            return got < 0 ? cannot_read(log, got) : CTS_OK;
        }
        status = take_piece(log, chunk, (size_t)got);
    }
    return status;
}

static enum cts_status read_file(struct log_reader *log)
{
    if (!log_file_open(log->path, &log->file, log->err)) {
        return CTS_BAD_FILE;
    }
    sb_init(&log->rest, LOG_LINE_MAX);
    enum cts_status status = read_all(log);
    log_file_close(log->file);
    if (status == CTS_OK && log->line == 0) {
        status = err_set_at(log->err, CTS_BAD_FILE, log->path, 0, 0,
                            "this is no event log: it has no line");
    }
    return status;
}

enum cts_status log_read_lines(const char *path, log_line_cb quick, log_event_cb each,
                               void *context, struct log_extent *extent, struct cts_error *err)
{
    struct log_reader log = {
        .each = each, .quick = quick, .context = context, .path = path, .err = err};
    const enum cts_status status = read_file(&log);
    *extent = (struct log_extent){log.place, log.rest.len > 0};
    sb_free(&log.rest);
    return status;
}

enum cts_status log_read(const char *path, log_event_cb each, void *context,
                         struct log_extent *extent, struct cts_error *err)
{
    return log_read_lines(path, NULL, each, context, extent, err);
}

static enum cts_status keep_first(void *context, const json_t *event,
                                  uint64_t place __attribute__((unused)),
                                  struct cts_error *err __attribute__((unused)))
{
    struct log_reader *log = context;
    log->first = json_incref((json_t *)event); /* only the count of references changes */
    log->enough = true;
    return CTS_OK;
}

json_t *log_first(const char *path, struct cts_error *err)
{
    struct log_reader log = {.each = keep_first, .path = path, .err = err};
    log.context = &log;
    if (read_file(&log) != CTS_OK) {
        json_decref(log.first);
        log.first = NULL;
    }
    sb_free(&log.rest);
    return log.first;
}

enum cts_status fold_add_event(void *context, const json_t *event, uint64_t place,
                               struct cts_error *err)
{
    struct fold *fold = context;
    fold->place = place;
    return fold_event(fold, event, err);
}

enum cts_status fold_log(struct fold *fold, const char *path, struct cts_error *err)
{
    fold->lookup = lookup_open(path, err);
    if (!fold->lookup) {
        return err->status;
    }
    /* a witness is asked by one thread, in the order of the log */
    if (!fold->options.witness && fold_log_quick(fold, path)) {
        return CTS_OK;
    }
    /* whatever is wrong is found and told in the order of the lines */
    fold_forget(fold);
    return log_read(path, fold_add_event, fold, &fold->extent, err);
}
