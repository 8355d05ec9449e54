#include "tbl_cases.h"

#include "../util/nearest.h"
#include "names.h"
#include "tbl_exhaust.h"
#include "tbl_steps.h"

#include <stdio.h>
#include <string.h>

#define DEADLINE_MS 20000

uint32_t tbl_needs(struct tbl_ctx *ctx, const struct tbl_at *at)
{
    struct string_list list = tbl_strings(ctx, at, "needs", false, false);
    struct tbl_at needs = tbl_member(at, "needs");
    uint32_t bits = 0;
    for (size_t i = 0; i < list.count; i++) {
        struct tbl_at item = tbl_item(&needs, i);
        int capability = capability_by_name(list.items[i]);
        if (capability >= 0) {
            bits |= UINT32_C(1) << capability;
            continue;
        }
        struct nearest search;
        nearest_init(&search, list.items[i]);
        for (int c = 0; c < CAP_COUNT; c++) {
            nearest_offer(&search, capability_name((enum capability)c));
        }
        tbl_unknown(ctx, &item, "capability", list.items[i], search.best);
    }
    return bits;
}

struct string_list tbl_join_lists(struct tbl_ctx *ctx, struct string_list a, struct string_list b)
{
    struct string_list out = {0};
    if (a.count == 0 || b.count == 0) {
        return a.count ? a : b;
    }
    out.items = tbl_alloc(ctx->arena, a.count + b.count, sizeof *out.items);
    for (size_t i = 0; out.items && i < a.count + b.count; i++) {
        const char *item = i < a.count ? a.items[i] : b.items[i - a.count];
        bool there = false;
        for (size_t k = 0; k < out.count && !there; k++) {
            there = strcmp(out.items[k], item) == 0;
        }
        if (!there) {
            out.items[out.count++] = item;
        }
    }
    return out;
}

const char *tbl_apartment(struct tbl_ctx *ctx, const struct tbl_at *at)
{
    const char *text = tbl_string(ctx, at, "apartment", false);
    struct tbl_at member = tbl_member(at, "apartment");
    if (text && strcmp(text, "mta") != 0 && strcmp(text, "sta") != 0 && strcmp(text, "none") != 0) {
        tbl_err(ctx, &member, "\"apartment\" must be mta, sta or none");
        return NULL;
    }
    return text;
}

/* Known requirements under "requirements". */
static struct string_list read_requirements(struct tbl_ctx *ctx, const struct tbl_at *at)
{
    const struct tables *tables = ctx->tables;
    struct string_list list = tbl_strings(ctx, at, "requirements", false, false);
    struct tbl_at requirements = tbl_member(at, "requirements");
    for (size_t i = 0; i < list.count; i++) {
        struct tbl_at item = tbl_item(&requirements, i);
        if (!tbl_requirement(tables, list.items[i])) {
            tbl_unresolved(ctx, &item, "requirement", list.items[i],
                           tbl_nearest(tables->requirements, tables->requirement_count,
                                       sizeof *tables->requirements, list.items[i]));
        }
    }
    return list;
}

static void read_question(struct tbl_ctx *ctx, const struct tbl_at *at, struct tbl_case_keys *keys)
{
    const struct tables *tables = ctx->tables;
    struct tbl_at question = tbl_member(at, "question");
    const char *id = tbl_string(ctx, at, "question", false);
    keys->has_question = question.json != NULL;
    keys->question = id ? tbl_question(tables, id) : NULL;
    if (id && !keys->question) {
        tbl_unresolved(
            ctx, &question, "question", id,
            tbl_nearest(tables->questions, tables->question_count, sizeof *tables->questions, id));
    }
}

static struct string_list read_tags(struct tbl_ctx *ctx, const struct tbl_at *at)
{
    struct string_list list = tbl_strings(ctx, at, "tags", false, false);
    struct tbl_at tags = tbl_member(at, "tags");
    for (size_t i = 0; i < list.count; i++) {
        if (list.items[i][strcspn(list.items[i], " \t\r\n,")] != '\0') {
            struct tbl_at item = tbl_item(&tags, i);
            tbl_err(ctx, &item, "\"%s\" is no word: a tag has no space and no comma",
                    list.items[i]);
        }
    }
    return list;
}

