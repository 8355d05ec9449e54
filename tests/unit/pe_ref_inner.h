/* Helpers of the pe_ref_*.c tests: inner parts of the reference clone, linked into the test. */
#ifndef PE_REF_INNER_H
#define PE_REF_INNER_H

#include "cu_run.h"
#include "ref.h"
#include "ref_memory.h"
#include "vsstest.h"

#include <stdio.h>
#include <wchar.h>

/* Asserts that two codes are equal, and prints both where they are not. */
static inline void inner_equal(HRESULT got, HRESULT wanted, const char *what, int line)
{
    if (got != wanted) {
        fprintf(stderr, "line %d: %s: 0x%08lX, not 0x%08lX\n", line, what, (unsigned long)got,
                (unsigned long)wanted);
    }
    CU_assertImplementation(got == wanted, (unsigned)line, what, "pe_ref", "", CU_FALSE);
}
#define HR(call, wanted) inner_equal(call, wanted, #call, __LINE__)

/* Asserts that two texts are equal, NULL too, and prints both where they are not. */
static inline void inner_text(const WCHAR *got, const WCHAR *wanted, int line)
{
    const bool same = got == NULL || wanted == NULL ? got == wanted : wcscmp(got, wanted) == 0;
    if (!same) {
        fprintf(stderr, "line %d: \"%ls\", not \"%ls\"\n", line, got != NULL ? got : L"(null)",
                wanted != NULL ? wanted : L"(null)");
    }
    CU_assertImplementation(same, (unsigned)line, "texts are equal", "pe_ref", "", CU_FALSE);
}
#define TEXT_EQUAL(got, wanted) inner_text(got, wanted, __LINE__)

/* Runs `work` with the first allocation that fails, then the second, until one run has enough.
 * Each run that fails must say so and leave nothing behind. Gives the number of allocations. */
static inline unsigned inner_starve(HRESULT (*work)(void))
{
    const LONG before = mem_live();
    for (ULONG skip = 0; skip < 10000; skip++) {
        VssTestFail(L"alloc", E_OUTOFMEMORY, skip, 1);
        const HRESULT code = work();
        VssTestReset();
        CU_ASSERT_EQUAL(mem_live(), before);
        if (code != E_OUTOFMEMORY) {
            HR(code, S_OK);
            return skip;
        }
    }
    CU_FAIL("no end of allocations");
    return 0;
}

#endif
