/* Rows of calls/: how each method is called rightly, and in which state it is refused. */
#include "tbl_calls.h"

#include "../util/nearest.h"
#include "tbl_args.h"

#include <string.h>

#define ROW_KEYS                                                                                   \
    "object preamble event wrong unreachable args before after hr out because null except stores " \
    "none "                                                                                        \
    "needs when tags apartment isolation exclusive deadline_ms finally"

/* The method (or function) that a row is about. */
static const struct api_method *row_method(struct tbl_ctx *ctx, const struct tbl_at *at,
                                           const char *iface)
{
    const struct tables *tables = ctx->tables;
    const char *key = iface ? "method" : "function";
    const char *name = tbl_string(ctx, at, key, true);
    struct tbl_at name_at = tbl_member(at, key);
    const struct api_interface *owner = iface ? tbl_interface(tables, iface) : NULL;
    if (!name || (iface && !owner)) {
        return NULL;
    }
    for (size_t i = 0; owner && i < owner->method_count; i++) {
        if (strcmp(owner->methods[i].name, name) == 0) {
            return &owner->methods[i];
        }
    }
    const struct api_method *function = iface ? NULL : tbl_function(tables, name);
    if (!function) {
        tbl_unresolved(ctx, &name_at, key, name,
                       owner ? tbl_nearest_method(tables, owner, name)
                             : tbl_nearest_function(tables, name));
    }
    return function;
}

/* A state in which the call is refused: a preamble, or an object that says more. */
static void read_wrong(struct call_row *row)
{
    struct tbl_at at = tbl_member(row->at, "wrong"), args = tbl_member(&at, "args");
    if (!at.json) {
        return;
    }
    row->wrong_object = row->object;
    if (json_is_string(at.json)) {
        row->wrong = tbl_string(row->ctx, row->at, "wrong", true);
    } else if (tbl_object(row->ctx, &at, "preamble object args because")) {
        const char *object = tbl_string(row->ctx, &at, "object", false);
        row->wrong = tbl_string(row->ctx, &at, "preamble", true);
        row->wrong_because = tbl_string(row->ctx, &at, "because", false);
        row->wrong_object = object ? object : row->object;
        row->wrong_args = args.json;
    }
    if (row->wrong && !row->method->open_results && !gen_lists(row->method, "VSS_E_BAD_STATE")) {
        tbl_err(row->ctx, &at, "the page of %s lists no VSS_E_BAD_STATE", row->method->name);
    }
}

static bool is_family(const char *name)
{
    for (int f = 0; f < GEN_FAMILIES; f++) {
        if (strcmp(gen_family_name((enum gen_family)f), name) == 0) {
            return true;
        }
    }
    return false;
}

static const char *nearest_family(const char *name)
{
    struct nearest search;
    nearest_init(&search, name);
    for (int f = 0; f < GEN_FAMILIES; f++) {
        nearest_offer(&search, gen_family_name((enum gen_family)f));
    }
    return search.best;
}

static void read_except(struct call_row *row)
{
    struct tbl_at at = tbl_member(row->at, "except");
    const char *key;
    json_t *value;
    row->except = at.json;
    if (at.json && !json_is_object(at.json)) {
        tbl_err(row->ctx, &at, "must be an object");
        row->except = NULL;
    }
    json_object_foreach(row->except, key, value)
    {
        struct tbl_at member = tbl_member(&at, key);
        if (!is_family(key)) {
            tbl_unknown(row->ctx, &member, "family", key, nearest_family(key));
        }
        tbl_string(row->ctx, &at, key, true);
    }
}

/* The event in which the call is made: the file says how it comes to that. */
static void read_event(struct call_row *row, const struct tbl_at *events)
{
    struct tbl_at at = tbl_member(row->at, "event");
    const char *event = tbl_string(row->ctx, row->at, "event", false);
    if (event && !json_object_get(events->json, event)) {
        tbl_err(row->ctx, &at, "\"events\" of the file says nothing of \"%s\"", event);
    } else if (event) {
        row->event = event;
        row->around = json_object_get(events->json, event);
    }
}

