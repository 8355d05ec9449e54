/* Tables made to break the reader: it may refuse them, but it must end, in order, with a reason. */
#include "../../runner/util/str_buf.h"
#include "u_model_fixture.h"

static struct cts_errors *errs;
static char copy[600];

/* Loads the copy with one file replaced, and puts the file right again. */
static struct tables *load_with(const char *rel, const char *data, size_t len)
{
    char valid[1024], path[1400];
    size_t right_len;
    struct cts_error err;
    fixture_write(copy, rel, data, len);
    struct tables *tables = tbl_load(copy, errs);
    snprintf(path, sizeof path, "%s/%s", fixture_data("valid", valid, sizeof valid), rel);
    char *right = fs_exists(path) ? file_read(path, &right_len, JSON_FILE_MAX, &err) : NULL;
    if (right) {
        fixture_write(copy, rel, right, right_len);
        free(right);
    } else {
        snprintf(path, sizeof path, "%s/%s", copy, rel);
        remove(path);
    }
    CU_ASSERT_EQUAL(tables == NULL, errs->count > 0);
    return tables;
}

/* The first error of a file that must be refused. */
static const char *refusal(const char *rel, const char *data, size_t len)
{
    struct tables *tables = load_with(rel, data, len);
    CU_ASSERT_PTR_NULL(tables);
    tbl_free(tables);
    return errs->list[0].text;
}

static bool complains(const char *text)
{
    for (size_t i = 0; i < errs->count && i < CTS_ERRORS_MAX; i++) {
        if (strstr(errs->list[i].text, text)) {
            return true;
        }
    }
    return false;
}

#define HEAD "{\"format\": 1, \"kind\": \"suite\", \"suite\": \"demo\", \"title\": \"x\", "

static void test_texts(void)
{
    static const char utf8[] = HEAD "\"cases\": [], \"note\": \"\xC3\x28\"}";
    static const char overlong[] = HEAD "\"cases\": [], \"note\": \"\xC0\x80\"}";
    static const char control[] = HEAD "\"cases\": [{\"id\": \"\\u001b[31m\", \"title\": \"x\"}]}";
    static const char number[] = HEAD "\"cases\": [{\"deadline_ms\": 99999999999999999999}]}";
    CU_ASSERT_PTR_NOT_NULL(strstr(refusal("demo/x.json", utf8, sizeof utf8 - 1), "decode byte"));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(refusal("demo/x.json", overlong, sizeof overlong - 1), "decode byte"));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(refusal("demo/x.json", number, sizeof number - 1), "too big integer"));
    CU_ASSERT_STRING_EQUAL(refusal("demo/x.json", "{\0}", 3), "control character 0x0");
    refusal("demo/x.json", control, sizeof control - 1);
    for (size_t i = 0; i < errs->count; i++) {
        CU_ASSERT_PTR_NULL(strchr(errs->list[i].text, '\x1b'));
    }
}

/* n times `open`, then n times `close`. */
static char *nested(const char *head, const char *open, const char *middle, const char *close,
                    const char *tail, size_t n, size_t *len)
{
    struct str_buf buf;
    sb_init(&buf, JSON_FILE_MAX);
    sb_add(&buf, head);
    for (size_t i = 0; i < n; i++) {
        sb_add(&buf, open);
    }
    sb_add(&buf, middle);
    for (size_t i = 0; i < n; i++) {
        sb_add(&buf, close);
    }
    sb_add(&buf, tail);
    char *text = sb_take(&buf, len);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    return text;
}

static void test_deep(void)
{
    size_t len;
    char *text = nested("", "[", "", "]", "", 1000000, &len);
    CU_ASSERT_STRING_EQUAL(refusal("demo/x.json", text, len),
                           "maximum parsing depth reached near '['");
    free(text);
    text = nested(HEAD "\"cases\": [], \"note\": ", "[", "", "]", "}", 2000, &len);
    CU_ASSERT_PTR_NOT_NULL(strstr(refusal("demo/x.json", text, len), "\"note\" must be a string"));
    free(text);
    text = nested(HEAD "\"cases\": [{\"id\": \"x\", \"title\": \"x\", "
                       "\"requirements\": [\"IThing.Init#twice\"], \"steps\": ",
                  "[{\"repeat\": 2, \"steps\": ", "[{\"create\": \"x\"}]", "}]", "}]}", 900, &len);
    CU_ASSERT_STRING_EQUAL(refusal("demo/x.json", text, len), "steps nest deeper than 8");
    CU_ASSERT_EQUAL(errs->count, 1);
    free(text);
}

