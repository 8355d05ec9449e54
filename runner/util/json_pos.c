#include "json_pos.h"

#include <stdint.h>
#include <string.h>

struct cursor {
    const char *text;
    size_t len;
    size_t at;
};

static void skip_space(struct cursor *c)
{
    while (c->at < c->len && strchr(" \t\r\n", c->text[c->at]) && c->text[c->at]) {
        c->at++;
    }
}

/* The next byte that is no space is `want`: steps over it. */
static bool take(struct cursor *c, char want)
{
    skip_space(c);
    if (c->at < c->len && c->text[c->at] == want) {
        c->at++;
        return true;
    }
    return false;
}

/* From an opening quote to behind the closing one. */
static bool skip_string(struct cursor *c)
{
    if (!take(c, '"')) {
        return false;
    }
    while (c->at < c->len && c->text[c->at] != '"') {
        c->at += c->text[c->at] == '\\' ? 2 : 1;
    }
    return take(c, '"');
}

/* Steps over one value. No recursion: nesting is a number, so depth costs nothing. */
static bool skip_value(struct cursor *c)
{
    size_t depth = 0;
    do {
        skip_space(c);
        if (c->at >= c->len) {
            return false;
        }
        char first = c->text[c->at];
        if (first == '"') {
            if (!skip_string(c)) {
                return false;
            }
        } else if (first == '{' || first == '[') {
            depth++;
            c->at++;
        } else if (first == '}' || first == ']') {
            if (depth == 0) {
                return false;
            }
            depth--;
            c->at++;
        } else if (first == ',' || first == ':') {
            if (depth == 0) {
                return false;
            }
            c->at++;
        } else {
            while (c->at < c->len && !strchr(",:]} \t\r\n\"", c->text[c->at])) {
                c->at++;
            }
            if (c->at < c->len && c->text[c->at] == '\0') {
                return false;
            }
        }
    } while (depth > 0);
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Four hex digits at `at`; -1 where there are none. */
static int32_t hex4(const char *text, size_t at, size_t end)
{
    int32_t value = 0;
    if (end - at < 4) {
        return -1;
    }
    for (size_t i = 0; i < 4; i++) {
        int digit = hex_digit(text[at + i]);
        if (digit < 0) {
            return -1;
        }
        value = value * 16 + digit;
    }
    return value;
}

static size_t put_utf8(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

/* One character of a JSON string at *at, decoded to out; its bytes. 0 where the escape is wrong. */
static size_t next_char(const char *text, size_t *at, size_t end, char out[4])
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    if (text[*at] != '\\') {
        out[0] = text[(*at)++];
        return 1;
    }
    char escape = *at + 1 < end ? text[*at + 1] : '\0';
    *at += 2;
    if (escape != 'u') {
        const char *name = escape ? strchr(names, escape) : NULL;
        out[0] = name ? values[name - names] : '\0';
        return name ? 1 : 0;
    }
    int32_t high = *at <= end ? hex4(text, *at, end) : -1;
    if (high < 0) {
        return 0;
    }
    *at += 4;
    uint32_t code = (uint32_t)high;
    if (high >= 0xD800 && high < 0xDC00 && end - *at >= 6 && text[*at] == '\\' &&
        text[*at + 1] == 'u') {
        int32_t low = hex4(text, *at + 2, end);
        if (low >= 0xDC00 && low < 0xE000) {
            code = 0x10000 + ((code - 0xD800) << 10) + ((uint32_t)low - 0xDC00);
            *at += 6;
        }
    }
    return put_utf8(code, out);
}

/* Is the JSON string between its quotes (from, end) the reference token? */
static bool is_token(const char *text, size_t from, size_t end, const char *token, size_t token_len)
{
    size_t t = 0;
    while (from < end) {
        char out[4];
        size_t n = next_char(text, &from, end, out);
        if (n == 0) {
            return false;
        }
        for (size_t i = 0; i < n; i++) {
            char want = t < token_len ? token[t++] : '\0';
            if (want == '~' && t < token_len) {
                want = token[t++] == '1' ? '/' : '~';
            }
            if (want == '\0' || want != out[i]) {
                return false;
            }
        }
    }
    return t == token_len;
}

/* From '{' to the value of the member; *key is the place of its name. */
static bool enter_member(struct cursor *c, const char *token, size_t token_len, size_t *key)
{
    if (!take(c, '{')) {
        return false;
    }
    do {
        skip_space(c);
        *key = c->at;
        if (!skip_string(c)) {
            return false;
        }
        size_t end = c->at - 1;
        if (!take(c, ':')) {
            return false;
        }
        skip_space(c);
        if (is_token(c->text, *key + 1, end, token, token_len)) {
            return c->at < c->len;
        }
        if (!skip_value(c)) {
            return false;
        }
    } while (take(c, ','));
    return false;
}

/* From '[' to the element with the number that the token writes. */
static bool enter_element(struct cursor *c, const char *token, size_t token_len)
{
    size_t index = 0;
    if (token_len == 0 || token_len > 9 || !take(c, '[')) {
        return false;
    }
    for (size_t i = 0; i < token_len; i++) {
        if (token[i] < '0' || token[i] > '9') {
            return false;
        }
        index = index * 10 + (size_t)(token[i] - '0');
    }
    for (; index > 0; index--) {
        if (!skip_value(c) || !take(c, ',')) {
            return false;
        }
    }
    skip_space(c);
    return c->at < c->len && c->text[c->at] != ']';
}

static void set_place(const struct cursor *c, size_t at, int *line, int *column)
{
    int l = 1, col = 1;
    for (size_t i = 0; i < at; i++) {
        if (c->text[i] == '\n') {
            l++;
            col = 1;
        } else if (((unsigned char)c->text[i] & 0xC0) != 0x80) {
            col++;
        }
    }
    *line = l;
    *column = col;
}

static bool find(struct cursor *c, const char *pointer, size_t *key)
{
    skip_space(c);
    *key = c->at;
    while (*pointer == '/') {
        const char *token = pointer + 1;
        size_t token_len = strcspn(token, "/");
        if (c->at < c->len && c->text[c->at] == '[') {
            if (!enter_element(c, token, token_len)) {
                return false;
            }
            *key = c->at;
        } else if (!enter_member(c, token, token_len, key)) {
            return false;
        }
        pointer = token + token_len;
    }
    return *pointer == '\0' && c->at < c->len;
}

bool json_pos_find(const char *text, size_t len, const char *pointer, int *line, int *column)
{
    struct cursor c = {text, len, 0};
    size_t key;
    if (!find(&c, pointer, &key)) {
        return false;
    }
    set_place(&c, c.at, line, column);
    return true;
}

bool json_pos_find_key(const char *text, size_t len, const char *pointer, int *line, int *column)
{
    struct cursor c = {text, len, 0};
    size_t key;
    if (!find(&c, pointer, &key)) {
        return false;
    }
    set_place(&c, key, line, column);
    return true;
}
