/* Places in JSON texts: jansson keeps none, but a message needs line and column. */
#ifndef VSSCTS_JSON_POS_H
#define VSSCTS_JSON_POS_H

#include <stdbool.h>
#include <stddef.h>

/* Finds the value that a JSON pointer (RFC 6901; "" is the whole text) names. line and column count
 * from 1, column in characters. False, with line and column untouched, where the text has no such
 * value or is no JSON on the way to it. Any bytes are safe. */
bool json_pos_find(const char *text, size_t len, const char *pointer, int *line, int *column);

/* The same for the name of the member, not its value. An element of an array has no name: its value
 * is found. */
bool json_pos_find_key(const char *text, size_t len, const char *pointer, int *line, int *column);

#endif
