/* What became of a mutant, from the verdicts of its cases with it and without it. Pure. */
#ifndef VSSCTS_MUTANT_FATE_H
#define VSSCTS_MUTANT_FATE_H

#include "../model/mutants.h"
#include "judge.h"

enum mutant_fate {
#define X(id, name, bad, text) FATE_##id,
#include "fates.def"
#undef X
    FATE_COUNT
};

/* One case of a mutant. */
struct mutant_case {
    const struct test_case *test;
    bool own;          /* it checks the requirement of the mutant */
    bool ran;          /* with the mutant; else the rest but base means nothing */
    enum verdict base; /* without a mutant */
    enum verdict verdict;
    char *why; /* the first finding, or the reason of the verdict; or NULL. Owned */
};

/* One mutant. Borrows the mutant; freed with mutant_result_clear(). */
struct mutant_result {
    const struct mutant *mutant;
    enum mutant_fate fate;
    size_t count;
    struct mutant_case *cases; /* in the order in which they were to be run */
    char *problem;             /* why it was not loaded, or NULL; owned */
    uint64_t us;
};
void mutant_result_clear(struct mutant_result *result);

/* Does a case kill with this verdict? It is worse than a good one without the mutant, and says that
 * the implementation did something wrong: inconclusive and error do not. */
bool mutant_case_kills(const struct mutant_case *one);

/* The fate of a mutant whose cases have been run. */
enum mutant_fate mutant_fate_of(const struct mutant_result *result);

const char *mutant_fate_name(enum mutant_fate fate);
const char *mutant_fate_text(enum mutant_fate fate);
bool mutant_fate_is_bad(enum mutant_fate fate);

#endif
