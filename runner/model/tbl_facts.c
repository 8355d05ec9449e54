/* States, evidence, questions, requirements: what cases refer to. */
#include "tbl_facts.h"

#include "names.h"

#include <ctype.h>
#include <string.h>

/* The list under `key` of a file, and room in an array of the tables for all its elements. NULL:
 * there is nothing to read. */
static void *begin(struct tbl_ctx *ctx, const struct tbl_at *root, const char *key,
                   struct tbl_at *list, const void *items, size_t had, size_t size)
{
    char keys[64] = "format kind ";
    size_t used = strlen(keys);
    memcpy(keys + used, key, strlen(key) + 1);
    if (!tbl_object(ctx, root, keys)) {
        return NULL;
    }
    *list = tbl_member(root, key);
    if (!tbl_array(ctx, list, true)) {
        return NULL;
    }
    char *room = tbl_alloc(ctx->arena, had + json_array_size(list->json), size);
    if (room && had > 0) {
        memcpy(room, items, had * size);
    }
    return room;
}

void tbl_read_states(struct tbl_ctx *ctx, const struct tbl_at *root)
{
    struct tables *tables = ctx->tables;
    struct tbl_at list;
    struct state *states =
        begin(ctx, root, "states", &list, tables->states, tables->state_count, sizeof *states);
    for (size_t i = 0; states && i < json_array_size(list.json); i++) {
        struct tbl_at item = tbl_item(&list, i);
        struct state *state = &states[tables->state_count];
        tables->states = states;
        if (!tbl_object(ctx, &item, "id region text unchecked waiting")) {
            continue;
        }
        *state = (struct state){
            .id = tbl_id(ctx, &item, "id", false),
            .region = tbl_string(ctx, &item, "region", true),
            .text = tbl_string(ctx, &item, "text", true),
            .unchecked = tbl_string(ctx, &item, "unchecked", false),
            .waiting = tbl_bool(ctx, &item, "waiting", false),
            .where = tbl_place(ctx, &item),
        };
        tables->state_count += state->id != NULL;
    }
}

static bool is_evidence_id(const char *text)
{
    for (const char *p = text; *p; p++) {
        if (!isalnum((unsigned char)*p) && *p != '-') {
            return false;
        }
    }
    return true;
}

/* Empty where the source names no version. */
static const char *read_windows(struct tbl_ctx *ctx, const struct tbl_at *at)
{
    const char *text = json_string_value(json_object_get(at->json, "windows"));
    return text && text[0] == '\0' ? text : tbl_string(ctx, at, "windows", true);
}

void tbl_read_evidence(struct tbl_ctx *ctx, const struct tbl_at *root)
{
    struct tables *tables = ctx->tables;
    struct tbl_at list;
    struct evidence *all =
        begin(ctx, root, "evidence", &list, tables->evidence, tables->evidence_count, sizeof *all);
    for (size_t i = 0; all && i < json_array_size(list.json); i++) {
        struct tbl_at item = tbl_item(&list, i);
        struct tbl_at id_at = tbl_member(&item, "id"), strength_at = tbl_member(&item, "strength");
        struct evidence *evidence = &all[tables->evidence_count];
        tables->evidence = all;
        if (!tbl_object(ctx, &item, "id windows source strength text")) {
            continue;
        }
        *evidence = (struct evidence){
            .id = tbl_string(ctx, &item, "id", true),
            .windows = read_windows(ctx, &item),
            .source = tbl_string(ctx, &item, "source", true),
            .strength = tbl_string(ctx, &item, "strength", true),
            .text = tbl_string(ctx, &item, "text", true),
            .where = tbl_place(ctx, &item),
        };
        const char *strength = evidence->strength;
        if (strength && strcmp(strength, "measured") != 0 && strcmp(strength, "log") != 0 &&
            strcmp(strength, "claim") != 0) {
            tbl_err(ctx, &strength_at, "\"strength\" must be measured, log or claim");
        }
        if (evidence->id && !is_evidence_id(evidence->id)) {
            tbl_err(ctx, &id_at, "\"%s\" is no id of evidence (letters, digits, '-')",
                    evidence->id);
        }
        tables->evidence_count += evidence->id != NULL;
    }
}

static struct string_list page_list(struct tbl_ctx *ctx, const struct tbl_at *at, const char *key)
{
    struct string_list list = tbl_strings(ctx, at, key, true, false);
    struct tbl_at pages = tbl_member(at, key);
    for (size_t i = 0; i < list.count; i++) {
        struct tbl_at item = tbl_item(&pages, i);
        tbl_check_page(ctx, &item, list.items[i]);
    }
    return list;
}

