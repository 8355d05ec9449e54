#include "mem_end.h"

#include "cts_error.h"
#include "mem_grow.h"
#include "out_file.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

/* Standard error has no buffer, so that this needs no memory. */
static void end(void)
{
    fputs("vsscts: out of memory\n", stderr);
    out_abandon();
    _Exit(cts_exit_code(CTS_NOMEM));
}

static void *new_memory(size_t size)
{
    return mem_grow(NULL, size);
}

void mem_end_setup(void)
{
    mem_on_failure(end);
    json_set_alloc_funcs(new_memory, free);
    uv_replace_allocator(new_memory, mem_grow, mem_zeroed, free);
}
