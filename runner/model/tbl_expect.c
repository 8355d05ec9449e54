#include "tbl_expect.h"

#include "hresult.h"
#include "names.h"
#include "tbl_facts.h"
#include "tbl_writer.h"

#include <string.h>

bool tbl_gives_hr(const struct step *step)
{
    switch (step->op) {
    case STEP_CREATE:
    case STEP_FUNCTION:
    case STEP_CALL:
        return !step->method || step->method->returns == RET_HRESULT;
    case STEP_QUERY:
    case STEP_AWAIT:
    case STEP_CANCEL:
    case STEP_WRITER:
    case STEP_STOP:
        return true;
    default:
        return false;
    }
}

bool tbl_gives_count(const struct step *step)
{
    bool call = step->op == STEP_FUNCTION || step->op == STEP_CALL;
    return step->op == STEP_ADDREF || step->op == STEP_RELEASE ||
           (call && (!step->method || step->method->returns == RET_ULONG ||
                     step->method->returns == RET_BOOL));
}

/* One code or set, into `code`. */
static bool read_code(struct tbl_ctx *ctx, const struct tbl_at *at, struct expect_code *code)
{
    static const char *const sets[] = {
        [EXPECT_SUCCESS] = "success", [EXPECT_FAILURE] = "failure", [EXPECT_ANY] = "any"};
    const char *text = json_string_value(at->json);
    bool ok;
    for (int set = EXPECT_SUCCESS; text && set <= EXPECT_ANY; set++) {
        if (strcmp(text, sets[set]) == 0) {
            *code = (struct expect_code){0};
            /* The enumeration has no name of its own. */
            if (set == EXPECT_SUCCESS) {
                code->what = EXPECT_SUCCESS;
            } else if (set == EXPECT_FAILURE) {
                code->what = EXPECT_FAILURE;
            } else {
                code->what = EXPECT_ANY;
            }
            return true;
        }
    }
    *code = (struct expect_code){.what = EXPECT_CODE, .code = tbl_code(ctx, at, &ok)};
    return ok;
}

/* A code or a list of codes. */
static void read_codes(struct tbl_ctx *ctx, const struct tbl_at *at, struct expect_alt *alt)
{
    bool list = json_is_array(at->json);
    size_t count = list ? json_array_size(at->json) : 1;
    if (count == 0 || count > TBL_LIST_MAX) {
        tbl_err(ctx, at, count == 0 ? "a list of no codes" : "a list of too many codes");
        return;
    }
    alt->codes = tbl_alloc(ctx->arena, count, sizeof *alt->codes);
    for (size_t i = 0; alt->codes && i < count; i++) {
        struct tbl_at item = list ? tbl_item(at, i) : *at;
        alt->code_count += read_code(ctx, &item, &alt->codes[alt->code_count]);
    }
}

/* [{"when": …, "is": …}, …, {"is": …}] */
static void read_alternatives(struct tbl_ctx *ctx, const struct tbl_at *at, struct expect *expect)
{
    size_t count = json_array_size(at->json);
    expect->alts = tbl_alloc(ctx->arena, count, sizeof *expect->alts);
    for (size_t i = 0; expect->alts && i < count; i++) {
        struct tbl_at item = tbl_item(at, i), is = tbl_member(&item, "is");
        struct expect_alt *alt = &expect->alts[expect->alt_count];
        if (!tbl_object(ctx, &item, "when is")) {
            continue;
        }
        alt->when = tbl_condition(ctx, &item, "when");
        if (!json_object_get(item.json, "when") && i + 1 < count) {
            tbl_err(ctx, &item, "only the last alternative has no \"when\": none behind it counts");
        }
        if (!is.json) {
            tbl_err(ctx, &item, "missing key \"is\"");
            continue;
        }
        read_codes(ctx, &is, alt);
        expect->alt_count++;
    }
}

static void read_hr(struct tbl_ctx *ctx, const struct tbl_at *at, const struct step *step,
                    struct expect *expect)
{
    if (step->op == STEP_COMPARE || step->op == STEP_EXPORT) {
        tbl_err_key(ctx, at, "%s %s has no result: its \"is\" is the expectation",
                    step->op == STEP_EXPORT ? "an" : "a", step_key(step->op));
    } else if (step->op == STEP_IDENTITY) {
        tbl_err_key(ctx, at, "an identity has no result: the rules of QueryInterface are expected");
    } else if (!tbl_gives_hr(step)) {
        tbl_err_key(ctx, at, "the step gives no HRESULT");
    } else if (json_is_array(at->json) && json_is_object(json_array_get(at->json, 0))) {
        read_alternatives(ctx, at, expect);
    } else {
        expect->alts = tbl_alloc(ctx->arena, 1, sizeof *expect->alts);
        if (expect->alts) {
            expect->alt_count = 1;
            read_codes(ctx, at, &expect->alts[0]);
        }
    }
}

/* The basis, and what it needs. */
static void read_basis(struct tbl_ctx *ctx, const struct tbl_at *at, struct expect *expect)
{
    const char *basis = tbl_string(ctx, at, "basis", true);
    struct tbl_at basis_at = tbl_member(at, "basis");
    int number = basis ? basis_by_name(basis) : -1;
    if (basis && number < 0) {
        tbl_err(ctx, &basis_at, "\"basis\" must be documented, observed or inferred");
    }
    expect->basis = number < 0 ? BASIS_NONE : (enum basis)number;
    expect->page = tbl_page(ctx, at, "page", number == BASIS_DOCUMENTED);
    expect->evidence = tbl_evidence_ids(ctx, at, number == BASIS_OBSERVED);
    expect->because = tbl_string(ctx, at, "because", number == BASIS_INFERRED);
    if (number == BASIS_OBSERVED && expect->evidence.count == 0 &&
        json_object_get(at->json, "evidence")) {
        tbl_err(ctx, at, "an observed expectation names no evidence");
    }
}

