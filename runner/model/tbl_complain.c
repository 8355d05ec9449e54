/* Complaints: collected while the tables are read, placed and sorted at the end. */
#include "tbl_read.h"

#include "../util/json_pos.h"
#include "../util/nearest.h"
#include "../util/str_buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 1000, POINTER_MAX = 4096 };

static void add_key(struct str_buf *buf, const char *key)
{
    sb_addc(buf, '/');
    for (const char *p = key; *p; p++) {
        if (*p == '~' || *p == '/') {
            sb_add(buf, *p == '~' ? "~0" : "~1");
        } else {
            sb_addc(buf, *p);
        }
    }
}

/* Where a part of a made value stands in what it was made from: a member, or a part of one. Lists
 * and objects only: jansson has one null for all. */
static bool add_shared(struct str_buf *buf, const json_t *from, const json_t *part)
{
    const char *key, *inner;
    json_t *value, *below;
    if (!json_is_object(part) && !json_is_array(part)) {
        return false;
    }
    json_object_foreach((json_t *)from, key, value)
    {
        if (value == part) {
            add_key(buf, key);
            return true;
        }
        for (size_t i = 0; i < json_array_size(value); i++) {
            if (json_array_get(value, i) == part) {
                add_key(buf, key);
                sb_addf(buf, "/%zu", i);
                return true;
            }
        }
        json_object_foreach(value, inner, below)
        {
            if (below == part) {
                add_key(buf, key);
                add_key(buf, inner);
                return true;
            }
        }
    }
    return false;
}

/* "/cases/0/id", from the root down. False: the value is part of a made one, and stands in what
 * that was made from as a whole. */
static bool add_pointer(struct str_buf *buf, const struct tbl_at *at)
{
    if (!at->up) {
        return true;
    }
    if (!add_pointer(buf, at->up)) {
        const struct tbl_at *made = at;
        while (!made->made) {
            made = made->up;
        }
        return add_shared(buf, made->up->json, at->json);
    }
    if (at->made) {
        return false;
    }
    if (at->key) {
        add_key(buf, at->key);
    } else {
        sb_addf(buf, "/%zu", at->index);
    }
    return true;
}

static const char *pointer_of(struct tbl_ctx *ctx, const struct tbl_at *at)
{
    struct str_buf buf;
    sb_init(&buf, POINTER_MAX);
    add_pointer(&buf, at);
    /* A way that is too long to tell (hostile keys) ends at the file. */
    const char *pointer =
        buf.failed ? "" : tbl_strndup(ctx->arena, sb_text(&buf), strlen(sb_text(&buf)));
    sb_free(&buf);
    return pointer ? pointer : "";
}

static bool is_same(const struct tbl_complaint *a, const struct tbl_complaint *b)
{
    if (a->file != b->file || strcmp(a->text, b->text) != 0 || !a->pointer != !b->pointer) {
        return false;
    }
    return a->pointer ? strcmp(a->pointer, b->pointer) == 0
                      : a->line == b->line && a->column == b->column;
}

/* Texts of the tables come into messages: nothing in them may drive a terminal. */
static void clean(char *text)
{
    for (char *p = text; *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7F) {
            *p = '?';
        }
    }
}

static void add(struct tbl_ctx *ctx, struct tbl_complaint complaint, const char *fmt, va_list args)
{
    char text[TEXT_MAX];
    if (ctx->count >= CTS_ERRORS_MAX) {
        ctx->count++;
        return;
    }
    vsnprintf(text, sizeof text, fmt, args);
    clean(text);
    complaint.text = text;
    for (size_t i = 0; i < ctx->count; i++) {
        if (is_same(&ctx->kept[i], &complaint)) {
            return;
        }
    }
    complaint.text = tbl_strndup(ctx->arena, text, strlen(text));
    if (complaint.text) { /* else arena->failed tells */
        ctx->kept[ctx->count++] = complaint;
    }
}

static void add_at(struct tbl_ctx *ctx, const struct tbl_at *at, bool key, const char *fmt,
                   va_list args)
{
    const char *pointer = "";
    while (!at->json && at->up) {
        at = at->up;
    }
    if (ctx->count < CTS_ERRORS_MAX) {
        pointer = pointer_of(ctx, at);
    }
    add(ctx, (struct tbl_complaint){.file = at->file, .pointer = pointer, .key = key}, fmt, args);
}

void tbl_err(struct tbl_ctx *ctx, const struct tbl_at *at, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    add_at(ctx, at, false, fmt, args);
    va_end(args);
}

void tbl_err_key(struct tbl_ctx *ctx, const struct tbl_at *at, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    add_at(ctx, at, true, fmt, args);
    va_end(args);
}

