/* A second process for tests of what holds across processes: the program starts itself again as
 * "other WHAT READY GO", with a number and two names of events. */
#ifndef PE_REFERENCE_OTHER_H
#define PE_REFERENCE_OTHER_H

#include "pe_reference.h"

#include <stdlib.h>

struct other {
    PROCESS_INFORMATION process;
    HANDLE ready, go;
};

/* Starts it and waits until it is ready. */
static inline struct other other_start(long what)
{
    static unsigned number;
    char program[MAX_PATH];
    char ready[64];
    char go[64];
    char line[MAX_PATH + 160];
    struct other other = {0};
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    number++;
    snprintf(ready, sizeof(ready), "vssref-test-ready-%lu-%u", GetCurrentProcessId(), number);
    snprintf(go, sizeof(go), "vssref-test-go-%lu-%u", GetCurrentProcessId(), number);
    other.ready = CreateEventA(NULL, TRUE, FALSE, ready);
    other.go = CreateEventA(NULL, TRUE, FALSE, go);
    GetModuleFileNameA(NULL, program, sizeof(program));
    snprintf(line, sizeof(line), "\"%s\" other %ld %s %s", program, what, ready, go);
    const BOOL made =
        CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &other.process);
    CU_ASSERT_TRUE_FATAL(made);
    const HANDLE either[] = {other.ready, other.process.hProcess};
    CU_ASSERT_EQUAL(WaitForMultipleObjects(2, either, FALSE, 20000), WAIT_OBJECT_0);
    return other;
}

/* Kills it, or lets it go on to its end, which must be a good one; waits until it is gone. */
static inline void other_end(struct other *other, bool kill)
{
    DWORD code = 1;
    if (kill) {
        TerminateProcess(other->process.hProcess, 0);
    } else {
        SetEvent(other->go);
    }
    CU_ASSERT_EQUAL(WaitForSingleObject(other->process.hProcess, 20000), WAIT_OBJECT_0);
    GetExitCodeProcess(other->process.hProcess, &code);
    CU_ASSERT_EQUAL(code, 0);
    CloseHandle(other->process.hProcess);
    CloseHandle(other->process.hThread);
    CloseHandle(other->ready);
    CloseHandle(other->go);
}

/* The other process has done its part: says so and waits. Where the code is not the wanted one the
 * first process sees it end. Gives its exit code. */
static inline int other_ready(HRESULT code, HRESULT wanted, const char *ready_name,
                              const char *go_name)
{
    HANDLE ready = OpenEventA(EVENT_MODIFY_STATE, FALSE, ready_name);
    HANDLE go = OpenEventA(SYNCHRONIZE, FALSE, go_name);
    if (code != wanted) {
        fprintf(stderr, "other process: 0x%08lX\n", (unsigned long)code);
        return EXIT_FAILURE;
    }
    SetEvent(ready);
    WaitForSingleObject(go, 20000);
    return EXIT_SUCCESS;
}

#endif
