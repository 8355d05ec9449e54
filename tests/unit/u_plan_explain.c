/* What a reader sees: explanations, steps in one line, wrapped text. The golden explanations are
 * written anew with VSSCTS_WRITE_GOLDEN=1. */
#include "u_plan_fixture.h"

#include "../../runner/plan/explain_words.h"
#include "../../runner/plan/step_text.h"
#include "../../runner/plan/text_wrap.h"

static void compare_explanation(const char *id, unsigned width, const char *file)
{
    char path[1024];
    struct cts_error err;
    struct tables *tables = fixture_tables();
    const struct test_case *test = tbl_case(tables, id);
    CU_ASSERT_PTR_NOT_NULL_FATAL(test);
    char *text = plan_explain(tables, test, width);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    fixture_path(file, path, sizeof path);
    if (getenv("VSSCTS_WRITE_GOLDEN")) {
        CU_ASSERT_EQUAL(file_write(path, text, strlen(text), &err), CTS_OK);
    }
    char *golden = file_read(path, NULL, 1 << 20, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(golden);
    CU_ASSERT_STRING_EQUAL(text, golden);
    free(golden);
    free(text);
    tbl_free(tables);
}

static void test_case_text(void)
{
    compare_explanation("pick/null-async/in-order", 80, "explain-case-80.txt");
    compare_explanation("pick/null-async/in-order", 50, "explain-case-50.txt");
}

static void test_question_text(void)
{
    compare_explanation("pick/twice", 80, "explain-question-80.txt");
}

static void test_chain_text(void)
{
    compare_explanation("ops/chain", 80, "explain-chain-80.txt");
    compare_explanation("ops/threads", 80, "explain-threads-80.txt");
    compare_explanation("ops/writer", 80, "explain-writer-80.txt");
    compare_explanation("ops/references", 80, "explain-references-80.txt");
    compare_explanation("ops/query", 80, "explain-query-80.txt");
}

/* No line is too long but for one that is a single word; no line ends with a blank. */
static void check_lines(const char *text, unsigned width)
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        size_t margin = strspn(text, " ");
        bool one_word = margin + strcspn(text + margin, " \n") == len;
        CU_ASSERT(len <= width || one_word);
        CU_ASSERT(len == 0 || text[len - 1] != ' ');
        CU_ASSERT_EQUAL_FATAL(text[len], '\n');
        text += len + 1;
    }
}

static void test_every_case(void)
{
    struct tables *tables = fixture_tables();
    static const unsigned widths[] = {0, 1, 40, 79, 200};
    static const unsigned wide[] = {80, 40, 40, 79, 200};
    for (size_t i = 0; i < tables->case_count; i++) {
        for (size_t k = 0; k < sizeof widths / sizeof *widths; k++) {
            char *text = plan_explain(tables, &tables->cases[i], widths[k]);
            CU_ASSERT_PTR_NOT_NULL_FATAL(text);
            CU_ASSERT_PTR_NOT_NULL(strstr(text, tables->cases[i].id));
            check_lines(text, wide[k]);
            free(text);
        }
    }
    tbl_free(tables);
}

/* Steps of a case in one line each, inner ones too. */
static void collect(struct str_buf *out, const struct step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *line = step_text(&steps[i]);
        CU_ASSERT_PTR_NOT_NULL_FATAL(line);
        sb_add(out, line);
        sb_addc(out, '\n');
        free(line);
        collect(out, steps[i].steps, steps[i].step_count);
    }
}

