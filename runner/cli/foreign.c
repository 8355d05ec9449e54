#include "foreign.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static bool is_separator(char c)
{
    return c == '/' || c == '\\';
}

/* Where the word ends that the text begins with, without regard to case; '/' is any separator.
 * NULL: it does not. */
static const char *after(const char *text, const char *word)
{
    for (; *word != '\0'; word++, text++) {
        const bool same =
            *word == '/' ? is_separator(*text) : tolower((unsigned char)*text) == *word;
        if (!same) {
            return NULL;
        }
    }
    return text;
}

/* Is the folder one that every system has, or masked? */
static bool is_nobodys(const char *name)
{
    static const char *const nobody[] = {"public", "default", "all users", "{"};
    for (size_t i = 0; i < sizeof nobody / sizeof nobody[0]; i++) {
        if (after(name, nobody[i]) != NULL) {
            return true;
        }
    }
    return *name == '\0' || is_separator(*name) || *name == '%' || *name == '*';
}

static const char *in_text(const char *text)
{
    static const char *const folders[] = {"/users/", "/home/", "/documents and settings/"};
    for (; *text != '\0'; text++) {
        for (size_t i = 0; is_separator(*text) && i < sizeof folders / sizeof folders[0]; i++) {
            const char *name = after(text, folders[i]);
            if (name != NULL && !is_nobodys(name)) {
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
