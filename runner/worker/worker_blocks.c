#include "worker_blocks.h"
#include "worker_mem.h"
#include <stdint.h>

#define SIZE_FIRST 1024

/* address NULL: an empty place. */
struct block {
    const void *address;
    struct block_site site;
};

/* The place where an address belongs; blocks lie on multiples of 8 at least. */
static size_t home(const struct blocks *blocks, const void *address)
{
    const uint64_t key = (uint64_t)(uintptr_t)address >> 3;

    return (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (blocks->size - 1);
}

/* The place of the address, or the empty one where it would be. */
static struct block *find(const struct blocks *blocks, const void *address)
{
    size_t at = home(blocks, address);

    while (blocks->list[at].address != NULL && blocks->list[at].address != address)
        at = (at + 1) & (blocks->size - 1);
    return &blocks->list[at];
}

static void grow(struct blocks *blocks)
{
    struct blocks bigger = {0};

    bigger.size = blocks->size == 0 ? SIZE_FIRST : blocks->size * 2;
    bigger.list = wmem_alloc(bigger.size * sizeof *bigger.list);
    bigger.count = blocks->count;
    for (size_t k = 0; k < blocks->size; k++) {
        if (blocks->list[k].address != NULL)
            *find(&bigger, blocks->list[k].address) = blocks->list[k];
    }
    wmem_free(blocks->list);
    *blocks = bigger;
}

void blocks_add(struct blocks *blocks, const void *address, struct block_site site)
{
    struct block *block;

    if (address == NULL)
        return;
    if (2 * (blocks->count + 1) > blocks->size)
        grow(blocks);
    block = find(blocks, address);
    blocks->count += block->address == NULL;
    *block = (struct block){address, site};
}

bool blocks_remove(struct blocks *blocks, const void *address)
{
    const size_t mask = blocks->size - 1;
    size_t gap, at;

    if (blocks->count == 0 || address == NULL)
        return false;
    gap = (size_t)(find(blocks, address) - blocks->list);
    if (blocks->list[gap].address == NULL)
        return false;
    /* what was put behind the gap for want of room comes up */
    for (at = (gap + 1) & mask; blocks->list[at].address != NULL; at = (at + 1) & mask) {
        const size_t wanted = home(blocks, blocks->list[at].address);

        if (((at - wanted) & mask) >= ((at - gap) & mask)) {
            blocks->list[gap] = blocks->list[at];
            gap = at;
        }
    }
    blocks->list[gap].address = NULL;
    blocks->count--;
    return true;
}

bool blocks_any(const struct blocks *blocks, struct block_site *site)
{
    for (size_t k = 0; blocks->count > 0 && k < blocks->size; k++) {
        if (blocks->list[k].address != NULL) {
            *site = blocks->list[k].site;
            return true;
        }
    }
    return false;
}

void blocks_clear(struct blocks *blocks)
{
    wmem_free(blocks->list);
    *blocks = (struct blocks){0};
}
