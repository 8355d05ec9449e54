#include "worker_alloc.h"
#include "worker_blocks.h"
#include "worker_iat.h"
#include <stdint.h>

/* No machine has so much; with the few bytes that an allocator adds it is still no overflow. */
#define IMPOSSIBLE (~(size_t)0 - 4096)

#ifdef __x86_64__
#define BY_ARCH(x86_64, i686) x86_64
#else
#define BY_ARCH(x86_64, i686) i686
#endif

enum function {
#define ALLOC(id, name, convention, parameters, call, fails) FUNCTION_##id,
#define COPY(id, name, convention, parameters, call) FUNCTION_##id,
#define REALLOC(id, name, convention, parameters, call, fails, block) FUNCTION_##id,
#define RESIZE(id, name, convention, parameters, call, block) FUNCTION_##id,
#define FREE(id, name, convention, parameters, call, block, crosses) FUNCTION_##id,
#include "alloc_functions.def"
    FUNCTIONS
};

static struct iat_function functions[FUNCTIONS];

static struct {
    struct iat own, callers; /* tables that were changed: the implementation's, the worker's */
    const char *base;        /* of the implementation */
    CRITICAL_SECTION lock;   /* of the blocks */
    bool ready;
    struct blocks blocks;
    volatile bool open; /* a window is */
    enum alloc_threads threads;
    DWORD caller;
    LONG fail_at;
    volatile LONG count;
    volatile LONG failed; /* site is set */
    struct block_site site;
} alloc;

/* Is this allocation the one that fails? */
static bool must_fail(enum function function, const void *caller)
{
    LONG n;

    if (!alloc.open || (GetCurrentThreadId() == alloc.caller) != (alloc.threads == ALLOC_CALLER))
        return false;
    n = InterlockedIncrement(&alloc.count);
    if (n != alloc.fail_at)
        return false;
    alloc.site = (struct block_site){function, caller};
    InterlockedExchange(&alloc.failed, 1);
    return true;
}

static void note(enum function function, const void *block, const void *caller)
{
    EnterCriticalSection(&alloc.lock);
    blocks_add(&alloc.blocks, block, (struct block_site){function, caller});
    LeaveCriticalSection(&alloc.lock);
}

/* Before the block is freed: its address may come again at once, on another thread. */
static bool forget(const void *block)
{
    bool there;

    EnterCriticalSection(&alloc.lock);
    there = blocks_remove(&alloc.blocks, block);
    LeaveCriticalSection(&alloc.lock);
    return there;
}

