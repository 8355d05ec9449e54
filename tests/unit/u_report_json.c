/* The JSON report: what stands in it, what is left out, what is volatile, how it is written. */
#include "../../runner/report/guid_mask.h"
#include "../../runner/report/json_facts.h"
#include "../../runner/report/json_stream.h"
#include "../../runner/report/renumber.h"
#include "../../runner/report/report_case.h"
#include "../../runner/util/json_file.h"
#include "cu_run.h"
#include "u_report_fixture.h"

#include <uv.h>

#define FILE_NAME "u_report_json.tmp.json"

/* The report of the fixture, written and read again. The caller lets go of it. */
static json_t *written(struct fixture *f)
{
    struct cts_error err = {0};
    CU_ASSERT_EQUAL_FATAL(report_write_json(&f->report, FILE_NAME, &err), CTS_OK);
    json_t *report = json_file_load(FILE_NAME, &err); /* refuses duplicate keys */
    CU_ASSERT_PTR_NOT_NULL_FATAL(report);
    remove(FILE_NAME);
    return report;
}

static const char *text_at(const json_t *object, const char *a, const char *b)
{
    return json_string_value(json_object_get(json_object_get(object, a), b));
}

static void test_whole(void)
{
    struct fixture f;
    fixture_make(&f);
    json_t *report = written(&f);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(report, "format")), "vsscts-report");
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(report, "version")), 1);
    CU_ASSERT_STRING_EQUAL(text_at(report, "result", "status"), "unexpected verdicts");
    CU_ASSERT_EQUAL(
        json_integer_value(json_object_get(json_object_get(report, "result"), "exit_code")), 1);
    CU_ASSERT_STRING_EQUAL(text_at(report, "iut", "name"), "clone\x1B");
    CU_ASSERT_STRING_EQUAL(text_at(report, "volatile", "started"), "2020-01-01T00:00:00Z");
    CU_ASSERT_EQUAL(json_array_size(json_object_get(report, "cases")), F_COUNT);
    const json_t *totals = json_object_get(report, "totals");
    CU_ASSERT_EQUAL(json_object_size(json_object_get(totals, "verdicts")), 9);
    CU_ASSERT_EQUAL(
        json_integer_value(json_object_get(json_object_get(totals, "verdicts"), "fail")), 2);
    CU_ASSERT_EQUAL(
        json_integer_value(json_object_get(json_object_get(totals, "against"), "unexpected")), 2);
    json_decref(report);
    fixture_free(&f);
}

/* The header comes from a log, which may come from anywhere. */
static void test_facts(void)
{
    struct fixture f;
    fixture_make(&f);
    json_t *iut = facts_section(f.run.header, FACTS_IUT);
    CU_ASSERT_TRUE(json_is_null(json_object_get(iut, "size")));    /* of another type */
    CU_ASSERT_TRUE(json_is_null(json_object_get(iut, "builtin"))); /* missing */
    CU_ASSERT_PTR_NULL(json_object_get(iut, "more"));              /* unknown */
    CU_ASSERT_PTR_NULL(json_object_get(iut, "path"));
    CU_ASSERT_STRING_EQUAL(text_at(iut, "volatile", "path"), "C:\\x.dll");
    json_decref(iut);
    json_t *host = facts_section(NULL, FACTS_HOST); /* a broken-off log may lack it */
    CU_ASSERT_TRUE(json_is_null(json_object_get(host, "os")));
    json_decref(host);
    fixture_free(&f);
}

static void test_steps(void)
{
    struct fixture f;
    fixture_make(&f);
    json_t *fail = report_case(&f.report, &f.verdicts[F_FAIL], STEPS_REPORT);
    const json_t *steps = json_object_get(fail, "steps");
    CU_ASSERT_EQUAL_FATAL(json_array_size(steps), 4);
    const json_t *first = json_array_get(steps, 0), *second = json_array_get(steps, 1);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(first, "part")), "preamble");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(first, "method")), "I.M");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(first, "call")), "bc.M()");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(first, "hr_name")), "VSS_E_BAD_STATE");
    CU_ASSERT_PTR_NULL(json_object_get(first, "secret"));
    CU_ASSERT_PTR_NULL(json_object_get(first, "us"));
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(json_object_get(first, "volatile"), "us")),
                    7);
    const json_t *out = json_object_get(json_object_get(first, "out"), "pp");
    CU_ASSERT_EQUAL(json_object_size(out), 2); /* w and v, not x */
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(second, "part")), "case");
    CU_ASSERT_PTR_NULL(json_object_get(second, "hr_name")); /* no name for it */
    const json_t *third = json_array_get(steps, 2);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(third, "part")), "teardown");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(third, "call")), "bc.Release()");
    const json_t *end = json_object_get(fail, "end");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(end, "how")), "crash");
    CU_ASSERT_PTR_NULL(json_object_get(end, "address"));
    CU_ASSERT_STRING_EQUAL(text_at(end, "volatile", "address"), "0x1000");
    json_decref(fail);
    fixture_free(&f);
}

