/* The blocks of memory that the implementation holds, by address. Not locked. */
#ifndef VSSCTS_WORKER_BLOCKS_H
#define VSSCTS_WORKER_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>

/* Where a block came from. */
struct block_site {
    size_t function;    /* that gave it */
    const void *caller; /* the place that it returned to */
};

/* A table of blocks. Begins as zero; ends with blocks_clear(). */
struct blocks {
    struct block *list;
    size_t count, size; /* size: a power of two, or 0 */
};

/* Adds a block; one that is there is told anew. */
void blocks_add(struct blocks *blocks, const void *address, struct block_site site);

/* Takes a block out. False: it was not there. */
bool blocks_remove(struct blocks *blocks, const void *address);

/* Some block that is there. False: there is none. */
bool blocks_any(const struct blocks *blocks, struct block_site *site);

/* Forgets all blocks, and frees the table. */
void blocks_clear(struct blocks *blocks);

#endif
