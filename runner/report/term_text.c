#include "term_text.h"

#include <stdarg.h>
#include <string.h>

/* Of one text so many bytes are printed, and dots for the rest. */
#define TERM_TEXT_MAX (16 * 1024)
#define ESCAPED_SIZE 16 /* of a character, with its terminator */
#define PIECE_SIZE 1024 /* is printed at once: standard error has no buffer */

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

/* Writes the next character, or a byte that begins none, as a terminal may see it; the result is
 * how many bytes of the text it was. */
static size_t escape_one(const char *text, bool keep_lines, char out[ESCAPED_SIZE])
{
    uint32_t code = 0;
    const size_t length = decode((const unsigned char *)text, &code);
    const unsigned value = length > 0 ? (unsigned)code : (unsigned char)*text;
    if (length > 0 && (!is_unsafe(code) || (keep_lines && code == '\n'))) {
        memcpy(out, text, length);
        out[length] = '\0';
    } else if (value == '\n' || value == '\r' || value == '\t') {
        snprintf(out, ESCAPED_SIZE, "\\%c", value == '\n' ? 'n' : value == '\r' ? 'r' : 't');
    } else if (length == 0 || value < 0x80) {
        snprintf(out, ESCAPED_SIZE, "\\x%02X", value);
    } else if (value < 0x10000) {
        snprintf(out, ESCAPED_SIZE, "\\u%04X", value);
    } else {
        snprintf(out, ESCAPED_SIZE, "\\u{%X}", value);
    }
    return length > 0 ? length : 1;
}

void term_escape(struct str_buf *out, const char *text)
{
    char one[ESCAPED_SIZE];
    while (*text != '\0') {
        text += escape_one(text, false, one);
        sb_add(out, one);
    }
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

/* Needs no memory: this is also how it is said that there is none. */
static void put(const struct term *term, enum term_style style, const char *text, bool keep_lines)
{
    const bool colored = term->color && style != STYLE_PLAIN;
    char piece[PIECE_SIZE];
    size_t used = 0;
    const char *at = text;

    if (colored) {
        fputs(style_code(style), term->out);
    }
    while (*at != '\0' && at - text < TERM_TEXT_MAX) {
        at += escape_one(at, keep_lines, piece + used);
        used += strlen(piece + used);
        if (used > PIECE_SIZE - ESCAPED_SIZE) {
            fputs(piece, term->out);
            used = 0;
        }
    }
    piece[used] = '\0';
    fputs(piece, term->out);
    if (*at != '\0') {
        fputs("...", term->out);
    }
    if (colored) {
        fputs("\x1B[0m", term->out);
    }
}

void term_put(const struct term *term, enum term_style style, const char *text)
{
    put(term, style, text, false);
}

void term_printf(const struct term *term, enum term_style style, const char *fmt, ...)
{
    char
        text[TERM_TEXT_MAX + 2]; /* one byte more than is printed: put() sees that there was more */
    va_list args;

    va_start(args, fmt);
    const int length = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (length >= 0) {
        put(term, style, text, true);
    }
}
