/* The tables of a folder: files in, checked structs out. */
#include "../util/fs_path.h"
#include "../util/json_file.h"
#include "coverage.h"
#include "tbl_api.h"
#include "tbl_calls.h"
#include "tbl_cases.h"
#include "tbl_facts.h"
#include "tbl_sort.h"

#include <stdlib.h>
#include <string.h>

/* In the order in which they are read: what stands later refers to what stands earlier. */
enum table_kind {
    TABLE_TYPES,
    TABLE_INTERFACE,
    TABLE_FUNCTIONS,
    TABLE_STATES,
    TABLE_EVIDENCE,
    TABLE_QUESTIONS,
    TABLE_REQUIREMENTS,
    TABLE_PREAMBLES,
    TABLE_CALLS,
    TABLE_SUITE,
    TABLE_NONE
};

static const char *const kind_names[] = {"types",    "interface", "functions",    "states",
                                         "evidence", "questions", "requirements", "preambles",
                                         "calls",    "suite"};

struct source {
    enum table_kind kind;
    const char *folder; /* "" for the folder of the tables itself */
    const struct tbl_file *file;
};

struct loading {
    struct tbl_ctx ctx;
    const char *dir;
    struct source *sources;
    size_t count, cap;
};

/* Files whose place alone says their kind. */
static const struct {
    const char *folder, *name;
    enum table_kind kind;
} places[] = {
    {"", "states.json", TABLE_STATES},          {"", "evidence.json", TABLE_EVIDENCE},
    {"", "preambles.json", TABLE_PREAMBLES},    {"", NULL, TABLE_NONE},
    {"api", "types.json", TABLE_TYPES},         {"api", "functions.json", TABLE_FUNCTIONS},
    {"api", "hooks.json", TABLE_FUNCTIONS},     {"api", NULL, TABLE_INTERFACE},
    {"requirements", NULL, TABLE_REQUIREMENTS}, {"questions", NULL, TABLE_QUESTIONS},
    {"preambles", NULL, TABLE_PREAMBLES},       {"calls", NULL, TABLE_CALLS},
};

static enum table_kind kind_at(const char *folder, const char *name)
{
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (strcmp(places[i].folder, folder) == 0 &&
            (!places[i].name || strcmp(places[i].name, name) == 0)) {
            return places[i].kind;
        }
    }
    return TABLE_SUITE;
}

/* A file or folder that cannot be read further, with the reason. */
static void refuse(struct loading *l, const char *path, const char *rel, char *text, size_t len,
                   const struct cts_error *err)
{
    const struct tbl_file *file = tbl_add_file(l->ctx.arena, path, rel, text, len, NULL);
    l->ctx.broken = true;
    l->ctx.arena->failed |= err->status == CTS_NOMEM;
    if (file) {
        tbl_err_file(&l->ctx, file, err->line, err->column, "%s", err->text);
    }
}

static void read_file(struct loading *l, const char *folder, const char *name, const char *path,
                      const char *rel)
{
    struct cts_error err = {0};
    size_t len = 0;
    enum table_kind kind = kind_at(folder, name);
    if (kind == TABLE_NONE) {
        err_set(&err, CTS_BAD_FILE, "no table of this name belongs here");
        refuse(l, path, rel, NULL, 0, &err);
        return;
    }
    char *text = file_read(path, &len, JSON_FILE_MAX, &err);
    json_t *root = text ? json_text_parse(text, len, path, &err) : NULL;
    if (!root) {
        refuse(l, path, rel, text, len, &err);
        return;
    }
    const struct tbl_file *file = tbl_add_file(l->ctx.arena, path, rel, text, len, root);
    struct source *sources = tbl_grow(l->ctx.arena, l->sources, l->count, &l->cap, sizeof *sources);
    if (file && sources) {
        l->sources = sources;
        sources[l->count++] =
            (struct source){kind, tbl_strndup(l->ctx.arena, folder, strlen(folder)), file};
    }
}

static bool is_table(const char *name)
{
    size_t len = strlen(name);
    return name[0] != '.' && len > 5 && strcmp(name + len - 5, ".json") == 0;
}

/* Observations are no tables: they say what Windows did, whatever the tables are. */
static bool is_passed_over(const char *folder)
{
    return folder[0] == '.' || strcmp(folder, "observed") == 0;
}

/* Reads the files of a folder; of the tables' own folder also the folders in it. */
static void read_folder(struct loading *l, const char *folder)
{
    struct cts_error err = {0};
    struct fs_list list = {0};
    char *path = folder[0] ? fs_join(l->dir, folder) : fs_join("", l->dir);
    if (!path || fs_list(path, &list, &err) != CTS_OK) {
        refuse(l, path ? path : l->dir, folder, NULL, 0, &err);
    }
    for (size_t i = 0; i < list.count; i++) {
        const struct fs_entry *entry = &list.items[i];
        char *below = fs_join(path, entry->name), *rel = fs_join(folder, entry->name);
        if (!below || !rel) {
            l->ctx.arena->failed = true;
        } else if (!entry->is_dir && is_table(entry->name)) {
            read_file(l, folder, entry->name, below, rel);
        } else if (entry->is_dir && folder[0] == '\0' && !is_passed_over(entry->name)) {
            read_folder(l, entry->name);
        } else if (entry->is_dir && folder[0] != '\0' && entry->name[0] != '.') {
            err_set(&err, CTS_BAD_FILE, "a folder inside this one is not read");
            refuse(l, below, rel, NULL, 0, &err);
        }
        free(below);
        free(rel);
    }
    fs_list_free(&list);
    free(path);
}

