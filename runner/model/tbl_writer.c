#include "tbl_writer.h"

#include "names.h"
#include "tbl_args.h"
#include "writer_keys.h"

#include "../util/nearest.h"

#include <string.h>

static void check_object(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                         enum writer_set set);
static void check_value(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                        const struct writer_key *key);

static void check_event(struct tbl_ctx *ctx, const struct tbl_at *at)
{
    const char *name = json_string_value(at->json);
    struct nearest search;
    if (!name) {
        tbl_err(ctx, at, "must be the name of an event");
        return;
    }
    if (!writer_event_known(name)) {
        nearest_init(&search, name);
        for (size_t i = 0; writer_event_at(i); i++) {
            nearest_offer(&search, writer_event_at(i));
        }
        tbl_unknown(ctx, at, "event of a writer", name, search.best);
    }
}

/* The value of a snapshot set: the variable that holds its id, or none. */
static void check_id(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at)
{
    const char *text = json_string_value(at->json);
    if (text && text[0] == '$') {
        const struct tbl_var *var = tbl_use_var(ctx, scope, at, text + 1, false);
        if (var && var->kind != KIND_GUID) {
            tbl_err(ctx, at, "variable \"%s\" holds a %s, no guid", text + 1, kind_name(var->kind));
        }
    } else if (!text || strcmp(text, "GUID_NULL") != 0) {
        tbl_err(ctx, at, "must be a variable (\"$name\") or GUID_NULL");
    }
}

/* A string, which may be a value of the profile, or null: NULL, or a fact that is not there. */
static void check_text(struct tbl_ctx *ctx, const struct tbl_at *at)
{
    static const struct api_param as = {.kind = KIND_WSTR};
    const char *text = json_string_value(at->json);
    if (text && text[0] == '$' && text[1] != '$') {
        tbl_err(ctx, at, "a writer knows no variables; \"$$\" begins a string with a \"$\"");
    } else if (text) {
        tbl_check_literal(ctx, at, &as);
    } else if (!json_is_null(at->json)) {
        tbl_err(ctx, at, "must be a string or null");
    }
}

static void check_texts(struct tbl_ctx *ctx, const struct tbl_at *at)
{
    if (!tbl_array(ctx, at, true)) {
        return;
    }
    for (size_t i = 0; i < json_array_size(at->json); i++) {
        struct tbl_at item = tbl_item(at, i);
        if (!json_is_string(item.json)) {
            tbl_err(ctx, &item, "must be a string");
        }
    }
}

static void check_objects(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                          enum writer_set set)
{
    if (!tbl_array(ctx, at, true)) {
        return;
    }
    for (size_t i = 0; i < json_array_size(at->json); i++) {
        struct tbl_at item = tbl_item(at, i);
        check_object(ctx, scope, &item, set);
    }
}

/* What was seen is compared with a value, null (it is not there) or a list of those. */
static void check_fact(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                       const struct writer_key *key)
{
    bool list = json_is_array(at->json) && key->kind != WRITER_KIND_TEXTS &&
                key->kind != WRITER_KIND_OBJECTS;
    size_t count = list ? json_array_size(at->json) : 1;
    if (count == 0) {
        tbl_err(ctx, at, "an empty list");
    }
    for (size_t i = 0; i < count; i++) {
        struct tbl_at item = list ? tbl_item(at, i) : *at;
        if (!json_is_null(item.json) || key->required) {
            check_value(ctx, scope, &item, key);
        }
    }
}

static void check_value(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                        const struct writer_key *key)
{
    /* Forms that a parameter of a call has too. */
    struct api_param as = {.name = key->key, .type = key->type};
    bool ok;
    switch (key->kind) {
    case WRITER_KIND_TEXT:
        check_text(ctx, at);
        return;
    case WRITER_KIND_GUID:
        as.kind = KIND_GUID;
        break;
    case WRITER_KIND_BOOL:
        as.kind = KIND_BOOL;
        break;
    case WRITER_KIND_NUMBER:
        as.kind = KIND_U32;
        break;
    case WRITER_KIND_ENUM:
        as.kind = KIND_ENUM;
        if (json_is_string(at->json) && !tbl_enum(ctx->tables, key->type)) {
            tbl_unresolved(ctx, at, "enumeration", key->type, NULL);
            return;
        }
        break;
    case WRITER_KIND_TEXTS:
        check_texts(ctx, at);
        return;
    case WRITER_KIND_ID:
        check_id(ctx, scope, at);
        return;
    case WRITER_KIND_CODE:
        tbl_code(ctx, at, &ok);
        return;
    case WRITER_KIND_EVENT:
        check_event(ctx, at);
        return;
    case WRITER_KIND_OBJECT:
        check_object(ctx, scope, at, key->inner);
        return;
    case WRITER_KIND_OBJECTS:
        check_objects(ctx, scope, at, key->inner);
        return;
    }
    tbl_check_literal(ctx, at, &as);
}

