/* json_view and json_emit: what one reads and the other writes is what jansson makes of it. */
#include "../../runner/util/json_emit.h"
#include "cu_run.h"

#include <string.h>

#define FLAGS (JSON_COMPACT | JSON_ENCODE_ANY)

static const char *const texts[] = {
    "{}",
    "[]",
    "{\"e\":\"step\",\"t\":12,\"run\":3,\"out\":{\"p\":{\"w\":true,\"v\":null},\"a\":[1,-2,false]}"
    "}",
    "[0,-0,10,-10,999999999999999999,9223372036854775807,-9223372036854775808]",
    "[1.5,1e3,-2.25E-2,0.1]",
    "{\"z\":1,\"a\":{\"y\":[{\"b\":2,\"a\":1}],\"b\":{}},\"m\":\"\"}",
    "[\"\\u0041\\n\\\"\\\\\\/\\b\\f\\r\\t\",\"\\\"\",\"\\\\\",\"a\\\\\"]",
    "[\"\\u0001\\u001f\x7F\",\"\\ud83d\\ude00\"]",
    "[\"\xC3\xA4\xF0\x9F\x98\x80\"]",
    "{\"a\\\"b\":1,\"a\":2,\"\xC3\xA4\":3,\"\":4}",
    " {\n\t\"a\" : [ 1 , 2 ,\r\n -3 ] , \"b\" : { } , \"c\" : [ ] } \n",
    "\"a\"",
    "true",
    "17",
};
#define TEXTS (sizeof texts / sizeof texts[0])

static const char *const wrong[] = {
    "",      "{",         "[1,]",       "[,1]",       "{\"a\"}",    "{\"a\":}",
    "{a:1}", "[tru]",     "[nul",       "[01]",       "[-]",        "[\"a\x01\"]",
    "[\"a",  "[\"\\x\"]", "[\"\xC3\"]", "{\"a\":1}}", "{\"a\":1}x", "[\"\\u0000\"]",
    "[1 2]", "[\"a\\",    "[\"a\\\"]",
};
#define WRONG (sizeof wrong / sizeof wrong[0])

/* Reads a text where nothing can be read behind it unseen. */
static size_t view(struct jv_doc *doc, char **copy, const char *text)
{
    const size_t len = strlen(text);
    *copy = malloc(len + 1);
    memcpy(*copy, text, len + 1);
    return jv_read(doc, *copy, len);
}

static void writes(const struct jv *value, const json_t *wanted, bool sorted)
{
    struct str_buf out;
    struct json_emit emit;
    char *expected = json_dumps(wanted, FLAGS | (sorted ? JSON_SORT_KEYS : 0));
    sb_init(&out, 10000);
    je_init(&emit, &out, sorted);
    je_value(&emit, NULL, value);
    CU_ASSERT_STRING_EQUAL(sb_text(&out), expected);
    CU_ASSERT_FALSE(out.failed);
    je_free(&emit);
    sb_free(&out);
    free(expected);
}

static void test_texts(void)
{
    for (size_t i = 0; i < TEXTS; i++) {
        struct jv_doc doc = {0};
        char *copy = NULL;
        const size_t first = view(&doc, &copy, texts[i]);
        json_t *wanted = json_loads(texts[i], JSON_DECODE_ANY, NULL);
        CU_ASSERT_NOT_EQUAL_FATAL(first, JV_NONE);
        const size_t second = jv_of(&doc, wanted);
        CU_ASSERT_NOT_EQUAL_FATAL(second, JV_NONE);
        writes(jv_at(&doc, first), wanted, true);
        writes(jv_at(&doc, first), wanted, false);
        writes(jv_at(&doc, second), wanted, true);
        json_decref(wanted);
        jv_free(&doc);
        free(copy);
    }
}

static void test_wrong(void)
{
    for (size_t i = 0; i < WRONG; i++) {
        struct jv_doc doc = {0};
        char *copy = NULL;
        CU_ASSERT_EQUAL(view(&doc, &copy, wrong[i]), JV_NONE);
        CU_ASSERT_EQUAL(doc.count, 0);
        jv_free(&doc);
        free(copy);
    }
}

