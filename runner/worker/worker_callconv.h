/* Calling a function of which only the argument words are known, by the convention of the
 * architecture: x86_64 Windows, or i686 stdcall. */
#ifndef VSSCTS_WORKER_CALLCONV_H
#define VSSCTS_WORKER_CALLCONV_H

#include <stdbool.h>
#include <stdint.h>
#include <windows.h>

#define CALL_WORDS_MAX 48

#if defined(__x86_64__)
#define WORKER_ARCH "x86_64"
#elif defined(__i386__)
#define WORKER_ARCH "i686"
#else
#error "no calling convention for this architecture"
#endif

/* Arguments as machine words, in order. */
struct call_words {
    unsigned count;
    uintptr_t word[CALL_WORDS_MAX];
};

/* Add an argument. False: there are too many. */
bool callconv_word(struct call_words *words, uintptr_t value);
bool callconv_u64(struct call_words *words, uint64_t value);
/* By value. x86_64 passes a pointer to copy, which must live through the call; i686 four words. */
bool callconv_guid(struct call_words *words, GUID *copy);

/* Calls. *stack becomes the number of bytes by which the callee popped more (or, negative, less)
 * than its arguments took; always 0 on x86_64. The stack is restored. Returns the 32-bit result. */
uint32_t callconv_call(const void *function, const struct call_words *words, long *stack);

#endif
