#include "json_stream.h"

#include "../util/json_quick.h"
#include "../util/str_buf.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#define STREAM_BUFFER 65536
#define STREAM_PATH_MAX ((size_t)32 * 1024)

struct json_stream {
    char *path;
    char *temp;     /* the name beside, or NULL: the standard output */
    uv_file file;   /* where temp is not NULL */
    int uv_error;   /* first failure of the file, or 0 */
    bool no_memory; /* a value could not be made */
    size_t used;
    char buffer[STREAM_BUFFER];
};

static void flush(struct json_stream *stream)
{
    size_t done = 0;
    if (stream->temp == NULL) {
        done = fwrite(stream->buffer, 1, stream->used, stdout);
        if (done != stream->used && stream->uv_error == 0) {
            stream->uv_error = UV_EIO;
        }
    }
    while (stream->temp != NULL && done < stream->used && stream->uv_error == 0) {
        uv_fs_t request;
        uv_buf_t piece = uv_buf_init(stream->buffer + done, (unsigned)(stream->used - done));
        const int written = uv_fs_write(NULL, &request, stream->file, &piece, 1, -1, NULL);
        uv_fs_req_cleanup(&request);
        if (written <= 0) {
            stream->uv_error = written < 0 ? written : UV_EIO;
        } else {
            done += (size_t)written;
        }
    }
    stream->used = 0;
}

static void put(struct json_stream *stream, const char *data, size_t length)
{
    while (length > 0) {
        const size_t room = STREAM_BUFFER - stream->used;
        const size_t part = length < room ? length : room;
        memcpy(stream->buffer + stream->used, data, part);
        stream->used += part;
        data += part;
        length -= part;
        if (stream->used == STREAM_BUFFER) {
            flush(stream);
        }
    }
}

static int on_dump(const char *data, size_t length, void *context)
{
    put(context, data, length);
    return 0;
}

static bool open_file(struct json_stream *stream, struct cts_error *err)
{
    uv_fs_t request;
    struct str_buf temp;

    sb_init(&temp, STREAM_PATH_MAX);
    sb_addf(&temp, "%s.part", stream->path);
    stream->temp = sb_take(&temp, NULL);
    if (stream->temp == NULL) {
        err_set(err, CTS_NOMEM, "out of memory");
        return false;
    }
    stream->file = (uv_file)uv_fs_open(NULL, &request, stream->temp,
                                       UV_FS_O_WRONLY | UV_FS_O_CREAT | UV_FS_O_TRUNC, 0666, NULL);
    uv_fs_req_cleanup(&request);
    if (stream->file < 0) {
        err_set_at(err, CTS_IO, stream->path, 0, 0, "cannot be written: %s",
                   uv_strerror((int)stream->file));
        return false;
    }
    return true;
}

struct json_stream *js_open(const char *path, struct cts_error *err)
{
    struct json_stream *stream = calloc(1, sizeof *stream);
    struct str_buf copy;

    sb_init(&copy, STREAM_PATH_MAX);
    sb_add(&copy, path);
    char *name = sb_take(&copy, NULL);
    if (stream == NULL || name == NULL) {
        err_set(err, CTS_NOMEM, "out of memory");
        goto fail;
    }
    stream->path = name;
    if (strcmp(path, "-") != 0 && !open_file(stream, err)) {
        goto fail;
    }
    return stream;
fail:
    if (stream != NULL) {
        free(stream->temp);
    }
    free(name);
    free(stream);
    return NULL;
}

void js_text(struct json_stream *stream, const char *text)
{
    put(stream, text, strlen(text));
}

void js_textn(struct json_stream *stream, const char *text, size_t length)
{
    put(stream, text, length);
}

void js_textf(struct json_stream *stream, const char *format, ...)
{
    char piece[JS_TEXT_MAX + 1];
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(piece, sizeof piece, format, args);
    va_end(args);
    if (length < 0 || (size_t)length >= sizeof piece) {
        stream->no_memory = true;
    } else {
        put(stream, piece, (size_t)length);
    }
}

void js_value(struct json_stream *stream, const json_t *value)
{
    if (!json_quick_write(value, on_dump, stream)) {
        stream->no_memory = true;
    }
}

void js_value_new(struct json_stream *stream, json_t *value)
{
    js_value(stream, value);
    json_decref(value);
}

/* Closes the file and gives it its name, or removes it. */
static void close_file(struct json_stream *stream)
{
    uv_fs_t request;
    const int closed = uv_fs_close(NULL, &request, stream->file, NULL);
    uv_fs_req_cleanup(&request);
    if (closed < 0 && stream->uv_error == 0) {
        stream->uv_error = closed;
    }
    if (stream->uv_error == 0 && !stream->no_memory) {
        stream->uv_error = uv_fs_rename(NULL, &request, stream->temp, stream->path, NULL);
        uv_fs_req_cleanup(&request);
    }
    if (stream->uv_error != 0 || stream->no_memory) {
        uv_fs_unlink(NULL, &request, stream->temp, NULL);
        uv_fs_req_cleanup(&request);
    }
}

enum cts_status js_close(struct json_stream *stream, struct cts_error *err)
{
    enum cts_status status = CTS_OK;
    if (stream == NULL) {
        return CTS_OK;
    }
    flush(stream);
    if (stream->temp != NULL) {
        close_file(stream);
    } else if (fflush(stdout) != 0 && stream->uv_error == 0) {
        stream->uv_error = UV_EIO;
    }
    if (stream->no_memory) {
        status = err_set(err, CTS_NOMEM, "out of memory");
    } else if (stream->uv_error != 0) {
        status = err_set_at(err, CTS_IO, stream->path, 0, 0, "cannot be written: %s",
                            uv_strerror(stream->uv_error));
    }
    free(stream->path);
    free(stream->temp);
    free(stream);
    return status;
}
