/* What was observed, in words. */
#include "../model/hresult.h"
#include "../plan/step_text.h"
#include "observed.h"

#include <stdlib.h>
#include <string.h>

void observed_step_words(struct str_buf *buf, const json_t *step)
{
    json_t *named = json_copy((json_t *)(uintptr_t)step);
    const char *text = json_string_value(json_object_get(step, "hr"));
    uint32_t code = 0;
    const char *name = text != NULL && hr_parse(text, &code) ? hr_name(code) : NULL;
    if (step != NULL && named == NULL) {
        buf->failed = true;
    }
    if (name != NULL && json_object_set_new(named, "hr_name", json_string(name)) != 0) {
        buf->failed = true;
    }
    answers_step(buf, named);
    json_decref(named);
}

void observed_end_words(struct str_buf *buf, const json_t *shown)
{
    const json_t *end = json_object_get(shown, "end"), *outcome = json_object_get(shown, "outcome");
    const size_t start = buf->len;
    answers_end(buf, end);
    if (buf->len == start) {
        sb_add(buf, end == NULL ? "ran to its end" : "was stopped");
    }
    if (outcome != NULL) {
        sb_addf(buf, ": %s", json_string_value(outcome));
    }
}

/* Are the steps that were seen those of the case, one for one? Then each has its name. */
static bool is_flat(const struct test_case *test, const json_t *steps)
{
    bool flat = json_array_size(steps) == test->step_count;
    for (size_t i = 0; flat && i < test->step_count; i++) {
        flat = test->steps[i].step_count == 0;
    }
    return flat;
}

void observed_answer_words(struct str_buf *buf, const struct test_case *test, const json_t *answer)
{
    const json_t *steps = json_object_get(answer, "steps");
    const bool named = is_flat(test, steps);
    const size_t start = buf->len;
    for (size_t i = 0; i < json_array_size(steps); i++) {
        sb_add(buf, i > 0 ? "; then " : "");
        if (named) {
            step_text_add(buf, &test->steps[i]);
            sb_add(buf, ": ");
        }
        observed_step_words(buf, json_array_get(steps, i));
    }
    if (buf->len == start || json_object_get(answer, "end") != NULL) {
        sb_add(buf, buf->len > start ? "; then it " : "it ");
        observed_end_words(buf, answer);
    }
}
