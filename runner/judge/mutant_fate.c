#include "mutant_fate.h"

#include "judge_against.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    bool bad;
    const char *text;
} fates[] = {
#define X(id, name, bad, text) {name, bad, text},
#include "fates.def"
#undef X
};

const char *mutant_fate_name(enum mutant_fate fate)
{
    return fates[fate].name;
}

const char *mutant_fate_text(enum mutant_fate fate)
{
    return fates[fate].text;
}

bool mutant_fate_is_bad(enum mutant_fate fate)
{
    return fates[fate].bad;
}

void mutant_result_clear(struct mutant_result *result)
{
    for (size_t i = 0; i < result->count; i++) {
        free(result->cases[i].why);
    }
    free(result->cases);
    free(result->problem);
    memset(result, 0, sizeof *result);
}

bool mutant_case_kills(const struct mutant_case *one)
{
    return one->ran && one->base == VERDICT_PASS && verdict_is_bad(one->verdict) &&
           one->verdict != VERDICT_INCONCLUSIVE && one->verdict != VERDICT_ERROR;
}

enum mutant_fate mutant_fate_of(const struct mutant_result *result)
{
    bool elsewhere = false, reached = false;
    if (result->problem) {
        return FATE_NOT_LOADED;
    }
    for (size_t i = 0; i < result->count; i++) {
        const struct mutant_case *one = &result->cases[i];
        if (mutant_case_kills(one) && one->own) {
            return FATE_KILLED;
        }
        elsewhere = elsewhere || mutant_case_kills(one);
        reached = reached || (one->ran && !verdict_is_bad(one->verdict));
    }
    if (elsewhere) {
        return FATE_ELSEWHERE;
    }
    return reached ? FATE_SURVIVED : FATE_UNREACHED;
}
