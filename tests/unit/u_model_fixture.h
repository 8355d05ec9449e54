/* A copy of the valid tables that tests may spoil. */
#ifndef VSSCTS_U_MODEL_FIXTURE_H
#define VSSCTS_U_MODEL_FIXTURE_H

#include "../../runner/model/tables.h"
#include "../../runner/util/fs_path.h"
#include "../../runner/util/json_file.h"
#include "cu_run.h"

#include <stdio.h>
#include <string.h>
#include <uv.h>

/* A path below tests/data/tables. */
static inline const char *fixture_data(const char *name, char *buf, size_t size)
{
    const char *source = getenv("VSSCTS_SOURCE");
    snprintf(buf, size, "%s/tests/data/tables/%s", source ? source : ".", name);
    return buf;
}

/* A folder for the copies of this test program, of this one process. */
static inline const char *fixture_copy(const char *test, char *buf, size_t size)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(buf, size, "%s/vsscts-u-model-%s-%d", tmp ? tmp : "/tmp", test, (int)uv_os_getpid());
    return buf;
}

/* Writes a file of the copy, with the folders above it. A defect of the test ends it. */
static inline void fixture_write(const char *copy, const char *rel, const char *data, size_t len)
{
    char path[1400];
    struct cts_error err;
    snprintf(path, sizeof path, "%s/%s", copy, rel);
    char *folder = fs_dirname(path);
    if (!folder || fs_mkdirs(folder, &err) != CTS_OK ||
        file_write(path, data, len, &err) != CTS_OK) {
        fprintf(stderr, "cannot write %s\n", path);
        exit(EXIT_FAILURE);
    }
    free(folder);
}

/* Copies the tables below `from`, without `error` files. */
static inline void fixture_lay(const char *from, const char *copy, const char *rel)
{
    char path[2600], below[1200];
    struct fs_list list;
    struct cts_error err;
    snprintf(path, sizeof path, "%s/%s", from, rel);
    if (fs_list(path, &list, &err) != CTS_OK) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(EXIT_FAILURE);
    }
    for (size_t i = 0; i < list.count; i++) {
        size_t len;
        snprintf(below, sizeof below, "%s%s%s", rel, rel[0] ? "/" : "", list.items[i].name);
        snprintf(path, sizeof path, "%s/%s", from, below);
        if (list.items[i].is_dir) {
            fixture_lay(from, copy, below);
        } else if (strcmp(list.items[i].name, "error") != 0) {
            char *text = file_read(path, &len, JSON_FILE_MAX, &err);
            if (!text) {
                fprintf(stderr, "cannot read %s\n", path);
                exit(EXIT_FAILURE);
            }
            fixture_write(copy, below, text, len);
            free(text);
        }
    }
    fs_list_free(&list);
}

/* Removes the copy. */
static inline void fixture_remove(const char *copy)
{
    struct fs_list list;
    if (fs_list(copy, &list, NULL) != CTS_OK) {
        return;
    }
    for (size_t i = 0; i < list.count; i++) {
        char *path = fs_join(copy, list.items[i].name);
        if (path != NULL && list.items[i].is_dir) {
            fixture_remove(path);
        } else if (path != NULL) {
            remove(path);
        }
        free(path);
    }
    fs_list_free(&list);
    remove(copy);
}

#endif
