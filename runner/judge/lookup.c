#include "lookup.h"

#include "../util/fs_path.h"
#include "../util/json_quick.h"
#include "../util/str_buf.h"

#include <stdlib.h>
#include <string.h>

struct lookup {
    char *path;
    uv_file file;                /* always read from a place: it is shared by all windows */
    uv_mutex_t lock;             /* of failed */
    struct cts_error failed;     /* the first failure */
    struct lookup_window window; /* of judged_events() and judged_alike() */
};

void lookup_failed(struct lookup *lookup, enum cts_status status, const char *why)
{
    uv_mutex_lock(&lookup->lock);
    if (lookup->failed.status != CTS_OK) {
        /* the first one is told */
    } else if (status == CTS_NOMEM) {
        err_set(&lookup->failed, status, "%s", why);
    } else {
        err_set_at(&lookup->failed, status, lookup->path, 0, 0, "%s", why);
    }
    uv_mutex_unlock(&lookup->lock);
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
    if (uv_mutex_init(&lookup->lock) != 0) {
        err_set(err, CTS_NOMEM, "out of memory");
        goto fail;
    }
    if (!log_file_open(path, &lookup->file, err)) {
        uv_mutex_destroy(&lookup->lock);
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
        uv_mutex_destroy(&lookup->lock);
        free(lookup->path);
        free(lookup);
    }
}

/* The bytes from a place on that are at hand; reads where there are none. 0: the file ends. */
static int bytes_at(const struct lookup *lookup, struct lookup_window *window, uint64_t place,
                    const char **bytes)
{
    if (place < window->place || place >= window->place + window->held) {
        uv_fs_t request;
        uv_buf_t buf = uv_buf_init(window->bytes, sizeof window->bytes);
        const int got = uv_fs_read(NULL, &request, lookup->file, &buf, 1, (int64_t)place, NULL);
        uv_fs_req_cleanup(&request);
        window->place = place;
        window->held = got > 0 ? (size_t)got : 0;
        if (got <= 0) {
            return got;
        }
    }
    *bytes = window->bytes + (place - window->place);
    return (int)(window->place + window->held - place);
}

bool lookup_line(struct lookup *lookup, struct lookup_window *window, uint64_t place,
                 struct str_buf *line)
{
    const char *bytes, *end = NULL;
    while (!end) {
        const int got = bytes_at(lookup, window, place, &bytes);
        if (got < 0) {
            lookup_failed(lookup, CTS_BAD_FILE, uv_strerror(got));
            return false;
        }
        if (got == 0) {
            break;
        }
        end = memchr(bytes, '\n', (size_t)got);
        const size_t part = end ? (size_t)(end - bytes) : (size_t)got;
        sb_addn(line, bytes, part);
        place += part;
    }
    return !line->failed;
}

static json_t *event_at(struct lookup *lookup, uint64_t place)
{
    struct str_buf line;
    json_t *event = NULL;
    sb_init(&line, LOG_LINE_MAX);
    if (lookup_line(lookup, &lookup->window, place, &line)) {
        event = json_quick_read(sb_text(&line), line.len, 0, NULL);
    }
    if (!event) {
        lookup_failed(lookup, CTS_BAD_FILE, LOOKUP_CHANGED);
    }
    sb_free(&line);
    return event;
}

/* The length of a member with a number that is another in each run, as `,"us":12`; 0: none begins
 * at this comma. In a string the quotes would have a backslash before them. */
static size_t unsteady_member(const char *text)
{
#define MEMBER(key)                                                                                \
    {                                                                                              \
        ",\"" key "\":", sizeof key + 3                                                            \
    }
    static const struct {
        const char *text;
        size_t length;
    } members[] = {MEMBER("t"), MEMBER("run"), MEMBER("us"), MEMBER("worker"), MEMBER("polls")};
#undef MEMBER
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const size_t length = members[i].length;
        if (strncmp(text, members[i].text, length) == 0) {
            return length + strspn(text + length, "0123456789");
        }
    }
    return 0;
}

/* Are two lines equal but for such members? */
static bool lines_alike(const char *a, const char *b)
{
    for (;;) {
        size_t skip;
        while (*a == ',' && (skip = unsteady_member(a)) > 0) {
            a += skip;
        }
        while (*b == ',' && (skip = unsteady_member(b)) > 0) {
            b += skip;
        }
        if (*a != *b) {
            return false;
        }
        if (*a == '\0') {
            return true;
        }
        a++;
        b++;
    }
}

bool judged_alike(const struct judged_run *a, const struct case_verdict *left,
                  const struct judged_run *b, const struct case_verdict *right)
{
    bool alike = a->lookup && b->lookup && left->lines.count == right->lines.count;
    struct str_buf one, other;
    sb_init(&one, LOG_LINE_MAX);
    sb_init(&other, LOG_LINE_MAX);
    for (size_t i = 0; alike && i < left->lines.count; i++) {
        sb_clear(&one);
        sb_clear(&other);
        alike = lookup_line(a->lookup, &a->lookup->window, left->lines.places[i], &one) &&
                lookup_line(b->lookup, &b->lookup->window, right->lines.places[i], &other) &&
                lines_alike(sb_text(&one), sb_text(&other));
    }
    sb_free(&one);
    sb_free(&other);
    return alike;
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
        if (lookup) {
            lookup_failed(lookup, CTS_NOMEM, "out of memory");
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
