/* A file that is written whole: beside its name first, then renamed, so that a reader sees the old
 * file or the new one. What is no regular file (a device, a pipe) cannot be replaced without harm
 * and is written to as it is; a symbolic link stays, and what it names is replaced. */
#ifndef VSSCTS_OUT_FILE_H
#define VSSCTS_OUT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

struct out_file {
    char *path;   /* where it is to stand, links followed */
    char *beside; /* what is written, or NULL: path itself */
    uv_file file;
    int error;             /* the first failure, an error of libuv, or 0 */
    struct out_file *next; /* private */
};

/* Opens path for writing. 0 or an error of libuv; ended by out_close() where it is 0, and not moved
 * before. */
int out_open(struct out_file *out, const char *path);

/* Writes all of data. 0 or an error of libuv, which is kept: nothing is written after a failure. */
int out_write(struct out_file *out, const char *data, size_t length);

/* Ends it: the file stands under its name where keep is set and nothing has failed, otherwise
 * nothing of it is left behind. 0 or the first failure. */
int out_close(struct out_file *out, bool keep);

/* Leaves nothing behind of the files that are open, and closes none: for a program that ends at
 * once. One thread opens and closes files. */
void out_abandon(void);

#endif
