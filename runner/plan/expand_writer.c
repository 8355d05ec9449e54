/* Steps of the fixture writer: from the words of the tables to machine values. */
#include "expand.h"

#include "../model/names.h"
#include "../model/writer_keys.h"

#include <string.h>

/* A writer in a process of its own may have to be loaded first. */
#define START_MS 15000

static json_t *object_of(struct expand *expand, const struct step *step, const json_t *from,
                         enum writer_set set);

static json_t *objects_of(struct expand *expand, const struct step *step, const json_t *from,
                          enum writer_set set)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(from); i++) {
        expand_append(expand, list, object_of(expand, step, json_array_get(from, i), set));
    }
    return list;
}

/* The kind of a parameter that takes the same values. */
static enum param_kind kind_like(enum writer_kind kind)
{
    switch (kind) {
    case WRITER_KIND_GUID:
        return KIND_GUID;
    case WRITER_KIND_BOOL:
        return KIND_BOOL;
    case WRITER_KIND_NUMBER:
        return KIND_U32;
    case WRITER_KIND_CODE:
        return KIND_HRESULT;
    case WRITER_KIND_ENUM:
        return KIND_ENUM;
    default:
        return KIND_WSTR;
    }
}

static json_t *value_of(struct expand *expand, const struct step *step, const json_t *from,
                        const struct writer_key *key)
{
    const struct api_param as = {.name = key->key, .kind = kind_like(key->kind), .type = key->type};
    switch (key->kind) {
    case WRITER_KIND_OBJECT:
        return object_of(expand, step, from, key->inner);
    case WRITER_KIND_OBJECTS:
        return objects_of(expand, step, from, key->inner);
    default:
        return expand_value(expand, step, &as, from);
    }
}

static json_t *object_of(struct expand *expand, const struct step *step, const json_t *from,
                         enum writer_set set)
{
    json_t *object = json_object();
    for (size_t i = 0; writer_key_at(i); i++) {
        const struct writer_key *key = writer_key_at(i);
        const json_t *value = key->set == set ? json_object_get(from, key->key) : NULL;
        if (value) {
            json_t *machine = value_of(expand, step, value, key);
            if (machine || expand->status == CTS_OK) {
                expand_set(expand, object, key->key, machine);
            }
        }
    }
    return object;
}

void expand_writer(struct expand *expand, const struct step *step, json_t *object)
{
    const char *what = step->op == STEP_WRITER ? "start" : step_key(step->op);
    unsigned usual = step->op == STEP_WRITER ? START_MS : expand->await_ms;
    expand_set(expand, object, "op", json_string("writer"));
    expand_set(expand, object, "do", json_string(what));
    expand_set(expand, object, "id", json_string(step->object));
    expand_set(expand, object, "ms", json_integer(step->deadline_ms ? step->deadline_ms : usual));
    if (step->op == STEP_WRITER) {
        expand_set(expand, object, "in", json_string(step->process ? "process" : "worker"));
        expand_set(expand, object, "config", object_of(expand, step, step->args, WRITER_CONFIG));
        if (step->until) {
            expand_set(expand, object, "until", json_string(step->until));
        }
        if (step->as) {
            expand_set(expand, object, "as", json_string(step->as));
        }
    }
    if (step->event) {
        expand_set(expand, object, "event", json_string(step->event));
    }
    if (step->op == STEP_SCRIPT) {
        expand_set(expand, object, "script", object_of(expand, step, step->args, WRITER_DO));
    }
    if (step->op == STEP_REACHED) {
        expand_set(expand, object, "count", json_integer(step->times));
        if (step->left) {
            expand_set(expand, object, "left", json_true());
        }
    }
}
