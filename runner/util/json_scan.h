/* Reading the marks of JSON, for those who know the rest: json_quick.c and json_view.c. Every
 * function gives NULL or false for what it does not know; whether that is wrong is not for it to
 * say. Internal to util. */
#ifndef VSSCTS_JSON_SCAN_H
#define VSSCTS_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SCAN_DEPTH_MAX 64
#define SCAN_DIGITS_MAX 18 /* any such number fits 64 bits */

/* What is read next, up to `end`. */
struct scan {
    const char *at, *end;
    unsigned depth;
};

static inline bool scan_skip(struct scan *scan, char c)
{
    const bool there = scan->at < scan->end && *scan->at == c;
    scan->at += there;
    return there;
}

static inline void scan_blanks(struct scan *scan)
{
    while (scan->at < scan->end &&
           (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\r' || *scan->at == '\t')) {
        scan->at++;
    }
}

/* A character of the grammar, with blanks before it. */
static inline bool scan_mark(struct scan *scan, char c)
{
    scan_blanks(scan);
    return scan_skip(scan, c);
}

/* Goes on to the quote, backslash or control character that comes next, or to the end. False: there
 * was a byte that is not ASCII. */
static inline bool scan_plain(struct scan *scan)
{
    const char *at = scan->at;
    unsigned char all = 0;
    while (at < scan->end && *at != '"' && *at != '\\' && (unsigned char)*at >= 0x20) {
        all |= (unsigned char)*at++;
    }
    scan->at = at;
    return all < 0x80;
}

/* A whole number of few digits. */
static inline bool scan_integer(struct scan *scan, int64_t *value)
{
    const bool negative = scan_skip(scan, '-');
    const char *const begin = scan->at;
    int64_t number = 0;
    while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9' &&
           scan->at - begin < SCAN_DIGITS_MAX) {
        number = number * 10 + (*scan->at++ - '0');
    }
    const bool zero_first = scan->at - begin > 1 && *begin == '0';
    const bool goes_on = scan->at < scan->end && strchr(",]} \n\r\t", *scan->at) == NULL;
    *value = negative ? -number : number;
    return scan->at != begin && !zero_first && !goes_on;
}

/* Does this word stand here? */
static inline bool scan_word(struct scan *scan, const char *word)
{
    const size_t len = strlen(word);
    const bool there = (size_t)(scan->end - scan->at) >= len && memcmp(scan->at, word, len) == 0;
    scan->at += there ? len : 0;
    return there;
}

#endif
