/* An execution held against what was observed. */
#include "../model/hresult.h"
#include "../plan/step_text.h"
#include "observed.h"
#include "value_mask.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX ((size_t)32 << 20) /* longer than any value of a log */

/* --- what an execution showed --- */

/* By the plan of one case that it is of. */
static json_t *shown_of(const struct plan_case *planned, const struct case_verdict *verdict)
{
    struct plan_case *self = (struct plan_case *)(uintptr_t)planned; /* which is only read */
    struct plan_case *by_id[] = {self};
    const struct plan plan = {.count = 1, .cases = self, .by_id = by_id};
    const struct judged_run run = {.count = 0};
    const struct report report = {.plan = &plan, .run = &run};
    const struct side side = {&report, verdict};
    return answers_shown(&side);
}

json_t *observed_shown(const struct observer *observer, const struct plan_case *planned,
                       const struct case_verdict *verdict, char program[17], struct cts_error *err)
{
    if (plan_steps_hash(observer->tables, planned->test, observer->profile->arch, program, err) !=
        CTS_OK) {
        return NULL;
    }
    json_t *shown = shown_of(planned, verdict), *masked = NULL;
    const char *how = json_string_value(json_object_get(json_object_get(shown, "end"), "how"));
    if (how != NULL && strcmp(how, "lost") == 0) {
        masked = json_null(); /* no word about the implementation */
    } else if (shown != NULL) {
        masked = value_mask(observer->profile, shown);
    }
    json_decref(shown);
    if (masked == NULL) {
        err_set(err, CTS_NOMEM, "out of memory");
    }
    return masked;
}

/* Its steps, all parts in one array: as observed_steps() gives them. */
static json_t *shown_steps(const json_t *shown)
{
    static const char *const parts[] = {"before", "steps", "after"};
    json_t *steps = json_array();
    for (size_t i = 0; steps != NULL && i < sizeof parts / sizeof parts[0]; i++) {
        json_t *part = json_object_get(shown, parts[i]);
        if (part != NULL && json_array_extend(steps, part) != 0) {
            json_decref(steps);
            return NULL;
        }
    }
    return steps;
}

/* --- the answer that is nearest --- */

static bool same_key(const json_t *a, const json_t *b, const char *key)
{
    const json_t *left = json_object_get(a, key), *right = json_object_get(b, key);
    return left == NULL || right == NULL ? left == right : json_equal(left, right);
}

static size_t common_steps(const json_t *a, const json_t *b)
{
    size_t same = 0;
    while (same < json_array_size(a) && same < json_array_size(b) &&
           json_equal(json_array_get(a, same), json_array_get(b, same))) {
        same++;
    }
    return same;
}

struct nearest {
    const json_t *answer;
    json_t *steps; /* owned */
    size_t common; /* steps before the first that differs */
    bool same;
};

/* The answer that is the same, or else the one that is the same for longest; of several the one
 * that was seen most often. False: no memory. */
static bool find_nearest(const struct observed *observed, const json_t *answers,
                         const json_t *shown, const json_t *steps, struct nearest *best)
{
    *best = (struct nearest){.answer = NULL};
    for (size_t i = 0; i < json_array_size(answers) && !best->same; i++) {
        const json_t *answer = json_array_get(answers, i);
        json_t *its = observed_steps(observed, answer);
        if (its == NULL) {
            return false;
        }
        const size_t common = common_steps(steps, its);
        const bool same = common == json_array_size(steps) && common == json_array_size(its) &&
                          same_key(shown, answer, "end") && same_key(shown, answer, "outcome");
        const bool better = same || best->answer == NULL || common > best->common ||
                            (common == best->common && observed_times(observed, answer) >
                                                           observed_times(observed, best->answer));
        if (better) {
            json_decref(best->steps);
            *best = (struct nearest){answer, its, common, same};
        } else {
            json_decref(its);
        }
    }
    return true;
}

/* --- in words --- */

/* ", as observed in 2 of 3 runs of Windows 10.0.20348 server, x86_64" */
static void add_provenance(struct str_buf *buf, const struct observed *observed, const json_t *seen,
                           const json_t *answer)
{
    const size_t all = observed_asked(observed, seen);
    sb_addf(buf, ", as observed in %zu of %zu run%s of %s", observed_times(observed, answer), all,
            all == 1 ? "" : "s", observed->name);
}