/* The function itself, as one that returns `type`. */
#define REAL(type, id, convention, parameters)                                                     \
    ((type(convention *) parameters)functions[FUNCTION_##id].real)
#define CALLER __builtin_return_address(0)

/* Where an operator new throws, the exception must not have to pass through a frame of the worker,
 * which has no table for it on i686: what fails is a jump, and leaves no frame. */
#define JUMPS __attribute__((optimize("O2"), noinline))

#define ALLOC(id, name, convention, parameters, call, fails)                                       \
    JUMPS static void *convention hook_##id parameters                                             \
    {                                                                                              \
        void *block;                                                                               \
        if (must_fail(FUNCTION_##id, CALLER))                                                      \
            return REAL(void *, id, convention, parameters) fails;                                 \
        block = REAL(void *, id, convention, parameters) call;                                     \
        note(FUNCTION_##id, block, CALLER);                                                        \
        return block;                                                                              \
    }
#define COPY(id, name, convention, parameters, call)                                               \
    static void *convention hook_##id parameters                                                   \
    {                                                                                              \
        void *block;                                                                               \
        if (must_fail(FUNCTION_##id, CALLER))                                                      \
            return NULL;                                                                           \
        block = REAL(void *, id, convention, parameters) call;                                     \
        note(FUNCTION_##id, block, CALLER);                                                        \
        return block;                                                                              \
    }
#define REALLOC(id, name, convention, parameters, call, fails, old)                                \
    static void *convention hook_##id parameters                                                   \
    {                                                                                              \
        void *block;                                                                               \
        bool there;                                                                                \
        if (must_fail(FUNCTION_##id, CALLER))                                                      \
            return REAL(void *, id, convention, parameters) fails;                                 \
        there = forget(old);                                                                       \
        block = REAL(void *, id, convention, parameters) call;                                     \
        if (block == NULL && there && size != 0)                                                   \
            note(FUNCTION_##id, old, CALLER); /* it is still there */                              \
        note(FUNCTION_##id, block, CALLER);                                                        \
        return block;                                                                              \
    }
#define RESIZE(id, name, convention, parameters, call, at)                                         \
    static int convention hook_##id parameters                                                     \
    {                                                                                              \
        int made;                                                                                  \
        if (must_fail(FUNCTION_##id, CALLER))                                                      \
            return FALSE;                                                                          \
        forget(*at);                                                                               \
        made = REAL(int, id, convention, parameters) call;                                         \
        note(FUNCTION_##id, *at, CALLER);                                                          \
        return made;                                                                               \
    }
/* Some of them return nothing; then this is nothing, too. */
#define FREE(id, name, convention, parameters, call, block, crosses)                               \
    static uintptr_t convention hook_##id parameters                                               \
    {                                                                                              \
        forget(block);                                                                             \
        return REAL(uintptr_t, id, convention, parameters) call;                                   \
    }
#include "alloc_functions.def"

static struct iat_function functions[FUNCTIONS] = {
#define ROW(id, name) [FUNCTION_##id] = {name, (void *)(uintptr_t)hook_##id, NULL},
#define ALLOC(id, name, convention, parameters, call, fails) ROW(id, name)
#define COPY(id, name, convention, parameters, call) ROW(id, name)
#define REALLOC(id, name, convention, parameters, call, fails, block) ROW(id, name)
#define RESIZE(id, name, convention, parameters, call, block) ROW(id, name)
#define FREE(id, name, convention, parameters, call, block, crosses) ROW(id, name)
#include "alloc_functions.def"
};

static bool frees(size_t function)
{
    static const bool row[FUNCTIONS] = {
#define FREE(id, name, convention, parameters, call, block, crosses) [FUNCTION_##id] = true,
#include "alloc_functions.def"
    };

    return row[function];
}

static bool crosses(size_t function)
{
    static const bool row[FUNCTIONS] = {
#define FREE(id, name, convention, parameters, call, block, crosses) [FUNCTION_##id] = crosses,
#include "alloc_functions.def"
    };

    return row[function];
}

static bool allocates(size_t function)
{
    return !frees(function);
}

size_t alloc_begin(HMODULE module)
{
    size_t hooked;

    if (!alloc.ready)
        InitializeCriticalSection(&alloc.lock);
    alloc.ready = true;
    /* of the same module they are the same, and a thread that is late may still be on its way there
     */
    for (size_t k = 0; k < FUNCTIONS && alloc.base != (const char *)module; k++)
        functions[k].real = NULL;
    alloc.base = (const char *)module;
    hooked = iat_hook(&alloc.own, module, functions, FUNCTIONS, allocates);
    iat_hook(&alloc.own, module, functions, FUNCTIONS, frees);
    iat_hook(&alloc.callers, GetModuleHandleW(NULL), functions, FUNCTIONS, crosses);
    return hooked;
}

void alloc_end(void)
{
    alloc_window_close();
    alloc.failed = 0;
    iat_unhook(&alloc.own);
    iat_unhook(&alloc.callers);
    EnterCriticalSection(&alloc.lock);
    blocks_clear(&alloc.blocks);
    LeaveCriticalSection(&alloc.lock);
}

void alloc_round(void)
{
    EnterCriticalSection(&alloc.lock);
    blocks_clear(&alloc.blocks);
    LeaveCriticalSection(&alloc.lock);
    alloc.count = 0;
    alloc.failed = 0;
}

void alloc_window(enum alloc_threads threads, unsigned n)
{
    alloc.threads = threads;
    alloc.caller = GetCurrentThreadId();
    alloc.fail_at = (LONG)n;
    MemoryBarrier();
    alloc.open = true;
}

void alloc_window_close(void)
{
    alloc.open = false;
    MemoryBarrier();
}

unsigned alloc_counted(void)
{
    return (unsigned)alloc.count;
}

static void place(const struct block_site *site, struct alloc_site *out)
{
    out->function = functions[site->function].name;
    out->offset = (size_t)((const char *)site->caller - alloc.base);
}

bool alloc_failed(struct alloc_site *site)
{
    if (alloc.failed == 0)
        return false;
    place(&alloc.site, site);
    return true;
}

size_t alloc_held(struct alloc_site *site)
{
    struct block_site some;
    size_t count;

    EnterCriticalSection(&alloc.lock);
    count = alloc.blocks.count;
    if (blocks_any(&alloc.blocks, &some))
        place(&some, site);
    LeaveCriticalSection(&alloc.lock);
    return count;
}
