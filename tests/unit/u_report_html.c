/* The page of a run, and what pages are made of: numbers of texts, elements of data, traces. */
#include "../../runner/report/formats.h"
#include "../../runner/report/html_assets.h"
#include "../../runner/report/html_page.h"
#include "../../runner/report/text_set.h"
#include "../../runner/util/json_file.h"
#include "cu_run.h"
#include "u_report_fixture.h"

#define FILE_NAME "u_report_html.tmp"

static void test_text_set(void)
{
    struct text_set *set = text_set_new(1 << 16);
    char text[32];
    size_t length = 0;
    CU_ASSERT_PTR_NOT_NULL_FATAL(set);
    for (size_t i = 0; i < 3000; i++) {
        snprintf(text, sizeof text, "text %zu", i);
        CU_ASSERT_EQUAL(text_set_add(set, text, strlen(text)), i);
    }
    for (size_t i = 0; i < 3000; i++) {
        snprintf(text, sizeof text, "text %zu", i);
        CU_ASSERT_EQUAL(text_set_add(set, text, strlen(text)), i);
        CU_ASSERT_STRING_EQUAL(text_set_at(set, i, &length), text);
        CU_ASSERT_EQUAL(length, strlen(text));
    }
    CU_ASSERT_EQUAL(text_set_count(set), 3000);
    CU_ASSERT_EQUAL(text_set_add(set, "a\0b", 3), 3000); /* bytes, whatever they are */
    CU_ASSERT_EQUAL(text_set_add(set, "a\0c", 3), 3001);
    CU_ASSERT_EQUAL(text_set_add(set, "a", 1), 3002);
    CU_ASSERT_EQUAL(text_set_add(set, "", 0), 3003);
    text_set_free(set);
}

static void test_text_set_full(void)
{
    struct text_set *set = text_set_new(8);
    CU_ASSERT_PTR_NOT_NULL_FATAL(set);
    CU_ASSERT_EQUAL(text_set_add(set, "12345678", 8), TEXT_SET_FULL); /* no room for its end */
    CU_ASSERT_EQUAL(text_set_add(set, "1234567", 7), 0);
    CU_ASSERT_EQUAL(text_set_add(set, "", 0), TEXT_SET_FULL);
    CU_ASSERT_EQUAL(text_set_add(set, "1234567", 7), 0); /* what is there is still found */
    text_set_free(set);
}

