/* Cases that are generated from rows of calls/: which there are, and what stands in them. */
#include "../../runner/model/coverage.h"
#include "../../runner/model/tables.h"
#include "../../runner/util/str_buf.h"
#include "cu_run.h"

#include <stdio.h>
#include <string.h>

static struct tables *tables;

static struct tables *load(void)
{
    const char *source = getenv("VSSCTS_SOURCE");
    char path[1024], text[1700];
    struct cts_errors *errs = calloc(1, sizeof *errs);
    if (!errs) {
        return NULL;
    }
    snprintf(path, sizeof path, "%s/tests/data/tables/calls", source ? source : ".");
    struct tables *loaded = tbl_load(path, errs);
    for (size_t i = 0; i < errs->count && i < CTS_ERRORS_MAX; i++) {
        printf("\n%s", err_format(&errs->list[i], text, sizeof text));
    }
    free(errs);
    return loaded;
}

static const struct test_case *find(const char *id)
{
    const struct test_case *test = tbl_case(tables, id);
    if (!test) {
        printf("\nno case %s", id);
    }
    CU_ASSERT_PTR_NOT_NULL_FATAL(test);
    return test;
}

/* Every family of every row, and none that a row, a page or a missing state rules out. */
static void test_ids(void)
{
    static const char want[] = "null-pointers/create-vss-backup-components/pp-opener/in-order\n"
                               "null-pointers/opener-drop/p-spare/in-order\n"
                               "null-pointers/opener-open-xml-file/bstr-text/in-order\n"
                               "null-pointers/opener-open-xml-file/bstr-text/out-of-order\n"
                               "null-pointers/opener-open-xml-file/p-spare/in-order\n"
                               "null-pointers/opener-open-xml-file/p-spare/out-of-order\n"
                               "null-pointers/opener-open-xml-file/pp-opener/in-order\n"
                               "null-pointers/opener-open-xml-file/pp-opener/out-of-order\n"
                               "null-pointers/opener-open-xml-file/wsz-name/in-order\n"
                               "null-pointers/opener-open-xml-file/wsz-name/out-of-order\n"
                               "null-pointers/opener-open-xml-file/wsz-option/in-order\n"
                               "null-pointers/opener-open-xml-file/wsz-option/out-of-order\n"
                               "null-pointers/opener-turn/wsz-way/out-of-order\n"
                               "out-of-memory/c-vss-writer-subscribe/each-allocation\n"
                               "out-of-memory/create-vss-backup-components/each-allocation\n"
                               "out-of-memory/opener-close/each-allocation\n"
                               "out-of-memory/opener-open-xml-file/each-allocation\n"
                               "results/c-vss-writer-subscribe/in-order\n"
                               "results/c-vss-writer-subscribe/no-memory\n"
                               "results/c-vss-writer-subscribe/out-of-order\n"
                               "results/create-vss-backup-components/in-order\n"
                               "results/create-vss-backup-components/unexpected\n"
                               "results/opener-close/in-order\n"
                               "results/opener-close/no-memory\n"
                               "results/opener-close/out-of-order\n"
                               "results/opener-open-xml-file/bad-document\n"
                               "results/opener-open-xml-file/in-order\n"
                               "results/opener-open-xml-file/no-memory\n"
                               "results/opener-open-xml-file/out-of-order\n"
                               "results/opener-open-xml-file/unexpected\n"
                               "results/opener-shut/in-order\n"
                               "results/opener-shut/no-memory\n"
                               "results/opener-turn/out-of-order\n";
    struct str_buf got;
    sb_init(&got, 10000);
    for (size_t i = 0; i < tables->case_count; i++) {
        sb_addf(&got, "%s\n", tables->cases[i].id);
    }
    CU_ASSERT_STRING_EQUAL(sb_text(&got), want);
    sb_free(&got);
    CU_ASSERT_EQUAL_FATAL(tables->suite_count, 3);
    CU_ASSERT_STRING_EQUAL(tables->suites[0].id, "null-pointers");
    CU_ASSERT_STRING_EQUAL(tables->suites[1].id, "out-of-memory");
    CU_ASSERT_STRING_EQUAL(tables->suites[2].title, "Each result that the page of a method lists");
}

