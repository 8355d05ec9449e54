/* Text for a terminal: escaped where it is not ours, coloured where that is wanted. */
#ifndef VSSCTS_TERM_TEXT_H
#define VSSCTS_TERM_TEXT_H

#include "../util/str_buf.h"
#include <stdint.h>
#include <stdio.h>

/* Where text goes, and how. */
struct term {
    FILE *out;
    bool color;
    bool tty;       /* the line can be rewritten */
    unsigned width; /* columns; 80 where unknown */
};

enum term_style {
    STYLE_PLAIN,
    STYLE_BOLD,
    STYLE_DIM,
    STYLE_GOOD,   /* green */
    STYLE_BAD,    /* red */
    STYLE_WARN,   /* yellow */
    STYLE_ACCENT, /* cyan */
};

/* Appends text of which nothing is known (an implementation, a log, an argument) so that it can do
 * nothing to a terminal: control characters (C0 with line ends and tabs, DEL, C1), line separators,
 * and marks that reorder or hide text come as \n, \t, \x1B or \u202E; bytes that are no UTF-8 as
 * \xFF. A backslash stands for itself: the result is for the eye, not for reading back. */
void term_escape(struct str_buf *out, const char *text);

/* Prints escaped text in a style. No line end is added. */
void term_put(const struct term *term, enum term_style style, const char *text);

/* Prints a formatted text in a style; the result is escaped too, but for line ends. */
void term_printf(const struct term *term, enum term_style style, const char *fmt, ...)
    CTS_PRINTF(3, 4);

#endif
