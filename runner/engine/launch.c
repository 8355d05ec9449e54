#include "launch.h"
#include "../util/fs_path.h"
#include "../util/str_buf.h"
#include "guard.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#define WORKER_NAME "vsscts-worker.exe"
#ifdef _WIN32
#define ON_WINDOWS true
#define ENV_CASE strnicmp
#else
#define ON_WINDOWS false
#define ENV_CASE strncmp
#endif

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), end_len = strlen(end);
    return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/* Takes over `path` (from malloc) into a field of struct launch. */
static bool keep_path(char *field, char *path)
{
    bool fits = path && strlen(path) < LAUNCH_PATH;
    if (fits) {
        memcpy(field, path, strlen(path) + 1);
    }
    free(path);
    return fits;
}

static const char *env_or_null(const char *name)
{
    const char *value = getenv(name);
    return value && value[0] ? value : NULL;
}

/* --- environment --- */

void launch_env_free(char **env)
{
    for (size_t i = 0; env && env[i]; i++) {
        free(env[i]);
    }
    free(env);
}

static bool names_it(const char *entry, const char *name)
{
    size_t len = strlen(name);
    return ENV_CASE(entry, name, len) == 0 && entry[len] == '=';
}

static char *joined(const char *name, const char *between, const char *value)
{
    struct str_buf text;
    sb_init(&text, 1 << 20);
    sb_add(&text, name);
    sb_add(&text, between);
    sb_add(&text, value);
    return sb_take(&text, NULL);
}

char **launch_env(char *const *base, const char *const (*pairs)[2], size_t count)
{
    size_t base_count = 0;
    while (base[base_count]) {
        base_count++;
    }
    char **env = calloc(base_count + count + 1, sizeof *env);
    size_t used = 0;
    for (size_t i = 0; env && base[i]; i++) {
        bool replaced = false;
        for (size_t j = 0; j < count && !replaced; j++) {
            replaced = names_it(base[i], pairs[j][0]);
        }
        if (!replaced && !(env[used++] = joined(base[i], "", ""))) {
            goto no_memory;
        }
    }
    for (size_t j = 0; env && j < count; j++) {
        if (pairs[j][1] && !(env[used++] = joined(pairs[j][0], "=", pairs[j][1]))) {
            goto no_memory;
        }
    }
    return env;
no_memory:
    launch_env_free(env);
    return NULL;
}

/* The environment of this process as launch_env() takes it; NULL: no memory. */
static char **own_env(void)
{
    uv_env_item_t *items = NULL;
    int count = 0;
    if (uv_os_environ(&items, &count) != 0) {
        return NULL;
    }
    char **env = calloc((size_t)count + 1, sizeof *env);
    for (int i = 0; env && i < count; i++) {
        env[i] = joined(items[i].name, "=", items[i].value);
        if (!env[i]) {
            launch_env_free(env);
            env = NULL;
        }
    }
    uv_os_free_environ(items, count);
    return env;
}

static enum cts_status make_env(struct launch *launch, const char *token, struct cts_error *err)
{
    const char *debug = getenv("WINEDEBUG");
    const char *wine_arch = launch->arch == ARCH_I686 ? "win32" : "win64";
    if (!launch->own_prefix) {
        wine_arch = getenv("WINEARCH");
    }
    const char *const pairs[][2] = {
        {GUARD_RUN, token},
        {"WINEPREFIX", launch->prefix},
        {"WINEARCH", wine_arch},
        {"WINEDEBUG", debug ? debug : "-all"},
    };
    char **base = own_env();
    size_t count = launch->wine ? sizeof pairs / sizeof pairs[0] : 1;
    launch->env = base ? launch_env(base, pairs, count) : NULL;
    launch_env_free(base);
    return launch->env ? CTS_OK : err_set(err, CTS_NOMEM, "out of memory");
}

/* --- Wine --- */

/* Looks for a program in $PATH. */
static bool find_in_path(const char *name, char *field)
{
    const char *path = getenv("PATH");
    while (path && *path) {
        size_t len = strcspn(path, ":");
        struct str_buf file;
        sb_init(&file, LAUNCH_PATH);
        sb_addn(&file, path, len);
        sb_addf(&file, "/%s", name);
        uv_fs_t request;
        bool found = len > 0 && !file.failed &&
                     uv_fs_access(NULL, &request, sb_text(&file), 1 /* X_OK */, NULL) == 0;
        if (len > 0 && !file.failed) {
            uv_fs_req_cleanup(&request);
        }
        if (found) {
            return keep_path(field, sb_take(&file, NULL));
        }
        sb_free(&file);
        path += len + (path[len] == ':');
    }
    return false;
}

/* A loader that somebody named: a path, or a name to look for in $PATH. */
static enum cts_status named_loader(struct launch *launch, const char *name, struct cts_error *err)
{
    bool found = strchr(name, '/') ? fs_exists(name) && keep_path(launch->loader, fs_absolute(name))
                                   : find_in_path(name, launch->loader);
    return found ? CTS_OK : err_set(err, CTS_USAGE, "%s: no such program to start Wine", name);
}