/* The row itself: its steps, what it hands out, its keys. */
static void test_in_order(void)
{
    const struct test_case *test = find("results/opener-open-xml-file/in-order");
    CU_ASSERT_EQUAL_FATAL(test->step_count, 3);
    CU_ASSERT_EQUAL(test->steps[0].op, STEP_CREATE);
    CU_ASSERT_EQUAL(test->steps[2].op, STEP_RELEASE);
    CU_ASSERT_STRING_EQUAL(test->preamble->id, "new");
    CU_ASSERT_STRING_EQUAL(test->when.text, "windows>=5.2 and client");
    CU_ASSERT_STRING_EQUAL(test->tags.items[0], "file");
    CU_ASSERT_TRUE(test->exclusive);
    CU_ASSERT_EQUAL(test->finally_count, 1);
    CU_ASSERT_EQUAL(test->needs, 0);
    CU_ASSERT_STRING_EQUAL(test->requirements.items[0], "IVssOpener.OpenXMLFile#in-order");
    CU_ASSERT_STRING_EQUAL(test->where.path, "calls/IVssOpener.json");
    CU_ASSERT_STRING_EQUAL(test->where.pointer, "/calls/0");
    CU_ASSERT_STRING_EQUAL(test->steps[0].where.pointer, "/calls/0/before/0");
    const struct expect *expect = test->steps[1].expect;
    CU_ASSERT_PTR_NOT_NULL_FATAL(expect);
    CU_ASSERT_EQUAL(expect->basis, BASIS_DOCUMENTED);
    CU_ASSERT_STRING_EQUAL(expect->page, "nf-opener-openxmlfile");
    CU_ASSERT_EQUAL(expect->alts[0].codes[0].code, 0);
    /* pSpare is optional: whether it is written is not said. */
    CU_ASSERT_EQUAL_FATAL(expect->out_count, 1);
    CU_ASSERT_STRING_EQUAL(expect->outs[0].param, "ppOpener");
    CU_ASSERT_EQUAL(expect->outs[0].what, OUT_OBJECT);
    expect = find("results/opener-close/in-order")->steps[0].expect;
    CU_ASSERT_EQUAL(expect->basis, BASIS_INFERRED);
    CU_ASSERT_STRING_EQUAL(expect->because, "it is a guess");
    CU_ASSERT_EQUAL(expect->alts[0].code_count, 2);
    CU_ASSERT_STRING_EQUAL(find("results/create-vss-backup-components/in-order")->when.text,
                           "windows>=5.2 and server");
    CU_ASSERT_PTR_NULL(find("results/create-vss-backup-components/in-order")->preamble);
}

static void test_out_of_order(void)
{
    const struct test_case *test = find("results/opener-open-xml-file/out-of-order");
    CU_ASSERT_EQUAL_FATAL(test->step_count, 1);
    CU_ASSERT_STRING_EQUAL(test->title,
                           "IVssOpener::OpenXMLFile is refused with VSS_E_BAD_STATE: an open one");
    CU_ASSERT_STRING_EQUAL(test->preamble->id, "open");
    CU_ASSERT_STRING_EQUAL(test->steps[0].object, "inner");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(test->steps[0].args, "wszName")), "z");
    CU_ASSERT_EQUAL(test->finally_count, 0);
    const struct expect *expect = test->steps[0].expect;
    CU_ASSERT_EQUAL(expect->alts[0].codes[0].code, 0x80042301u);
    CU_ASSERT_EQUAL(expect->basis, BASIS_INFERRED);
    CU_ASSERT_STRING_EQUAL(expect->because, "it is open already");
    CU_ASSERT_EQUAL(find("results/opener-close/out-of-order")->steps[0].expect->basis,
                    BASIS_DOCUMENTED);
}

