#include "str_buf.h"

#include "mem_grow.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void sb_init(struct str_buf *buf, size_t max)
{
    /* One byte is kept for the terminator. */
    *buf = (struct str_buf){.max = max < (size_t)-1 ? max : max - 1};
}

void sb_free(struct str_buf *buf)
{
    free(buf->data);
    sb_init(buf, buf->max);
}

void sb_clear(struct str_buf *buf)
{
    buf->len = 0;
    buf->failed = false;
    if (buf->data) {
        buf->data[0] = '\0';
    }
}

/* A failed buffer keeps nothing: half a text must not be taken for a whole one. */
void sb_fail(struct str_buf *buf)
{
    sb_free(buf);
    buf->failed = true;
}

/* Makes room for `more` bytes and the terminator. */
static bool reserve(struct str_buf *buf, size_t more)
{
    if (buf->failed) {
        return false;
    }
    if (more > buf->max - buf->len) {
        sb_fail(buf);
        return false;
    }
    size_t need = buf->len + more + 1;
    if (need <= buf->cap) {
        return true;
    }
    size_t cap = buf->cap ? buf->cap : 64;
    while (cap < need) {
        cap = cap > (size_t)-1 / 2 ? need : cap * 2;
    }
    char *data = mem_grow(buf->data, cap);
    if (!data) {
        sb_fail(buf);
        return false;
    }
    buf->data = data;
    buf->cap = cap;
    return true;
}

void sb_add(struct str_buf *buf, const char *text)
{
    sb_addn(buf, text, strlen(text));
}

void sb_addn(struct str_buf *buf, const char *text, size_t len)
{
    if (!reserve(buf, len)) {
        return;
    }
    if (len > 0) {
        memcpy(buf->data + buf->len, text, len);
    }
    buf->len += len;
    buf->data[buf->len] = '\0';
}

char *sb_space(struct str_buf *buf, size_t len)
{
    if (!reserve(buf, len)) {
        return NULL;
    }
    char *space = buf->data + buf->len;
    buf->len += len;
    buf->data[buf->len] = '\0';
    return space;
}

void sb_addf(struct str_buf *buf, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int need = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (need < 0) {
        sb_fail(buf);
    } else if (reserve(buf, (size_t)need)) {
        vsnprintf(buf->data + buf->len, (size_t)need + 1, fmt, again);
        buf->len += (size_t)need;
    }
    va_end(again);
}

void sb_addc(struct str_buf *buf, char c)
{
    sb_addn(buf, &c, 1);
}

const char *sb_text(const struct str_buf *buf)
{
    return buf->data ? buf->data : "";
}

char *sb_take(struct str_buf *buf, size_t *len)
{
    if (len) {
        *len = buf->len;
    }
    if (!buf->failed) {
        reserve(buf, 0);
    }
    if (buf->failed) {
        sb_free(buf);
        return NULL;
    }
    char *text = buf->data;
    text[buf->len] = '\0';
    buf->data = NULL;
    sb_free(buf);
    return text;
}
