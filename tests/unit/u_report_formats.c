/* The reports in the formats of other tools, of a run with one case of every kind. */
#include "../../runner/report/formats.h"
#include "../../runner/report/standing.h"
#include "../../runner/util/fs_path.h"
#include "../../runner/util/json_file.h"
#include "cu_run.h"
#include "u_report_fixture.h"

#define FILE_NAME "u_report_formats.tmp"

/* What a format makes of the fixture. Freed by the caller. */
static char *written(struct fixture *f, enum report_format format)
{
    const struct report_target target = {format, FILE_NAME};
    struct cts_error err = {0};
    size_t length = 0;
    CU_ASSERT_EQUAL_FATAL(report_write(&f->report, &target, &err), CTS_OK);
    char *text = file_read(FILE_NAME, &length, 1 << 20, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    remove(FILE_NAME);
    return text;
}

static void has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL) {
        fprintf(stderr, "no \"%s\" in:\n%s\n", part, text);
    }
    CU_ASSERT_PTR_NOT_NULL(strstr(text, part));
}

static void test_standings(void)
{
    static const enum standing wanted[F_COUNT] = {
        [F_CRASH] = STANDING_BROKEN, [F_FAIL] = STANDING_FAILED,   [F_FLAKE] = STANDING_FLAKY,
        [F_KNOWN] = STANDING_KNOWN,  [F_PASS] = STANDING_PASSED,   [F_QUESTION] = STANDING_PASSED,
        [F_SKIP] = STANDING_SKIPPED, [F_BETTER] = STANDING_FAILED,
    };
    struct fixture f;
    fixture_make(&f);
    for (size_t i = 0; i < F_COUNT; i++) {
        CU_ASSERT_EQUAL(standing_of(&f.verdicts[i]), wanted[i]);
    }
    const struct standings standings = standings_of(&f.run);
    CU_ASSERT_EQUAL(standings.by[STANDING_FAILED], 2);
    CU_ASSERT_EQUAL(standings.by[STANDING_PASSED], 2);
    CU_ASSERT_STRING_EQUAL(standing_name(STANDING_KNOWN), "known");
    fixture_free(&f);
}

static void test_lines(void)
{
    static const char *const wanted[F_COUNT] = {
        [F_CRASH] = "crash: 0xC0000005 in bc.M(x)",
        [F_FAIL] = "fail: bc.M(x) gave evil [2J, expected S_OK",
        [F_FLAKE] = "fail, then pass",
        [F_KNOWN] = "not_implemented, known: a stub",
        [F_PASS] = "pass: bc.M(x) gave advice, expected S_OK",
        [F_QUESTION] = "recorded",
        [F_SKIP] = "needs snapshots",
        [F_BETTER] = "crash -> pass",
    };
    struct fixture f;
    fixture_make(&f);
    for (size_t i = 0; i < F_COUNT; i++) {
        struct str_buf buf;
        sb_init(&buf, 1000);
        standing_line(&buf, &f.verdicts[i]);
        CU_ASSERT_STRING_EQUAL(sb_text(&buf), wanted[i]);
        sb_free(&buf);
    }
    fixture_free(&f);
}

static void test_junit(void)
{
    struct fixture f;
    fixture_make(&f);
    char *text = written(&f, FORMAT_JUNIT);
    has(text, "<testsuites name=\"vsscts\" tests=\"8\" failures=\"2\" errors=\"1\" skipped=\"2\"");
    has(text, "<testcase classname=\"s\" name=\"b-fail\" time=\"0.001001\">\n      <failure "
              "type=\"fail\" message=\"fail: bc.M(x) gave evil [2J, expected S_OK\">");
    has(text, "<error type=\"crash\" message=\"crash: 0xC0000005 in bc.M(x)\">");
    has(text, "<flakyFailure type=\"fail\" message=\"fail, then pass\">");
    has(text, "<skipped message=\"not_implemented, known: a stub\"/>");
    has(text, "<skipped message=\"needs snapshots\"/>");
    has(text, "<failure type=\"pass\" message=\"crash -&gt; pass\">");
    has(text, "<testcase classname=\"s\" name=\"e-pass\" time=\"0.001004\"/>");
    has(text, "value=\"clone\xEF\xBF\xBD\"");
    CU_ASSERT_PTR_NULL(strchr(text, 0x1B));
    free(text);
    fixture_free(&f);
}

