#include "value_mask.h"

#include "../util/str_buf.h"
#include "json_make.h"

#include <ctype.h>
#include <string.h>

#define TEXT_MAX ((size_t)32 << 20) /* longer than any value of a log */
#define LEAST 2                     /* characters; a shorter value is in every text */

static bool begins_with(const char *text, const char *value)
{
    while (*value != '\0' && tolower((unsigned char)*text) == tolower((unsigned char)*value)) {
        text++;
        value++;
    }
    return *value == '\0';
}

/* What stands at the beginning of the text. */
struct found {
    const char *value; /* NULL: nothing */
    size_t volume;     /* its number; 0: another value */
    const char *name;
};

static void try_value(struct found *found, const char *text, const char *value, size_t volume,
                      const char *name)
{
    if (value != NULL && strlen(value) >= LEAST && begins_with(text, value) &&
        (found->value == NULL || strlen(value) > strlen(found->value))) {
        *found = (struct found){value, volume, name};
    }
}

static struct found find(const struct profile *profile, const char *text)
{
    struct found found = {NULL, 0, NULL};
    for (size_t i = 0; i < profile->volumes.count; i++) {
        try_value(&found, text, profile->volumes.items[i], i + 1, NULL);
    }
    for (int i = 0; i < PROFILE_VALUE_COUNT; i++) {
        try_value(&found, text, profile->values[i], 0, profile_value_name((enum profile_value)i));
    }
    return found;
}

static json_t *mask_text(const struct profile *profile, const char *text)
{
    struct str_buf buf;
    sb_init(&buf, TEXT_MAX);
    while (*text != '\0') {
        const struct found found = find(profile, text);
        if (found.value == NULL) {
            sb_addc(&buf, *text++);
            continue;
        }
        if (found.volume > 0) {
            sb_addf(&buf, "{volume:%zu}", found.volume);
        } else {
            sb_addf(&buf, "{%s}", found.name);
        }
        text += strlen(found.value);
    }
    json_t *made = buf.failed ? NULL : json_string(sb_text(&buf));
    sb_free(&buf);
    return made;
}

json_t *value_mask(const struct profile *profile, const json_t *value)
{
    json_t *made = NULL;
    bool failed = false;
    if (json_is_string(value)) {
        return mask_text(profile, json_string_value(value));
    }
    if (json_is_array(value)) {
        made = json_array();
        for (size_t i = 0; i < json_array_size(value); i++) {
            jm_append(made, value_mask(profile, json_array_get(value, i)), &failed);
        }
        return jm_end(made, failed || made == NULL);
    }
    if (json_is_object(value)) {
        const char *key;
        json_t *member;
        made = json_object();
        json_object_foreach((json_t *)(uintptr_t)value, key, member)
        {
            jm_set(made, key, value_mask(profile, member), &failed);
        }
        return jm_end(made, failed || made == NULL);
    }
    return json_incref((json_t *)(uintptr_t)value); /* only the count of references changes */
}
