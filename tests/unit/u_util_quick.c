/* json_quick: whatever comes, the result is jansson's. */
#include "../../runner/util/json_quick.h"
#include "../../runner/util/str_buf.h"
#include "cu_run.h"

#include <string.h>

#define FLAGS (JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY)

static const char *const texts[] = {
    "{}",
    "[]",
    "{\"e\":\"step\",\"t\":12,\"run\":3,\"out\":{\"p\":{\"w\":true,\"v\":null},\"a\":[1,-2,false]}"
    "}",
    "[0,-0,10,-10,999999999999999999,9223372036854775807,-9223372036854775808]",
    "[1.5,1e3,-2.25E-2,01,-,1.]",
    "[9223372036854775808]",
    "[01]",
    "[-]",
    "[+1]",
    "[1,]",
    "[,1]",
    "[1 ,2]",
    " {\"a\":1}",
    "{\"a\":1} ",
    "{\"a\":1}}",
    "{\"a\":1}x",
    "{\"a\":1,\"a\":2}",
    "{\"a\":1,\"b\":{\"c\":1,\"c\":1}}",
    "{\"a\"}",
    "{\"a\":}",
    "{a:1}",
    "{\"a\":tru}",
    "[true,false,null]",
    "[truex]",
    "[nul",
    "[\"\\u0041\\n\\\"\\\\\\/\"]",
    "[\"\\u0000\"]",
    "[\"\xC3\xA4\xF0\x9F\x98\x80\"]",
    "[\"\xC3\"]",
    "[\"a\x01\"]",
    "[\"a\x7F\"]",
    "[\"a",
    "\"a\"",
    "1",
    "",
    "{\"\":\"\"}",
    "{\"a key that is so long that it does not fit where keys are put while they are read "
    "------\":1}",
    " {\n\t\"a\" : [ 1 , 2 ,\r\n -3 ] , \"b\" : { } , \"c\" : [ ] } \n",
    "[1\f]",
    "[1 2]",
    "[\"\xED\xA0\x80\"]",
    "[\"\xC0\xAF\"]",
    "[\"\xF5\x80\x80\x80\"]",
    "{\"b\\u00e4\":1,\"a\\\"\":2,\"\xC3\xA4\":3,\"z\":4,\"a\":5}",
    "{\"ab\":1,\"a\":2,\"abc\":3,\"B\":4,\"aa\":5}",
};
#define TEXTS (sizeof texts / sizeof texts[0])

static const size_t flags[] = {0, JSON_REJECT_DUPLICATES, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES};

static void read_both(const char *text, size_t len, size_t flag)
{
    json_error_t why = {.column = -1}, wanted_why = {.column = -1};
    char *exact = malloc(len + 1); /* so that nothing can be read behind it unseen */
    memcpy(exact, text, len);
    exact = realloc(exact, len > 0 ? len : 1);
    json_t *got = json_quick_read(exact, len, flag, &why);
    json_t *wanted = json_loadb(exact, len, flag, &wanted_why);
    CU_ASSERT_EQUAL(got == NULL, wanted == NULL);
    if (got == NULL) {
        CU_ASSERT_STRING_EQUAL(why.text, wanted_why.text);
        CU_ASSERT_EQUAL(why.column, wanted_why.column);
    } else {
        CU_ASSERT(json_equal(got, wanted));
    }
    json_decref(got);
    json_decref(wanted);
    free(exact);
}

/* Each text, and every beginning of it. */
static void test_read(void)
{
    for (size_t i = 0; i < TEXTS; i++) {
        for (size_t len = 0; len <= strlen(texts[i]); len++) {
            for (size_t f = 0; f < sizeof flags / sizeof flags[0]; f++) {
                read_both(texts[i], len, flags[f]);
            }
        }
    }
}

/* Deeper than the stack is to be, with and without an end. */
static void test_deep(void)
{
    char deep[400];
    memset(deep, '[', 200);
    memset(deep + 200, ']', 200);
    read_both(deep, 400, 0);
    read_both(deep, 399, 0);
    read_both(deep + 140, 120, 0);
}

