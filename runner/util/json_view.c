#include "json_view.h"

#include "json_scan.h"
#include "mem_grow.h"

#include <stdlib.h>

#define FIRST_NODES 256

/* --- nodes --- */

/* One more node, or NULL. Nodes move: they are known by their numbers while they are made. */
static struct jv *add_node(struct jv_doc *doc, json_type type, const char *key)
{
    if (doc->count == doc->cap) {
        const size_t cap = doc->cap > 0 ? 2 * doc->cap : FIRST_NODES;
        struct jv *nodes = cap < UINT32_MAX ? mem_grow(doc->nodes, cap * sizeof *nodes) : NULL;
        if (nodes == NULL) {
            return NULL;
        }
        doc->nodes = nodes;
        doc->cap = cap;
    }
    struct jv *node = &doc->nodes[doc->count++];
    *node = (struct jv){.type = type, .size = 1, .key = key};
    return node;
}

static void close_node(struct jv_doc *doc, size_t number)
{
    doc->nodes[number].size = (uint32_t)(doc->count - number);
}

/* --- texts --- */

/* Is what follows a backslash one of the escapes that are known here? */
static bool scan_escape(struct scan *scan)
{
    const bool known = scan->end - scan->at >= 2 && strchr("\"\\/bfnrt", scan->at[1]) != NULL &&
                       scan->at[1] != '\0';
    scan->at += known ? 2 : 0;
    return known;
}

/* The bytes between two quotes, of which the first is skipped already, with their escapes. NULL: it
 * is not known here. escaped: there are some. */
static char *read_string(struct scan *scan, size_t *len, bool *escaped)
{
    const char *const begin = scan->at;
    bool known = true;
    *escaped = false;
    do {
        known = scan_plain(scan);
    } while (known && scan->at < scan->end && *scan->at == '\\' && scan_escape(scan) &&
             (*escaped = true));
    *len = (size_t)(scan->at - begin);
    return known && scan_skip(scan, '"') ? (char *)(uintptr_t)begin : NULL;
}

static char unescaped(char c)
{
    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return c;
    }
}

/* Takes the escapes out where the text stands. The new length. */
static size_t unescape(char *text, size_t len)
{
    size_t to = 0;
    for (size_t from = 0; from < len; from++) {
        const bool escape = text[from] == '\\';
        from += escape;
        text[to++] = escape ? unescaped(text[from]) : text[from];
    }
    return to;
}

/* --- reading --- */

/* How much of a text is read before it is sure that all of it is known: texts stay as they are
 * until then, and a string with escapes has this length beside its own. */
#define ESCAPED ((size_t)1 << (sizeof(size_t) * 8 - 1))

static bool read_value(struct jv_doc *doc, struct scan *scan, const char *key);

static bool read_member(struct jv_doc *doc, struct scan *scan)
{
    size_t len = 0;
    bool escaped = false;
    const char *const key = scan_mark(scan, '"') ? read_string(scan, &len, &escaped) : NULL;
    /* a key that ends early would hide another */
    return key != NULL && !escaped && scan_mark(scan, ':') && read_value(doc, scan, key);
}

static bool read_inner(struct jv_doc *doc, struct scan *scan, bool object)
{
    const char end = object ? '}' : ']';
    if (scan_mark(scan, end)) {
        return true;
    }
    do {
        if (!(object ? read_member(doc, scan) : read_value(doc, scan, NULL))) {
            return false;
        }
    } while (scan_mark(scan, ','));
    return scan_mark(scan, end);
}

static bool read_whole(struct jv_doc *doc, struct scan *scan, const char *key, bool object)
{
    const size_t number = doc->count;
    bool right = scan->depth < SCAN_DEPTH_MAX &&
                 add_node(doc, object ? JSON_OBJECT : JSON_ARRAY, key) != NULL;
    scan->depth++;
    right = right && read_inner(doc, scan, object);
    scan->depth--;
    if (right) {
        close_node(doc, number);
    }
    return right;
}

static bool read_text(struct jv_doc *doc, struct scan *scan, const char *key)
{
    size_t len = 0;
    bool escaped = false;
    const char *text = read_string(scan, &len, &escaped);
    struct jv *node = text != NULL ? add_node(doc, JSON_STRING, key) : NULL;
    if (node == NULL) {
        return false;
    }
    node->is.text = text;
    node->len = escaped ? len | ESCAPED : len;
    return true;
}

static bool read_number(struct jv_doc *doc, struct scan *scan, const char *key)
{
    int64_t value = 0;
    struct jv *node = scan_integer(scan, &value) ? add_node(doc, JSON_INTEGER, key) : NULL;
    if (node != NULL) {
        node->is.integer = (json_int_t)value;
    }
    return node != NULL;
}

