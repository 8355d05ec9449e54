/* For tests of endurance: what the process holds, and how long they shall last. */
#ifndef PE_REFERENCE_FOOTPRINT_H
#define PE_REFERENCE_FOOTPRINT_H

#include "cu_threads.h"
#include "pe_reference.h"

/* Long runs are asked for by the environment variable VSSCTS_ENDURANCE. */
static inline bool endurance(void)
{
    return GetEnvironmentVariableA("VSSCTS_ENDURANCE", NULL, 0) > 0;
}

struct footprint {
    DWORD handles;
    unsigned threads;
    size_t heap; /* bytes in use in all heaps of the process */
};

/* Wine 8 answers 0 to GetProcessHandleCount, so the handles of the system are counted through. */
struct system_handle {
    void *object;
    ULONG_PTR process;
    ULONG_PTR handle;
    ULONG access;
    USHORT trace, type;
    ULONG attributes, reserved;
};
struct system_handles {
    ULONG_PTR count, reserved;
    struct system_handle handles[];
};

static inline DWORD count_handles(void)
{
    enum { EXTENDED_HANDLE_INFORMATION = 64 };
    LONG(WINAPI * query)
    (int, void *, ULONG, ULONG *) =
        (void *)GetProcAddress(GetModuleHandleA("ntdll.dll"), "NtQuerySystemInformation");
    const ULONG size = 4 << 20;
    struct system_handles *all = malloc(size);
    DWORD count = 0;
    if (query != NULL && all != NULL && query(EXTENDED_HANDLE_INFORMATION, all, size, NULL) == 0) {
        for (ULONG_PTR i = 0; i < all->count; i++) {
            count += all->handles[i].process == GetCurrentProcessId();
        }
    }
    free(all);
    return count;
}

static inline struct footprint measure(void)
{
    struct footprint footprint = {0};
    HANDLE heaps[64];
    Sleep(600); /* the threads of the pool end after a quarter of a second without work */
    footprint.threads = count_threads();
    footprint.handles = count_handles();
    const DWORD count = GetProcessHeaps(COUNT(heaps), heaps);
    for (DWORD i = 0; i < count && i < COUNT(heaps); i++) {
        PROCESS_HEAP_ENTRY entry = {0};
        HeapLock(heaps[i]);
        while (HeapWalk(heaps[i], &entry)) {
            if ((entry.wFlags & PROCESS_HEAP_ENTRY_BUSY) != 0) {
                footprint.heap += entry.cbData;
            }
        }
        HeapUnlock(heaps[i]);
    }
    return footprint;
}

/* Nothing more is held after than before. */
static inline void footprint_kept(struct footprint before, struct footprint after)
{
    fprintf(stderr, "handles %lu -> %lu, threads %u -> %u, heap %u -> %u\n", before.handles,
            after.handles, before.threads, after.threads, (unsigned)before.heap,
            (unsigned)after.heap);
    CU_ASSERT_TRUE(before.handles > 0 && before.threads > 0 && before.heap > 0);
    CU_ASSERT_TRUE(after.handles <= before.handles);
    CU_ASSERT_TRUE(after.threads <= before.threads);
    CU_ASSERT_TRUE(after.heap <= before.heap + 1024);
}

#endif
