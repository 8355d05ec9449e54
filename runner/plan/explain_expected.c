/* What is expected of a step, in words. */
#include "explain_words.h"
#include "step_text.h"

static void add_result(struct str_buf *out, const struct step *step, const struct expect_alt *alt,
                       bool after_another)
{
    sb_add(out, "Expected");
    if (alt->when.text) {
        sb_addc(out, ' ');
        words_condition(out, alt->when.text);
    } else if (after_another) {
        sb_add(out, " otherwise");
    }
    sb_add(out, step->op == STEP_AWAIT ? ": it ends with " : ": ");
    words_alternative(out, alt);
    sb_add(out, ".\n");
}

static void add_events(struct str_buf *out, const char *before, const json_t *events)
{
    if (events) {
        sb_add(out, before);
        step_events_add(out, events);
        sb_add(out, ".\n");
    }
}

void words_expected(struct str_buf *out, const struct step *step)
{
    const struct expect *expect = step->expect;
    if (!expect) {
        return;
    }
    if (step->op == STEP_COMPARE || step->op == STEP_EXPORT) {
        sb_add(out, "Expected: that this holds.\n");
    } else if (step->op == STEP_IDENTITY) {
        sb_add(out, "Expected: the same IUnknown from every interface, and every interface from "
                    "each.\n");
    }
    for (size_t i = 0; i < expect->alt_count; i++) {
        add_result(out, step, &expect->alts[i], i > 0);
    }
    for (size_t i = 0; i < expect->out_count; i++) {
        if (i > 0 && expect->outs[i - 1].or_next) {
            continue; /* said with the first value of the parameter */
        }
        sb_add(out, "Expected: ");
        words_out(out, &expect->outs[i]);
        sb_add(out, ".\n");
    }
    add_events(out, "Expected, in this order and no others: ", expect->events);
    add_events(out, "Expected among them, in this order: ", expect->contains);
    if (expect->has_count) {
        sb_addf(out, "Expected: it returns %u.\n", (unsigned)expect->count);
    }
}
