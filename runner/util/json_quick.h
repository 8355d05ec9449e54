/* Quick ways for what JSON mostly is here: written by programs, without blanks, texts of plain
 * ASCII, integers. jansson does the rest, so the result is always jansson's. */
#ifndef VSSCTS_JSON_QUICK_H
#define VSSCTS_JSON_QUICK_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* json_loadb(), for the flags JSON_REJECT_DUPLICATES and JSON_ALLOW_NUL; a zero byte is refused
 * wherever it stands. All else that is wrong it is jansson that finds and tells. */
json_t *json_quick_read(const char *text, size_t len, size_t flags, json_error_t *why);

/* json_dump_callback() with JSON_COMPACT, JSON_SORT_KEYS and JSON_ENCODE_ANY. False: no memory, no
 * value, or write failed. */
bool json_quick_write(const json_t *value, json_dump_callback_t write, void *context);

#endif
