#include "tbl_arena.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK_SIZE ((size_t)64 * 1024)

struct tbl_chunk {
    struct tbl_chunk *next;
    size_t used, size;
    max_align_t data[];
};

struct tbl_arena *tbl_arena_new(void)
{
    return calloc(1, sizeof(struct tbl_arena));
}

void tbl_arena_free(struct tbl_arena *arena)
{
    if (!arena) {
        return;
    }
    for (struct tbl_file *file = arena->files; file; file = file->next) {
        free(file->text);
        json_decref(file->root);
    }
    json_decref(arena->kept);
    while (arena->chunks) {
        struct tbl_chunk *next = arena->chunks->next;
        free(arena->chunks);
        arena->chunks = next;
    }
    free(arena);
}

static struct tbl_chunk *add_chunk(struct tbl_arena *arena, size_t size)
{
    size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;
    struct tbl_chunk *chunk = calloc(1, sizeof *chunk + room);
    if (chunk) {
        chunk->size = room;
        chunk->next = arena->chunks;
        arena->chunks = chunk;
    }
    return chunk;
}

void *tbl_alloc(struct tbl_arena *arena, size_t count, size_t size)
{
    const size_t limit = (size_t)-1 / 4, align = _Alignof(max_align_t);
    if (size > 0 && count > limit / size) {
        arena->failed = true;
        return NULL;
    }
    size_t need = (count * size + align - 1) / align * align;
    need = need ? need : align;
    struct tbl_chunk *chunk = arena->chunks;
    if (!chunk || chunk->size - chunk->used < need) {
        chunk = add_chunk(arena, need);
    }
    if (!chunk) {
        arena->failed = true;
        return NULL;
    }
    void *out = (char *)chunk->data + chunk->used;
    chunk->used += need;
    return out;
}

char *tbl_strndup(struct tbl_arena *arena, const char *text, size_t len)
{
    char *out = tbl_alloc(arena, len + 1, 1);
    if (out) {
        memcpy(out, text, len);
    }
    return out;
}

void *tbl_grow(struct tbl_arena *arena, void *items, size_t count, size_t *cap, size_t size)
{
    if (count < *cap) {
        return items;
    }
    size_t more = *cap ? *cap * 2 : 8;
    void *out = tbl_alloc(arena, more, size);
    if (out) {
        if (count > 0) {
            memcpy(out, items, count * size);
        }
        *cap = more;
    }
    return out;
}

struct tbl_file *tbl_add_file(struct tbl_arena *arena, const char *path, const char *rel,
                              char *text, size_t len, json_t *root)
{
    struct tbl_file *file = tbl_alloc(arena, 1, sizeof *file);
    const char *path_copy = tbl_strndup(arena, path, strlen(path));
    const char *rel_copy = tbl_strndup(arena, rel, strlen(rel));
    if (!file || !path_copy || !rel_copy) {
        free(text);
        json_decref(root);
        return NULL;
    }
    *file = (struct tbl_file){arena->files, path_copy, rel_copy, text, len, root};
    arena->files = file;
    return file;
}

void tbl_keep(struct tbl_arena *arena, json_t *value)
{
    if (!arena->kept) {
        arena->kept = json_array();
    }
    if (json_array_append_new(arena->kept, value) != 0) {
        arena->failed = true;
    }
}
