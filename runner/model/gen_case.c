/* Generated cases: from a row of calls/ and the API tables to a case like a written one. */
#include "hresult.h"
#include "tbl_api.h"
#include "tbl_calls.h"

#include <string.h>

#define HOOK_FAIL "VssTestFail"
#define HOOK_RESET "VssTestReset"
#define FOR_GOOD 4294967295LL
#define Q_UNSTATED "q-null-unstated"
#define Q_OR_STATE "q-null-vs-state"

enum gen_suite {
#define X(id, folder, title) SUITE_##id,
#include "gen_suites.def"
#undef X
};
static const struct {
    const char *folder, *title;
} suites[] = {
#define X(id, folder, title) {folder, title},
#include "gen_suites.def"
#undef X
};
static const struct {
    enum gen_suite suite;
    const char *code, *point, *injected;
} families[] = {
#define X(id, suite, name, rule, code, point, injected) {SUITE_##suite, code, point, injected},
#include "gen_families.def"
#undef X
};

/* Adds a value, and takes it over, as jansson does; a failure is the arena's. */
static void put(const struct gen_item *item, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0) {
        item->row->ctx->arena->failed = true;
    }
}

static void push(const struct gen_item *item, json_t *list, json_t *value)
{
    if (json_array_append_new(list, value) != 0) {
        item->row->ctx->arena->failed = true;
    }
}

static void push_all(const struct gen_item *item, json_t *list, json_t *steps)
{
    for (size_t i = 0; i < json_array_size(steps); i++) {
        push(item, list, json_incref(json_array_get(steps, i)));
    }
}

bool gen_lists(const struct api_method *method, const char *name)
{
    uint32_t code = 0;
    hr_by_name(name, &code);
    for (size_t i = 0; i < method->result_count; i++) {
        if (method->results[i].code == code) {
            return true;
        }
    }
    return false;
}

/* A call that hands out an object or a string, or keeps what it is given. Any other can do without
 * memory, whatever its page lists: there the want of it is set at the call's own point. */
static bool needs_memory(const struct call_row *row)
{
    const struct api_method *method = row->method;
    for (size_t i = 0; i < method->param_count; i++) {
        const struct api_param *param = &method->params[i];
        bool made =
            param->kind == KIND_WSTR || param->kind == KIND_BSTR || param->kind == KIND_IFACE;
        if (made && param->dir == DIR_OUT) {
            return true;
        }
    }
    return row->stores;
}

static bool is_wrong(const struct gen_item *item)
{
    return item->family == GEN_OUT_OF_ORDER || item->family == GEN_NULL_OUT_OF_ORDER;
}

static bool applies(const struct call_row *row, enum gen_family family)
{
    const struct api_method *method = row->method;
    if (json_object_get(row->except, gen_family_name(family)) &&
        families[family].suite != SUITE_NULL_POINTERS) {
        return false;
    }
    if (method->returns != RET_HRESULT) {
        return false;
    }
    if (family == GEN_OUT_OF_ORDER) {
        return row->wrong != NULL;
    }
    if (family == GEN_EACH_ALLOCATION) {
        return needs_memory(row) && !json_object_get(row->except, gen_family_name(GEN_NO_MEMORY));
    }
    if (families[family].point && !tbl_function(row->ctx->tables, HOOK_FAIL)) {
        return false;
    }
    return !families[family].code || gen_lists(method, families[family].code) ||
           (family == GEN_UNEXPECTED && gen_lists(method, "E_FAIL"));
}

/* The parameter with what the row says of NULL, where that hangs on the other arguments. */
static const struct api_param *gen_param(const struct call_row *row, const struct api_param *param)
{
    struct tbl_at null = tbl_member(row->at, "null"), at = tbl_member(&null, param->name);
    bool out = param->null_rule == NULL_UNSTATED && param->dir == DIR_OUT &&
               gen_lists(row->method, "E_INVALIDARG");
    if (!at.json && !out) {
        return param;
    }
    struct api_param *own = tbl_alloc(row->ctx->arena, 1, sizeof *own);
    if (own) {
        *own = *param;
        own->null_rule = out ? NULL_OUT : param->null_rule;
    }
    if (own && at.json) {
        tbl_read_null(row->ctx, &null, param->name, own);
    }
    return own ? own : param;
}

