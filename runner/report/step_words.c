#include "step_words.h"

#include "../plan/explain_words.h"
#include "../plan/step_text.h"
#include "../util/mem_grow.h"
#include <stdint.h>
#include <stdlib.h>

#define SLOTS 1024 /* a power of two; a step drives out the one that has its slot */
#define WORDS_MAX ((size_t)16 << 20)

struct step_words_cache {
    bool expected;
    struct step_words slots[SLOTS];
};

struct step_words_cache *step_words_new(bool expected)
{
    struct step_words_cache *cache = mem_zeroed(1, sizeof *cache);
    if (cache != NULL) {
        cache->expected = expected;
    }
    return cache;
}

static void forget(struct step_words *words)
{
    free(words->call);
    free(words->expected);
    *words = (struct step_words){0};
}

void step_words_free(struct step_words_cache *cache)
{
    for (size_t i = 0; cache != NULL && i < SLOTS; i++) {
        forget(&cache->slots[i]);
    }
    free(cache);
}

static char *expected_words(const struct step *step)
{
    struct str_buf lines;
    sb_init(&lines, WORDS_MAX);
    words_expected(&lines, step);
    return sb_take(&lines, NULL);
}

const struct step_words *step_words_get(struct step_words_cache *cache, const struct step *step)
{
    /* steps lie beside each other: their addresses tell them apart by their middle bits */
    struct step_words *words = &cache->slots[(uintptr_t)step / sizeof *step % SLOTS];
    if (words->step == step) {
        return words;
    }
    const bool expected = cache->expected && step->expect != NULL;
    forget(words);
    words->call = step_text(step);
    words->expected = expected ? expected_words(step) : NULL;
    if (words->call == NULL || (expected && words->expected == NULL)) {
        forget(words);
        return NULL;
    }
    words->step = step;
    return words;
}
