#include "mutant_action.h"

#include "../model/hresult.h"
#include "../util/str_buf.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 2000
#define NULL_RULE "#null-"
#define ASYNC_FINISHED 0x0004230Au

static const uint32_t wrong_codes[] = {
    0x8000FFFF, /* E_UNEXPECTED */
    0x80004005, /* E_FAIL */
    0x80070057, /* E_INVALIDARG */
    0x00000000,
};

/* --- the step --- */

static const struct step *step_of(const struct mutant_aim *aim)
{
    return aim->planned->steps[aim->at].step;
}

/* Is the expectation about the requirement? */
static bool is_about(const struct expect *expect, const struct requirement *requirement)
{
    return !expect->requirement || strcmp(expect->requirement, requirement->id) == 0;
}

/* A parameter for which the step passes NULL, and which the requirement is about; its number, or
 * -1. */
static int null_param(const struct step *step, const struct requirement *requirement)
{
    const struct api_method *method = step->method;
    const char *rule = strstr(requirement->id, NULL_RULE);
    const char *name = rule ? rule + strlen(NULL_RULE) : "";
    for (size_t i = 0; i < method->param_count; i++) {
        if (strcmp(method->params[i].name, name) == 0 &&
            json_is_null(json_object_get(step->args, name))) {
            return (int)i;
        }
    }
    return -1;
}

static bool calls_method(const struct step *step)
{
    return step->method &&
           (step->op == STEP_CALL || step->op == STEP_FUNCTION || step->op == STEP_CREATE ||
            step->op == STEP_CANCEL) &&
           !step->method->hook;
}

/* --- the fault --- */

/* A result that the alternative does not allow. False: it allows all that could be given. */
static bool wrong_code(const struct expect_alt *alt, enum ret_kind returns, uint32_t *code)
{
    for (size_t i = 0; i < sizeof wrong_codes / sizeof wrong_codes[0]; i++) {
        /* a bool that is true is 1 */
        *code = returns == RET_BOOL ? (uint32_t)(i == 0) : wrong_codes[i];
        if (!expect_alternative_fits(alt, *code)) {
            return true;
        }
    }
    return false;
}

static bool set_code(json_t *action, const char *key, uint32_t code)
{
    return json_object_set_new(action, key, json_sprintf("0x%08X", (unsigned)code)) == 0;
}

/* Names the method as the reference's grammar does. */
static bool set_method(json_t *action, const struct api_method *method)
{
    const bool exported = !method->iface || method->slot < 0;
    json_t *name = method->iface ? json_sprintf("%s.%s", method->iface, method->name)
                                 : json_string(method->name);
    return json_object_set_new(action, exported ? "function" : "method", name) == 0 &&
           json_object_set_new(action, "words", json_integer(method_words(method))) == 0;
}

/* How many calls of the method come before the step, with NULL for the parameter where one is given
 * (-1: all calls count). */
static size_t calls_before(const struct mutant_aim *aim, int null)
{
    const struct step *target = step_of(aim);
    size_t count = 0;
    for (size_t i = 0; i < aim->at; i++) {
        const struct step *step = aim->planned->steps[i].step;
        if (calls_method(step) && step->method == target->method) {
            count += null < 0 ||
                     json_is_null(json_object_get(step->args, target->method->params[null].name));
        }
    }
    return count;
}

static bool set_from(json_t *action, size_t before)
{
    return before == 0 ||
           json_object_set_new(action, "from", json_integer((json_int_t)before + 1)) == 0;
}

static json_t *of_call(const struct mutant_aim *aim, struct str_buf *text)
{
    const struct step *step = step_of(aim);
    const struct expect_alt *alt = expect_alternative(step->expect, aim->claims);
    const int null = null_param(step, aim->requirement);
    char words[HR_TEXT_SIZE];
    uint32_t code = 0;
    if (!alt || !wrong_code(alt, step->method->returns, &code)) {
        return NULL;
    }
    /* NULL that is refused is taken, where it can be */
    if (null >= 0 && !expect_alternative_fits(alt, 0)) {
        code = 0;
    }
    json_t *action = json_object();
    if (!set_method(action, step->method) || !set_code(action, "give", code) ||
        (null >= 0 && json_object_set_new(action, "null", json_integer(null)) != 0) ||
        !set_from(action, calls_before(aim, null))) {
        json_decref(action);
        return NULL;
    }
    const char *name = hr_name(code);
    sb_addf(text, "%s%s%s gives %s%s%s", step->method->iface ? step->method->iface : "",
            step->method->iface ? "." : "", step->method->name,
            name ? name : hr_text(code, words, sizeof words), null >= 0 ? " for NULL in " : "",
            null >= 0 ? step->method->params[null].name : "");
    return action;
}

