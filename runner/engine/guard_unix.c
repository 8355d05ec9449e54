/* Linux and other Unix systems: process groups, and a search through /proc for what left them. */
#ifndef _WIN32
#include "../util/str_buf.h"
#include "guard.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

const int guard_stops[GUARD_STOPS] = {SIGINT, SIGTERM, SIGHUP};

#define ENVIRONMENT_MAX ((size_t)1024 * 1024)
#define ROUND_MS 5
#define ROUNDS 200

/* The parent and the state letter of a process; 0 where it is gone. */
static int parent_of(int pid, char *state)
{
    char path[64];
    char text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0) {
        close(file);
    }
    if (len <= 0) {
        return 0;
    }
    text[len] = '\0';
    const char *end = strrchr(text, ')'); /* the name in parentheses may hold anything */
    int parent = 0;
    return end && sscanf(end + 1, " %c %d", state, &parent) == 2 ? parent : 0;
}

/* Is there NAME=VALUE (any value where it is NULL) in the environment of the process? */
static bool has_mark(int pid, const char *name, const char *value)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/environ", pid);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return false; /* gone, or another user's */
    }
    struct str_buf all;
    sb_init(&all, ENVIRONMENT_MAX);
    char part[4096];
    ssize_t len = 0;
    while ((len = read(file, part, sizeof part)) > 0 && !all.failed) {
        sb_addn(&all, part, (size_t)len);
    }
    close(file);
    size_t name_len = strlen(name);
    bool found = false;
    const char *text = sb_text(&all);
    for (size_t at = 0; at < all.len && !found; at += strlen(text + at) + 1) {
        found = strncmp(text + at, name, name_len) == 0 && text[at + name_len] == '=' &&
                (!value || strcmp(text + at + name_len + 1, value) == 0);
    }
    sb_free(&all);
    return found;
}

/* Calls each for every process there is, with its number. */
static void each_process(void (*each)(void *context, int pid), void *context)
{
    DIR *dir = opendir("/proc");
    const struct dirent *entry = NULL;
    while (dir && (entry = readdir(dir))) {
        char *end = NULL;
        long pid = strtol(entry->d_name, &end, 10);
        if (*end == '\0' && pid > 0) {
            each(context, (int)pid);
        }
    }
    if (dir) {
        closedir(dir);
    }
}

static void note_child(void *context, int pid)
{
    struct guard_run *run = context;
    char state = 0;
    if (parent_of(pid, &state) != getpid()) {
        return;
    }
    int *bigger = realloc(run->before, (run->before_count + 1) * sizeof *bigger);
    if (bigger) {
        run->before = bigger;
        run->before[run->before_count++] = pid;
    }
}

/* What this process inherited beside the standard streams (and a shell or make left open) is not
 * for Wine's services to hold. libuv's own call for that would take the standard streams too, from
 * whatever the caller starts later. */
static void keep_files_from_children(void)
{
    DIR *dir = opendir("/proc/self/fd");
    const struct dirent *entry = NULL;
    while (dir && (entry = readdir(dir))) {
        char *end = NULL;
        long file = strtol(entry->d_name, &end, 10);
        int flags = *end == '\0' && file > STDERR_FILENO ? fcntl((int)file, F_GETFD) : -1;
        if (flags >= 0) {
            fcntl((int)file, F_SETFD, flags | FD_CLOEXEC);
        }
    }
    if (dir) {
        closedir(dir);
    }
}

void guard_begin(struct guard_run *run, const char *token)
{
    memset(run, 0, sizeof *run);
    run->token = token;
    keep_files_from_children();
    for (size_t i = 0; i < GUARD_STOPS; i++) {
        sigaction(guard_stops[i], NULL, &run->was_stop[i]);
    }
    /* A worker that is gone must not end the engine that writes to it. */
    struct sigaction ignore;
    memset(&ignore, 0, sizeof ignore);
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, &run->was_sigpipe);
#ifdef __linux__
    each_process(note_child, run);
    prctl(PR_GET_CHILD_SUBREAPER, &run->was_subreaper, 0, 0, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
#endif
}

bool guard_stop_is_ignored(const struct guard_run *run, size_t n)
{
    return run->was_stop[n].sa_handler == SIG_IGN;
}

void guard_hold_stops(struct guard_run *run)
{
    sigset_t stops;
    sigemptyset(&stops);
    for (size_t i = 0; i < GUARD_STOPS; i++) {
        sigaddset(&stops, guard_stops[i]);
    }
    run->holding = sigprocmask(SIG_BLOCK, &stops, &run->was_mask) == 0;
}

struct sweep {
    const struct guard_run *run;
    size_t killed, left;
};

static bool was_there(const struct guard_run *run, int pid)
{
    for (size_t i = 0; i < run->before_count; i++) {
        if (run->before[i] == pid) {
            return true;
        }
    }
    return false;
}

static void sweep_one(void *context, int pid)
{
    struct sweep *sweep = context;
    char state = 0;
    bool child = parent_of(pid, &state) == getpid() && !was_there(sweep->run, pid);
    if (child && state == 'Z') {
        waitpid(pid, NULL, WNOHANG);
        return;
    }
    bool ours = pid != getpid() && has_mark(pid, GUARD_RUN, sweep->run->token);
    if (!ours && child) {
        ours = !has_mark(pid, GUARD_SERVICE, NULL);
    }
    if (ours && state != 'Z') {
        sweep->left++;
        sweep->killed += kill(pid, SIGKILL) == 0;
    }
}

size_t guard_end(struct guard_run *run)
{
    size_t killed = 0;
#ifdef __linux__
    struct sweep sweep = {run, 0, 1};
    for (int round = 0; round < ROUNDS && sweep.left > 0; round++) {
        sweep.left = 0;
        each_process(sweep_one, &sweep);
        if (round == 0) {
            killed = sweep.killed;
        }
        if (sweep.left > 0) {
            nanosleep(&(struct timespec){0, ROUND_MS * 1000000L}, NULL);
        }
    }
    prctl(PR_SET_CHILD_SUBREAPER, run->was_subreaper, 0, 0, 0);
#endif
    free(run->before);
    run->before = NULL;
    run->before_count = 0;
    sigaction(SIGPIPE, &run->was_sigpipe, NULL);
    for (size_t i = 0; i < GUARD_STOPS; i++) {
        sigaction(guard_stops[i], &run->was_stop[i], NULL); /* libuv leaves the default behind */
    }
    if (run->holding) {
        sigprocmask(SIG_SETMASK, &run->was_mask, NULL);
    }
    return killed;
}

void guard_adopt(struct guard_proc *proc, const uv_process_t *process)
{
    proc->job = NULL;
    proc->pid = process->pid;
}

void guard_kill(struct guard_proc *proc)
{
    if (proc->pid > 0 && kill(-proc->pid, SIGKILL) != 0 && errno == ESRCH) {
        kill(proc->pid, SIGKILL);
    }
}

void guard_release(struct guard_proc *proc)
{
    if (proc->pid > 0) {
        kill(-proc->pid, SIGKILL);
        /* Orphans of the group have become children of the engine. */
        while (waitpid(-proc->pid, NULL, WNOHANG) > 0) {
        }
    }
    proc->pid = 0;
}
#endif
