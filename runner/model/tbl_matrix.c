/* Matrices: calls × preambles, each cell covered by exactly one row. */
#include "../util/str_buf.h"
#include "tbl_cases.h"

#include <stdio.h>
#include <string.h>

struct matrix {
    struct tbl_ctx *ctx;
    const struct tbl_at *at;
    const char *suite, *id;
    struct tbl_case_keys keys;
    struct tbl_at calls; /* list of {"id", "steps"} */
    struct string_list call_ids;
    struct string_list preambles;
    size_t *rows; /* by call, then preamble: number of the row that covers the cell, from 1 */
};

static int index_of(const struct string_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i], name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static bool read_calls(struct matrix *m)
{
    size_t count = json_array_size(m->calls.json);
    if (!tbl_array(m->ctx, &m->calls, true)) {
        return false;
    }
    if (count == 0 || count > TBL_LIST_MAX) {
        tbl_err(m->ctx, &m->calls, count == 0 ? "a matrix without calls" : "too many calls");
        return false;
    }
    m->call_ids.items = tbl_alloc(m->ctx->arena, count, sizeof *m->call_ids.items);
    for (size_t i = 0; m->call_ids.items && i < count; i++) {
        struct tbl_at item = tbl_item(&m->calls, i), id_at = tbl_member(&item, "id");
        if (!tbl_object(m->ctx, &item, "id steps")) {
            return false;
        }
        const char *id = tbl_id(m->ctx, &item, "id", false);
        if (id && index_of(&m->call_ids, id) >= 0) {
            tbl_err(m->ctx, &id_at, "a second call \"%s\"", id);
            return false;
        }
        if (!id) {
            return false;
        }
        m->call_ids.items[m->call_ids.count++] = id;
    }
    return m->call_ids.items != NULL;
}

static bool read_preambles(struct matrix *m)
{
    const struct tables *tables = m->ctx->tables;
    struct tbl_at list = tbl_member(m->at, "preambles");
    m->preambles = tbl_strings(m->ctx, m->at, "preambles", true, false);
    for (size_t i = 0; i < m->preambles.count; i++) {
        const char *id = m->preambles.items[i];
        struct tbl_at item = tbl_item(&list, i);
        if (!tbl_preamble(tables, id)) {
            tbl_unresolved(m->ctx, &item, "preamble", id,
                           tbl_nearest(tables->preambles, tables->preamble_count,
                                       sizeof *tables->preambles, id));
        }
    }
    if (json_is_array(list.json) && m->preambles.count == 0) {
        tbl_err(m->ctx, &list, "a matrix without preambles");
    }
    return m->preambles.count > 0;
}

/* The columns (or lines) that a row is about, as a set over `all`. NULL or no key: all. */
static bool *row_set(struct matrix *m, const struct tbl_at *row, const char *key, const char *what,
                     const struct string_list *all)
{
    struct tbl_at list = tbl_member(row, key);
    bool *set = tbl_alloc(m->ctx->arena, all->count, sizeof *set);
    bool every = !list.json || json_is_null(list.json);
    struct string_list names = {0};
    if (!every) {
        names = tbl_strings(m->ctx, row, key, true, false);
    }
    for (size_t i = 0; set && every && i < all->count; i++) {
        set[i] = true;
    }
    for (size_t i = 0; set && i < names.count; i++) {
        struct tbl_at item = tbl_item(&list, i);
        int index = index_of(all, names.items[i]);
        if (index < 0) {
            tbl_err(m->ctx, &item, "the matrix has no %s \"%s\"", what, names.items[i]);
        } else {
            set[index] = true;
        }
    }
    if (json_is_array(list.json) && json_array_size(list.json) == 0) {
        tbl_err(m->ctx, &list, "a row without cells");
    }
    return set;
}

/* The keys of the row over those of the matrix: lists add up, conditions must both hold, of the
 * others the row's count. */
