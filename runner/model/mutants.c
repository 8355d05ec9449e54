#include "mutants.h"

#include "../util/glob.h"
#include "../util/json_file.h"
#include "../util/nearest.h"
#include "names.h"
#include "tbl_read.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_PROFILE "reference"

/* A reading. */
struct reading {
    struct tbl_ctx ctx;
    const struct tables *tables;
    struct mutants *out;
};

unsigned method_words(const struct api_method *method)
{
    unsigned words = method->iface != NULL;
    for (size_t i = 0; i < method->param_count; i++) {
        const struct api_param *param = &method->params[i];
        const bool wide = param->kind == KIND_U64 || param->kind == KIND_I64;
        if (param->dir == DIR_IN && param->kind == KIND_GUID) {
            words += 4;
        } else {
            words += param->dir == DIR_IN && wide ? 2 : 1;
        }
    }
    return words;
}

static bool is_checked(const struct tables *tables, const char *id)
{
    for (size_t i = 0; i < tables->case_count; i++) {
        const struct string_list *ids = &tables->cases[i].requirements;
        for (size_t k = 0; k < ids->count; k++) {
            if (strcmp(ids->items[k], id) == 0) {
                return true;
            }
        }
    }
    return false;
}

static const struct requirement *read_requirement(struct reading *r, const struct tbl_at *row)
{
    const struct tables *tables = r->tables;
    const char *id = tbl_string(&r->ctx, row, "requirement", true);
    const struct requirement *found = id ? tbl_requirement(tables, id) : NULL;
    struct tbl_at at = tbl_member(row, "requirement");
    if (id && !found) {
        tbl_unknown(&r->ctx, &at, "requirement", id,
                    tbl_nearest(tables->requirements, tables->requirement_count,
                                sizeof *tables->requirements, id));
    } else if (found && !is_checked(tables, id)) {
        tbl_err(&r->ctx, &at, "no case checks \"%s\"", id);
    }
    return found;
}

static struct string_list read_cases(struct reading *r, const struct tbl_at *row)
{
    const struct tables *tables = r->tables;
    struct string_list list = tbl_strings(&r->ctx, row, "cases", false, true);
    struct tbl_at at = tbl_member(row, "cases");
    for (size_t i = 0; i < list.count; i++) {
        size_t k = 0;
        while (k < tables->case_count && !glob_fits_id(list.items[i], tables->cases[k].id)) {
            k++;
        }
        if (k == tables->case_count) {
            tbl_err(&r->ctx, &at, "no case matches \"%s\"", list.items[i]);
        }
    }
    return list;
}

static void read_arch(struct reading *r, const struct tbl_at *row, struct mutant *mutant)
{
    const char *name = tbl_string(&r->ctx, row, "arch", false);
    struct tbl_at at = tbl_member(row, "arch");
    for (int arch = ARCH_X86_64; name && arch <= ARCH_I686; arch++) {
        if (strcmp(name, arch_name((enum arch)arch)) == 0) {
            mutant->one_arch = true;
            mutant->arch = (enum arch)arch;
        }
    }
    if (name && !mutant->one_arch) {
        tbl_err(&r->ctx, &at, "\"arch\" must be \"x86_64\" or \"i686\"");
    }
}

/* The method that "IVssAsync.Cancel" names, in the interface that declares it. */
static const struct api_method *read_method(struct reading *r, const struct tbl_at *action)
{
    const char *text = tbl_string(&r->ctx, action, "method", false);
    const char *dot = text ? strchr(text, '.') : NULL;
    struct tbl_at at = tbl_member(action, "method");
    if (text && !dot) {
        tbl_err(&r->ctx, &at, "a method is named with its interface: \"IVssAsync.Cancel\"");
    }
    char *owner = dot ? tbl_strndup(r->ctx.arena, text, (size_t)(dot - text)) : NULL;
    if (!owner) {
        return NULL;
    }
    const struct api_interface *iface = tbl_interface(r->tables, owner);
    const struct api_method *method = iface ? tbl_method(r->tables, owner, dot + 1) : NULL;
    if (!iface) {
        tbl_unknown(&r->ctx, &at, "interface", owner,
                    tbl_nearest(r->tables->interfaces, r->tables->interface_count,
                                sizeof *r->tables->interfaces, owner));
    } else if (!method) {
        tbl_unknown(&r->ctx, &at, "method", dot + 1, tbl_nearest_method(r->tables, iface, dot + 1));
    } else if (strcmp(method->iface, owner) != 0) {
        tbl_err(&r->ctx, &at, "\"%s\" is declared by %s", dot + 1, method->iface);
    }
    return method;
}

