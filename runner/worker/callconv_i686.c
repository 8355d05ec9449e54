#include "worker_callconv.h"
#include <string.h>

#ifdef __i386__

bool callconv_word(struct call_words *words, uintptr_t value)
{
    if (words->count == CALL_WORDS_MAX)
        return false;
    words->word[words->count++] = value;
    return true;
}

bool callconv_u64(struct call_words *words, uint64_t value)
{
    return callconv_word(words, (uintptr_t)value) && callconv_word(words, (uintptr_t)(value >> 32));
}

bool callconv_guid(struct call_words *words, GUID *copy)
{
    uint32_t part[4];

    memcpy(part, copy, sizeof part);
    return callconv_word(words, part[0]) && callconv_word(words, part[1]) &&
           callconv_word(words, part[2]) && callconv_word(words, part[3]);
}

/* Pushes count words, the last first, calls, and puts the stack right whatever the callee popped.
 * 1 KiB above the arguments is left free: a callee that pops too much must not uncover the frame.
 */
uint32_t callconv_stdcall(const void *function, const uintptr_t *word, unsigned count, long *stack);

__asm__(".text\n"
        ".p2align 4\n"
        ".globl _callconv_stdcall\n"
        "_callconv_stdcall:\n"
        "    pushl %ebp\n"
        "    movl %esp, %ebp\n"
        "    pushl %ebx\n"
        "    pushl %esi\n"
        "    pushl %edi\n"
        "    subl $1024, %esp\n"
        "    andl $-16, %esp\n"
        "    movl 12(%ebp), %edx\n"
        "    movl 16(%ebp), %ecx\n"
        "    movl %esp, -16(%ebp)\n" /* where the stack must be after the call */
        "1:  testl %ecx, %ecx\n"
        "    jz 2f\n"
        "    pushl -4(%edx,%ecx,4)\n"
        "    decl %ecx\n"
        "    jmp 1b\n"
        "2:  call *8(%ebp)\n"
        "    cld\n"
        "    movl %esp, %ecx\n"
        "    subl -16(%ebp), %ecx\n"
        "    leal -12(%ebp), %esp\n"
        "    movl 20(%ebp), %edx\n"
        "    movl %ecx, (%edx)\n"
        "    popl %edi\n"
        "    popl %esi\n"
        "    popl %ebx\n"
        "    popl %ebp\n"
        "    ret\n");

uint32_t callconv_call(const void *function, const struct call_words *words, long *stack)
{
    return callconv_stdcall(function, words->word, words->count, stack);
}

#endif