/* What a file says of events in which its calls are made. */
static void check_events(struct tbl_ctx *ctx, const struct tbl_at *events)
{
    static const char *const lists[] = {"before", "after", "then"};
    const char *key;
    json_t *value;
    if (events->json && !json_is_object(events->json)) {
        tbl_err(ctx, events, "must be an object");
    }
    json_object_foreach(events->json, key, value)
    {
        struct tbl_at event = tbl_member(events, key);
        if (!tbl_object(ctx, &event, "writer before after then")) {
            continue;
        }
        tbl_string(ctx, &event, "writer", true);
        for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
            struct tbl_at list = tbl_member(&event, lists[i]);
            tbl_array(ctx, &list, i == 2);
        }
    }
}

/* What the row says of NULL must be about its parameters. */
static void check_null(struct call_row *row)
{
    struct tbl_at at = tbl_member(row->at, "null");
    const char *key;
    json_t *value;
    if (at.json && !json_is_object(at.json)) {
        tbl_err(row->ctx, &at, "must be an object");
    }
    json_object_foreach(at.json, key, value)
    {
        struct tbl_at member = tbl_member(&at, key);
        if (!tbl_param(row->method, key)) {
            tbl_err_key(row->ctx, &member, "%s has no parameter \"%s\"", row->method->name, key);
        }
    }
}

/* A member that is a list, an object. */
static json_t *list_of(struct tbl_ctx *ctx, const struct tbl_at *at, const char *key)
{
    struct tbl_at member = tbl_member(at, key);
    return tbl_array(ctx, &member, false) ? member.json : NULL;
}

static json_t *object_of(struct tbl_ctx *ctx, const struct tbl_at *at, const char *key)
{
    struct tbl_at member = tbl_member(at, key);
    if (member.json && !json_is_object(member.json)) {
        tbl_err(ctx, &member, "must be an object");
        return NULL;
    }
    return member.json;
}

/* A row that leaves its method out says so and nothing else. */
static bool read_none(struct tbl_ctx *ctx, const struct tbl_at *at)
{
    const char *key;
    json_t *value;
    if (!json_object_get(at->json, "none")) {
        return false;
    }
    tbl_string(ctx, at, "none", true);
    json_object_foreach(at->json, key, value)
    {
        if (strcmp(key, "none") != 0 && strcmp(key, "method") != 0 &&
            strcmp(key, "function") != 0 && strcmp(key, "note") != 0) {
            struct tbl_at member = tbl_member(at, key);
            tbl_err_key(ctx, &member, "a row with \"none\" has no \"%s\"", key);
        }
    }
    return true;
}

/* The variable that a method is called on: the row's own, or that of the file. */
static const char *row_object(struct tbl_ctx *ctx, const struct tbl_at *at, const char *iface,
                              const char *object)
{
    struct tbl_at member = tbl_member(at, "object");
    if (!iface && member.json) {
        tbl_err_key(ctx, &member, "a function is called on no object");
    }
    const char *own = iface ? tbl_string(ctx, at, "object", !object) : NULL;
    return own || !iface ? own : object;
}

/* False: there is nothing to generate. */
static bool read_row(struct tbl_ctx *ctx, const struct tbl_at *at, const char *iface,
                     const char *object, const struct tbl_at *events, struct call_row *row)
{
    *row = (struct call_row){.ctx = ctx, .at = at};
    if (!tbl_object(ctx, at, iface ? "method " ROW_KEYS : "function " ROW_KEYS)) {
        return false;
    }
    row->method = row_method(ctx, at, iface);
    if (read_none(ctx, at) || !row->method) {
        return false;
    }
    row->object = row_object(ctx, at, iface, object);
    row->preamble = tbl_string(ctx, at, "preamble", false);
    row->unreachable = tbl_string(ctx, at, "unreachable", false);
    row->stores = tbl_bool(ctx, at, "stores", false);
    row->because = tbl_string(ctx, at, "because", false);
    row->args = object_of(ctx, at, "args");
    row->before = list_of(ctx, at, "before");
    row->after = list_of(ctx, at, "after");
    row->hr = json_object_get(at->json, "hr");
    row->out = object_of(ctx, at, "out");
    read_event(row, events);
    read_wrong(row);
    read_except(row);
    check_null(row);
    if (row->unreachable && !row->wrong) {
        tbl_err(ctx, at, "an \"unreachable\" call is refused somewhere: \"wrong\" says where");
    }
    return !iface || row->object;
}

