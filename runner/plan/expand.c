#include "expand.h"

#include "../model/hresult.h"
#include "../util/str_buf.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void expand_no_memory(struct expand *expand)
{
    if (expand->status == CTS_OK) {
        expand->status = err_set(expand->err, CTS_NOMEM, "out of memory");
    }
}

void expand_set(struct expand *expand, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0) {
        expand_no_memory(expand);
    }
}

void expand_append(struct expand *expand, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0) {
        expand_no_memory(expand);
    }
}

json_t *expand_fail(struct expand *expand, const struct where *where, const char *fmt, ...)
{
    char text[600];
    va_list args;
    if (expand->status == CTS_OK) {
        va_start(args, fmt);
        vsnprintf(text, sizeof text, fmt, args);
        va_end(args);
        int line = 0, column = 0;
        tbl_where(expand->tables, where, &line, &column);
        expand->status =
            err_set_at(expand->err, CTS_BAD_FILE, where->path, line, column, "%s", text);
    }
    return NULL;
}

/* Gives the step its number. */
static void number_step(struct expand *expand, const struct step *step, json_t *object)
{
    if (expand->step_count == expand->step_cap) {
        size_t cap = expand->step_cap ? expand->step_cap * 2 : 16;
        struct plan_step *steps = realloc(expand->steps, cap * sizeof *steps);
        if (!steps) {
            expand_no_memory(expand);
            return;
        }
        expand->steps = steps;
        expand->step_cap = cap;
    }
    expand->steps[expand->step_count] = (struct plan_step){
        .s = (int)expand->step_count,
        .step = step,
        .in_preamble = expand->in_preamble,
        .in_finally = expand->in_finally,
        .preamble = expand->preamble,
        .script = expand->script,
    };
    expand_set(expand, object, "s", json_integer((json_int_t)expand->step_count));
    expand->step_count++;
}

static json_t *code_json(uint32_t code)
{
    char text[11];
    snprintf(text, sizeof text, "0x%08" PRIX32, code);
    return json_string(text);
}

static json_t *code_by_name(const char *name)
{
    uint32_t code = 0;
    return hr_by_name(name, &code) ? code_json(code) : NULL;
}

static void set_need(struct expand *expand, const struct step *step, json_t *object)
{
    if (step->need_count == 0) {
        return;
    }
    json_t *need = json_array();
    for (size_t i = 0; i < step->need_count; i++) {
        expand_append(expand, need, code_json(step->need[i]));
    }
    expand_set(expand, object, "need", need);
}

static void set_after_failure(struct expand *expand, const struct step *step, json_t *object)
{
    if (step->after_failure) {
        expand_set(expand, object, "after_failure", json_true());
    }
}

static void set_text(struct expand *expand, json_t *object, const char *key, const char *text)
{
    expand_set(expand, object, key, json_string(text));
}

static const char *ret_text(enum ret_kind ret)
{
    switch (ret) {
    case RET_ULONG:
        return "ulong";
    case RET_BOOL:
        return "bool";
    case RET_VOID:
        return "void";
    default:
        return "hresult";
    }
}

static void expand_export(struct expand *expand, const struct api_method *method,
                          const struct step *step, json_t *object, const json_t *args)
{
    const struct string_list *exports = &method->exports[expand->arch];
    json_t *names = json_array();
    for (size_t i = 0; i < exports->count; i++) {
        expand_append(expand, names, json_string(exports->items[i]));
    }
    set_text(expand, object, "op", "export");
    expand_set(expand, object, "names", names);
    set_text(expand, object, "ret", ret_text(method->returns));
    expand_set(expand, object, "args", expand_args(expand, step, method, args));
}

/* The argument that keeps an out value in a variable. */
static json_t *kept_in(const char *variable)
{
    return json_sprintf("$%s", variable);
}

/* A call of a factory whose one out parameter is kept. */
static void expand_create(struct expand *expand, const struct step *step, json_t *object)
{
    const struct api_method *method = step->method;
    if (method->param_count != 1 || method->params[0].dir != DIR_OUT) {
        expand_fail(expand, &step->where, "%s is no factory with one out parameter", method->name);
        return;
    }
    json_t *args = json_object();
    expand_set(expand, args, method->params[0].name, kept_in(step->as));
    expand_export(expand, method, step, object, args);
    json_decref(args);
}

