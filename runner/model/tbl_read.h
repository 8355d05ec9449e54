/* Reading JSON with a place in it: getters that check and complain. Private to the model room.
 *
 * A getter that complains returns a value that the caller can go on with (NULL, 0, an empty list),
 * so that one reading finds every error. */
#ifndef VSSCTS_TBL_READ_H
#define VSSCTS_TBL_READ_H

#include "../util/cts_error.h"
#include "tables.h"
#include "tbl_arena.h"

/* A list of names in a table may be no longer: they are compared with one another. */
#define TBL_LIST_MAX 10000

/* One complaint; its line and column are found at the end. */
struct tbl_complaint {
    const struct tbl_file *file;
    const char *pointer; /* JSON pointer; NULL: line and column are known */
    const char *text;
    int line, column;
    bool key; /* the place is the name of the member, not its value */
};

struct tbl_scope;

/* A method, and its row in calls/. */
struct tbl_called {
    const struct api_method *method;
    const json_t *row;
};

/* All that a loading shares. */
struct tbl_ctx {
    struct tbl_arena *arena;
    struct tables *tables;     /* NULL while a profile is read */
    bool *defined;             /* the preambles of the same index that are read */
    struct tbl_scope *scopes;  /* how the preambles of the same index end; NULL before */
    bool *used;                /* requirements of the same index that a case checks */
    size_t row_count, row_cap; /* methods that have a row in calls/ */
    struct tbl_called *rows;
    size_t made_count, made_cap; /* requirements that rows make; not among the tables' yet */
    struct requirement *made;
    size_t case_cap, gap_cap, omission_cap;
    bool broken;  /* a file could not be read: what it would define is missing */
    size_t count; /* complaints, kept or not */
    struct tbl_complaint kept[CTS_ERRORS_MAX];
};

/* A value and the way to it. The chain lives on the stack of the readers. json is NULL for a member
 * that is missing. */
struct tbl_at {
    const struct tbl_at *up; /* NULL: the whole file */
    const struct tbl_file *file;
    const char *key; /* NULL: an element */
    size_t index;
    json_t *json;
    bool made; /* stands in no file: made from `up`, which is its place */
};

struct tbl_at tbl_root(const struct tbl_file *file);
struct tbl_at tbl_member(const struct tbl_at *at, const char *key);
struct tbl_at tbl_item(const struct tbl_at *at, size_t index);

/* A value that was made from another. What it shares with that has its place there, the rest that
 * of the whole. */
struct tbl_at tbl_made(const struct tbl_at *from, json_t *json);

/* Complains about a value; where it is missing, about what holds it. The same complaint about the
 * same place is kept once. */
void tbl_err(struct tbl_ctx *ctx, const struct tbl_at *at, const char *fmt, ...) CTS_PRINTF(3, 4);

/* The same about the name of a member. */
void tbl_err_key(struct tbl_ctx *ctx, const struct tbl_at *at, const char *fmt, ...)
    CTS_PRINTF(3, 4);

/* The same about a thing that was read before. */
void tbl_err_where(struct tbl_ctx *ctx, const struct where *where, const char *fmt, ...)
    CTS_PRINTF(3, 4);

/* The same about a file, at a line and column. */
void tbl_err_file(struct tbl_ctx *ctx, const struct tbl_file *file, int line, int column,
                  const char *fmt, ...) CTS_PRINTF(5, 6);

/* Sorts the complaints by file, line and column into errs (not NULL). */
void tbl_report(struct tbl_ctx *ctx, struct cts_errors *errs);

/* The place of a value, to be kept. */
struct where tbl_place(struct tbl_ctx *ctx, const struct tbl_at *at);

/* Is the value an object whose keys all stand in `keys` (names with a space between them; "note" is
 * always allowed)? Complains about each other key and goes on: false only where it is no object. */
bool tbl_object(struct tbl_ctx *ctx, const struct tbl_at *at, const char *keys);

/* Is the value a list? A missing member that is required is complained about. */
bool tbl_array(struct tbl_ctx *ctx, const struct tbl_at *at, bool required);

/* A string that is not empty; NULL where it is missing or wrong. */
const char *tbl_string(struct tbl_ctx *ctx, const struct tbl_at *at, const char *key,
                       bool required);

/* The value itself as such a string. */
const char *tbl_string_here(struct tbl_ctx *ctx, const struct tbl_at *at);

/* Are the keys "format" and "kind" there and right? */
void tbl_head(struct tbl_ctx *ctx, const struct tbl_at *root, const char *kind);

/* A string of the form of an id; path: parts joined by '/' are allowed. */
const char *tbl_id(struct tbl_ctx *ctx, const struct tbl_at *at, const char *key, bool path);

/* The name of a page. */
const char *tbl_page(struct tbl_ctx *ctx, const struct tbl_at *at, const char *key, bool required);

/* Complains where the text is no name of a page; true where it is one. */
bool tbl_check_page(struct tbl_ctx *ctx, const struct tbl_at *at, const char *page);

bool tbl_bool(struct tbl_ctx *ctx, const struct tbl_at *at, const char *key, bool otherwise);

/* A whole number from low to high, `otherwise` where it is missing or wrong. */
int64_t tbl_int(struct tbl_ctx *ctx, const struct tbl_at *at, const char *key, int64_t low,
                int64_t high, int64_t otherwise);

/* A list of different strings; single: one string stands for a list of one. */
struct string_list tbl_strings(struct tbl_ctx *ctx, const struct tbl_at *at, const char *key,
                               bool required, bool single);

struct condition tbl_condition(struct tbl_ctx *ctx, const struct tbl_at *at, const char *key);

/* An HRESULT by name or number; 0 where it is wrong. */
uint32_t tbl_code(struct tbl_ctx *ctx, const struct tbl_at *at, bool *ok);

/* Form checks, without complaint. */
bool tbl_is_id(const char *text, bool path);
bool tbl_is_name(const char *text); /* of C: interfaces, methods, parameters */
bool tbl_is_guid(const char *text); /* "GUID_NULL" or 36 characters */

/* Complains that `name` is no known `what`; best is the nearest known name or NULL. */
void tbl_unknown(struct tbl_ctx *ctx, const struct tbl_at *at, const char *what, const char *name,
                 const char *best);

/* The same, kept back where a file could not be read: the name may stand in it. */
void tbl_unresolved(struct tbl_ctx *ctx, const struct tbl_at *at, const char *what,
                    const char *name, const char *best);

/* The nearest of the names that are the first members of the structs of an array, or NULL. */
const char *tbl_nearest(const void *items, size_t count, size_t size, const char *name);

/* The nearest method of an interface or its bases, or NULL. */
const char *tbl_nearest_method(const struct tables *tables, const struct api_interface *iface,
                               const char *name);

/* The nearest function, or NULL. */
const char *tbl_nearest_function(const struct tables *tables, const char *name);

#endif
