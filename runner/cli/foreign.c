#include "foreign.h"

#include "../util/fs_path.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Is the folder one that every system has, or masked? */
static bool is_nobodys(const char *name)
{
    static const char *const nobody[] = {"public", "default", "all users", "{"};
    for (size_t i = 0; i < sizeof nobody / sizeof nobody[0]; i++) {
        if (fs_begins(name, nobody[i]) > 0) {
            return true;
        }
    }
    return *name == '\0' || fs_is_any_separator(*name) || *name == '%' || *name == '*';
}

static const char *in_text(const char *text)
{
    static const char *const folders[] = {"/users/", "/home/", "/documents and settings/"};
    for (; *text != '\0'; text++) {
        for (size_t i = 0; fs_is_any_separator(*text) && i < sizeof folders / sizeof folders[0];
             i++) {
            const size_t length = fs_begins(text, folders[i]);
            if (length > 0 && !is_nobodys(text + length)) {
                return text;
            }
        }
    }
    return NULL;
}

const char *foreign_text(const json_t *value)
{
    const char *found = NULL, *key;
    json_t *member;
    size_t i;
    if (json_is_string(value)) {
        return in_text(json_string_value(value));
    }
    json_array_foreach(value, i, member)
    {
        found = found != NULL ? found : foreign_text(member);
    }
    if (json_is_object(value)) {
        json_object_foreach((json_t *)(uintptr_t)value, key, member)
        {
            found = found != NULL ? found : foreign_text(member);
        }
    }
    return found;
}