static void expand_slot(struct expand *expand, const struct step *step, json_t *object,
                        const struct api_method *method, const json_t *args)
{
    set_text(expand, object, "on", step->object);
    if (method->slot < 0) {
        expand_export(expand, method, step, object, args);
        return;
    }
    set_text(expand, object, "op", "call");
    expand_set(expand, object, "slot", json_integer(method->slot));
    set_text(expand, object, "ret", ret_text(method->returns));
    if (strcmp(method->name, "QueryInterface") == 0) {
        expand_set(expand, object, "qi", json_true());
    }
    expand_set(expand, object, "args", expand_args(expand, step, method, args));
}

/* A call of QueryInterface with the id of the interface for riid. */
static void expand_query(struct expand *expand, const struct step *step, json_t *object)
{
    const struct api_method *method = tbl_method(expand->tables, "IUnknown", "QueryInterface");
    const struct api_interface *iface = tbl_interface(expand->tables, step->iface);
    if (!method || method->param_count != 2) {
        expand_fail(expand, &step->where, "the tables have no IUnknown.QueryInterface");
        return;
    }
    if (!iface || !iface->iid) {
        expand_fail(expand, &step->where, "interface %s has no id that could be asked for",
                    step->iface);
        return;
    }
    json_t *args = json_object();
    expand_set(expand, args, method->params[0].name, json_string(iface->iid));
    expand_set(expand, args, method->params[1].name, kept_in(step->as));
    expand_slot(expand, step, object, method, args);
    json_decref(args);
}

static void expand_reference(struct expand *expand, const struct step *step, json_t *object)
{
    set_text(expand, object, "op", step->op == STEP_ADDREF ? "addref" : "release");
    set_text(expand, object, "on", step->object);
    if (step->op == STEP_RELEASE && step->keep) {
        expand_set(expand, object, "keep", json_true());
    }
}

static const struct api_method *async_method(struct expand *expand, const struct step *step,
                                             const char *name)
{
    const struct api_method *method = tbl_method(expand->tables, "IVssAsync", name);
    if (!method) {
        expand_fail(expand, &step->where, "the tables have no IVssAsync.%s", name);
    }
    return method;
}

json_t *expand_settle(struct expand *expand)
{
    const struct api_method *query = tbl_method(expand->tables, "IVssAsync", "QueryStatus");
    if (!query || query->slot < 0) {
        return NULL;
    }
    json_t *object = json_object();
    expand_set(expand, object, "query_slot", json_integer(query->slot));
    expand_set(expand, object, "pending", code_by_name("VSS_S_ASYNC_PENDING"));
    expand_set(expand, object, "ms", json_integer(expand->await_ms));
    return object;
}

static void expand_await(struct expand *expand, const struct step *step, json_t *object)
{
    const struct api_method *query = async_method(expand, step, "QueryStatus");
    const struct api_method *wait = async_method(expand, step, "Wait");
    if (!query || !wait) {
        return;
    }
    unsigned ms = step->deadline_ms ? step->deadline_ms : expand->await_ms;
    set_text(expand, object, "op", "await");
    set_text(expand, object, "on", step->object);
    set_text(expand, object, "by", step->by_wait ? "wait" : "query");
    expand_set(expand, object, "query_slot", json_integer(query->slot));
    expand_set(expand, object, "wait_slot", json_integer(wait->slot));
    expand_set(expand, object, "pending", code_by_name("VSS_S_ASYNC_PENDING"));
    expand_set(expand, object, "ms", json_integer(ms));
}

static void expand_cancel(struct expand *expand, const struct step *step, json_t *object)
{
    const struct api_method *cancel = async_method(expand, step, "Cancel");
    if (cancel) {
        expand_slot(expand, step, object, cancel, NULL);
    }
}

static json_t *expand_steps(struct expand *expand, const struct step *steps, size_t count,
                            json_t *list);