void gen_each(const struct call_row *row, void (*make)(const struct gen_item *item))
{
    const struct api_method *method = row->method;
    const size_t complaints = row->ctx->count;
    for (int f = GEN_IN_ORDER; f < GEN_FAMILIES && row->ctx->count == complaints; f++) {
        const struct gen_item item = {row, (enum gen_family)f, NULL, false};
        if (applies(row, item.family) && (!row->unreachable || is_wrong(&item))) {
            make(&item);
        }
    }
    for (size_t i = 0; i < method->param_count && row->ctx->count == complaints; i++) {
        const struct api_param *param = gen_param(row, &method->params[i]);
        struct gen_item item = {row, GEN_NULL_IN_ORDER, param, false};
        if (item.param->null_rule == NULL_NONE) {
            continue;
        }
        item.question = item.param->null_rule == NULL_UNSTATED || method->returns != RET_HRESULT;
        if (!row->unreachable) {
            make(&item);
        }
        if (row->wrong) {
            item.family = GEN_NULL_OUT_OF_ORDER;
            make(&item);
        }
    }
}

/* Of a want of memory not each page speaks. */
static enum level level_of(const struct gen_item *item)
{
    return item->family == GEN_EACH_ALLOCATION && !gen_lists(item->row->method, "E_OUTOFMEMORY")
               ? LEVEL_SHOULD
               : LEVEL_MUST;
}

void gen_add_requirement(const struct gen_item *item)
{
    struct tbl_ctx *ctx = item->row->ctx;
    struct tables *tables = ctx->tables;
    const char *id = item->question ? NULL : gen_requirement_id(item);
    if (!id || tbl_requirement(tables, id)) {
        return;
    }
    for (size_t i = 0; i < ctx->made_count; i++) {
        if (strcmp(ctx->made[ctx->made_count - 1 - i].id, id) == 0) {
            return;
        }
    }
    struct requirement *made =
        tbl_grow(ctx->arena, ctx->made, ctx->made_count, &ctx->made_cap, sizeof *made);
    if (made) {
        ctx->made = made;
        made[ctx->made_count++] = (struct requirement){
            .id = id,
            .level = level_of(item),
            .page = item->row->method->page,
            .text = gen_requirement_text(item),
            .where = tbl_place(ctx, item->row->at),
        };
    }
}

/* What an expectation rests on: the page, or a reading of it. */
static json_t *expect_of(const struct gen_item *item, json_t *hr, const char *because)
{
    json_t *expect = json_object();
    put(item, expect, "hr", hr);
    put(item, expect, "basis", json_string(because ? "inferred" : "documented"));
    if (item->row->method->page) {
        put(item, expect, "page", json_string(item->row->method->page));
    }
    if (because) {
        put(item, expect, "because", json_string(because));
    }
    return expect;
}

/* What a call that is right must write. */
static json_t *normal_out(const struct gen_item *item, const json_t *args)
{
    const struct api_method *method = item->row->method;
    const char *hr = json_string_value(item->row->hr);
    json_t *out = item->row->out ? json_copy(item->row->out) : json_object();
    for (size_t i = 0; i < method->param_count; i++) {
        const struct api_param *param = &method->params[i];
        bool null = json_is_null(json_object_get(args, param->name));
        if (param->dir == DIR_IN || null) {
            json_object_del(out, param->name);
        } else if (param->dir == DIR_OUT && !json_object_get(out, param->name) &&
                   param->null_rule != NULL_ALLOWED && (!hr || strcmp(hr, "S_OK") == 0)) {
            put(item, out, param->name,
                json_string(param->kind == KIND_IFACE ? "object" : "written"));
        }
    }
    return out;
}

static json_t *normal(const struct gen_item *item, const json_t *args, const char *because)
{
    json_t *hr = item->row->hr ? json_incref(item->row->hr) : json_string("S_OK");
    json_t *expect = expect_of(item, hr, because ? because : item->row->because);
    json_t *out = normal_out(item, args);
    if (json_object_size(out) > 0) {
        put(item, expect, "out", out);
    } else {
        json_decref(out);
    }
    return expect;
}

