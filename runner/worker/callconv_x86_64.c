#include "worker_callconv.h"

#ifdef __x86_64__

#define WORDS_PASSED 20

_Static_assert(WORDS_PASSED <= CALL_WORDS_MAX, "all words that are passed must exist");

bool callconv_word(struct call_words *words, uintptr_t value)
{
    if (words->count == WORDS_PASSED)
        return false;
    words->word[words->count++] = value;
    return true;
}

bool callconv_u64(struct call_words *words, uint64_t value)
{
    return callconv_word(words, value);
}

bool callconv_guid(struct call_words *words, GUID *copy)
{
    return callconv_word(words, (uintptr_t)copy);
}

/* The caller cleans the stack, so words that the callee does not know do no harm. */
typedef uint64_t (*any_function)(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t,
                                 uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t,
                                 uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t,
                                 uint64_t, uint64_t);

uint32_t callconv_call(const void *function, const struct call_words *words, long *stack)
{
    const uintptr_t *w = words->word;
    any_function call = (any_function)(uintptr_t)function;
    uint64_t result = call(w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], w[8], w[9], w[10], w[11],
                           w[12], w[13], w[14], w[15], w[16], w[17], w[18], w[19]);

    __asm__ volatile("cld");
    *stack = 0;
    return (uint32_t)result;
}

#endif
