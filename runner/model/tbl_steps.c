#include "tbl_steps.h"

#include "names.h"
#include "tbl_api.h"
#include "tbl_args.h"
#include "tbl_cases.h"
#include "tbl_exhaust.h"
#include "tbl_expect.h"
#include "tbl_export.h"
#include "tbl_turn.h"
#include "tbl_writer.h"

#include <stdio.h>
#include <string.h>

#define COMMON "label title expect need exhaust after_failure "
#define NEST_MAX 8 /* steps in steps in steps */
#define LEAK_ROUNDS_MIN 20
#define ASYNC "IVssAsync"

/* What is read. */
struct reading {
    struct tbl_ctx *ctx;
    struct tbl_scope *scope;
    const struct tbl_at *at; /* of the step */
    struct step *step;
};

/* A variable that holds an interface; known: it must be known which. NULL: nothing is known. */
static const struct api_interface *use_interface(const struct reading *r, const struct tbl_at *at,
                                                 const char *name, bool known)
{
    const struct tbl_var *var = tbl_use_var(r->ctx, r->scope, at, name, false);
    if (!var) {
        return NULL;
    }
    if (var->kind != KIND_IFACE) {
        tbl_err(r->ctx, at, "variable \"%s\" holds a %s, no interface", name, kind_name(var->kind));
        return NULL;
    }
    if (!var->iface && known) {
        tbl_err(r->ctx, at, "which interface variable \"%s\" holds is not known", name);
    }
    return var->iface;
}

static void set_interface(const struct reading *r, const struct tbl_at *at, const char *name,
                          const struct api_interface *iface)
{
    if (!name) {
        return;
    }
    if (!tbl_is_var(name)) {
        tbl_err(r->ctx, at, "\"%s\" is no name of a variable", name);
        return;
    }
    struct tbl_var var = {.name = name, .kind = KIND_IFACE, .iface = iface, .any = !iface};
    tbl_set_var(r->ctx, r->scope, var);
}

static const struct api_method *use_function(const struct reading *r, const struct tbl_at *at,
                                             const char *name)
{
    const struct tables *tables = r->ctx->tables;
    const struct api_method *function = name ? tbl_function(tables, name) : NULL;
    if (name && !function) {
        tbl_unresolved(r->ctx, at, "function", name, tbl_nearest_function(tables, name));
    } else if (function && function->hook) {
        r->scope->needs |= UINT32_C(1) << CAP_FAULT_HOOKS;
    }
    return function;
}

static void read_create(const struct reading *r)
{
    struct tbl_at with = tbl_member(r->at, "with"), name_at = tbl_member(r->at, "create");
    const char *name = tbl_string(r->ctx, r->at, "with", false);
    const struct api_method *factory =
        use_function(r, &with, name ? name : "CreateVssBackupComponents");
    const struct api_interface *iface = NULL;
    r->step->as = tbl_string(r->ctx, r->at, "create", true);
    r->step->method = factory;
    if (factory) {
        const struct api_param *param = factory->params;
        if (factory->param_count == 1 && param->dir == DIR_OUT && param->kind == KIND_IFACE &&
            param->iface) {
            iface = tbl_interface(r->ctx->tables, param->iface);
        } else {
            tbl_err(r->ctx, &with, "%s is no factory: it does not have one out parameter alone",
                    factory->name);
        }
    }
    set_interface(r, &name_at, r->step->as, iface);
}

static void read_args(const struct reading *r)
{
    r->step->args = json_object_get(r->at->json, "args");
    if (r->step->method) {
        tbl_check_args(r->ctx, r->scope, r->at, r->step->method);
    } else {
        tbl_keep_unknown(r->ctx, r->scope, r->at);
    }
}

static void read_function(const struct reading *r)
{
    struct tbl_at at = tbl_member(r->at, "function");
    r->step->method = use_function(r, &at, tbl_string(r->ctx, r->at, "function", true));
    read_args(r);
}

