#include "json_stream.h"

#include "../util/json_quick.h"
#include "../util/out_file.h"
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
    bool to_stdout; /* path is "-" */
    struct out_file file;
    int uv_error;   /* first failure, or 0 */
    bool no_memory; /* a value could not be made */
    size_t used;
    char buffer[STREAM_BUFFER];
};

static void flush(struct json_stream *stream)
{
    if (!stream->to_stdout) {
        out_write(&stream->file, stream->buffer, stream->used);
    } else if (fwrite(stream->buffer, 1, stream->used, stdout) != stream->used &&
               stream->uv_error == 0) {
        stream->uv_error = UV_EIO;
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
    stream->to_stdout = strcmp(path, "-") == 0;
    const int opened = stream->to_stdout ? 0 : out_open(&stream->file, path);
    if (opened != 0) {
        err_set_at(err, CTS_IO, path, 0, 0, "cannot be written: %s", uv_strerror(opened));
        goto fail;
    }
    return stream;
fail:
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

void js_fail(struct json_stream *stream)
{
    stream->no_memory = true;
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

enum cts_status js_close(struct json_stream *stream, struct cts_error *err)
{
    enum cts_status status = CTS_OK;
    if (stream == NULL) {
        return CTS_OK;
    }
    flush(stream);
    if (!stream->to_stdout) {
        stream->uv_error = out_close(&stream->file, !stream->no_memory);
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
    free(stream);
    return status;
}
