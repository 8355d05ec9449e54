#include "lookup.h"

#include "../util/fs_path.h"
#include "../util/json_quick.h"
#include "../util/str_buf.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK 8192

struct lookup {
    char *path;
    struct cts_error failed; /* the first failure */
    uv_file file;
    uint64_t place; /* of what lies in the buffer */
    size_t held;
    char buffer[CHUNK];
};

static void broken(struct lookup *lookup, const char *why)
{
    if (lookup->failed.status == CTS_OK) {
        err_set_at(&lookup->failed, CTS_BAD_FILE, lookup->path, 0, 0, "%s", why);
    }
}

bool log_file_open(const char *path, uv_file *file, struct cts_error *err)
{
    uv_fs_t request;
    *file = uv_fs_open(NULL, &request, path, UV_FS_O_RDONLY, 0, NULL);
    uv_fs_req_cleanup(&request);
    if (*file < 0) {
        err_set_at(err, CTS_BAD_FILE, path, 0, 0, "cannot be read: %s", uv_strerror(*file));
    }
    return *file >= 0;
}

void log_file_close(uv_file file)
{
    uv_fs_t request;
    uv_fs_close(NULL, &request, file, NULL);
    uv_fs_req_cleanup(&request);
}

struct lookup *lookup_open(const char *path, struct cts_error *err)
{
    struct lookup *lookup = calloc(1, sizeof *lookup);
    char *name = fs_join("", path);
    if (!lookup || !name) {
        err_set(err, CTS_NOMEM, "out of memory");
        goto fail;
    }
    if (!log_file_open(path, &lookup->file, err)) {
        goto fail;
    }
    lookup->path = name;
    return lookup;
fail:
    free(lookup);
    free(name);
    return NULL;
}

void lookup_close(struct lookup *lookup)
{
    if (lookup) {
        log_file_close(lookup->file);
        free(lookup->path);
        free(lookup);
    }
}

/* The bytes from a place on that are at hand; reads where there are none. 0: the file ends. */
static int bytes_at(struct lookup *lookup, uint64_t place, const char **bytes)
{
    if (place < lookup->place || place >= lookup->place + lookup->held) {
        uv_fs_t request;
        uv_buf_t buf = uv_buf_init(lookup->buffer, CHUNK);
        const int got = uv_fs_read(NULL, &request, lookup->file, &buf, 1, (int64_t)place, NULL);
        uv_fs_req_cleanup(&request);
        lookup->place = place;
        lookup->held = got > 0 ? (size_t)got : 0;
        if (got <= 0) {
            return got;
        }
    }
    *bytes = lookup->buffer + (place - lookup->place);
    return (int)(lookup->place + lookup->held - place);
}

static json_t *event_at(struct lookup *lookup, uint64_t place)
{
    struct str_buf line;
    const char *bytes, *end = NULL;
    json_t *event = NULL;
    sb_init(&line, LOG_LINE_MAX);
    while (!end) {
        const int got = bytes_at(lookup, place, &bytes);
        if (got < 0) {
            broken(lookup, uv_strerror(got));
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
    event = line.failed ? NULL : json_quick_read(sb_text(&line), line.len, 0, NULL);
    if (!event) {
        broken(lookup, "the log is not what it was when it was judged");
    }
out:
    sb_free(&line);
    return event;
}

json_t *judged_events(const struct judged_run *run, const struct case_verdict *verdict)
{
    struct lookup *lookup = run->lookup;
    if (verdict->events) {
        return json_incref(verdict->events);
    }
    json_t *events = json_array();
    bool right = events != NULL;
    for (size_t i = 0; right && lookup && i < verdict->lines.count; i++) {
        json_t *event = event_at(lookup, verdict->lines.places[i]);
        right = event && json_array_append_new(events, event) == 0;
    }
    if (!right) {
        if (lookup && lookup->failed.status == CTS_OK) {
            err_set(&lookup->failed, CTS_NOMEM, "out of memory");
        }
        json_decref(events);
        return NULL;
    }
    return events;
}

enum cts_status judged_failed(const struct judged_run *run, struct cts_error *err)
{
    if (run->lookup && run->lookup->failed.status != CTS_OK) {
        *err = run->lookup->failed;
        return run->lookup->failed.status;
    }
    return CTS_OK;
}
