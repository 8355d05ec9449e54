#include "tbl_api.h"
#include "tbl_cases.h"
#include "tbl_steps.h"

#include <string.h>

void tbl_declare_preambles(struct tbl_ctx *ctx, const struct tbl_at *root)
{
    struct tables *tables = ctx->tables;
    struct tbl_at list = tbl_member(root, "preambles");
    if (!tbl_object(ctx, root, "format kind preambles") || !tbl_array(ctx, &list, true)) {
        return;
    }
    size_t count = json_array_size(list.json);
    if (count > TBL_LIST_MAX) {
        tbl_err(ctx, &list, "more than %d preambles", TBL_LIST_MAX);
        return;
    }
    struct preamble *room =
        tbl_alloc(ctx->arena, tables->preamble_count + count, sizeof *tables->preambles);
    if (!room) {
        return;
    }
    if (tables->preamble_count > 0) {
        memcpy(room, tables->preambles, tables->preamble_count * sizeof *room);
    }
    tables->preambles = room;
    for (size_t i = 0; i < count; i++) {
        struct tbl_at item = tbl_item(&list, i);
        struct preamble *preamble = &tables->preambles[tables->preamble_count];
        if (tbl_object(ctx, &item,
                       "id title after state steps needs finally apartment exclusive")) {
            preamble->id = tbl_id(ctx, &item, "id", false);
            preamble->where = tbl_place(ctx, &item);
            tables->preamble_count += preamble->id != NULL;
        }
    }
}

static struct preamble *find(const struct tables *tables, const struct tbl_at *item)
{
    const char *id = json_string_value(json_object_get(item->json, "id"));
    for (size_t i = 0; id && i < tables->preamble_count; i++) {
        if (strcmp(tables->preambles[i].id, id) == 0) {
            return &tables->preambles[i];
        }
    }
    return NULL;
}

static void read_preamble(struct tbl_ctx *ctx, const struct tbl_at *at, struct preamble *preamble,
                          struct tbl_scope *scope)
{
    const struct tables *tables = ctx->tables;
    const struct preamble *after = preamble->after;
    struct tbl_at state = tbl_member(at, "state"), steps = tbl_member(at, "steps");
    struct tbl_at finally = tbl_member(at, "finally");
    const char *apartment = tbl_apartment(ctx, at);
    preamble->title = tbl_string(ctx, at, "title", true);
    preamble->state = tbl_string(ctx, at, "state", true);
    preamble->exclusive = tbl_bool(ctx, at, "exclusive", false) || (after && after->exclusive);
    preamble->apartment = apartment ? apartment : after ? after->apartment : NULL;
    if (preamble->state && !tbl_state(tables, preamble->state)) {
        tbl_unresolved(ctx, &state, "state", preamble->state,
                       tbl_nearest(tables->states, tables->state_count, sizeof *tables->states,
                                   preamble->state));
    }
    scope->of = STEPS_OF_PREAMBLE;
    if (tbl_array(ctx, &steps, true)) {
        preamble->steps = tbl_read_steps(ctx, scope, &steps, &preamble->step_count);
    }
    scope->of = STEPS_OF_FINALLY;
    if (tbl_array(ctx, &finally, false)) {
        struct tbl_scope end = tbl_scope_copy(ctx, scope);
        preamble->finally = tbl_read_steps(ctx, &end, &finally, &preamble->finally_count);
        scope->needs |= end.needs;
    }
    preamble->needs = tbl_needs(ctx, at) | scope->needs | (after ? after->needs : 0);
}

/* What the preamble builds on. False: that one is not read yet. */
static bool find_after(struct tbl_ctx *ctx, const struct tbl_at *item, struct preamble *preamble,
                       struct tbl_scope *scope)
{
    struct tables *tables = ctx->tables;
    struct tbl_at at = tbl_member(item, "after");
    const char *id = tbl_string(ctx, item, "after", false);
    const struct preamble *after = id ? tbl_preamble(tables, id) : NULL;
    *scope = (struct tbl_scope){.open = at.json && !after};
    if (id && !after) {
        tbl_unknown(
            ctx, &at, "preamble", id,
            tbl_nearest(tables->preambles, tables->preamble_count, sizeof *tables->preambles, id));
    }
    if (!after) {
        return true;
    }
    if (!ctx->defined[after - tables->preambles]) {
        return false;
    }
    preamble->after = after;
    *scope = tbl_scope_copy(ctx, &ctx->scopes[after - tables->preambles]);
    scope->needs = 0;
    return true;
}

bool tbl_define_preambles(struct tbl_ctx *ctx, const struct tbl_at *root)
{
    struct tbl_at list = tbl_member(root, "preambles");
    bool any = false;
    for (size_t i = 0; i < json_array_size(list.json); i++) {
        struct tbl_at item = tbl_item(&list, i);
        struct preamble *preamble = find(ctx->tables, &item);
        size_t index = preamble ? (size_t)(preamble - ctx->tables->preambles) : 0;
        struct tbl_scope scope;
        if (preamble && !ctx->defined[index] && find_after(ctx, &item, preamble, &scope)) {
            read_preamble(ctx, &item, preamble, &scope);
            ctx->scopes[index] = scope;
            ctx->defined[index] = any = true;
        }
    }
    return any;
}

void tbl_check_preambles(struct tbl_ctx *ctx)
{
    struct tables *tables = ctx->tables;
    for (size_t i = 0; i < tables->preamble_count; i++) {
        if (!ctx->defined[i]) {
            tbl_err_where(ctx, &tables->preambles[i].where,
                          "preamble \"%s\" builds on itself, or on one that does",
                          tables->preambles[i].id);
            ctx->scopes[i].open = true;
        }
    }
}