/* "bc.BackupComplete" */
static void read_call(const struct reading *r)
{
    const char *text = tbl_string(r->ctx, r->at, "call", true);
    struct tbl_at at = tbl_member(r->at, "call");
    const char *dot = text ? strchr(text, '.') : NULL;
    if (text && !dot) {
        tbl_err(r->ctx, &at, "\"%s\" is no call (\"variable.Method\")", text);
    }
    if (!dot) {
        tbl_keep_unknown(r->ctx, r->scope, r->at);
        return;
    }
    r->step->object = tbl_strndup(r->ctx->arena, text, (size_t)(dot - text));
    const struct api_interface *iface =
        r->step->object ? use_interface(r, &at, r->step->object, true) : NULL;
    if (iface) {
        r->step->method = tbl_method(r->ctx->tables, iface->name, dot + 1);
        if (!r->step->method && !r->ctx->broken) {
            const char *best = tbl_nearest_method(r->ctx->tables, iface, dot + 1);
            tbl_err(r->ctx, &at, "%s has no method \"%s\"%s%s%s", iface->name, dot + 1,
                    best ? "; did you mean \"" : "", best ? best : "", best ? "\"?" : "");
        }
    }
    read_args(r);
}

/* Only an object with an IUnknown can be asked, held and let go. */
static bool use_counted(const struct reading *r, const struct tbl_at *at, const char *name)
{
    const struct api_interface *iface = use_interface(r, at, name, false);
    bool counted = !iface || tbl_iunknown(r->ctx->tables, iface) >= 0;
    if (!counted) {
        tbl_err(r->ctx, at, "%s has no IUnknown", iface->name);
    }
    return counted;
}

static void read_query(const struct reading *r)
{
    const struct tables *tables = r->ctx->tables;
    struct tbl_at object = tbl_member(r->at, "query"), at = tbl_member(r->at, "interface");
    struct tbl_at as = tbl_member(r->at, "as");
    r->step->object = tbl_string(r->ctx, r->at, "query", true);
    r->step->iface = tbl_string(r->ctx, r->at, "interface", true);
    r->step->as = tbl_string(r->ctx, r->at, "as", true);
    r->step->method = tbl_method(tables, "IUnknown", "QueryInterface");
    if (r->step->object) {
        use_counted(r, &object, r->step->object);
    }
    const struct api_interface *iface =
        r->step->iface ? tbl_interface(tables, r->step->iface) : NULL;
    if (iface && !iface->iid) {
        tbl_err(r->ctx, &at, "%s has no published id that could be asked for", iface->name);
    } else if (r->step->iface && !iface) {
        tbl_unresolved(r->ctx, &at, "interface", r->step->iface,
                       tbl_nearest(tables->interfaces, tables->interface_count,
                                   sizeof *tables->interfaces, r->step->iface));
    }
    set_interface(r, &as, r->step->as, iface);
}

static void read_reference(const struct reading *r)
{
    bool release = r->step->op == STEP_RELEASE;
    const char *key = step_key(r->step->op);
    struct tbl_at at = tbl_member(r->at, key);
    r->step->object = tbl_string(r->ctx, r->at, key, true);
    r->step->method = tbl_method(r->ctx->tables, "IUnknown", release ? "Release" : "AddRef");
    r->step->keep = release && tbl_bool(r->ctx, r->at, "keep", false);
    if (r->step->object && use_counted(r, &at, r->step->object) && release && !r->step->keep) {
        tbl_empty_var(r->scope, r->step->object);
    }
}

static unsigned read_deadline(const struct reading *r)
{
    return (unsigned)tbl_int(r->ctx, r->at, "deadline_ms", 1, 3600000, 0);
}

