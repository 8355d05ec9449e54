#include "mem_grow.h"

#include <stdlib.h>
#include <string.h>

static void (*on_failure)(void);

static void *checked(void *memory)
{
    if (memory == NULL && on_failure != NULL) {
        on_failure();
    }
    return memory;
}

void *mem_grow(void *old, size_t size)
{
    return checked(realloc(old, size > 0 ? size : 1));
}

void *mem_zeroed(size_t count, size_t size)
{
    return checked(calloc(count > 0 ? count : 1, size > 0 ? size : 1));
}

char *mem_text(const char *text, size_t len)
{
    char *made = mem_grow(NULL, len + 1);
    if (made != NULL) {
        memcpy(made, text, len);
        made[len] = '\0';
    }
    return made;
}

void mem_on_failure(void (*end)(void))
{
    on_failure = end;
}
