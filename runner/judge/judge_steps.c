#include "judge_steps.h"

#include "../model/hresult.h"
#include "judge_events.h"

#include <stdlib.h>
#include <string.h>

#define VALUE_SHOWN 200 /* bytes of a value in a finding */

/* The alternative that counts for what the profile claims, or NULL. */
static const struct expect_alt *alternative(const struct judging *j, const struct expect *expect)
{
    for (size_t i = 0; i < expect->alt_count; i++) {
        const struct expect_alt *alt = &expect->alts[i];
        if (cond_holds(&alt->when, &j->options->claims)) {
            return alt;
        }
    }
    return NULL;
}

static bool code_fits(const struct expect_code *code, uint32_t hr)
{
    switch (code->what) {
    case EXPECT_SUCCESS:
        return (hr & UINT32_C(0x80000000)) == 0;
    case EXPECT_FAILURE:
        return (hr & UINT32_C(0x80000000)) != 0;
    case EXPECT_ANY:
        return true;
    default:
        return hr == code->code;
    }
}

static bool alternative_fits(const struct expect_alt *alt, uint32_t hr)
{
    for (size_t i = 0; i < alt->code_count; i++) {
        if (code_fits(&alt->codes[i], hr)) {
            return true;
        }
    }
    return false;
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
    if (!alt || (step->has_hr && alternative_fits(alt, step->hr))) {
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

static bool is_null(const json_t *out)
{
    return json_is_null(json_object_get(out, "v"));
}

static enum param_kind kind_of(const struct judging *j, const struct step *step, const char *name)
{
    const struct api_method *method = exec_method(j, step);
    for (size_t i = 0; method && i < method->param_count; i++) {
        if (strcmp(method->params[i].name, name) == 0) {
            return method->params[i].kind;
        }
    }
    return KIND_PTR;
}

static bool value_fits(const struct expect_out *wanted, const json_t *value)
{
    uint32_t code = 0;
    const char *text = json_string_value(value);
    switch (wanted->what) {
    case OUT_CODE:
        return exec_code(value, &code) && code == (uint32_t)wanted->number;
    case OUT_NUMBER:
        return json_is_integer(value) && json_integer_value(value) == wanted->number;
    case OUT_BOOL:
        /* Another byte than 0 and 1 comes as a number, and is neither. */
        return json_is_boolean(value) && json_is_true(value) == (wanted->number != 0);
    case OUT_STRING:
        return text && strcmp(text, wanted->string) == 0;
    default:
        return false;
    }
}

static bool out_fits(const struct expect_out *wanted, const json_t *out)
{
    if (!out) {
        return false;
    }
    switch (wanted->what) {
    case OUT_WRITTEN:
        return exec_written(out);
    case OUT_UNTOUCHED:
        return !exec_written(out);
    case OUT_NULL:
        return exec_written(out) && is_null(out);
    case OUT_OBJECT:
        return exec_written(out) && json_object_get(out, "v") && !is_null(out);
    default:
        return exec_written(out) && value_fits(wanted, json_object_get(out, "v"));
    }
}

static void add_out_expected(struct str_buf *buf, const struct expect_out *wanted)
{
    static const char *const words[] = {
        [OUT_WRITTEN] = "written",
        [OUT_UNTOUCHED] = "untouched",
        [OUT_NULL] = "null",
        [OUT_OBJECT] = "object",
    };
    switch (wanted->what) {
    case OUT_CODE:
        add_code_name(buf, (uint32_t)wanted->number);
        break;
    case OUT_NUMBER:
        sb_addf(buf, "%lld", (long long)wanted->number);
        break;
    case OUT_BOOL:
        sb_add(buf, wanted->number ? "true" : "false");
        break;
    case OUT_STRING:
        sb_addf(buf, "\"%s\"", wanted->string);
        break;
    default:
        sb_add(buf, words[wanted->what]);
    }
}

/* In one line and cut where it is long: the log has the whole. */
static void add_json(struct str_buf *buf, const json_t *value)
{
    char *text =
        json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
    size_t len = text ? strlen(text) : 0;
    buf->failed = buf->failed || !text;
    sb_addn(buf, text ? text : "", len > VALUE_SHOWN ? VALUE_SHOWN : len);
    sb_add(buf, len > VALUE_SHOWN ? "..." : "");
    free(text);
}

/* A value as the log has it, codes with their names. */
static void add_out_got(struct str_buf *buf, const char *param, const json_t *out,
                        enum param_kind kind)
{
    const json_t *value = json_object_get(out, "v");
    uint32_t code = 0;
    sb_addf(buf, "%s = ", param);
    if (!out) {
        sb_add(buf, "no value, since NULL was passed");
    } else if (!exec_written(out)) {
        sb_add(buf, "untouched");
    } else if (!value) {
        sb_add(buf, "a value that cannot be read");
    } else if (kind == KIND_HRESULT && exec_code(value, &code)) {
        add_code(buf, code);
    } else {
        add_json(buf, value);
    }
}

/* Checks the values that a parameter may have: wanted and those that follow it by or_next. */
static void check_out(struct judging *j, struct judged_step *step, const struct expect_out *wanted)
{
    struct finding_draft draft;
    const json_t *out = exec_out(step, wanted->param);
    enum param_kind kind = kind_of(j, step->planned->step, wanted->param);
    const struct expect_out *one = wanted;
    while (!out_fits(one, out) && one->or_next) {
        one++;
    }
    if (out_fits(one, out)) {
        return;
    }
    steps_draft(j, step->planned->step, &draft);
    sb_addf(&draft.expected, "%s = ", wanted->param);
    for (one = wanted; one->or_next; one++) {
        add_out_expected(&draft.expected, one);
        sb_add(&draft.expected, " or ");
    }
    add_out_expected(&draft.expected, one);
    add_out_got(&draft.got, wanted->param, out, kind);
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

void steps_check(struct judging *j, struct judged_step *step)
{
    const struct expect *expect = step->planned->step->expect;
    if (!expect) {
        return;
    }
    check_result(j, step, expect);
    for (size_t i = 0; i < expect->out_count; i++) {
        if (i == 0 || !expect->outs[i - 1].or_next) {
            check_out(j, step, &expect->outs[i]);
        }
    }
    if (expect->has_count) {
        check_count(j, step, expect);
    }
    if (step->planned->step->op == STEP_COMPARE) {
        check_compare(j, step);
    }
    if (expect->events) {
        events_check(j, step, expect->events, true);
    }
    if (expect->contains) {
        events_check(j, step, expect->contains, false);
    }
}