/* await and cancel: the variable must hold an operation. */
static void read_async(const struct reading *r)
{
    const char *key = step_key(r->step->op);
    struct tbl_at at = tbl_member(r->at, key), by_at = tbl_member(r->at, "by");
    r->step->object = tbl_string(r->ctx, r->at, key, true);
    const struct api_interface *iface =
        r->step->object ? use_interface(r, &at, r->step->object, true) : NULL;
    if (iface && !tbl_is_a(r->ctx->tables, iface, ASYNC)) {
        tbl_err(r->ctx, &at, "variable \"%s\" holds an %s, no " ASYNC, r->step->object,
                iface->name);
    }
    if (r->step->op == STEP_CANCEL) {
        r->step->method = tbl_method(r->ctx->tables, ASYNC, "Cancel");
        return;
    }
    const char *by = tbl_string(r->ctx, r->at, "by", false);
    r->step->by_wait = by && strcmp(by, "Wait") == 0;
    if (by && !r->step->by_wait && strcmp(by, "QueryStatus") != 0) {
        tbl_err(r->ctx, &by_at, "\"by\" must be QueryStatus or Wait");
    }
    r->step->deadline_ms = read_deadline(r);
}

/* The steps of a thread, a repeat or an event. */
static void read_inner(const struct reading *r)
{
    struct tbl_at list = tbl_member(r->at, "steps");
    if (r->scope->depth >= NEST_MAX) {
        tbl_err(r->ctx, &list, "steps nest deeper than %d", NEST_MAX);
        return;
    }
    if (!tbl_array(r->ctx, &list, true)) {
        return;
    }
    r->scope->depth++;
    r->step->steps = tbl_read_steps(r->ctx, r->scope, &list, &r->step->step_count);
    r->scope->depth--;
}

static void read_thread(const struct reading *r)
{
    struct tbl_at at = tbl_member(r->at, "thread");
    r->step->object = tbl_string(r->ctx, r->at, "thread", true);
    r->step->apartment = tbl_apartment(r->ctx, r->at);
    if (r->step->object) {
        if (!tbl_is_var(r->step->object)) {
            tbl_err(r->ctx, &at, "\"%s\" is no name of a thread", r->step->object);
        }
        tbl_begin_thread(r->ctx, r->scope, &at, r->step->object);
    }
    read_inner(r);
    if (r->step->object) {
        tbl_end_thread(r->scope);
    }
}

static void read_join(const struct reading *r)
{
    struct tbl_at at = tbl_member(r->at, "join");
    r->step->object = tbl_string(r->ctx, r->at, "join", true);
    r->step->deadline_ms = read_deadline(r);
    if (r->step->object) {
        tbl_join_thread(r->ctx, r->scope, &at, r->step->object);
    }
}

/* What is left behind can only be told apart from what is kept by many rounds, with nothing beside
 * them. */
static void read_leaks(const struct reading *r)
{
    struct tbl_at at = tbl_member(r->at, "leaks");
    r->step->leaks = tbl_bool(r->ctx, r->at, "leaks", false);
    if (r->step->leaks && r->scope->depth > 0) {
        tbl_err_key(r->ctx, &at,
                    "\"leaks\" stands on a repeat of the case itself, not inside another");
    } else if (r->step->leaks && r->step->times < LEAK_ROUNDS_MIN) {
        tbl_err_key(r->ctx, &at, "\"leaks\" needs %d rounds or more", LEAK_ROUNDS_MIN);
    }
}

static void read_repeat(const struct reading *r)
{
    struct step again = *r->step;
    r->step->times = (unsigned)tbl_int(r->ctx, r->at, "repeat", 1, 100000, 1);
    read_leaks(r);
    read_inner(r);
    if (r->step->times > 1) {
        /* The second round finds what the first left: a variable that is empty by then. */
        struct reading second = *r;
        second.step = &again;
        read_inner(&second);
    }
}