/* The results that the page lists for what the family is about, by version. */
static json_t *listed(const struct gen_item *item)
{
    const struct api_method *method = item->row->method;
    static const char *const unforeseen[] = {"VSS_E_UNEXPECTED", "E_UNEXPECTED", "E_FAIL"};
    const char *const *names =
        item->family == GEN_UNEXPECTED ? unforeseen : &families[item->family].code;
    size_t count = item->family == GEN_UNEXPECTED ? sizeof unforeseen / sizeof unforeseen[0] : 1;
    json_t *list = json_array();
    for (size_t n = 0; n < count; n++) {
        uint32_t code = 0;
        hr_by_name(names[n], &code);
        for (size_t i = 0; i < method->result_count; i++) {
            const struct api_result *result = &method->results[i];
            if (result->code == code) {
                json_t *alt = json_object();
                if (result->when.text) {
                    put(item, alt, "when", json_string(result->when.text));
                }
                put(item, alt, "is", json_string(names[n]));
                push(item, list, alt);
            }
        }
    }
    return list;
}

/* The code that the page names for NULL. */
static json_t *null_code(const struct gen_item *item)
{
    char text[HR_TEXT_SIZE];
    const char *name = hr_name(item->param->null_code);
    return json_string(name ? name : hr_text(item->param->null_code, text, sizeof text));
}

/* For NULL where something is to be handed out: the page's code, or that of COM for a pointer. */
static json_t *out_codes(const struct gen_item *item)
{
    json_t *codes = json_array();
    push(item, codes, json_string("E_INVALIDARG"));
    push(item, codes, json_string("E_POINTER"));
    return codes;
}

/* With NULL for the parameter, in order. */
static json_t *null_expect(const struct gen_item *item, const json_t *args)
{
    switch (item->param->null_rule) {
    case NULL_CODE:
        return expect_of(item, null_code(item), NULL);
    case NULL_ALLOWED:
        return normal(item, args, NULL);
    case NULL_OUT:
        return expect_of(item, out_codes(item),
                         "the page lists E_INVALIDARG for a value that is not valid, and does not "
                         "speak of NULL: with it nothing can be handed out");
    default:
        return expect_of(item, json_string("failure"),
                         "the page says that this pointer must not be NULL, and names no code: a "
                         "refusal is the only answer that tells the caller");
    }
}

/* The same where the call is refused anyway. */
static json_t *null_or_state(const struct gen_item *item)
{
    json_t *expect;
    if (item->param->null_rule == NULL_ALLOWED) {
        return expect_of(item, json_string("VSS_E_BAD_STATE"), item->row->wrong_because);
    }
    if (item->param->null_rule == NULL_NOT_ALLOWED) {
        expect = expect_of(item, json_string("failure"),
                           "neither the state nor the NULL is allowed; the page does not say "
                           "which of them is seen first, and names no code for the NULL");
    } else if (item->param->null_rule == NULL_OUT) {
        json_t *codes = out_codes(item);
        push(item, codes, json_string("VSS_E_BAD_STATE"));
        expect = expect_of(item, codes,
                           "neither the state nor the NULL, for which the page lists E_INVALIDARG, "
                           "is right; it does not say which of them is seen first");
    } else {
        json_t *codes = json_array();
        push(item, codes, null_code(item));
        push(item, codes, json_string("VSS_E_BAD_STATE"));
        expect = expect_of(item, codes,
                           "the page has a code for the NULL and one for the state, and does not "
                           "say which of them is seen first");
    }
    put(item, expect, "question", json_string(Q_OR_STATE));
    return expect;
}

/* Appends to the normal codes of a row those for a want of memory. */
static json_t *codes_or_no_memory(const struct gen_item *item, const json_t *normal)
{
    static const char *const codes[] = {"E_OUTOFMEMORY", "VSS_E_UNEXPECTED", "E_UNEXPECTED",
                                        "E_FAIL"};
    json_t *list = json_array(), *one;
    size_t i;
    if (!json_is_array(normal)) {
        push(item, list, normal ? json_incref((json_t *)(uintptr_t)normal) : json_string("S_OK"));
    }
    json_array_foreach(normal, i, one)
    {
        push(item, list, json_incref(one));
    }
    push(item, list, json_string(codes[0]));
    for (i = 1; i < sizeof codes / sizeof codes[0]; i++) {
        if (gen_lists(item->row->method, codes[i])) {
            push(item, list, json_string(codes[i]));
        }
    }
    return list;
}

