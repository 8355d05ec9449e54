#include "text_wrap.h"

#include <string.h>

static const char white[] = " \t\r\n";

static unsigned characters(const char *text, size_t len)
{
    unsigned count = 0;
    for (size_t i = 0; i < len; i++) {
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    }
    return count;
}

static void indent(struct str_buf *out, unsigned columns)
{
    for (unsigned i = 0; i < columns; i++) {
        sb_addc(out, ' ');
    }
}

void wrap_text(struct str_buf *out, unsigned width, unsigned first, unsigned rest, const char *text)
{
    unsigned column = 0; /* 0: nothing stands on the line, not even the indentation */
    unsigned margin = first;
    for (text += strspn(text, white); *text; text += strspn(text, white)) {
        size_t len = strcspn(text, white);
        unsigned wide = characters(text, len);
        if (column > 0 && column + 1 + wide > width) {
            sb_addc(out, '\n');
            column = 0;
            margin = rest;
        }
        if (column == 0) {
            indent(out, margin);
            column = margin;
        } else {
            sb_addc(out, ' ');
            column++;
        }
        sb_addn(out, text, len);
        column += wide;
        text += len;
    }
    if (column > 0) {
        sb_addc(out, '\n');
    }
}
