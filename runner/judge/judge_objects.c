#include "judge_objects.h"

#include <stdlib.h>
#include <string.h>

#define NO_OBJECT (-1L)
#define NOT_FOUND SIZE_MAX

/* The number of "{obj:12}", else NO_OBJECT. */
static long object_number(const json_t *value)
{
    static const char head[] = "{obj:";
    const char *text = json_string_value(value);
    char *end = NULL;
    if (!text || strncmp(text, head, sizeof head - 1) != 0) {
        return NO_OBJECT;
    }
    long number = strtol(text + sizeof head - 1, &end, 10);
    return number > 0 && strcmp(end, "}") == 0 ? number : NO_OBJECT;
}

/* Room for one more item; the list as it is now, or NULL. */
static void *grow(void *list, size_t count, size_t *cap, size_t size)
{
    if (count < *cap) {
        return list;
    }
    size_t wanted = *cap ? 2 * *cap : 8;
    void *grown = realloc(list, wanted * size);
    if (grown) {
        *cap = wanted;
    }
    return grown;
}

static size_t root_of(const struct objects *o, size_t at)
{
    while (o->items[at].parent != at) {
        at = o->items[at].parent;
    }
    return at;
}

/* The place of a pointer, which is added where it is new. NOT_FOUND: no number, or no memory. */
static size_t intern(struct objects *o, long number)
{
    for (size_t i = 0; i < o->count; i++) {
        if (o->items[i].number == number) {
            return i;
        }
    }
    struct object *items =
        number == NO_OBJECT ? NULL : grow(o->items, o->count, &o->cap, sizeof *o->items);
    if (!items) {
        o->j->nomem = o->j->nomem || number != NO_OBJECT;
        return NOT_FOUND;
    }
    o->items = items;
    memset(&items[o->count], 0, sizeof items[o->count]);
    items[o->count].number = number;
    items[o->count].parent = o->count;
    items[o->count].starter = NOT_FOUND;
    return o->count++;
}

/* Makes one group of two. */
static void join(struct objects *o, size_t a, size_t b)
{
    if (a == NOT_FOUND || b == NOT_FOUND) {
        return;
    }
    size_t into = root_of(o, b), from = root_of(o, a);
    if (into == from) {
        return;
    }
    o->items[from].parent = into;
    o->items[into].held += o->items[from].held;
    if (o->items[from].is_async) {
        o->items[into].is_async = true;
        o->items[into].pending = o->items[from].pending;
        o->items[into].starter = o->items[from].starter;
    }
}

static struct object_var *find_var(const struct objects *o, const char *name)
{
    for (size_t i = 0; i < o->var_count; i++) {
        if (strcmp(o->vars[i].name, name) == 0) {
            return &o->vars[i];
        }
    }
    return NULL;
}

static void set_var(struct objects *o, const char *name, long number)
{
    struct object_var *var = find_var(o, name);
    if (!var) {
        struct object_var *vars = grow(o->vars, o->var_count, &o->var_cap, sizeof *o->vars);
        if (!vars) {
            o->j->nomem = true;
            return;
        }
        o->vars = vars;
        var = &vars[o->var_count++];
        var->name = name;
    }
    var->number = number;
}

/* What a variable holds: a place in items, or NOT_FOUND. */
static size_t held_by(struct objects *o, const char *name)
{
    const struct object_var *var = name ? find_var(o, name) : NULL;
    return var ? intern(o, var->number) : NOT_FOUND;
}

/* Is an operation of this object, or one that was started on it, not seen to have ended? */
static bool is_waiting(const struct objects *o, size_t root)
{
    if (o->items[root].pending) {
        return true;
    }
    for (size_t i = 0; i < o->count; i++) {
        const struct object *other = &o->items[i];
        if (other->parent == i && other->pending && other->starter != NOT_FOUND &&
            root_of(o, other->starter) == root) {
            return true;
        }
    }
    return false;
}

