/* Looking events of a log up again, by the places of their lines. */
#include "judge.h"

#include "../util/str_buf.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

#define CHUNK 8192
#define LINE_MAX_BYTES ((size_t)16 * 1024 * 1024)

struct lookup {
    char *path;
    struct cts_error failed; /* the first failure */
    uv_file file;
    uint64_t place; /* of what lies in the buffer */
    size_t held;
    char buffer[CHUNK];
};

static void broken(struct lookup *log, const char *why)
{
    if (log->failed.status == CTS_OK) {
        err_set_at(&log->failed, CTS_BAD_FILE, log->path, 0, 0, "%s", why);
    }
}

struct lookup *lookup_open(const char *path, struct cts_error *err)
{
    struct lookup *log = calloc(1, sizeof *log);
    struct str_buf copy;
    uv_fs_t request;
    sb_init(&copy, LINE_MAX_BYTES);
    sb_add(&copy, path);
    char *name = sb_take(&copy, NULL);
    if (!log || !name) {
        free(log);
        free(name);
        err_set(err, CTS_NOMEM, "out of memory");
        return NULL;
    }
    log->path = name;
    log->file = uv_fs_open(NULL, &request, path, UV_FS_O_RDONLY, 0, NULL);
    uv_fs_req_cleanup(&request);
    if (log->file < 0) {
        err_set_at(err, CTS_BAD_FILE, path, 0, 0, "cannot be read: %s", uv_strerror(log->file));
        free(log);
        free(name);
        return NULL;
    }
    return log;
}

void lookup_close(struct lookup *log)
{
    if (log) {
        uv_fs_t request;
        uv_fs_close(NULL, &request, log->file, NULL);
        uv_fs_req_cleanup(&request);
        free(log->path);
        free(log);
    }
}

/* The bytes from a place on that are at hand; reads where there are none. 0: the file ends. */
static int bytes_at(struct lookup *log, uint64_t place, const char **bytes)
{
    if (place < log->place || place >= log->place + log->held) {
        uv_fs_t request;
        uv_buf_t buf = uv_buf_init(log->buffer, CHUNK);
        const int got = uv_fs_read(NULL, &request, log->file, &buf, 1, (int64_t)place, NULL);
        uv_fs_req_cleanup(&request);
        log->place = place;
        log->held = got > 0 ? (size_t)got : 0;
        if (got <= 0) {
            return got;
        }
    }
    *bytes = log->buffer + (place - log->place);
    return (int)(log->place + log->held - place);
}

static json_t *event_at(struct lookup *log, uint64_t place)
{
    struct str_buf line;
    const char *bytes, *end = NULL;
    json_t *event = NULL;
    sb_init(&line, LINE_MAX_BYTES);
    while (!end) {
        const int got = bytes_at(log, place, &bytes);
        if (got < 0) {
            broken(log, uv_strerror(got));
            goto out;
        }
        end = got > 0 ? memchr(bytes, '\n', (size_t)got) : NULL;
        if (got == 0) {
            break;
        }
        const size_t part = end ? (size_t)(end - bytes) : (size_t)got;
        sb_addn(&line, bytes, part);
        place += part;
    }
    event = line.failed ? NULL : json_loadb(sb_text(&line), line.len, 0, NULL);
    if (!event) {
        broken(log, "the log is not what it was when it was judged");
    }
out:
    sb_free(&line);
    return event;
}

json_t *lookup_events(struct lookup *log, const struct case_verdict *verdict)
{
    if (verdict->events) {
        return json_incref(verdict->events);
    }
    json_t *events = json_array();
    bool right = events != NULL;
    for (size_t i = 0; right && log && i < verdict->lines.count; i++) {
        json_t *event = event_at(log, verdict->lines.places[i]);
        right = event && json_array_append_new(events, event) == 0;
    }
    if (!right) {
        if (log && log->failed.status == CTS_OK) {
            err_set(&log->failed, CTS_NOMEM, "out of memory");
        }
        json_decref(events);
        return NULL;
    }
    return events;
}

enum cts_status lookup_failed(const struct lookup *log, struct cts_error *err)
{
    if (log && log->failed.status != CTS_OK) {
        *err = log->failed;
        return log->failed.status;
    }
    return CTS_OK;
}
