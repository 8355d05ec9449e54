/* Paths and folders, the same on Linux and Windows. Paths are UTF-8; '/' separates everywhere, on
 * Windows '\' does too. */
#ifndef VSSCTS_FS_PATH_H
#define VSSCTS_FS_PATH_H

#include "cts_error.h"

/* One entry of a folder. */
struct fs_entry {
    char *name; /* without the folder */
    bool is_dir;
};

/* The entries of a folder, sorted by the bytes of their names, without "." and "..". Free with
 * fs_list_free(). */
struct fs_list {
    size_t count;
    struct fs_entry *items;
};

/* Starts at the root (Windows: also of a drive or a share). */
bool fs_is_absolute(const char *path);

/* Does the path end so, with something before it? */
bool fs_has_ending(const char *path, const char *ending);

/* Paths of any system, in texts from anywhere: '/' and '\\' separate, and the case of ASCII letters
 * does not count. The length of the path where the text begins with it; 0: it does not. */
bool fs_is_any_separator(char c);
size_t fs_begins(const char *text, const char *path);

/* dir and name with one '/' between them; name alone where it is absolute or dir is empty. The
 * caller frees it with free(). NULL: no memory. */
char *fs_join(const char *dir, const char *name);

/* The folder that holds path: "." where path has none, the root for the root. Freed by the caller;
 * NULL: no memory. Nothing is looked up on disk. */
char *fs_dirname(const char *path);

/* The last part of path; points into path. Empty where path ends with a separator. */
const char *fs_basename(const char *path);

/* The path from the root, by the current folder, without resolving links. Freed by the caller;
 * NULL: no memory or no current folder. */
char *fs_absolute(const char *path);

bool fs_exists(const char *path);
bool fs_is_dir(const char *path);

/* Makes the folder and those above it that are missing. CTS_OK also where it stood already. CTS_IO
 * with path and reason in err, CTS_NOMEM. */
enum cts_status fs_mkdirs(const char *path, struct cts_error *err);

/* Lists a folder into list, which is empty after a failure. CTS_BAD_FILE where dir is no folder
 * that can be read, CTS_NOMEM. */
enum cts_status fs_list(const char *dir, struct fs_list *list, struct cts_error *err);
void fs_list_free(struct fs_list *list);

#endif
