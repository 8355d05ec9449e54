#include "file_pieces.h"

#include <uv.h>

#define PIECE 65536

int file_pieces(const char *path, file_piece_cb take, void *context)
{
    static const int64_t at_current_place = -1;
    char piece[PIECE];
    uv_fs_t request;
    const uv_file file = uv_fs_open(NULL, &request, path, UV_FS_O_RDONLY, 0, NULL);
    int got = file;
    bool more = true;
    uv_fs_req_cleanup(&request);
    if (file < 0) {
        return file;
    }
    do {
        uv_buf_t buf = uv_buf_init(piece, sizeof piece);
        got = uv_fs_read(NULL, &request, file, &buf, 1, at_current_place, NULL);
        uv_fs_req_cleanup(&request);
        more = got > 0 && take(context, piece, (size_t)got);
    } while (more);
    uv_fs_close(NULL, &request, file, NULL);
    uv_fs_req_cleanup(&request);
    return got < 0 ? got : 0;
}
