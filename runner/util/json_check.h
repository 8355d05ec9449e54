/* Checking what a JSON file of ours holds: complaints with file, line and column. */
#ifndef VSSCTS_JSON_CHECK_H
#define VSSCTS_JSON_CHECK_H

#include "cts_error.h"
#include <jansson.h>

/* A file that is being read; everything is borrowed. */
struct json_check {
    const char *path;
    const char *text; /* what the file holds */
    size_t len;
    struct cts_errors *errs;
};

/* A complaint about the value of a JSON pointer, or about the key that leads to it. Returns false.
 */
bool jchk_complain(const struct json_check *check, bool key, const char *pointer, const char *fmt,
                   ...) CTS_PRINTF(4, 5);

/* No keys but these (a list that ends with NULL), and "note" is a text. place: the object's JSON
 * pointer. A key with '/' or '~' in it is told with the place of its object. */
bool jchk_only_keys(const struct json_check *check, json_t *object, const char *place,
                    const char *const *known);

/* A string that is there and not blank; complains otherwise, and gives NULL. Borrowed. */
const char *jchk_text(const struct json_check *check, const json_t *object, const char *place,
                      const char *key);

/* "format" is 1 and "kind" is this. */
bool jchk_head(const struct json_check *check, const json_t *document, const char *kind);

#endif
