/* A library that is loaded before a program (LD_PRELOAD) and lets one of its allocations fail: the
 * VSSCTS_FAIL_ALLOC-th, counted from 1 over malloc, calloc and realloc of all threads; "N+" lets
 * all fail from the N-th on. Without the variable they are counted only. At the end the number of
 * allocations goes to the file VSSCTS_ALLOC_COUNT; with VSSCTS_FAIL_TRACE the addresses that led to
 * a failure go to standard error. Only the program VSSCTS_FAIL_PROGRAM (vsscts) is meant: what it
 * starts has all its memory. Linux only. */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *(*real_malloc)(size_t size);
static void *(*real_calloc)(size_t count, size_t size);
static void *(*real_realloc)(void *old, size_t size);
static void (*real_free)(void *old);

/* What is asked for while the functions above are looked up. Never freed, never reused. */
static _Alignas(max_align_t) char early[16384];
static size_t early_used;

static atomic_ulong made;
static unsigned long fails_at; /* 0: none */
static bool fails_on, counts, traces;
static pid_t owner;

static void look_up(void)
{
    static bool busy;
    if (busy || real_free) {
        return;
    }
    busy = true;
    /* ISO C has no cast from void * to a function: POSIX promises that this works. */
    *(void **)&real_malloc = dlsym(RTLD_NEXT, "malloc");
    *(void **)&real_calloc = dlsym(RTLD_NEXT, "calloc");
    *(void **)&real_realloc = dlsym(RTLD_NEXT, "realloc");
    *(void **)&real_free = dlsym(RTLD_NEXT, "free");
    busy = false;
}

static void *early_alloc(size_t size)
{
    const size_t at = (early_used + 15) & ~(size_t)15;
    if (size > sizeof early - at) {
        abort();
    }
    early_used = at + size;
    return early + at;
}

static bool is_early(const void *memory)
{
    return (const char *)memory >= early && (const char *)memory < early + sizeof early;
}

static void trace(void)
{
    void *frames[32];
    traces = false; /* backtrace() allocates, the first time */
    const int count = backtrace(frames, 32);
    backtrace_symbols_fd(frames, count, STDERR_FILENO);
}

/* Counts one allocation and says whether it must fail. */
static bool must_fail(void)
{
    if (!counts) {
        return false;
    }
    const unsigned long nth = atomic_fetch_add(&made, 1) + 1;
    const bool fails = fails_at != 0 && (nth == fails_at || (fails_on && nth > fails_at));
    if (fails) {
        if (traces) {
            trace();
        }
        errno = ENOMEM;
    }
    return fails;
}

void *malloc(size_t size)
{
    look_up();
    if (!real_malloc) {
        return early_alloc(size);
    }
    return must_fail() ? NULL : real_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    look_up();
    if (!real_calloc) {
        return early_alloc(count * size);
    }
    return must_fail() ? NULL : real_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    look_up();
    if (!real_realloc || is_early(old)) {
        abort();
    }
    return must_fail() ? NULL : real_realloc(old, size);
}

void free(void *old)
{
    if (old && !is_early(old) && real_free) {
        real_free(old);
    }
}

__attribute__((constructor)) static void begin(void)
{
    const char *program = getenv("VSSCTS_FAIL_PROGRAM");
    const char *at = getenv("VSSCTS_FAIL_ALLOC");
    char *end = NULL;
    look_up();
    if (strcmp(program_invocation_short_name, program ? program : "vsscts") != 0) {
        return;
    }
    fails_at = at ? strtoul(at, &end, 10) : 0;
    fails_on = end && *end == '+';
    traces = getenv("VSSCTS_FAIL_TRACE") != NULL;
    owner = getpid();
    atomic_store(&made, 0);
    counts = true;
}

/* A process that was forked and not yet another program has this library, too: it says nothing. */
__attribute__((destructor)) static void finish(void)
{
    const char *path = getenv("VSSCTS_ALLOC_COUNT");
    char text[32];
    counts = false;
    if (!path || !owner || owner != getpid()) {
        return;
    }
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    const int len = snprintf(text, sizeof text, "%lu\n", atomic_load(&made));
    if (file >= 0 && write(file, text, (size_t)len) == len) {
        close(file);
    }
}
