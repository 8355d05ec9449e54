/* Tables that cannot be expanded. The loader refuses most of them; they are built by hand here, so
 * that the plan refuses them too, with their place, and never makes half a program. */
#include "u_plan_fixture.h"

#include "../../runner/model/tbl_arena.h"
#include "../../runner/plan/expand.h"

/* Of tables that were read from no file. */
static struct tbl_arena no_files;

/* A method with one parameter, called in a case with one argument: the text of the refusal. */
static const char *refusal(struct api_param param, const char *args)
{
    static char text[sizeof((struct cts_error *)0)->text];
    struct cts_error err = {.status = CTS_OK};
    struct api_method method = {.name = "F", .slot = 3, .param_count = 1, .params = &param};
    struct step step = {.op = STEP_CALL,
                        .object = "bc",
                        .method = &method,
                        .where = {"suite/file.json", "/cases/0/steps/0"}};
    struct test_case test = {.id = "suite/case", .steps = &step, .step_count = 1};
    struct tables tables = {.arena = &no_files, .case_count = 1, .cases = &test};
    struct expand expand = {.tables = &tables, .err = &err};
    param.name = "p";
    step.args = json_loads(args, JSON_DECODE_ANY, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(step.args);
    char *program = expand_case(&expand, &test);
    CU_ASSERT_EQUAL(program == NULL, expand.status != CTS_OK);
    CU_ASSERT_EQUAL(err.status, expand.status);
    if (!program) {
        CU_ASSERT_EQUAL(expand.status, CTS_BAD_FILE);
        CU_ASSERT_STRING_EQUAL(err.path, "suite/file.json");
    }
    free(program);
    free(expand.steps);
    json_decref(step.args);
    snprintf(text, sizeof text, "%s", err.status == CTS_OK ? "" : err.text);
    return text;
}

static void test_values(void)
{
    static const struct {
        enum param_dir dir;
        enum param_kind kind;
        const char *args, *text;
    } rows[] = {
        {DIR_IN, KIND_U32, "{\"p\":1}", ""},
        {DIR_IN, KIND_U32, "{}", "parameter p: it has no value"},
        {DIR_IN, KIND_U32, "{\"p\":\"1\"}", "parameter p: a number is wanted"},
        {DIR_IN, KIND_U32, "{\"p\":1.5}", "parameter p: a number is wanted"},
        {DIR_IN, KIND_U32, "{\"p\":null}", "parameter p: it cannot be NULL"},
        {DIR_IN, KIND_BOOL, "{\"p\":1}", "parameter p: true or false is wanted"},
        {DIR_IN, KIND_ENUM, "{\"p\":\"VSS_X\"}", "parameter p: no such value in the enumeration"},
        {DIR_IN, KIND_HRESULT, "{\"p\":\"E_NEVER\"}", "parameter p: no such code"},
        {DIR_IN, KIND_GUID, "{\"p\":7}", "parameter p: a GUID is wanted"},
        {DIR_IN, KIND_GUID, "{\"p\":\"ABCDEF01-2345-6789-abcd-ef012345678\"}",
         "parameter p: a GUID is wanted"},
        {DIR_IN, KIND_GUID, "{\"p\":\"ABCDEF01-2345-6789-abcd+ef0123456789\"}",
         "parameter p: a GUID is wanted"},
        {DIR_IN, KIND_GUID, "{\"p\":\"gBCDEF01-2345-6789-abcd-ef0123456789\"}",
         "parameter p: a GUID is wanted"},
        {DIR_IN, KIND_GUID_ARRAY, "{\"p\":\"GUID_NULL\"}",
         "parameter p: a list of GUIDs is wanted"},
        {DIR_IN, KIND_GUID_ARRAY, "{\"p\":[\"GUID_NULL\",1]}", "parameter p: a GUID is wanted"},
        {DIR_IN, KIND_WSTR, "{\"p\":3}", "parameter p: a string is wanted"},
        {DIR_IN, KIND_IFACE, "{\"p\":\"text\"}", "parameter p: a variable or null is wanted"},
        {DIR_IN, KIND_IFACE, "{\"p\":\"$x\"}", ""},
        {DIR_IN, KIND_STRUCT, "{\"p\":{}}", "parameter p: a variable or null is wanted"},
        {DIR_OUT, KIND_U32, "{\"p\":4}", "parameter p: a variable or null is wanted"},
        {DIR_OUT, KIND_U32, "{\"p\":\"x\"}", "parameter p: a variable or null is wanted"},
        {DIR_OUT, KIND_STRUCT, "{}", "parameter p: its structure is not in the tables"},
        {DIR_OUT, KIND_STRUCT, "{\"p\":null}", ""},
        {DIR_INOUT, KIND_U32, "{}", "parameter p: it has no value"},
        {DIR_INOUT, KIND_U32, "{\"p\":null}", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct api_param param = {.dir = rows[i].dir, .kind = rows[i].kind};
        CU_ASSERT_STRING_EQUAL(refusal(param, rows[i].args), rows[i].text);
    }
}

/* The length of an array that the callee fills. */
static void test_lengths(void)
{
    struct api_struct type = {.name = "T", .size = {8, 8}};
    struct api_param params[] = {
        {.name = "n", .dir = DIR_IN, .kind = KIND_U32},
        {.name = "a", .dir = DIR_OUT, .kind = KIND_STRUCT_ARRAY, .type = "T", .count_from = "n"},
    };
    struct api_method method = {.name = "Next", .slot = 3, .param_count = 2, .params = params};
    static const struct {
        const char *args;
        bool good;
    } rows[] = {{"{\"n\":0}", true},
                {"{\"n\":4096}", true},
                {"{\"n\":4097}", false},
                {"{\"n\":-1}", false},
                {"{\"n\":\"$x\"}", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct step step = {.op = STEP_CALL, .object = "e", .method = &method};
        struct test_case test = {.id = "s/c", .steps = &step, .step_count = 1};
        struct tables tables = {.arena = &no_files, .struct_count = 1, .structs = &type};
        struct cts_error err = {.status = CTS_OK};
        struct expand expand = {.tables = &tables, .err = &err};
        step.where.path = "f.json";
        step.args = json_loads(rows[i].args, 0, NULL);
        char *program = expand_case(&expand, &test);
        CU_ASSERT_EQUAL(program != NULL, rows[i].good);
        if (i == 0 && program) {
            CU_ASSERT_PTR_NOT_NULL(strstr(program, "\"len\":1,"));
        }
        free(program);
        free(expand.steps);
        json_decref(step.args);
    }
}

/* Steps whose tables lack what they need. */
static void test_steps(void)
{
    struct api_method factory = {.name = "Make"};
    struct step steps[] = {
        {.op = STEP_CREATE, .as = "x", .method = &factory},
        {.op = STEP_QUERY, .object = "x", .iface = "INone", .as = "y"},
        {.op = STEP_AWAIT, .object = "x"},
        {.op = STEP_CANCEL, .object = "x"},
    };
    static const char *const texts[] = {
        "Make is no factory with one out parameter",
        "the tables have no IUnknown.QueryInterface",
        "the tables have no IVssAsync.QueryStatus",
        "the tables have no IVssAsync.Cancel",
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct test_case test = {.id = "s/c", .steps = &steps[i], .step_count = 1};
        struct tables tables = {.arena = &no_files, .case_count = 1, .cases = &test};
        struct cts_error err = {.status = CTS_OK};
        struct plan_options options = {.seed = 0};
        steps[i].where.path = "f.json";
        steps[i].where.pointer = "";
        CU_ASSERT_PTR_NULL(plan_new(&tables, NULL, &options, &err));
        CU_ASSERT_EQUAL(err.status, CTS_BAD_FILE);
        CU_ASSERT_STRING_EQUAL(err.text, texts[i]);
    }
}

/* Of many failures the first is told. */
static void test_first(void)
{
    struct api_param params[] = {{.name = "a", .dir = DIR_IN, .kind = KIND_U32},
                                 {.name = "b", .dir = DIR_IN, .kind = KIND_U32}};
    struct api_method method = {.name = "F", .slot = 3, .param_count = 2, .params = params};
    struct step step = {.op = STEP_CALL, .object = "x", .method = &method, .where = {"f", "/"}};
    struct test_case test = {.id = "s/c", .steps = &step, .step_count = 1};
    struct tables tables = {.arena = &no_files, .case_count = 0};
    struct cts_error err = {.status = CTS_OK};
    struct expand expand = {.tables = &tables, .err = &err};
    CU_ASSERT_PTR_NULL(expand_case(&expand, &test));
    CU_ASSERT_STRING_EQUAL(err.text, "parameter a: it has no value");
    free(expand.steps);
}

/* What the channel cannot carry. */
static void test_too_long(void)
{
    struct api_param param = {.name = "s", .dir = DIR_IN, .kind = KIND_WSTR};
    struct api_method method = {.name = "F", .slot = 3, .param_count = 1, .params = &param};
    struct step step = {.op = STEP_CALL, .object = "x", .method = &method};
    struct test_case test = {
        .id = "s/c", .steps = &step, .step_count = 1, .where = {"f", "/cases/0"}};
    struct tables tables = {.arena = &no_files};
    struct cts_error err = {.status = CTS_OK};
    struct expand expand = {.tables = &tables, .err = &err};
    size_t length = 4u << 20;
    char *text = malloc(length + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    memset(text, 'x', length);
    text[length] = '\0';
    step.args = json_pack("{s:s}", "s", text);
    CU_ASSERT_PTR_NULL(expand_case(&expand, &test));
    CU_ASSERT_EQUAL(err.status, CTS_BAD_FILE);
    CU_ASSERT_STRING_EQUAL(err.text, "the program of the case is over 4 MiB");
    json_decref(step.args);
    free(expand.steps);
    free(text);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"values", test_values},
        {"lengths of arrays", test_lengths},
        {"steps", test_steps},
        {"the first failure", test_first},
        {"a program that is too long", test_too_long},
        CU_TEST_INFO_NULL,
    };
    return cu_run("plan_errors", tests);
}