static struct tbl_case_keys merge(struct matrix *m, struct tbl_case_keys row)
{
    const struct tbl_case_keys *over = &m->keys;
    char when[1024];
    row.title = row.title ? row.title : over->title;
    row.requirements = tbl_join_lists(m->ctx, over->requirements, row.requirements);
    row.tags = tbl_join_lists(m->ctx, over->tags, row.tags);
    row.needs |= over->needs;
    if (row.when.text && over->when.text) {
        int len = snprintf(when, sizeof when, "%s and %s", over->when.text, row.when.text);
        if (len < (int)sizeof when) {
            row.when.text = tbl_strndup(m->ctx->arena, when, (size_t)len);
        } else {
            tbl_err(m->ctx, m->at, "the conditions of the matrix and its row are too long");
        }
    } else if (over->when.text) {
        row.when = over->when;
    }
    if (!row.has_question) {
        row.question = over->question;
        row.has_question = over->has_question;
    }
    row.apartment = row.apartment ? row.apartment : over->apartment;
    row.isolation = row.isolation ? row.isolation : over->isolation;
    row.exclusive = row.has_exclusive ? row.exclusive : over->exclusive;
    row.deadline_ms = row.deadline_ms ? row.deadline_ms : over->deadline_ms;
    row.finally = row.finally.json ? row.finally : over->finally;
    return row;
}

/* The title with {call} and {preamble} replaced. */
static const char *cell_title(struct matrix *m, const char *title, const char *call,
                              const char *preamble)
{
    const struct preamble *found = tbl_preamble(m->ctx->tables, preamble);
    struct str_buf buf;
    sb_init(&buf, 4096);
    for (const char *p = title ? title : ""; *p;) {
        if (strncmp(p, "{call}", 6) == 0) {
            sb_add(&buf, call);
            p += 6;
        } else if (strncmp(p, "{preamble}", 10) == 0) {
            sb_add(&buf, found && found->title ? found->title : preamble);
            p += 10;
        } else {
            sb_addc(&buf, *p++);
        }
    }
    if (buf.failed) {
        tbl_err(m->ctx, m->at, "the title of a cell is too long");
    }
    const char *text = tbl_strndup(m->ctx->arena, sb_text(&buf), strlen(sb_text(&buf)));
    sb_free(&buf);
    return text;
}

static void add_cell(struct matrix *m, const struct tbl_at *row, const struct tbl_at *expect,
                     struct tbl_case_keys keys, size_t call, const char *preamble)
{
    struct tbl_at call_at = tbl_item(&m->calls, call);
    const char *call_id = m->call_ids.items[call];
    char id[1024];
    bool one = m->call_ids.count == 1;
    int len = snprintf(id, sizeof id, "%s/%s/%s%s%s", m->suite, m->id, one ? "" : call_id,
                       one ? "" : "/", preamble);
    if (len >= (int)sizeof id) {
        tbl_err(m->ctx, row, "the id of a cell is too long");
        return;
    }
    keys.title = cell_title(m, keys.title, call_id, preamble);
    struct tbl_case_spec spec = {
        .suite = m->suite,
        .id = tbl_strndup(m->ctx->arena, id, (size_t)len),
        .matrix = m->id,
        .at = row,
        .keys = keys,
        .preamble = preamble,
        .steps = tbl_member(&call_at, "steps"),
        .last_expect = expect->json ? expect : NULL,
        .then = tbl_member(row, "then"),
    };
    if (spec.id) {
        tbl_add_case(m->ctx, &spec);
    }
}

/* The name of the last method that the steps of a call name, or NULL. The steps are not read: in a
 * cell that is left out they need not make sense. */
static const char *named_method(const struct matrix *m, size_t call)
{
    struct tbl_at call_at = tbl_item(&m->calls, call), steps = tbl_member(&call_at, "steps");
    for (size_t i = json_array_size(steps.json); i > 0; i--) {
        const json_t *step = json_array_get(steps.json, i - 1);
        const char *text = json_string_value(json_object_get(step, "call"));
        const char *dot = text ? strrchr(text, '.') : NULL;
        if (dot) {
            return dot + 1;
        }
    }
    return NULL;
}

static void add_gap(struct matrix *m, const struct tbl_at *row, const char *reason, size_t call,
                    const char *preamble)
{
    struct tables *tables = m->ctx->tables;
    struct gap *gaps = tbl_grow(m->ctx->arena, tables->gaps, tables->gap_count, &m->ctx->gap_cap,
                                sizeof *tables->gaps);
    if (gaps) {
        tables->gaps = gaps;
        gaps[tables->gap_count++] = (struct gap){.method = named_method(m, call),
                                                 .preamble = tbl_preamble(tables, preamble),
                                                 .reason = reason,
                                                 .where = tbl_place(m->ctx, row)};
    }
}