static void expand_thread(struct expand *expand, const struct step *step, json_t *object)
{
    set_text(expand, object, "op", "thread");
    set_text(expand, object, "id", step->object);
    set_text(expand, object, "apartment", step->apartment ? step->apartment : "mta");
    expand_set(expand, object, "steps",
               expand_steps(expand, step->steps, step->step_count, json_array()));
}

/* What the writer does in an event, and the steps that run there. */
static void expand_script(struct expand *expand, const struct step *step, json_t *object)
{
    expand_writer(expand, step, object);
    if (step->step_count > 0) {
        expand->script = step;
        expand_set(expand, object, "steps",
                   expand_steps(expand, step->steps, step->step_count, json_array()));
        expand->script = NULL;
    }
}

static void expand_join(struct expand *expand, const struct step *step, json_t *object)
{
    unsigned ms = step->deadline_ms ? step->deadline_ms : expand->await_ms;
    set_text(expand, object, "op", "join");
    set_text(expand, object, "id", step->object);
    expand_set(expand, object, "ms", json_integer(ms));
}

static void expand_repeat(struct expand *expand, const struct step *step, json_t *object)
{
    set_text(expand, object, "op", "repeat");
    expand_set(expand, object, "times", json_integer(step->times));
    if (step->leaks) {
        expand_set(expand, object, "leaks", json_true());
    }
    expand_set(expand, object, "steps",
               expand_steps(expand, step->steps, step->step_count, json_array()));
}

static void expand_compare(struct expand *expand, const struct step *step, json_t *object)
{
    set_text(expand, object, "op", "compare");
    set_text(expand, object, "a", step->a);
    set_text(expand, object, "b", step->b);
    set_text(expand, object, "is", step->different ? "different" : "equal");
}

/* A look-up of a name, which is not called. */
static void expand_lookup(struct expand *expand, const struct step *step, json_t *object)
{
    set_text(expand, object, "op", "lookup");
    set_text(expand, object, "name", step->name[expand->arch]);
    if (step->is == EXPORT_SAME) {
        set_text(expand, object, "other", step->other[expand->arch]);
    }
}

json_t *expand_step(struct expand *expand, const struct step *step)
{
    const size_t number = expand->step_count;
    json_t *object = json_object();
    number_step(expand, step, object);
    set_need(expand, step, object);
    set_after_failure(expand, step, object);
    switch (step->op) {
    case STEP_CREATE:
        expand_create(expand, step, object);
        break;
    case STEP_FUNCTION:
        expand_export(expand, step->method, step, object, step->args);
        break;
    case STEP_CALL:
        expand_slot(expand, step, object, step->method, step->args);
        break;
    case STEP_QUERY:
        expand_query(expand, step, object);
        break;
    case STEP_ADDREF:
    case STEP_RELEASE:
        expand_reference(expand, step, object);
        break;
    case STEP_AWAIT:
        expand_await(expand, step, object);
        break;
    case STEP_CANCEL:
        expand_cancel(expand, step, object);
        break;
    case STEP_THREAD:
        expand_thread(expand, step, object);
        break;
    case STEP_JOIN:
        expand_join(expand, step, object);
        break;
    case STEP_REPEAT:
        expand_repeat(expand, step, object);
        break;
    case STEP_COMPARE:
        expand_compare(expand, step, object);
        break;
    case STEP_IDENTITY:
        expand_identity(expand, step, object);
        break;
    case STEP_EXPORT:
        expand_lookup(expand, step, object);
        break;
    case STEP_SCRIPT:
        expand_script(expand, step, object);
        break;
    case STEP_WRITER:
    case STEP_REACHED:
    case STEP_GO:
    case STEP_EVENTS:
    case STEP_STOP:
        expand_writer(expand, step, object);
        break;
    }
    if (number < expand->step_count) {
        expand->steps[number].ms = (unsigned)json_integer_value(json_object_get(object, "ms"));
    }
    return object;
}

/* Appends the steps to list, which it returns. */
static json_t *expand_steps(struct expand *expand, const struct step *steps, size_t count,
                            json_t *list)
{
    for (size_t i = 0; i < count; i++) {
        expand_append(expand, list, expand_step(expand, &steps[i]));
    }
    return list;
}
