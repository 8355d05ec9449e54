/* Allocations of the implementation: made to fail, one by one, and counted. Its import tables lead
 * here between alloc_begin() and alloc_end(), those of other modules never do, but for the
 * functions with which the worker itself frees what it was given. One user at a time; the hooks
 * themselves run on any thread. */
#ifndef VSSCTS_WORKER_ALLOC_H
#define VSSCTS_WORKER_ALLOC_H

#include <stdbool.h>
#include <stddef.h>
#include <windows.h>

/* Which threads' allocations are counted. */
enum alloc_threads {
    ALLOC_CALLER, /* those of the thread that calls alloc_window() */
    ALLOC_OTHERS  /* those of all others */
};

/* Where an allocation was made. */
struct alloc_site {
    const char *function; /* static; NULL: none */
    size_t offset;        /* in the module, of the place that it returned to */
};

/* Hooks the module. Returns how many of its imports allocate memory: with 0 nothing can be made to
 * fail. */
size_t alloc_begin(HMODULE module);
void alloc_end(void);

/* Forgets what is held, and what has failed: from here on a new round is counted. */
void alloc_round(void);

/* From here on the n-th allocation of those threads fails, none where n is 0; alloc_window_close()
 * ends it. */
void alloc_window(enum alloc_threads threads, unsigned n);
void alloc_window_close(void);

/* How many allocations there were in the windows of the round; the site of the one that failed, if
 * any did. */
unsigned alloc_counted(void);
bool alloc_failed(struct alloc_site *site);

/* How many blocks of the round are still held, and where one of them came from. */
size_t alloc_held(struct alloc_site *site);

#endif