/* The injected failure, the reset, and the call again. */
static void test_injected(void)
{
    static const struct {
        const char *family, *point, *code;
        size_t alts;
        uint32_t result;
    } rows[] = {{"no-memory", "alloc", "E_OUTOFMEMORY", 1, 0x8007000Eu},
                {"unexpected", "IVssOpener.OpenXMLFile.call", "E_FAIL", 2, 0x80042302u},
                {"bad-document", "IVssOpener.OpenXMLFile.call", "VSS_E_INVALID_XML_DOCUMENT", 1,
                 0x80042311u}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char id[128];
        snprintf(id, sizeof id, "results/opener-open-xml-file/%s", rows[i].family);
        const struct test_case *test = find(id);
        CU_ASSERT_EQUAL_FATAL(test->step_count, 6);
        const struct step *fail = &test->steps[1];
        CU_ASSERT_STRING_EQUAL(fail->method->name, "VssTestFail");
        CU_ASSERT_EQUAL(fail->need_count, 1);
        CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(fail->args, "point")),
                               rows[i].point);
        CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(fail->args, "code")),
                               rows[i].code);
        const struct expect *expect = test->steps[2].expect;
        CU_ASSERT_EQUAL(expect->basis, BASIS_INFERRED);
        CU_ASSERT_EQUAL_FATAL(expect->alt_count, rows[i].alts);
        CU_ASSERT_EQUAL(expect->alts[0].codes[0].code, rows[i].result);
        CU_ASSERT_STRING_EQUAL(test->steps[3].method->name, "VssTestReset");
        CU_ASSERT_EQUAL(test->steps[3].need_count, 0);
        CU_ASSERT_EQUAL(test->steps[4].expect->alts[0].codes[0].code, 0);
        CU_ASSERT_EQUAL(test->finally_count, 2);
        CU_ASSERT_TRUE((test->needs & (UINT32_C(1) << CAP_FAULT_HOOKS)) != 0);
    }
    const struct test_case *unexpected = find("results/opener-open-xml-file/unexpected");
    CU_ASSERT_STRING_EQUAL(unexpected->steps[2].expect->alts[0].when.text, "windows>=6.1");
    /* what needs no memory by itself lacks it at its own point */
    const struct test_case *shut = find("results/opener-shut/no-memory");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(shut->steps[0].args, "point")),
                           "IVssOpener.Shut.call");
    const struct test_case *function = find("results/create-vss-backup-components/unexpected");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(function->steps[0].args, "point")),
                           "CreateVssBackupComponents.call");
}

/* The codes that an expectation of one alternative allows, with its basis. */
static void check_null(const char *param, const char *order, enum basis basis,
                       const struct expect_code *codes, size_t count)
{
    char id[128];
    snprintf(id, sizeof id, "null-pointers/opener-open-xml-file/%s/%s", param, order);
    const struct test_case *test = find(id);
    const struct step *step = &test->steps[test->step_count - 1];
    CU_ASSERT_PTR_NOT_NULL_FATAL(step->expect);
    CU_ASSERT_EQUAL(step->expect->basis, basis);
    CU_ASSERT_EQUAL_FATAL(step->expect->alt_count, 1);
    CU_ASSERT_EQUAL_FATAL(step->expect->alts[0].code_count, count);
    for (size_t i = 0; i < count; i++) {
        CU_ASSERT_EQUAL(step->expect->alts[0].codes[i].what, codes[i].what);
        CU_ASSERT_EQUAL(step->expect->alts[0].codes[i].code, codes[i].code);
    }
}

/* The call whose allocations fail, and the one after it; a page that does not list E_OUTOFMEMORY
 * makes no must. */
static void test_each_allocation(void)
{
    const struct test_case *test = find("out-of-memory/opener-open-xml-file/each-allocation");
    CU_ASSERT_EQUAL_FATAL(test->step_count, 4);
    CU_ASSERT_PTR_EQUAL(test->exhaust, &test->steps[1]);
    CU_ASSERT_PTR_EQUAL(test->exhaust_until, &test->steps[1]);
    CU_ASSERT_EQUAL(test->exhaust->exhaust, EXHAUST_CALLER);
    CU_ASSERT_EQUAL(test->exhaust->expect->basis, BASIS_INFERRED);
    CU_ASSERT_EQUAL(test->exhaust->expect->alts[0].codes[0].code, 0);
    CU_ASSERT_EQUAL(test->exhaust->expect->alts[0].codes[1].code, 0x8007000Eu);
    CU_ASSERT_EQUAL(test->exhaust->expect->alts[0].codes[2].code, 0x80042302u);
    CU_ASSERT_TRUE(test->steps[2].after_failure);
    CU_ASSERT_EQUAL(test->steps[2].expect->alts[0].codes[0].code, 0);
    CU_ASSERT_FALSE(test->steps[3].after_failure);
    CU_ASSERT_EQUAL(test->level, LEVEL_MUST);
    CU_ASSERT_EQUAL(test->needs & (UINT32_C(1) << CAP_FAULT_HOOKS), 0);
    CU_ASSERT_EQUAL(find("out-of-memory/create-vss-backup-components/each-allocation")->level,
                    LEVEL_SHOULD);
    const struct test_case *event = find("out-of-memory/c-vss-writer-subscribe/each-allocation");
    CU_ASSERT_PTR_EQUAL(event->exhaust, &event->steps[0].steps[2]);
    const struct test_case *close = find("out-of-memory/opener-close/each-allocation");
    CU_ASSERT_EQUAL(close->exhaust->expect->alts[0].code_count, 3);
    CU_ASSERT_PTR_NULL(find("results/opener-close/no-memory")->exhaust);
}

