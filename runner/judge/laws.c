#include "laws.h"

#include "../model/hresult.h"
#include "judge_findings.h"
#include "judge_footprint.h"
#include "judge_identity.h"
#include "judge_objects.h"
#include "judge_refused.h"
#include "judge_rounds.h"
#include "judge_steps.h"
#include "judge_words.h"

#include <stdlib.h>
#include <string.h>

struct law {
    const char *name;
    enum level level;
    enum basis basis;
    const char *page; /* NULL: that of the method */
    enum law_scope scope;
    /* step is NULL for a law of cases. */
    void (*check)(struct judging *j, const struct law *law, struct judged_step *step);
};

static void draft_law(struct finding_draft *draft, const struct law *law,
                      const struct api_method *method)
{
    draft_init(draft);
    draft->law = law->name;
    draft->level = law->level;
    draft->basis = law->basis;
    draft->page = law->page ? law->page : method ? method->page : NULL;
}

/* A finding about one parameter of a call. */
static void break_param(struct judging *j, const struct law *law, struct judged_step *step,
                        const struct api_param *param, const char *expected, const char *got)
{
    struct finding_draft draft;
    draft_law(&draft, law, exec_method(j, step->planned->step));
    sb_addf(&draft.expected, "%s %s", param->name, expected);
    sb_addf(&draft.got, "%s %s", param->name, got);
    finding_add(j, step, &draft);
}

/* An array of no elements has nothing that could be written. */
static bool writes_nothing(const struct judged_step *step, const struct api_param *param)
{
    const json_t *count = NULL;
    if (!param->count_from) {
        return false;
    }
    count = json_object_get(exec_out(step, param->count_from), "v");
    if (!count) {
        count = json_object_get(step->planned->step->args, param->count_from);
    }
    return json_is_integer(count) && json_integer_value(count) == 0;
}

/* An await makes the call QueryStatus itself. */
static void law_1_await(struct judging *j, const struct law *law, struct judged_step *step)
{
    uint32_t code = 0;
    struct finding_draft draft;
    if (exec_query_failed(step, &code) && code == JUDGE_S_OK) {
        draft_law(&draft, law, tbl_method(j->tables, "IVssAsync", "QueryStatus"));
        sb_add(&draft.expected, "pHrResult written");
        sb_add(&draft.got, "pHrResult untouched with S_OK");
        finding_add(j, step, &draft);
    }
}

static void law_1(struct judging *j, const struct law *law, struct judged_step *step)
{
    const struct api_method *method = exec_method(j, step->planned->step);
    law_1_await(j, law, step);
    if (!method || !step->has_hr || step->hr != JUDGE_S_OK) {
        return;
    }
    for (size_t i = 0; i < method->param_count; i++) {
        const struct api_param *param = &method->params[i];
        const json_t *out = exec_out(step, param->name);
        if (param->dir != DIR_OUT || !out || param->null_rule == NULL_ALLOWED ||
            writes_nothing(step, param)) {
            continue;
        }
        if (!exec_written(out)) {
            break_param(j, law, step, param, "written", "untouched with S_OK");
        } else if (param->kind == KIND_IFACE && json_is_null(json_object_get(out, "v"))) {
            break_param(j, law, step, param, "set to an object", "NULL with S_OK");
        }
    }
}

/* A method that is not there yet: the verdict says so, and its out parameters say nothing more. */
static bool is_stub(const struct judging *j, const struct api_method *method, uint32_t hr)
{
    return hr == JUDGE_E_NOTIMPL && !laws_result_listed(j, method, hr);
}

static void law_2(struct judging *j, const struct law *law, struct judged_step *step)
{
    const struct api_method *method = exec_method(j, step->planned->step);
    if (!method || !step->has_hr || !hr_failed(step->hr) || is_stub(j, method, step->hr)) {
        return;
    }
    for (size_t i = 0; i < method->param_count; i++) {
        const struct api_param *param = &method->params[i];
        const json_t *out = exec_out(step, param->name);
        if (param->dir != DIR_OUT || !out ||
            (param->kind != KIND_IFACE && param->kind != KIND_BSTR)) {
            continue;
        }
        if (!exec_written(out)) {
            if (!param->zero) { /* else it was NULL before the call, and still is */
                break_param(j, law, step, param, "NULL", "untouched with a failure code");
            }
        } else if (!json_is_null(json_object_get(out, "v"))) {
            break_param(j, law, step, param, "NULL", "not NULL with a failure code");
        }
    }
}

bool laws_result_listed(const struct judging *j, const struct api_method *method, uint32_t hr)
{
    for (size_t i = 0; i < method->result_count; i++) {
        const struct api_result *result = &method->results[i];
        if (result->code == hr && cond_holds(&result->when, &j->options->claims)) {
            return true;
        }
    }
    return false;
}

/* What the step's own expectation names was seen on real Windows or stands elsewhere in the
 * documentation: the expectation judges it. */
static void law_3(struct judging *j, const struct law *law, struct judged_step *step)
{
    const struct step *planned = step->planned->step;
    const struct api_method *method = exec_method(j, planned);
    struct finding_draft draft;
    char text[HR_TEXT_SIZE];
    if (!method || method->returns != RET_HRESULT || method->open_results || !step->has_hr ||
        step->hr == JUDGE_E_NOTIMPL || laws_result_listed(j, method, step->hr) ||
        steps_names_code(j, planned, step->hr)) {
        return;
    }
    draft_law(&draft, law, method);
    sb_add(&draft.expected, "a result that the page lists");
    sb_add(&draft.got, hr_text(step->hr, text, sizeof text));
    finding_add(j, step, &draft);
}

