/* The copy is one string instruction. Where it faults, a vectored handler, which acts on that one
 * instruction alone, lets it end early; the count register then says how much is left. */
#include "worker_probe.h"
#include <string.h>
#include <windows.h>

/* Returns the number of bytes that were not copied. */
size_t probe_copy_raw(void *dst, const void *src, size_t size);
extern const char probe_copy_at[], probe_copy_end[];

#ifdef __x86_64__
__asm__(".text\n"
        ".p2align 4\n"
        ".globl probe_copy_raw, probe_copy_at, probe_copy_end\n"
        ".def probe_copy_raw; .scl 2; .type 32; .endef\n"
        ".seh_proc probe_copy_raw\n"
        "probe_copy_raw:\n"
        "    pushq %rsi\n"
        "    .seh_pushreg %rsi\n"
        "    pushq %rdi\n"
        "    .seh_pushreg %rdi\n"
        "    .seh_endprologue\n"
        "    cld\n"
        "    movq %rcx, %rdi\n"
        "    movq %rdx, %rsi\n"
        "    movq %r8, %rcx\n"
        "probe_copy_at:\n"
        "    rep movsb\n"
        "probe_copy_end:\n"
        "    movq %rcx, %rax\n"
        "    popq %rdi\n"
        "    popq %rsi\n"
        "    ret\n"
        "    .seh_endproc\n");
#else
__asm__(".text\n"
        ".p2align 4\n"
        ".globl _probe_copy_raw, _probe_copy_at, _probe_copy_end\n"
        "_probe_copy_raw:\n"
        "    pushl %esi\n"
        "    pushl %edi\n"
        "    cld\n"
        "    movl 12(%esp), %edi\n"
        "    movl 16(%esp), %esi\n"
        "    movl 20(%esp), %ecx\n"
        "_probe_copy_at:\n"
        "    rep movsb\n"
        "_probe_copy_end:\n"
        "    movl %ecx, %eax\n"
        "    popl %edi\n"
        "    popl %esi\n"
        "    ret\n");
#endif

static LONG CALLBACK end_copy(EXCEPTION_POINTERS *info)
{
    CONTEXT *context = info->ContextRecord;

    if (info->ExceptionRecord->ExceptionAddress != (const void *)probe_copy_at)
        return EXCEPTION_CONTINUE_SEARCH;
#ifdef __x86_64__
    context->Rip = (DWORD64)(uintptr_t)probe_copy_end;
#else
    context->Eip = (DWORD)(uintptr_t)probe_copy_end;
#endif
    return EXCEPTION_CONTINUE_EXECUTION;
}

void probe_init(void)
{
    AddVectoredExceptionHandler(1, end_copy);
}

size_t probe_copy(void *dst, const void *src, size_t size)
{
    return size - probe_copy_raw(dst, src, size);
}

bool probe_wstr(const wchar_t *text, size_t max, size_t *length)
{
    wchar_t part[512];

    *length = 0;
    while (*length < max) {
        size_t want = max - *length < 512 ? max - *length : 512;
        size_t got = probe_copy(part, text + *length, want * sizeof(wchar_t)) / sizeof(wchar_t);
        size_t k = 0;

        while (k < got && part[k] != 0)
            k++;
        *length += k;
        if (k < got)
            return true;
        if (got < want)
            return false;
    }
    return false;
}
