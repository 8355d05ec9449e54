#include "fs_path.h"

#include "mem_grow.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

static bool is_separator(char c)
{
#ifdef _WIN32
    return c == '/' || c == '\\';
#else
    return c == '/';
#endif
}

/* Bytes of the root at the beginning of path: "/", on Windows also "C:" and "C:\". */
static size_t root_length(const char *path)
{
#ifdef _WIN32
    bool letter = (path[0] >= 'A' && path[0] <= 'Z') || (path[0] >= 'a' && path[0] <= 'z');
    if (letter && path[1] == ':') {
        return is_separator(path[2]) ? 3 : 2;
    }
#endif
    size_t n = 0;
    while (is_separator(path[n])) {
        n++;
    }
    return n;
}

bool fs_has_ending(const char *path, const char *ending)
{
    const size_t length = strlen(path), tail = strlen(ending);
    return length > tail && strcmp(path + length - tail, ending) == 0;
}

bool fs_is_any_separator(char c)
{
    return c == '/' || c == '\\';
}

size_t fs_begins(const char *text, const char *path)
{
    size_t i = 0;
    for (; path[i] != '\0'; i++) {
        const bool same = fs_is_any_separator(path[i])
                              ? fs_is_any_separator(text[i])
                              : tolower((unsigned char)text[i]) == tolower((unsigned char)path[i]);
        if (!same) {
            return 0;
        }
    }
    return i;
}

bool fs_is_absolute(const char *path)
{
    return root_length(path) > 0;
}

char *fs_join(const char *dir, const char *name)
{
    if (dir[0] == '\0' || fs_is_absolute(name)) {
        return mem_text(name, strlen(name));
    }
    size_t dir_len = strlen(dir), name_len = strlen(name);
    size_t slash = is_separator(dir[dir_len - 1]) ? 0 : 1;
    char *out = mem_grow(NULL, dir_len + slash + name_len + 1);
    if (out) {
        memcpy(out, dir, dir_len);
        memcpy(out + dir_len, "/", slash);
        memcpy(out + dir_len + slash, name, name_len + 1);
    }
    return out;
}

char *fs_dirname(const char *path)
{
    size_t root = root_length(path), end = strlen(path);
    while (end > root && is_separator(path[end - 1])) {
        end--;
    }
    while (end > root && !is_separator(path[end - 1])) {
        end--;
    }
    while (end > root && is_separator(path[end - 1])) {
        end--;
    }
    return end > 0 ? mem_text(path, end) : mem_text(".", 1);
}

const char *fs_basename(const char *path)
{
    const char *base = path + root_length(path);
    for (const char *p = base; *p; p++) {
        if (is_separator(*p)) {
            base = p + 1;
        }
    }
    return base;
}

char *fs_absolute(const char *path)
{
    if (fs_is_absolute(path)) {
        return mem_text(path, strlen(path));
    }
    size_t size = 4096;
    char *dir = mem_grow(NULL, size);
    int rc = dir ? uv_cwd(dir, &size) : UV_ENOMEM;
    if (rc == UV_ENOBUFS) {
        free(dir);
        dir = mem_grow(NULL, size);
        rc = dir ? uv_cwd(dir, &size) : UV_ENOMEM;
    }
    char *out = rc == 0 ? fs_join(dir, path) : NULL;
    free(dir);
    return out;
}

/* The mode of a file, links followed; -1 where there is none. */
static long mode_of(const char *path)
{
    uv_fs_t req;
    int rc = uv_fs_stat(NULL, &req, path, NULL);
    long mode = rc == 0 ? (long)req.statbuf.st_mode : -1;
    uv_fs_req_cleanup(&req);
    return mode;
}

bool fs_exists(const char *path)
{
    return mode_of(path) >= 0;
}

bool fs_is_dir(const char *path)
{
    long mode = mode_of(path);
    return mode >= 0 && (mode & 0170000) == 0040000;
}

static enum cts_status make_one(const char *path, struct cts_error *err)
{
    uv_fs_t req;
    int rc = uv_fs_mkdir(NULL, &req, path, 0777, NULL);
    uv_fs_req_cleanup(&req);
    /* Some systems refuse a folder that is there with another code than EEXIST. */
    if (rc == 0 || fs_is_dir(path)) {
        return CTS_OK;
    }
    return err_set_at(err, CTS_IO, path, 0, 0, "cannot make the folder: %s", uv_strerror(rc));
}

enum cts_status fs_mkdirs(const char *path, struct cts_error *err)
{
    size_t len = strlen(path), root = root_length(path);
    char *part = mem_text(path, len);
    if (!part) {
        return err_set(err, CTS_NOMEM, "out of memory");
    }
    enum cts_status status = CTS_OK;
    for (size_t i = root; i <= len && status == CTS_OK; i++) {
        if (i > root && (i == len || is_separator(path[i])) && !is_separator(path[i - 1])) {
            part[i] = '\0';
            status = make_one(part, err);
            part[i] = path[i];
        }
    }
    free(part);
    return status;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct fs_entry *)a)->name, ((const struct fs_entry *)b)->name);
}

static enum cts_status add_entry(struct fs_list *list, size_t *cap, const char *dir,
                                 const uv_dirent_t *entry)
{
    if (list->count == *cap) {
        size_t more = *cap ? *cap * 2 : 16;
        struct fs_entry *items = realloc(list->items, more * sizeof *items);
        if (!items) {
            return CTS_NOMEM;
        }
        list->items = items;
        *cap = more;
    }
    struct fs_entry *item = &list->items[list->count];
    item->name = mem_text(entry->name, strlen(entry->name));
    if (!item->name) {
        return CTS_NOMEM;
    }
    list->count++;
    item->is_dir = entry->type == UV_DIRENT_DIR;
    if (entry->type == UV_DIRENT_UNKNOWN || entry->type == UV_DIRENT_LINK) {
        char *path = fs_join(dir, entry->name);
        if (!path) {
            return CTS_NOMEM;
        }
        item->is_dir = fs_is_dir(path);
        free(path);
    }
    return CTS_OK;
}

enum cts_status fs_list(const char *dir, struct fs_list *list, struct cts_error *err)
{
    *list = (struct fs_list){0};
    enum cts_status status = CTS_OK;
    uv_fs_t req;
    uv_dirent_t entry;
    size_t cap = 0;
    int rc = uv_fs_scandir(NULL, &req, dir, 0, NULL);
    if (rc < 0) {
        status = err_set_at(err, rc == UV_ENOMEM ? CTS_NOMEM : CTS_BAD_FILE, dir, 0, 0,
                            "cannot read the folder: %s", uv_strerror(rc));
        goto done;
    }
    /* To the end in any case: libuv frees the last entry only when it is asked for one more. */
    while (uv_fs_scandir_next(&req, &entry) != UV_EOF) {
        status = status == CTS_OK ? add_entry(list, &cap, dir, &entry) : status;
    }
    if (status != CTS_OK) {
        err_set(err, status, "out of memory");
        fs_list_free(list);
    } else if (list->count > 1) {
        qsort(list->items, list->count, sizeof *list->items, by_name);
    }
done:
    uv_fs_req_cleanup(&req);
    return status;
}

void fs_list_free(struct fs_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].name);
    }
    free(list->items);
    *list = (struct fs_list){0};
}
