/* Globs: a line of pattern, a line of text. What has neither wildcard nor brace matches itself and
 * nothing else. */
#include "../../runner/util/glob.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *pattern = fuzz_text(data, size);
    char *text = strchr(pattern, '\n');
    if (text != NULL) {
        *text++ = '\0';
        const bool matches = glob_match(pattern, text);
        if (strpbrk(pattern, "*?{}") == NULL && strlen(pattern) <= GLOB_MAX) {
            FUZZ_CHECK(matches == (strcmp(pattern, text) == 0));
        }
        FUZZ_CHECK(glob_match("**", text));
    }
    free(pattern);
    return 0;
}
