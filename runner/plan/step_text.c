#include "step_text.h"

#include "../util/utf8_cut.h"
#include "arg_ref.h"

#include <stdlib.h>
#include <string.h>

/* A line never grows beyond this; a longer one is a table that nobody can read. */
#define STEP_TEXT_MAX (1u << 20)

/* A longer string is cut: its length says enough. */
#define STRING_SHOWN 120

/* A string in quotes, with what would break the line or hide in it escaped. */
static void add_quoted(struct str_buf *buf, const char *text)
{
    const size_t len = strlen(text);
    const size_t shown = len > STRING_SHOWN ? utf8_start(text, STRING_SHOWN) : len;
    sb_addc(buf, '"');
    for (const unsigned char *p = (const unsigned char *)text;
         p < (const unsigned char *)text + shown; p++) {
        if (*p == '"') {
            sb_add(buf, "\\\"");
        } else if (*p == '\n') {
            sb_add(buf, "\\n");
        } else if (*p == '\t') {
            sb_add(buf, "\\t");
        } else if (*p < 0x20 || *p == 0x7F) {
            sb_addf(buf, "\\x%02X", *p);
        } else {
            sb_addc(buf, (char)*p);
        }
    }
    sb_addc(buf, '"');
    if (shown < len) {
        sb_addf(buf, "... (%zu bytes)", len);
    }
}

static bool is_text(enum param_kind kind)
{
    return kind == KIND_WSTR || kind == KIND_BSTR;
}

static void add_string(struct str_buf *buf, enum param_kind kind, const char *string)
{
    struct arg_ref ref = arg_ref_of(string);
    if (ref.what == ARG_VARIABLE) {
        sb_add(buf, ref.text);
    } else if (ref.what == ARG_PROFILE) {
        sb_add(buf, string);
    } else if (is_text(kind)) {
        add_quoted(buf, ref.text);
    } else {
        sb_add(buf, ref.text);
    }
}

static void add_value(struct str_buf *buf, enum param_kind kind, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        add_string(buf, kind, json_string_value(value));
        break;
    case JSON_INTEGER:
        sb_addf(buf, "%lld", (long long)json_integer_value(value));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        sb_add(buf, json_is_true(value) ? "true" : "false");
        break;
    case JSON_ARRAY:
        sb_addc(buf, '{');
        for (size_t i = 0; i < json_array_size(value); i++) {
            sb_add(buf, i ? ", " : "");
            add_value(buf, kind, json_array_get(value, i));
        }
        sb_addc(buf, '}');
        break;
    default:
        sb_add(buf, "NULL");
    }
}

static void add_param(struct str_buf *buf, const struct api_param *param, const json_t *value)
{
    sb_add(buf, param->name);
    if (!value) {
        return;
    }
    if (param->dir == DIR_OUT && !json_is_null(value)) {
        sb_add(buf, " -> ");
    } else {
        sb_add(buf, " = ");
    }
    add_value(buf, param->kind, value);
}

static void add_arguments(struct str_buf *buf, const struct step *step)
{
    const struct api_method *method = step->method;
    sb_addc(buf, '(');
    for (size_t i = 0; i < method->param_count; i++) {
        sb_add(buf, i ? ", " : "");
        add_param(buf, &method->params[i], json_object_get(step->args, method->params[i].name));
    }
    sb_addc(buf, ')');
}

static void add_create(struct str_buf *buf, const struct step *step)
{
    const struct api_method *method = step->method;
    sb_addf(buf, "%s(", method->name);
    if (method->param_count > 0) {
        sb_addf(buf, "%s -> %s", method->params[0].name, step->as);
    }
    sb_addc(buf, ')');
}

static void add_await(struct str_buf *buf, const struct step *step)
{
    sb_addf(buf, "wait until %s is no longer pending (%s", step->object,
            step->by_wait ? "Wait" : "QueryStatus");
    if (step->deadline_ms) {
        sb_addf(buf, ", at most %u ms", step->deadline_ms);
    }
    sb_addc(buf, ')');
}