static void test_null(void)
{
    static const struct expect_code either[] = {{EXPECT_CODE, 0x80070057u},
                                                {EXPECT_CODE, 0x80042301u}};
    static const struct expect_code failure = {EXPECT_FAILURE, 0}, good = {EXPECT_CODE, 0};
    static const struct expect_code pointer = {EXPECT_CODE, 0x80004003u};
    static const struct expect_code out[] = {
        {EXPECT_CODE, 0x80070057u}, {EXPECT_CODE, 0x80004003u}, {EXPECT_CODE, 0x80042301u}};
    check_null("wsz-name", "in-order", BASIS_DOCUMENTED, &either[0], 1);
    check_null("wsz-name", "out-of-order", BASIS_INFERRED, either, 2);
    check_null("wsz-option", "in-order", BASIS_DOCUMENTED, &good, 1);
    check_null("wsz-option", "out-of-order", BASIS_INFERRED, &either[1], 1);
    check_null("bstr-text", "in-order", BASIS_INFERRED, &failure, 1);
    check_null("bstr-text", "out-of-order", BASIS_INFERRED, &failure, 1);
    /* Here the row knows more than the page of the parameter. */
    check_null("p-spare", "in-order", BASIS_DOCUMENTED, &pointer, 1);
    const struct test_case *name = find("null-pointers/opener-open-xml-file/wsz-name/in-order");
    json_t *args = name->steps[1].args;
    CU_ASSERT_TRUE(json_is_null(json_object_get(args, "wszName")));
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(args, "bstrText")), "b");
    /* What the page says nothing of, but something is handed out there. */
    check_null("pp-opener", "in-order", BASIS_INFERRED, out, 2);
    check_null("pp-opener", "out-of-order", BASIS_INFERRED, out, 3);
    const struct test_case *either_way =
        find("null-pointers/opener-open-xml-file/wsz-name/out-of-order");
    CU_ASSERT_STRING_EQUAL(either_way->steps[0].expect->question, "q-null-vs-state");
    const struct test_case *silent = find("null-pointers/opener-drop/p-spare/in-order");
    CU_ASSERT_PTR_EQUAL(silent->question, tbl_question(tables, "q-null-unstated"));
}

/* A written requirement goes before a generated one of the same id. */
static void test_requirements(void)
{
    const struct requirement *written =
        tbl_requirement(tables, "IVssOpener.OpenXMLFile#null-wszName");
    const struct requirement *made =
        tbl_requirement(tables, "IVssOpener.OpenXMLFile#null-wszOption");
    CU_ASSERT_PTR_NOT_NULL_FATAL(written);
    CU_ASSERT_PTR_NOT_NULL_FATAL(made);
    CU_ASSERT_EQUAL(tables->requirement_count, 27);
    CU_ASSERT_STRING_EQUAL(written->text, "Written by hand.");
    CU_ASSERT_EQUAL(find("null-pointers/opener-open-xml-file/wsz-name/in-order")->level,
                    LEVEL_SHOULD);
    CU_ASSERT_EQUAL(made->level, LEVEL_MUST);
    CU_ASSERT_STRING_EQUAL(made->page, "nf-opener-openxmlfile");
    CU_ASSERT_STRING_EQUAL(made->text, "wszOption is optional: NULL may be passed.");
    CU_ASSERT_STRING_EQUAL(made->where.pointer, "/calls/0");
    CU_ASSERT_PTR_NOT_NULL(tbl_requirement(tables, "CreateVssBackupComponents#null-ppOpener"));
    CU_ASSERT_PTR_NOT_NULL(tbl_requirement(tables, "IVssOpener.OpenXMLFile#null-ppOpener"));
    const struct api_method *open = tbl_method(tables, "IVssOpener", "OpenXMLFile");
    CU_ASSERT_TRUE(open->params[4].zero);
    CU_ASSERT_FALSE(open->params[5].zero);
}