/* QueryInterface for the interface gives another result, and hands nothing out where it fails. */
static json_t *of_query(const struct mutant_aim *aim, struct str_buf *text)
{
    const struct step *step = step_of(aim);
    const struct expect_alt *alt = expect_alternative(step->expect, aim->claims);
    const struct api_interface *iface =
        step->iface ? tbl_interface(aim->tables, step->iface) : NULL;
    uint32_t code = 0;
    if (!alt || !iface || !iface->iid || !wrong_code(alt, RET_HRESULT, &code)) {
        return NULL;
    }
    const bool refused = !expect_alternative_fits(alt, 0);
    sb_addf(text, "QueryInterface for %s gives 0x%08X", iface->name, (unsigned)code);
    json_t *action = json_pack("{s:s, s:s, s:s, s:i}", "method", "IUnknown.QueryInterface", "iid",
                               iface->iid, "result", refused ? "failure" : "success", "words", 3);
    bool good = action && set_code(action, "give", code);
    if (good && !refused) {
        good = json_object_set_new(action, "act", json_string("clear")) == 0 &&
               json_object_set_new(action, "at", json_integer(1)) == 0;
    }
    if (!good) {
        json_decref(action);
        return NULL;
    }
    return action;
}

/* The status of an operation is another one. What finished is not looked for: the preambles wait
 * for operations too. */
static json_t *of_await(const struct mutant_aim *aim, struct str_buf *text)
{
    const struct step *step = step_of(aim);
    const struct expect_alt *alt = expect_alternative(step->expect, aim->claims);
    uint32_t wrong = 0;
    if (!alt || alt->code_count == 0 || alt->codes[0].what != EXPECT_CODE ||
        !wrong_code(alt, RET_HRESULT, &wrong)) {
        return NULL;
    }
    sb_addf(text, "IVssAsync.QueryStatus tells another status than 0x%08X",
            (unsigned)alt->codes[0].code);
    return json_pack("{s:s, s:s, s:i, s:i, s:I, s:I, s:i}", "method", "IVssAsync.QueryStatus",
                     "act", "set", "at", 0, "bytes", 4, "was", (json_int_t)alt->codes[0].code,
                     "value", (json_int_t)wrong, "words", 3);
}

/* The name is not exported. */
static json_t *of_export(const struct mutant_aim *aim, struct str_buf *text)
{
    const struct step *step = step_of(aim);
    const char *name = step->name[aim->claims->arch];
    if (!name || step->is == EXPORT_ABSENT) {
        return NULL;
    }
    sb_addf(text, "%s is not exported", name);
    return json_pack("{s:s}", "missing", name);
}

json_t *mutant_action(const struct mutant_aim *aim, char **text)
{
    const struct step *step = step_of(aim);
    struct str_buf words;
    json_t *action = NULL;
    sb_init(&words, TEXT_MAX);
    if (calls_method(step)) {
        action = of_call(aim, &words);
    } else if (step->op == STEP_QUERY) {
        action = of_query(aim, &words);
    } else if (step->op == STEP_AWAIT) {
        action = of_await(aim, &words);
    } else if (step->op == STEP_EXPORT) {
        action = of_export(aim, &words);
    }
    *text = action ? sb_take(&words, NULL) : NULL;
    if (!*text) {
        json_decref(action);
        action = NULL;
    }
    sb_free(&words);
    return action;
}

/* Awaits of the preambles ask for the status, too: a fault in it is seen there first, but for that
 * of a status that they do not wait for. */
static bool is_in_the_way(const struct step *step, const struct expect_alt *alt)
{
    return step->op == STEP_AWAIT ? !alt || expect_alternative_fits(alt, ASYNC_FINISHED)
                                  : calls_method(step) && step->method->iface &&
                                        strcmp(step->method->iface, "IVssAsync") == 0 &&
                                        strcmp(step->method->name, "QueryStatus") == 0 &&
                                        !json_is_null(json_object_get(step->args, "pHrResult"));
}

unsigned mutant_aim_fits(const struct mutant_aim *aim)
{
    const struct plan_step *planned = &aim->planned->steps[aim->at];
    const struct step *step = planned->step;
    if (!step->expect || planned->in_preamble || planned->in_finally ||
        !is_about(step->expect, aim->requirement) ||
        is_in_the_way(step, expect_alternative(step->expect, aim->claims))) {
        return 0;
    }
    const struct expect_alt *alt = expect_alternative(step->expect, aim->claims);
    const bool refused = alt && !expect_alternative_fits(alt, 0);
    unsigned fits = 1;
    fits += step->expect->requirement ? 16 : 0;
    fits += calls_method(step) && null_param(step, aim->requirement) >= 0 ? 8 : 0;
    fits += calls_method(step) || step->op == STEP_EXPORT || step->op == STEP_AWAIT ? 4 : 0;
    fits += refused ? 2 : 0;
    return fits;
}