static int add(const char *text, size_t len, void *buf)
{
    sb_addn(buf, text, len);
    return 0;
}

static void write_both(const json_t *value)
{
    struct str_buf got, wanted;
    sb_init(&got, 1 << 20);
    sb_init(&wanted, 1 << 20);
    CU_ASSERT(json_quick_write(value, add, &got));
    CU_ASSERT_EQUAL(json_dump_callback(value, add, &wanted, FLAGS), 0);
    CU_ASSERT_STRING_EQUAL(sb_text(&got), sb_text(&wanted));
    sb_free(&got);
    sb_free(&wanted);
}

static void test_write(void)
{
    json_t *many = json_object(), *deep = json_integer(1);
    for (int i = 0; i < 1000; i++) {
        deep = i % 2 ? json_pack("[o]", deep) : json_pack("{s:o, s:i}", "b", deep, "a", i);
    }
    write_both(deep);
    json_decref(deep);
    for (size_t i = 0; i < TEXTS; i++) {
        json_t *value =
            json_loadb(texts[i], strlen(texts[i]), JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        if (value) {
            write_both(value);
            json_decref(value);
        }
    }
    for (int i = 0; i < 200; i++) {
        char key[16];
        snprintf(key, sizeof key, "k%d", i * 7919 % 1000);
        json_object_set_new(many, key, json_integer(i - 100));
        write_both(many);
    }
    json_decref(many);
    CU_ASSERT_FALSE(json_quick_write(NULL, add, NULL));
}

/* Once; what comes behind is taken again. */
static int refuse(const char *text, size_t len, void *left)
{
    size_t *rest = left;
    (void)text;
    (void)len;
    return (*rest)-- == 0 ? -1 : 0;
}

/* Whichever piece cannot be written: it is said, of jansson's pieces too, which themselves pass
 * over a key that failed. */
static void test_write_fails(void)
{
    static const char *const written[] = {"{\"e\":\"step\",\"t\":12,\"run\":3,\"out\":{\"p\":{"
                                          "\"w\":true,\"v\":null},\"a\":[1,-2,false]}}",
                                          "{\"\xC3\xA4\":{\"key\":1,\"other\":[\"\xC3\xB6\",{"
                                          "\"in\":{\"it\":null}}]},\"b\":{\"c\":[true]}}"};
    for (size_t i = 0; i < sizeof written / sizeof written[0]; i++) {
        json_t *value = json_loads(written[i], 0, NULL);
        size_t pieces = 0;
        CU_ASSERT_PTR_NOT_NULL_FATAL(value);
        for (bool whole = false; !whole; pieces++) {
            size_t left = pieces;
            whole = json_quick_write(value, refuse, &left);
            CU_ASSERT_EQUAL(whole, left != (size_t)-1);
        }
        CU_ASSERT(pieces > 20);
        json_decref(value);
    }
}

/* jansson itself passes over one behind a number. */
static void test_zero(void)
{
    static const struct {
        const char *text;
        size_t len;
        int line, column;
    } rows[] = {
        {"[1\0,2]", 6, 1, 3},
        {"{\"a\":\n \"\xC3\xA4\0\"}", 12, 2, 4},
        {"{}\0", 3, 1, 3},
        {"\0", 1, 1, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_error_t why = {.column = -1};
        CU_ASSERT_PTR_NULL(json_quick_read(rows[i].text, rows[i].len, 0, &why));
        CU_ASSERT_STRING_EQUAL(why.text, "control character 0x0");
        CU_ASSERT_EQUAL(json_error_code(&why), json_error_invalid_syntax);
        CU_ASSERT_EQUAL(why.line, rows[i].line);
        CU_ASSERT_EQUAL(why.column, rows[i].column);
        CU_ASSERT_PTR_NULL(json_quick_read(rows[i].text, rows[i].len, 0, NULL));
    }
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"reading", test_read},
        {"depth", test_deep},
        {"writing", test_write},
        {"a writer that refuses", test_write_fails},
        {"a zero byte is refused", test_zero},
        CU_TEST_INFO_NULL,
    };
    return cu_run("util_quick", tests);
}