static bool read_value(struct jv_doc *doc, struct scan *scan, const char *key)
{
    scan_blanks(scan);
    switch (scan->at < scan->end ? *scan->at : '\0') {
    case '"':
        scan->at++;
        return read_text(doc, scan, key);
    case '{':
        scan->at++;
        return read_whole(doc, scan, key, true);
    case '[':
        scan->at++;
        return read_whole(doc, scan, key, false);
    case 't':
        return scan_word(scan, "true") && add_node(doc, JSON_TRUE, key) != NULL;
    case 'f':
        return scan_word(scan, "false") && add_node(doc, JSON_FALSE, key) != NULL;
    case 'n':
        return scan_word(scan, "null") && add_node(doc, JSON_NULL, key) != NULL;
    default:
        return read_number(doc, scan, key);
    }
}

/* Ends every text where its closing quote was, keys too. */
static void end_texts(struct jv_doc *doc, size_t from)
{
    for (struct jv *node = doc->nodes + from; node < doc->nodes + doc->count; node++) {
        if (node->key != NULL) {
            char *key = (char *)(uintptr_t)node->key; /* of the text that was given to be changed */
            key[strcspn(key, "\"")] = '\0';
        }
        if (node->type == JSON_STRING) {
            char *text = (char *)(uintptr_t)node->is.text;
            const bool escaped = (node->len & ESCAPED) != 0;
            node->len &= ~ESCAPED;
            node->len = escaped ? unescape(text, node->len) : node->len;
            text[node->len] = '\0';
        }
    }
}

/* --- what jansson has read --- */

static bool add_value(struct jv_doc *doc, const json_t *value, const char *key);

static bool add_members(struct jv_doc *doc, json_t *value)
{
    const char *key;
    json_t *member;
    bool right = true;
    json_object_foreach(value, key, member)
    {
        right = right && add_value(doc, member, key);
    }
    return right;
}

static bool add_items(struct jv_doc *doc, const json_t *value)
{
    bool right = true;
    for (size_t i = 0; right && i < json_array_size(value); i++) {
        right = add_value(doc, json_array_get(value, i), NULL);
    }
    return right;
}

static bool add_value(struct jv_doc *doc, const json_t *value, const char *key)
{
    const size_t number = doc->count;
    struct jv *node = add_node(doc, json_typeof(value), key);
    if (node == NULL) {
        return false;
    }
    switch (node->type) {
    case JSON_STRING:
        node->is.text = json_string_value(value);
        node->len = json_string_length(value);
        return true;
    case JSON_INTEGER:
        node->is.integer = json_integer_value(value);
        return true;
    case JSON_REAL:
        node->is.real = json_real_value(value);
        return true;
    case JSON_OBJECT:
    case JSON_ARRAY: {
        const bool right = node->type == JSON_OBJECT ? add_members(doc, (json_t *)(uintptr_t)value)
                                                     : add_items(doc, value);
        close_node(doc, number);
        return right;
    }
    default:
        return true;
    }
}

size_t jv_of(struct jv_doc *doc, json_t *value)
{
    const size_t number = doc->count;
    if (doc->kept == NULL) {
        doc->kept = json_array();
    }
    if (value == NULL || json_array_append(doc->kept, value) != 0 || !add_value(doc, value, NULL)) {
        doc->count = number;
        return JV_NONE;
    }
    return number;
}

size_t jv_read(struct jv_doc *doc, char *text, size_t len)
{
    const size_t number = doc->count;
    struct scan scan = {text, text + len, 0};
    if (read_value(doc, &scan, NULL)) {
        scan_blanks(&scan);
        if (scan.at == scan.end) {
            end_texts(doc, number);
            return number;
        }
    }
    doc->count = number;
    json_t *value = json_loadb(text, len, JSON_DECODE_ANY, NULL);
    const size_t made = jv_of(doc, value);
    json_decref(value);
    return made;
}

void jv_clear(struct jv_doc *doc)
{
    doc->count = 0;
    json_decref(doc->kept);
    doc->kept = NULL;
}

void jv_free(struct jv_doc *doc)
{
    free(doc->nodes);
    json_decref(doc->kept);
    *doc = (struct jv_doc){0};
}

/* --- looking --- */

const struct jv *jv_at(const struct jv_doc *doc, size_t number)
{
    return &doc->nodes[number];
}

const struct jv *jv_first(const struct jv *whole)
{
    return whole != NULL && whole->size > 1 ? whole + 1 : NULL;
}

const struct jv *jv_next(const struct jv *whole, const struct jv *inside)
{
    const struct jv *next = inside + inside->size;
    return next < whole + whole->size ? next : NULL;
}

const struct jv *jv_get(const struct jv *object, const char *key)
{
    if (jv_is(object, JSON_OBJECT)) {
        for (const struct jv *at = jv_first(object); at != NULL; at = jv_next(object, at)) {
            /* most keys that are asked for are not there, and differ in their first letter */
            if (at->key[0] == key[0] && strcmp(at->key, key) == 0) {
                return at;
            }
        }
    }
    return NULL;
}

bool jv_is(const struct jv *value, json_type type)
{
    return value != NULL && value->type == type;
}

bool jv_is_true(const struct jv *value)
{
    return jv_is(value, JSON_TRUE);
}

const char *jv_text(const struct jv *value)
{
    return jv_is(value, JSON_STRING) ? value->is.text : NULL;
}

json_int_t jv_integer(const struct jv *value)
{
    return jv_is(value, JSON_INTEGER) ? value->is.integer : 0;
}
