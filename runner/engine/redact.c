#include "redact.h"

#include "../util/fs_path.h"
#include "../util/str_buf.h"
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#define LEAST 3 /* characters of a name */
#define TEXT_MAX                                                                                   \
    ((size_t)64 << 20) /* longer than any text of a log, with room for what is put in */

static const char home_mark[] = "{home}", user_mark[] = "{user}", machine_mark[] = "{machine}";

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' || (unsigned char)c >= 0x80;
}

/* The length of a name where the text begins with it and it ends there, else 0. */
static size_t whole(const char *text, const char *name)
{
    const bool is_name = name != NULL && strlen(name) >= LEAST;
    const size_t length = is_name ? fs_begins(text, name) : 0;
    return length > 0 && !is_word(text[length]) ? length : 0;
}

/* What stands at a place of the text and is to be replaced: its length, and the mark. */
static size_t find(const struct redact *redact, const char *text, const char *at, const char **mark)
{
    const char before = at > text ? at[-1] : '\0';
    size_t length = is_word(before) ? 0 : whole(at, redact->home);
    *mark = home_mark;
    if (length == 0 && fs_is_any_separator(before)) {
        length = whole(at, redact->user);
        *mark = user_mark;
    }
    if (length == 0 && !is_word(before)) {
        length = whole(at, redact->machine);
        *mark = machine_mark;
    }
    /* DOMAIN\user, or the name alone, which is all that the text is */
    if (length == 0 && at == text) {
        const size_t all = whole(at, redact->user);
        length = at[all] == '\0' ? all : 0;
        *mark = user_mark;
    }
    return length;
}

static json_t *redact_text(const struct redact *redact, json_t *value)
{
    const char *text = json_string_value(value), *mark = NULL;
    const char *at = text;
    while (*at != '\0' && find(redact, text, at, &mark) == 0) {
        at++;
    }
    if (*at == '\0') {
        return json_incref(value); /* as nearly every text */
    }
    struct str_buf buf;
    sb_init(&buf, TEXT_MAX);
    sb_addn(&buf, text, (size_t)(at - text));
    while (*at != '\0') {
        const size_t length = find(redact, text, at, &mark);
        if (length > 0) {
            sb_add(&buf, mark);
            at += length;
        } else {
            sb_addc(&buf, *at++);
        }
    }
    json_t *made = buf.failed ? NULL : json_string_nocheck(sb_text(&buf));
    sb_free(&buf);
    return made;
}

static json_t *undo_text(const struct redact *redact, json_t *value)
{
    const char *const marks[] = {home_mark, user_mark, machine_mark};
    const char *const names[] = {redact->home, redact->user, redact->machine};
    const char *at = json_string_value(value);
    struct str_buf buf;
    sb_init(&buf, TEXT_MAX);
    while (*at != '\0') {
        size_t i = 0;
        while (i < sizeof marks / sizeof marks[0] &&
               (names[i] == NULL || strncmp(at, marks[i], strlen(marks[i])) != 0)) {
            i++;
        }
        if (i < sizeof marks / sizeof marks[0]) {
            sb_add(&buf, names[i]);
            at += strlen(marks[i]);
        } else {
            sb_addc(&buf, *at++);
        }
    }
    json_t *made = buf.failed ? NULL : json_string_nocheck(sb_text(&buf));
    sb_free(&buf);
    return made;
}

/* Members that hold words of the suite and of its tables, or what programs are made from: a log in
 * which one of them is changed cannot be judged, whatever the user is called. */
static bool stays(const char *key)
{
    static const char *const keys[] = {"e",         "how",          "what",     "case",
                                       "program",   "profile",      "patterns", "skip",
                                       "skip_tags", "requirements", "levels",   "tags"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (strcmp(key, keys[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Puts the changed member into what is made of the value: the value itself, until a member of it
 * changes, then a copy. `changed` is taken over. Gives what is made then, or NULL: no memory. */
static json_t *with_member(json_t *made, json_t *value, const char *key, size_t i,
                           const json_t *member, json_t *changed)
{
    if (changed == member) {
        json_decref(changed);
        return made;
    }
    if (made == value) {
        json_decref(made);
        made = json_copy(value);
    }
    const int failed =
        key != NULL ? json_object_set_new_nocheck(made, key, changed)
                    : json_array_set_new(made, i, changed); /* NULL for either is a failure, too */
    if (failed != 0) {
        json_decref(made);
        return NULL;
    }
    return made;
}

/* The value where no text of it changes, else a copy; by one way or the other. */
static json_t *each(const struct redact *redact, json_t *value,
                    json_t *(*text)(const struct redact *, json_t *))
{
    if (json_is_string(value)) {
        return text(redact, value);
    }
    json_t *made = json_incref(value), *member;
    const char *key;
    size_t i;
    json_array_foreach(value, i, member)
    {
        made = made != NULL ? with_member(made, value, NULL, i, member, each(redact, member, text))
                            : NULL;
    }
    if (json_is_object(value)) {
        json_object_foreach(value, key, member)
        {
            if (made != NULL && !stays(key)) {
                made = with_member(made, value, key, 0, member, each(redact, member, text));
            }
        }
    }
    return made;
}

json_t *redact_value(const struct redact *redact, json_t *value)
{
    return each(redact, value, redact_text);
}

json_t *redact_undo(const struct redact *redact, json_t *value)
{
    return each(redact, value, undo_text);
}
