#include "judge_words.h"

#include "../model/hresult.h"
#include "../model/names.h"
#include "../plan/step_text.h"

#include <stdlib.h>
#include <string.h>

/* Exceptions that have a name people know: code, name. */
#define EXCEPTION_MAP(X)                                                                           \
    X("0xC0000005", "access violation")                                                            \
    X("0xC0000006", "in-page error")                                                               \
    X("0xC000001D", "illegal instruction")                                                         \
    X("0xC0000094", "integer division by zero")                                                    \
    X("0xC0000096", "privileged instruction")                                                      \
    X("0xC00000FD", "stack overflow")                                                              \
    X("0xC0000374", "heap corruption")                                                             \
    X("0xC0000409", "fail-fast")                                                                   \
    X("0x80000003", "breakpoint")                                                                  \
    X("0x80000100", "Wine's stub exception")                                                       \
    X("0xE06D7363", "C++ exception")

/* Addresses below are those of a NULL pointer and its fields: the same in every run. */
#define NULL_PAGE 0x10000

void words_step(struct str_buf *buf, const struct step *step)
{
    switch (step->op) {
    case STEP_CREATE:
    case STEP_FUNCTION:
        sb_add(buf, step->method->name);
        break;
    case STEP_CALL:
        sb_addf(buf, "%s.%s", step->object, step->method->name);
        break;
    case STEP_QUERY:
        sb_addf(buf, "%s.QueryInterface", step->object);
        break;
    case STEP_ADDREF:
        sb_addf(buf, "%s.AddRef", step->object);
        break;
    case STEP_RELEASE:
        sb_addf(buf, "%s.Release", step->object);
        break;
    case STEP_AWAIT:
        sb_addf(buf, "await %s", step->object);
        break;
    case STEP_CANCEL:
        sb_addf(buf, "%s.Cancel", step->object);
        break;
    case STEP_THREAD:
        sb_addf(buf, "thread %s", step->object);
        break;
    case STEP_JOIN:
        sb_addf(buf, "join %s", step->object);
        break;
    case STEP_REPEAT:
        sb_add(buf, "repeat");
        break;
    case STEP_EXPORT:
        step_export_add(buf, step->name);
        if (step->is == EXPORT_SAME) {
            sb_add(buf, " and ");
            step_export_add(buf, step->other);
        }
        break;
    case STEP_COMPARE:
        sb_addf(buf, "compare %s, %s", step->a, step->b);
        break;
    case STEP_IDENTITY:
        sb_addf(buf, "identity of %s", step->object);
        break;
    case STEP_WRITER:
        sb_addf(buf, "writer %s", step->object);
        break;
    case STEP_SCRIPT:
    case STEP_REACHED:
        sb_addf(buf, "%s %s, %s", step_key(step->op), step->object, step->event);
        break;
    case STEP_GO:
    case STEP_EVENTS:
    case STEP_STOP:
        sb_addf(buf, "%s %s", step_key(step->op), step->object);
        break;
    }
}

void words_place(struct str_buf *buf, const struct plan_step *planned)
{
    if (planned->in_finally) {
        sb_add(buf, "finally: ");
    } else if (planned->in_preamble && planned->preamble) {
        sb_addf(buf, "preamble %s: ", planned->preamble->id);
    }
    words_step(buf, planned->step);
}

static void init(struct str_buf *buf)
{
    sb_init(buf, JUDGE_TEXT_MAX);
}

static void add_code_name(struct str_buf *buf, uint32_t code)
{
    char text[HR_TEXT_SIZE];
    const char *name = hr_name(code);
    sb_add(buf, name ? name : hr_text(code, text, sizeof text));
}

static const char *text_of(const json_t *event, const char *key)
{
    return json_string_value(json_object_get(event, key));
}

static const char *exception_name(const char *code)
{
#define X(number, name)                                                                            \
    if (strcmp(code, number) == 0) {                                                               \
        return name;                                                                               \
    }
    EXCEPTION_MAP(X)
#undef X
    return NULL;
}

/* Which allocation had failed in that round. */
static void add_failed_allocation(struct str_buf *buf, const struct judging *j)
{
    const json_t *round = json_object_get(j->end, "i");
    const char *by = text_of(j->end, "failed_by"), *offset = text_of(j->end, "failed_offset");
    if (!j->planned->test->exhaust || !json_is_integer(round)) {
        return;
    }
    sb_addf(buf, ", in the round in which allocation %lld fails",
            (long long)json_integer_value(round));
    if (by && offset) {
        sb_addf(buf, " (%s, called at +%s)", by, offset);
    }
}

/* " during step 3, bc.BackupComplete": which step was running when the execution ended. */
static void add_running(struct str_buf *buf, const struct judging *j)
{
    const json_t *crashed = json_object_get(j->end, "s");
    const json_t *at = crashed ? crashed : json_object_get(j->end, "at");
    json_int_t s = json_integer_value(at);
    if (!json_is_integer(at)) {
        sb_add(buf, " outside of any step");
    } else if (s >= 0 && s < (json_int_t)j->planned->step_count) {
        sb_addf(buf, " during step %d, ", (int)s);
        words_place(buf, &j->planned->steps[s]);
    } else {
        sb_add(buf, " during the releases at the end");
    }
    add_failed_allocation(buf, j);
}

