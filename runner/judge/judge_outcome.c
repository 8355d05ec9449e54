/* What happened in a question, in one line: equal for two runs of an implementation that does the
 * same. */
#include "judge_events.h"
#include "judge_identity.h"
#include "judge_words.h"

#include "../model/hresult.h"

#include <stdlib.h>
#include <string.h>

#define STRING_SHOWN 80 /* bytes; a longer one is told as `text` */
#define OUTCOME_SHOWN 16384

/* A number in a string may be an id or a time, which differ from run to run. */
static bool may_be_shown(const char *text)
{
    return strlen(text) <= STRING_SHOWN && strpbrk(text, "0123456789\r\n") == NULL;
}

static void add_string(struct str_buf *buf, const char *text)
{
    if (strncmp(text, "{obj:", 5) == 0) {
        sb_add(buf, "object");
    } else if (strncmp(text, "{id:", 4) == 0) {
        sb_add(buf, "id");
    } else if (strcmp(text, "GUID_NULL") == 0) {
        sb_add(buf, text);
    } else if (may_be_shown(text)) {
        sb_addf(buf, "\"%s\"", text);
    } else {
        sb_add(buf, "text");
    }
}

static void add_code_name(struct str_buf *buf, uint32_t code)
{
    char text[HR_TEXT_SIZE];
    const char *name = hr_name(code);
    sb_add(buf, name ? name : hr_text(code, text, sizeof text));
}

static void add_value(struct str_buf *buf, const json_t *value, enum param_kind kind)
{
    uint32_t code = 0;
    if (kind == KIND_HRESULT && exec_code(value, &code)) {
        add_code_name(buf, code);
    } else if (json_is_null(value)) {
        sb_add(buf, "null");
    } else if (kind == KIND_U64 || kind == KIND_I64 || kind == KIND_PTR) {
        sb_add(buf, "written"); /* a time or an address */
    } else if (json_is_string(value)) {
        add_string(buf, json_string_value(value));
    } else if (json_is_integer(value)) {
        sb_addf(buf, "%lld", (long long)json_integer_value(value));
    } else if (json_is_boolean(value)) {
        sb_add(buf, json_is_true(value) ? "true" : "false");
    } else {
        sb_add(buf, "written");
    }
}

static void add_out(struct str_buf *buf, const struct judged_step *step,
                    const struct api_param *param)
{
    const json_t *out = exec_out(step, param->name);
    if (param->dir == DIR_IN || !out) {
        return;
    }
    sb_addf(buf, "; %s=", param->name);
    if (!exec_written(out)) {
        sb_add(buf, "untouched");
    } else if (json_is_true(json_object_get(out, "bad"))) {
        sb_add(buf, "unreadable");
    } else {
        add_value(buf, json_object_get(out, "v"), param->kind);
    }
}

/* What an object shows of its interfaces: the first rule that it breaks, or none. */
static void add_identity(struct str_buf *buf, const struct judged_step *step)
{
    struct str_buf expected, got;
    sb_init(&expected, JUDGE_TEXT_MAX);
    sb_init(&got, JUDGE_TEXT_MAX);
    if (identity_broken(step, &expected, &got)) {
        sb_addf(buf, "broken (%s): %s", sb_text(&expected), sb_text(&got));
    } else {
        sb_add(buf, "all rules kept");
    }
    buf->failed = buf->failed || expected.failed || got.failed;
    sb_free(&expected);
    sb_free(&got);
}

static void add_result(struct str_buf *buf, const struct judged_step *step)
{
    uint32_t query = 0;
    if (step->skipped) {
        sb_add(buf, "not made");
    } else if (step->missing) {
        sb_add(buf, "not exported");
    } else if (step->timeout) {
        sb_add(buf, "pending");
    } else if (json_is_array(json_object_get(step->event, "events")) &&
               step->planned->step->op == STEP_EVENTS) {
        events_names(buf, step);
    } else if (step->has_hr) {
        add_code_name(buf, step->hr);
    } else if (exec_query_failed(step, &query)) {
        sb_add(buf, "QueryStatus gave ");
        add_code_name(buf, query);
    } else if (step->has_n) {
        sb_addf(buf, "%u", step->n);
    } else if (step->planned->step->op == STEP_IDENTITY) {
        add_identity(buf, step);
    } else if (json_is_boolean(json_object_get(step->event, "equal"))) {
        sb_add(buf, json_is_true(json_object_get(step->event, "equal")) ? "equal" : "different");
    } else if (step->planned->step->op == STEP_EXPORT) {
        sb_add(buf, "exported");
    } else {
        sb_add(buf, "done");
    }
}

/* Steps that start others, or only tell a writer something, say nothing by themselves. */
static bool is_told(const struct judged_step *step)
{
    enum step_op op = exec_in_body(step) ? step->planned->step->op : STEP_THREAD;
    switch (op) {
    case STEP_THREAD:
    case STEP_REPEAT:
        return false;
    case STEP_JOIN:
    case STEP_SCRIPT:
    case STEP_REACHED:
    case STEP_GO:
        return step->timeout;
    default:
        return true;
    }
}

/* "BackupComplete=VSS_E_BAD_STATE; ppAsync=null" */
static char *step_part(const struct judging *j, const struct judged_step *step)
{
    struct str_buf buf;
    const struct step *planned = step->planned->step;
    const struct api_method *method = exec_method(j, planned);
    sb_init(&buf, JUDGE_TEXT_MAX);
    if (method) {
        sb_add(&buf, method->name);
    } else if (planned->op == STEP_EXPORT) {
        words_exports(&buf, j, planned);
    } else {
        words_step(&buf, planned);
    }
    sb_addc(&buf, '=');
    add_result(&buf, step);
    for (size_t i = 0; method && i < method->param_count; i++) {
        add_out(&buf, step, &method->params[i]);
    }
    return sb_take(&buf, NULL);
}

/* Appends what one step gave, round by round; a round that went like the one before is left out. */
static void add_step(struct str_buf *buf, const struct judging *j, int s)
{
    char *before = NULL;
    const struct plan_step *planned = &j->planned->steps[s];
    if (planned->script && !planned->in_preamble && !planned->in_finally && !j->ended[s]) {
        sb_add(buf, buf->len ? "; " : "");
        words_step(buf, planned->step);
        sb_add(buf, "=no event");
    }
    for (size_t i = 0; i < j->count && buf->len < OUTCOME_SHOWN; i++) {
        const struct judged_step *step = &j->steps[i];
        if (step->s != s || !is_told(step)) {
            continue;
        }
        char *text = step_part(j, step);
        buf->failed = buf->failed || !text;
        if (text && (!before || strcmp(before, text) != 0)) {
            sb_add(buf, buf->len ? "; " : "");
            sb_add(buf, before ? "then " : "");
            sb_add(buf, text);
        }
        free(before);
        before = text;
    }
    free(before);
}

/* In the order of the program, not of time, which threads leave open. */
char *words_outcome(const struct judging *j)
{
    struct str_buf buf;
    sb_init(&buf, JUDGE_TEXT_MAX);
    for (size_t s = 0; s < j->planned->step_count; s++) {
        add_step(&buf, j, (int)s);
    }
    if (buf.len >= OUTCOME_SHOWN) {
        sb_add(&buf, "; ...");
    } else if (buf.len == 0) {
        sb_add(&buf, "nothing");
    }
    return sb_take(&buf, NULL);
}