/* Every key is known, has the form of its kind, and those that are required are there. */
static void check_object(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                         enum writer_set set)
{
    const char *name;
    json_t *value;
    if (!json_is_object(at->json)) {
        tbl_err(ctx, at, "%s must be an object", writer_set_name(set));
        return;
    }
    json_object_foreach(at->json, name, value)
    {
        struct tbl_at member = tbl_member(at, name);
        const struct writer_key *key = writer_key_find(set, name);
        if (!key && strcmp(name, "note") != 0) {
            tbl_err_key(ctx, &member, "unknown key \"%s\"", name);
        } else if (key && (set == WRITER_EVENT || set == WRITER_SEEN)) {
            check_fact(ctx, scope, &member, key);
        } else if (key) {
            check_value(ctx, scope, &member, key);
        }
    }
    for (size_t i = 0; writer_key_at(i); i++) {
        const struct writer_key *key = writer_key_at(i);
        if (key->set == set && key->required && !json_object_get(at->json, key->key)) {
            tbl_err(ctx, at, "missing key \"%s\"", key->key);
        }
    }
}

static bool has(const struct tbl_at *at, const char *key)
{
    return json_object_get(at->json, key) != NULL;
}

/* What a writer does in an event ends in one way; only one with a process of its own can die. */
static void check_do(struct tbl_ctx *ctx, const struct tbl_at *at, const struct tbl_writer *writer)
{
    static const char *const ways[] = {"veto", "return", "crash", "exit"};
    const char *first = NULL;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct tbl_at way = tbl_member(at, ways[i]);
        if (!way.json) {
            continue;
        }
        if (first) {
            tbl_err_key(ctx, &way, "the event ends by \"%s\" already", first);
        }
        if (i >= 2 && writer && !writer->process) {
            tbl_err_key(ctx, &way, "only a writer \"in\" a \"process\" of its own can do that");
        }
        first = ways[i];
    }
    if (json_is_object(at->json) && !first && !has(at, "set") && !has(at, "hold") &&
        !has(at, "slow_ms") && !has(at->up, "steps")) {
        tbl_err(ctx, at, "says nothing that the writer does");
    }
}

/* How far it is started, and the variable for its object: of one in this process. */
static void read_extent(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                        struct step *step)
{
    static const char *const extents[] = {"construct", "initialize", "subscribe"};
    struct tbl_at until = tbl_member(at, "until"), as = tbl_member(at, "as");
    size_t i = 0;
    step->until = tbl_string(ctx, at, "until", false);
    step->as = tbl_string(ctx, at, "as", false);
    while (step->until && i < 3 && strcmp(extents[i], step->until) != 0) {
        i++;
    }
    if (i == 3) {
        tbl_err(ctx, &until, "\"until\" must be construct, initialize or subscribe");
    }
    if (step->process && (step->until || step->as)) {
        tbl_err_key(ctx, step->until ? &until : &as, "only of a writer in the requester's process");
    }
    if (step->as && !tbl_is_var(step->as)) {
        tbl_err(ctx, &as, "\"%s\" is no name of a variable", step->as);
        step->as = NULL;
    } else if (step->as) {
        const struct api_interface *iface = tbl_interface(ctx->tables, TBL_WRITER_CLASS);
        tbl_set_var(ctx, scope,
                    (struct tbl_var){.name = step->as, .kind = KIND_IFACE, .iface = iface});
    }
}