/* ["$a", "$b"] */
static void read_compare(const struct reading *r)
{
    struct tbl_at list = tbl_member(r->at, "compare"), is_at = tbl_member(r->at, "is");
    const char *is = tbl_string(r->ctx, r->at, "is", true);
    if (is && strcmp(is, "equal") != 0 && strcmp(is, "different") != 0) {
        tbl_err(r->ctx, &is_at, "\"is\" must be equal or different");
    }
    r->step->different = is && strcmp(is, "different") == 0;
    if (!json_is_array(list.json) || json_array_size(list.json) != 2) {
        tbl_err(r->ctx, &list, "\"compare\" must be a list of two variables");
        return;
    }
    for (size_t i = 0; i < 2; i++) {
        struct tbl_at item = tbl_item(&list, i);
        const char *text = json_string_value(item.json);
        if (!text || text[0] != '$') {
            tbl_err(r->ctx, &item, "must be a variable (\"$name\")");
            continue;
        }
        tbl_use_var(r->ctx, r->scope, &item, text + 1, true);
        *(i == 0 ? &r->step->a : &r->step->b) = text + 1;
    }
}

/* What the variable holds tells for which interfaces it is asked. */
static void read_identity(const struct reading *r)
{
    struct tbl_at at = tbl_member(r->at, "identity");
    r->step->object = tbl_string(r->ctx, r->at, "identity", true);
    const struct api_interface *iface =
        r->step->object ? use_interface(r, &at, r->step->object, true) : NULL;
    if (iface && tbl_iunknown(r->ctx->tables, iface) < 0) {
        tbl_err(r->ctx, &at, "%s has no IUnknown", iface->name);
    }
    r->step->iface = iface ? iface->name : NULL;
}

static void read_export(const struct reading *r)
{
    tbl_read_export_step(r->ctx, r->at, r->step);
}

static void read_writer(const struct reading *r)
{
    tbl_read_writer_step(r->ctx, r->scope, r->at, r->step);
}

/* What the writer does in an event, and steps that run there. */
static void read_script(const struct reading *r)
{
    read_writer(r);
    if (json_object_get(r->at->json, "steps") && r->step->object && r->step->event) {
        tbl_begin_turn(r->ctx, r->scope, r->at, r->step);
        read_inner(r);
        tbl_end_turn(r->ctx, r->scope, r->at, r->step);
    }
}

/* How each step is read. */
static const struct {
    const char *keys;
    void (*read)(const struct reading *);
    bool in_event; /* it may run in an event of a writer */
} readers[] = {
    [STEP_CREATE] = {COMMON "create with", read_create, true},
    [STEP_FUNCTION] = {COMMON "function args", read_function, true},
    [STEP_CALL] = {COMMON "call args", read_call, true},
    [STEP_QUERY] = {COMMON "query interface as", read_query, true},
    [STEP_ADDREF] = {COMMON "addref", read_reference, true},
    [STEP_RELEASE] = {COMMON "release keep", read_reference, true},
    [STEP_AWAIT] = {COMMON "await by deadline_ms", read_async, false},
    [STEP_CANCEL] = {COMMON "cancel", read_async, false},
    [STEP_THREAD] = {COMMON "thread apartment steps", read_thread, false},
    [STEP_JOIN] = {COMMON "join deadline_ms", read_join, false},
    [STEP_REPEAT] = {COMMON "repeat leaks steps", read_repeat, true},
    [STEP_COMPARE] = {COMMON "compare is", read_compare, true},
    [STEP_IDENTITY] = {COMMON "identity", read_identity, true},
    [STEP_EXPORT] = {COMMON "export is as", read_export, true},
    [STEP_WRITER] = {COMMON "writer in until as config deadline_ms", read_writer, false},
    [STEP_SCRIPT] = {COMMON "script event do steps deadline_ms", read_script, false},
    [STEP_REACHED] = {COMMON "reached event count left deadline_ms", read_writer, false},
    [STEP_GO] = {COMMON "go event deadline_ms", read_writer, false},
    [STEP_EVENTS] = {COMMON "events of deadline_ms", read_writer, false},
    [STEP_STOP] = {COMMON "stop deadline_ms", read_writer, false},
};

