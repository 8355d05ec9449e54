/* Fenced memory: a buffer that ends where a page without access begins, all of it, and what lies
 * before it, filled with a pattern. The pages are kept and used again, those given back longest ago
 * first, so that a pointer that the implementation keeps too long meets the pattern. Any thread. */
#ifndef VSSCTS_WORKER_FENCE_H
#define VSSCTS_WORKER_FENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FENCE_FILL 0xA5 /* the pattern */

struct fence {
    uint8_t *pages; /* data pages; a page without access follows */
    size_t bytes;   /* of the data pages */
    uint8_t *data;  /* the buffer */
    size_t size;    /* up to the end of the data pages */
    struct fence *next;
};

/* Once, before any other. */
void fence_init(void);

/* A buffer of `size` bytes or a few more (to be aligned for `align`, a power of two) up to the
 * fence. Never NULL: without memory the process ends. */
struct fence *fence_take(size_t size, size_t align);

/* Were bytes before the buffer changed? */
bool fence_over(const struct fence *fence);

/* Does every one of these bytes still have the pattern? */
bool fence_is_fill(const uint8_t *data, size_t size);

void fence_give(struct fence *fence);

#endif
