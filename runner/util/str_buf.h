/* A growing text with a hard limit. A buffer that once failed (no memory, over the limit) stays
 * failed, passes over everything that is added, and is checked once, at the end. */
#ifndef VSSCTS_STR_BUF_H
#define VSSCTS_STR_BUF_H

#include "cts_attr.h"
#include <stdbool.h>
#include <stddef.h>

struct str_buf {
    char *data; /* zero-terminated; NULL while nothing was added: see sb_text() */
    size_t len; /* without the terminator */
    size_t cap;
    size_t max; /* len never exceeds it */
    bool failed;
};

/* Makes an empty buffer that holds at most max bytes. Nothing is allocated yet. */
void sb_init(struct str_buf *buf, size_t max);

/* Frees the text; the buffer is empty and usable afterwards, with the same limit. */
void sb_free(struct str_buf *buf);

/* Makes the buffer empty and unfailed, and keeps its memory for the next text. */
void sb_clear(struct str_buf *buf);

/* Appends a string, `len` bytes, a formatted text, one character. text must not lie in the buffer
 * itself. */
void sb_add(struct str_buf *buf, const char *text);
void sb_addn(struct str_buf *buf, const char *text, size_t len);
void sb_addf(struct str_buf *buf, const char *fmt, ...) CTS_PRINTF(2, 3);
void sb_addc(struct str_buf *buf, char c);

/* Appends `len` bytes that the caller fills in. NULL: the buffer has failed. */
char *sb_space(struct str_buf *buf, size_t len);

/* Makes the buffer fail: a part of the text could not be made. */
void sb_fail(struct str_buf *buf);

/* The text, never NULL: "" where nothing was added. Owned by the buffer, valid until it changes. */
const char *sb_text(const struct str_buf *buf);

/* Hands the text over to the caller, who frees it with free(); its length goes to len (which may be
 * NULL). NULL where the buffer failed. The buffer is empty and unfailed afterwards. */
char *sb_take(struct str_buf *buf, size_t *len);

#endif
