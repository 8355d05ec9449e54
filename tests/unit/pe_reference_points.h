/* For pe_reference_points.c: one call made three times. Twice its test point fails it, with a code
 * that comes out as it is and with one that nobody foresaw; then it does what it does, which shows
 * that nothing had changed before. */
#ifndef PE_REFERENCE_POINTS_H
#define PE_REFERENCE_POINTS_H

#include "pe_reference_metadata.h"
#include "pe_reference_parts.h"
#include "pe_reference_writer.h"

/* Every point of a call, and whether a test has met it. */
static struct met_point {
    const WCHAR *name;
    bool met;
} all_points[] = {
#define REQUESTER(id, event) {L"" #id ".call", false},
#define METHOD(owner, id) {L"" #owner "." #id ".call", false},
#define FUNCTION(id) {L"" #id ".call", false},
#include "../../fixtures/reference/base/ref_points.def"
};

static inline void meet(const WCHAR *name)
{
    bool found = false;
    for (size_t i = 0; i < COUNT(all_points); i++) {
        if (wcscmp(all_points[i].name, name) == 0) {
            all_points[i].met = true;
            found = true;
        }
    }
    CU_ASSERT_TRUE(found);
}

/* The point fails the next call; its out pointers point somewhere. */
static inline void arm(const WCHAR *name, HRESULT code, void **out, size_t count)
{
    HR(ref.fail(name, code, 0, 1), S_OK);
    for (size_t i = 0; i < count; i++) {
        out[i] = &ref;
    }
}

static inline void are_cleared(const char *name, void *const *out, size_t count, int line)
{
    for (size_t i = 0; i < count; i++) {
        if (out[i] != NULL) {
            fprintf(stderr, "line %d: %s: out pointer %u is not NULL\n", line, name, (unsigned)i);
        }
        CU_ASSERT_PTR_NULL(out[i]);
    }
}

/* `call` hands out the first `count` of the pointers `out` of its surroundings. `unforeseen` is the
 * code for what nobody foresaw. */
#define FAILS_TWICE(name, count, call, unforeseen)                                                 \
    do {                                                                                           \
        meet(L"" name ".call");                                                                    \
        arm(L"" name ".call", VSS_E_PROVIDER_VETO, out, count);                                    \
        ref_equal(call, VSS_E_PROVIDER_VETO, name, __LINE__);                                      \
        are_cleared(name, out, count, __LINE__);                                                   \
        arm(L"" name ".call", E_HANDLE, out, count);                                               \
        ref_equal(call, unforeseen, name, __LINE__);                                               \
        are_cleared(name, out, count, __LINE__);                                                   \
    } while (0)

/* Where its point lets it pass it gives `wanted`. */
#define FAILS(name, count, wanted, call)                                                           \
    do {                                                                                           \
        FAILS_TWICE(name, count, call, VSS_E_UNEXPECTED);                                          \
        ref_equal(call, wanted, name, __LINE__);                                                   \
    } while (0)

/* The same for a method whose page has E_FAIL for what nobody foresaw. */
#define FAILS_PLAINLY(name, count, wanted, call)                                                   \
    do {                                                                                           \
        FAILS_TWICE(name, count, call, E_FAIL);                                                    \
        ref_equal(call, wanted, name, __LINE__);                                                   \
    } while (0)

/* The same for one that tells of a component, where there is something to tell or not. */
#define TELLS(name, count, call)                                                                   \
    do {                                                                                           \
        FAILS_TWICE(name, count, call, VSS_E_UNEXPECTED);                                          \
        CU_ASSERT_TRUE(SUCCEEDED(call));                                                           \
    } while (0)

/* A pointer that is handed out. */
#define AT(index) ((void *)&out[index])

/* As FAILS, for a call that hands out only an operation, which is awaited. */
#define OPERATION_FAILS(name, call)                                                                \
    do {                                                                                           \
        FAILS(name, 1, S_OK, call);                                                                \
        HR(ref_end(out[0]), VSS_S_ASYNC_FINISHED);                                                 \
    } while (0)

static inline void free_texts(void **out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        SysFreeString(out[i]);
    }
}

/* A call that hands out a COM object, and no other has a reference to it. */
#define OBJECT_FAILS(name, call)                                                                   \
    do {                                                                                           \
        FAILS(name, 1, S_OK, call);                                                                \
        CU_ASSERT_EQUAL(IUnknown_Release((IUnknown *)out[0]), 0);                                  \
    } while (0)

/* A call that hands out one text. */
#define TEXT_FAILS(name, wanted, call)                                                             \
    do {                                                                                           \
        FAILS(name, 1, wanted, call);                                                              \
        free_texts(out, 1);                                                                        \
    } while (0)

#endif