static void test_steps(void)
{
    static const struct {
        const char *id, *text;
    } rows[] = {
        {"ops/create", "CreateVssBackupComponents(ppBackup -> bc)\n"
                       "CreateVssBackupComponents(ppBackup -> other)\n"},
        {"ops/function",
         "IsVolumeSnapshotted(pwszVolumeName = @volume, pbSnapshotsPresent -> present, "
         "plCapability)\n"},
        {"ops/text",
         "IsVolumeSnapshotted(pwszVolumeName = \"$x\", pbSnapshotsPresent, plCapability)\n"
         "IsVolumeSnapshotted(pwszVolumeName = \"@x\", pbSnapshotsPresent = NULL, plCapability)\n"},
        {"ops/values", "bc.SetBackupState(bSelectComponents = true, backupType = VSS_BT_COPY, "
                       "status = VSS_E_BAD_STATE, lContext = -1, size = -9000000000)\n"
                       "bc.SetBackupState(bSelectComponents = false, backupType = 77, status = "
                       "0x80000100, lContext = 0, size = 0)\n"},
        {"ops/guids", "bc.AddToSnapshotSet(pwszVolumeName = NULL, ProviderId = GUID_NULL, "
                      "pidSnapshot -> copy)\n"
                      "bc.GetSnapshotProperties(SnapshotId = copy, pProp = NULL)\n"
                      "bc.DisableWriterClasses(rgWriterClassId = "
                      "{ABCDEF01-2345-6789-abcd-ef0123456789, GUID_NULL}, cClassId = 2)\n"
                      "bc.DisableWriterClasses(rgWriterClassId = NULL, cClassId = 1)\n"},
        {"ops/query", "bc.QueryInterface(IVssBackupComponentsEx -> bcex)\n"
                      "bc.QueryInterface(riid = 00000000-0000-0000-C000-000000000046, ppvObject -> "
                      "unk)\n"
                      "bc differs from unk\nbc equals bcex\n"
                      "the export CreateTwo is not there\n"
                      "the export ?CreateTwo@@YAJPEAPEAX@Z (i686: ?CreateTwo@@YGJPAPAX@Z) is the "
                      "same function as CreateTwoInternal\n"
                      "the export CreateTwoInternal is there\n"},
        {"ops/references", "bc.AddRef()\nbc.Release()\nbc.Release()\n"
                           "CreateTwo(ppTwo -> two)\ntwo.Count(pcThings)\ntwo.Next(ppTwo)\n"
                           "two.Next(ppTwo = NULL)\ntwo.AddRef()\n"
                           "two.QueryInterface(IUnknown -> unknown)\n"
                           "QueryInterface on all interfaces of unknown\n"
                           "QueryInterface on all interfaces of two\n"
                           "20 times, and what is left behind each time: 2 steps\n"
                           "two.AddRef()\ntwo.Release()\ntwo.Release()\n"},
        {"ops/async", "bc.BackupComplete(ppAsync -> async)\n"
                      "wait until async is no longer pending (QueryStatus)\n"
                      "wait until async is no longer pending (Wait, at most 250 ms)\n"
                      "async.Cancel()\n"},
        {"ops/threads", "on a thread of its own, t1 (sta): 2 steps\n3 times: 2 steps\nbc.AddRef()\n"
                        "bc.Release()\nbc.Forget()\non a thread of its own, t2 (mta): 1 step\n"
                        "bc.Forget()\nwait for the end of thread t1, at most 100 ms\n"
                        "wait for the end of thread t2\n"},
    };
    struct tables *tables = fixture_tables();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str_buf out;
        sb_init(&out, 1 << 16);
        const struct test_case *test = tbl_case(tables, rows[i].id);
        CU_ASSERT_PTR_NOT_NULL_FATAL(test);
        collect(&out, test->steps, test->step_count);
        CU_ASSERT_STRING_EQUAL(sb_text(&out), rows[i].text);
        sb_free(&out);
    }
    tbl_free(tables);
}

/* Strings that would break the line, and long ones. */
static void test_strings(void)
{
    struct api_param param = {.name = "s", .dir = DIR_IN, .kind = KIND_WSTR};
    struct api_method method = {.name = "F", .param_count = 1, .params = &param};
    struct step step = {.op = STEP_FUNCTION, .method = &method};
    char long_text[400];
    step.args = json_pack("{s:s}", "s", "a\"b\n\tc\x01\x7f\\");
    char *line = step_text(&step);
    CU_ASSERT_PTR_NOT_NULL_FATAL(line);
    CU_ASSERT_STRING_EQUAL(line, "F(s = \"a\\\"b\\n\\tc\\x01\\x7F\\\")");
    free(line);
    json_decref(step.args);
    /* The cut must not go through a character: 119 letters, then one of two bytes. */
    memset(long_text, 'x', 119);
    memset(long_text + 119, 0xC3, 1);
    memset(long_text + 120, 0xA4, 1);
    long_text[121] = '\0';
    step.args = json_pack("{s:s}", "s", long_text);
    line = step_text(&step);
    CU_ASSERT_PTR_NOT_NULL_FATAL(line);
    CU_ASSERT_PTR_NOT_NULL(strstr(line, "xxx\"... (121 bytes))"));
    CU_ASSERT_PTR_NULL(strchr(line, '\xC3'));
    free(line);
    json_decref(step.args);
}

