#include "judge_rounds.h"

#include "../model/hresult.h"

bool rounds_are_made(const struct judging *j)
{
    return j->planned->test->exhaust != NULL;
}

static const json_t *exhausted(const struct judging *j)
{
    return json_object_get(j->end, "exhausted");
}

static unsigned number(const json_t *object, const char *key)
{
    const json_int_t value = json_integer_value(json_object_get(object, key));
    return value > 0 && value <= 1000000 ? (unsigned)value : 0;
}

bool rounds_unproved(const struct judging *j, struct str_buf *buf)
{
    const json_t *told = exhausted(j);
    const bool operation =
        rounds_are_made(j) && j->planned->test->exhaust->exhaust == EXHAUST_OPERATION;
    const unsigned failed = number(told, "failed");
    if (!rounds_are_made(j)) {
        return false;
    }
    if (!told) {
        sb_add(buf, "the log does not say which allocations failed");
    } else if (number(told, "hooked") == 0) {
        sb_add(buf, "no allocation can be made to fail: the module imports none of the functions "
                    "that allocate "
                    "memory (HeapAlloc, malloc, operator new, CoTaskMemAlloc, SysAllocString and "
                    "the like)");
    } else if (failed == 0 && json_is_true(json_object_get(told, "complete"))) {
        sb_addf(buf, "nothing failed: %s allocated no memory by a function that the module imports",
                operation ? "the operation's threads" : "the call");
    } else if (!json_is_true(json_object_get(told, "complete"))) {
        sb_addf(buf,
                "there were more allocations than could be tried: %u failed, one in each round, "
                "and the time for "
                "another was over (--time-scale makes it longer)",
                failed);
    } else {
        return false;
    }
    return true;
}

struct judged_step *rounds_step(const struct judging *j, unsigned round)
{
    for (size_t i = 0; i < j->count; i++) {
        struct judged_step *step = &j->steps[i];
        const bool numbered = json_object_get(step->event, "i") != NULL;
        if (step->planned && step->planned->step == j->planned->test->exhaust &&
            (numbered ? step->round : 0) == round) {
            return step;
        }
    }
    return NULL;
}

bool rounds_leave(const struct judging *j, struct rounds_left *out)
{
    const json_t *list = json_object_get(exhausted(j), "rounds"), *item;
    size_t i;
    *out = (struct rounds_left){0};
    json_array_foreach(list, i, item)
    {
        const unsigned left = number(item, "left"), from = number(item, "from"),
                       to = number(item, "to");
        if (left == 0) {
            continue;
        }
        if (out->rounds == 0) {
            out->first = number(item, "like");
            out->blocks = left;
            out->failed = json_string_value(json_object_get(item, "by"));
            out->allocated = json_string_value(json_object_get(item, "left_by"));
        }
        out->rounds += to >= from ? to - from + 1 : 1;
    }
    return out->rounds > 0;
}

struct judged_step *rounds_broken(const struct judging *j)
{
    if (!json_is_true(json_object_get(exhausted(j), "complete"))) {
        return NULL;
    }
    /* the one behind all that failed; it is in the log where it was not like the first one */
    const json_t *list = json_object_get(exhausted(j), "rounds");
    const unsigned tried = number(json_array_get(list, json_array_size(list) - 1), "to");
    struct judged_step *last = NULL;
    for (size_t i = 0; i < j->count && !last; i++) {
        struct judged_step *step = &j->steps[i];
        if (step->planned && step->planned->step == j->planned->test->exhaust &&
            step->round > tried) {
            last = step;
        }
    }
    const struct judged_step *plain = rounds_step(j, 0);
    const bool fails = last && plain && last->has_hr && plain->has_hr && hr_failed(last->hr);
    return fails && !hr_failed(plain->hr) ? last : NULL;
}
