#include "nearest.h"

#include <string.h>

#define NEAREST_MAX 255
#define NEAREST_SLACK 2 /* edits that are allowed however short the word is */

static size_t min2(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t length_of(const char *text)
{
    size_t length = strlen(text);
    return min2(length, NEAREST_MAX);
}

/* Optimal string alignment with three rows: two back for swaps, one back, and the current one. */
size_t nearest_distance(const char *a, const char *b)
{
    size_t rows[3][NEAREST_MAX + 1];
    size_t *before = rows[0], *last = rows[1], *row = rows[2];
    const size_t la = length_of(a), lb = length_of(b);

    for (size_t j = 0; j <= lb; j++) {
        before[j] = j; /* read only after a whole round; set so that no read is of nothing */
        last[j] = j;
    }
    for (size_t i = 1; i <= la; i++) {
        row[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            const size_t replace = last[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = min2(replace, min2(last[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = min2(row[j], before[j - 2] + 1);
            }
        }
        size_t *spare = before;
        before = last;
        last = row;
        row = spare;
    }
    return last[lb];
}

void nearest_init(struct nearest *search, const char *word)
{
    *search = (struct nearest){.word = word};
}

void nearest_offer(struct nearest *search, const char *name)
{
    if (name == NULL) {
        return;
    }
    const size_t length = strlen(search->word);
    if (length == 0 || length > NEAREST_MAX || strlen(name) > NEAREST_MAX) {
        return;
    }
    size_t distance = nearest_distance(search->word, name);
    size_t limit = length / 3 > NEAREST_SLACK ? length / 3 : NEAREST_SLACK;
    if (limit >= length) {
        limit = length - 1; /* a word that must be edited whole resembles nothing */
    }
    if (strncmp(name, search->word, length) == 0) {
        distance = min2(distance, limit); /* an unfinished word */
    }
    if (distance <= limit && (search->best == NULL || distance < search->distance)) {
        search->best = name;
        search->distance = distance;
    }
}