/* With an allocation of the call failing: it says so, by the code for it or the one for what nobody
 * foresaw, or does without that memory. The rest (no crash, nothing lost, no result half written)
 * is for the laws. */
static json_t *normal_or_no_memory(const struct gen_item *item)
{
    const json_t *hr = item->row->hr;
    json_t *codes = NULL, *alt;
    size_t i;
    if (!json_is_array(hr) || !json_is_object(json_array_get(hr, 0))) {
        codes = codes_or_no_memory(item, hr);
    } else {
        codes = json_array();
        json_array_foreach(hr, i, alt)
        {
            json_t *copy = json_copy(alt);
            put(item, copy, "is", codes_or_no_memory(item, json_object_get(alt, "is")));
            push(item, codes, copy);
        }
    }
    return expect_of(
        item, codes,
        "an allocation of the call fails: it tells its caller so, or can do without; the "
        "page does not say which allocations it makes");
}

static json_t *expectation(const struct gen_item *item, const json_t *args)
{
    switch (item->family) {
    case GEN_NULL_IN_ORDER:
        return null_expect(item, args);
    case GEN_NULL_OUT_OF_ORDER:
        return null_or_state(item);
    case GEN_IN_ORDER:
        return normal(item, args, NULL);
    case GEN_OUT_OF_ORDER:
        return expect_of(item, json_string("VSS_E_BAD_STATE"), item->row->wrong_because);
    case GEN_EACH_ALLOCATION:
        return normal_or_no_memory(item);
    default:
        return expect_of(item, listed(item),
                         item->family == GEN_NO_MEMORY && needs_memory(item->row)
                             ? "the hook lets every allocation fail, and the page lists the code "
                               "for want of memory"
                             : "the hook stands for such an error inside the call, and the page "
                               "lists the code for it");
    }
}

/* The arguments: the row's, with NULL for the parameter. */
static json_t *args_of(const struct gen_item *item)
{
    const struct call_row *row = item->row;
    json_t *args = is_wrong(item) && row->wrong_args ? row->wrong_args : row->args;
    if (!item->param) {
        return json_incref(args);
    }
    json_t *copy = args ? json_copy(args) : json_object();
    put(item, copy, item->param->name, json_null());
    return copy;
}

/* The call; takes `expect` over (NULL: none). */
static json_t *call_step(const struct gen_item *item, json_t *args, json_t *expect)
{
    const struct call_row *row = item->row;
    json_t *step = json_object();
    if (row->method->iface) {
        put(item, step, "call",
            json_sprintf("%s.%s", is_wrong(item) ? row->wrong_object : row->object,
                         row->method->name));
    } else {
        put(item, step, "function", json_string(row->method->name));
    }
    if (args) {
        put(item, step, "args", json_incref(args));
    }
    if (expect) {
        put(item, step, "expect", expect);
    }
    return step;
}

/* The point fails so often; 0: no more. */
static json_t *fail_step(const struct gen_item *item, json_int_t times)
{
    json_t *step = json_object(), *args = json_object();
    const char *point = item->family == GEN_NO_MEMORY && !needs_memory(item->row)
                            ? "call"
                            : families[item->family].point;
    put(item, args, "point", json_string(gen_point(item, point)));
    put(item, args, "code", json_string(families[item->family].injected));
    put(item, args, "skip", json_integer(0));
    put(item, args, "times", json_integer(times));
    put(item, step, "function", json_string(HOOK_FAIL));
    put(item, step, "args", args);
    return step;
}

static json_t *reset_step(const struct gen_item *item)
{
    json_t *step = json_object();
    put(item, step, "function", json_string(HOOK_RESET));
    return step;
}

/* Steps that run in an event of a writer, and those that make it come. Takes `steps` over. */
static json_t *in_event(const struct gen_item *item, json_t *steps)
{
    const json_t *around = item->row->around;
    json_t *list = json_array(), *script = json_object(), *inner = json_array();
    push_all(item, inner, json_object_get(around, "before"));
    push_all(item, inner, steps);
    push_all(item, inner, json_object_get(around, "after"));
    json_decref(steps);
    put(item, script, "script", json_incref(json_object_get(around, "writer")));
    put(item, script, "event", json_string(item->row->event));
    put(item, script, "do", json_pack("{s:i}", "times", 1));
    put(item, script, "steps", inner);
    push(item, list, script);
    push_all(item, list, json_object_get(around, "then"));
    return list;
}

