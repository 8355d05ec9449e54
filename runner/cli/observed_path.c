#include "observed_path.h"

#include "../util/fs_path.h"
#include "../util/str_buf.h"
#include <stdlib.h>
#include <string.h>

#define PATH_BYTES ((size_t)32 * 1024)
#define FOLDER "observed"
#define SUFFIX ".json"

/* observed/NAME.json below the folder. */
static char *named(const char *cases, const char *name)
{
    struct str_buf buf;
    sb_init(&buf, PATH_BYTES);
    sb_addf(&buf, FOLDER "/%s" SUFFIX, name);
    char *path = fs_join(cases, sb_text(&buf));
    sb_free(&buf);
    return path;
}

/* "; there are 10.0.20348, 6.1.7601", or "; nothing was learnt yet". */
static void add_names(struct str_buf *buf, const char *cases)
{
    char *folder = fs_join(cases, FOLDER);
    struct fs_list list = {0};
    const char *before = "; there are ";
    if (folder != NULL && fs_is_dir(folder)) {
        fs_list(folder, &list, NULL);
    }
    for (size_t i = 0; i < list.count; i++) {
        const char *name = list.items[i].name;
        if (!list.items[i].is_dir && fs_has_ending(name, SUFFIX)) {
            sb_add(buf, before);
            sb_addn(buf, name, strlen(name) - strlen(SUFFIX));
            before = ", ";
        }
    }
    sb_add(buf, before[0] == ';' ? "; nothing was learnt yet (vsscts learn)" : "");
    fs_list_free(&list);
    free(folder);
}

char *observed_path(const char *cases, const char *name, struct cts_error *err)
{
    struct str_buf names;
    char *path = fs_has_ending(name, SUFFIX) || strpbrk(name, "/\\") != NULL ? fs_join("", name)
                                                                             : named(cases, name);
    if (path == NULL) {
        err_set(err, CTS_NOMEM, "out of memory");
        return NULL;
    }
    if (fs_exists(path)) {
        return path;
    }
    sb_init(&names, PATH_BYTES);
    add_names(&names, cases);
    err_set(err, CTS_USAGE, "--against: there is no %s%s", path, sb_text(&names));
    sb_free(&names);
    free(path);
    return NULL;
}

char *observed_default(const char *cases, const struct log_facts *facts)
{
    struct str_buf name;
    sb_init(&name, PATH_BYTES);
    sb_add(&name, facts->profile.windows_text);
    if (facts->profile.arch != ARCH_X86_64) {
        sb_addf(&name, "-%s", arch_name(facts->profile.arch));
    }
    char *path = named(cases, sb_text(&name));
    sb_free(&name);
    return path;
}

static enum cts_status load_list(struct observed_all *all, const char *folder,
                                 const struct fs_list *list, struct cts_error *err)
{
    all->items = calloc(list->count + 1, sizeof(struct observed *));
    enum cts_status status = all->items != NULL ? CTS_OK : err_set(err, CTS_NOMEM, "out of memory");
    for (size_t i = 0; i < list->count && status == CTS_OK; i++) {
        if (list->items[i].is_dir || !fs_has_ending(list->items[i].name, SUFFIX)) {
            continue;
        }
        char *path = fs_join(folder, list->items[i].name);
        if (path == NULL) {
            status = err_set(err, CTS_NOMEM, "out of memory");
        } else {
            all->items[all->count] = observed_load(path, err);
            status = all->items[all->count] != NULL ? CTS_OK : err->status;
            all->count += status == CTS_OK;
        }
        free(path);
    }
    return status;
}

enum cts_status observed_all_load(struct observed_all *all, const char *cases,
                                  struct cts_error *err)
{
    char *folder = fs_join(cases, FOLDER);
    struct fs_list list = {0};
    enum cts_status status = CTS_OK;
    *all = (struct observed_all){0};
    if (folder == NULL) {
        return err_set(err, CTS_NOMEM, "out of memory");
    }
    if (fs_is_dir(folder)) {
        status = fs_list(folder, &list, err);
        status = status == CTS_OK ? load_list(all, folder, &list, err) : status;
    }
    fs_list_free(&list);
    free(folder);
    return status;
}

void observed_all_free(struct observed_all *all)
{
    for (size_t i = 0; i < all->count; i++) {
        observed_free(all->items[i]);
    }
    free(all->items);
    *all = (struct observed_all){0};
}
