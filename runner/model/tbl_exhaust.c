/* Cases in which one allocation after the other fails: which step it is about, and that all fits
 * together. */
#include "tbl_exhaust.h"

#include "names.h"

#include <string.h>

/* A walk over the steps of a case, in the order of the program. */
struct exhausting {
    struct tbl_ctx *ctx;
    const struct tbl_at *at;   /* of the case */
    const struct step *found;  /* the step whose allocations fail, or NULL so far */
    const struct step *until;  /* the first await behind it */
    const struct step *repeat; /* some repeat */
    bool early;                /* there is a step for after the failure, and nothing failed yet */
};

static bool may_be_exhausted(const struct step *step)
{
    return step->op == STEP_CREATE || step->op == STEP_FUNCTION || step->op == STEP_CALL ||
           step->op == STEP_QUERY || step->op == STEP_CANCEL;
}

static void look_at(struct exhausting *e, const struct step *step)
{
    if (step->after_failure && !e->found) {
        e->early = true;
    }
    if (step->op == STEP_REPEAT) {
        e->repeat = step;
    }
    if (e->found && !e->until && step->op == STEP_AWAIT) {
        e->until = step;
    }
    if (step->exhaust == EXHAUST_NOT) {
        return;
    }
    if (!may_be_exhausted(step)) {
        tbl_err(e->ctx, e->at, "no allocation of a step \"%s\" can be made to fail: only of a call",
                step_key(step->op));
    } else if (e->found) {
        tbl_err(e->ctx, e->at, "two steps say \"exhaust\": a case is about the allocations of one");
    }
    e->found = step;
}

static void walk(struct exhausting *e, const struct step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        look_at(e, &steps[i]);
        walk(e, steps[i].steps, steps[i].step_count);
    }
}

void tbl_check_exhaust(struct tbl_ctx *ctx, const struct tbl_at *at, struct test_case *test)
{
    struct exhausting e = {.ctx = ctx, .at = at};
    walk(&e, test->steps, test->step_count);
    if (e.early) {
        tbl_err(ctx, at, "a step is made \"after_failure\" before any step says \"exhaust\"");
    }
    if (e.found && e.repeat) {
        tbl_err(ctx, at,
                "a case with \"exhaust\" is run again and again as a whole: no \"repeat\" in it");
    }
    if (e.found && e.found->exhaust == EXHAUST_OPERATION && !e.until) {
        tbl_err(ctx, at,
                "\"exhaust\": \"operation\" needs an await behind the call: the operation's end");
    }
    test->exhaust = e.found;
    test->exhaust_until = e.found && e.found->exhaust == EXHAUST_OPERATION ? e.until : e.found;
}

void tbl_read_exhaust(struct tbl_ctx *ctx, const struct tbl_at *at, bool allowed, struct step *step)
{
    static const char *const words[] = {
        [EXHAUST_CALLER] = "caller", [EXHAUST_OPERATION] = "operation"};
    struct tbl_at exhaust = tbl_member(at, "exhaust"), after = tbl_member(at, "after_failure");
    const char *text = tbl_string(ctx, at, "exhaust", false);
    step->after_failure = tbl_bool(ctx, at, "after_failure", false);
    for (int i = EXHAUST_CALLER; text && i <= EXHAUST_OPERATION; i++) {
        if (strcmp(text, words[i]) == 0) {
            step->exhaust = (enum exhaust)i;
        }
    }
    if (text && step->exhaust == EXHAUST_NOT) {
        tbl_err(ctx, &exhaust, "\"exhaust\" must be caller or operation");
    }
    if (!allowed && (exhaust.json || after.json)) {
        tbl_err_key(ctx, exhaust.json ? &exhaust : &after,
                    "only the steps of a case itself say \"exhaust\" or \"after_failure\"");
    }
}
