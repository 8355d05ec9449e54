/* The threads of a Windows test program. */
#ifndef VSSCTS_CU_THREADS_H
#define VSSCTS_CU_THREADS_H

/* Here, since the first to include windows.h decides for all that follow. */
#ifndef COBJMACROS
#define COBJMACROS
#endif
#include <windows.h>

#include <stdbool.h>
#include <tlhelp32.h>

static inline unsigned count_threads(void)
{
    THREADENTRY32 entry = {.dwSize = sizeof(entry)};
    unsigned count = 0;
    HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    for (BOOL more = Thread32First(all, &entry); more; more = Thread32Next(all, &entry)) {
        count += entry.th32OwnerProcessID == GetCurrentProcessId();
    }
    CloseHandle(all);
    return count;
}

/* Waits until the calling thread is the only one. Wine 8 now and then kills a process by a signal
 * that exits at the moment when another of its threads ends: twice in 1,400 starts of a program
 * that does only that. What a module has left running ends within a second, or stays. */
static inline void await_other_threads(void)
{
    enum { LIMIT_MS = 1500, LOOK_MS = 10 };
    const ULONGLONG limit = GetTickCount64() + LIMIT_MS;
    while (count_threads() > 1 && GetTickCount64() < limit) {
        Sleep(LOOK_MS);
    }
}

#endif