static char *call_of(const struct plan_case *planned, const json_t *step, json_int_t s)
{
    struct str_buf buf;
    if (s >= 0 && (size_t)s < planned->step_count) {
        return step_text(planned->steps[s].step);
    }
    const char *writer = json_string_value(json_object_get(step, "writer"));
    const char *var = json_string_value(json_object_get(step, "var"));
    sb_init(&buf, TEXT_MAX);
    if (writer != NULL) {
        sb_addf(&buf, "stop writer %s", writer);
    } else if (var != NULL) {
        sb_addf(&buf, "%s.Release()", var);
    } else {
        sb_add(&buf, "the case");
    }
    return sb_take(&buf, NULL);
}

static void say_step(const struct plan_case *planned, const struct answer_pair *pair,
                     struct witness_said *said, struct str_buf *got, struct str_buf *wanted)
{
    const json_t *one = pair->a != NULL ? pair->a : pair->b;
    const char *hr = json_string_value(json_object_get(pair->b, "hr"));
    const json_int_t s = json_integer_value(json_object_get(one, "s"));
    said->s = s < 0 ? -1 : (int)s;
    said->round = (unsigned)json_integer_value(json_object_get(one, "i"));
    said->has_hr = hr != NULL && hr_parse(hr, &said->hr);
    said->call = call_of(planned, one, s);
    observed_step_words(got, pair->a);
    observed_step_words(wanted, pair->b);
}

/* Says where the two first differ. */
static bool say(const struct observed *observed, const struct plan_case *planned,
                const json_t *shown, json_t *steps, const struct nearest *nearest,
                struct witness_said *said)
{
    struct answer_pairs pairs = {0};
    struct str_buf got, wanted;
    sb_init(&got, TEXT_MAX);
    sb_init(&wanted, TEXT_MAX);
    bool right = answers_pair_wholes(json_pack("{s:O}", "steps", steps),
                                     json_pack("{s:O}", "steps", nearest->steps), &pairs);
    said->as = OBSERVED_OTHER;
    if (right && pairs.count > 0) {
        say_step(planned, &pairs.items[0], said, &got, &wanted);
    } else if (right) {
        said->s = -1;
        said->call = call_of(planned, NULL, -1);
        observed_end_words(&got, shown);
        observed_end_words(&wanted, nearest->answer);
    }
    add_provenance(&wanted, observed, observed_case(observed, planned->test->id), nearest->answer);
    said->got = sb_take(&got, NULL);
    said->expected = sb_take(&wanted, NULL);
    answers_free(&pairs);
    return right && said->call != NULL && said->got != NULL && said->expected != NULL;
}

/* Holds what was shown against what was seen of the case. False: no memory. */
static bool hold(const struct observed *observed, const struct plan_case *planned,
                 const json_t *seen, const json_t *shown, struct witness_said *said)
{
    struct nearest nearest = {.answer = NULL};
    json_t *steps = shown_steps(shown);
    bool right = steps != NULL &&
                 find_nearest(observed, json_object_get(seen, "answers"), shown, steps, &nearest);
    said->as = OBSERVED_SAME;
    if (right && !nearest.same) {
        right = say(observed, planned, shown, steps, &nearest, said);
    }
    json_decref(nearest.steps);
    json_decref(steps);
    return right;
}

enum cts_status observed_look(void *context, const struct plan_case *planned,
                              const struct case_verdict *verdict, struct witness_said *said,
                              struct cts_error *err)
{
    const struct observer *observer = context;
    const json_t *seen = observed_case(observer->observed, planned->test->id);
    const char *with = json_string_value(json_object_get(seen, "program"));
    char program[17];
    said->as = OBSERVED_NEVER;
    if (with == NULL) {
        return CTS_OK;
    }
    json_t *shown = observed_shown(observer, planned, verdict, program, err);
    enum cts_status status = shown != NULL ? CTS_OK : err->status;
    if (shown != NULL && strcmp(with, program) != 0) {
        said->as = OBSERVED_OUTDATED;
    } else if (shown != NULL && !json_is_null(shown) &&
               !hold(observer->observed, planned, seen, shown, said)) {
        status = err_set(err, CTS_NOMEM, "out of memory");
    }
    json_decref(shown);
    return status;
}
