#include "out_file.h"

#include "str_buf.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PATH_SIZE_MAX ((size_t)64 * 1024)
#define WRITE_MAX ((size_t)1 << 20) /* a write of libuv counts in unsigned */

/* Those that are open. */
static struct out_file *open_files;

/* Whether path can be replaced by another file. real gets the name that links lead to, or NULL
 * where nothing is there or there is no memory. */
static bool replaceable(const char *path, char **real)
{
    uv_fs_t request;
    bool regular = true;

    *real = NULL;
    if (uv_fs_stat(NULL, &request, path, NULL) == 0) {
        regular = (request.statbuf.st_mode & S_IFMT) == S_IFREG;
    }
    uv_fs_req_cleanup(&request);
    if (regular && uv_fs_realpath(NULL, &request, path, NULL) == 0) {
        const char *name = request.ptr;
        struct str_buf copy;
        sb_init(&copy, PATH_SIZE_MAX);
        sb_add(&copy, name);
        *real = sb_take(&copy, NULL);
    }
    uv_fs_req_cleanup(&request);
    return regular;
}

static char *text_new(const char *path, bool beside)
{
    struct str_buf text;

    sb_init(&text, PATH_SIZE_MAX);
    sb_add(&text, path);
    if (beside) {
        sb_addf(&text, ".%d.tmp", (int)uv_os_getpid());
    }
    return sb_take(&text, NULL);
}

static void release(struct out_file *out)
{
    free(out->path);
    free(out->beside);
    out->path = out->beside = NULL;
}

int out_open(struct out_file *out, const char *path)
{
    uv_fs_t request;
    int fd = UV_ENOMEM;

    memset(out, 0, sizeof *out);
    const bool renamed = replaceable(path, &out->path);
    if (out->path == NULL) {
        out->path = text_new(path, false);
    }
    if (renamed && out->path != NULL) {
        out->beside = text_new(out->path, true);
    }
    if (out->path != NULL && (out->beside != NULL || !renamed)) {
        fd = uv_fs_open(NULL, &request, renamed ? out->beside : out->path,
                        UV_FS_O_WRONLY | UV_FS_O_CREAT | UV_FS_O_TRUNC, 0666, NULL);
        uv_fs_req_cleanup(&request);
    }
    if (fd < 0) {
        release(out);
        return fd;
    }
    out->file = fd;
    out->next = open_files;
    open_files = out;
    return 0;
}

int out_write(struct out_file *out, const char *data, size_t length)
{
    while (length > 0 && out->error == 0) {
        uv_fs_t request;
        /* libuv's buffer is for reading, too, and so is not const */
        const uv_buf_t piece = uv_buf_init((char *)(uintptr_t)data,
                                           (unsigned)(length < WRITE_MAX ? length : WRITE_MAX));
        const int written = uv_fs_write(NULL, &request, out->file, &piece, 1, -1, NULL);
        uv_fs_req_cleanup(&request);
        if (written <= 0) {
            out->error = written < 0 ? written : UV_EIO;
        } else {
            data += written;
            length -= (size_t)written;
        }
    }
    return out->error;
}

static void forget(const struct out_file *out)
{
    struct out_file **link = &open_files;
    while (*link != NULL && *link != out) {
        link = &(*link)->next;
    }
    if (*link != NULL) {
        *link = out->next;
    }
}

int out_close(struct out_file *out, bool keep)
{
    uv_fs_t request;
    const int closed = uv_fs_close(NULL, &request, out->file, NULL);

    uv_fs_req_cleanup(&request);
    if (out->error == 0) {
        out->error = closed;
    }
    if (out->beside != NULL && keep && out->error == 0) {
        out->error = uv_fs_rename(NULL, &request, out->beside, out->path, NULL);
        uv_fs_req_cleanup(&request);
    }
    if (out->beside != NULL && (!keep || out->error != 0)) {
        uv_fs_unlink(NULL, &request, out->beside, NULL);
        uv_fs_req_cleanup(&request);
    }
    forget(out);
    release(out);
    return out->error;
}

void out_abandon(void)
{
    for (const struct out_file *out = open_files; out != NULL; out = out->next) {
        if (out->beside != NULL) {
            remove(out->beside);
        }
    }
}
