#include "tbl_read.h"

#include "../util/nearest.h"
#include "hresult.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct tbl_at tbl_root(const struct tbl_file *file)
{
    return (struct tbl_at){.file = file, .json = file->root};
}

struct tbl_at tbl_member(const struct tbl_at *at, const char *key)
{
    return (struct tbl_at){at, at->file, key, 0, json_object_get(at->json, key), false};
}

struct tbl_at tbl_item(const struct tbl_at *at, size_t index)
{
    return (struct tbl_at){at, at->file, NULL, index, json_array_get(at->json, index), false};
}

struct tbl_at tbl_made(const struct tbl_at *from, json_t *json)
{
    return (struct tbl_at){from, from->file, NULL, 0, json, true};
}

/* Is the key one of the words? */
static bool has_word(const char *words, const char *key)
{
    const size_t length = strlen(key);
    while (*words) {
        const size_t len = strcspn(words, " ");
        if (len == length && strncmp(words, key, len) == 0) {
            return true;
        }
        words += len;
        words += strspn(words, " ");
    }
    return false;
}

/* The nearest of the words, in best, which is returned; NULL: none is near. */
static const char *nearest_word(const char *words, const char *key, char *best, size_t size)
{
    struct nearest search;
    nearest_init(&search, key);
    while (*words) {
        char word[64];
        const size_t len = strcspn(words, " ");
        const char *before = search.best;
        snprintf(word, sizeof word, "%.*s", (int)len, words);
        nearest_offer(&search, word);
        if (search.best != before) {
            snprintf(best, size, "%s", word);
            search.best = best;
        }
        words += len;
        words += strspn(words, " ");
    }
    return search.best;
}

bool tbl_object(struct tbl_ctx *ctx, const struct tbl_at *at, const char *keys)
{
    const char *key;
    json_t *value;
    if (!json_is_object(at->json)) {
        tbl_err(ctx, at, "must be an object");
        return false;
    }
    json_object_foreach(at->json, key, value)
    {
        char best[64];
        if (strcmp(key, "note") == 0) {
            struct tbl_at note = tbl_member(at, key);
            if (!json_is_string(value)) {
                tbl_err(ctx, &note, "\"note\" must be a string");
            }
        } else if (!has_word(keys, key)) {
            struct tbl_at member = tbl_member(at, key);
            const char *near = nearest_word(keys, key, best, sizeof best);
            if (near) {
                tbl_err_key(ctx, &member, "unknown key \"%s\"; did you mean \"%s\"?", key, near);
            } else {
                tbl_err_key(ctx, &member, "unknown key \"%s\"", key);
            }
        }
    }
    return true;
}

/* A missing member that is required, or one of the wrong type (what: "a string"). */
static bool check(struct tbl_ctx *ctx, const struct tbl_at *at, bool required, bool right,
                  const char *what)
{
    const char *key = at->key ? at->key : "element";
    if (!at->json) {
        if (required) {
            tbl_err(ctx, at, "missing key \"%s\"", key);
        }
        return false;
    }
    if (!right) {
        tbl_err(ctx, at, "\"%s\" must be %s", key, what);
    }
    return right;
}

bool tbl_array(struct tbl_ctx *ctx, const struct tbl_at *at, bool required)
{
    return check(ctx, at, required, json_is_array(at->json), "a list");
}

const char *tbl_string_here(struct tbl_ctx *ctx, const struct tbl_at *at)
{
    const char *text = json_string_value(at->json);
    if (!text || text[0] == '\0') {
        tbl_err(ctx, at, "must be a string that is not empty");
        return NULL;
    }
    return text;
}

const char *tbl_string(struct tbl_ctx *ctx, const struct tbl_at *at, const char *key, bool required)
{
    struct tbl_at member = tbl_member(at, key);
    bool right = json_is_string(member.json) && json_string_length(member.json) > 0;
    return check(ctx, &member, required, right, "a string that is not empty")
               ? json_string_value(member.json)
               : NULL;
}

void tbl_head(struct tbl_ctx *ctx, const struct tbl_at *root, const char *kind)
{
    struct tbl_at format = tbl_member(root, "format"), at = tbl_member(root, "kind");
    if (check(ctx, &format, true, json_is_integer(format.json), "a whole number") &&
        json_integer_value(format.json) != 1) {
        tbl_err(ctx, &format, "format %lld is not known here, 1 is",
                (long long)json_integer_value(format.json));
    }
    const char *text = tbl_string(ctx, root, "kind", true);
    if (text && strcmp(text, kind) != 0) {
        tbl_err(ctx, &at, "\"kind\" must be \"%s\" here", kind);
    }
}

const char *tbl_id(struct tbl_ctx *ctx, const struct tbl_at *at, const char *key, bool path)
{
    const char *text = tbl_string(ctx, at, key, true);
    struct tbl_at member = tbl_member(at, key);
    if (text && !tbl_is_id(text, path)) {
        tbl_err(ctx, &member, "\"%s\" is no id (%slower-case letters, digits, '-')", text,
                path ? "parts joined by '/', of " : "");
        return NULL;
    }
    return text;
}