/* Every text that a table or an implementation may bring. */
static void test_junit_markup(void)
{
    struct fixture f;
    fixture_make(&f);
    f.verdicts[F_CRASH].reason = (char *)(uintptr_t) "<a href=\"x\">&\xEF\xBF\xBF\xED\xA0\x80\xF0"
                                                     "\x9F\x98\x80\x01]]>";
    char *text = written(&f, FORMAT_JUNIT);
    has(text, "message=\"crash: &lt;a href=&quot;x&quot;&gt;&amp;\xEF\xBF\xBD\xEF\xBF\xBD\xF0\x9F"
              "\x98\x80 ]]&gt;\"");
    free(text);
    fixture_free(&f);
}

static void test_junit_rerun(void)
{
    struct fixture f;
    fixture_make(&f);
    f.verdicts[F_FLAKE].last = VERDICT_CRASH;
    char *text = written(&f, FORMAT_JUNIT);
    has(text, "failures=\"3\"");
    has(text, "<failure type=\"fail\" message=\"fail, then crash\">");
    has(text, "<rerunFailure type=\"fail\" message=\"fail, then crash\">");
    free(text);
    fixture_free(&f);
}

static void test_tap(void)
{
    struct fixture f;
    fixture_make(&f);
    char *text = written(&f, FORMAT_TAP);
    has(text, "TAP version 14\n1..8\nnot ok 1 - s/a-crash\n  ---\n  verdict: crash\n");
    has(text, "not ok 4 - s/d-known # TODO not_implemented, known: a stub\n");
    has(text, "ok 5 - s/e-pass\nok 6 - s/f-question\n  ---\n");
    has(text, "    outcome: S_OK twice\n");
    has(text, "ok 7 - s/g-skip # SKIP needs snapshots\n");
    has(text, "not ok 8 - s/h-better\n");
    free(text);
    fixture_free(&f);
}

static void test_ctrf(void)
{
    static const char *const states[F_COUNT] = {"failed", "failed", "passed",  "other",
                                                "passed", "passed", "skipped", "failed"};
    struct fixture f;
    struct cts_error err = {0};
    fixture_make(&f);
    char *text = written(&f, FORMAT_CTRF);
    json_t *all = json_text_parse(text, strlen(text), "ctrf", &err);
    const json_t *results = json_object_get(all, "results");
    const json_t *tests = json_object_get(results, "tests");
    const json_t *summary = json_object_get(results, "summary");
    CU_ASSERT_EQUAL_FATAL(json_array_size(tests), F_COUNT);
    for (size_t i = 0; i < F_COUNT; i++) {
        const json_t *test = json_array_get(tests, i);
        CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(test, "status")), states[i]);
    }
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(summary, "failed")), 3);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(summary, "other")), 1);
    CU_ASSERT_TRUE(json_is_true(json_object_get(json_array_get(tests, F_FLAKE), "flaky")));
    json_decref(all);
    free(text);
    fixture_free(&f);
}

static void test_markdown(void)
{
    struct fixture f;
    fixture_make(&f);
    char *text = written(&f, FORMAT_MD);
    has(text, "## VSS conformance: unexpected verdicts\n");
    has(text, "### No answer: 1\n");
    has(text, "| `s/b-fail` | fail: bc.M\\(x\\) gave evil \\[2J, expected S\\_OK | "
              "[page](https://page) |");
    has(text, "| `s/h-better` | crash -\\> pass |");
    CU_ASSERT_PTR_NULL(strstr(text, "d-known"));
    free(text);
    fixture_free(&f);
}

static void test_github(void)
{
    struct fixture f;
    fixture_make(&f);
    char *text = written(&f, FORMAT_GITHUB);
    has(text, "::error title=s/a-crash::crash: 0xC0000005 in bc.M(x)%0A");
    has(text, "::warning title=s/c-flake::fail, then pass%0A");
    has(text, "::notice title=vsscts::unexpected verdicts, 8 cases: 2 passed, 1 recorded, 1 "
              "skipped\n");
    free(text);
    fixture_free(&f);
}