/* The requirement must be one of the case, the question a known one. */
static void read_links(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                       struct expect *expect)
{
    const struct tables *tables = ctx->tables;
    struct tbl_at requirement = tbl_member(at, "requirement");
    struct tbl_at question = tbl_member(at, "question");
    int level = tbl_level(ctx, at, "level", false);
    expect->has_level = level >= 0;
    expect->level = level >= 0 ? (enum level)level : LEVEL_MUST;
    expect->requirement = tbl_string(ctx, at, "requirement", false);
    expect->question = tbl_string(ctx, at, "question", false);
    bool found = !expect->requirement || !scope->requirements;
    for (size_t i = 0; !found && i < scope->requirements->count; i++) {
        found = strcmp(scope->requirements->items[i], expect->requirement) == 0;
    }
    if (!found) {
        tbl_err(ctx, &requirement, "\"%s\" is not among the requirements of the case",
                expect->requirement);
    }
    if (expect->question && !tbl_question(tables, expect->question)) {
        tbl_unresolved(ctx, &question, "question", expect->question,
                       tbl_nearest(tables->questions, tables->question_count,
                                   sizeof *tables->questions, expect->question));
    }
}

static bool gives_nothing(enum step_op op)
{
    switch (op) {
    case STEP_THREAD:
    case STEP_JOIN:
    case STEP_REPEAT:
    case STEP_SCRIPT:
    case STEP_REACHED:
    case STEP_GO:
        return true;
    default:
        return false;
    }
}

/* Must the expectation say what it expects? The others are told by the step itself, or elsewhere.
 */
static bool needs_words(enum step_op op)
{
    return op != STEP_COMPARE && op != STEP_EXPORT && op != STEP_IDENTITY && op != STEP_EVENTS;
}

struct expect *tbl_read_expect(struct tbl_ctx *ctx, struct tbl_scope *scope,
                               const struct tbl_at *at, const struct tbl_at *step_at,
                               const struct step *step)
{
    struct tbl_at hr = tbl_member(at, "hr"), out = tbl_member(at, "out");
    struct tbl_at count = tbl_member(at, "count");
    struct expect *expect = tbl_alloc(ctx->arena, 1, sizeof *expect);
    if (!expect || !tbl_object(ctx, at,
                               "hr out count events contains basis page evidence because "
                               "requirement level question")) {
        return NULL;
    }
    scope->expects = true;
    if (gives_nothing(step->op)) {
        tbl_err_key(ctx, at, "a %s gives nothing that could be expected", step_key(step->op));
    } else if (step->op == STEP_EVENTS && !json_object_get(at->json, "events") &&
               !json_object_get(at->json, "contains")) {
        tbl_err(ctx, at, "expects nothing: \"events\" or \"contains\" is missing");
    } else if (needs_words(step->op) && !hr.json && !out.json && !count.json) {
        tbl_err(ctx, at, "expects nothing: \"hr\", \"out\" or \"count\" is missing");
    }
    if (hr.json) {
        read_hr(ctx, &hr, step, expect);
    }
    if (out.json) {
        tbl_read_outs(ctx, scope, &out, step_at, step, expect);
    }
    if (count.json) {
        expect->has_count = true;
        expect->count = (uint32_t)tbl_int(ctx, at, "count", 0, UINT32_MAX, 0);
        if (!tbl_gives_count(step)) {
            tbl_err_key(ctx, &count, "the step gives no count");
        }
    }
    tbl_read_events(ctx, scope, at, step, expect);
    read_basis(ctx, at, expect);
    read_links(ctx, scope, at, expect);
    return expect;
}

/* What a step of a preamble must give where it says nothing. */
static bool default_need(const struct step *step, uint32_t *code)
{
    return tbl_gives_hr(step) &&
           hr_by_name(step->op == STEP_AWAIT ? "VSS_S_ASYNC_FINISHED" : "S_OK", code);
}

void tbl_read_need(struct tbl_ctx *ctx, const struct tbl_at *step_at, struct step *step)
{
    struct tbl_at need = tbl_member(step_at, "need");
    bool list = json_is_array(need.json);
    size_t count = list ? json_array_size(need.json) : 1;
    if (need.json && !tbl_gives_hr(step)) {
        tbl_err_key(ctx, &need, "the step gives no HRESULT");
        return;
    }
    if (count == 0 || count > TBL_LIST_MAX) {
        tbl_err(ctx, &need, count == 0 ? "a list of no codes" : "a list of too many codes");
        return;
    }
    step->need = tbl_alloc(ctx->arena, count, sizeof *step->need);
    if (!step->need) {
        return;
    }
    if (!need.json) {
        step->need_count = default_need(step, step->need);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct tbl_at item = list ? tbl_item(&need, i) : need;
        bool ok;
        uint32_t code = tbl_code(ctx, &item, &ok);
        if (ok) {
            step->need[step->need_count++] = code;
        }
    }
}
