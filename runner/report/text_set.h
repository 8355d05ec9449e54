/* Texts with numbers: equal ones have the same. What is said thousands of times is written once. */
#ifndef VSSCTS_TEXT_SET_H
#define VSSCTS_TEXT_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TEXT_SET_FULL ((size_t)-1)

struct text_set;

/* A set that holds at most max bytes of texts. NULL: no memory. */
struct text_set *text_set_new(size_t max);
void text_set_free(struct text_set *set);

/* The number of the text, from 0 in the order in which they came. TEXT_SET_FULL: it is not in the
 * set and there is no room (or memory) for it. */
size_t text_set_add(struct text_set *set, const char *text, size_t length);

/* The same where text_set_hash() of the text is known. */
size_t text_set_add_hashed(struct text_set *set, const char *text, size_t length, uint64_t hash);
uint64_t text_set_hash(const char *text, size_t length);

size_t text_set_count(const struct text_set *set);

/* The text of a number, zero-terminated; owned by the set, valid until the next text is added. */
const char *text_set_at(const struct text_set *set, size_t number, size_t *length);

#endif
