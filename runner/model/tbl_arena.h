/* What a set of tables (or a profile) owns: memory that is freed as one, and the files that it was
 * read from. */
#ifndef VSSCTS_TBL_ARENA_H
#define VSSCTS_TBL_ARENA_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* One file. Strings of the tables are borrowed from root. */
struct tbl_file {
    struct tbl_file *next;
    const char *path; /* for messages */
    const char *rel;  /* relative to the folder of the tables */
    char *text;
    size_t len;
    json_t *root; /* NULL where it could not be parsed */
};

struct tbl_arena {
    struct tbl_chunk *chunks;
    struct tbl_file *files; /* newest first */
    json_t *kept;           /* a list of values that stand in no file; NULL: none */
    bool failed;            /* an allocation failed */
};

/* NULL: no memory. */
struct tbl_arena *tbl_arena_new(void);

/* Frees everything; NULL is allowed. */
void tbl_arena_free(struct tbl_arena *arena);

/* count * size zero bytes, aligned for any type, for as long as the arena lives. NULL (and
 * arena->failed) where there is no memory; never NULL for a count of 0 otherwise. */
void *tbl_alloc(struct tbl_arena *arena, size_t count, size_t size);

/* A copy of len bytes with a zero behind them, or NULL. */
char *tbl_strndup(struct tbl_arena *arena, const char *text, size_t len);

/* Makes room for one more item in an array of the arena: returns it, perhaps moved, or NULL. */
void *tbl_grow(struct tbl_arena *arena, void *items, size_t count, size_t *cap, size_t size);

/* Hands a text (from malloc) and its parsed form over to the arena; both are freed also where it
 * fails. path and rel are copied. NULL: no memory. */
struct tbl_file *tbl_add_file(struct tbl_arena *arena, const char *path, const char *rel,
                              char *text, size_t len, json_t *root);

/* Takes over a value that stands in no file, for as long as the arena lives. */
void tbl_keep(struct tbl_arena *arena, json_t *value);

#endif