/* Notes the row of the method, unless it has one. False: another stands for it. */
static bool is_first_row(struct tbl_ctx *ctx, const struct tbl_at *at,
                         const struct api_method *method)
{
    for (size_t i = 0; i < ctx->row_count; i++) {
        if (ctx->rows[i].method == method && ctx->rows[i].row != at->json) {
            tbl_err(ctx, at, "a second row for %s", method->name);
        }
        if (ctx->rows[i].method == method) {
            return ctx->rows[i].row == at->json;
        }
    }
    struct tbl_called *rows =
        tbl_grow(ctx->arena, ctx->rows, ctx->row_count, &ctx->row_cap, sizeof *rows);
    if (rows) {
        ctx->rows = rows;
        rows[ctx->row_count++] = (struct tbl_called){method, at->json};
    }
    return rows != NULL;
}

/* A file that leaves a whole interface out. */
static void leave_out(struct tbl_ctx *ctx, const struct tbl_at *root,
                      const struct api_interface *iface)
{
    struct tbl_at calls = tbl_member(root, "calls");
    tbl_string(ctx, root, "none", true);
    if (!iface || calls.json) {
        tbl_err(ctx, root, "a file with \"none\" has an interface, and no calls");
    }
    for (size_t i = 0; iface && i < iface->method_count; i++) {
        is_first_row(ctx, root, &iface->methods[i]);
    }
}

/* The interface of a file; *known is false where it names one that does not exist. */
static const struct api_interface *file_interface(struct tbl_ctx *ctx, const struct tbl_at *root,
                                                  bool *known)
{
    const struct tables *tables = ctx->tables;
    struct tbl_at at = tbl_member(root, "interface");
    const char *name = tbl_string(ctx, root, "interface", false);
    const struct api_interface *iface = name ? tbl_interface(tables, name) : NULL;
    *known = !at.json || iface;
    if (name && !iface) {
        tbl_unresolved(ctx, &at, "interface", name,
                       tbl_nearest(tables->interfaces, tables->interface_count,
                                   sizeof *tables->interfaces, name));
    }
    return iface;
}

/* Reads the rows of a file. */
static void each_row(struct tbl_ctx *ctx, const struct tbl_at *root, bool define)
{
    struct tbl_at list = tbl_member(root, "calls"), events = tbl_member(root, "events");
    bool known;
    if (!tbl_object(ctx, root, "format kind interface object none events calls")) {
        return;
    }
    check_events(ctx, &events);
    const struct api_interface *iface = file_interface(ctx, root, &known);
    const char *object = tbl_string(ctx, root, "object", false);
    if (json_object_get(root->json, "none")) {
        leave_out(ctx, root, iface);
        return;
    }
    for (size_t i = 0; known && tbl_array(ctx, &list, true) && i < json_array_size(list.json);
         i++) {
        struct tbl_at item = tbl_item(&list, i);
        struct call_row row;
        bool use = read_row(ctx, &item, iface ? iface->name : NULL, object, &events, &row);
        if (define && row.method) {
            tbl_note_omissions(&row);
        }
        if (row.method && is_first_row(ctx, &item, row.method) && use) {
            gen_each(&row, define ? gen_add_case : gen_add_requirement);
        }
    }
}

void tbl_declare_calls(struct tbl_ctx *ctx, const struct tbl_at *root)
{
    each_row(ctx, root, false);
}

void tbl_define_calls(struct tbl_ctx *ctx, const struct tbl_at *root)
{
    each_row(ctx, root, true);
}

static void check_row(struct tbl_ctx *ctx, const struct api_method *method)
{
    bool found = method->hook;
    for (size_t i = 0; !found && i < ctx->row_count; i++) {
        found = ctx->rows[i].method == method;
    }
    if (!found) {
        tbl_err_where(ctx, &method->where, "no row of calls/ says how %s is called, or why not",
                      method->name);
    }
}

void tbl_check_calls(struct tbl_ctx *ctx)
{
    const struct tables *tables = ctx->tables;
    if (ctx->row_count == 0 || ctx->count > 0) {
        return;
    }
    for (size_t i = 0; i < tables->interface_count; i++) {
        const struct api_interface *iface = &tables->interfaces[i];
        /* The rules of IUnknown are COM's, not those of one method: they have suites of their own.
         */
        bool unknown = strcmp(iface->name, "IUnknown") == 0;
        for (size_t k = 0; !unknown && k < iface->method_count; k++) {
            check_row(ctx, &iface->methods[k]);
        }
    }
    for (size_t i = 0; i < tables->function_count; i++) {
        check_row(ctx, &tables->functions[i]);
    }
}
