/* The nearest of many names to a word that is none of them: for "did you mean". */
#ifndef VSSCTS_NEAREST_H
#define VSSCTS_NEAREST_H

#include <stddef.h>

/* One search. word and best are borrowed; best is NULL as long as no name was near enough. */
struct nearest {
    const char *word;
    const char *best;
    size_t distance;
};

/* Begins a search for word (never NULL). */
void nearest_init(struct nearest *search, const char *word);

/* Looks at one name (NULL is passed over). It is kept where fewer edits lead to it than to the one
 * kept so far, and at most a third of the word's length, but two, must be edited. A name that
 * begins with the word is always near. Names and words over 255 bytes are passed over. */
void nearest_offer(struct nearest *search, const char *name);

/* Insertions, deletions, replacements and swaps of neighbours that lead from a to b, bytewise; at
 * most 255 bytes of each are looked at. */
size_t nearest_distance(const char *a, const char *b);

#endif
