/* Text in lines of a given width. */
#ifndef VSSCTS_TEXT_WRAP_H
#define VSSCTS_TEXT_WRAP_H

#include "../util/str_buf.h"

/* Appends a paragraph to out: its words, broken into lines of at most `width` characters (UTF-8
 * code points), every line ended by LF. The first line is indented by `first` spaces, the others by
 * `rest`. White space of the text only parts words. A word that is longer than a line stands on a
 * line of its own, unbroken: an address must stay one. A text without words gives nothing. */
void wrap_text(struct str_buf *out, unsigned width, unsigned first, unsigned rest,
               const char *text);

#endif
