#include "judge_against.h"

#include <string.h>

static const struct {
    const char *name;
    char letter;
    bool bad;
} verdicts[] = {
#define X(id, name, letter, bad) {name, letter, bad},
#include "../model/verdicts.def"
#undef X
};
#define VERDICTS (sizeof verdicts / sizeof verdicts[0])

const char *verdict_name(enum verdict verdict)
{
    return verdicts[verdict].name;
}

char verdict_letter(enum verdict verdict)
{
    return verdicts[verdict].letter;
}

int verdict_by_name(const char *name)
{
    for (size_t i = 0; i < VERDICTS; i++) {
        if (strcmp(verdicts[i].name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

bool verdict_is_bad(enum verdict verdict)
{
    return verdicts[verdict].bad;
}

int verdict_badness(enum verdict verdict)
{
    static const int badness[] = {
        [VERDICT_SKIP] = 0,
        [VERDICT_PASS] = 1,
        [VERDICT_RECORDED] = 1,
        [VERDICT_INCONCLUSIVE] = 2,
        [VERDICT_NOT_IMPLEMENTED] = 3,
        [VERDICT_FAIL] = 4,
        [VERDICT_HANG] = 5,
        [VERDICT_CRASH] = 6,
        [VERDICT_ERROR] = 7,
    };
    return badness[verdict];
}

bool verdict_is_outstanding(const struct case_verdict *verdict)
{
    return verdict->verdict == VERDICT_ERROR && verdict->reason &&
           strcmp(verdict->reason, JUDGE_OUTSTANDING) == 0;
}

const char *against_name(enum against against)
{
    static const char *const names[] = {
        [AGAINST_EXPECTED] = "expected",
        [AGAINST_UNEXPECTED] = "unexpected",
        [AGAINST_IMPROVEMENT] = "improvement",
        [AGAINST_FLAKE] = "flake",
    };
    return names[against];
}

static const struct expectation *entry_of(const struct case_verdict *verdict,
                                          const struct judge_options *options)
{
    return options->expectations
               ? expect_find(options->expectations, verdict->test, &options->claims)
               : NULL;
}

/* What is expected where the file says nothing. */
static enum verdict usual(const struct case_verdict *verdict)
{
    return verdict->test->question ? VERDICT_RECORDED : VERDICT_PASS;
}

enum against against_of(const struct case_verdict *verdict, const struct expectation *entry)
{
    const bool bad = verdict_is_bad(verdict->verdict);
    if (!entry) {
        return bad && verdict->gates ? AGAINST_UNEXPECTED : AGAINST_EXPECTED;
    }
    if (entry->allowed & (1u << verdict->verdict)) {
        return AGAINST_EXPECTED;
    }
    return bad ? AGAINST_UNEXPECTED : AGAINST_IMPROVEMENT;
}

/* Whether a case is skipped is for the profile to say, not for the implementation. */
void against_set(struct case_verdict *verdict, const struct judge_options *options)
{
    const struct expectation *entry = entry_of(verdict, options);
    verdict->expected = entry ? entry->usual : usual(verdict);
    verdict->why_expected = entry ? entry->reason : NULL;
    verdict->against = against_of(verdict, entry);
    if (verdict->verdict == VERDICT_SKIP) {
        verdict->expected = VERDICT_SKIP;
        verdict->why_expected = NULL;
        verdict->against = AGAINST_EXPECTED;
    }
}

bool verdicts_any_good(unsigned which)
{
    for (int i = 0; which >> i; i++) {
        if ((which >> i & 1u) && !verdict_is_bad((enum verdict)i)) {
            return true;
        }
    }
    return false;
}

/* An entry whose usual verdict is a bad one claims nothing better. */
static bool now_and_then(const struct case_verdict *verdict, const struct expectation *entry)
{
    return entry && verdict_is_bad(verdict->verdict) && !verdict_is_bad(entry->usual) &&
           (entry->allowed & (1u << verdict->verdict));
}

bool against_now_and_then(const struct case_verdict *verdict, const struct judge_options *options)
{
    return now_and_then(verdict, entry_of(verdict, options));
}

bool against_would_hold(const struct case_verdict *verdict, const struct expectation *entry)
{
    const bool differ = (verdict->seen & (verdict->seen - 1)) != 0;
    if (against_of(verdict, entry) != AGAINST_EXPECTED ||
        (now_and_then(verdict, entry) && !verdicts_any_good(verdict->seen))) {
        return false;
    }
    return !differ || (entry && (verdict->seen & ~entry->allowed) == 0);
}

bool judge_again(const struct case_verdict *verdict, const struct judge_options *options)
{
    return verdict->against == AGAINST_UNEXPECTED || against_now_and_then(verdict, options);
}

bool against_allows_all(const struct case_verdict *verdict, unsigned which,
                        const struct judge_options *options)
{
    const struct expectation *entry = entry_of(verdict, options);
    return entry && (which & ~entry->allowed) == 0;
}