void tbl_read_questions(struct tbl_ctx *ctx, const struct tbl_at *root)
{
    struct tables *tables = ctx->tables;
    struct tbl_at list;
    struct question *questions = begin(ctx, root, "questions", &list, tables->questions,
                                       tables->question_count, sizeof *questions);
    for (size_t i = 0; questions && i < json_array_size(list.json); i++) {
        struct tbl_at item = tbl_item(&list, i);
        struct question *question = &questions[tables->question_count];
        tables->questions = questions;
        if (!tbl_object(ctx, &item, "id text pages sides")) {
            continue;
        }
        *question = (struct question){
            .id = tbl_id(ctx, &item, "id", false),
            .text = tbl_string(ctx, &item, "text", true),
            .pages = page_list(ctx, &item, "pages"),
            .sides = tbl_strings(ctx, &item, "sides", true, false),
            .where = tbl_place(ctx, &item),
        };
        tables->question_count += question->id != NULL;
    }
}

int tbl_level(struct tbl_ctx *ctx, const struct tbl_at *at, const char *key, bool required)
{
    const char *text = tbl_string(ctx, at, key, required);
    struct tbl_at member = tbl_member(at, key);
    int level = text ? level_by_name(text) : -1;
    if (text && level < 0) {
        tbl_err(ctx, &member, "\"%s\" must be must, should or may", key);
    }
    return level;
}

struct string_list tbl_evidence_ids(struct tbl_ctx *ctx, const struct tbl_at *at, bool required)
{
    const struct tables *tables = ctx->tables;
    struct string_list list = tbl_strings(ctx, at, "evidence", required, true);
    struct tbl_at evidence = tbl_member(at, "evidence");
    for (size_t i = 0; i < list.count; i++) {
        struct tbl_at item = json_is_array(evidence.json) ? tbl_item(&evidence, i) : evidence;
        if (!tbl_evidence(tables, list.items[i])) {
            tbl_unresolved(ctx, &item, "evidence", list.items[i],
                           tbl_nearest(tables->evidence, tables->evidence_count,
                                       sizeof *tables->evidence, list.items[i]));
        }
    }
    return list;
}

/* Interface.Method#rule, function#rule, concept#rule. */
static bool is_requirement_id(const char *id)
{
    const char *rule = strchr(id, '#');
    if (!rule || rule == id || rule[1] == '\0') {
        return false;
    }
    for (const char *p = id; *p; p++) {
        bool good = isalnum((unsigned char)*p) || *p == '-' || *p == '_' || p == rule ||
                    (*p == '.' && p < rule && p > id);
        if (!good) {
            return false;
        }
    }
    return true;
}

/* Where the id names an interface of the tables, the method must be one of its own or its bases'.
 */
static void check_subject(struct tbl_ctx *ctx, const struct tbl_at *at, const char *id)
{
    char iface[128], method[128];
    size_t dot = strcspn(id, ".#"), end = strcspn(id, "#");
    if (id[dot] != '.' || dot >= sizeof iface || end - dot - 1 >= sizeof method) {
        return;
    }
    memcpy(iface, id, dot);
    iface[dot] = '\0';
    memcpy(method, id + dot + 1, end - dot - 1);
    method[end - dot - 1] = '\0';
    const struct api_interface *found = tbl_interface(ctx->tables, iface);
    if (found && !tbl_method(ctx->tables, iface, method)) {
        tbl_unresolved(ctx, at, "method", method, tbl_nearest_method(ctx->tables, found, method));
    }
}

void tbl_read_requirements(struct tbl_ctx *ctx, const struct tbl_at *root)
{
    struct tables *tables = ctx->tables;
    struct tbl_at list;
    struct requirement *all = begin(ctx, root, "requirements", &list, tables->requirements,
                                    tables->requirement_count, sizeof *all);
    for (size_t i = 0; all && i < json_array_size(list.json); i++) {
        struct tbl_at item = tbl_item(&list, i), id_at = tbl_member(&item, "id");
        struct requirement *requirement = &all[tables->requirement_count];
        tables->requirements = all;
        if (!tbl_object(ctx, &item, "id level page evidence text unchecked")) {
            continue;
        }
        int level = tbl_level(ctx, &item, "level", true);
        *requirement = (struct requirement){
            .id = tbl_string(ctx, &item, "id", true),
            .level = level < 0 ? LEVEL_MAY : (enum level)level,
            .page = tbl_page(ctx, &item, "page", false),
            .evidence = tbl_evidence_ids(ctx, &item, false),
            .text = tbl_string(ctx, &item, "text", true),
            .unchecked = tbl_string(ctx, &item, "unchecked", false),
            .where = tbl_place(ctx, &item),
        };
        if (!json_object_get(item.json, "page") && !json_object_get(item.json, "evidence")) {
            tbl_err(ctx, &item, "a requirement needs \"page\" or \"evidence\"");
        }
        if (requirement->id && !is_requirement_id(requirement->id)) {
            tbl_err(ctx, &id_at, "\"%s\" is no id of a requirement (Interface.Method#rule)",
                    requirement->id);
        } else if (requirement->id) {
            check_subject(ctx, &id_at, requirement->id);
        }
        tables->requirement_count += requirement->id != NULL;
    }
}
