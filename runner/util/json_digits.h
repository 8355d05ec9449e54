/* Whole numbers as JSON has them, for those who write it: json_quick.c and json_emit.c. Internal to
 * util. */
#ifndef VSSCTS_JSON_DIGITS_H
#define VSSCTS_JSON_DIGITS_H

#include <jansson.h>
#include <stddef.h>

#define JSON_DIGITS_SIZE 24

/* Writes the number to the end of the room; it begins there, and ends with the room. */
static inline const char *json_digits(json_int_t number, char room[JSON_DIGITS_SIZE])
{
    char *at = room + JSON_DIGITS_SIZE;
    unsigned long long rest = (unsigned long long)number;
    rest = number < 0 ? 0 - rest : rest;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0) {
        *--at = '-';
    }
    return at;
}

#endif
