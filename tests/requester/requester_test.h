/* Helpers of the pe_requester_*.c(pp) tests. */
#ifndef REQUESTER_TEST_H
#define REQUESTER_TEST_H

#include "../../fixtures/reference/vsstest.h"
#include "../unit/cu_run.h"
#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DEADLINE_MS 10000

/* The names of the volumes in fixtures/reference/machines/guest.json. */
#define VOLUME_C L"\\\\?\\Volume{11111111-0000-4000-8000-000000000001}\\"
#define VOLUME_D L"\\\\?\\Volume{11111111-0000-4000-8000-000000000002}\\"
#define VOLUME_E L"\\\\?\\Volume{11111111-0000-4000-8000-000000000003}\\"

/* An export of the vssapi.dll that the requester has loaded; ends the program where there is none:
 * then it is Wine's own. */
static inline FARPROC requester_export(const char *name)
{
    FARPROC found = GetProcAddress(LoadLibraryA("vssapi.dll"), name);
    if (found == NULL) {
        fprintf(stderr, "the vssapi.dll beside the program was not loaded: no %s\n", name);
        exit(EXIT_FAILURE);
    }
    return found;
}

/* Wine's debugger ends a program that crashed with exit code 0: this comes before it. */
static inline LONG WINAPI requester_crashed(EXCEPTION_POINTERS *exception)
{
    fprintf(stderr, "crash: exception 0x%08lX\n", exception->ExceptionRecord->ExceptionCode);
    TerminateProcess(GetCurrentProcess(), EXIT_FAILURE);
    return EXCEPTION_CONTINUE_SEARCH;
}

/* Asserts that two numbers are equal, and prints both where they are not. */
static inline void requester_equal(long got, long wanted, const char *what, int line)
{
    if (got != wanted) {
        fprintf(stderr, "line %d: %s: %ld (0x%08lX), not %ld (0x%08lX)\n", line, what, got,
                (unsigned long)got, wanted, (unsigned long)wanted);
    }
    CU_assertImplementation(got == wanted, (unsigned)line, what, "pe_requester", "", CU_FALSE);
}
#define EQUAL(got, wanted) requester_equal((long)(got), (long)(wanted), #got, __LINE__)

#endif