/* Calls read for the files of one kind. */
static void each(struct loading *l, enum table_kind kind,
                 void (*read)(struct tbl_ctx *, const struct tbl_at *))
{
    for (size_t i = 0; i < l->count; i++) {
        if (l->sources[i].kind == kind) {
            struct tbl_at root = tbl_root(l->sources[i].file);
            read(&l->ctx, &root);
        }
    }
}

/* An interface file bears the name of its interface. */
static void check_name(struct loading *l, const struct source *source, const struct tbl_at *root)
{
    struct tbl_at at = tbl_member(root, "interface");
    const char *name = json_string_value(at.json), *base = fs_basename(source->file->rel);
    size_t len = name ? strlen(name) : 0;
    if (name && (strncmp(base, name, len) != 0 || strcmp(base + len, ".json") != 0)) {
        tbl_err(&l->ctx, &at, "the file of interface \"%s\" must be %s.json", name, name);
    }
}

static void check_heads(struct loading *l)
{
    for (size_t i = 0; i < l->count; i++) {
        struct tbl_at root = tbl_root(l->sources[i].file);
        if (!json_is_object(root.json)) {
            tbl_err(&l->ctx, &root, "must be an object");
            l->ctx.broken = true;
        } else {
            tbl_head(&l->ctx, &root, kind_names[l->sources[i].kind]);
            if (l->sources[i].kind == TABLE_INTERFACE) {
                check_name(l, &l->sources[i], &root);
            }
        }
    }
}

static void load_api(struct loading *l)
{
    struct tables *tables = l->ctx.tables;
    size_t interfaces = 0;
    each(l, TABLE_TYPES, tbl_read_types);
    TBL_SORT(&l->ctx, tables->enums, tables->enum_count);
    TBL_SORT(&l->ctx, tables->structs, tables->struct_count);
    for (size_t i = 0; i < l->count; i++) {
        interfaces += l->sources[i].kind == TABLE_INTERFACE;
    }
    tables->interfaces = tbl_alloc(l->ctx.arena, interfaces, sizeof *tables->interfaces);
    if (!tables->interfaces) {
        return;
    }
    each(l, TABLE_INTERFACE, tbl_declare_interface);
    TBL_SORT_PLACED(&l->ctx, api_interface, "interface", tables->interfaces,
                    tables->interface_count);
    each(l, TABLE_INTERFACE, tbl_define_interface);
    tbl_check_slots(&l->ctx);
    each(l, TABLE_FUNCTIONS, tbl_read_functions);
    each(l, TABLE_INTERFACE, tbl_check_iunknown);
    each(l, TABLE_FUNCTIONS, tbl_check_iunknown);
    tbl_sort_functions(&l->ctx);
}

/* Appends the requirements that rows of calls/ make: they stand in no file of their own. */
static void add_made_requirements(struct tbl_ctx *ctx)
{
    struct tables *tables = ctx->tables;
    size_t had = tables->requirement_count;
    struct requirement *all = tbl_alloc(ctx->arena, had + ctx->made_count, sizeof *all);
    if (!all || ctx->made_count == 0) {
        return;
    }
    if (had > 0) {
        memcpy(all, tables->requirements, had * sizeof *all);
    }
    memcpy(all + had, ctx->made, ctx->made_count * sizeof *all);
    tables->requirements = all;
    tables->requirement_count = had + ctx->made_count;
    TBL_SORT(ctx, all, tables->requirement_count);
}

static void load_facts(struct loading *l)
{
    struct tables *tables = l->ctx.tables;
    each(l, TABLE_STATES, tbl_read_states);
    TBL_SORT_PLACED(&l->ctx, state, "state", tables->states, tables->state_count);
    each(l, TABLE_EVIDENCE, tbl_read_evidence);
    TBL_SORT_PLACED(&l->ctx, evidence, "evidence", tables->evidence, tables->evidence_count);
    each(l, TABLE_QUESTIONS, tbl_read_questions);
    TBL_SORT_PLACED(&l->ctx, question, "question", tables->questions, tables->question_count);
    each(l, TABLE_REQUIREMENTS, tbl_read_requirements);
    TBL_SORT_PLACED(&l->ctx, requirement, "requirement", tables->requirements,
                    tables->requirement_count);
    each(l, TABLE_CALLS, tbl_declare_calls);
    add_made_requirements(&l->ctx);
}

/* Every requirement has a case or a reason. Held back where something else is wrong: the case may
 * be what could not be read. */
