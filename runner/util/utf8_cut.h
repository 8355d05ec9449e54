/* Cutting texts without cutting a character of UTF-8 in two. */
#ifndef VSSCTS_UTF8_CUT_H
#define VSSCTS_UTF8_CUT_H

#include <stddef.h>

/* The place at or before `at` where a character begins; the terminator is one. */
static inline size_t utf8_start(const char *text, size_t at)
{
    while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80) {
        at--;
    }
    return at;
}

#endif