/* What a writer saw: the same in the next run, but for what is volatile. */
static void test_writer(void)
{
    struct fixture f;
    fixture_make(&f);
    json_t *fail = report_case(&f.report, &f.verdicts[F_FAIL], STEPS_REPORT);
    const json_t *stop = json_array_get(json_object_get(fail, "steps"), 3);
    const json_t *events = json_object_get(stop, "events"), *event = json_array_get(events, 0);
    const json_t *unstable = json_object_get(event, "volatile");
    const json_t *devices = json_object_get(unstable, "devices");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(stop, "call")), "stop writer w1");
    CU_ASSERT_STRING_EQUAL(text_at(stop, "calls", "Unsubscribe"), "0x00000000");
    CU_ASSERT_EQUAL(json_array_size(events), 2);
    CU_ASSERT_EQUAL(json_object_size(event), 4);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(unstable, "thread")), 2);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_array_get(devices, 0)), "copy7");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_array_get(json_object_get(event, "volumes"), 0)),
                           "{guid:1}");
    json_decref(fail);
    fixture_free(&f);
}

/* What ran in an event of a writer stands behind the rest, whenever it ended. */
static void test_beside(void)
{
    static const struct step script = {.op = STEP_SCRIPT, .object = "w1", .event = "Freeze"};
    struct fixture f;
    fixture_make(&f);
    f.steps[0].script = &script;
    json_t *fail = report_case(&f.report, &f.verdicts[F_FAIL], STEPS_REPORT);
    const json_t *steps = json_object_get(fail, "steps");
    CU_ASSERT_EQUAL_FATAL(json_array_size(steps), 4);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(json_array_get(steps, 0), "s")), 1);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(json_array_get(steps, 1), "s")), -1);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(json_array_get(steps, 3), "s")), 0);
    json_decref(fail);
    fixture_free(&f);
}

/* The text that takes the place of another; "" where it stays. */
static void renumbers(struct renumber *numbers, const char *text, const char *wanted)
{
    struct str_buf out;
    sb_init(&out, 100);
    CU_ASSERT_EQUAL(renumber_text(numbers, text, strlen(text), &out), wanted[0] != '\0');
    CU_ASSERT_STRING_EQUAL(sb_text(&out), wanted);
    sb_free(&out);
}

/* Objects and ids are numbered in the order of the report; what only looks like one stays. */
static void test_renumber(void)
{
    struct renumber numbers = {0};
    renumbers(&numbers, "{obj:7}", "{obj:1}");
    renumbers(&numbers, "{id:9}", "{id:1}");
    renumbers(&numbers, "{obj:2}", "{obj:2}");
    renumbers(&numbers, "{obj:7}", "{obj:1}");
    renumbers(&numbers, "{obj:x}", "");
    renumbers(&numbers, "a {obj:7}", "");
    renumbers(&numbers, "{obj:7} a", "");
    renumbers(&numbers, "{obj:-1}", "");
    renumbers(&numbers, "{obj:7", "");
    renumber_clear(&numbers);
    renumbers(&numbers, "{obj:2}", "{obj:1}");
    renumber_free(&numbers);
}

/* What is only seen has its number when it is told. */
static void test_renumber_see(void)
{
    char text[] = "[{\"v\":\"{obj:7}\",\"in\":[\"{id:9}\",\"{obj:2}\"]},\"{obj:7}\",7]";
    struct renumber numbers = {0};
    struct jv_doc doc = {0};
    const size_t value = jv_read(&doc, text, sizeof text - 1);
    CU_ASSERT_NOT_EQUAL_FATAL(value, JV_NONE);
    CU_ASSERT_TRUE(renumber_see(&numbers, jv_at(&doc, value)));
    renumbers(&numbers, "{obj:2}", "{obj:2}");
    renumbers(&numbers, "{obj:3}", "{obj:3}");
    renumbers(&numbers, "{id:9}", "{id:1}");
    renumber_free(&numbers);
    jv_free(&doc);
}

