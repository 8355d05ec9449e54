#include "prefix.h"
#ifdef _WIN32

enum cts_status prefix_ready(const struct launch *launch, struct cts_error *err)
{
    (void)launch;
    (void)err;
    return CTS_OK;
}

#else
#include "../util/fs_path.h"
#include "../util/str_buf.h"
#include "guard.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include <uv.h>

#define MAKE_MS 180000
#define SERVICES_MS 60000
#define LOCK_MS 50
#define READY_NAME "vsscts-ready"

/* One program that runs to its end, or until it has to be stopped. */
struct errand {
    uv_loop_t loop;
    uv_process_t process;
    uv_timer_t timer;
    uv_signal_t signals[2];
    struct guard_proc guard;
    bool running, late, interrupted;
    int64_t status;
    int lock_file; /* of the other errand, waiting for a lock: see lock_tried() */
};

static void errand_stop(struct errand *errand)
{
    uv_close((uv_handle_t *)&errand->timer, NULL);
    uv_close((uv_handle_t *)&errand->signals[0], NULL);
    uv_close((uv_handle_t *)&errand->signals[1], NULL);
}

static void errand_ended(uv_process_t *process, int64_t status, int signal)
{
    struct errand *errand = process->data;
    errand->status = signal ? 128 + signal : status;
    errand->running = false;
    uv_close((uv_handle_t *)process, NULL);
    errand_stop(errand);
}

static void errand_late(uv_timer_t *timer)
{
    struct errand *errand = timer->data;
    errand->late = true;
    guard_kill(&errand->guard);
}

static void errand_signal(uv_signal_t *handle, int number)
{
    (void)number;
    struct errand *errand = handle->data;
    errand->interrupted = true;
    if (errand->running) {
        guard_kill(&errand->guard);
    } else {
        errand_stop(errand);
    }
}

/* A loop with a timer and the signals of the user. */
static bool errand_init(struct errand *errand)
{
    static const int numbers[] = {SIGINT, SIGTERM};
    memset(errand, 0, sizeof *errand);
    if (uv_loop_init(&errand->loop) != 0) {
        return false;
    }
    uv_timer_init(&errand->loop, &errand->timer);
    errand->timer.data = errand;
    for (int i = 0; i < 2; i++) {
        uv_signal_init(&errand->loop, &errand->signals[i]);
        errand->signals[i].data = errand;
        uv_signal_start(&errand->signals[i], errand_signal, numbers[i]);
    }
    return true;
}

static void errand_run(struct errand *errand)
{
    uv_run(&errand->loop, UV_RUN_DEFAULT);
    uv_loop_close(&errand->loop);
}

/* Runs {loader, args…} with nothing to read and nobody to write to. what is for the message. */
static enum cts_status run_wine(const struct launch *launch, char *const *args, const char *what,
                                unsigned ms, struct cts_error *err)
{
    /* Only the services may outlive it, and they are no part of the run. Without a screen Wine asks
     * nothing; without the two libraries it wants to download nothing. */
    static const char *const pairs[][2] = {{GUARD_RUN, NULL},
                                           {GUARD_SERVICE, "1"},
                                           {"DISPLAY", NULL},
                                           {"WAYLAND_DISPLAY", NULL},
                                           {"WINEDLLOVERRIDES", "mscoree=;mshtml="}};
    struct errand errand;
    char **env = launch_env(launch->env, pairs, sizeof pairs / sizeof pairs[0]);
    if (!env || !errand_init(&errand)) {
        launch_env_free(env);
        return err_set(err, CTS_NOMEM, "out of memory");
    }
    uv_process_options_t options;
    memset(&options, 0, sizeof options);
    options.file = launch->loader;
    options.args = (char **)args;
    options.env = env;
    options.flags = UV_PROCESS_DETACHED;
    options.exit_cb = errand_ended;
    errand.process.data = &errand;
    int failed = uv_spawn(&errand.loop, &errand.process, &options);
    if (failed) {
        uv_close((uv_handle_t *)&errand.process, NULL);
        errand_stop(&errand);
    } else {
        errand.running = true;
        guard_adopt(&errand.guard, &errand.process);
        uv_timer_start(&errand.timer, errand_late, ms, 0);
    }
    errand_run(&errand);
    launch_env_free(env);
    if (errand.interrupted) {
        return err_set(err, CTS_INTERRUPTED, "interrupted");
    }
    if (failed) {
        return err_set(err, CTS_IO, "%s cannot be started: %s", launch->loader,
                       uv_strerror(failed));
    }
    if (errand.late) {
        return err_set(err, CTS_IO, "Wine did not %s within %u s", what, ms / 1000);
    }
    return errand.status == 0 ? CTS_OK
                              : err_set(err, CTS_IO, "Wine could not %s (exit status %d)", what,
                                        (int)errand.status);
}

/* --- the lock --- */

