#include "judge_footprint.h"

/* A repeat is measured three times. What is filled once, or comes and goes, grows in one of the two
 * spans at most, or by a few; what is left behind grows in both, by the number of their rounds. */
#define MARKS 3

static const char *const measured[] = {"threads", "handles", "blocks"};
static const char *const words[] = {"threads", "handles", "blocks of memory"};

static long number_in(const json_t *mark, const char *key)
{
    return (long)json_integer_value(json_object_get(mark, key));
}

bool footprint_growth(const struct judged_step *step, size_t i, struct footprint_growth *out)
{
    const json_t *marks = json_object_get(step->event, "footprint");
    long rounds[MARKS], held[MARKS];
    if (i >= sizeof measured / sizeof measured[0] || json_array_size(marks) != MARKS) {
        return false;
    }
    *out = (struct footprint_growth){words[i], 0};
    for (size_t k = 0; k < MARKS; k++) {
        rounds[k] = number_in(json_array_get(marks, k), "round");
        held[k] = number_in(json_array_get(marks, k), measured[i]);
    }
    for (size_t k = 1; k < MARKS; k++) {
        long more = held[k] - held[k - 1], between = rounds[k] - rounds[k - 1];
        if (between <= 0 || more <= 0 || 2 * more < between) {
            return true;
        }
    }
    long between = rounds[MARKS - 1] - rounds[0];
    out->each_round = (held[MARKS - 1] - held[0] + between / 2) / between;
    return true;
}
