/* For pe_reference_monkey.c: a monkey is a thread that makes random calls on an object of its own.
 * Its dice are seeded, so that the same seed makes the same choices (not the same order of the
 * threads). */
#ifndef PE_REFERENCE_MONKEY_H
#define PE_REFERENCE_MONKEY_H

#include "pe_reference_writer.h"

#include <stdint.h>

static struct reference ref;
static struct vsswriter_api api;

/* An address that no call hands out, for out pointers before the call. */
#define POISON ((void *)(UINT_PTR)0xBAD0)

struct dice {
    uint32_t state; /* never 0 */
};

/* 0 to sides - 1 (xorshift) */
static inline unsigned roll(struct dice *dice, unsigned sides)
{
    dice->state ^= dice->state << 13;
    dice->state ^= dice->state >> 17;
    dice->state ^= dice->state << 5;
    return dice->state % sides;
}

static inline struct dice dice_of(uint32_t seed, unsigned number)
{
    const struct dice dice = {(seed + 1) * 2654435761u + number * 40503u};
    return dice.state != 0 ? dice : (struct dice){1};
}

struct monkey {
    struct dice dice;
    HANDLE thread;
    volatile LONG *stop;
    volatile LONG calls; /* so far, and which it makes now: what a hang looks like from outside */
    const char *volatile now;
    unsigned objects, passed, wrong;
    IVssBackupComponents *bc;
    IVssAsync *async; /* of the last operation that was started; NULL: none */
    VSS_ID set, snapshot;
    BSTR document; /* the last one saved; NULL: none yet */
};

static inline void wrong(struct monkey *monkey, HRESULT code, const char *what)
{
    fprintf(stderr, "%s gave 0x%08lX: %s\n", monkey->now, (unsigned long)code, what);
    monkey->wrong++;
}

/* Codes that some page lists; anything else would be one that slipped through. */
static inline bool is_listed(HRESULT code)
{
    switch (code) {
    case S_OK:
    case S_FALSE:
    case E_INVALIDARG:
    case E_OUTOFMEMORY:
    case E_ACCESSDENIED:
    case E_NOTIMPL:
    case E_NOINTERFACE:
    case E_UNEXPECTED:
    case E_FAIL: /* of IVssEnumObject::Next, of reverts, and of a writer's class */
        return true;
    default:
        return HRESULT_FACILITY(code) == FACILITY_ITF && (code & 0xFF00) == 0x2300;
    }
}

static inline bool check(struct monkey *monkey, HRESULT code)
{
    if (!is_listed(code)) {
        wrong(monkey, code, "a code that no page lists");
    }
    monkey->passed += SUCCEEDED(code);
    return SUCCEEDED(code);
}

static inline bool was_handed(struct monkey *monkey, HRESULT code, const void *out)
{
    const void *given;
    CopyMemory(&given, out, sizeof(given)); /* whatever it points to */
    check(monkey, code);
    if (FAILED(code) && given != NULL) {
        wrong(monkey, code, "an out pointer is not NULL");
        return false;
    }
    if (given == POISON) {
        wrong(monkey, code, "an out pointer was not set");
        return false;
    }
    return given != NULL;
}

static inline void free_given(struct monkey *monkey, HRESULT code, const BSTR *text)
{
    if (was_handed(monkey, code, text)) {
        SysFreeString(*text);
    }
}

/* A call with something to hand out: after a failure there must be nothing. Gives whether there is
 * something to let go of. `out` is a variable, which the call sets. */
#define handed(monkey, call, out) was_handed(monkey, call, &(out))
#define free_text(monkey, call, text) free_given(monkey, call, &(text))

/* The last reference to it. */
#define RELEASE(monkey, type, object)                                                              \
    do {                                                                                           \
        if (type##_Release(object) != 0) {                                                         \
            wrong(monkey, S_OK, "the last Release of an " #type " did not give 0");                \
        }                                                                                          \
    } while (0)

static inline VSS_ID any_id(struct monkey *monkey)
{
    static const VSS_ID unknown = {0xDEAD, 1, 2, {3, 4, 5, 6, 7, 8, 9, 10}};
    const VSS_ID ids[] = {monkey->snapshot, monkey->set, unknown, GUID_NULL};
    const unsigned fall = roll(&monkey->dice, 8);
    return ids[fall < 4 ? fall : fall % 2];
}

/* Class ids of the two writers, as writer_make() has them, and one that is nobody's. */
static inline VSS_ID any_writer(struct monkey *monkey)
{
    return (VSS_ID){0xA0 + roll(&monkey->dice, 3), 0x1b1c, 0x4d1d, {0x8e, 1, 2, 3, 4, 5, 6, 7}};
}

static inline WCHAR *any_volume(struct monkey *monkey)
{
    static WCHAR names[][8] = {L"C:\\", L"D:\\", L"C:", L"Q:\\", L""};
    const unsigned fall = roll(&monkey->dice, 12);
    return names[fall < COUNT(names) ? fall : fall % 2];
}

static inline const WCHAR *any_name(struct monkey *monkey)
{
    static const WCHAR *const names[] = {L"data", L"data", L"data", L"other", L"", NULL};
    return names[roll(&monkey->dice, COUNT(names))];
}

#endif