/* `do` as one line, with the words of its method. */
static const char *read_action(struct reading *r, const struct tbl_at *row)
{
    struct tbl_at at = tbl_member(row, "do");
    if (!json_is_object(at.json) || json_object_size(at.json) == 0) {
        tbl_err(&r->ctx, &at,
                at.json ? "\"do\" must be an object that says something" : "missing key \"do\"");
        return NULL;
    }
    const struct api_method *method = read_method(r, &at);
    json_t *whole = json_copy(at.json);
    if (method && !json_object_get(whole, "words")) {
        json_object_set_new(whole, "words", json_integer(method_words(method)));
    }
    char *text = whole ? json_dumps(whole, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    const char *kept = text ? tbl_strndup(r->ctx.arena, text, strlen(text)) : NULL;
    r->ctx.arena->failed |= !kept;
    free(text);
    json_decref(whole);
    return kept;
}

static void read_row(struct reading *r, const struct tbl_at *row)
{
    struct mutants *out = r->out;
    struct mutant *mutant = &out->items[out->count++];
    if (!tbl_object(&r->ctx, row, "name requirement text cases profile arch do")) {
        return;
    }
    mutant->name = tbl_id(&r->ctx, row, "name", true);
    mutant->requirement = read_requirement(r, row);
    mutant->text = tbl_string(&r->ctx, row, "text", true);
    mutant->cases = read_cases(r, row);
    const char *profile = tbl_string(&r->ctx, row, "profile", false);
    mutant->profile = profile ? profile : DEFAULT_PROFILE;
    read_arch(r, row, mutant);
    mutant->action = read_action(r, row);
    for (size_t i = 0; mutant->name && i + 1 < out->count; i++) {
        if (out->items[i].name && strcmp(out->items[i].name, mutant->name) == 0) {
            struct tbl_at at = tbl_member(row, "name");
            tbl_err(&r->ctx, &at, "there is a mutant \"%s\" already", mutant->name);
        }
    }
}

static void read_file(struct reading *r, const struct tbl_at *root)
{
    if (!tbl_object(&r->ctx, root, "format kind mutants")) {
        return;
    }
    tbl_head(&r->ctx, root, "mutants");
    struct tbl_at list = tbl_member(root, "mutants");
    if (!tbl_array(&r->ctx, &list, true)) {
        return;
    }
    const size_t count = json_array_size(list.json);
    if (count > TBL_LIST_MAX) {
        tbl_err(&r->ctx, &list, "there may be no more than %d mutants", TBL_LIST_MAX);
        return;
    }
    r->out->items = tbl_alloc(r->ctx.arena, count, sizeof *r->out->items);
    for (size_t i = 0; r->out->items && i < count; i++) {
        struct tbl_at row = tbl_item(&list, i);
        read_row(r, &row);
    }
}

/* The file as an object of the arena; what is wrong with it goes to errs. */
static const struct tbl_file *open_file(struct tbl_arena *arena, const char *path,
                                        struct cts_errors *errs)
{
    struct cts_error err = {0};
    size_t len = 0;
    char *text = file_read(path, &len, JSON_FILE_MAX, &err);
    json_t *root = text ? json_text_parse(text, len, path, &err) : NULL;
    if (!root) {
        errs_add_at(errs, err.status, path, err.line, err.column, "%s", err.text);
        free(text);
        return NULL;
    }
    return tbl_add_file(arena, path, path, text, len, root);
}

struct mutants *mutants_load(const char *path, const struct tables *tables, struct cts_errors *errs)
{
    struct reading r = {.tables = tables};
    struct tbl_arena *arena = tbl_arena_new();
    errs->count = 0;
    r.ctx.arena = arena;
    r.out = arena ? tbl_alloc(arena, 1, sizeof *r.out) : NULL;
    const struct tbl_file *file = r.out ? open_file(arena, path, errs) : NULL;
    if (file) {
        struct tbl_at root = tbl_root(file);
        r.out->owner = arena;
        read_file(&r, &root);
        tbl_report(&r.ctx, errs);
    }
    if (errs->count == 0 && (!file || arena->failed)) {
        errs_add_at(errs, CTS_NOMEM, path, 0, 0, "out of memory");
    }
    if (errs->count > 0) {
        tbl_arena_free(arena);
        return NULL;
    }
    return r.out;
}

void mutants_free(struct mutants *mutants)
{
    if (mutants) {
        /* The struct itself lies in its arena. */
        tbl_arena_free(mutants->owner);
    }
}
