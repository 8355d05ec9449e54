#include "cts_error.h"

#include "utf8_cut.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Ends a text that was cut with dots, so that a reader sees it, and leaves no half UTF-8 character
 * before them. */
static void mark_cut(char *text, size_t size)
{
    memcpy(text + utf8_start(text, size - 4), "...", 4);
}

static void fill(struct cts_error *err, enum cts_status status, const char *path, int line,
                 int column, const char *fmt, va_list args)
{
    err->status = status;
    err->line = line;
    err->column = column;
    int written = snprintf(err->path, sizeof err->path, "%s", path ? path : "");
    if (written >= (int)sizeof err->path) {
        mark_cut(err->path, sizeof err->path);
    }
    written = vsnprintf(err->text, sizeof err->text, fmt, args);
    if (written < 0) {
        err->text[0] = '\0';
    } else if (written >= (int)sizeof err->text) {
        mark_cut(err->text, sizeof err->text);
    }
}

enum cts_status err_set(struct cts_error *err, enum cts_status status, const char *fmt, ...)
{
    if (err) {
        va_list args;
        va_start(args, fmt);
        fill(err, status, NULL, 0, 0, fmt, args);
        va_end(args);
    }
    return status;
}

enum cts_status err_set_at(struct cts_error *err, enum cts_status status, const char *path,
                           int line, int column, const char *fmt, ...)
{
    if (err) {
        va_list args;
        va_start(args, fmt);
        fill(err, status, path, line, column, fmt, args);
        va_end(args);
    }
    return status;
}

enum cts_status errs_add_at(struct cts_errors *errs, enum cts_status status, const char *path,
                            int line, int column, const char *fmt, ...)
{
    if (errs->count < CTS_ERRORS_MAX) {
        va_list args;
        va_start(args, fmt);
        fill(&errs->list[errs->count], status, path, line, column, fmt, args);
        va_end(args);
    }
    errs->count++;
    return status;
}

const char *err_format(const struct cts_error *err, char *buf, size_t size)
{
    if (size == 0) {
        return buf;
    }
    if (err->path[0] == '\0') {
        snprintf(buf, size, "%s", err->text);
    } else if (err->line <= 0) {
        snprintf(buf, size, "%s: %s", err->path, err->text);
    } else if (err->column <= 0) {
        snprintf(buf, size, "%s:%d: %s", err->path, err->line, err->text);
    } else {
        snprintf(buf, size, "%s:%d:%d: %s", err->path, err->line, err->column, err->text);
    }
    return buf;
}

int cts_exit_code(enum cts_status status)
{
    switch (status) {
#define X(name, code, text)                                                                        \
    case CTS_##name:                                                                               \
        return code;
        CTS_STATUS_MAP(X)
#undef X
    }
    return 70;
}

const char *cts_status_text(enum cts_status status)
{
    switch (status) {
#define X(name, code, text)                                                                        \
    case CTS_##name:                                                                               \
        return text;
        CTS_STATUS_MAP(X)
#undef X
    }
    return "unknown status";
}
