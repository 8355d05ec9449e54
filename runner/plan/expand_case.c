/* The program of a case, put together from the texts of its steps. */
#include "expand.h"

#include "../util/json_quick.h"
#include "../util/str_buf.h"

#include <stdlib.h>
#include <string.h>

/* A message of the channel is at most 4 MiB, and the program is not alone in it. */
#define PROGRAM_MAX ((4u << 20) - 1024)

#define EXHAUST_ROUNDS 2000
/* Of the time of a case in which its last round may begin. */
#define EXHAUST_MS(deadline_ms) ((deadline_ms) / 4 * 3)

static int add_text(const char *text, size_t len, void *buf)
{
    sb_addn(buf, text, len);
    return 0;
}

/* Appends a value that it takes. */
static void add_json(struct expand *expand, struct str_buf *text, json_t *value)
{
    if (!json_quick_write(value, add_text, text)) {
        expand_no_memory(expand);
    }
    json_decref(value);
}

/* Appends the steps with commas between them. */
static void add_steps(struct expand *expand, struct str_buf *text, const struct step *steps,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sb_add(text, text->len > 0 ? "," : "");
        add_json(expand, text, expand_step(expand, &steps[i]));
    }
}

/* Innermost first: the case undoes what it did before its preambles undo theirs. */
static void add_finally(struct expand *expand, struct str_buf *text, const struct test_case *test)
{
    expand->in_finally = true;
    add_steps(expand, text, test->finally, test->finally_count);
    expand->in_preamble = true;
    for (const struct preamble *p = test->preamble; p; p = p->after) {
        expand->preamble = p;
        add_steps(expand, text, p->finally, p->finally_count);
    }
    expand->in_preamble = false;
    expand->in_finally = false;
    expand->preamble = NULL;
}

/* Begins with the steps of a preamble and those before it, which stand in text afterwards; with
 * nothing where it is NULL. There is room for `more` steps. */
static void begin_with(struct expand *expand, const struct expand_prefix *prefix, size_t more,
                       struct str_buf *text)
{
    static const struct expand_prefix nothing = {.made = true};
    prefix = prefix ? prefix : &nothing;
    expand->uses_profile = prefix->uses_profile;
    expand->missing = prefix->missing;
    expand->step_count = 0;
    expand->step_cap = prefix->step_count + more + 1; /* never 0 */
    expand->steps = malloc(expand->step_cap * sizeof *expand->steps);
    if (!expand->steps) {
        expand->step_cap = 0;
        expand_no_memory(expand);
    } else if (prefix->step_count > 0) {
        memcpy(expand->steps, prefix->steps, prefix->step_count * sizeof *expand->steps);
        expand->step_count = prefix->step_count;
    }
    sb_init(text, (size_t)-1);
    sb_addn(text, prefix->text, prefix->len);
}

/* What a preamble and those before it come to, made where that was not done yet. NULL: no preamble,
 * or see status. */
static const struct expand_prefix *prefix_of(struct expand *expand, const struct preamble *preamble)
{
    const struct tables *tables = expand->tables;
    struct str_buf text;
    if (!preamble) {
        return NULL;
    }
    if (!expand->prefixes) {
        expand->prefixes = calloc(tables->preamble_count, sizeof *expand->prefixes);
    }
    if (!expand->prefixes) {
        expand_no_memory(expand);
        return NULL;
    }
    struct expand_prefix *prefix = &expand->prefixes[preamble - tables->preambles];
    if (!prefix->made) {
        begin_with(expand, prefix_of(expand, preamble->after), preamble->step_count, &text);
        expand->in_preamble = true;
        expand->preamble = preamble;
        add_steps(expand, &text, preamble->steps, preamble->step_count);
        expand->in_preamble = false;
        expand->preamble = NULL;
        *prefix = (struct expand_prefix){.made = true,
                                         .steps = expand->steps,
                                         .step_count = expand->step_count,
                                         .uses_profile = expand->uses_profile,
                                         .missing = expand->missing};
        prefix->text = sb_take(&text, &prefix->len);
        if (!prefix->text) {
            expand_no_memory(expand);
        }
    }
    return prefix;
}

/* The number that the step has in the program. */
static int number_of(const struct expand *expand, const struct step *step)
{
    for (size_t i = 0; i < expand->step_count; i++) {
        if (expand->steps[i].step == step) {
            return expand->steps[i].s;
        }
    }
    return -1;
}

/* How the program is run again and again, where it is. */
static void add_exhaust(struct expand *expand, struct str_buf *text, const struct test_case *test)
{
    if (!test->exhaust || !expand->steps) {
        return;
    }
    bool operation = test->exhaust->exhaust == EXHAUST_OPERATION;
    sb_addf(text,
            ",\"exhaust\":{\"at_most\":%d,\"ms\":%u,\"s\":%d,\"threads\":\"%s\",\"until\":%d}",
            EXHAUST_ROUNDS, EXHAUST_MS(test->deadline_ms), number_of(expand, test->exhaust),
            operation ? "others" : "caller", number_of(expand, test->exhaust_until));
}

char *expand_case(struct expand *expand, const struct test_case *test)
{
    struct str_buf steps, finally, text;
    size_t len = 0;
    char *program = NULL;
    begin_with(expand, prefix_of(expand, test->preamble), test->step_count + test->finally_count,
               &steps);
    add_steps(expand, &steps, test->steps, test->step_count);
    sb_init(&finally, (size_t)-1);
    add_finally(expand, &finally, test);
    sb_init(&text, (size_t)-1);
    sb_add(&text, "{\"apartment\":");
    add_json(expand, &text, json_string(test->apartment ? test->apartment : "mta"));
    add_exhaust(expand, &text, test);
    sb_add(&text, ",\"finally\":[");
    sb_addn(&text, sb_text(&finally), finally.len);
    sb_add(&text, "],\"id\":");
    add_json(expand, &text, json_string(test->id));
    sb_add(&text, ",\"steps\":[");
    sb_addn(&text, sb_text(&steps), steps.len);
    sb_add(&text, "]}");
    if (steps.failed || finally.failed) {
        expand_no_memory(expand);
    }
    program = sb_take(&text, &len);
    if (!program) {
        expand_no_memory(expand);
    } else if (len > PROGRAM_MAX) {
        expand_fail(expand, &test->where, "the program of the case is over 4 MiB");
    }
    if (expand->status != CTS_OK) {
        free(program);
        program = NULL;
    }
    sb_free(&steps);
    sb_free(&finally);
    return program;
}

void expand_end(struct expand *expand)
{
    for (size_t i = 0; expand->prefixes && i < expand->tables->preamble_count; i++) {
        free(expand->prefixes[i].text);
        free(expand->prefixes[i].steps);
    }
    free(expand->prefixes);
    expand->prefixes = NULL;
}
