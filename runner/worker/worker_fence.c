#include "worker_fence.h"
#include "worker_mem.h"
#include <string.h>
#include <windows.h>

#define PAGE ((size_t)4096)
#define CLASSES 16 /* data pages: 1, 2, 4, … */
#define KEPT 32    /* buffers that wait before one is used again; of large ones, fewer */
#define KEPT_LARGE 2
#define LARGE 3

/* Free buffers of a class, oldest first. */
struct queue {
    struct fence *first, *last;
    unsigned count;
};

static struct queue queues[CLASSES];
static CRITICAL_SECTION lock;

void fence_init(void)
{
    InitializeCriticalSection(&lock);
}

bool fence_is_fill(const uint8_t *data, size_t size)
{
    const uint64_t fill = 0x0101010101010101u * FENCE_FILL;

    for (; size > 0 && ((uintptr_t)data & 7) != 0; data++, size--) {
        if (*data != FENCE_FILL)
            return false;
    }
    for (; size >= 8; data += 8, size -= 8) {
        uint64_t word;

        memcpy(&word, data, 8);
        if (word != fill)
            return false;
    }
    for (; size > 0; data++, size--) {
        if (*data != FENCE_FILL)
            return false;
    }
    return true;
}

static struct fence *fence_new(size_t bytes)
{
    struct fence *fence = wmem_alloc(sizeof *fence);
    uint8_t *base = VirtualAlloc(NULL, bytes + PAGE, MEM_RESERVE, PAGE_NOACCESS);

    if (base == NULL || VirtualAlloc(base, bytes, MEM_COMMIT, PAGE_READWRITE) == NULL)
        ExitProcess(70);
    memset(base, FENCE_FILL, bytes);
    fence->pages = base;
    fence->bytes = bytes;
    return fence;
}

static struct fence *queue_take(unsigned class)
{
    struct queue *queue = &queues[class];
    unsigned kept = class < LARGE ? KEPT : KEPT_LARGE;
    struct fence *fence = NULL;

    EnterCriticalSection(&lock);
    if (queue->count > kept) {
        fence = queue->first;
        queue->first = fence->next;
        queue->count--;
    }
    LeaveCriticalSection(&lock);
    return fence;
}

struct fence *fence_take(size_t size, size_t align)
{
    unsigned class = 0;
    struct fence *fence;

    size = (size + align - 1) & ~(align - 1);
    while (PAGE << class < size) {
        if (++class == CLASSES)
            ExitProcess(70);
    }
    fence = queue_take(class);
    if (fence == NULL)
        fence = fence_new(PAGE << class);
    else if (!fence_is_fill(fence->pages, fence->bytes)) /* written after it was given back */
        memset(fence->pages, FENCE_FILL, fence->bytes);
    fence->data = fence->pages + fence->bytes - size;
    fence->size = size;
    return fence;
}

bool fence_over(const struct fence *fence)
{
    return !fence_is_fill(fence->pages, (size_t)(fence->data - fence->pages));
}

void fence_give(struct fence *fence)
{
    unsigned class = 0;
    struct queue *queue;

    memset(fence->data, FENCE_FILL, fence->size);
    while (PAGE << class < fence->bytes)
        class ++;
    queue = &queues[class];
    fence->next = NULL;
    EnterCriticalSection(&lock);
    if (queue->count == 0)
        queue->first = fence;
    else
        queue->last->next = fence;
    queue->last = fence;
    queue->count++;
    LeaveCriticalSection(&lock);
}