/* The call and what lies around it run in the event; then come the steps that bring it about. */
static void test_event(void)
{
    const struct test_case *test = find("results/c-vss-writer-subscribe/in-order");
    CU_ASSERT_EQUAL_FATAL(test->step_count, 2);
    CU_ASSERT_EQUAL(test->steps[1].op, STEP_REACHED);
    CU_ASSERT_EQUAL(test->steps[0].op, STEP_SCRIPT);
    CU_ASSERT_STRING_EQUAL(test->steps[0].event, "Freeze");
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(test->steps[0].args, "times")), 1);
    CU_ASSERT_EQUAL_FATAL(test->steps[0].step_count, 5);
    const struct step *inner = test->steps[0].steps;
    CU_ASSERT_STRING_EQUAL(inner[0].as, "first");
    CU_ASSERT_STRING_EQUAL(inner[1].as, "second");
    CU_ASSERT_STRING_EQUAL(inner[2].object, "writer");
    CU_ASSERT_PTR_NOT_NULL(inner[2].expect);
    CU_ASSERT_STRING_EQUAL(inner[3].object, "second");
    CU_ASSERT_STRING_EQUAL(inner[4].object, "first");
    /* An operation is under way there: a reset would wait for it. */
    test = find("results/c-vss-writer-subscribe/no-memory");
    CU_ASSERT_EQUAL_FATAL(test->steps[0].step_count, 8);
    inner = test->steps[0].steps;
    CU_ASSERT_STRING_EQUAL(inner[2].method->name, "VssTestFail");
    CU_ASSERT_STRING_EQUAL(inner[4].method->name, "VssTestFail");
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(inner[4].args, "times")), 0);
    CU_ASSERT_STRING_EQUAL(test->finally[0].method->name, "VssTestReset");
    test = find("results/c-vss-writer-subscribe/out-of-order");
    CU_ASSERT_EQUAL_FATAL(test->step_count, 1);
    CU_ASSERT_STRING_EQUAL(test->steps[0].object, "object");
}

/* What rows leave out has their reasons where coverage is counted. */
static void test_left_out(void)
{
    size_t methods = 0, results = 0;
    struct coverage *coverage = cover_new(tables, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(coverage);
    for (size_t i = 0; i < coverage->count; i++) {
        const struct cover_entry *entry = &coverage->entries[i];
        const char *name = entry->method ? entry->method->name : "";
        if (entry->kind == COVER_METHOD && strcmp(name, "Never") == 0) {
            methods++;
            CU_ASSERT_STRING_EQUAL(entry->unchecked, "it does not end");
        }
        if (entry->kind == COVER_RESULT && strcmp(name, "OpenXMLFile") == 0) {
            const bool left_out = entry->result->code == 0x80070005u;
            results++;
            CU_ASSERT_EQUAL(entry->unchecked != NULL, left_out);
            CU_ASSERT_TRUE(!left_out || strcmp(entry->unchecked, "everyone may") == 0);
        }
    }
    CU_ASSERT_EQUAL(methods, 1);
    CU_ASSERT_EQUAL(results, 8);
    cover_free(coverage);
}

static CU_TestInfo tests[] = {
    {"ids", test_ids},
    {"in order", test_in_order},
    {"out of order", test_out_of_order},
    {"injected failures", test_injected},
    {"each allocation", test_each_allocation},
    {"NULL", test_null},
    {"in an event", test_event},
    {"requirements", test_requirements},
    {"what is left out", test_left_out},
    CU_TEST_INFO_NULL,
};

int main(void)
{
    tables = load();
    if (!tables) {
        return EXIT_FAILURE;
    }
    int status = cu_run("model calls", tests);
    tbl_free(tables);
    return status;
}
