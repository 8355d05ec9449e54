#include "judge_events.h"

#include "../model/hresult.h"
#include "../model/names.h"
#include "../model/writer_keys.h"
#include "../plan/step_text.h"
#include "judge_findings.h"
#include "judge_steps.h"

#include <string.h>

/* While events are compared. */
struct comparing {
    struct judging *j;
    const struct judged_step *step;
};

static bool object_fits(const struct comparing *c, const json_t *wanted, const json_t *seen,
                        enum writer_set set);

/* Names of events that the step asks for; none: all. */
static bool counts(const struct judged_step *step, const json_t *event)
{
    const struct string_list *of = &step->planned->step->of;
    const char *name = json_string_value(json_object_get(event, "event"));
    bool found = of->count == 0;
    for (size_t i = 0; name && !found && i < of->count; i++) {
        found = strcmp(of->items[i], name) == 0;
    }
    return found;
}

/* The events that count: a list of its own. NULL: no memory. */
static json_t *counted(const struct judged_step *step)
{
    const json_t *all = json_object_get(step->event, "events");
    json_t *list = json_array();
    for (size_t i = 0; list && i < json_array_size(all); i++) {
        json_t *event = json_array_get(all, i);
        if (counts(step, event) && json_array_append(list, event) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* A GUID by the number that the worker gave it: that of the variable's value. */
static bool id_fits(const struct comparing *c, const char *wanted, const json_t *seen)
{
    const char *text = json_string_value(seen);
    if (wanted[0] == '$') {
        const json_t *value = exec_variable(c->j, c->step, wanted + 1);
        wanted = json_string_value(value);
    }
    return text && wanted && strcmp(text, wanted) == 0;
}

static bool enum_fits(const struct comparing *c, const json_t *wanted, const json_t *seen,
                      const char *type)
{
    const struct api_enum *names = tbl_enum(c->j->tables, type);
    const char *name = json_string_value(wanted);
    int64_t value = json_integer_value(wanted);
    for (size_t i = 0; name && names && i < names->count; i++) {
        if (strcmp(names->values[i].name, name) == 0) {
            value = names->values[i].value;
        }
    }
    return json_is_integer(seen) && (uint32_t)json_integer_value(seen) == (uint32_t)value;
}

static bool code_fits(const json_t *wanted, const json_t *seen)
{
    uint32_t want = 0, got = 0;
    return hr_parse(json_string_value(wanted), &want) && exec_code(seen, &got) && want == got;
}

static bool objects_fit(const struct comparing *c, const json_t *wanted, const json_t *seen,
                        enum writer_set set)
{
    if (!json_is_array(seen) || json_array_size(seen) != json_array_size(wanted)) {
        return false;
    }
    for (size_t i = 0; i < json_array_size(wanted); i++) {
        if (!object_fits(c, json_array_get(wanted, i), json_array_get(seen, i), set)) {
            return false;
        }
    }
    return true;
}

static bool value_fits(const struct comparing *c, const json_t *wanted, const json_t *seen,
                       const struct writer_key *key)
{
    bool list =
        json_is_array(wanted) && key->kind != WRITER_KIND_TEXTS && key->kind != WRITER_KIND_OBJECTS;
    for (size_t i = 0; list && i < json_array_size(wanted); i++) {
        if (value_fits(c, json_array_get(wanted, i), seen, key)) {
            return true;
        }
    }
    if (list) {
        return false;
    }
    if (json_is_null(wanted)) {
        return !seen || json_is_null(seen);
    }
    switch (key->kind) {
    case WRITER_KIND_ID:
        return id_fits(c, json_string_value(wanted), seen);
    case WRITER_KIND_ENUM:
        return enum_fits(c, wanted, seen, key->type);
    case WRITER_KIND_CODE:
        return code_fits(wanted, seen);
    case WRITER_KIND_OBJECT:
        return object_fits(c, wanted, seen, key->inner);
    case WRITER_KIND_OBJECTS:
        return objects_fit(c, wanted, seen, key->inner);
    default:
        return seen && json_equal((json_t *)(uintptr_t)wanted, (json_t *)(uintptr_t)seen);
    }
}

/* Has what was seen every fact that is wanted? */
static bool object_fits(const struct comparing *c, const json_t *wanted, const json_t *seen,
                        enum writer_set set)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)wanted, name, value)
    {
        const struct writer_key *key = writer_key_find(set, name);
        if (key && !value_fits(c, value, json_object_get(seen, name), key)) {
            return false;
        }
    }
    return true;
}