/* The reason of a row that leaves its cells out; it says so and nothing else. NULL: it is none. */
static const char *read_none(struct matrix *m, const struct tbl_at *row)
{
    const char *key;
    json_t *value;
    if (!json_object_get(row->json, "none")) {
        return NULL;
    }
    const char *reason = tbl_string(m->ctx, row, "none", true);
    json_object_foreach(row->json, key, value)
    {
        if (strcmp(key, "none") != 0 && strcmp(key, "calls") != 0 &&
            strcmp(key, "preambles") != 0 && strcmp(key, "note") != 0) {
            struct tbl_at at = tbl_member(row, key);
            tbl_err_key(m->ctx, &at, "a row with \"none\" has no \"%s\"", key);
        }
    }
    return reason ? reason : "?"; /* complained about already */
}

static void read_row(struct matrix *m, const struct tbl_at *row, size_t number)
{
    if (!tbl_object(m->ctx, row, "calls preambles none expect then " TBL_CASE_KEYS)) {
        return;
    }
    const char *none = read_none(m, row);
    struct tbl_at expect = tbl_member(row, "expect");
    struct tbl_case_keys keys = merge(m, tbl_read_case_keys(m->ctx, row));
    bool *calls = row_set(m, row, "calls", "call", &m->call_ids);
    bool *preambles = row_set(m, row, "preambles", "preamble", &m->preambles);
    if (expect.json && keys.has_question) {
        tbl_err_key(m->ctx, &expect, "a question has no expectations: its outcome is recorded");
        expect.json = NULL;
    }
    for (size_t c = 0; calls && preambles && c < m->call_ids.count; c++) {
        for (size_t p = 0; p < m->preambles.count; p++) {
            size_t *covered = &m->rows[c * m->preambles.count + p];
            if (!calls[c] || !preambles[p]) {
                continue;
            }
            if (*covered) {
                tbl_err(m->ctx, row, "row %zu covers %s × %s already", *covered,
                        m->call_ids.items[c], m->preambles.items[p]);
                continue;
            }
            *covered = number;
            if (none) {
                add_gap(m, row, none, c, m->preambles.items[p]);
            } else {
                add_cell(m, row, &expect, keys, c, m->preambles.items[p]);
            }
        }
    }
}

static void read_rows(struct matrix *m)
{
    struct tbl_at rows = tbl_member(m->at, "rows");
    size_t cells = m->call_ids.count * m->preambles.count;
    if (!tbl_array(m->ctx, &rows, true)) {
        return;
    }
    if (cells > TBL_CASES_MAX || json_array_size(rows.json) > TBL_LIST_MAX) {
        tbl_err(m->ctx, m->at, "more than %d cells or %d rows", TBL_CASES_MAX, TBL_LIST_MAX);
        return;
    }
    m->rows = tbl_alloc(m->ctx->arena, cells, sizeof *m->rows);
    for (size_t i = 0; m->rows && i < json_array_size(rows.json); i++) {
        struct tbl_at row = tbl_item(&rows, i);
        read_row(m, &row, i + 1);
    }
    for (size_t cell = 0; m->rows && cell < cells; cell++) {
        if (!m->rows[cell]) {
            tbl_err(m->ctx, &rows, "no row covers %s × %s",
                    m->call_ids.items[cell / m->preambles.count],
                    m->preambles.items[cell % m->preambles.count]);
        }
    }
}

void tbl_read_matrix(struct tbl_ctx *ctx, const struct tbl_at *at, const char *suite)
{
    if (!tbl_object(ctx, at, "id calls preambles rows " TBL_CASE_KEYS)) {
        return;
    }
    struct matrix m = {
        .ctx = ctx,
        .at = at,
        .suite = suite,
        .id = tbl_id(ctx, at, "id", true),
        .keys = tbl_read_case_keys(ctx, at),
        .calls = tbl_member(at, "calls"),
    };
    if (!m.keys.title && !json_object_get(at->json, "title")) {
        tbl_err(ctx, at, "missing key \"title\"");
    }
    /* A cell that is not known cannot be covered: both lists first. */
    bool calls = read_calls(&m), preambles = read_preambles(&m);
    if (m.id && calls && preambles) {
        read_rows(&m);
    }
}