struct tbl_case_keys tbl_read_case_keys(struct tbl_ctx *ctx, const struct tbl_at *at)
{
    struct tbl_at isolation_at = tbl_member(at, "isolation");
    struct tbl_case_keys keys = {
        .title = tbl_string(ctx, at, "title", false),
        .requirements = read_requirements(ctx, at),
        .needs = tbl_needs(ctx, at),
        .when = tbl_condition(ctx, at, "when"),
        .tags = read_tags(ctx, at),
        .apartment = tbl_apartment(ctx, at),
        .isolation = tbl_string(ctx, at, "isolation", false),
        .has_exclusive = json_object_get(at->json, "exclusive") != NULL,
        .exclusive = tbl_bool(ctx, at, "exclusive", false),
        .deadline_ms = (unsigned)tbl_int(ctx, at, "deadline_ms", 1, 3600000, 0),
        .finally = tbl_member(at, "finally"),
    };
    read_question(ctx, at, &keys);
    if (keys.isolation && strcmp(keys.isolation, "fresh") != 0 &&
        strcmp(keys.isolation, "shared") != 0) {
        tbl_err(ctx, &isolation_at, "\"isolation\" must be shared or fresh");
    }
    return keys;
}

/* The strictest level of the requirements; marks them as checked. */
static enum level settle_requirements(struct tbl_ctx *ctx, const struct tbl_case_spec *spec)
{
    const struct string_list *list = &spec->keys.requirements;
    enum level level = LEVEL_MAY;
    if (spec->keys.has_question) {
        return LEVEL_MAY;
    }
    if (list->count == 0 && !json_object_get(spec->at->json, "requirements")) {
        tbl_err(ctx, spec->at, "a case needs a requirement, or must be a question");
    } else if (list->count == 0) {
        tbl_err(ctx, spec->at, "the case has no requirement");
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct requirement *found = tbl_requirement(ctx->tables, list->items[i]);
        if (found && found->unchecked) {
            tbl_err(ctx, spec->at, "requirement \"%s\" says that no case can check it", found->id);
        }
        if (found) {
            level = found->level < level ? found->level : level;
            ctx->used[found - ctx->tables->requirements] = true;
        }
    }
    return level;
}

/* The scope in which the steps begin. */
static struct tbl_scope begin_scope(struct tbl_ctx *ctx, const struct tbl_case_spec *spec,
                                    const struct preamble *preamble)
{
    struct tbl_scope scope = {.open = spec->preamble && !preamble};
    if (preamble) {
        scope = tbl_scope_copy(ctx, &ctx->scopes[preamble - ctx->tables->preambles]);
    }
    scope.of = spec->keys.has_question ? STEPS_OF_QUESTION : STEPS_OF_CASE;
    scope.needs = 0;
    scope.expects = false;
    scope.requirements = &spec->keys.requirements;
    scope.last_expect = spec->last_expect;
    return scope;
}

/* Appends the steps that a row adds to those of the call. */
static void read_then(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *then,
                      struct test_case *test)
{
    size_t count = 0;
    scope->last_expect = NULL;
    if (!tbl_array(ctx, then, false)) {
        return;
    }
    struct step *more = tbl_read_steps(ctx, scope, then, &count);
    struct step *all = tbl_alloc(ctx->arena, test->step_count + count, sizeof *all);
    if (!all || !more || !test->steps) {
        return;
    }
    memcpy(all, test->steps, test->step_count * sizeof *all);
    memcpy(all + test->step_count, more, count * sizeof *all);
    test->steps = all;
    test->step_count += count;
}

static void read_all_steps(struct tbl_ctx *ctx, const struct tbl_case_spec *spec,
                           struct test_case *test)
{
    struct tbl_scope scope = begin_scope(ctx, spec, test->preamble);
    const size_t complaints = ctx->count;
    if (tbl_array(ctx, &spec->steps, true)) {
        test->steps = tbl_read_steps(ctx, &scope, &spec->steps, &test->step_count);
    }
    read_then(ctx, &scope, &spec->then, test);
    tbl_check_exhaust(ctx, spec->at, test);
    if (!scope.expects && !spec->keys.has_question && ctx->count == complaints) {
        tbl_err(ctx, spec->at,
                spec->matrix
                    ? "the row says neither \"expect\" nor \"question\" nor \"none\""
                    : "nothing is expected: no step can fail; say what is, or ask a question");
    }
    scope.of = STEPS_OF_FINALLY;
    scope.last_expect = NULL;
    if (tbl_array(ctx, &spec->keys.finally, false)) {
        test->finally = tbl_read_steps(ctx, &scope, &spec->keys.finally, &test->finally_count);
    }
    test->needs |= scope.needs;
}