static void test_long(void)
{
    size_t len;
    char *text = nested(HEAD "\"cases\": [{\"id\": \"", "a", "", "b",
                        "\", \"title\": \"x\", "
                        "\"requirements\": [\"IThing.Init#twice\"], "
                        "\"steps\": [{\"create\": \"x\"}]}]}",
                        2000, &len);
    CU_ASSERT_STRING_EQUAL(refusal("demo/x.json", text, len), "the id is too long");
    free(text);
    text = nested(HEAD "\"cases\": [", "{},", "{}", "", "]}", 5000, &len);
    refusal("demo/x.json", text, len);
    CU_ASSERT_TRUE(errs->count > CTS_ERRORS_MAX);
    free(text);
    text = nested(HEAD "\"cases\": [{\"tags\": [", "1,", "1", "", "]}]}", 200000, &len);
    refusal("demo/x.json", text, len);
    CU_ASSERT_TRUE(complains("more than 10000 elements"));
    free(text);
    /* A long key leads to a long pointer. */
    text = nested(HEAD "\"", "k", "", "k", "\": 1, \"cases\": []}", 5000, &len);
    CU_ASSERT_PTR_NOT_NULL(strstr(refusal("demo/x.json", text, len), "unknown key \"kkk"));
    CU_ASSERT_EQUAL(errs->list[0].line, 1);
    free(text);
}

static void test_large_matrix(void)
{
    struct str_buf buf;
    size_t len;
    sb_init(&buf, JSON_FILE_MAX);
    sb_add(&buf, HEAD "\"matrices\": [{\"id\": \"m\", \"title\": \"x\", \"preambles\": [");
    for (int i = 0; i < 2000; i++) {
        sb_addf(&buf, "%s\"p%d\"", i ? "," : "", i);
    }
    sb_add(&buf, "], \"calls\": [");
    for (int i = 0; i < 2000; i++) {
        sb_addf(&buf, "%s{\"id\": \"c%d\", \"steps\": []}", i ? "," : "", i);
    }
    sb_add(&buf, "], \"rows\": [{\"question\": \"q-again\"}]}]}");
    char *text = sb_take(&buf, &len);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    refusal("demo/x.json", text, len);
    CU_ASSERT_TRUE(complains("unknown preamble"));
    free(text);
}

/* Every file, cut off at many places and with many bytes changed: any outcome but a crash, a hang
 * or a silent refusal. */
static void test_mutations(void)
{
    static const char *const files[] = {"demo/init.json",    "demo/matrix.json", "preambles.json",
                                        "api/IThing.json",   "api/types.json",   "states.json",
                                        "api/functions.json"};
    static const char bytes[] = "\"{}[],:0n\\ \x80";
    unsigned seed = 1;
    for (size_t f = 0; f < sizeof files / sizeof files[0]; f++) {
        char valid[1024], path[1400];
        size_t len;
        struct cts_error err;
        snprintf(path, sizeof path, "%s/%s", fixture_data("valid", valid, sizeof valid), files[f]);
        char *text = file_read(path, &len, JSON_FILE_MAX, &err);
        CU_ASSERT_PTR_NOT_NULL_FATAL(text);
        for (int round = 0; round < 60; round++) {
            seed = seed * 1103515245u + 12345u;
            size_t at = (seed >> 8) % len;
            char was = text[at];
            text[at] = bytes[(seed >> 4) % (sizeof bytes - 1)];
            tbl_free(load_with(files[f], text, round % 4 == 0 ? at : len));
            text[at] = was;
        }
        free(text);
    }
}

/* The values of every member, replaced by values of other types. */
static void replace_all(json_t *root, json_t *at, const char *file)
{
    static const char *const values[] = {"null", "1", "\"x\"", "{}", "[[{}]]"};
    const char *key;
    json_t *value;
    void *next;
    json_object_foreach_safe(at, next, key, value)
    {
        json_incref(value);
        for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
            json_object_set_new(at, key, json_loads(values[i], JSON_DECODE_ANY, NULL));
            char *text = json_dumps(root, 0);
            CU_ASSERT_PTR_NOT_NULL_FATAL(text);
            tbl_free(load_with(file, text, strlen(text)));
            free(text);
        }
        json_object_set(at, key, value);
        replace_all(root, value, file);
        json_decref(value);
    }
    for (size_t i = 0; i < json_array_size(at); i++) {
        replace_all(root, json_array_get(at, i), file);
    }
}

static void test_types(void)
{
    static const char *const files[] = {"demo/init.json", "demo/matrix.json", "preambles.json",
                                        "api/IThingEx.json"};
    for (size_t f = 0; f < sizeof files / sizeof files[0]; f++) {
        char valid[1024], path[1400];
        struct cts_error err;
        snprintf(path, sizeof path, "%s/%s", fixture_data("valid", valid, sizeof valid), files[f]);
        json_t *root = json_file_load(path, &err);
        CU_ASSERT_PTR_NOT_NULL_FATAL(root);
        replace_all(root, root, files[f]);
        json_decref(root);
    }
}

static CU_TestInfo tests[] = {
    {"texts", test_texts},
    {"deep nesting", test_deep},
    {"long lists and names", test_long},
    {"a matrix that is too large", test_large_matrix},
    {"changed bytes", test_mutations},
    {"changed types", test_types},
    CU_TEST_INFO_NULL,
};

int main(void)
{
    char valid[1024];
    errs = calloc(1, sizeof *errs);
    if (!errs) {
        return EXIT_FAILURE;
    }
    fixture_copy("hostile", copy, sizeof copy);
    fixture_remove(copy);
    fixture_lay(fixture_data("valid", valid, sizeof valid), copy, "");
    int status = cu_run("model hostile", tests);
    fixture_remove(copy);
    free(errs);
    return status;
}