static void note_release(struct objects *o, struct judged_step *step, size_t at, const json_t *left)
{
    if (at == NOT_FOUND || !json_is_integer(left)) {
        return;
    }
    size_t root = root_of(o, at);
    struct object *object = &o->items[root];
    object->held--;
    object->left = (unsigned)json_integer_value(left);
    object->last = step;
    object->excused = is_waiting(o, root);
}

/* An interface pointer that a call handed out. */
static void note_handed_out(struct objects *o, struct judged_step *step,
                            const struct api_method *method, const struct api_param *param)
{
    const struct step *planned = step->planned->step;
    const char *var = exec_kept_in(planned, param);
    long number = object_number(json_object_get(exec_out(step, param->name), "v"));
    size_t at = intern(o, number);
    if (var) {
        set_var(o, var, number);
    }
    if (at == NOT_FOUND) {
        return;
    }
    size_t starter = held_by(o, planned->object);
    if (planned->op == STEP_QUERY) {
        join(o, at, starter);
    }
    o->items[root_of(o, at)].held++;
    if (method->starts_async) {
        struct object *object = &o->items[root_of(o, at)];
        object->is_async = object->pending = true;
        object->starter = starter;
    }
    note_release(o, step, at, json_object_get(json_object_get(step->event, "freed"), param->name));
}

static bool is_final(const struct judged_step *step, const struct api_method *method)
{
    uint32_t code = 0;
    if (!step->has_hr || step->timeout) {
        return false;
    }
    if (step->planned->step->op == STEP_AWAIT) {
        return step->hr != JUDGE_ASYNC_PENDING;
    }
    if (!method || !method->iface || strcmp(method->iface, "IVssAsync") != 0) {
        return false;
    }
    if (strcmp(method->name, "Cancel") == 0) {
        return step->hr == JUDGE_ASYNC_FINISHED || step->hr == JUDGE_ASYNC_CANCELLED;
    }
    return strcmp(method->name, "QueryStatus") == 0 && step->hr == JUDGE_S_OK &&
           exec_code(json_object_get(exec_out(step, "pHrResult"), "v"), &code) &&
           code != JUDGE_ASYNC_PENDING;
}

static void note_status(struct objects *o, const struct judged_step *step,
                        const struct api_method *method)
{
    size_t at = held_by(o, step->planned->step->object);
    if (at != NOT_FOUND && is_final(step, method)) {
        o->items[root_of(o, at)].pending = false;
    }
}

static void note_call(struct objects *o, struct judged_step *step)
{
    const struct api_method *method = exec_method(o->j, step->planned->step);
    note_status(o, step, method);
    for (size_t i = 0; method && i < method->param_count; i++) {
        if (method->params[i].dir == DIR_OUT && method->params[i].kind == KIND_IFACE) {
            note_handed_out(o, step, method, &method->params[i]);
        }
    }
}

/* AddRef and Release name the pointer themselves. */
static void note_reference(struct objects *o, struct judged_step *step, bool release)
{
    size_t at = intern(o, object_number(json_object_get(step->event, "object")));
    if (at == NOT_FOUND) {
        return;
    }
    join(o, at, intern(o, object_number(json_object_get(step->event, "of"))));
    if (release) {
        note_release(o, step, at, json_object_get(step->event, "n"));
    } else {
        o->items[root_of(o, at)].held++;
    }
}

bool objects_read(struct objects *objects, struct judging *j)
{
    memset(objects, 0, sizeof *objects);
    objects->j = j;
    for (size_t i = 0; i < j->count; i++) {
        struct judged_step *step = &j->steps[i];
        enum step_op op = step->planned ? step->planned->step->op : STEP_RELEASE;
        if (step->skipped) {
            continue;
        }
        if (op == STEP_ADDREF || op == STEP_RELEASE) {
            note_reference(objects, step, op == STEP_RELEASE);
        } else {
            note_call(objects, step);
        }
    }
    return !j->nomem;
}

void objects_free(struct objects *objects)
{
    free(objects->items);
    free(objects->vars);
}