static char *read_back(void)
{
    struct cts_error err = {0};
    size_t length = 0;
    char *text = file_read(FILE_NAME, &length, 1 << 20, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    remove(FILE_NAME);
    return text;
}

static void test_page(void)
{
    static const char *const assets[] = {"base.css", "base.js", NULL};
    static const char evil[] = "</script><!--<script>&\xE2\x80\xA8";
    struct html_page page;
    struct json_stream *out = js_open(FILE_NAME, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    html_open(&page, out, "<b>&", assets);
    html_data(&page, "one", json_string(evil));
    html_data_begin(&page, "two");
    html_data_text(&page, "[\"<\"", 4);
    html_data_text(&page, "]", 1);
    html_data_end(&page);
    html_close(&page);
    CU_ASSERT_EQUAL(js_close(out, NULL), CTS_OK);
    char *text = read_back();
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "<title>&lt;b>&amp;</title>"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "<script type=\"application/json\" id=\"one\">"
                                        "\"\\u003c/script>\\u003c!--\\u003cscript>&\xE2\x80\xA8\""
                                        "</script>\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "id=\"two\">[\"\\u003c\"]</script>\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "default-src 'none'; script-src 'sha256-"));
    free(text);
}

/* No file of the viewer has what would end its element. */
static void test_assets(void)
{
    CU_ASSERT_TRUE(html_asset_count >= 8);
    for (size_t i = 0; i < html_asset_count; i++) {
        CU_ASSERT_EQUAL(strlen(html_assets[i].text), html_assets[i].length);
        CU_ASSERT_PTR_NULL(strstr(html_assets[i].text, "</"));
        CU_ASSERT_PTR_NULL(strstr(html_assets[i].text, "<!--"));
        CU_ASSERT_PTR_NULL(strstr(html_assets[i].text, "innerHTML"));
        CU_ASSERT_PTR_NULL(strchr(html_assets[i].text, '\r'));
    }
}

/* The JSON of an element of data. */
static json_t *element(const char *text, const char *id)
{
    char begin[80];
    json_error_t why;
    snprintf(begin, sizeof begin, "id=\"%s\">", id);
    const char *from = strstr(text, begin);
    CU_ASSERT_PTR_NOT_NULL_FATAL(from);
    from += strlen(begin);
    const char *end = strstr(from, "</script>");
    CU_ASSERT_PTR_NOT_NULL_FATAL(end);
    json_t *value =
        json_loadb(from, (size_t)(end - from), JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY, &why);
    CU_ASSERT_PTR_NOT_NULL_FATAL(value);
    return value;
}

/* A text inside of nested arrays and objects: a key, or the number of an item. */
static const char *inside(const json_t *value, const char *key, size_t number, const char *more)
{
    const json_t *item = json_array_get(json_object_get(value, key), number);
    return json_string_value(more != NULL ? json_object_get(item, more) : item);
}

static void test_run(void)
{
    struct fixture f;
    struct cts_error err = {0};
    const struct report_target target = {FORMAT_HTML, FILE_NAME};
    fixture_make(&f);
    CU_ASSERT_EQUAL_FATAL(report_write(&f.report, &target, &err), CTS_OK);
    char *text = read_back();
    json_t *facts = element(text, "facts"), *cases = element(text, "cases");
    CU_ASSERT_EQUAL(json_array_size(json_object_get(facts, "verdicts")), 9);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(facts, "again")),
                           "vsscts run --iut clone");
    CU_ASSERT_EQUAL(json_array_size(cases), F_COUNT);
    for (size_t i = 0; i < F_COUNT; i++) {
        const json_t *row = json_array_get(cases, i);
        CU_ASSERT_EQUAL(json_array_size(row), 15);
        CU_ASSERT_EQUAL(json_is_true(json_array_get(row, 14)), i == F_PASS);
        CU_ASSERT_STRING_EQUAL(json_string_value(json_array_get(row, 1)), f_cases[i].id);
        CU_ASSERT_EQUAL(json_integer_value(json_array_get(row, 3)), f.verdicts[i].verdict);
        CU_ASSERT_EQUAL(json_array_size(json_array_get(row, 10)), 2);
    }
    json_decref(facts);
    json_decref(cases);
    free(text);
    fixture_free(&f);
}

/* The traces: the first case that stands in its element, and the parts that it has. */
static void test_traces(void)
{
    struct fixture f;
    struct cts_error err = {0};
    const struct report_target target = {FORMAT_HTML, FILE_NAME};
    fixture_make(&f);
    f.run.cases = &f.verdicts[F_FAIL];
    f.run.count = 1;
    CU_ASSERT_EQUAL_FATAL(report_write(&f.report, &target, &err), CTS_OK);
    char *text = read_back();
    json_t *trace = element(text, "runc0"), *part = element(text, "runp0");
    CU_ASSERT_EQUAL(json_array_size(json_object_get(trace, "findings")), 2);
    CU_ASSERT_EQUAL(json_array_size(json_object_get(trace, "steps")), 4);
    CU_ASSERT_EQUAL(json_integer_value(json_array_get(json_object_get(trace, "us"), 1)), 8);
    CU_ASSERT_PTR_NULL(inside(trace, "steps", 0, NULL)); /* a number */
    CU_ASSERT_STRING_EQUAL(
        json_string_value(json_object_get(json_object_get(trace, "end"), "call")), "bc.M()");
    CU_ASSERT_PTR_NULL(json_object_get(json_object_get(trace, "end"), "volatile"));
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(part, "got")), F_EVIL);
    CU_ASSERT_PTR_NULL(strstr(text, "secret"));
    CU_ASSERT_PTR_NULL(strstr(text, "copy7")); /* it is volatile */
    json_decref(trace);
    json_decref(part);
    free(text);
    fixture_free(&f);
}

static CU_TestInfo tests[] = {
    {"equal texts have the same number", test_text_set},
    {"a full set of texts says so", test_text_set_full},
    {"no text of the data is markup", test_page},
    {"the files of the viewer end no element", test_assets},
    {"the page of a run has each case", test_run},
    {"the traces have steps, findings and the end", test_traces},
    CU_TEST_INFO_NULL,
};

int main(void)
{
    return cu_run("report: HTML", tests);
}