/* A step shows ten of a kind: the last says how many there are. */
static void test_github_limit(void)
{
    enum { MANY = 25 };
    struct case_verdict many[MANY];
    struct fixture f;
    fixture_make(&f);
    for (size_t i = 0; i < MANY; i++) {
        many[i] = f.verdicts[F_CRASH];
    }
    f.run.cases = many;
    f.run.count = MANY;
    char *text = written(&f, FORMAT_GITHUB);
    size_t errors = 0;
    for (const char *at = text; (at = strstr(at, "::error")) != NULL; at++) {
        errors++;
    }
    CU_ASSERT_EQUAL(errors, 10);
    has(text, "::error title=vsscts::16 more cases; the report has them all\n");
    free(text);
    f.run.cases = f.verdicts;
    f.run.count = F_COUNT;
    fixture_free(&f);
}

static void test_badge(void)
{
    struct fixture f;
    fixture_make(&f);
    char *text = written(&f, FORMAT_BADGE);
    CU_ASSERT_STRING_EQUAL(text, "{\"color\":\"red\",\"label\":\"VSS conformance\",\"message\":"
                                 "\"2 of 6 cases\",\"schemaVersion\":1}\n");
    free(text);
    fixture_free(&f);
}

/* A line a case: equal runs give equal lines, and what was seen counts. */
static void test_baseline(void)
{
    static const char head[] =
        "# clone\\x1B, i686, stands for Windows 6.1 client, under Wine 8.0\ns/\n"
        "  a-crash C ";
    struct fixture f;
    fixture_make(&f);
    char *text = written(&f, FORMAT_BASELINE);
    CU_ASSERT_EQUAL(strncmp(text, head, sizeof head - 1), 0);
    has(text, "\n  c-flake . ");
    has(text, "\n  g-skip s\n  h-better . ");
    json_object_set_new(json_array_get(f.verdicts[F_FAIL].events, 1), "us", json_integer(1234));
    char *again = written(&f, FORMAT_BASELINE);
    CU_ASSERT_STRING_EQUAL(text, again);
    free(again);
    json_object_set_new(json_array_get(f.verdicts[F_FAIL].events, 1), "hr",
                        json_string("0x00000000"));
    f.verdicts[F_QUESTION].outcome = (char *)(uintptr_t) "S_OK once";
    again = written(&f, FORMAT_BASELINE);
    size_t other = 0, place = 0;
    CU_ASSERT_EQUAL_FATAL(strlen(text), strlen(again));
    for (const char *line = text; *line != '\0'; line += place) {
        place = strcspn(line, "\n") + 1;
        other += strncmp(line, again + (line - text), place) != 0;
    }
    CU_ASSERT_EQUAL(other, 2);
    free(text);
    free(again);
    fixture_free(&f);
}

static void test_parse(void)
{
    static const struct {
        const char *text, *error;
    } wrong[] = {
        {"junit", "--report: 'junit' is not FORMAT=FILE"},
        {"junit=", "--report: 'junit=' is not FORMAT=FILE"},
        {"junti=x", "--report: unknown format 'junti'; did you mean junit?"},
        {"quarterly=x", "--report: unknown format 'quarterly'; there are json html junit tap ctrf "
                        "md github badge baseline"},
    };
    struct report_target target;
    struct cts_error err = {0};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        CU_ASSERT_EQUAL(format_parse(wrong[i].text, &target, &err), CTS_USAGE);
        CU_ASSERT_STRING_EQUAL(err.text, wrong[i].error);
    }
    CU_ASSERT_EQUAL(format_parse("tap=a=b", &target, &err), CTS_OK);
    CU_ASSERT_EQUAL(target.format, FORMAT_TAP);
    CU_ASSERT_STRING_EQUAL(target.path, "a=b");
}

static CU_TestInfo tests[] = {
    {"how cases stand", test_standings},
    {"one line a case", test_lines},
    {"JUnit", test_junit},
    {"JUnit: no markup, no character that XML forbids", test_junit_markup},
    {"JUnit: failed again", test_junit_rerun},
    {"TAP", test_tap},
    {"CTRF", test_ctrf},
    {"Markdown", test_markdown},
    {"annotations", test_github},
    {"annotations: limit", test_github_limit},
    {"badge", test_badge},
    {"baseline", test_baseline},
    {"what is asked for", test_parse},
    CU_TEST_INFO_NULL,
};

int main(void)
{
    return cu_run("report formats", tests);
}
