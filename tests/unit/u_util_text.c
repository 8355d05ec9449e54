/* str_buf, fnv, cts_error. */
#include "../../runner/util/cts_error.h"
#include "../../runner/util/fnv.h"
#include "../../runner/util/str_buf.h"
#include "cu_run.h"

#include <string.h>

static void test_adds(void)
{
    struct str_buf buf;
    size_t len = 99;
    sb_init(&buf, 1000);
    CU_ASSERT_STRING_EQUAL(sb_text(&buf), "");
    sb_add(&buf, "one");
    sb_addc(&buf, ' ');
    sb_addn(&buf, "twothree", 3);
    sb_addf(&buf, " %d %s", 3, "four");
    CU_ASSERT_STRING_EQUAL(sb_text(&buf), "one two 3 four");
    CU_ASSERT_EQUAL(buf.len, 14);
    char *text = sb_take(&buf, &len);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    CU_ASSERT_STRING_EQUAL(text, "one two 3 four");
    CU_ASSERT_EQUAL(len, 14);
    CU_ASSERT_EQUAL(buf.len, 0);
    free(text);
    text = sb_take(&buf, &len);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    CU_ASSERT_STRING_EQUAL(text, "");
    CU_ASSERT_EQUAL(len, 0);
    free(text);
    sb_free(&buf);
}

static void test_limit(void)
{
    struct str_buf buf;
    sb_init(&buf, 5);
    sb_add(&buf, "12345");
    CU_ASSERT_FALSE(buf.failed);
    sb_addc(&buf, '6');
    CU_ASSERT_TRUE(buf.failed);
    sb_add(&buf, "1");
    sb_addf(&buf, "%d", 1);
    CU_ASSERT_STRING_EQUAL(sb_text(&buf), "");
    CU_ASSERT_PTR_NULL(sb_take(&buf, NULL));
    CU_ASSERT_FALSE(buf.failed);
    sb_addf(&buf, "%s", "123456");
    CU_ASSERT_TRUE(buf.failed);
    sb_free(&buf);
    sb_add(&buf, "again");
    CU_ASSERT_STRING_EQUAL(sb_text(&buf), "again");
    sb_clear(&buf);
    CU_ASSERT_STRING_EQUAL(sb_text(&buf), "");
    sb_add(&buf, "12345");
    CU_ASSERT_STRING_EQUAL(sb_text(&buf), "12345");
    sb_add(&buf, "6");
    CU_ASSERT_TRUE(buf.failed);
    sb_clear(&buf);
    CU_ASSERT_FALSE(buf.failed);
    sb_free(&buf);
}

static void test_large(void)
{
    struct str_buf buf;
    size_t len;
    sb_init(&buf, (size_t)-1);
    for (int i = 0; i < 100000; i++) {
        sb_addf(&buf, "%05d", i);
    }
    char *text = sb_take(&buf, &len);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    CU_ASSERT_EQUAL(len, 500000);
    CU_ASSERT_EQUAL(strncmp(text + 499990, "9999899999", 11), 0);
    free(text);
}

static void test_fnv(void)
{
    CU_ASSERT_EQUAL(fnv1a64("", 0, FNV1A64_SEED), UINT64_C(0xcbf29ce484222325));
    CU_ASSERT_EQUAL(fnv1a64("a", 1, FNV1A64_SEED), UINT64_C(0xaf63dc4c8601ec8c));
    CU_ASSERT_EQUAL(fnv1a64("foobar", 6, FNV1A64_SEED), UINT64_C(0x85944171f73967e8));
    uint64_t half = fnv1a64("foo", 3, FNV1A64_SEED);
    CU_ASSERT_EQUAL(fnv1a64("bar", 3, half), UINT64_C(0x85944171f73967e8));
}

static void test_error_format(void)
{
    struct cts_error err;
    char buf[200], small[8];
    CU_ASSERT_EQUAL(err_set(&err, CTS_USAGE, "no %s", "case"), CTS_USAGE);
    CU_ASSERT_STRING_EQUAL(err_format(&err, buf, sizeof buf), "no case");
    CU_ASSERT_EQUAL(err_set_at(&err, CTS_BAD_FILE, "a.json", 3, 4, "bad"), CTS_BAD_FILE);
    CU_ASSERT_STRING_EQUAL(err_format(&err, buf, sizeof buf), "a.json:3:4: bad");
    CU_ASSERT_STRING_EQUAL(err_format(&err, small, sizeof small), "a.json:");
    err.column = 0;
    CU_ASSERT_STRING_EQUAL(err_format(&err, buf, sizeof buf), "a.json:3: bad");
    err.line = 0;
    CU_ASSERT_STRING_EQUAL(err_format(&err, buf, sizeof buf), "a.json: bad");
    CU_ASSERT_EQUAL(err_set(NULL, CTS_IO, "x"), CTS_IO);
}

/* A text that is too long ends with dots and with no half character. */
static void test_error_cut(void)
{
    static char text[4001];
    struct cts_error err;
    for (size_t i = 0; i + 1 < sizeof text; i += 2) {
        memcpy(text + i, "\xC3\xA4", 2);
    }
    for (size_t shift = 0; shift < 2; shift++) {
        err_set(&err, CTS_IO, "%s%s", shift ? "x" : "", text);
        size_t len = strlen(err.text);
        CU_ASSERT_TRUE(len > sizeof err.text - 6);
        CU_ASSERT_STRING_EQUAL(err.text + len - 3, "...");
        CU_ASSERT_EQUAL((len - 3 - shift) % 2, 0);
    }
}

static void test_error_list(void)
{
    struct cts_errors *errs = calloc(1, sizeof *errs);
    CU_ASSERT_PTR_NOT_NULL_FATAL(errs);
    for (int i = 0; i < CTS_ERRORS_MAX + 20; i++) {
        errs_add_at(errs, CTS_BAD_FILE, "f", i + 1, 1, "number %d", i);
    }
    CU_ASSERT_EQUAL(errs->count, CTS_ERRORS_MAX + 20);
    CU_ASSERT_STRING_EQUAL(errs->list[CTS_ERRORS_MAX - 1].text, "number 99");
    free(errs);
}

static void test_exit_codes(void)
{
    CU_ASSERT_EQUAL(cts_exit_code(CTS_OK), 0);
    CU_ASSERT_EQUAL(cts_exit_code(CTS_UNEXPECTED), 1);
    CU_ASSERT_EQUAL(cts_exit_code(CTS_BAD_FILE), 2);
    CU_ASSERT_EQUAL(cts_exit_code(CTS_IUT), 3);
    CU_ASSERT_EQUAL(cts_exit_code(CTS_NOTHING), 4);
    CU_ASSERT_EQUAL(cts_exit_code(CTS_OUTSTANDING), 5);
    CU_ASSERT_EQUAL(cts_exit_code(CTS_NOMEM), 70);
    CU_ASSERT_EQUAL(cts_exit_code(CTS_INTERRUPTED), 130);
    CU_ASSERT_STRING_EQUAL(cts_status_text(CTS_BAD_FILE), "bad file");
}

static CU_TestInfo tests[] = {
    {"a buffer collects", test_adds},
    {"a buffer over its limit stays failed", test_limit},
    {"a large buffer", test_large},
    {"FNV-1a has its published values", test_fnv},
    {"errors name their place", test_error_format},
    {"a long error is cut", test_error_cut},
    {"a list of errors keeps the first and counts all", test_error_list},
    {"exit codes", test_exit_codes},
    CU_TEST_INFO_NULL,
};

int main(void)
{
    return cu_run("util text", tests);
}
