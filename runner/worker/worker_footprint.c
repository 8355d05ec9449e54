#include "worker_footprint.h"
#include "worker_mem.h"
#include "worker_threads.h"
#include <string.h>
#include <tlhelp32.h>

#define LOOK_MS 10 /* between two looks while it settles */
#define HEAPS_MAX 256
#define HANDLE_STEP 4
#define HANDLES_MISSED 512 /* after so many numbers without a handle there are no more */

static unsigned long count_threads(void)
{
    THREADENTRY32 entry = {.dwSize = sizeof entry};
    HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    unsigned long count = 0;

    if (all == INVALID_HANDLE_VALUE)
        return 0;
    for (BOOL more = Thread32First(all, &entry); more; more = Thread32Next(all, &entry))
        count += entry.th32OwnerProcessID == GetCurrentProcessId();
    CloseHandle(all);
    return count;
}

/* Handles are small numbers that are given out again, so they are tried one by one. */
static unsigned long count_by_trying(void)
{
    unsigned long count = 0;
    DWORD flags;

    for (uintptr_t handle = HANDLE_STEP, missed = 0; missed < HANDLES_MISSED;
         handle += HANDLE_STEP) {
        bool there = GetHandleInformation((HANDLE)handle, &flags);

        count += there;
        missed = there ? 0 : missed + 1;
    }
    return count;
}

/* Wine 8 answers 0 to GetProcessHandleCount. It is not asked for all handles of the system: its
 * server crashes over a process that has none yet. */
static unsigned long count_handles(void)
{
    DWORD count = 0;

    if (GetProcessHandleCount(GetCurrentProcess(), &count) && count > 0)
        return count;
    return count_by_trying();
}

static unsigned long count_blocks(void)
{
    HANDLE heaps[HEAPS_MAX];
    DWORD count = GetProcessHeaps(HEAPS_MAX, heaps);
    unsigned long blocks = 0;

    for (DWORD k = 0; k < count && k < HEAPS_MAX; k++) {
        PROCESS_HEAP_ENTRY entry = {0};

        if (wmem_is_heap(heaps[k]) || !HeapLock(heaps[k]))
            continue;
        while (HeapWalk(heaps[k], &entry))
            blocks += (entry.wFlags & PROCESS_HEAP_ENTRY_BUSY) != 0;
        HeapUnlock(heaps[k]);
    }
    return blocks;
}

bool footprint_due(unsigned round, unsigned times)
{
    return round == times / 5 || round == times / 5 * 3 || round == times;
}

static bool has_grown(unsigned long now, unsigned long before, unsigned rounds)
{
    return now > before && (now - before) * 2 >= rounds;
}

void footprint_mark(struct footprint *footprint, unsigned round, unsigned ms, bool pump)
{
    const ULONGLONG end = GetTickCount64() + ms;
    const unsigned rounds = round - footprint->round;
    unsigned long threads, handles, blocks;

    for (;;) {
        threads = count_threads();
        handles = count_handles();
        blocks = count_blocks();
        if (footprint->round == 0 || GetTickCount64() >= end ||
            !(has_grown(threads, footprint->threads, rounds) ||
              has_grown(handles, footprint->handles, rounds) ||
              has_grown(blocks, footprint->blocks, rounds)))
            break;
        wait_pumping(NULL, LOOK_MS, pump);
    }
    footprint->round = round;
    footprint->threads = threads;
    footprint->handles = handles;
    footprint->blocks = blocks;
    if (footprint->marks == NULL)
        footprint->marks = json_array();
    json_array_append_new(footprint->marks,
                          json_pack("{s:i, s:I, s:I, s:I}", "round", (int)round, "threads",
                                    (json_int_t)threads, "handles", (json_int_t)handles, "blocks",
                                    (json_int_t)blocks));
}
