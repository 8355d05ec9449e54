#include "file_hash.h"

#include "../util/file_pieces.h"
#include <uv.h>

static bool add(void *context, const char *piece, size_t len)
{
    sha256_add(context, piece, len);
    return true;
}

enum cts_status file_hash(const char *path, char text[SHA256_TEXT], struct cts_error *err)
{
    struct sha256 hash;
    sha256_begin(&hash);
    const int failed = file_pieces(path, add, &hash);
    sha256_end(&hash, text);
    return failed == 0 ? CTS_OK
                       : err_set_at(err, CTS_BAD_FILE, path, 0, 0, "cannot be read: %s",
                                    uv_strerror(failed));
}