static const struct tbl_file *find_file(const struct tbl_arena *arena, const char *rel)
{
    const struct tbl_file *file = arena->files;
    while (file && file->rel != rel && strcmp(file->rel, rel) != 0) {
        file = file->next;
    }
    return file;
}

void tbl_err_where(struct tbl_ctx *ctx, const struct where *where, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    add(ctx,
        (struct tbl_complaint){.file = find_file(ctx->arena, where->path),
                               .pointer = where->pointer},
        fmt, args);
    va_end(args);
}

void tbl_err_file(struct tbl_ctx *ctx, const struct tbl_file *file, int line, int column,
                  const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    add(ctx, (struct tbl_complaint){.file = file, .line = line, .column = column}, fmt, args);
    va_end(args);
}

void tbl_unknown(struct tbl_ctx *ctx, const struct tbl_at *at, const char *what, const char *name,
                 const char *best)
{
    if (best) {
        tbl_err(ctx, at, "unknown %s \"%s\"; did you mean \"%s\"?", what, name, best);
    } else {
        tbl_err(ctx, at, "unknown %s \"%s\"", what, name);
    }
}

void tbl_unresolved(struct tbl_ctx *ctx, const struct tbl_at *at, const char *what,
                    const char *name, const char *best)
{
    if (!ctx->broken) {
        tbl_unknown(ctx, at, what, name, best);
    }
}

const char *tbl_nearest(const void *items, size_t count, size_t size, const char *name)
{
    struct nearest search;
    nearest_init(&search, name);
    for (size_t i = 0; i < count; i++) {
        const char *item;
        memcpy(&item, (const char *)items + i * size, sizeof item);
        nearest_offer(&search, item);
    }
    return search.best;
}

const char *tbl_nearest_method(const struct tables *tables, const struct api_interface *iface,
                               const char *name)
{
    struct nearest search;
    nearest_init(&search, name);
    for (size_t depth = 0; iface && depth <= tables->interface_count; depth++) {
        for (size_t i = 0; i < iface->method_count; i++) {
            nearest_offer(&search, iface->methods[i].name);
        }
        iface = iface->base ? tbl_interface(tables, iface->base) : NULL;
    }
    return search.best;
}

const char *tbl_nearest_function(const struct tables *tables, const char *name)
{
    struct nearest search;
    nearest_init(&search, name);
    for (size_t i = 0; i < tables->function_count; i++) {
        nearest_offer(&search, tables->functions[i].name);
    }
    return search.best;
}

struct where tbl_place(struct tbl_ctx *ctx, const struct tbl_at *at)
{
    return (struct where){at->file->rel, pointer_of(ctx, at)};
}

static void find_place(const struct tbl_file *file, const char *pointer, bool key, int *line,
                       int *column)
{
    *line = *column = 1;
    if (key) {
        json_pos_find_key(file->text, file->len, pointer, line, column);
    } else {
        json_pos_find(file->text, file->len, pointer, line, column);
    }
}

void tbl_where(const struct tables *tables, const struct where *where, int *line, int *column)
{
    const struct tbl_file *file = find_file(tables->arena, where->path);
    *line = *column = 1;
    if (file && file->text) {
        find_place(file, where->pointer, false, line, column);
    }
}

static int by_place(const void *a, const void *b)
{
    const struct tbl_complaint *left = a, *right = b;
    int order = strcmp(left->file->path, right->file->path);
    if (order == 0) {
        order = (left->line > right->line) - (left->line < right->line);
    }
    if (order == 0) {
        order = (left->column > right->column) - (left->column < right->column);
    }
    return order ? order : strcmp(left->text, right->text);
}

void tbl_report(struct tbl_ctx *ctx, struct cts_errors *errs)
{
    size_t kept = ctx->count < CTS_ERRORS_MAX ? ctx->count : CTS_ERRORS_MAX;
    for (size_t i = 0; i < kept; i++) {
        struct tbl_complaint *complaint = &ctx->kept[i];
        if (complaint->pointer) {
            find_place(complaint->file, complaint->pointer, complaint->key, &complaint->line,
                       &complaint->column);
        }
    }
    if (kept > 1) {
        qsort(ctx->kept, kept, sizeof *ctx->kept, by_place);
    }
    for (size_t i = 0; i < kept; i++) {
        const struct tbl_complaint *complaint = &ctx->kept[i];
        errs_add_at(errs, CTS_BAD_FILE, complaint->file->path, complaint->line, complaint->column,
                    "%s", complaint->text);
    }
    errs->count = errs->count < ctx->count ? ctx->count : errs->count;
}
