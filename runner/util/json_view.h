/* JSON to be looked at: texts of one owner as flat lists of nodes that point into them. It takes a
 * fraction of the time that a tree takes, and nothing is freed one by one. jansson does what is
 * rare, so that what stands in a text is always what jansson finds there. */
#ifndef VSSCTS_JSON_VIEW_H
#define VSSCTS_JSON_VIEW_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A value. What is inside an array or object follows it directly, in the order of the text. */
struct jv {
    json_type type;
    uint32_t size;   /* nodes: itself and all that are inside */
    const char *key; /* of a member, else NULL */
    union {
        const char *text; /* of a string */
        json_int_t integer;
        double real;
    } is;
    size_t len; /* of a string */
};

/* Values that live as long as each other. Starts as zeros; ends with jv_free(). */
struct jv_doc {
    struct jv *nodes;
    size_t count, cap;
    json_t *kept; /* what jansson has read: an array, or NULL */
};

#define JV_NONE ((size_t)-1)

/* Reads a text, which is written to and must outlive the values. len is without the terminator that
 * the text must have. The number of the value, for jv_at(); JV_NONE: it is no JSON, or there was no
 * memory. */
size_t jv_read(struct jv_doc *doc, char *text, size_t len);

/* The same of a value that there is; a reference to it is kept. */
size_t jv_of(struct jv_doc *doc, json_t *value);

/* Forgets all values and keeps the memory. */
void jv_clear(struct jv_doc *doc);
void jv_free(struct jv_doc *doc);

/* Valid until the next value is read. */
const struct jv *jv_at(const struct jv_doc *doc, size_t number);

/* --- looking; every value may be NULL, which has no type --- */

/* The member of an object, or NULL. */
const struct jv *jv_get(const struct jv *object, const char *key);

/* What is inside, one after the other; NULL: nothing more. */
const struct jv *jv_first(const struct jv *whole);
const struct jv *jv_next(const struct jv *whole, const struct jv *inside);

bool jv_is(const struct jv *value, json_type type);
bool jv_is_true(const struct jv *value);
const char *jv_text(const struct jv *value);   /* NULL: no string */
json_int_t jv_integer(const struct jv *value); /* 0: no integer */

#endif