bool tbl_check_page(struct tbl_ctx *ctx, const struct tbl_at *at, const char *page)
{
    bool part = false, good = true;
    for (const char *p = page; *p && good; p++) {
        good = isalnum((unsigned char)*p) || strchr("-_()", *p) || (*p == '/' && part);
        part = *p != '/';
    }
    if (!good || !part) {
        tbl_err(ctx, at, "\"%s\" is no page (a name without address and ending)", page);
        return false;
    }
    return true;
}

const char *tbl_page(struct tbl_ctx *ctx, const struct tbl_at *at, const char *key, bool required)
{
    const char *page = tbl_string(ctx, at, key, required);
    struct tbl_at member = tbl_member(at, key);
    return page && tbl_check_page(ctx, &member, page) ? page : NULL;
}

bool tbl_bool(struct tbl_ctx *ctx, const struct tbl_at *at, const char *key, bool otherwise)
{
    struct tbl_at member = tbl_member(at, key);
    return check(ctx, &member, false, json_is_boolean(member.json), "true or false")
               ? json_is_true(member.json)
               : otherwise;
}

int64_t tbl_int(struct tbl_ctx *ctx, const struct tbl_at *at, const char *key, int64_t low,
                int64_t high, int64_t otherwise)
{
    struct tbl_at member = tbl_member(at, key);
    int64_t value = json_integer_value(member.json);
    if (!check(ctx, &member, false, json_is_integer(member.json), "a whole number")) {
        return otherwise;
    }
    if (value < low || value > high) {
        tbl_err(ctx, &member, "\"%s\" must be from %lld to %lld", key, (long long)low,
                (long long)high);
        return otherwise;
    }
    return value;
}

static bool is_in(const struct string_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i], text) == 0) {
            return true;
        }
    }
    return false;
}

struct string_list tbl_strings(struct tbl_ctx *ctx, const struct tbl_at *at, const char *key,
                               bool required, bool single)
{
    struct tbl_at member = tbl_member(at, key);
    struct string_list list = {0};
    bool one = single && json_is_string(member.json);
    if (!one && !tbl_array(ctx, &member, required)) {
        return list;
    }
    size_t count = one ? 1 : json_array_size(member.json);
    if (count > TBL_LIST_MAX) {
        tbl_err(ctx, &member, "more than %d elements", TBL_LIST_MAX);
        return list;
    }
    list.items = tbl_alloc(ctx->arena, count, sizeof *list.items);
    for (size_t i = 0; list.items && i < count; i++) {
        struct tbl_at item = one ? member : tbl_item(&member, i);
        const char *text = tbl_string_here(ctx, &item);
        if (text && is_in(&list, text)) {
            tbl_err(ctx, &item, "\"%s\" stands here twice", text);
        } else if (text) {
            list.items[list.count++] = text;
        }
    }
    return list;
}

struct condition tbl_condition(struct tbl_ctx *ctx, const struct tbl_at *at, const char *key)
{
    const char *text = tbl_string(ctx, at, key, false);
    struct tbl_at member = tbl_member(at, key);
    if (text && !cond_valid(text)) {
        tbl_err(ctx, &member, "\"%s\" is no condition", text);
        text = NULL;
    }
    return (struct condition){text};
}

uint32_t tbl_code(struct tbl_ctx *ctx, const struct tbl_at *at, bool *ok)
{
    uint32_t code = 0;
    const char *text = json_string_value(at->json);
    *ok = text && hr_parse(text, &code);
    if (!text) {
        tbl_err(ctx, at, "must be a code: the name of an HRESULT, or \"0x…\"");
    } else if (!*ok) {
        tbl_unknown(ctx, at, "code", text, hr_nearest(text));
    }
    return code;
}

bool tbl_is_id(const char *text, bool path)
{
    bool begin = true;
    for (const char *p = text; *p; p++) {
        if (path && *p == '/' && !begin) {
            begin = true;
            continue;
        }
        bool letter = (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9');
        if (!letter && (begin || *p != '-')) {
            return false;
        }
        begin = false;
    }
    return !begin;
}

bool tbl_is_name(const char *text)
{
    for (const char *p = text; *p; p++) {
        if (!isalnum((unsigned char)*p) && *p != '_') {
            return false;
        }
    }
    return text[0] != '\0' && !isdigit((unsigned char)text[0]);
}

bool tbl_is_guid(const char *text)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (strcmp(text, "GUID_NULL") == 0) {
        return true;
    }
    for (size_t i = 0; i < sizeof form; i++) {
        bool right = form[i] == 'x' ? isxdigit((unsigned char)text[i]) != 0 : text[i] == form[i];
        if (!right) {
            return false;
        }
    }
    return true;
}