static void test_wrap(void)
{
    struct str_buf out;
    sb_init(&out, 4096);
    wrap_text(&out, 10, 0, 2, "  one two\n three  unbreakableword x ");
    CU_ASSERT_STRING_EQUAL(sb_text(&out), "one two\n  three\n  unbreakableword\n  x\n");
    sb_free(&out);
    wrap_text(&out, 10, 3, 0, " \n ");
    CU_ASSERT_STRING_EQUAL(sb_text(&out), "");
    wrap_text(&out, 6, 0, 0, "\xC3\xA4\xC3\xA4 \xC3\xB6\xC3\xB6\xC3\xBC \xC3\xA4");
    CU_ASSERT_STRING_EQUAL(sb_text(&out), "\xC3\xA4\xC3\xA4 \xC3\xB6\xC3\xB6\xC3\xBC\n\xC3\xA4\n");
    sb_free(&out);
}

static void test_conditions(void)
{
    static const struct {
        const char *text, *words;
    } rows[] = {
        {"windows<6.1", "before Windows 7 / Server 2008 R2"},
        {"windows>=6.0 and server", "from Windows Vista / Server 2008 on and on a server edition"},
        {"windows<=5.1 and arch=i686", "up to Windows XP and in a 32-bit process"},
        {"windows=10.0.20348", "on Windows 10.0.20348"},
        {"windows>5.2 and client", "after Windows Server 2003 and on a client edition"},
        {"arch=x86_64", "in a 64-bit process"},
        {"windows>=10.0", "from Windows 10 / Server 2016 on"},
        {"windows<6.1.7601", "before Windows 6.1.7601"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str_buf out;
        sb_init(&out, 4096);
        words_condition(&out, rows[i].text);
        CU_ASSERT_STRING_EQUAL(sb_text(&out), rows[i].words);
        sb_free(&out);
    }
}

static void test_outs(void)
{
    static const struct {
        struct expect_out out[2];
        const char *words;
    } rows[] = {
        {{{.param = "p", .what = OUT_CODE, .number = 0x80042301}},
         "p is VSS_E_BAD_STATE (0x80042301)"},
        {{{.param = "p", .what = OUT_NUMBER, .number = -7}}, "p is -7"},
        {{{.param = "p", .what = OUT_BOOL, .number = 1}}, "p is true"},
        {{{.param = "p", .what = OUT_BOOL}}, "p is false"},
        {{{.param = "p", .what = OUT_STRING, .string = "text"}}, "p is \"text\""},
        {{{.param = "p", .what = OUT_WRITTEN}}, "p is written"},
        {{{.param = "p", .what = OUT_UNTOUCHED}}, "p is left as it was"},
        {{{.param = "p", .what = OUT_NULL}}, "p is NULL"},
        {{{.param = "p", .what = OUT_NUMBER, .number = 1, .or_next = true},
          {.param = "p", .what = OUT_NULL}},
         "p is 1 or NULL"},
        {{{.param = "p", .what = OUT_OBJECT}}, "p is not NULL"},
        {{{.param = "p", .what = OUT_VARIABLE, .string = "copy"}}, "p is copy"},
        {{{.param = "p", .field = "id", .what = OUT_WRITTEN}}, "p.id is written"},
        {{{.param = "p", .field = "id", .element = 2, .what = OUT_WRITTEN}}, "p[2].id is written"},
    };
    static const unsigned times[] = {0, 250, 1500, 20000, 61005};
    struct str_buf out;
    sb_init(&out, 4096);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        words_out(&out, rows[i].out);
        CU_ASSERT_STRING_EQUAL(sb_text(&out), rows[i].words);
        sb_free(&out);
    }
    for (size_t i = 0; i < 5; i++) {
        words_time(&out, times[i]);
        sb_addc(&out, ' ');
    }
    CU_ASSERT_STRING_EQUAL(sb_text(&out), "0 ms 250 ms 1.5 s 20 s 61.005 s ");
    sb_free(&out);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"a case", test_case_text},
        {"a question", test_question_text},
        {"chains, threads, writers", test_chain_text},
        {"every case at every width", test_every_case},
        {"steps in one line", test_steps},
        {"strings in steps", test_strings},
        {"wrapping", test_wrap},
        {"conditions in words", test_conditions},
        {"values and times in words", test_outs},
        CU_TEST_INFO_NULL,
    };
    return cu_run("plan_explain", tests);
}
