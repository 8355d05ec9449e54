/* JSON as text, member by member, without a tree: compact, as jansson writes it. Nothing is asked
 * after a call: what fails is kept in the buffer, whose failure its owner cannot pass over. */
#ifndef VSSCTS_JSON_EMIT_H
#define VSSCTS_JSON_EMIT_H

#include "json_view.h"
#include "str_buf.h"

/* Private; starts with je_init(), ends with je_free(). */
struct json_emit {
    struct str_buf *out;
    bool sorted;
    size_t depth, levels_cap;
    struct json_emit_level *levels; /* arrays and objects that are open */
    size_t count, cap;
    struct json_emit_member *members; /* of all open objects */
    struct str_buf scratch;           /* of an object that is put in order */
};

/* Appends to a buffer, which is borrowed. sorted: the members of each object come out in the order
 * of their keys, however they are told; else as they are told. No key may be told twice. */
void je_init(struct json_emit *emit, struct str_buf *out, bool sorted);
void je_free(struct json_emit *emit);

/* Goes on with another buffer, or an emptied one; nothing is open. */
void je_restart(struct json_emit *emit, struct str_buf *out, bool sorted);

/* The key is that of a member, and NULL in an array and of the outermost value; it must live until
 * its object has ended. Texts are UTF-8; a text that is NULL writes nothing at all. */
void je_object(struct json_emit *emit, const char *key);
void je_array(struct json_emit *emit, const char *key);
void je_end(struct json_emit *emit); /* of what was begun last */
void je_text(struct json_emit *emit, const char *key, const char *text);
void je_textn(struct json_emit *emit, const char *key, const char *text, size_t len);
void je_textf(struct json_emit *emit, const char *key, const char *format, ...) CTS_PRINTF(3, 4);
void je_integer(struct json_emit *emit, const char *key, json_int_t value);
void je_truth(struct json_emit *emit, const char *key, bool value);
void je_null(struct json_emit *emit, const char *key);
void je_value(struct json_emit *emit, const char *key, const struct jv *value);

/* A value whose text the caller appends next. */
void je_place(struct json_emit *emit, const char *key);

#endif
