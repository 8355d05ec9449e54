/* What reports say of steps of the tables, made once: the same steps stand in thousands of cases.
 */
#ifndef VSSCTS_STEP_WORDS_H
#define VSSCTS_STEP_WORDS_H

#include "../model/tables.h"

/* Owned by the cache; valid until the next step is asked for. */
struct step_words {
    const struct step *step; /* private */
    char *call;              /* step_text() */
    char *expected;          /* words_expected(); NULL: nothing is, or it was not asked for */
};

struct step_words_cache;

/* expected: is that asked for? NULL: no memory. */
struct step_words_cache *step_words_new(bool expected);
void step_words_free(struct step_words_cache *cache); /* takes NULL too */

/* NULL: no memory. */
const struct step_words *step_words_get(struct step_words_cache *cache, const struct step *step);

#endif