static enum cts_status find_loader(struct launch *launch, const char *option, struct cts_error *err)
{
    static const char *const whole[] = {"/usr/lib/wine/wine64", "/usr/lib/wine/wine"};
    bool i686 = launch->arch == ARCH_I686;
    const char *name = option ? option : env_or_null(i686 ? "VSSCTS_WINE_I686" : "VSSCTS_WINE");
    if (name) {
        return named_loader(launch, name, err);
    }
    if (fs_exists(whole[i686])) {
        return named_loader(launch, whole[i686], err);
    }
    if (i686) {
        return err_set(err, CTS_USAGE,
                       "no Wine for i686: install wine32, or name it with --wine or "
                       "VSSCTS_WINE_I686");
    }
    if (find_in_path("wine64", launch->loader) || find_in_path("wine", launch->loader)) {
        return CTS_OK;
    }
    return err_set(err, CTS_USAGE,
                   "no Wine: install wine64, or name it with --wine or VSSCTS_WINE");
}

static enum cts_status find_prefix(struct launch *launch, const char *option, struct cts_error *err)
{
    const char *name = option ? option : env_or_null("VSSCTS_WINEPREFIX");
    if (name) {
        return keep_path(launch->prefix, fs_absolute(name))
                   ? CTS_OK
                   : err_set(err, CTS_USAGE, "%s: no usable path of a Wine prefix", name);
    }
    struct str_buf path;
    sb_init(&path, LAUNCH_PATH - 1);
    const char *cache = env_or_null("XDG_CACHE_HOME");
    const char *home = env_or_null("HOME");
    if (!cache && !home) {
        return err_set(err, CTS_USAGE, "no place for a Wine prefix: set HOME or VSSCTS_WINEPREFIX");
    }
    sb_addf(&path, "%s%s/vsscts/wine-%s", cache ? cache : home, cache ? "" : "/.cache",
            arch_name(launch->arch));
    launch->own_prefix = true;
    char *text = sb_take(&path, NULL);
    char *absolute = text ? fs_absolute(text) : NULL;
    free(text);
    return keep_path(launch->prefix, absolute)
               ? CTS_OK
               : err_set(err, CTS_USAGE, "path of the Wine prefix too long");
}

/* --- the whole --- */

static enum cts_status find_worker(struct launch *launch, const struct eng_options *options,
                                   struct cts_error *err)
{
    char *path = NULL;
    if (options->worker) {
        path = fs_absolute(options->worker);
    } else if (options->home) {
        char *dir = fs_join(options->home, arch_name(launch->arch));
        char *file = dir ? fs_join(dir, WORKER_NAME) : NULL;
        path = file ? fs_absolute(file) : NULL;
        free(dir);
        free(file);
    } else {
        return err_set(err, CTS_USAGE, "neither a worker nor a home folder that has one");
    }
    if (!keep_path(launch->worker, path)) {
        return err_set(err, CTS_USAGE, "no usable path of the worker");
    }
    return fs_exists(launch->worker)
               ? CTS_OK
               : err_set(err, CTS_USAGE, "%s: no such worker program", launch->worker);
}

enum cts_status launch_init(struct launch *launch, const struct eng_options *options,
                            enum arch arch, const char *token, struct cts_error *err)
{
    memset(launch, 0, sizeof *launch);
    launch->arch = arch;
    snprintf(launch->mark, sizeof launch->mark, "%.*s", LAUNCH_MARK, token);
    enum cts_status status = find_worker(launch, options, err);
    launch->wine = !ON_WINDOWS && ends_with(launch->worker, ".exe");
    if (status == CTS_OK && launch->wine) {
        status = find_loader(launch, options->wine, err);
        if (status == CTS_OK) {
            status = find_prefix(launch, options->wine_prefix, err);
        }
    }
    return status == CTS_OK ? make_env(launch, token, err) : status;
}

void launch_free(struct launch *launch)
{
    launch_env_free(launch->env);
    launch->env = NULL;
}

void launch_args(const struct launch *launch, const char *argument, struct launch_args *args)
{
    size_t n = 0;
    if (launch->wine) {
        args->list[n++] = (char *)launch->loader;
    }
    args->list[n++] = (char *)launch->worker;
    if (argument) {
        args->list[n++] = (char *)argument;
    }
    args->list[n] = NULL;
}

/* A prefix that the user made may have no drive Z: that is the root; the longer way works too, but
 * the system then shows the file under a name that nobody knows. */
static const char *root_of(const struct launch *launch)
{
    char *drive = fs_join(launch->prefix, "dosdevices/z:");
    bool there = drive && fs_exists(drive);
    free(drive);
    return there ? "Z:" : "\\\\?\\unix";
}

char *launch_path(const struct launch *launch, const char *path)
{
    if (path[0] == '@') {
        return joined(path, "", "");
    }
    char *absolute = fs_absolute(path);
    if (!absolute || !launch->wine) {
        return absolute;
    }
    char *result = joined(root_of(launch), "", absolute);
    for (char *c = result; c && *c; c++) {
        if (*c == '/') {
            *c = '\\';
        }
    }
    free(absolute);
    return result;
}