/* A program that has changed since the log was written: the numbers of its steps mean others. */
static void test_changed_program(void)
{
    struct fixture f;
    fixture_make(&f);
    memcpy(f.planned[F_FAIL].hash, "9999", 5);
    json_t *fail = report_case(&f.report, &f.verdicts[F_FAIL], STEPS_REPORT);
    const json_t *first = json_array_get(json_object_get(fail, "steps"), 0);
    CU_ASSERT_PTR_NULL(json_object_get(first, "call"));
    CU_ASSERT_PTR_NULL(json_object_get(first, "part"));
    CU_ASSERT_PTR_NOT_NULL(json_object_get(first, "hr"));
    json_decref(fail);
    fixture_free(&f);
}

static void test_case_keys(void)
{
    struct fixture f;
    fixture_make(&f);
    json_t *flake = report_case(&f.report, &f.verdicts[F_FLAKE], STEPS_REPORT);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(flake, "first")), "fail");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(flake, "last")), "pass");
    json_t *pass = report_case(&f.report, &f.verdicts[F_PASS], STEPS_REPORT);
    CU_ASSERT_PTR_NULL(json_object_get(pass, "first"));
    CU_ASSERT_PTR_NULL(json_object_get(pass, "reason"));
    CU_ASSERT_PTR_NULL(json_object_get(pass, "question"));
    CU_ASSERT_EQUAL(json_array_size(json_object_get(pass, "steps")), 0);
    json_t *question = report_case(&f.report, &f.verdicts[F_QUESTION], STEPS_REPORT);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(question, "question")), "q-one");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(question, "outcome")), "S_OK twice");
    json_decref(flake);
    json_decref(pass);
    json_decref(question);
    fixture_free(&f);
}

static const char *requirement_verdict(const json_t *rows, size_t at)
{
    return json_string_value(json_object_get(json_array_get(rows, at), "verdict"));
}

/* The finding of the failed case names only the second requirement; a law names none. */
static void test_requirements(void)
{
    struct fixture f;
    fixture_make(&f);
    for (size_t i = 0; i < F_COUNT; i++) { /* only the failed case checks them */
        f_cases[i].requirements.count = i == F_FAIL ? 2 : 0;
    }
    json_t *rows = report_requirements(&f.report);
    CU_ASSERT_EQUAL_FATAL(json_array_size(rows), 3);
    CU_ASSERT_STRING_EQUAL(requirement_verdict(rows, 0), "pass");
    CU_ASSERT_TRUE(json_is_null(json_object_get(json_array_get(rows, 1), "verdict")));
    CU_ASSERT_STRING_EQUAL(requirement_verdict(rows, 2), "fail");
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(json_array_get(rows, 2), "cases")), 1);
    json_decref(rows);
    f_cases[F_CRASH].requirements.count = 2; /* worse than anything */
    f_cases[F_QUESTION].requirements.count = 2;
    rows = report_requirements(&f.report);
    CU_ASSERT_STRING_EQUAL(requirement_verdict(rows, 0), "crash");
    json_decref(rows);
    f_cases[F_CRASH].requirements.count = f_cases[F_FAIL].requirements.count = 0;
    f_cases[F_PASS].requirements.count = 2; /* after a question: a pass says more */
    rows = report_requirements(&f.report);
    CU_ASSERT_STRING_EQUAL(requirement_verdict(rows, 0), "pass");
    json_decref(rows);
    fixture_free(&f);
}

/* The text as masked, by a mask that has seen nothing or what came before. */
static void masks(struct guid_mask *mask, const char *text, const char *wanted)
{
    struct str_buf out;
    sb_init(&out, 1000);
    const bool changed = guid_mask_text(mask, text, strlen(text), &out);
    CU_ASSERT_EQUAL(changed, strcmp(text, wanted) != 0);
    CU_ASSERT_STRING_EQUAL(changed ? sb_text(&out) : text, wanted);
    sb_free(&out);
}

