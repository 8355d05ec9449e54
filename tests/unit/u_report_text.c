/* Text for a terminal: escaping, colours, the line of progress. */
#include "../../runner/report/progress.h"
#include "cu_run.h"
#include <string.h>

static void escapes(const char *text, const char *wanted)
{
    struct str_buf out;
    sb_init(&out, 4096);
    term_escape(&out, text);
    CU_ASSERT_STRING_EQUAL(sb_text(&out), wanted);
    sb_free(&out);
}

static void test_plain(void)
{
    escapes("", "");
    escapes("S_OK (0x00000000) \\ \"quoted\"", "S_OK (0x00000000) \\ \"quoted\"");
    escapes("Gr\xC3\xBC\xC3\x9F"
            "e \xE2\x82\xAC \xF0\x9F\x98\x80",
            "Gr\xC3\xBC\xC3\x9F"
            "e \xE2\x82\xAC \xF0\x9F\x98\x80");
}

static void test_controls(void)
{
    escapes("a\nb\r\tc", "a\\nb\\r\\tc");
    escapes("\x1B[31mred\x1B]0;title\x07", "\\x1B[31mred\\x1B]0;title\\x07");
    escapes("\x7F", "\\x7F");
    escapes("\xC2\x9B"
            "31m",
            "\\u009B31m"); /* C1: CSI in one character */
    escapes("\xE2\x80\xAE"
            "evil",
            "\\u202Eevil");                    /* right to left override */
    escapes("\xE2\x80\xA8", "\\u2028");        /* line separator */
    escapes("\xF3\xA0\x81\x81", "\\u{E0041}"); /* tag character */
}

static void test_no_utf8(void)
{
    escapes("\xFF", "\\xFF");
    escapes("\xC3", "\\xC3");                            /* cut off */
    escapes("\xC0\xAF", "\\xC0\\xAF");                   /* overlong */
    escapes("\xED\xA0\x80", "\\xED\\xA0\\x80");          /* a surrogate */
    escapes("\xF4\x90\x80\x80", "\\xF4\\x90\\x80\\x80"); /* over 10FFFF */
    escapes("\xE2\x82z", "\\xE2\\x82z");
}

/* What a function prints, up to 64 KiB; the caller frees it. */
static char *printed(const struct term *like, void (*print)(const struct term *))
{
    struct term term = *like;
    char *text = calloc(1, 65537);
    term.out = tmpfile();
    if (text == NULL || term.out == NULL) {
        abort();
    }
    print(&term);
    rewind(term.out);
    text[fread(text, 1, 65536, term.out)] = '\0';
    fclose(term.out);
    return text;
}

static void print_styles(const struct term *term)
{
    term_put(term, STYLE_BAD, "a\nb");
    term_put(term, STYLE_PLAIN, "c");
    term_printf(term, STYLE_GOOD, "%s %d\n", "d\x1B", 7);
}

static void test_styles(void)
{
    char *text = printed(&(struct term){.color = true, .width = 80}, print_styles);
    CU_ASSERT_STRING_EQUAL(text, "\x1B[31ma\\nb\x1B[0mc\x1B[32md\\x1B 7\n\x1B[0m");
    free(text);
    text = printed(&(struct term){.color = false, .width = 80}, print_styles);
    CU_ASSERT_STRING_EQUAL(text, "a\\nbcd\\x1B 7\n");
    free(text);
}

static void print_long(const struct term *term)
{
    char *text = malloc(40001);
    if (text == NULL) {
        abort();
    }
    memset(text, 'x', 40000);
    text[40000] = '\0';
    term_put(term, STYLE_PLAIN, text);
    fputc('|', term->out);
    term_printf(term, STYLE_PLAIN, "%s", text);
    free(text);
}

static void test_long(void)
{
    char *text = printed(&(struct term){.width = 80}, print_long);
    CU_ASSERT_EQUAL(strcspn(text, "."), 16384);
    CU_ASSERT_EQUAL(strncmp(text + 16384, "...|x", 5), 0);
    CU_ASSERT_EQUAL(strlen(text), 2 * 16387 + 1);
    free(text);
}

static void test_progress_text(void)
{
    struct progress progress;
    struct str_buf out;
    progress_init(&progress, NULL, 12);
    progress_count(&progress, VERDICT_PASS);
    progress_count(&progress, VERDICT_PASS);
    progress_count(&progress, VERDICT_CRASH);
    sb_init(&out, 1000);
    progress_text(&progress, 61999, 80, &out);
    CU_ASSERT_STRING_EQUAL(sb_text(&out), "3/12  1:01  2 pass  1 crash");
    sb_free(&out);
    progress_text(&progress, 61999, 10, &out);
    CU_ASSERT_EQUAL(out.len, 9);
    sb_free(&out);
    progress_show(&progress, 1000000); /* without a terminal it prints nothing */
    CU_ASSERT_EQUAL(progress.shown, 0);
}

static void show_often(const struct term *term)
{
    struct progress progress;
    progress_init(&progress, term, 5);
    for (uint64_t ms = 0; ms <= 30000; ms += 50) {
        progress_show(&progress, ms);
    }
    progress_hide(&progress);
    progress_hide(&progress);
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (; (text = strstr(text, part)) != NULL; text += strlen(part)) {
        count++;
    }
    return count;
}

static void test_progress_pace(void)
{
    char *text = printed(&(struct term){.width = 80}, show_often);
    CU_ASSERT_STRING_EQUAL(text, "0/5  0:10\n0/5  0:20\n0/5  0:30\n");
    free(text);
    text = printed(&(struct term){.width = 80, .tty = true}, show_often);
    CU_ASSERT_EQUAL(count_of(text, "\r0/5"), 300);
    CU_ASSERT_EQUAL(count_of(text, "\n"), 0);
    CU_ASSERT_EQUAL(count_of(text, "\r\x1B[K"), 1); /* taken away once */
    free(text);
}

static CU_TestInfo tests[] = {
    {"plain text", test_plain},
    {"control characters", test_controls},
    {"no UTF-8", test_no_utf8},
    {"styles", test_styles},
    {"long text", test_long},
    {"line of progress", test_progress_text},
    {"pace of progress", test_progress_pace},
    CU_TEST_INFO_NULL,
};

int main(void)
{
    return cu_run("report text", tests);
}