/* The one key that says what the step does. False: there is none, or two. */
static bool find_op(struct tbl_ctx *ctx, const struct tbl_at *at, enum step_op *op)
{
    int found = -1;
    if (!json_is_object(at->json)) {
        tbl_err(ctx, at, "a step must be an object");
        return false;
    }
    for (int i = 0; i < (int)(sizeof readers / sizeof readers[0]); i++) {
        if (json_object_get(at->json, step_key((enum step_op)i))) {
            if (found >= 0) {
                tbl_err(ctx, at, "the step says both \"%s\" and \"%s\"",
                        step_key((enum step_op)found), step_key((enum step_op)i));
                return false;
            }
            found = i;
        }
    }
    if (found < 0) {
        tbl_err(ctx, at, "no key says what the step does (create, call, await and so on)");
        return false;
    }
    *op = (enum step_op)found;
    return true;
}

/* A hook that is told a point. Where there is no such point the case says nothing. */
static bool sets_point(const struct step *step)
{
    return step->op == STEP_FUNCTION && step->method && step->method->hook &&
           step->method->param_count > 0;
}

/* Expectation and need: who may have them depends on whose steps they are. */
static void read_outcome(const struct reading *r, bool last)
{
    static const char *const refusals[] = {
        [STEPS_OF_CASE] = NULL,
        [STEPS_OF_QUESTION] = "a question has no expectations: its outcome is recorded",
        [STEPS_OF_PREAMBLE] = "a preamble has no expectations: \"need\" says what it must give",
        [STEPS_OF_FINALLY] = "what runs at the end is never judged",
    };
    struct tbl_at expect = tbl_member(r->at, "expect"), need = tbl_member(r->at, "need");
    const struct tbl_at *from_row = last && r->scope->depth == 0 ? r->scope->last_expect : NULL;
    const char *refusal = refusals[r->scope->of];
    if (expect.json && refusal) {
        tbl_err_key(r->ctx, &expect, "%s", refusal);
    } else if (expect.json && from_row) {
        tbl_err_key(r->ctx, &expect, "the row has an expectation for this step too");
        r->scope->expects = true;
    } else if (expect.json) {
        r->step->expect = tbl_read_expect(r->ctx, r->scope, &expect, r->at, r->step);
    } else if (from_row) {
        r->step->expect = tbl_read_expect(r->ctx, r->scope, from_row, r->at, r->step);
    }
    if (r->scope->of == STEPS_OF_PREAMBLE) {
        tbl_read_need(r->ctx, r->at, r->step);
    } else if (need.json) {
        tbl_err_key(r->ctx, &need, "only the steps of a preamble have a \"need\"");
    } else if (sets_point(r->step) && r->scope->of != STEPS_OF_FINALLY && !r->step->expect) {
        tbl_read_need(r->ctx, r->at, r->step);
    }
}

static bool read_step(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                      struct step *step, bool last)
{
    struct reading r = {ctx, scope, at, step};
    struct tbl_at label = tbl_member(at, "label");
    if (!find_op(ctx, at, &step->op)) {
        return false;
    }
    tbl_object(ctx, at, readers[step->op].keys);
    if (scope->in_event && !readers[step->op].in_event) {
        tbl_err(ctx, at, "no step of an event does \"%s\"", step_key(step->op));
    }
    step->where = tbl_place(ctx, at);
    step->label = tbl_string(ctx, at, "label", false);
    step->title = tbl_string(ctx, at, "title", false);
    if (step->label) {
        tbl_take_label(ctx, scope, &label, step->label);
    }
    tbl_read_exhaust(ctx, at, scope->of == STEPS_OF_CASE || scope->of == STEPS_OF_QUESTION, step);
    readers[step->op].read(&r);
    read_outcome(&r, last);
    return true;
}

struct step *tbl_read_steps(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *list,
                            size_t *count)
{
    size_t all = json_array_size(list->json);
    *count = 0;
    if (all == 0 || all > TBL_LIST_MAX) {
        tbl_err(ctx, list, all == 0 ? "a list of no steps" : "a list of too many steps");
        return NULL;
    }
    struct step *steps = tbl_alloc(ctx->arena, all, sizeof *steps);
    for (size_t i = 0; steps && i < all; i++) {
        struct tbl_at item = tbl_item(list, i);
        *count += read_step(ctx, scope, &item, &steps[*count], i + 1 == all);
    }
    return steps;
}