static void check_checked(struct tbl_ctx *ctx)
{
    const struct tables *tables = ctx->tables;
    if (ctx->count > 0) {
        return;
    }
    for (size_t i = 0; i < tables->requirement_count; i++) {
        if (!ctx->used[i] && !tables->requirements[i].unchecked) {
            tbl_err_where(ctx, &tables->requirements[i].where,
                          "no case checks \"%s\", and no \"unchecked\" says why",
                          tables->requirements[i].id);
        }
    }
}

/* What says that no case can check it is not checked. */
static void check_unchecked(struct tbl_ctx *ctx)
{
    const struct tables *tables = ctx->tables;
    struct coverage *coverage = ctx->count == 0 ? cover_new(tables, NULL) : NULL;
    ctx->arena->failed |= ctx->count == 0 && !coverage;
    for (size_t i = 0; coverage && i < coverage->count; i++) {
        const struct cover_entry *entry = &coverage->entries[i];
        const struct cover_cases *cases = &entry->checks;
        const struct where *where = entry->result  ? &entry->result->where
                                    : entry->param ? &entry->param->where
                                    : entry->state ? &entry->state->where
                                                   : NULL;
        const bool own = entry->result  ? entry->result->unchecked != NULL
                         : entry->param ? entry->param->unchecked != NULL
                                        : entry->state && entry->state->unchecked;
        if (entry->state && cases->count == 0) {
            cases = &entry->asks; /* not even a question can call what cannot be called */
        }
        if (own && cases->count > 0) {
            tbl_err_where(ctx, where,
                          "\"unchecked\" says that no case can check it, but \"%s\" does",
                          tables->cases[cases->items[0]].id);
        }
    }
    cover_free(coverage);
}

/* One pass over the files. Files may build on one another in any order. */
static bool define_preambles(struct loading *l)
{
    bool any = false;
    for (size_t i = 0; i < l->count; i++) {
        if (l->sources[i].kind == TABLE_PREAMBLES) {
            struct tbl_at root = tbl_root(l->sources[i].file);
            any |= tbl_define_preambles(&l->ctx, &root);
        }
    }
    return any;
}

static void load_cases(struct loading *l)
{
    struct tables *tables = l->ctx.tables;
    l->ctx.used = tbl_alloc(l->ctx.arena, tables->requirement_count, sizeof *l->ctx.used);
    each(l, TABLE_PREAMBLES, tbl_declare_preambles);
    TBL_SORT_PLACED(&l->ctx, preamble, "preamble", tables->preambles, tables->preamble_count);
    l->ctx.defined = tbl_alloc(l->ctx.arena, tables->preamble_count, sizeof *l->ctx.defined);
    l->ctx.scopes = tbl_alloc(l->ctx.arena, tables->preamble_count, sizeof *l->ctx.scopes);
    if (!l->ctx.used || !l->ctx.defined || !l->ctx.scopes) {
        return;
    }
    while (define_preambles(l)) {
    }
    tbl_check_preambles(&l->ctx);
    for (size_t i = 0; i < l->count; i++) {
        if (l->sources[i].kind == TABLE_SUITE) {
            struct tbl_at root = tbl_root(l->sources[i].file);
            tbl_read_suite(&l->ctx, &root, l->sources[i].folder);
        }
    }
    each(l, TABLE_CALLS, tbl_define_calls);
    tbl_check_calls(&l->ctx);
    TBL_SORT(&l->ctx, tables->suites, tables->suite_count);
    TBL_SORT_PLACED(&l->ctx, test_case, "case", tables->cases, tables->case_count);
    check_checked(&l->ctx);
    check_unchecked(&l->ctx);
}

/* The complaints, as errors. True where there are none. */
static bool settle(struct loading *l, struct cts_errors *errs)
{
    if (l->ctx.arena->failed) {
        errs_add_at(errs, CTS_NOMEM, l->dir, 0, 0, "out of memory");
    } else if (l->count == 0 && l->ctx.count == 0) {
        errs_add_at(errs, CTS_BAD_FILE, l->dir, 0, 0, "the folder holds no tables");
    } else {
        tbl_report(&l->ctx, errs);
    }
    return errs->count == 0;
}

struct tables *tbl_load(const char *dir, struct cts_errors *errs)
{
    struct loading l = {.dir = dir};
    errs->count = 0;
    l.ctx.arena = tbl_arena_new();
    l.ctx.tables = l.ctx.arena ? tbl_alloc(l.ctx.arena, 1, sizeof *l.ctx.tables) : NULL;
    if (!l.ctx.tables) {
        tbl_arena_free(l.ctx.arena);
        errs_add_at(errs, CTS_NOMEM, dir, 0, 0, "out of memory");
        return NULL;
    }
    l.ctx.tables->arena = l.ctx.arena;
    read_folder(&l, "");
    check_heads(&l);
    load_api(&l);
    load_facts(&l);
    load_cases(&l);
    if (!settle(&l, errs)) {
        tbl_free(l.ctx.tables);
        return NULL;
    }
    return l.ctx.tables;
}

void tbl_free(struct tables *tables)
{
    if (tables) {
        /* The struct itself lies in its arena. */
        tbl_arena_free(tables->arena);
    }
}