static void add_join(struct str_buf *buf, const struct step *step)
{
    sb_addf(buf, "wait for the end of thread %s", step->object);
    if (step->deadline_ms) {
        sb_addf(buf, ", at most %u ms", step->deadline_ms);
    }
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

/* What a writer is told, in one line. */
static void add_json(struct str_buf *buf, const json_t *value)
{
    char *text = json_dumps(value, JSON_SORT_KEYS | JSON_ENCODE_ANY);
    buf->failed = buf->failed || !text;
    sb_add(buf, text ? text : "");
    free(text);
}

static void add_writer(struct str_buf *buf, const struct step *step)
{
    sb_addf(buf, "%s writer %s in %s, with ", step->until ? step->until : "start", step->object,
            step->process ? "a process of its own" : "the requester's process");
    add_json(buf, step->args);
    if (step->as) {
        sb_addf(buf, " -> %s", step->as);
    }
}

static void add_script(struct str_buf *buf, const struct step *step)
{
    sb_addf(buf, "in %s writer %s ", step->event, step->object);
    if (step->args) {
        sb_add(buf, "does ");
        add_json(buf, step->args);
    }
    if (step->step_count > 0) {
        sb_addf(buf, "%sruns %zu step%s", step->args ? " and " : "", step->step_count,
                plural(step->step_count));
    }
}

static void add_reached(struct str_buf *buf, const struct step *step)
{
    sb_addf(buf, "wait until writer %s has %s %s", step->object,
            step->left ? "come back from" : "got", step->event);
    if (step->times > 1) {
        sb_addf(buf, " %u times", step->times);
    }
    if (step->deadline_ms) {
        sb_addf(buf, ", at most %u ms", step->deadline_ms);
    }
}

static void add_events(struct str_buf *buf, const struct step *step)
{
    sb_addf(buf, "the events of writer %s", step->object);
    for (size_t i = 0; i < step->of.count; i++) {
        sb_addf(buf, "%s%s", i ? ", " : ", of ", step->of.items[i]);
    }
}

void step_export_add(struct str_buf *buf, const char *const names[2])
{
    sb_add(buf, names[ARCH_X86_64]);
    if (strcmp(names[ARCH_X86_64], names[ARCH_I686]) != 0) {
        sb_addf(buf, " (i686: %s)", names[ARCH_I686]);
    }
}

static void add_export(struct str_buf *buf, const struct step *step)
{
    sb_add(buf, "the export ");
    step_export_add(buf, step->name);
    switch (step->is) {
    case EXPORT_PRESENT:
        sb_add(buf, " is there");
        break;
    case EXPORT_ABSENT:
        sb_add(buf, " is not there");
        break;
    case EXPORT_SAME:
        sb_add(buf, " is the same function as ");
        step_export_add(buf, step->other);
        break;
    }
}

void step_text_add(struct str_buf *buf, const struct step *step)
{
    switch (step->op) {
    case STEP_CREATE:
        add_create(buf, step);
        break;
    case STEP_FUNCTION:
        sb_add(buf, step->method->name);
        add_arguments(buf, step);
        break;
    case STEP_CALL:
        sb_addf(buf, "%s.%s", step->object, step->method->name);
        add_arguments(buf, step);
        break;
    case STEP_QUERY:
        sb_addf(buf, "%s.QueryInterface(%s -> %s)", step->object, step->iface, step->as);
        break;
    case STEP_ADDREF:
        sb_addf(buf, "%s.AddRef()", step->object);
        break;
    case STEP_RELEASE:
        sb_addf(buf, "%s.Release()", step->object);
        break;
    case STEP_AWAIT:
        add_await(buf, step);
        break;
    case STEP_CANCEL:
        sb_addf(buf, "%s.Cancel()", step->object);
        break;
    case STEP_THREAD:
        sb_addf(buf, "on a thread of its own, %s (%s): %zu step%s", step->object,
                step->apartment ? step->apartment : "mta", step->step_count,
                plural(step->step_count));
        break;
    case STEP_JOIN:
        add_join(buf, step);
        break;
    case STEP_REPEAT:
        sb_addf(buf, "%u times%s: %zu step%s", step->times,
                step->leaks ? ", and what is left behind each time" : "", step->step_count,
                plural(step->step_count));
        break;
    case STEP_IDENTITY:
        sb_addf(buf, "QueryInterface on all interfaces of %s", step->object);
        break;
    case STEP_EXPORT:
        add_export(buf, step);
        break;
    case STEP_COMPARE:
        sb_addf(buf, step->different ? "%s differs from %s" : "%s equals %s", step->a, step->b);
        break;
    case STEP_WRITER:
        add_writer(buf, step);
        break;
    case STEP_SCRIPT:
        add_script(buf, step);
        break;
    case STEP_REACHED:
        add_reached(buf, step);
        break;
    case STEP_GO:
        sb_addf(buf, "writer %s goes on%s%s", step->object, step->event ? " from " : "",
                step->event ? step->event : "");
        break;
    case STEP_EVENTS:
        add_events(buf, step);
        break;
    case STEP_STOP:
        sb_addf(buf, "stop writer %s", step->object);
        break;
    }
}

void step_events_add(struct str_buf *buf, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *event = json_array_get(list, i);
        const char *name = json_string_value(event);
        json_t *facts = json_copy((json_t *)(uintptr_t)event);
        sb_add(buf, i ? ", " : "");
        if (!name) {
            name = json_string_value(json_object_get(event, "event"));
        }
        sb_add(buf, name ? name : "?");
        json_object_del(facts, "event");
        if (json_object_size(facts) > 0) {
            sb_addc(buf, ' ');
            add_json(buf, facts);
        }
        json_decref(facts);
    }
    if (json_array_size(list) == 0) {
        sb_add(buf, "none");
    }
}

char *step_text(const struct step *step)
{
    struct str_buf buf;
    sb_init(&buf, STEP_TEXT_MAX);
    step_text_add(&buf, step);
    return sb_take(&buf, NULL);
}

void step_place_add(struct str_buf *buf, const struct expect_out *out)
{
    sb_add(buf, out->param);
    if (out->field && out->element > 0) {
        sb_addf(buf, "[%zu]", out->element);
    }
    if (out->field) {
        sb_addf(buf, ".%s", out->field);
    }
}

/* A list of names and numbers, or one of them. */
static void add_bits(struct str_buf *buf, const char *word, const json_t *bits)
{
    const bool list = json_is_array(bits);
    for (size_t i = 0; i < (list ? json_array_size(bits) : 1); i++) {
        const json_t *bit = list ? json_array_get(bits, i) : bits;
        sb_add(buf, i > 0 ? ", " : word);
        if (json_is_string(bit)) {
            sb_add(buf, json_string_value(bit));
        } else {
            sb_addf(buf, "0x%X", (unsigned)json_integer_value(bit));
        }
    }
}

void step_bits_add(struct str_buf *buf, const struct expect_out *out)
{
    const json_t *has = json_object_get(out->bits, "has");
    const json_t *lacks = json_object_get(out->bits, "lacks");
    if (has) {
        add_bits(buf, "with ", has);
    }
    if (lacks) {
        add_bits(buf, has ? " and without " : "without ", lacks);
    }
}