/* The call once more, after one that failed. */
static json_t *again_step(const struct gen_item *item, json_t *args)
{
    return call_step(item, args,
                     normal(item, args,
                            "a call that failed has not taken place: the next one "
                            "finds what this one found"));
}

/* The call whose allocations fail, and the one after it where it did. */
static void push_exhausted(const struct gen_item *item, json_t *list, json_t *args)
{
    json_t *step = call_step(item, args, expectation(item, args)), *again = again_step(item, args);
    put(item, step, "exhaust", json_string("caller"));
    put(item, again, "after_failure", json_true());
    push(item, list, step);
    push(item, list, again);
}

static json_t *steps_of(const struct gen_item *item)
{
    const struct call_row *row = item->row;
    json_t *list = json_array(), *args = args_of(item);
    bool injects = families[item->family].point != NULL;
    if (!is_wrong(item)) {
        push_all(item, list, row->before);
    }
    if (injects) {
        push(item, list, fail_step(item, FOR_GOOD));
    }
    if (item->family == GEN_EACH_ALLOCATION) {
        push_exhausted(item, list, args);
    } else {
        push(item, list, call_step(item, args, item->question ? NULL : expectation(item, args)));
    }
    if (injects) {
        /* A reset waits for the operations under way, of which an event is part. */
        push(item, list, row->event ? fail_step(item, 0) : reset_step(item));
        push(item, list, again_step(item, args));
    }
    if (injects || item->family == GEN_IN_ORDER || item->family == GEN_EACH_ALLOCATION) {
        push_all(item, list, row->after);
    }
    json_decref(args);
    return row->event && !is_wrong(item) ? in_event(item, list) : list;
}

/* What a row may say of its cases, too. `when` of the API tables and of the row must both hold. */
static void put_keys(const struct gen_item *item, json_t *test)
{
    static const char *const keys[] = {"needs",     "tags",      "apartment",
                                       "isolation", "exclusive", "deadline_ms"};
    const json_t *row = item->row->at->json;
    const char *since = item->row->method->since.text;
    const char *when = json_string_value(json_object_get(row, "when"));
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        json_t *value = json_object_get(row, keys[i]);
        if (value) {
            put(item, test, keys[i], json_incref(value));
        }
    }
    if (since && when) {
        put(item, test, "when", json_sprintf("%s and %s", since, when));
    } else if (since || when) {
        put(item, test, "when", json_string(since ? since : when));
    }
    json_t *finally = json_array();
    if (families[item->family].point) {
        push(item, finally, reset_step(item));
    }
    if (!is_wrong(item)) { /* what goes before the call, and needs an end, is left out there */
        push_all(item, finally, json_object_get(row, "finally"));
    }
    if (json_array_size(finally) > 0) {
        put(item, test, "finally", finally);
    } else {
        json_decref(finally);
    }
}

void gen_add_case(const struct gen_item *item)
{
    const struct call_row *row = item->row;
    struct tbl_ctx *ctx = row->ctx;
    const char *preamble = is_wrong(item) ? row->wrong : row->preamble;
    enum gen_suite suite = families[item->family].suite;
    json_t *test = json_object();
    put(item, test, "id", json_string(gen_case_id(item)));
    put(item, test, "title", json_string(gen_title(item)));
    if (item->question) {
        put(item, test, "question", json_string(Q_UNSTATED));
    } else {
        json_t *requirements = json_array();
        push(item, requirements, json_string(gen_requirement_id(item)));
        put(item, test, "requirements", requirements);
    }
    if (preamble) {
        put(item, test, "preamble", json_string(preamble));
    }
    put(item, test, "steps", steps_of(item));
    put_keys(item, test);
    tbl_keep(ctx->arena, test);
    struct tbl_at at = tbl_made(row->at, test);
    tbl_add_suite(ctx, suites[suite].folder, suites[suite].title);
    tbl_read_case(ctx, &at, suites[suite].folder);
}
