#include "glob.h"

#include <stdint.h>
#include <string.h>

/* The pattern is run as a nondeterministic automaton: a state is an index into the pattern. Moves
 * that consume nothing lead forward only, so one pass from left to right closes a set of states. */
struct glob {
    const char *pattern;
    size_t len;
    uint16_t close[GLOB_MAX]; /* of '{' and of ',' and '}' in braces: index of the '}'; else 0 */
};

/* Finds the partners of braces. A comma belongs to the innermost pair around it. */
static void pair_braces(struct glob *glob)
{
    uint16_t open[GLOB_MAX];
    size_t depth = 0;
    memset(glob->close, 0, sizeof glob->close);
    for (size_t i = 0; i < glob->len; i++) {
        if (glob->pattern[i] == '{') {
            open[depth++] = (uint16_t)i;
        } else if (glob->pattern[i] == '}' && depth > 0) {
            glob->close[open[--depth]] = (uint16_t)i;
            glob->close[i] = (uint16_t)i;
        }
    }
    /* The stack again, now with pairs only, for the commas. */
    depth = 0;
    for (size_t i = 0; i < glob->len; i++) {
        if (glob->pattern[i] == '{' && glob->close[i]) {
            open[depth++] = glob->close[i];
        } else if (glob->pattern[i] == '}' && glob->close[i]) {
            depth--;
        } else if (glob->pattern[i] == ',' && depth > 0) {
            glob->close[i] = open[depth - 1];
        }
    }
}

/* Marks the beginnings of the alternatives of the brace at `at`. */
static void enter_brace(const struct glob *glob, size_t at, bool *set)
{
    set[at + 1] = true;
    for (size_t i = at + 1; i < glob->close[at]; i++) {
        if (glob->pattern[i] == '{' && glob->close[i]) {
            i = glob->close[i];
        } else if (glob->pattern[i] == ',') {
            set[i + 1] = true;
        }
    }
}

static bool is_double_star(const struct glob *glob, size_t at)
{
    return glob->pattern[at] == '*' && glob->pattern[at + 1] == '*';
}

/* Adds every state that a set leads to without a byte. part_begins: the next byte of the text
 * begins a part, so that a whole part `**` may be nothing. */
static void close_set(const struct glob *glob, bool *set, bool part_begins)
{
    const char *pattern = glob->pattern;
    for (size_t i = 0; i < glob->len; i++) {
        if (!set[i]) {
            continue;
        }
        if (is_double_star(glob, i)) {
            set[i + 2] = true;
            if (part_begins && pattern[i + 2] == '/' && (i == 0 || pattern[i - 1] == '/')) {
                set[i + 3] = true;
            }
        } else if (pattern[i] == '*') {
            set[i + 1] = true;
        } else if (pattern[i] == '{' && glob->close[i]) {
            enter_brace(glob, i, set);
        } else if (glob->close[i]) {
            set[glob->close[i] + 1] = true;
        }
    }
}

/* The states after one byte of the text. */
static bool advance(const struct glob *glob, const bool *from, bool *to, char c)
{
    bool any = false;
    memset(to, 0, glob->len + 1);
    for (size_t i = 0; i < glob->len; i++) {
        if (!from[i]) {
            continue;
        }
        char p = glob->pattern[i];
        if (is_double_star(glob, i) || (p == '*' && c != '/')) {
            to[i] = any = true;
        } else if (p != '*' && !glob->close[i] && (p == c || (p == '?' && c != '/'))) {
            to[i + 1] = any = true;
        }
    }
    return any;
}

bool glob_match(const char *pattern, const char *text)
{
    struct glob glob = {.pattern = pattern, .len = strlen(pattern)};
    bool sets[2][GLOB_MAX + 3] = {{false}};
    int now = 0;
    if (glob.len >= GLOB_MAX) {
        return false;
    }
    pair_braces(&glob);
    sets[now][0] = true;
    close_set(&glob, sets[now], true);
    for (; *text; text++) {
        if (!advance(&glob, sets[now], sets[1 - now], *text)) {
            return false;
        }
        now = 1 - now;
        close_set(&glob, sets[now], *text == '/');
    }
    return sets[now][glob.len];
}

bool glob_is_glob(const char *pattern)
{
    return strpbrk(pattern, "*?{") != NULL;
}

bool glob_fits_id(const char *pattern, const char *id)
{
    if (glob_is_glob(pattern)) {
        return glob_match(pattern, id);
    }
    size_t len = strlen(pattern);
    if (len > 0 && pattern[len - 1] == '/') {
        len--;
    }
    return len > 0 && strncmp(pattern, id, len) == 0 && (id[len] == '\0' || id[len] == '/');
}
