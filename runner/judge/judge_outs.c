#include "judge_outs.h"

#include "../model/hresult.h"
#include "../plan/step_text.h"
#include "judge_findings.h"
#include "judge_steps.h"

#include <stdlib.h>
#include <string.h>

#define VALUE_SHOWN 200 /* bytes of a value in a finding */

/* What stands in the place that an expectation is about. */
struct seen {
    bool passed;         /* a buffer was passed */
    bool written;        /* the place was written */
    const json_t *value; /* NULL: it cannot be read */
    enum param_kind kind;
};

static const struct api_field *field_of(const struct judging *j, const struct api_param *param,
                                        const char *name)
{
    const struct api_struct *type = param->type ? tbl_struct(j->tables, param->type) : NULL;
    for (size_t i = 0; type && i < type->field_count; i++) {
        if (strcmp(type->fields[i].name, name) == 0) {
            return &type->fields[i];
        }
    }
    return NULL;
}

static enum param_kind kind_of(const struct judging *j, const struct judged_step *step,
                               const struct expect_out *wanted)
{
    const struct api_method *method = exec_method(j, step->planned->step);
    for (size_t i = 0; method && i < method->param_count; i++) {
        const struct api_param *param = &method->params[i];
        if (strcmp(param->name, wanted->param) == 0) {
            const struct api_field *field =
                wanted->field ? field_of(j, param, wanted->field) : NULL;
            return field ? field->kind : param->kind;
        }
    }
    return KIND_PTR;
}

/* A field that was not written is not there; a string that cannot be read is a null in a structure
 * that is marked as bad. */
static struct seen look(const struct judging *j, const struct judged_step *step,
                        const struct expect_out *wanted)
{
    const json_t *out = exec_out(step, wanted->param);
    struct seen seen = {out != NULL, exec_written(out), json_object_get(out, "v"),
                        kind_of(j, step, wanted)};
    if (wanted->field && seen.passed) {
        const json_t *whole =
            json_is_array(seen.value) ? json_array_get(seen.value, wanted->element) : seen.value;
        const json_t *value = json_object_get(whole, wanted->field);
        bool bad = json_is_null(value) && json_is_true(json_object_get(out, "bad"));
        seen.written = value != NULL;
        seen.value = bad ? NULL : value;
    }
    return seen;
}

static bool bits_fit(const struct expect_out *wanted, const json_t *value)
{
    uint32_t bits = (uint32_t)json_integer_value(value);
    return json_is_integer(value) &&
           (bits & (uint32_t)wanted->number) == (uint32_t)wanted->number &&
           (bits & wanted->lacks) == 0;
}

/* An enumeration comes as the number without a sign that its 32 bits are. */
static bool number_fits(const struct expect_out *wanted, const struct seen *seen)
{
    json_int_t value = json_integer_value(seen->value);
    return json_is_integer(seen->value) &&
           (seen->kind == KIND_ENUM ? (uint32_t)value == (uint32_t)wanted->number
                                    : value == wanted->number);
}

static bool value_fits(const struct judging *j, const struct judged_step *step,
                       const struct expect_out *wanted, const struct seen *seen)
{
    const json_t *value = seen->value, *variable;
    const char *text = json_string_value(value);
    uint32_t code = 0;
    switch (wanted->what) {
    case OUT_CODE:
        return exec_code(value, &code) && code == (uint32_t)wanted->number;
    case OUT_NUMBER:
        return number_fits(wanted, seen);
    case OUT_BOOL:
        /* Another byte than 0 and 1 comes as a number, and is neither. */
        return json_is_boolean(value) && json_is_true(value) == (wanted->number != 0);
    case OUT_STRING:
        return text && strcmp(text, wanted->string) == 0;
    case OUT_VARIABLE:
        variable = exec_variable(j, step, wanted->string);
        return variable && value &&
               json_equal((json_t *)(uintptr_t)variable, (json_t *)(uintptr_t)value);
    case OUT_BITS:
        return bits_fit(wanted, value);
    default:
        return false;
    }
}

