#include "json_emit.h"

#include "json_digits.h"
#include "mem_grow.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_LEVELS 16
#define FIRST_MEMBERS 64
#define SCRATCH_MAX ((size_t)1 << 30) /* the buffer's own limit is less */

struct json_emit_level {
    bool object;
    bool disordered;
    bool any;      /* something is inside */
    size_t start;  /* in the text, behind the bracket */
    size_t member; /* the first one */
};

struct json_emit_member {
    size_t start, end; /* in the text, from the quote of the key on */
    const char *key;
};

void je_init(struct json_emit *emit, struct str_buf *out, bool sorted)
{
    *emit = (struct json_emit){.out = out, .sorted = sorted};
    sb_init(&emit->scratch, SCRATCH_MAX);
}

void je_free(struct json_emit *emit)
{
    free(emit->levels);
    free(emit->members);
    sb_free(&emit->scratch);
}

void je_restart(struct json_emit *emit, struct str_buf *out, bool sorted)
{
    emit->out = out;
    emit->sorted = sorted;
    emit->depth = emit->count = 0;
}

/* --- strings --- */

/* The escape of a character that cannot stand between quotes as it is. */
static const char *escape_of(unsigned char c)
{
    static const char *const controls[0x20] = {
        "\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005", "\\u0006", "\\u0007",
        "\\b",     "\\t",     "\\n",     "\\u000B", "\\f",     "\\r",     "\\u000E", "\\u000F",
        "\\u0010", "\\u0011", "\\u0012", "\\u0013", "\\u0014", "\\u0015", "\\u0016", "\\u0017",
        "\\u0018", "\\u0019", "\\u001A", "\\u001B", "\\u001C", "\\u001D", "\\u001E", "\\u001F"};
    if (c < 0x20) {
        return controls[c];
    }
    return c == '"' ? "\\\"" : "\\\\";
}

/* Bytes up to the first one that needs an escape. */
static size_t plain_part(const char *text, size_t len)
{
    size_t at = 0;
    while (at < len && (unsigned char)text[at] >= 0x20 && text[at] != '"' && text[at] != '\\') {
        at++;
    }
    return at;
}

/* Most texts need none: `"text"`, with what follows it. */
static void put_plain(struct str_buf *out, const char *text, size_t len, const char *after)
{
    const size_t behind = strlen(after);
    char *space = sb_space(out, len + 1 + behind);
    if (space != NULL) {
        *space = '"';
        memcpy(space + 1, text, len);
        memcpy(space + 1 + len, after, behind);
    }
}

static void put_escaped(struct str_buf *out, const char *text, size_t len, const char *after)
{
    sb_addc(out, '"');
    for (size_t from = 0; from < len;) {
        const size_t part = plain_part(text + from, len - from);
        sb_addn(out, text + from, part);
        from += part;
        if (from < len) {
            sb_add(out, escape_of((unsigned char)text[from++]));
        }
    }
    sb_add(out, after);
}

static void put_string(struct str_buf *out, const char *text, size_t len, const char *after)
{
    (plain_part(text, len) == len ? put_plain : put_escaped)(out, text, len, after);
}

/* --- members --- */

/* There is no memory: the buffer keeps that. */
static void fail(struct json_emit *emit)
{
    sb_fail(emit->out);
}

static bool room(void **list, size_t count, size_t *cap, size_t first, size_t size)
{
    if (count < *cap) {
        return true;
    }
    const size_t more = *cap > 0 ? 2 * *cap : first;
    void *made = mem_grow(*list, more * size);
    if (made != NULL) {
        *list = made;
        *cap = more;
    }
    return made != NULL;
}

static void end_member(struct json_emit *emit, const struct json_emit_level *level)
{
    if (emit->count > level->member) {
        emit->members[emit->count - 1].end = emit->out->len;
    }
}

static void add_member(struct json_emit *emit, struct json_emit_level *level, const char *key)
{
    void *members = emit->members;
    if (!room(&members, emit->count, &emit->cap, FIRST_MEMBERS, sizeof *emit->members)) {
        fail(emit);
        return;
    }
    emit->members = members;
    if (emit->count > level->member && strcmp(emit->members[emit->count - 1].key, key) > 0) {
        level->disordered = true;
    }
    emit->members[emit->count++] = (struct json_emit_member){emit->out->len, 0, key};
}

/* What stands before a value. */
static void put_key(struct json_emit *emit, const char *key)
{
    if (emit->depth > 0) {
        struct json_emit_level *level = &emit->levels[emit->depth - 1];
        if (level->object && emit->sorted) {
            end_member(emit, level);
        }
        if (level->any) {
            sb_addc(emit->out, ',');
        }
        level->any = true;
        if (level->object && emit->sorted) {
            add_member(emit, level, key);
        }
    }
    if (key != NULL) {
        put_string(emit->out, key, strlen(key), "\":");
    }
}

/* Members of one object are few, and mostly in order. */
static void sort_members(struct json_emit_member *members, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct json_emit_member member = members[i];
        size_t at = i;
        for (; at > 0 && strcmp(members[at - 1].key, member.key) > 0; at--) {
            members[at] = members[at - 1];
        }
        members[at] = member;
    }
}

