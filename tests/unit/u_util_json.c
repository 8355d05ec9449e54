/* json_file, json_pos. */
#include "../../runner/util/fs_path.h"
#include "../../runner/util/json_file.h"
#include "../../runner/util/json_pos.h"
#include "cu_run.h"

#include <string.h>

static const char text[] = "{\n"
                           "  \"a\": [1, {\"b\": \"x]\"}, [\n"
                           "    true ] ],\n"
                           "  \"k\\u00e4/~\": {\"\": null},\n"
                           "  \"\xC3\xA4\": 1, \"last\": -1.5e3, \"\\ud83d\\ude00\": 2\n"
                           "}\n";

static const struct {
    const char *pointer;
    int line, column, key_column; /* 0: not there */
} rows[] = {
    {"", 1, 1, 1},
    {"/a", 2, 8, 3},
    {"/a/0", 2, 9, 9},
    {"/a/1", 2, 12, 12},
    {"/a/1/b", 2, 18, 13},
    {"/a/2", 2, 25, 25},
    {"/a/2/0", 3, 5, 5},
    {"/k\xC3\xA4~1~0", 4, 16, 3},
    {"/k\xC3\xA4~1~0/", 4, 21, 17},
    {"/\xC3\xA4", 5, 8, 3},
    {"/last", 5, 19, 11},
    {"/\xF0\x9F\x98\x80", 5, 43, 27},
    {"/b", 0, 0, 0},
    {"/a/3", 0, 0, 0},
    {"/a/x", 0, 0, 0},
    {"/a/", 0, 0, 0},
    {"/last/0", 0, 0, 0},
    {"/a/0/1", 0, 0, 0},
    {"a", 0, 0, 0},
};

static void test_places(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int line = 0, column = 0, key_line = 0, key_column = 0;
        bool found = json_pos_find(text, sizeof text - 1, rows[i].pointer, &line, &column);
        bool key =
            json_pos_find_key(text, sizeof text - 1, rows[i].pointer, &key_line, &key_column);
        if (found != (rows[i].line > 0) || key != found || line != rows[i].line ||
            column != rows[i].column || key_column != rows[i].key_column) {
            printf("\n%s: %d:%d, name %d:%d", rows[i].pointer, line, column, key_line, key_column);
            CU_FAIL("another place");
        }
    }
}

/* Every beginning of the text, every pointer: no answer needed, but no reading outside either. */
static void test_cut(void)
{
    for (size_t len = 0; len < sizeof text; len++) {
        char *cut = malloc(len ? len : 1);
        CU_ASSERT_PTR_NOT_NULL_FATAL(cut);
        memcpy(cut, text, len);
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            int line = 7, column = 7;
            if (!json_pos_find(cut, len, rows[i].pointer, &line, &column)) {
                CU_ASSERT_EQUAL(line, 7);
            }
        }
        free(cut);
    }
}

static void test_deep(void)
{
    enum { DEPTH = 1000000 };
    char *deep = malloc(2 * DEPTH + 20);
    int line, column;
    CU_ASSERT_PTR_NOT_NULL_FATAL(deep);
    memcpy(deep, "{\"a\":", 5);
    memset(deep + 5, '[', DEPTH);
    memset(deep + 5 + DEPTH, ']', DEPTH);
    memcpy(deep + 5 + 2 * DEPTH, ",\"b\":1}", 7);
    CU_ASSERT_TRUE(json_pos_find(deep, 2 * DEPTH + 12, "/b", &line, &column));
    CU_ASSERT_EQUAL(column, 2 * DEPTH + 11);
    free(deep);
}

static const struct {
    const char *text;
    int line, column;
    const char *message;
} bad[] = {
    {"", 1, 1, "'[' or '{' expected near end of file"},
    {"1", 1, 1, "'[' or '{' expected near '1'"},
    {"{\"a\":1,\n \"a\":2}", 2, 2, "duplicate object key near '\"a\"'"},
    {"{\"a\":\"\\u0000\"}", 1, 6,
     "\\u0000 is not allowed without JSON_ALLOW_NUL near '\"\\u0000\"'"},
    {"\xEF\xBB\xBF{}", 1, 1, "a byte order mark is not allowed"},
    {"{\"a\":\n\"\xFF\"}", 2, 1, NULL},
    {"{} {}", 1, 4, "end of file expected near '{'"},
};