static void test_guids(void)
{
    struct guid_mask mask = {0};
    masks(&mask, "no guid", "no guid");
    masks(&mask, "a D70E5BBA-9305-4CC6-84A1-7EB42322CD2F b", "a {guid:1} b");
    masks(&mask, "{d70e5bba-9305-4cc6-84a1-7eb42322cd2f}", "{{guid:1}}");
    masks(&mask,
          "880FEE90-72A2-47E5-BFAC-A41736E50878,D70E5BBA-9305-4CC6-84A1-7EB42322CD2F,"
          "F1440AB5-0161-4E20-953E-4114139F78A5",
          "{guid:2},{guid:1},{guid:3}");
    /* of a longer word, too short, and cut off */
    masks(&mask, "0880FEE90-72A2-47E5-BFAC-A41736E50878", "0880FEE90-72A2-47E5-BFAC-A41736E50878");
    masks(&mask, "880FEE90-72A2-47E5-BFAC-A41736E508780", "880FEE90-72A2-47E5-BFAC-A41736E508780");
    masks(&mask, "880FEE90-72A2-47E5-BFAC-A41736E5087", "880FEE90-72A2-47E5-BFAC-A41736E5087");
    masks(&mask, "880FEE90-", "880FEE90-");
    /* points of time, and numbers that are none */
    masks(&mask, "timestamp=\"134087631871248705\" x", "timestamp=\"{time}\" x");
    masks(&mask, "13408763187124870", "13408763187124870");
    masks(&mask, "1340876318712487055", "1340876318712487055");
    masks(&mask, "0x134087631871248705", "0x134087631871248705");
    /* devices of copies, and of volumes */
    masks(&mask, "\\Device\\HarddiskVolumeShadowCopy12\\x",
          "\\Device\\HarddiskVolumeShadowCopy{number}\\x");
    masks(&mask, "HarddiskVolumeShadowCopy", "HarddiskVolumeShadowCopy");
    masks(&mask, "HarddiskVolume12", "HarddiskVolume12");
    guid_mask_free(&mask);

    CU_ASSERT_TRUE(guid_mask_is_time(134087631871248705));
    CU_ASSERT_FALSE(guid_mask_is_time(13408763187124870));
    CU_ASSERT_FALSE(guid_mask_is_time(-134087631871248705));
}

static void test_cannot_write(void)
{
    struct fixture f;
    struct cts_error err = {0};
    fixture_make(&f);
    CU_ASSERT_EQUAL(report_write_json(&f.report, "no such folder/r.json", &err), CTS_IO);
    CU_ASSERT_STRING_EQUAL(err.path, "no such folder/r.json");
    fixture_free(&f);
}

/* A value for which there was no memory leaves the old file alone, and nothing beside it. */
static void test_failed_value(void)
{
    struct cts_error err = {0};
    FILE *file = fopen(FILE_NAME, "w");
    fputs("old", file);
    fclose(file);
    struct json_stream *stream = js_open(FILE_NAME, &err);
    js_text(stream, "new");
    js_value(stream, NULL);
    CU_ASSERT_EQUAL(js_close(stream, &err), CTS_NOMEM);
    char *text = file_read(FILE_NAME, NULL, 100, &err);
    CU_ASSERT_STRING_EQUAL(text, "old");
    char beside[sizeof FILE_NAME + 32];
    snprintf(beside, sizeof beside, FILE_NAME ".%d.tmp", (int)uv_os_getpid());
    CU_ASSERT_PTR_NULL(fopen(beside, "r"));
    free(text);
    remove(FILE_NAME);
}

/* More than the buffer of the stream holds, in pieces that do not fit it evenly. */
static void test_long_stream(void)
{
    struct cts_error err = {0};
    size_t length = 0;
    struct json_stream *stream = js_open(FILE_NAME, &err);
    for (int i = 0; i < 30000; i++) {
        js_text(stream, "1234567");
    }
    CU_ASSERT_EQUAL(js_close(stream, &err), CTS_OK);
    char *text = file_read(FILE_NAME, &length, 1000000, &err);
    CU_ASSERT_EQUAL(length, 210000);
    bool right = text != NULL;
    for (size_t i = 0; right && i < length; i++) {
        right = text[i] == "1234567"[i % 7];
    }
    CU_ASSERT_TRUE(right);
    free(text);
    remove(FILE_NAME);
}

static CU_TestInfo tests[] = {
    {"the whole report", test_whole},
    {"facts of the header", test_facts},
    {"steps", test_steps},
    {"what a writer saw", test_writer},
    {"steps in events", test_beside},
    {"numbers of objects", test_renumber},
    {"numbers that are only seen", test_renumber_see},
    {"a program that has changed", test_changed_program},
    {"keys of a case", test_case_keys},
    {"requirements", test_requirements},
    {"GUIDs in texts", test_guids},
    {"a file that cannot be written", test_cannot_write},
    {"a value without memory", test_failed_value},
    {"a long stream", test_long_stream},
    CU_TEST_INFO_NULL,
};

int main(void)
{
    return cu_run("report json", tests);
}
