#include "json_check.h"

#include "json_pos.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool jchk_complain(const struct json_check *check, bool key, const char *pointer, const char *fmt,
                   ...)
{
    char text[600];
    int line = 0, column = 0;
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (key) {
        json_pos_find_key(check->text, check->len, pointer, &line, &column);
    } else {
        json_pos_find(check->text, check->len, pointer, &line, &column);
    }
    errs_add_at(check->errs, CTS_BAD_FILE, check->path, line, column, "%s", text);
    return false;
}

bool jchk_only_keys(const struct json_check *check, json_t *object, const char *place,
                    const char *const *known)
{
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(object, key, value)
    {
        size_t i = 0;
        while (known[i] && strcmp(known[i], key) != 0) {
            i++;
        }
        if (!known[i]) {
            char pointer[300];
            bool plain = strpbrk(key, "/~") == NULL && strlen(key) < 200;
            snprintf(pointer, sizeof pointer, plain ? "%s/%s" : "%s", place, key);
            return jchk_complain(check, plain, pointer, "unknown key \"%.200s\"", key);
        }
        if (strcmp(key, "note") == 0 && !json_is_string(value)) {
            return jchk_complain(check, false, place, "\"note\" is a text");
        }
    }
    return true;
}

const char *jchk_text(const struct json_check *check, const json_t *object, const char *place,
                      const char *key)
{
    const json_t *value = json_object_get(object, key);
    char pointer[300];
    const char *text = json_string_value(value);
    if (text && text[strspn(text, " \t\r\n")] != '\0') {
        return text;
    }
    snprintf(pointer, sizeof pointer, value ? "%s/%s" : "%s", place, key);
    jchk_complain(check, false, pointer, "\"%s\" is wanted: a text that is not empty", key);
    return NULL;
}

bool jchk_head(const struct json_check *check, const json_t *document, const char *kind)
{
    const json_t *format = json_object_get(document, "format");
    const json_t *named = json_object_get(document, "kind");
    const char *name = json_string_value(named);
    if (!json_is_integer(format) || json_integer_value(format) != 1) {
        return jchk_complain(check, false, format ? "/format" : "", "\"format\" must be 1");
    }
    if (!name || strcmp(name, kind) != 0) {
        return jchk_complain(check, false, named ? "/kind" : "", "\"kind\" must be \"%s\"", kind);
    }
    return true;
}