static void law_4(struct judging *j, const struct law *law, struct judged_step *step)
{
    const struct api_method *method = exec_method(j, step->planned->step);
    for (size_t i = 0; method && i < method->param_count; i++) {
        const json_t *out = exec_out(step, method->params[i].name);
        if (json_is_true(json_object_get(out, "over"))) {
            break_param(j, law, step, &method->params[i], "written inside its bounds",
                        "written before its beginning");
        }
    }
}

/* A group of pointers is one object; only what the case itself gave back completely counts. */
static void break_release(struct judging *j, const struct law *law, const struct object *object)
{
    struct judged_step *step = object->last;
    const char *var = json_string_value(json_object_get(step->event, "var"));
    struct finding_draft draft;
    struct str_buf call;
    draft_law(&draft, law, NULL);
    sb_init(&call, JUDGE_TEXT_MAX);
    if (!step->planned) {
        sb_addf(&call, "the last Release, of %s at the end,", var ? var : "an object");
        draft.call = sb_text(&call);
    }
    sb_add(&draft.expected, "0 references left");
    sb_addf(&draft.got, "%u reference%s left", object->left, object->left == 1 ? "" : "s");
    finding_add(j, step, &draft);
    sb_free(&call);
}

static void law_6(struct judging *j, const struct law *law, struct judged_step *none)
{
    struct objects objects;
    (void)none;
    if (!objects_read(&objects, j)) {
        j->nomem = true;
    }
    for (size_t i = 0; i < objects.count; i++) {
        const struct object *object = &objects.items[i];
        if (object->parent == i && object->last && object->held <= 0 && object->left != 0 &&
            !object->excused) {
            break_release(j, law, object);
        }
    }
    objects_free(&objects);
}

/* A step with an expectation is judged by that. */
static void law_5(struct judging *j, const struct law *law, struct judged_step *step)
{
    struct finding_draft draft;
    if (step->planned->step->op != STEP_IDENTITY || step->planned->step->expect) {
        return;
    }
    draft_law(&draft, law, NULL);
    if (identity_broken(step, &draft.expected, &draft.got)) {
        finding_add(j, step, &draft);
        return;
    }
    sb_free(&draft.expected);
    sb_free(&draft.got);
}

static void law_7(struct judging *j, const struct law *law, struct judged_step *step)
{
    struct footprint_growth growth;
    for (size_t i = 0; footprint_growth(step, i, &growth); i++) {
        struct finding_draft draft;
        if (growth.each_round == 0) {
            continue;
        }
        draft_law(&draft, law, NULL);
        sb_addf(&draft.expected, "no more %s round by round", growth.what);
        sb_addf(&draft.got, "%ld more each round", growth.each_round);
        finding_add(j, step, &draft);
    }
}

/* What a call told before a refused one, it must tell after it. */
static void law_8(struct judging *j, const struct law *law, struct judged_step *none)
{
    struct refused_change change = {0};
    (void)none;
    while (refused_next(j, &change)) {
        struct finding_draft draft;
        draft_law(&draft, law, exec_method(j, change.refused->planned->step));
        sb_add(&draft.expected, "what it gave before ");
        words_step(&draft.expected, change.refused->planned->step);
        sb_add(&draft.expected, " was refused");
        sb_add(&draft.got, change.got);
        finding_add(j, change.after, &draft);
    }
}

static void law_9_memory(struct judging *j, const struct law *law)
{
    struct rounds_left left;
    struct finding_draft draft;
    struct judged_step *step;
    if (!rounds_leave(j, &left) || !(step = rounds_step(j, left.first))) {
        return;
    }
    draft_law(&draft, law, NULL);
    sb_add(&draft.expected, "no memory held once its objects are released");
    sb_addf(&draft.got, "%u more block%s held (%s) after %s failed", left.blocks,
            left.blocks == 1 ? "" : "s", left.allocated ? left.allocated : "?",
            left.failed ? left.failed : "?");
    if (left.rounds > 1) {
        sb_addf(&draft.got, ", and so in %u round%s more", left.rounds - 1,
                left.rounds > 2 ? "s" : "");
    }
    finding_add(j, step, &draft);
}

static void law_9(struct judging *j, const struct law *law, struct judged_step *none)
{
    struct judged_step *broken = rounds_are_made(j) ? rounds_broken(j) : NULL;
    struct finding_draft draft;
    char text[HR_TEXT_SIZE];
    (void)none;
    if (!rounds_are_made(j)) {
        return;
    }
    law_9_memory(j, law);
    if (broken) {
        draft_law(&draft, law, exec_method(j, broken->planned->step));
        sb_add(&draft.expected, "what it gave before any allocation failed");
        sb_add(&draft.got, hr_text(broken->hr, text, sizeof text));
        finding_add(j, broken, &draft);
    }
}

static const struct law laws[] = {
#define X(id, name, level, basis, page, scope, rule)                                               \
    {name, LEVEL_##level, BASIS_##basis, page, LAW_##scope, id},
#include "laws.def"
#undef X
};

void laws_check_step(struct judging *j, struct judged_step *step)
{
    if (!step->planned) {
        return;
    }
    for (size_t i = 0; i < sizeof laws / sizeof laws[0]; i++) {
        if (laws[i].scope == LAW_STEP ||
            (laws[i].scope == LAW_BODY && !step->planned->in_finally)) {
            laws[i].check(j, &laws[i], step);
        }
    }
}

void laws_check_case(struct judging *j)
{
    for (size_t i = 0; i < sizeof laws / sizeof laws[0]; i++) {
        if (laws[i].scope == LAW_CASE) {
            laws[i].check(j, &laws[i], NULL);
        }
    }
}