void tbl_add_case(struct tbl_ctx *ctx, const struct tbl_case_spec *spec)
{
    struct tables *tables = ctx->tables;
    const struct tbl_case_keys *keys = &spec->keys;
    const struct preamble *preamble = spec->preamble ? tbl_preamble(tables, spec->preamble) : NULL;
    if (tables->case_count >= TBL_CASES_MAX) {
        tbl_err(ctx, spec->at, "more than %d cases", TBL_CASES_MAX);
        return;
    }
    struct test_case *cases = tbl_grow(ctx->arena, tables->cases, tables->case_count,
                                       &ctx->case_cap, sizeof *tables->cases);
    if (!cases) {
        return;
    }
    tables->cases = cases;
    struct test_case *test = &cases[tables->case_count++];
    const char *apartment = preamble ? preamble->apartment : NULL;
    *test = (struct test_case){
        .id = spec->id,
        .suite = spec->suite,
        .title = keys->title,
        .requirements = keys->requirements,
        .level = settle_requirements(ctx, spec),
        .question = keys->question,
        .preamble = preamble,
        .needs = keys->needs | (preamble ? preamble->needs : 0),
        .when = keys->when,
        .tags = keys->tags,
        .apartment = keys->apartment ? keys->apartment
                     : apartment     ? apartment
                                     : "mta",
        .fresh = keys->isolation && strcmp(keys->isolation, "fresh") == 0,
        .exclusive = keys->exclusive || (preamble && preamble->exclusive),
        .deadline_ms = keys->deadline_ms ? keys->deadline_ms : DEADLINE_MS,
        .matrix = spec->matrix,
        .where = tbl_place(ctx, spec->at),
    };
    read_all_steps(ctx, spec, test);
}

void tbl_read_case(struct tbl_ctx *ctx, const struct tbl_at *at, const char *suite)
{
    const struct tables *tables = ctx->tables;
    char id[1024];
    if (!tbl_object(ctx, at, "id preamble steps " TBL_CASE_KEYS)) {
        return;
    }
    const char *own = tbl_id(ctx, at, "id", true);
    struct tbl_at preamble = tbl_member(at, "preamble");
    struct tbl_case_spec spec = {
        .suite = suite,
        .at = at,
        .keys = tbl_read_case_keys(ctx, at),
        .preamble = tbl_string(ctx, at, "preamble", false),
        .steps = tbl_member(at, "steps"),
    };
    if (!spec.keys.title && !json_object_get(at->json, "title")) {
        tbl_err(ctx, at, "missing key \"title\"");
    }
    if (spec.preamble && !tbl_preamble(tables, spec.preamble)) {
        tbl_unresolved(ctx, &preamble, "preamble", spec.preamble,
                       tbl_nearest(tables->preambles, tables->preamble_count,
                                   sizeof *tables->preambles, spec.preamble));
    }
    int len = snprintf(id, sizeof id, "%s/%s", suite, own ? own : "?");
    if (len >= (int)sizeof id) {
        tbl_err(ctx, at, "the id is too long");
        return;
    }
    spec.id = tbl_strndup(ctx->arena, id, (size_t)len);
    if (spec.id) {
        tbl_add_case(ctx, &spec);
    }
}

void tbl_add_suite(struct tbl_ctx *ctx, const char *id, const char *title)
{
    struct tables *tables = ctx->tables;
    for (size_t i = 0; i < tables->suite_count; i++) {
        if (strcmp(tables->suites[i].id, id) == 0) {
            return;
        }
    }
    struct suite *suites = tbl_alloc(ctx->arena, tables->suite_count + 1, sizeof *suites);
    if (suites) {
        if (tables->suite_count > 0) {
            memcpy(suites, tables->suites, tables->suite_count * sizeof *suites);
        }
        suites[tables->suite_count++] = (struct suite){id, title ? title : id};
        tables->suites = suites;
    }
}

void tbl_read_suite(struct tbl_ctx *ctx, const struct tbl_at *root, const char *folder)
{
    struct tbl_at cases = tbl_member(root, "cases"), matrices = tbl_member(root, "matrices");
    struct tbl_at suite_at = tbl_member(root, "suite");
    if (!tbl_object(ctx, root, "format kind suite title cases matrices")) {
        return;
    }
    const char *suite = tbl_id(ctx, root, "suite", false);
    const char *title = tbl_string(ctx, root, "title", true);
    if (suite && strcmp(suite, folder) != 0) {
        tbl_err(ctx, &suite_at, "\"suite\" must be the name of the folder, \"%s\"", folder);
    }
    tbl_add_suite(ctx, folder, title);
    if (tbl_array(ctx, &cases, false)) {
        for (size_t i = 0; i < json_array_size(cases.json); i++) {
            struct tbl_at item = tbl_item(&cases, i);
            tbl_read_case(ctx, &item, folder);
        }
    }
    if (tbl_array(ctx, &matrices, false)) {
        for (size_t i = 0; i < json_array_size(matrices.json); i++) {
            struct tbl_at item = tbl_item(&matrices, i);
            tbl_read_matrix(ctx, &item, folder);
        }
    }
    if (!cases.json && !matrices.json) {
        tbl_err(ctx, root, "a suite file needs \"cases\" or \"matrices\"");
    }
}
