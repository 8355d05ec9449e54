#include "log_verify.h"

#include "../util/file_pieces.h"
#include "../util/str_buf.h"
#include <string.h>
#include <uv.h>

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

static bool take_piece(void *context, const char *text, size_t len)
{
    struct verifying *v = context;
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
    return v->out->broken == 0 && !v->rest.failed;
}

enum cts_status log_verify(const char *path, struct log_verified *verified, struct cts_error *err)
{
    struct verifying v = {.out = verified};
    enum cts_status status = CTS_OK;
    *verified = (struct log_verified){.lines = 0};
    log_seal_begin(&v.seal);
    sb_init(&v.rest, LINE_MAX_BYTES);
    const int why = file_pieces(path, take_piece, &v);
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