static void read_start(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                       struct step *step)
{
    struct tbl_at name = tbl_member(at, "writer"), in = tbl_member(at, "in");
    struct tbl_at config = tbl_member(at, "config");
    const char *where = tbl_string(ctx, at, "in", false);
    step->process = where && strcmp(where, "process") == 0;
    if (where && !step->process && strcmp(where, "worker") != 0) {
        tbl_err(ctx, &in, "\"in\" must be worker or process");
    }
    read_extent(ctx, scope, at, step);
    step->args = config.json;
    if (!config.json) {
        tbl_err(ctx, at, "missing key \"config\"");
    } else {
        check_object(ctx, scope, &config, WRITER_CONFIG);
    }
    if (step->object && !tbl_is_var(step->object)) {
        tbl_err(ctx, &name, "\"%s\" is no name of a writer", step->object);
    } else if (step->object) {
        tbl_begin_writer(ctx, scope, &name, step->object, step->process, step->as);
    }
    scope->needs |= UINT32_C(1) << CAP_WRITERS | UINT32_C(1) << CAP_FIXTURE_WRITER;
}

/* "event" of script, reached and go. */
static void read_event(struct tbl_ctx *ctx, const struct tbl_at *at, struct step *step,
                       bool required)
{
    struct tbl_at event = tbl_member(at, "event");
    step->event = tbl_string(ctx, at, "event", required);
    if (step->event) {
        check_event(ctx, &event);
    }
}

static void read_of(struct tbl_ctx *ctx, const struct tbl_at *at, struct step *step)
{
    struct tbl_at of = tbl_member(at, "of");
    step->of = tbl_strings(ctx, at, "of", false, true);
    for (size_t i = 0; i < step->of.count; i++) {
        struct tbl_at item = json_is_array(of.json) ? tbl_item(&of, i) : of;
        check_event(ctx, &item);
    }
}

void tbl_read_writer_step(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                          struct step *step)
{
    const char *key = step_key(step->op);
    struct tbl_at name = tbl_member(at, key), script = tbl_member(at, "do");
    struct tbl_at steps = tbl_member(at, "steps");
    const struct tbl_writer *writer = NULL;
    step->object = tbl_string(ctx, at, key, true);
    step->deadline_ms = (unsigned)tbl_int(ctx, at, "deadline_ms", 1, 3600000, 0);
    if (step->op == STEP_WRITER) {
        read_start(ctx, scope, at, step);
        return;
    }
    if (step->object) {
        writer = tbl_use_writer(ctx, scope, &name, step->object, step->op != STEP_EVENTS,
                                step->op == STEP_STOP);
    }
    if (step->op == STEP_SCRIPT || step->op == STEP_REACHED || step->op == STEP_GO) {
        read_event(ctx, at, step, step->op != STEP_GO);
    }
    if (step->op == STEP_SCRIPT) {
        step->args = script.json;
        if (script.json) {
            check_object(ctx, scope, &script, WRITER_DO);
            check_do(ctx, &script, writer);
        } else if (!steps.json) {
            tbl_err(ctx, at, "missing key \"do\"");
        }
        if (steps.json && writer && writer->process) {
            tbl_err_key(ctx, &steps, "only a writer in the requester's process runs steps");
        }
    }
    if (step->op == STEP_REACHED) {
        step->times = (unsigned)tbl_int(ctx, at, "count", 1, 100000, 1);
        step->left = tbl_bool(ctx, at, "left", false);
    }
    if (step->left && step->object && step->event) {
        tbl_join_event(scope, step->object, step->event);
    }
    if (step->op == STEP_EVENTS) {
        read_of(ctx, at, step);
    }
}

/* A list of events: names, or objects of facts. */
static const json_t *read_list(struct tbl_ctx *ctx, struct tbl_scope *scope,
                               const struct tbl_at *list)
{
    if (!tbl_array(ctx, list, true)) {
        return NULL;
    }
    for (size_t i = 0; i < json_array_size(list->json); i++) {
        struct tbl_at item = tbl_item(list, i);
        if (json_is_string(item.json)) {
            check_event(ctx, &item);
        } else {
            check_object(ctx, scope, &item, WRITER_EVENT);
        }
    }
    return list->json;
}

void tbl_read_events(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *expect_at,
                     const struct step *step, struct expect *expect)
{
    struct tbl_at events = tbl_member(expect_at, "events");
    struct tbl_at contains = tbl_member(expect_at, "contains");
    if (!events.json && !contains.json) {
        return;
    }
    if (step->op != STEP_EVENTS) {
        tbl_err_key(ctx, events.json ? &events : &contains, "the step has no events");
        return;
    }
    if (events.json) {
        expect->events = read_list(ctx, scope, &events);
    }
    if (contains.json) {
        expect->contains = read_list(ctx, scope, &contains);
        if (json_array_size(contains.json) == 0 && json_is_array(contains.json)) {
            tbl_err(ctx, &contains, "a list of no events");
        }
    }
}
