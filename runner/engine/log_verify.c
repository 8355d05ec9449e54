#include "log_verify.h"

#include "../util/str_buf.h"
#include <string.h>
#include <uv.h>

#define PIECE 65536
#define LINE_MAX_BYTES ((size_t)16 * 1024 * 1024) /* as whoever reads events has it */

struct verifying {
    struct log_seal seal;
    struct log_verified *out;
    struct str_buf rest; /* the beginning of a line whose end has not come */
};

static void take_line(struct verifying *v, const char *line, size_t len)
{
    const enum log_sealed as = log_seal_check(&v->seal, line, len);
    v->out->lines++;
    if (as == LOG_SEAL_BROKEN) {
        v->out->broken = v->out->lines;
    } else if (as == LOG_SEAL_HOLDS) {
        v->out->seals++;
        v->out->sealed = v->out->lines;
        memcpy(v->out->last, line + len - strlen("\"}") - (SHA256_TEXT - 1), SHA256_TEXT - 1);
        v->out->last[SHA256_TEXT - 1] = '\0';
    }
}

static void take_piece(struct verifying *v, const char *text, size_t len)
{
    while (len > 0 && v->out->broken == 0) {
        const char *end = memchr(text, '\n', len);
        const size_t part = end != NULL ? (size_t)(end - text) : len;
        if (end != NULL && v->rest.len == 0) {
            take_line(v, text, part);
        } else {
            sb_addn(&v->rest, text, part);
        }
        if (end != NULL && v->rest.len > 0 && !v->rest.failed) {
            take_line(v, sb_text(&v->rest), v->rest.len);
            sb_clear(&v->rest);
        }
        text += part + (end != NULL);
        len -= part + (end != NULL);
    }
}

/* Libuv's error, or 0. */
static int read_file(struct verifying *v, const char *path)
{
    static const int64_t at_current_place = -1;
    char piece[PIECE];
    uv_fs_t request;
    const uv_file file = uv_fs_open(NULL, &request, path, UV_FS_O_RDONLY, 0, NULL);
    int got = file;
    uv_fs_req_cleanup(&request);
    if (file < 0) {
        return file;
    }
    do {
        uv_buf_t buf = uv_buf_init(piece, sizeof piece);
        got = uv_fs_read(NULL, &request, file, &buf, 1, at_current_place, NULL);
        uv_fs_req_cleanup(&request);
        take_piece(v, piece, got > 0 ? (size_t)got : 0);
    } while (got > 0 && v->out->broken == 0 && !v->rest.failed);
    uv_fs_close(NULL, &request, file, NULL);
    uv_fs_req_cleanup(&request);
    return got < 0 ? got : 0;
}

enum cts_status log_verify(const char *path, struct log_verified *verified, struct cts_error *err)
{
    struct verifying v = {.out = verified};
    enum cts_status status = CTS_OK;
    *verified = (struct log_verified){.lines = 0};
    log_seal_begin(&v.seal);
    sb_init(&v.rest, LINE_MAX_BYTES);
    const int why = read_file(&v, path);
    if (why < 0) {
        status = err_set_at(err, CTS_BAD_FILE, path, 0, 0, "cannot be read: %s", uv_strerror(why));
    } else if (v.rest.failed) {
        status = err_set_at(err, CTS_BAD_FILE, path, (int)verified->lines + 1, 0,
                            "the line is longer than any event");
    }
    verified->truncated = v.rest.len > 0;
    sb_free(&v.rest);
    return status;
}
