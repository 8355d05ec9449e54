#include "term_text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Of one text so many bytes are printed, and dots for the rest; an escape takes at most ten. */
#define TERM_TEXT_MAX ((size_t)16 * 1024)
#define TERM_ESCAPE_MAX 10

/* Decodes one character; its length, or 0 where the bytes are no UTF-8 (overlong forms, surrogates
 * and numbers over 10FFFF are none). */
static size_t decode(const unsigned char *text, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = 0;
    uint32_t value = text[0];
    if (value < 0x80) {
        *code = value;
        return 1;
    }
    if (value >= 0xC2 && value < 0xE0) {
        length = 2;
    } else if (value >= 0xE0 && value < 0xF0) {
        length = 3;
    } else if (value >= 0xF0 && value < 0xF5) {
        length = 4;
    } else {
        return 0;
    }
    value &= 0x7FU >> length;
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xC0) != 0x80) { /* the terminator ends the loop too */
            return 0;
        }
        value = value << 6 | (text[i] & 0x3FU);
    }
    if (value < least[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        return 0;
    }
    *code = value;
    return length;
}

/* Characters that act instead of being seen, or that hide others. */
static bool is_unsafe(uint32_t code)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x00, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},     {0x061C, 0x061C}, {0x200B, 0x200F},
        {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (code >= ranges[i].first && code <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

static void escape_code(struct str_buf *out, uint32_t code)
{
    if (code == '\n') {
        sb_add(out, "\\n");
    } else if (code == '\r') {
        sb_add(out, "\\r");
    } else if (code == '\t') {
        sb_add(out, "\\t");
    } else if (code < 0x80) {
        sb_addf(out, "\\x%02X", (unsigned)code);
    } else if (code < 0x10000) {
        sb_addf(out, "\\u%04X", (unsigned)code);
    } else {
        sb_addf(out, "\\u{%X}", (unsigned)code);
    }
}

static void escape(struct str_buf *out, const char *text, size_t limit, bool keep_lines)
{
    const unsigned char *at = (const unsigned char *)text;
    while (*at != '\0') {
        if ((size_t)(at - (const unsigned char *)text) >= limit) {
            sb_add(out, "...");
            return;
        }
        uint32_t code = 0;
        const size_t length = decode(at, &code);
        if (length == 0) {
            sb_addf(out, "\\x%02X", *at);
            at++;
            continue;
        }
        if (is_unsafe(code) && !(keep_lines && code == '\n')) {
            escape_code(out, code);
        } else {
            sb_addn(out, (const char *)at, length);
        }
        at += length;
    }
}

void term_escape(struct str_buf *out, const char *text)
{
    escape(out, text, (size_t)-1, false);
}

static const char *style_code(enum term_style style)
{
    switch (style) {
    case STYLE_PLAIN:
        return "";
    case STYLE_BOLD:
        return "\x1B[1m";
    case STYLE_DIM:
        return "\x1B[2m";
    case STYLE_GOOD:
        return "\x1B[32m";
    case STYLE_BAD:
        return "\x1B[31m";
    case STYLE_WARN:
        return "\x1B[33m";
    case STYLE_ACCENT:
        return "\x1B[36m";
    }
    return "";
}

static void put(const struct term *term, enum term_style style, const char *text, bool keep_lines)
{
    const bool colored = term->color && style != STYLE_PLAIN;
    struct str_buf buf;

    sb_init(&buf, TERM_TEXT_MAX * TERM_ESCAPE_MAX);
    escape(&buf, text, TERM_TEXT_MAX, keep_lines);
    if (colored) {
        fputs(style_code(style), term->out);
    }
    fputs(buf.failed ? "..." : sb_text(&buf), term->out);
    if (colored) {
        fputs("\x1B[0m", term->out);
    }
    sb_free(&buf);
}

void term_put(const struct term *term, enum term_style style, const char *text)
{
    put(term, style, text, false);
}

void term_printf(const struct term *term, enum term_style style, const char *fmt, ...)
{
    char small_text[512];
    va_list args, again;

    va_start(args, fmt);
    va_copy(again, args);
    const int length = vsnprintf(small_text, sizeof small_text, fmt, args);
    if (length >= 0 && (size_t)length < sizeof small_text) {
        put(term, style, small_text, true);
    } else if (length >= 0) {
        char *text = malloc((size_t)length + 1);
        if (text != NULL) {
            vsnprintf(text, (size_t)length + 1, fmt, again);
            put(term, style, text, true);
            free(text);
        }
    }
    va_end(again);
    va_end(args);
}
