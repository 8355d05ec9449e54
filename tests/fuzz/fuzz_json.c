/* The quick ways of JSON give what jansson gives, and the places of values are found in it. */
#include "../../runner/util/json_pos.h"
#include "../../runner/util/json_quick.h"
#include "../../runner/util/str_buf.h"
#include "fuzz.h"

static int take(const char *data, size_t length, void *context)
{
    sb_addn(context, data, length);
    return 0;
}

static void check_writing(const json_t *value)
{
    struct str_buf quick;
    sb_init(&quick, SIZE_MAX / 2);
    char *slow = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    const bool written = json_quick_write(value, take, &quick);
    FUZZ_CHECK(written == (slow != NULL));
    FUZZ_CHECK(slow == NULL || strcmp(slow, sb_text(&quick)) == 0);
    free(slow);
    sb_free(&quick);
}

/* A key of the object, as a pointer: its value stands somewhere. */
static void check_places(const char *text, size_t size, json_t *root)
{
    const char *key;
    json_t *value;
    int line = 0, column = 0;
    FUZZ_CHECK(json_pos_find(text, size, "", &line, &column) && line > 0 && column > 0);
    json_object_foreach(root, key, value)
    {
        char pointer[256];
        if (strpbrk(key, "~/") == NULL && strlen(key) < sizeof pointer - 1) {
            snprintf(pointer, sizeof pointer, "/%s", key);
            FUZZ_CHECK(json_pos_find(text, size, pointer, &line, &column));
            FUZZ_CHECK(json_pos_find_key(text, size, pointer, &line, &column));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_error_t why;
    int line, column;
    char *text = fuzz_text(data, size);
    json_t *slow = json_loadb(text, size, JSON_REJECT_DUPLICATES, &why);
    json_t *quick = json_quick_read(text, size, JSON_REJECT_DUPLICATES, &why);
    if (memchr(text, '\0', size) != NULL) {
        FUZZ_CHECK(quick == NULL);
    } else {
        FUZZ_CHECK((slow == NULL) == (quick == NULL));
        FUZZ_CHECK(slow == NULL || json_equal(slow, quick));
    }
    if (quick != NULL) {
        check_writing(quick);
        check_places(text, size, quick);
    }
    json_pos_find(text, size, "/a/0/b", &line, &column);
    json_decref(slow);
    json_decref(quick);
    free(text);
    return 0;
}
