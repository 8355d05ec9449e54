/* Building JSON objects without asking after every key: a failure is kept in a flag. Internal. */
#ifndef VSSCTS_JSON_MAKE_H
#define VSSCTS_JSON_MAKE_H

#include "../model/tables.h"
#include <jansson.h>
#include <stdbool.h>

/* Takes the reference of value; a NULL value is a failure. The key is UTF-8: a word of ours, or the
 * key of an object that jansson has. */
static inline void jm_set(json_t *object, const char *key, json_t *value, bool *failed)
{
    if (json_object_set_new_nocheck(object, key, value) != 0) {
        *failed = true;
    }
}

/* Leaves the key out where text is NULL. */
static inline void jm_text(json_t *object, const char *key, const char *text, bool *failed)
{
    if (text != NULL) {
        jm_set(object, key, json_string(text), failed);
    }
}

static inline void jm_append(json_t *array, json_t *value, bool *failed)
{
    if (json_array_append_new(array, value) != 0) {
        *failed = true;
    }
}

/* Hands object over, or frees it and gives NULL where something failed. */
static inline json_t *jm_end(json_t *object, bool failed)
{
    if (failed) {
        json_decref(object);
        return NULL;
    }
    return object;
}

/* The texts of a list as an array. A new reference; NULL: no memory. */
static inline json_t *jm_texts(const struct string_list *list)
{
    json_t *array = json_array();
    bool failed = array == NULL;
    for (size_t i = 0; i < list->count; i++) {
        jm_append(array, json_string(list->items[i]), &failed);
    }
    return jm_end(array, failed);
}

#endif