static void test_bad_texts(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct cts_error err = {0};
        json_t *json = json_text_parse(bad[i].text, strlen(bad[i].text), "f.json", &err);
        CU_ASSERT_PTR_NULL(json);
        CU_ASSERT_EQUAL(err.status, CTS_BAD_FILE);
        CU_ASSERT_STRING_EQUAL(err.path, "f.json");
        if (err.line != bad[i].line || err.column != bad[i].column ||
            (bad[i].message && strcmp(err.text, bad[i].message) != 0)) {
            printf("\n%zu: %d:%d: %s", i, err.line, err.column, err.text);
            CU_FAIL("another error");
        }
        json_decref(json);
    }
}

/* Deeper than jansson goes: an error, no overflow of the stack. */
static void test_too_deep(void)
{
    enum { DEPTH = 100000 };
    char *deep = malloc(DEPTH);
    struct cts_error err = {0};
    CU_ASSERT_PTR_NOT_NULL_FATAL(deep);
    memset(deep, '[', DEPTH);
    CU_ASSERT_PTR_NULL(json_text_parse(deep, DEPTH, "deep", &err));
    CU_ASSERT_STRING_EQUAL(err.text, "maximum parsing depth reached near '['");
    free(deep);
}

static void test_files(void)
{
    const char *tmp = getenv("TMPDIR");
    char dir[600], path[700], missing[800];
    struct cts_error err = {0};
    size_t len = 0;
    snprintf(dir, sizeof dir, "%s/vsscts-u-util-json", tmp ? tmp : "/tmp");
    snprintf(path, sizeof path, "%s/sub", dir);
    CU_ASSERT_EQUAL(fs_mkdirs(path, &err), CTS_OK);
    snprintf(path, sizeof path, "%s/one.json", dir);
    CU_ASSERT_EQUAL(file_write(path, "{\"a\":1}", 7, &err), CTS_OK);
    CU_ASSERT_EQUAL(file_write(path, "{\"a\":2}\n", 8, &err), CTS_OK);
    char *read = file_read(path, &len, 8, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(read);
    CU_ASSERT_STRING_EQUAL(read, "{\"a\":2}\n");
    CU_ASSERT_EQUAL(len, 8);
    free(read);
    CU_ASSERT_PTR_NULL(file_read(path, &len, 7, &err));
    CU_ASSERT_EQUAL(err.status, CTS_BAD_FILE);
    CU_ASSERT_STRING_EQUAL(err.text, "the file is larger than 7 bytes");
    json_t *json = json_file_load(path, &err);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(json, "a")), 2);
    json_decref(json);
    CU_ASSERT_PTR_NULL(json_file_load(dir, &err));
    CU_ASSERT_EQUAL(err.status, CTS_BAD_FILE);
    CU_ASSERT_STRING_EQUAL(err.path, dir);
    snprintf(missing, sizeof missing, "%s/none/two.json", dir);
    CU_ASSERT_PTR_NULL(json_file_load(missing, &err));
    CU_ASSERT_EQUAL(err.status, CTS_BAD_FILE);
    CU_ASSERT_EQUAL(file_write(missing, "x", 1, &err), CTS_IO);
    /* A folder cannot be replaced by a file; what was written beside it is gone. */
    struct fs_list list;
    snprintf(missing, sizeof missing, "%s/sub", dir);
    CU_ASSERT_EQUAL(file_write(missing, "x", 1, &err), CTS_IO);
    CU_ASSERT_EQUAL(fs_list(dir, &list, &err), CTS_OK);
    CU_ASSERT_EQUAL(list.count, 2);
    fs_list_free(&list);
    remove(path);
    remove(missing);
    remove(dir);
}

static CU_TestInfo tests[] = {
    {"places of pointers", test_places},
    {"texts that are cut off", test_cut},
    {"deep nesting costs nothing", test_deep},
    {"bad JSON has a place", test_bad_texts},
    {"JSON that is too deep", test_too_deep},
    {"files", test_files},
    CU_TEST_INFO_NULL,
};

int main(void)
{
    return cu_run("util json", tests);
}
