/* What the document reader of the reference clone wants of Windows, so that it can be compiled
 * here: it is included before each of its files, in the place of ref.h and of the system's wchar.h,
 * whose functions are for characters of 32 bits (the option -fshort-wchar makes them 16). */
#ifndef VSSCTS_NATIVE_REF_H
#define VSSCTS_NATIVE_REF_H

#define VSSREF_REF_H
#define _WCHAR_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define UNUSED __attribute__((unused))

typedef wchar_t WCHAR, *BSTR;
typedef int32_t HRESULT, LONG;
typedef uint32_t UINT;
typedef int64_t LONGLONG;
typedef uint64_t ULONGLONG;
typedef struct {
    uint8_t bytes[16];
} GUID;

#define S_OK ((HRESULT)0)
#define E_OUTOFMEMORY ((HRESULT)0x8007000E)
#define VSS_E_INVALID_XML_DOCUMENT ((HRESULT)0x80042311)
#define FAILED(code) ((code) < 0)
#define CopyMemory memcpy

/* GUIDs are not what is tested here. */
#define StringFromGUID2(guid, out, size) ((void)(guid), (out)[0] = 0)
#define IIDFromString(text, out) ((void)(text), memset((out), 0, sizeof *(out)), S_OK)
#define CharLowerW(text) ((void)(text))

static inline size_t ref_wcslen(const WCHAR *text)
{
    size_t length = 0;
    while (text[length] != 0) {
        length++;
    }
    return length;
}

static inline int ref_wcscmp(const WCHAR *a, const WCHAR *b)
{
    while (*a != 0 && *a == *b) {
        a++;
        b++;
    }
    return (int)*a - (int)*b;
}

static inline const WCHAR *ref_wmemchr(const WCHAR *text, WCHAR c, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == c) {
            return &text[i];
        }
    }
    return NULL;
}

/* 2 where both are the same but for the case of Latin letters, else another number: the reader asks
 * for no more. A length of -1 goes up to the terminator. */
#define TRUE 1
#define CSTR_EQUAL 2
static inline int CompareStringOrdinal(const WCHAR *a, int a_length, const WCHAR *b, int b_length,
                                       int ignore_case UNUSED)
{
    const size_t length = a_length < 0 ? ref_wcslen(a) : (size_t)a_length;
    bool same = length == (b_length < 0 ? ref_wcslen(b) : (size_t)b_length);
    for (size_t i = 0; same && i < length; i++) {
        const WCHAR c = a[i] >= L'A' && a[i] <= L'Z' ? (WCHAR)(a[i] | 0x20) : a[i];
        const WCHAR d = b[i] >= L'A' && b[i] <= L'Z' ? (WCHAR)(b[i] | 0x20) : b[i];
        same = c == d;
    }
    return same ? CSTR_EQUAL : 1;
}

#define wcslen ref_wcslen
#define wcscmp ref_wcscmp
#define wmemchr ref_wmemchr

#endif
