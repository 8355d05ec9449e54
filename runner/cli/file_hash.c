#include "file_hash.h"

#include <uv.h>

#define PIECE 65536

enum cts_status file_hash(const char *path, char text[SHA256_TEXT], struct cts_error *err)
{
    static const int64_t at_current_place = -1;
    struct sha256 hash;
    char piece[PIECE];
    uv_fs_t request;
    const uv_file file = uv_fs_open(NULL, &request, path, UV_FS_O_RDONLY, 0, NULL);
    int got = file;
    uv_fs_req_cleanup(&request);
    sha256_begin(&hash);
    if (file >= 0) {
        do {
            uv_buf_t buf = uv_buf_init(piece, sizeof piece);
            got = uv_fs_read(NULL, &request, file, &buf, 1, at_current_place, NULL);
            uv_fs_req_cleanup(&request);
            sha256_add(&hash, piece, got > 0 ? (size_t)got : 0);
        } while (got > 0);
        uv_fs_close(NULL, &request, file, NULL);
        uv_fs_req_cleanup(&request);
    }
    sha256_end(&hash, text);
    return got >= 0
               ? CTS_OK
               : err_set_at(err, CTS_BAD_FILE, path, 0, 0, "cannot be read: %s", uv_strerror(got));
}