/* Writes the members of an object anew, in the order of their keys. */
static void reorder(struct json_emit *emit, const struct json_emit_level *level)
{
    struct str_buf *out = emit->out, *scratch = &emit->scratch;
    const size_t count = emit->count - level->member, len = out->len - level->start;
    struct json_emit_member *members = emit->members + level->member;
    if (out->failed) {
        return;
    }
    sb_clear(scratch);
    sb_addn(scratch, out->data + level->start, len);
    if (scratch->failed) {
        fail(emit);
        return;
    }
    sort_members(members, count);
    char *to = out->data + level->start;
    for (size_t i = 0; i < count; i++) {
        const size_t part = members[i].end - members[i].start;
        memcpy(to, scratch->data + (members[i].start - level->start), part);
        to += part;
        if (i + 1 < count) {
            *to++ = ',';
        }
    }
}

/* --- values --- */

static void begin(struct json_emit *emit, const char *key, bool object)
{
    void *levels = emit->levels;
    put_key(emit, key);
    sb_addc(emit->out, object ? '{' : '[');
    if (!room(&levels, emit->depth, &emit->levels_cap, FIRST_LEVELS, sizeof *emit->levels)) {
        fail(emit);
        return;
    }
    emit->levels = levels;
    emit->levels[emit->depth++] =
        (struct json_emit_level){.object = object, .start = emit->out->len, .member = emit->count};
}

void je_object(struct json_emit *emit, const char *key)
{
    begin(emit, key, true);
}

void je_array(struct json_emit *emit, const char *key)
{
    begin(emit, key, false);
}

void je_end(struct json_emit *emit)
{
    if (emit->depth == 0) {
        return; /* there was no memory to begin it */
    }
    const struct json_emit_level *level = &emit->levels[--emit->depth];
    if (level->object && emit->sorted) {
        end_member(emit, level);
        if (level->disordered) {
            reorder(emit, level);
        }
    }
    emit->count = level->member;
    sb_addc(emit->out, level->object ? '}' : ']');
}

void je_textn(struct json_emit *emit, const char *key, const char *text, size_t len)
{
    put_key(emit, key);
    put_string(emit->out, text, len, "\"");
}

void je_text(struct json_emit *emit, const char *key, const char *text)
{
    if (text != NULL) {
        je_textn(emit, key, text, strlen(text));
    }
}

void je_textf(struct json_emit *emit, const char *key, const char *format, ...)
{
    char piece[256], *text = piece;
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    const int len = vsnprintf(piece, sizeof piece, format, args);
    va_end(args);
    if (len >= (int)sizeof piece) {
        text = mem_grow(NULL, (size_t)len + 1);
        if (text != NULL) {
            vsnprintf(text, (size_t)len + 1, format, again);
        }
    }
    va_end(again);
    if (len < 0 || text == NULL) {
        fail(emit);
    } else {
        je_textn(emit, key, text, (size_t)len);
    }
    if (text != piece) {
        free(text);
    }
}

void je_integer(struct json_emit *emit, const char *key, json_int_t value)
{
    char room[JSON_DIGITS_SIZE];
    const char *digits = json_digits(value, room);
    put_key(emit, key);
    sb_addn(emit->out, digits, (size_t)(room + sizeof room - digits));
}

void je_truth(struct json_emit *emit, const char *key, bool value)
{
    put_key(emit, key);
    sb_add(emit->out, value ? "true" : "false");
}

void je_place(struct json_emit *emit, const char *key)
{
    put_key(emit, key);
}

void je_null(struct json_emit *emit, const char *key)
{
    put_key(emit, key);
    sb_add(emit->out, "null");
}

/* The shortest text that a double comes back from is jansson's business. */
static void put_real(struct json_emit *emit, const char *key, double real)
{
    json_t *value = json_real(real);
    char *text = value != NULL ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
    json_decref(value);
    if (text == NULL) {
        fail(emit);
        return;
    }
    put_key(emit, key);
    sb_add(emit->out, text);
    free(text);
}

static void put_inside(struct json_emit *emit, const struct jv *value)
{
    for (const struct jv *at = jv_first(value); at != NULL; at = jv_next(value, at)) {
        je_value(emit, at->key, at);
    }
    je_end(emit);
}

void je_value(struct json_emit *emit, const char *key, const struct jv *value)
{
    switch (value->type) {
    case JSON_OBJECT:
        je_object(emit, key);
        put_inside(emit, value);
        break;
    case JSON_ARRAY:
        je_array(emit, key);
        put_inside(emit, value);
        break;
    case JSON_STRING:
        je_textn(emit, key, value->is.text, value->len);
        break;
    case JSON_INTEGER:
        je_integer(emit, key, value->is.integer);
        break;
    case JSON_REAL:
        put_real(emit, key, value->is.real);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        je_truth(emit, key, value->type == JSON_TRUE);
        break;
    case JSON_NULL:
        je_null(emit, key);
        break;
    }
}