static bool event_fits(const struct comparing *c, const json_t *wanted, const json_t *seen)
{
    const char *name = json_string_value(wanted);
    const char *got = json_string_value(json_object_get(seen, "event"));
    return name ? got && strcmp(name, got) == 0 : object_fits(c, wanted, seen, WRITER_EVENT);
}

static bool all_fit(const struct comparing *c, const json_t *wanted, const json_t *seen)
{
    bool fit = json_array_size(wanted) == json_array_size(seen);
    for (size_t i = 0; fit && i < json_array_size(wanted); i++) {
        fit = event_fits(c, json_array_get(wanted, i), json_array_get(seen, i));
    }
    return fit;
}

static bool are_among(const struct comparing *c, const json_t *wanted, const json_t *seen)
{
    size_t met = 0;
    for (size_t i = 0; i < json_array_size(seen) && met < json_array_size(wanted); i++) {
        met += event_fits(c, json_array_get(wanted, met), json_array_get(seen, i));
    }
    return met == json_array_size(wanted);
}

/* A fact for a finding: of the components only what is asked for of one of them. */
static json_t *shown_components(const json_t *wanted, const json_t *seen)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(seen); i++) {
        const json_t *component = json_array_get(seen, i);
        json_t *shown = json_object(), *value;
        const char *name;
        for (size_t k = 0; k < json_array_size(wanted); k++) {
            json_object_foreach(json_array_get(wanted, k), name, value)
            {
                json_t *fact = json_object_get(component, name);
                json_object_set_new(shown, name, fact ? json_incref(fact) : json_null());
            }
        }
        json_array_append_new(list, shown);
    }
    return list;
}

/* The facts of an event that some wanted event of its name asks for, and its name. */
static json_t *shown_event(const json_t *wanted, const json_t *seen)
{
    json_t *shown = json_object();
    const char *got = json_string_value(json_object_get(seen, "event"));
    json_object_set_new(shown, "event", json_string(got ? got : "?"));
    for (size_t i = 0; got && i < json_array_size(wanted); i++) {
        const char *name, *want;
        json_t *value, *item = json_array_get(wanted, i);
        want = json_string_value(json_object_get(item, "event"));
        if (!want || strcmp(want, got) != 0) {
            continue;
        }
        json_object_foreach(item, name, value)
        {
            json_t *fact = json_object_get(seen, name);
            if (strcmp(name, "components") == 0 && json_is_array(fact)) {
                json_object_set_new(shown, name, shown_components(value, fact));
            } else {
                json_object_set_new(shown, name, fact ? json_incref(fact) : json_null());
            }
        }
    }
    return shown;
}

static void add_seen(struct str_buf *buf, const json_t *wanted, const json_t *seen)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(seen); i++) {
        json_array_append_new(list, shown_event(wanted, json_array_get(seen, i)));
    }
    buf->failed = buf->failed || json_array_size(list) != json_array_size(seen);
    step_events_add(buf, list);
    json_decref(list);
}

void events_check(struct judging *j, struct judged_step *step, const json_t *wanted, bool all)
{
    const struct comparing comparing = {j, step};
    struct finding_draft draft;
    json_t *seen = counted(step);
    if (!seen) {
        j->nomem = true;
        return;
    }
    if (!(all ? all_fit : are_among)(&comparing, wanted, seen)) {
        steps_draft(j, step->planned->step, &draft);
        sb_add(&draft.expected, all ? "" : "among others ");
        step_events_add(&draft.expected, wanted);
        add_seen(&draft.got, wanted, seen);
        finding_add(j, step, &draft);
    }
    json_decref(seen);
}

void events_names(struct str_buf *buf, const struct judged_step *step)
{
    const json_t *all = json_object_get(step->event, "events");
    bool any = false;
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *event = json_array_get(all, i);
        const char *name = json_string_value(json_object_get(event, "event"));
        if (counts(step, event)) {
            sb_addf(buf, "%s%s", any ? ", " : "", name ? name : "?");
            any = true;
        }
    }
    sb_add(buf, any ? "" : "none");
}