/* Deeper than is read quickly, and than jansson reads. */
static void test_depth(void)
{
    static const size_t depths[] = {60, 70, 1000, 3000};
    for (size_t i = 0; i < sizeof depths / sizeof depths[0]; i++) {
        struct jv_doc doc = {0};
        char text[6001];
        const size_t depth = depths[i];
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        text[2 * depth] = '\0';
        json_t *wanted = json_loads(text, 0, NULL);
        const size_t number = jv_read(&doc, text, 2 * depth);
        CU_ASSERT_EQUAL_FATAL(number == JV_NONE, wanted == NULL);
        if (wanted != NULL) {
            writes(jv_at(&doc, number), wanted, true);
        }
        json_decref(wanted);
        jv_free(&doc);
    }
}

static void test_looking(void)
{
    struct jv_doc doc = {0};
    char *copy = NULL, *other = NULL;
    const size_t number = view(&doc, &copy, "{\"a\":\"x\",\"b\":7,\"c\":[1,[2],3],\"d\":true}");
    CU_ASSERT_NOT_EQUAL_FATAL(number, JV_NONE);
    CU_ASSERT_EQUAL(view(&doc, &other, "[]"), number + jv_at(&doc, number)->size);
    const struct jv *value = jv_at(&doc, number), *list = jv_get(value, "c");
    CU_ASSERT_STRING_EQUAL(jv_text(jv_get(value, "a")), "x");
    CU_ASSERT_EQUAL(jv_integer(jv_get(value, "b")), 7);
    CU_ASSERT_TRUE(jv_is_true(jv_get(value, "d")));
    CU_ASSERT_PTR_NULL(jv_get(value, "e"));
    CU_ASSERT_PTR_NULL(jv_get(list, "a")); /* no object */
    CU_ASSERT_PTR_NULL(jv_text(NULL));
    CU_ASSERT_EQUAL(jv_integer(jv_get(value, "a")), 0);
    size_t count = 0;
    for (const struct jv *at = jv_first(list); at != NULL; at = jv_next(list, at)) {
        count++;
    }
    CU_ASSERT_EQUAL(count, 3);
    CU_ASSERT_PTR_NULL(jv_first(jv_get(value, "b")));
    jv_clear(&doc);
    CU_ASSERT_EQUAL(doc.count, 0);
    jv_free(&doc);
    free(copy);
    free(other);
}

/* What is told member by member. */
static void test_members(void)
{
    struct str_buf out;
    struct json_emit emit;
    sb_init(&out, 1000);
    je_init(&emit, &out, true);
    je_object(&emit, NULL);
    je_text(&emit, "z", "a\"b");
    je_text(&emit, "none", NULL);
    je_array(&emit, "list");
    je_integer(&emit, NULL, -5);
    je_object(&emit, NULL);
    je_truth(&emit, "b", false);
    je_null(&emit, "a");
    je_end(&emit);
    je_end(&emit);
    je_textf(&emit, "f", "%s-%d", "x", 3);
    je_textf(&emit, "long", "%0300d", 1);
    je_end(&emit);
    CU_ASSERT_EQUAL(strncmp(sb_text(&out),
                            "{\"f\":\"x-3\",\"list\":[-5,{\"a\":null,\"b\":false}],"
                            "\"long\":\"000",
                            52),
                    0);
    CU_ASSERT_STRING_EQUAL(sb_text(&out) + out.len - 17, "0001\",\"z\":\"a\\\"b\"}");
    je_free(&emit);
    sb_free(&out);
}

/* A buffer that has no room stays failed, whatever is told after that. */
static void test_no_room(void)
{
    for (size_t room = 0; room < 30; room++) {
        struct str_buf out;
        struct json_emit emit;
        sb_init(&out, room);
        je_init(&emit, &out, true);
        je_object(&emit, NULL);
        je_text(&emit, "b", "text");
        je_array(&emit, "a");
        je_integer(&emit, NULL, 17);
        je_end(&emit);
        je_end(&emit);
        CU_ASSERT_EQUAL(out.failed, room < 21);
        je_free(&emit);
        sb_free(&out);
    }
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"texts", test_texts},     {"what is no JSON", test_wrong}, {"depth", test_depth},
        {"looking", test_looking}, {"members", test_members},       {"no room", test_no_room},
        CU_TEST_INFO_NULL,
    };
    return cu_run("util: JSON looked at and told", tests);
}