static bool out_fits(const struct judging *j, const struct judged_step *step,
                     const struct expect_out *wanted, const struct seen *seen)
{
    if (!seen->passed) {
        return false;
    }
    switch (wanted->what) {
    case OUT_WRITTEN:
        return seen->written;
    case OUT_UNTOUCHED:
        return !seen->written;
    case OUT_NULL:
        return seen->written && json_is_null(seen->value);
    case OUT_OBJECT:
        return seen->written && seen->value && !json_is_null(seen->value);
    default:
        return seen->written && value_fits(j, step, wanted, seen);
    }
}

static void add_expected(struct str_buf *buf, const struct expect_out *wanted)
{
    static const char *const words[] = {
        [OUT_WRITTEN] = "written",
        [OUT_UNTOUCHED] = "untouched",
        [OUT_NULL] = "null",
        [OUT_OBJECT] = "object",
    };
    char text[HR_TEXT_SIZE];
    const char *name;
    switch (wanted->what) {
    case OUT_CODE:
        name = hr_name((uint32_t)wanted->number);
        sb_add(buf, name ? name : hr_text((uint32_t)wanted->number, text, sizeof text));
        break;
    case OUT_NUMBER:
        sb_addf(buf, "%lld", (long long)wanted->number);
        break;
    case OUT_BOOL:
        sb_add(buf, wanted->number ? "true" : "false");
        break;
    case OUT_STRING:
        sb_addf(buf, "\"%s\"", wanted->string);
        break;
    case OUT_VARIABLE:
        sb_addf(buf, "$%s", wanted->string);
        break;
    case OUT_BITS:
        step_bits_add(buf, wanted);
        break;
    default:
        sb_add(buf, words[wanted->what]);
    }
}

/* In one line and cut where it is long: the log has the whole. */
static void add_json(struct str_buf *buf, const json_t *value)
{
    char *text =
        json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
    size_t len = text ? strlen(text) : 0;
    buf->failed = buf->failed || !text;
    sb_addn(buf, text ? text : "", len > VALUE_SHOWN ? VALUE_SHOWN : len);
    sb_add(buf, len > VALUE_SHOWN ? "..." : "");
    free(text);
}

/* A value as the log has it, codes with their names, bits in hex. */
static void add_got(struct str_buf *buf, const struct expect_out *wanted, const struct seen *seen)
{
    char text[HR_TEXT_SIZE];
    uint32_t code = 0;
    step_place_add(buf, wanted);
    sb_add(buf, " = ");
    if (!seen->passed) {
        sb_add(buf, "no value, since NULL was passed");
    } else if (!seen->written) {
        sb_add(buf, "untouched");
    } else if (!seen->value) {
        sb_add(buf, "a value that cannot be read");
    } else if (seen->kind == KIND_HRESULT && exec_code(seen->value, &code)) {
        sb_add(buf, hr_text(code, text, sizeof text));
    } else if (wanted->what == OUT_BITS && json_is_integer(seen->value)) {
        sb_addf(buf, "0x%08X", (unsigned)json_integer_value(seen->value));
    } else {
        add_json(buf, seen->value);
    }
}

/* Checks the values that a place may have: wanted and those that follow it by or_next. */
static void check_place(struct judging *j, struct judged_step *step,
                        const struct expect_out *wanted)
{
    struct finding_draft draft;
    const struct seen seen = look(j, step, wanted);
    const struct expect_out *one = wanted;
    while (!out_fits(j, step, one, &seen) && one->or_next) {
        one++;
    }
    if (out_fits(j, step, one, &seen)) {
        return;
    }
    steps_draft(j, step->planned->step, &draft);
    step_place_add(&draft.expected, wanted);
    sb_add(&draft.expected, " = ");
    for (one = wanted; one->or_next; one++) {
        add_expected(&draft.expected, one);
        sb_add(&draft.expected, " or ");
    }
    add_expected(&draft.expected, one);
    add_got(&draft.got, wanted, &seen);
    finding_add(j, step, &draft);
}

void outs_check(struct judging *j, struct judged_step *step, const struct expect *expect)
{
    for (size_t i = 0; i < expect->out_count; i++) {
        if (i == 0 || !expect->outs[i - 1].or_next) {
            check_place(j, step, &expect->outs[i]);
        }
    }
}
