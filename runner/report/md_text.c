#include "md_text.h"

#include <string.h>

void md_put(struct json_stream *out, const char *text)
{
    char one[3] = {'\\', 0, 0};
    for (; *text != '\0'; text++) {
        const char c = *text;
        one[1] = c;
        if (c == '<') {
            js_text(out, "&lt;");
        } else if (c == '&') {
            js_text(out, "&amp;");
        } else if (c == '\n' || c == '\r') {
            js_text(out, " ");
        } else {
            js_text(out, strchr("\\`*_{}[]()#+!|~>@", c) != NULL ? one : one + 1);
        }
    }
}
