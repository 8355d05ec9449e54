#include "json_file.h"

#include "json_quick.h"
#include "mem_grow.h"
#include "out_file.h"
#include "str_buf.h"
#include <stdlib.h>
#include <string.h>
#include <uv.h>

static int open_file(const char *path, int flags)
{
    uv_fs_t req;
    int fd = uv_fs_open(NULL, &req, path, flags, 0666, NULL);
    uv_fs_req_cleanup(&req);
    return fd;
}

static int close_file(uv_file fd)
{
    uv_fs_t req;
    int rc = uv_fs_close(NULL, &req, fd, NULL);
    uv_fs_req_cleanup(&req);
    return rc;
}

/* Reads to the end into buf. 0 or an error of libuv; a failed buffer is the caller's to see. */
static int read_all(uv_file fd, struct str_buf *buf)
{
    enum { CHUNK = 65536 };
    char *chunk = mem_grow(NULL, CHUNK);
    int rc = chunk ? 1 : UV_ENOMEM;
    while (rc > 0 && !buf->failed) {
        uv_fs_t req;
        uv_buf_t one = uv_buf_init(chunk, CHUNK);
        rc = uv_fs_read(NULL, &req, fd, &one, 1, -1, NULL);
        uv_fs_req_cleanup(&req);
        if (rc > 0) {
            sb_addn(buf, chunk, (size_t)rc);
        }
    }
    free(chunk);
    return rc < 0 ? rc : 0;
}

char *file_read(const char *path, size_t *len, size_t max, struct cts_error *err)
{
    struct str_buf buf;
    char *text = NULL;
    sb_init(&buf, max);
    int fd = open_file(path, UV_FS_O_RDONLY);
    if (fd < 0) {
        err_set_at(err, CTS_BAD_FILE, path, 0, 0, "cannot read: %s", uv_strerror(fd));
        return NULL;
    }
    int rc = read_all(fd, &buf);
    close_file(fd);
    if (rc == UV_ENOMEM) {
        err_set_at(err, CTS_NOMEM, path, 0, 0, "out of memory");
    } else if (rc < 0) {
        enum cts_status status = rc == UV_EISDIR ? CTS_BAD_FILE : CTS_IO;
        err_set_at(err, status, path, 0, 0, "cannot read: %s", uv_strerror(rc));
    } else if (buf.failed) {
        err_set_at(err, CTS_BAD_FILE, path, 0, 0, "the file is larger than %zu bytes", max);
    } else {
        text = sb_take(&buf, len);
        if (!text) {
            err_set_at(err, CTS_NOMEM, path, 0, 0, "out of memory");
        }
    }
    sb_free(&buf);
    return text;
}

enum cts_status file_write(const char *path, const char *data, size_t len, struct cts_error *err)
{
    struct out_file out;
    int rc = out_open(&out, path);
    if (rc == 0) {
        out_write(&out, data, len);
        rc = out_close(&out, true);
    }
    if (rc == UV_ENOMEM) {
        return err_set(err, CTS_NOMEM, "out of memory");
    }
    if (rc < 0) {
        return err_set_at(err, CTS_IO, path, 0, 0, "cannot write: %s", uv_strerror(rc));
    }
    return CTS_OK;
}

/* jansson tells where the offending token ends; a reader looks for its beginning. */
static int token_column(const json_error_t *error)
{
    static const char near_text[] = " near '";
    const char *from = strstr(error->text, near_text);
    size_t end = strlen(error->text);
    int column = error->column;
    if (!from || error->text[end - 1] != '\'') {
        return column;
    }
    for (const char *p = from + sizeof near_text - 1; p < error->text + end - 1; p++) {
        column -= ((unsigned char)*p & 0xC0) != 0x80;
    }
    return column + 1;
}

json_t *json_text_parse(const char *text, size_t len, const char *path, struct cts_error *err)
{
    json_error_t error;
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        err_set_at(err, CTS_BAD_FILE, path, 1, 1, "a byte order mark is not allowed");
        return NULL;
    }
    json_t *root = json_quick_read(text, len, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        /* Without memory jansson may have no text either. */
        bool memory = error.text[0] == '\0' || json_error_code(&error) == json_error_out_of_memory;
        int column = token_column(&error);
        err_set_at(err, memory ? CTS_NOMEM : CTS_BAD_FILE, path, error.line > 0 ? error.line : 1,
                   column > 0 ? column : 1, "%s", memory ? "out of memory" : error.text);
    }
    return root;
}

json_t *json_file_load(const char *path, struct cts_error *err)
{
    size_t len;
    char *text = file_read(path, &len, JSON_FILE_MAX, err);
    json_t *root = text ? json_text_parse(text, len, path, err) : NULL;
    free(text);
    return root;
}
