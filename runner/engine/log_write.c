#include "log_write.h"
#include "../util/file_pieces.h"
#include "../util/fs_path.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GATHER ((size_t)64 * 1024) /* written as soon as so much has come together */

void log_init(struct log_write *log)
{
    memset(log, 0, sizeof *log);
    log->file = -1;
    log_seal_begin(&log->seal);
}

/* Opens the file, cut to its first bytes. Libuv's error where it is negative. */
static int open_kept(const char *path, uint64_t keep)
{
    uv_fs_t request;
    const int how = O_WRONLY | O_CREAT | O_APPEND | (keep == 0 ? O_TRUNC : 0);
    const int file = uv_fs_open(NULL, &request, path, how, 0644, NULL);
    uv_fs_req_cleanup(&request);
    if (file < 0 || keep == 0) {
        return file;
    }
    const int failed = uv_fs_ftruncate(NULL, &request, file, (int64_t)keep, NULL);
    uv_fs_req_cleanup(&request);
    if (failed) {
        uv_fs_close(NULL, &request, file, NULL);
        uv_fs_req_cleanup(&request);
    }
    return failed ? failed : file;
}

static bool take_kept(void *context, const char *piece, size_t len)
{
    log_seal_take(context, piece, len);
    return true;
}

enum cts_status log_open(struct log_write *log, const char *dir, uint64_t keep,
                         struct cts_error *err)
{
    enum cts_status status = fs_mkdirs(dir, err);
    if (status != CTS_OK) {
        return status;
    }
    char *path = fs_join(dir, LOG_NAME);
    char *whole = path ? fs_absolute(path) : NULL;
    if (!whole) {
        free(path);
        return err_set(err, CTS_NOMEM, "out of memory");
    }
    const int file = open_kept(whole, keep);
    const int kept = file >= 0 && keep > 0 ? file_pieces(whole, take_kept, &log->seal) : 0;
    if (file < 0) {
        status = err_set_at(err, CTS_IO, path, 0, 0, "cannot be written: %s", uv_strerror(file));
    } else if (kept < 0) {
        status = err_set_at(err, CTS_IO, path, 0, 0, "cannot be read: %s", uv_strerror(kept));
    } else if (strlen(whole) >= sizeof log->path) {
        status = err_set_at(err, CTS_IO, path, 0, 0, "path too long");
    }
    log->file = file;
    snprintf(log->path, sizeof log->path, "%s", whole);
    free(path);
    free(whole);
    return status;
}

/* A failure is kept here: jansson 2.14 passes over one where it writes a key. */
static int gather(const char *data, size_t len, void *context)
{
    struct log_write *log = context;
    if (log->cap - log->len < len + 1) { /* one more for the line end */
        size_t cap = 2 * (log->cap + len + 1);
        char *bigger = realloc(log->data, cap);
        if (!bigger) {
            log->status = CTS_NOMEM;
            return -1;
        }
        log->data = bigger;
        log->cap = cap;
    }
    memcpy(log->data + log->len, data, len);
    log->len += len;
    return 0;
}

/* Adds a whole line, or an end of one. */
static enum cts_status add_text(struct log_write *log, const char *text, size_t len)
{
    gather(text, len, log);
    return log->status;
}

/* Ends the line that begins at a place of the buffer, sealed where it is the last one, and adds a
 * seal where it is time. */
static enum cts_status end_line(struct log_write *log, size_t before, const json_t *event)
{
    const char *kind = json_string_value(json_object_get(event, "e"));
    char end[LOG_SEAL_BYTES], line[LOG_SEAL_LINE + LOG_SEAL_BYTES];
    if (kind != NULL && strcmp(kind, "footer") == 0) {
        log_seal_close(&log->seal, log->data + before, log->len - before, end);
        log->len--;
        return add_text(log, end, strlen(end));
    }
    log->data[log->len++] = '\n';
    log_seal_take(&log->seal, log->data + before, log->len - before);
    if (log->seal.lines >= LOG_SEAL_EVERY) {
        const long long ms = (long long)json_integer_value(json_object_get(event, "t"));
        return add_text(log, line, log_seal_event(&log->seal, ms, line));
    }
    return CTS_OK;
}

enum cts_status log_add(struct log_write *log, const json_t *event)
{
    if (log->status != CTS_OK || log->file < 0) {
        return log->status;
    }
    size_t before = log->len;
    if (json_dump_callback(event, gather, log, JSON_COMPACT) != 0 || log->status != CTS_OK) {
        log->len = before;
        log->status = CTS_NOMEM;
        return log->status;
    }
    const enum cts_status status = end_line(log, before, event);
    return status == CTS_OK && log->len >= GATHER ? log_flush(log) : status;
}

enum cts_status log_flush(struct log_write *log)
{
    size_t done = 0;
    while (log->status != CTS_IO && log->file >= 0 && done < log->len) {
        uv_fs_t request;
        uv_buf_t buf = uv_buf_init(log->data + done, (unsigned)(log->len - done));
        int written = uv_fs_write(NULL, &request, log->file, &buf, 1, -1, NULL);
        uv_fs_req_cleanup(&request);
        if (written <= 0) {
            log->status = CTS_IO;
            log->why = written;
        } else {
            done += (size_t)written;
        }
    }
    log->len = 0;
    return log->status;
}

enum cts_status log_error(const struct log_write *log, struct cts_error *err)
{
    if (log->status == CTS_IO) {
        const char *why = log->why ? uv_strerror(log->why) : "nothing was written";
        return err_set_at(err, CTS_IO, log->path, 0, 0, "cannot be written: %s", why);
    }
    return log->status == CTS_OK ? CTS_OK : err_set(err, log->status, "out of memory");
}

enum cts_status log_close(struct log_write *log)
{
    log_flush(log);
    if (log->file >= 0) {
        uv_fs_t request;
        int failed = uv_fs_close(NULL, &request, log->file, NULL);
        uv_fs_req_cleanup(&request);
        if (failed && log->status == CTS_OK) {
            log->status = CTS_IO;
            log->why = failed;
        }
    }
    free(log->data);
    log->data = NULL;
    log->len = log->cap = 0;
    log->file = -1;
    return log->status;
}
