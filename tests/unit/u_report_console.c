/* The console: what is printed at which detail, and the last line. */
#include "../../runner/report/console.h"
#include "cu_run.h"
#include "u_report_fixture.h"

#define TEXT_MAX 65536

/* What the summary of the fixture prints; the caller frees it. */
static char *summary(struct fixture *f, enum console_detail detail)
{
    struct term term = {.out = tmpfile(), .width = 80};
    char *text = calloc(1, TEXT_MAX + 1);
    if (text == NULL || term.out == NULL) {
        abort();
    }
    console_summary(&term, &f->report, detail);
    rewind(term.out);
    text[fread(text, 1, TEXT_MAX, term.out)] = '\0';
    fclose(term.out);
    return text;
}

static bool has(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

static void test_normal(void)
{
    struct fixture f;
    fixture_make(&f);
    char *text = summary(&f, CONSOLE_NORMAL);
    CU_ASSERT_TRUE(has(text, "unexpected: 2\n"));
    CU_ASSERT_TRUE(has(text, "fail  s/b-fail\n"
                             "    title     it fails\n"
                             "    call      bc.M(x)\n"
                             "    expected  S_OK\n"
                             "    got       evil\\x1B[2J\n"
                             "    basis     must, documented, I.M#two\n"
                             "    page      https://page\n"));
    CU_ASSERT_TRUE(has(text, "    again     vsscts run --iut clone s/b-fail\n"));
    CU_ASSERT_TRUE(has(text, "    reason    0xC0000005 in bc.M(x)\n"));
    CU_ASSERT_TRUE(has(text, "flakes: 1\n    fail -> pass  s/c-flake\n"));
    CU_ASSERT_TRUE(has(text, "improvements: 1\n    crash -> pass  s/h-better\n"));
    CU_ASSERT_TRUE(has(text, "skipped: 1\n    1  needs snapshots\n"));
    CU_ASSERT_TRUE(has(text, "8 cases: 2 pass, 2 fail, 1 crash, 1 not_implemented, 1 skip, "
                             "1 recorded\n"));
    CU_ASSERT_TRUE(has(text, "against what is expected: 4 expected, 2 unexpected, 1 improvement, "
                             "1 flake\n"));
    CU_ASSERT_TRUE(has(text, "with advisory findings only: 1 (-v lists them)\n"));
    CU_ASSERT_TRUE(has(text, "open questions recorded: 1 (-v lists them)\n"));
    CU_ASSERT_TRUE(has(text, "log:    out/run.jsonl\nreport: out/report.json\n"));
    CU_ASSERT_FALSE(has(text, "advice")); /* does not gate */
    CU_ASSERT_FALSE(has(text, "s/g-skip"));
    CU_ASSERT_FALSE(has(text, "s/d-known"));
    CU_ASSERT_FALSE(has(text, "\x1B"));
    CU_ASSERT_FALSE(has(text, "broken off"));
    free(text);
    fixture_free(&f);
}

static void test_verbose(void)
{
    struct fixture f;
    fixture_make(&f);
    char *text = summary(&f, CONSOLE_VERBOSE);
    CU_ASSERT_TRUE(has(text, "known failures: 1\nnot_implemented  s/d-known\n"));
    CU_ASSERT_TRUE(has(text, "    known     a stub\n"));
    CU_ASSERT_TRUE(has(text, "advisory: 1\npass  s/e-pass\n"));
    CU_ASSERT_TRUE(has(text, "    got       advice\n"));
    CU_ASSERT_TRUE(has(text, "    outcome   S_OK twice\n"));
    CU_ASSERT_TRUE(has(text, "        s/g-skip\n"));
    free(text);
    fixture_free(&f);
}

/* What is worse than the expectation file says is told with both verdicts. */
static void test_changed(void)
{
    struct fixture f;
    fixture_make(&f);
    f.verdicts[F_CRASH].expected = VERDICT_FAIL;
    f.verdicts[F_CRASH].why_expected = "bug 7";
    char *text = summary(&f, CONSOLE_NORMAL);
    CU_ASSERT_TRUE(has(text, "\nfail -> crash  s/a-crash\n"));
    CU_ASSERT_TRUE(has(text, "    known     bug 7\n"));
    CU_ASSERT_TRUE(has(text, "\nfail  s/b-fail\n"));
    free(text);
    fixture_free(&f);
}

static void test_quiet(void)
{
    struct fixture f;
    fixture_make(&f);
    char *text = summary(&f, CONSOLE_QUIET);
    CU_ASSERT_TRUE(has(text, "s/b-fail") && has(text, "s/a-crash"));
    CU_ASSERT_TRUE(has(text, "s/c-flake") && has(text, "s/h-better")); /* they count too */
    CU_ASSERT_FALSE(has(text, "cases:") || has(text, "skipped") || has(text, "log:"));
    free(text);
    fixture_free(&f);
}

static void test_broken_off(void)
{
    struct fixture f;
    fixture_make(&f);
    json_t *footer = f.run.footer;
    f.run.footer = NULL;
    f.run.truncated = true;
    f.run.outstanding = 12; /* of which this run has one */
    f.verdicts[F_CRASH].verdict = VERDICT_ERROR;
    f.verdicts[F_CRASH].reason = (char *)(uintptr_t) "outstanding";
    char *text = summary(&f, CONSOLE_QUIET);
    CU_ASSERT_TRUE(has(text, "the run was broken off, in the middle of a line\n"));
    CU_ASSERT_TRUE(has(text, "outstanding, not run to their end: 12\n    s/a-crash\n"
                             "    and 11 more (-v lists them)\n"));
    CU_ASSERT_TRUE(has(text, "unexpected: 1\n"));
    free(text);
    f.run.footer = footer;
    fixture_free(&f);
}

/* The header of a log, and a header without anything. */
static void test_header(void)
{
    struct fixture f;
    char text[1024] = "";
    struct term term = {.out = tmpfile(), .width = 80};
    fixture_make(&f);
    json_t *empty = json_object();
    console_header(&term, f.run.header);
    console_header(&term, empty);
    rewind(term.out);
    text[fread(text, 1, sizeof text - 1, term.out)] = '\0';
    CU_ASSERT_TRUE(has(text, "vsscts 1.2: clone\\x1B 6.1, sha256 0123456789ab, i686, stands for "
                             "Windows 6.1 client, under Wine 8.0\nvsscts "));
    json_decref(empty);
    fclose(term.out);
    fixture_free(&f);
}

/* Text and code of every status agree, and only CTS_OK is 0. */
static void test_result(void)
{
    static const struct {
        enum cts_status status;
        int code;
        const char *line;
    } rows[] = {
        {CTS_OK, 0, "result: as expected (exit 0)\n"},
        {CTS_UNEXPECTED, 1, "result: unexpected verdicts (exit 1)\n"},
        {CTS_USAGE, 2, "result: wrong usage (exit 2)\n"},
        {CTS_IUT, 3, "result: the implementation cannot be loaded (exit 3)\n"},
        {CTS_NOTHING, 4, "result: nothing selected (exit 4)\n"},
        {CTS_OUTSTANDING, 5, "result: cases outstanding (exit 5)\n"},
        {CTS_DEFECT, 70, "result: defect of the suite (exit 70)\n"},
        {CTS_INTERRUPTED, 130, "result: interrupted (exit 130)\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[256] = "";
        struct term term = {.out = tmpfile(), .width = 80};
        CU_ASSERT_EQUAL(console_result(&term, rows[i].status, NULL), rows[i].code);
        rewind(term.out);
        text[fread(text, 1, sizeof text - 1, term.out)] = '\0';
        CU_ASSERT_STRING_EQUAL(text, rows[i].line);
        fclose(term.out);
    }
}

static CU_TestInfo tests[] = {
    {"summary", test_normal},        {"verbose", test_verbose},
    {"changed since", test_changed}, {"quiet", test_quiet},
    {"broken off", test_broken_off}, {"header", test_header},
    {"last line", test_result},      CU_TEST_INFO_NULL,
};

int main(void)
{
    return cu_run("report console", tests);
}
