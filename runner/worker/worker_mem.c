#include "worker_mem.h"
#include <jansson.h>
#include <string.h>
#include <windows.h>

static HANDLE heap;

void wmem_init(void)
{
    heap = HeapCreate(0, 1 << 20, 0);
    if (heap == NULL)
        ExitProcess(70);
    json_set_alloc_funcs(wmem_alloc, wmem_free);
}

void *wmem_alloc(size_t size)
{
    void *p = HeapAlloc(heap, HEAP_ZERO_MEMORY, size);

    if (p == NULL)
        ExitProcess(70);
    return p;
}

void *wmem_grow(void *p, size_t size)
{
    if (p == NULL)
        return wmem_alloc(size);
    p = HeapReAlloc(heap, HEAP_ZERO_MEMORY, p, size);
    if (p == NULL)
        ExitProcess(70);
    return p;
}

void wmem_free(void *p)
{
    if (p != NULL)
        HeapFree(heap, 0, p);
}

char *wmem_strdup(const char *text)
{
    size_t size = strlen(text) + 1;

    return memcpy(wmem_alloc(size), text, size);
}

bool wmem_is_heap(const void *other)
{
    return other == heap;
}