static void lock_tried(uv_timer_t *timer)
{
    struct errand *errand = timer->data;
    if (flock(errand->lock_file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) {
        errand_stop(errand);
    }
}

/* Opens and locks path. *file is to be closed, which unlocks it. */
static enum cts_status lock(const char *path, int *file, struct cts_error *err)
{
    *file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (*file < 0) {
        return err_set_at(err, CTS_IO, path, 0, 0, "cannot be opened: %s", strerror(errno));
    }
    if (flock(*file, LOCK_EX | LOCK_NB) == 0) {
        return CTS_OK;
    }
    struct errand errand;
    if (!errand_init(&errand)) {
        return err_set(err, CTS_NOMEM, "out of memory");
    }
    fprintf(stderr, "vsscts: waiting for another process that makes the Wine prefix\n");
    errand.lock_file = *file;
    uv_timer_start(&errand.timer, lock_tried, LOCK_MS, LOCK_MS);
    errand_run(&errand);
    return errand.interrupted ? err_set(err, CTS_INTERRUPTED, "interrupted") : CTS_OK;
}

/* --- making it --- */

static bool has_file(const struct launch *launch, const char *name)
{
    char *path = fs_join(launch->prefix, name);
    bool there = path && fs_exists(path);
    free(path);
    return there;
}

/* A prefix of the user's is taken as it is. Of one of ours the registry alone says nothing: it may
 * be left from a process that was ended half-way. */
static bool is_made(const struct launch *launch)
{
    return has_file(launch, launch->own_prefix ? READY_NAME : "system.reg") ||
           has_file(launch, READY_NAME);
}

static enum cts_status mark_made(const struct launch *launch, struct cts_error *err)
{
    char *path = fs_join(launch->prefix, READY_NAME);
    int file = path ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644) : -1;
    enum cts_status status = CTS_OK;
    if (file < 0) {
        status = err_set(err, CTS_IO, "%s cannot be written", path ? path : READY_NAME);
    } else {
        close(file);
    }
    free(path);
    return status;
}

static enum cts_status make_prefix(const struct launch *launch, struct cts_error *err)
{
    int file = -1;
    struct str_buf lock_path;
    sb_init(&lock_path, LAUNCH_PATH + 8);
    sb_addf(&lock_path, "%s.lock", launch->prefix);
    char *parent = fs_dirname(launch->prefix);
    enum cts_status status =
        parent ? fs_mkdirs(parent, err) : err_set(err, CTS_NOMEM, "out of memory");
    if (status == CTS_OK) {
        status = lock(sb_text(&lock_path), &file, err);
    }
    if (status == CTS_OK && !is_made(launch)) {
        char *const args[] = {(char *)launch->loader, (char *)"wineboot.exe", (char *)"-i", NULL};
        fprintf(stderr, "vsscts: making a Wine prefix in %s (once, about 10 seconds)\n",
                launch->prefix);
        status = run_wine(launch, args, "make its prefix", MAKE_MS, err);
        if (status == CTS_OK) {
            status = mark_made(launch, err);
        }
    }
    if (file >= 0) {
        close(file);
    }
    free(parent);
    sb_free(&lock_path);
    return status;
}

/* Is there a server of this prefix? Its folder is named by device and inode of the prefix, and it
 * works in it. Only looked at: a wrong answer costs time, nothing else. */
static bool server_runs(const struct launch *launch)
{
    uv_fs_t stat, scan;
    bool found = false;
    if (uv_fs_stat(NULL, &stat, launch->prefix, NULL) != 0) {
        uv_fs_req_cleanup(&stat);
        return false;
    }
    char name[64];
    int name_len =
        snprintf(name, sizeof name, "/server-%llx-%llx", (unsigned long long)stat.statbuf.st_dev,
                 (unsigned long long)stat.statbuf.st_ino);
    uv_fs_req_cleanup(&stat);
    uv_dirent_t entry;
    if (uv_fs_scandir(NULL, &scan, "/proc", 0, NULL) > 0) {
        while (!found && uv_fs_scandir_next(&scan, &entry) == 0) {
            char path[300];
            char target[LAUNCH_PATH];
            snprintf(path, sizeof path, "/proc/%s/cwd", entry.name);
            ssize_t len = entry.name[0] > '0' && entry.name[0] <= '9'
                              ? readlink(path, target, sizeof target)
                              : 0;
            found = len >= name_len && memcmp(target + len - name_len, name, (size_t)name_len) == 0;
        }
    }
    uv_fs_req_cleanup(&scan);
    return found;
}

enum cts_status prefix_ready(const struct launch *launch, struct cts_error *err)
{
    if (!launch->wine) {
        return CTS_OK;
    }
    enum cts_status status = is_made(launch) ? CTS_OK : make_prefix(launch, err);
    if (status == CTS_OK && !server_runs(launch)) {
        /* The first program of a prefix starts Wine's services, which inherit what it has. That
         * must not be a worker; one that is told nothing ends at once. */
        char *const args[] = {(char *)launch->loader, (char *)launch->worker, NULL};
        struct cts_error ignored;
        status = run_wine(launch, args, "start its services", SERVICES_MS, &ignored);
        if (status == CTS_INTERRUPTED) {
            return err_set(err, CTS_INTERRUPTED, "interrupted");
        }
        status = CTS_OK; /* what is wrong shows again with the first worker, which has a voice */
    }
    return status;
}
#endif
