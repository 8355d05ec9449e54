#include "judge_steps.h"

#include "../model/hresult.h"
#include "judge_events.h"
#include "judge_identity.h"
#include "judge_outs.h"

#include <string.h>

static const struct expect_alt *alternative(const struct judging *j, const struct expect *expect)
{
    return expect_alternative(expect, &j->options->claims);
}

bool steps_names_code(const struct judging *j, const struct step *step, uint32_t code)
{
    const struct expect_alt *alt = step->expect ? alternative(j, step->expect) : NULL;
    for (size_t i = 0; alt && i < alt->code_count; i++) {
        if (alt->codes[i].what == EXPECT_CODE && alt->codes[i].code == code) {
            return true;
        }
    }
    return false;
}

bool steps_fits(const struct judging *j, const struct step *step, uint32_t hr)
{
    const struct expect_alt *alt = step->expect ? alternative(j, step->expect) : NULL;
    return !alt || expect_alternative_fits(alt, hr);
}

static void add_code_name(struct str_buf *buf, uint32_t code)
{
    char text[HR_TEXT_SIZE];
    const char *name = hr_name(code);
    sb_add(buf, name ? name : hr_text(code, text, sizeof text));
}

static void add_code(struct str_buf *buf, uint32_t code)
{
    char text[HR_TEXT_SIZE];
    sb_add(buf, hr_text(code, text, sizeof text));
}

static void add_expected_codes(struct str_buf *buf, const struct expect_alt *alt)
{
    for (size_t i = 0; i < alt->code_count; i++) {
        sb_add(buf, i ? " or " : "");
        switch (alt->codes[i].what) {
        case EXPECT_SUCCESS:
            sb_add(buf, "a success code");
            break;
        case EXPECT_FAILURE:
            sb_add(buf, "a failure code");
            break;
        case EXPECT_ANY:
            sb_add(buf, "any code");
            break;
        default:
            add_code_name(buf, alt->codes[i].code);
        }
    }
}

/* The requirement that an expectation checks: its own, or the only one of the case. */
static const char *requirement_of(const struct judging *j, const struct expect *expect)
{
    const struct string_list *all = &j->planned->test->requirements;
    if (expect->requirement) {
        return expect->requirement;
    }
    return all->count == 1 ? all->items[0] : NULL;
}

void steps_draft(const struct judging *j, const struct step *step, struct finding_draft *draft)
{
    const struct expect *expect = step->expect;
    draft_init(draft);
    draft->requirement = requirement_of(j, expect);
    const struct requirement *requirement =
        draft->requirement ? tbl_requirement(j->tables, draft->requirement) : NULL;
    draft->level = j->planned->test->level;
    if (expect->has_level) {
        draft->level = expect->level;
    } else if (requirement) {
        draft->level = requirement->level;
    }
    draft->basis = expect->basis;
    draft->page = expect->page ? expect->page : requirement ? requirement->page : NULL;
}

static void check_result(struct judging *j, struct judged_step *step, const struct expect *expect)
{
    const struct expect_alt *alt = alternative(j, expect);
    struct finding_draft draft;
    uint32_t query = 0;
    if (!alt || (step->has_hr && expect_alternative_fits(alt, step->hr))) {
        return;
    }
    steps_draft(j, step->planned->step, &draft);
    add_expected_codes(&draft.expected, alt);
    if (step->has_hr) {
        add_code(&draft.got, step->hr);
    } else if (exec_query_failed(step, &query)) {
        sb_add(&draft.got, "no status, since QueryStatus gave ");
        add_code(&draft.got, query);
    } else {
        sb_add(&draft.got, "no result");
    }
    finding_add(j, step, &draft);
}

static void check_count(struct judging *j, struct judged_step *step, const struct expect *expect)
{
    struct finding_draft draft;
    if (step->has_n && step->n == expect->count) {
        return;
    }
    steps_draft(j, step->planned->step, &draft);
    sb_addf(&draft.expected, "%u", expect->count);
    if (step->has_n) {
        sb_addf(&draft.got, "%u", step->n);
    } else {
        sb_add(&draft.got, "no number");
    }
    finding_add(j, step, &draft);
}

static void check_compare(struct judging *j, struct judged_step *step)
{
    struct finding_draft draft;
    const json_t *equal = json_object_get(step->event, "equal");
    bool different = step->planned->step->different;
    if (json_is_boolean(equal) && json_is_true(equal) != different) {
        return;
    }
    steps_draft(j, step->planned->step, &draft);
    sb_add(&draft.expected, different ? "different" : "equal");
    if (json_is_boolean(equal)) {
        sb_add(&draft.got, different ? "equal" : "different");
    } else {
        sb_add(&draft.got, "no result");
    }
    finding_add(j, step, &draft);
}

/* What an export step found. A name that is missing and should be there is no finding, but makes
 * the case not implemented. */
static const char *lookup_told(const struct judged_step *step)
{
    const json_t *equal = json_object_get(step->event, "equal");
    if (step->missing) {
        return "not exported";
    }
    return json_is_false(equal) ? "another function" : json_is_true(equal) ? "same" : "exported";
}

static void check_export(struct judging *j, struct judged_step *step)
{
    static const char *const wanted[] = {
        [EXPORT_PRESENT] = "exported",
        [EXPORT_ABSENT] = "not exported",
        [EXPORT_SAME] = "same",
    };
    struct finding_draft draft;
    enum export_is is = step->planned->step->is;
    if (strcmp(wanted[is], lookup_told(step)) == 0) {
        return;
    }
    steps_draft(j, step->planned->step, &draft);
    sb_add(&draft.expected, wanted[is]);
    sb_add(&draft.got, lookup_told(step));
    finding_add(j, step, &draft);
}

static void check_identity(struct judging *j, struct judged_step *step)
{
    struct finding_draft draft;
    steps_draft(j, step->planned->step, &draft);
    if (!json_object_get(step->event, "identity")) {
        sb_add(&draft.expected, "interfaces");
        sb_add(&draft.got, "no result");
    } else if (!identity_broken(step, &draft.expected, &draft.got)) {
        sb_free(&draft.expected);
        sb_free(&draft.got);
        return;
    }
    finding_add(j, step, &draft);
}

void steps_check(struct judging *j, struct judged_step *step)
{
    const struct expect *expect = step->planned->step->expect;
    if (!expect) {
        return;
    }
    check_result(j, step, expect);
    outs_check(j, step, expect);
    if (expect->has_count) {
        check_count(j, step, expect);
    }
    if (step->planned->step->op == STEP_COMPARE) {
        check_compare(j, step);
    }
    if (step->planned->step->op == STEP_EXPORT) {
        check_export(j, step);
    }
    if (step->planned->step->op == STEP_IDENTITY) {
        check_identity(j, step);
    }
    if (expect->events) {
        events_check(j, step, expect->events, true);
    }
    if (expect->contains) {
        events_check(j, step, expect->contains, false);
    }
}