static void add_crash(struct str_buf *buf, const struct judging *j)
{
    const char *code = text_of(j->end, "code"), *module = text_of(j->end, "module");
    const char *offset = text_of(j->end, "offset"), *access = text_of(j->end, "access");
    const char *target = text_of(j->end, "target"), *thread = text_of(j->end, "thread");
    const char *name = code ? exception_name(code) : NULL;
    unsigned long long address = target ? strtoull(target, NULL, 16) : NULL_PAGE;
    sb_addf(buf, "%s %s", name ? name : "exception", code ? code : "of no known code");
    if (access && address < NULL_PAGE) {
        sb_addf(buf, " (%s at %s)", access, target);
    } else if (access) {
        sb_addf(buf, " (%s)", access);
    }
    if (module && offset) {
        sb_addf(buf, " in %s+%s", module, offset);
    }
    if (thread && strcmp(thread, "other") == 0) {
        sb_add(buf, " on a thread of the implementation");
    }
}

char *words_end(const struct judging *j)
{
    struct str_buf buf;
    const json_t *status = json_object_get(j->end, "status");
    const json_t *text = json_object_get(j->end, "text");
    init(&buf);
    switch (j->how) {
    case END_CRASH:
        add_crash(&buf, j);
        break;
    case END_EXIT:
        sb_add(&buf, "the process ended");
        if (json_is_integer(status)) {
            sb_addf(&buf, " with status %lld", (long long)json_integer_value(status));
        }
        break;
    case END_CLOSED:
        sb_add(&buf, "the process closed its channel");
        break;
    case END_GARBAGE:
        sb_add(&buf, "the channel was garbled");
        break;
    case END_HANG:
        sb_add(&buf, "the case reached its deadline");
        break;
    default:
        sb_add(&buf, "the worker could not be started");
        if (json_is_string(text)) {
            sb_addf(&buf, ": %s", json_string_value(text));
        }
        return sb_take(&buf, NULL);
    }
    add_running(&buf, j);
    return sb_take(&buf, NULL);
}

/* "gave X", or what else is the result of a step. */
static void add_result(struct str_buf *buf, const struct judged_step *step)
{
    uint32_t query = 0;
    if (step->skipped) {
        sb_addf(buf, " was not made (%s)", step->skipped);
    } else if (step->timeout) {
        sb_addf(buf, " was still pending after %u ms", step->planned->ms);
    } else if (step->has_hr) {
        sb_add(buf, " gave ");
        add_code_name(buf, step->hr);
    } else if (exec_query_failed(step, &query)) {
        sb_add(buf, ": QueryStatus gave ");
        add_code_name(buf, query);
    } else {
        sb_add(buf, " gave no result");
    }
}

char *words_need(const struct judging *j, const struct judged_step *step)
{
    struct str_buf buf;
    const struct step *planned = step->planned->step;
    if (planned->need_count == 0) {
        return words_timeout(j, step); /* a join: nothing else can fail without a need */
    }
    init(&buf);
    words_place(&buf, step->planned);
    add_result(&buf, step);
    for (size_t i = 0; i < planned->need_count; i++) {
        sb_add(&buf, i ? " or " : ", needs ");
        add_code_name(&buf, planned->need[i]);
    }
    return sb_take(&buf, NULL);
}

/* What had not happened when the deadline was reached. */
static const char *still(enum step_op op)
{
    switch (op) {
    case STEP_JOIN:
        return "the thread was still running";
    case STEP_REACHED:
        return "the event had not come";
    case STEP_WRITER:
    case STEP_SCRIPT:
    case STEP_GO:
    case STEP_EVENTS:
    case STEP_STOP:
        return "the writer had not answered";
    default:
        return "the operation was still pending";
    }
}

char *words_timeout(const struct judging *j __attribute__((unused)), const struct judged_step *step)
{
    struct str_buf buf;
    const json_t *ms = json_object_get(step->event, "ms");
    init(&buf);
    words_place(&buf, step->planned);
    sb_addf(&buf, ": %s after %lld ms", still(step->planned->step->op),
            json_is_integer(ms) ? (long long)json_integer_value(ms) : (long long)step->planned->ms);
    return sb_take(&buf, NULL);
}

void words_exports(struct str_buf *buf, const struct judging *j, const struct step *step)
{
    const enum arch arch = j->options->claims.arch;
    sb_add(buf, step->name[arch]);
    if (step->is == EXPORT_SAME) {
        sb_addf(buf, " and %s", step->other[arch]);
    }
}

char *words_not_implemented(const struct judging *j, const struct judged_step *step)
{
    const struct step *planned = step->planned->step;
    struct str_buf buf;
    init(&buf);
    if (planned->op == STEP_EXPORT) {
        words_exports(&buf, j, planned);
        sb_add(&buf, planned->is == EXPORT_SAME ? " are not both exported" : " is not exported");
        return sb_take(&buf, NULL);
    }
    words_place(&buf, step->planned);
    if (step->missing && planned->op == STEP_WRITER) {
        sb_add(&buf, ": the class CVssWriter is not exported, or not all of it");
        return sb_take(&buf, NULL);
    }
    sb_add(&buf,
           step->missing ? " is not exported" : " gave E_NOTIMPL, which its page does not list");
    return sb_take(&buf, NULL);
}

char *words_lost(const struct judging *j, const struct judged_step *step)
{
    struct str_buf buf;
    (void)j;
    init(&buf);
    if (step->planned) {
        words_place(&buf, step->planned);
    } else {
        sb_add(&buf, "at the end");
    }
    sb_addf(&buf, ": the process of the writer had ended: %s", step->lost);
    return sb_take(&buf, NULL);
}

char *words_no_event(const struct plan_step *planned)
{
    struct str_buf buf;
    init(&buf);
    words_place(&buf, planned);
    sb_addf(&buf, " was not made: %s did not come to writer %s, or the steps there broke off",
            planned->script->event, planned->script->object);
    return sb_take(&buf, NULL);
}

char *words_not_made(const struct judging *j __attribute__((unused)),
                     const struct judged_step *step)
{
    struct str_buf buf;
    init(&buf);
    words_place(&buf, step->planned);
    add_result(&buf, step);
    return sb_take(&buf, NULL);
}
