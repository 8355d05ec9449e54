#include "tbl_scope.h"

#include <ctype.h>
#include <string.h>

static void *copy(struct tbl_ctx *ctx, const void *items, size_t count, size_t *cap, size_t size)
{
    void *out = tbl_alloc(ctx->arena, count, size);
    *cap = out ? count : 0;
    if (out && count > 0) {
        memcpy(out, items, count * size);
    }
    return out;
}

struct tbl_scope tbl_scope_copy(struct tbl_ctx *ctx, const struct tbl_scope *scope)
{
    struct tbl_scope out = *scope;
    out.vars = copy(ctx, scope->vars, scope->var_count, &out.var_cap, sizeof *out.vars);
    out.threads =
        copy(ctx, scope->threads, scope->thread_count, &out.thread_cap, sizeof *out.threads);
    out.labels = copy(ctx, scope->labels, scope->label_count, &out.label_cap, sizeof *out.labels);
    out.writers =
        copy(ctx, scope->writers, scope->writer_count, &out.writer_cap, sizeof *out.writers);
    out.writer_count = out.writer_cap;
    out.var_count = out.var_cap;
    out.thread_count = out.thread_cap;
    out.label_count = out.label_cap;
    return out;
}

bool tbl_is_var(const char *text)
{
    for (const char *p = text; *p; p++) {
        if (!isalnum((unsigned char)*p) && *p != '_' && *p != '-') {
            return false;
        }
    }
    return isalpha((unsigned char)text[0]) || text[0] == '_';
}

static struct tbl_var *find_var(struct tbl_scope *scope, const char *name)
{
    for (size_t i = 0; i < scope->var_count; i++) {
        if (strcmp(scope->vars[i].name, name) == 0) {
            return &scope->vars[i];
        }
    }
    return NULL;
}

void tbl_set_var(struct tbl_ctx *ctx, struct tbl_scope *scope, struct tbl_var var)
{
    struct tbl_var *old = find_var(scope, var.name);
    var.set = true;
    var.thread = scope->thread;
    if (!old) {
        struct tbl_var *vars = tbl_grow(ctx->arena, scope->vars, scope->var_count, &scope->var_cap,
                                        sizeof *scope->vars);
        if (!vars) {
            return;
        }
        scope->vars = vars;
        old = &vars[scope->var_count++];
    }
    *old = var;
}

bool tbl_lend_var(struct tbl_ctx *ctx, struct tbl_scope *scope, struct tbl_var var)
{
    const struct tbl_var *old = find_var(scope, var.name);
    bool free = !old || !old->set;
    var.lent = true;
    tbl_set_var(ctx, scope, var);
    return free;
}

bool tbl_take_back_var(struct tbl_scope *scope, const char *name)
{
    struct tbl_var *var = find_var(scope, name);
    bool lent = !var || var->lent;
    if (var) {
        *var = scope->vars[--scope->var_count];
    }
    return lent;
}

/* Can the steps that are read now see what the thread did? */
static bool sees(const struct tbl_scope *scope, size_t thread)
{
    if (thread == 0 || scope->threads[thread - 1].joined) {
        return true;
    }
    size_t own = scope->thread;
    while (own != 0 && own != thread) {
        own = scope->threads[own - 1].parent;
    }
    return own == thread;
}

struct tbl_var *tbl_use_var(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                            const char *name, bool emptied)
{
    struct tbl_var *var = find_var(scope, name);
    /* What runs at the end runs whatever was set before. */
    bool at_end = scope->of == STEPS_OF_FINALLY;
    if (!tbl_is_var(name)) {
        tbl_err(ctx, at, "\"%s\" is no name of a variable", name);
        return NULL;
    }
    if (!var) {
        if (!scope->open) {
            tbl_err(ctx, at, "variable \"%s\" is used before it is set", name);
        }
        return NULL;
    }
    if (!var->set && !emptied && !at_end) {
        tbl_err(ctx, at, "variable \"%s\" is empty: it was released", name);
    } else if (!sees(scope, var->thread) && !at_end && scope->threads[var->thread - 1].event) {
        tbl_err(ctx, at,
                "variable \"%s\" is set in %s of writer \"%s\", for whose end no step has waited "
                "(\"reached\" with \"left\")",
                name, scope->threads[var->thread - 1].event, scope->threads[var->thread - 1].id);
    } else if (!sees(scope, var->thread) && !at_end) {
        tbl_err(ctx, at, "variable \"%s\" is set on thread \"%s\", which was not joined", name,
                scope->threads[var->thread - 1].id);
    }
    return var->any ? NULL : var;
}

void tbl_empty_var(struct tbl_scope *scope, const char *name)
{
    struct tbl_var *var = name ? find_var(scope, name) : NULL;
    if (var) {
        var->set = false;
    }
}

static struct tbl_thread *find_thread(struct tbl_scope *scope, const char *id)
{
    for (size_t i = scope->thread_count; i > 0; i--) {
        if (!scope->threads[i - 1].event && strcmp(scope->threads[i - 1].id, id) == 0) {
            return &scope->threads[i - 1];
        }
    }
    return NULL;
}

static void begin(struct tbl_ctx *ctx, struct tbl_scope *scope, const char *id, const char *event)
{
    struct tbl_thread *threads = tbl_grow(ctx->arena, scope->threads, scope->thread_count,
                                          &scope->thread_cap, sizeof *scope->threads);
    if (threads) {
        scope->threads = threads;
        threads[scope->thread_count++] = (struct tbl_thread){id, event, scope->thread, false};
        scope->thread = scope->thread_count;
    }
}

void tbl_begin_thread(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                      const char *id)
{
    struct tbl_thread *old = find_thread(scope, id);
    if (old && !old->joined) {
        tbl_err(ctx, at, "thread \"%s\" runs already", id);
    }
    begin(ctx, scope, id, NULL);
}

void tbl_begin_event(struct tbl_ctx *ctx, struct tbl_scope *scope, const char *writer,
                     const char *event)
{
    begin(ctx, scope, writer, event);
}

void tbl_join_event(struct tbl_scope *scope, const char *writer, const char *event)
{
    for (size_t i = 0; i < scope->thread_count; i++) {
        struct tbl_thread *thread = &scope->threads[i];
        if (thread->event && strcmp(thread->event, event) == 0 && strcmp(thread->id, writer) == 0) {
            thread->joined = true;
        }
    }
}

void tbl_end_thread(struct tbl_scope *scope)
{
    if (scope->thread > 0) {
        scope->thread = scope->threads[scope->thread - 1].parent;
    }
}

void tbl_join_thread(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                     const char *id)
{
    struct tbl_thread *thread = find_thread(scope, id);
    if (!thread) {
        if (!scope->open) {
            tbl_err(ctx, at, "there is no thread \"%s\"", id);
        }
        return;
    }
    if (thread->joined && scope->of != STEPS_OF_FINALLY) {
        tbl_err(ctx, at, "thread \"%s\" is joined already", id);
    }
    thread->joined = true;
}

static struct tbl_writer *find_writer(struct tbl_scope *scope, const char *name)
{
    for (size_t i = 0; i < scope->writer_count; i++) {
        if (strcmp(scope->writers[i].name, name) == 0) {
            return &scope->writers[i];
        }
    }
    return NULL;
}

void tbl_begin_writer(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                      const char *name, bool process, const char *as)
{
    struct tbl_writer *writer = find_writer(scope, name);
    if (writer && !writer->stopped) {
        tbl_err(ctx, at, "writer \"%s\" runs already", name);
    }
    if (!writer) {
        struct tbl_writer *writers = tbl_grow(ctx->arena, scope->writers, scope->writer_count,
                                              &scope->writer_cap, sizeof *scope->writers);
        if (!writers) {
            return;
        }
        scope->writers = writers;
        writer = &writers[scope->writer_count++];
    }
    *writer = (struct tbl_writer){name, process, false, as};
}

const struct tbl_writer *tbl_use_writer(struct tbl_ctx *ctx, struct tbl_scope *scope,
                                        const struct tbl_at *at, const char *name, bool running,
                                        bool stops)
{
    struct tbl_writer *writer = find_writer(scope, name);
    if (!writer) {
        if (!scope->open) {
            tbl_err(ctx, at, "there is no writer \"%s\"", name);
        }
        return NULL;
    }
    if (running && writer->stopped && scope->of != STEPS_OF_FINALLY) {
        tbl_err(ctx, at, "writer \"%s\" was stopped", name);
    }
    writer->stopped = writer->stopped || stops;
    tbl_empty_var(scope, stops ? writer->as : NULL);
    return writer;
}

void tbl_take_label(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                    const char *label)
{
    for (size_t i = 0; i < scope->label_count; i++) {
        if (strcmp(scope->labels[i].text, label) == 0) {
            if (scope->labels[i].step != at->up->json) {
                tbl_err(ctx, at, "label \"%s\" stands twice in the case", label);
            }
            return;
        }
    }
    struct tbl_label *labels = tbl_grow(ctx->arena, scope->labels, scope->label_count,
                                        &scope->label_cap, sizeof *scope->labels);
    if (labels) {
        scope->labels = labels;
        labels[scope->label_count++] = (struct tbl_label){label, at->up->json};
    }
}
