/* What the valid tables of tests/data/tables become. */
#include "../../runner/model/hresult.h"
#include "../../runner/model/tables.h"
#include "cu_run.h"

#include <stdio.h>
#include <string.h>

#define CAN(id) (UINT32_C(1) << CAP_##id)

static struct tables *tables;

/* The tables of a folder below the sources; complains aloud where they are not valid. */
static struct tables *load(const char *folder)
{
    const char *source = getenv("VSSCTS_SOURCE");
    char path[1024], text[1700];
    struct cts_errors *errs = calloc(1, sizeof *errs);
    if (!errs) {
        return NULL;
    }
    snprintf(path, sizeof path, "%s/%s", source ? source : ".", folder);
    struct tables *loaded = tbl_load(path, errs);
    for (size_t i = 0; i < errs->count && i < CTS_ERRORS_MAX; i++) {
        printf("\n%s", err_format(&errs->list[i], text, sizeof text));
    }
    free(errs);
    return loaded;
}

static void test_interfaces(void)
{
    const struct api_interface *thing = tbl_interface(tables, "IThing");
    CU_ASSERT_PTR_NOT_NULL_FATAL(thing);
    CU_ASSERT_EQUAL(tables->interface_count, 8);
    CU_ASSERT_STRING_EQUAL(thing->base, "IUnknown");
    CU_ASSERT_PTR_NULL(thing->iid);
    CU_ASSERT_STRING_EQUAL(thing->header, "thing.h");
    CU_ASSERT_EQUAL(thing->method_count, 6);
    const struct api_method *init = tbl_method(tables, "IThingEx", "Init");
    CU_ASSERT_PTR_NOT_NULL_FATAL(init);
    CU_ASSERT_STRING_EQUAL(init->iface, "IThing");
    CU_ASSERT_EQUAL(init->slot, 3);
    CU_ASSERT_EQUAL(init->result_count, 4);
    CU_ASSERT_EQUAL(init->results[1].code, 0x80042301u);
    CU_ASSERT_STRING_EQUAL(init->results[2].when.text, "windows>=6.1");
    CU_ASSERT_EQUAL(init->params[0].null_rule, NULL_ALLOWED);
    const struct api_method *release = tbl_method(tables, "IThingEx", "Release");
    CU_ASSERT_PTR_NOT_NULL_FATAL(release);
    CU_ASSERT_EQUAL(release->returns, RET_ULONG);
    CU_ASSERT_PTR_NULL(tbl_method(tables, "IThing", "Join"));
    CU_ASSERT_PTR_NULL(tbl_interface(tables, "INothing"));
    const struct api_method *start = tbl_method(tables, "IThing", "Start");
    CU_ASSERT_TRUE(start->starts_async);
    CU_ASSERT_TRUE(start->open_results);
    CU_ASSERT_EQUAL(start->async_result_count, 2);
    CU_ASSERT_PTR_NULL(start->async_results[0].unchecked);
    CU_ASSERT_STRING_EQUAL(start->async_results[1].unchecked, "nobody cancels");
    CU_ASSERT_STRING_EQUAL(init->results[2].unchecked, "nothing unexpected can be arranged");
    CU_ASSERT_EQUAL(start->params[0].null_rule, NULL_CODE);
    CU_ASSERT_EQUAL(start->params[0].null_code, 0x80070057u);
    CU_ASSERT_STRING_EQUAL(start->params[0].iface, "IVssAsync");
    const struct api_method *set = tbl_method(tables, "IThing", "Set");
    CU_ASSERT_EQUAL(set->params[1].null_rule, NULL_NONE);
    CU_ASSERT_EQUAL(set->params[4].null_rule, NULL_NOT_ALLOWED);
    CU_ASSERT_STRING_EQUAL(set->params[4].unchecked, "it would crash");
    CU_ASSERT_PTR_NULL(set->params[0].unchecked);
    CU_ASSERT_STRING_EQUAL(set->params[4].count_from, "count");
    const struct api_method *get = tbl_method(tables, "IThing", "Get");
    CU_ASSERT_TRUE(get->reads);
    CU_ASSERT_FALSE(start->reads);
    CU_ASSERT_EQUAL(get->params[5].dir, DIR_INOUT);
    CU_ASSERT_EQUAL(get->params[0].null_rule, NULL_UNSTATED);
}

/* IUnknown is the second base of ITwo, and so it is of what is built on that. */
static void test_second_base(void)
{
    static const struct {
        const char *name;
        int unknown;
    } rows[] = {{"IUnknown", 0}, {"IVssAsync", 0}, {"IThingEx", 0},
                {"IFirst", -1},  {"ITwo", 1},      {"ITwoEx", 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct api_interface *iface = tbl_interface(tables, rows[i].name);
        CU_ASSERT_PTR_NOT_NULL_FATAL(iface);
        CU_ASSERT_EQUAL(tbl_iunknown(tables, iface), rows[i].unknown);
    }
    const struct api_method *count = tbl_method(tables, "ITwoEx", "Count");
    CU_ASSERT_PTR_NOT_NULL_FATAL(count);
    CU_ASSERT_EQUAL(count->slot, 0);
    CU_ASSERT_PTR_NULL(tbl_method(tables, "ITwo", "Release"));
}

static void test_functions(void)
{
    const struct api_method *create = tbl_function(tables, "CreateVssBackupComponents");
    const struct api_method *hold = tbl_function(tables, "TestHold");
    CU_ASSERT_PTR_NOT_NULL_FATAL(create);
    CU_ASSERT_PTR_NOT_NULL_FATAL(hold);
    CU_ASSERT_PTR_NULL(create->iface);
    CU_ASSERT_EQUAL(create->slot, -1);
    CU_ASSERT_EQUAL(create->exports[ARCH_I686].count, 2);
    CU_ASSERT_STRING_EQUAL(create->exports[ARCH_I686].items[1], "_Create@4");
    CU_ASSERT_FALSE(create->hook);
    CU_ASSERT_TRUE(hold->hook);
    CU_ASSERT_PTR_NULL(hold->page);
    CU_ASSERT_EQUAL(tbl_function(tables, "FreeThing")->returns, RET_VOID);
}

/* The offsets are those of the C compilers for both architectures. */
static void test_types(void)
{
    static const size_t offsets[][2] = {{0, 0}, {16, 16}, {24, 20}, {32, 24}, {40, 32}, {48, 40}};
    const struct api_struct *prop = tbl_struct(tables, "PROP");
    const struct api_enum *color = tbl_enum(tables, "COLOR");
    CU_ASSERT_PTR_NOT_NULL_FATAL(prop);
    CU_ASSERT_PTR_NOT_NULL_FATAL(color);
    CU_ASSERT_EQUAL_FATAL(prop->field_count, 6);
    for (size_t i = 0; i < 6; i++) {
        CU_ASSERT_EQUAL(prop->fields[i].offset[ARCH_X86_64], offsets[i][0]);
        CU_ASSERT_EQUAL(prop->fields[i].offset[ARCH_I686], offsets[i][1]);
    }
    CU_ASSERT_EQUAL(prop->size[ARCH_X86_64], 56);
    CU_ASSERT_EQUAL(prop->size[ARCH_I686], 48);
    CU_ASSERT_EQUAL(prop->fields[1].kind, KIND_U16);
    CU_ASSERT_EQUAL(color->count, 2);
    CU_ASSERT_EQUAL(color->values[1].value, 2);
}

static void test_facts(void)
{
    int line, column;
    CU_ASSERT_TRUE(tbl_state(tables, "busy")->waiting);
    CU_ASSERT_FALSE(tbl_state(tables, "ready")->waiting);
    CU_ASSERT_PTR_NULL(tbl_state(tables, "ready")->unchecked);
    CU_ASSERT_STRING_EQUAL(tbl_state(tables, "gone")->unchecked, "there is nothing to call");
    CU_ASSERT_STRING_EQUAL(tbl_evidence(tables, "FE002")->windows, "");
    CU_ASSERT_STRING_EQUAL(tbl_question(tables, "q-again")->sides.items[1], "No.");
    const struct requirement *start = tbl_requirement(tables, "IThing.Start#null");
    CU_ASSERT_PTR_NOT_NULL_FATAL(start);
    CU_ASSERT_EQUAL(start->level, LEVEL_SHOULD);
    CU_ASSERT_STRING_EQUAL(start->evidence.items[0], "FE001");
    CU_ASSERT_STRING_EQUAL(tbl_requirement(tables, "things#large")->unchecked, "size is not told");
    CU_ASSERT_PTR_NULL(tbl_requirement(tables, "things#small"));
    tbl_where(tables, &start->where, &line, &column);
    CU_ASSERT_STRING_EQUAL(start->where.path, "requirements/thing.json");
    CU_ASSERT_EQUAL(line, 3);
    CU_ASSERT_EQUAL(column, 5);
}

static void test_preambles(void)
{
    const struct preamble *busy = tbl_preamble(tables, "busy");
    const struct preamble *ready = tbl_preamble(tables, "ready");
    CU_ASSERT_PTR_NOT_NULL_FATAL(busy);
    CU_ASSERT_PTR_EQUAL_FATAL(busy->after, ready);
    CU_ASSERT_PTR_EQUAL(ready->after, tbl_preamble(tables, "new"));
    CU_ASSERT_EQUAL(busy->needs, CAN(SNAPSHOTS) | CAN(FAULT_HOOKS));
    CU_ASSERT_EQUAL(ready->needs, 0);
    CU_ASSERT_TRUE(busy->exclusive);
    CU_ASSERT_STRING_EQUAL(busy->apartment, "sta");
    CU_ASSERT_PTR_NULL(ready->apartment);
    CU_ASSERT_EQUAL(busy->finally_count, 1);
    CU_ASSERT_EQUAL_FATAL(ready->step_count, 5);
    CU_ASSERT_EQUAL(ready->steps[0].need_count, 1);
    CU_ASSERT_EQUAL(ready->steps[0].need[0], 0);
    CU_ASSERT_EQUAL_FATAL(ready->steps[1].need_count, 2);
    CU_ASSERT_EQUAL(ready->steps[1].need[1], 1);
    CU_ASSERT_EQUAL(ready->steps[3].op, STEP_AWAIT);
    CU_ASSERT_EQUAL(ready->steps[3].need[0], 0x0004230Au);
    CU_ASSERT_EQUAL(ready->steps[4].need_count, 0);
    /* one of the folder builds on one of the file */
    const struct preamble *second = tbl_preamble(tables, "second");
    CU_ASSERT_PTR_NOT_NULL_FATAL(second);
    CU_ASSERT_PTR_EQUAL(second->after, tbl_preamble(tables, "new"));
}

static void test_written_case(void)
{
    const struct test_case *test = tbl_case(tables, "demo/init/twice");
    CU_ASSERT_PTR_NOT_NULL_FATAL(test);
    CU_ASSERT_STRING_EQUAL(test->suite, "demo");
    CU_ASSERT_EQUAL(test->requirements.count, 2);
    CU_ASSERT_EQUAL(test->level, LEVEL_MUST);
    CU_ASSERT_EQUAL(test->needs, CAN(WRITERS));
    CU_ASSERT_STRING_EQUAL(test->when.text, "windows>=6.0 and client");
    CU_ASSERT_STRING_EQUAL(test->apartment, "sta");
    CU_ASSERT_TRUE(test->fresh);
    CU_ASSERT_TRUE(test->exclusive);
    CU_ASSERT_EQUAL(test->deadline_ms, 1000);
    CU_ASSERT_PTR_NULL(test->matrix);
    CU_ASSERT_EQUAL(test->finally_count, 1);
    CU_ASSERT_EQUAL_FATAL(test->step_count, 9);
    const struct step *init = &test->steps[0];
    CU_ASSERT_EQUAL(init->op, STEP_CALL);
    CU_ASSERT_STRING_EQUAL(init->object, "thing");
    CU_ASSERT_PTR_EQUAL(init->method, tbl_method(tables, "IThing", "Init"));
    CU_ASSERT_EQUAL(init->need_count, 0);
    CU_ASSERT_STRING_EQUAL(test->steps[1].label, "set");
    CU_ASSERT_TRUE(test->steps[7].keep);
    CU_ASSERT_PTR_NOT_NULL(test->steps[6].method);
}

static void test_expectations(void)
{
    const struct test_case *test = tbl_case(tables, "demo/init/twice");
    const struct expect *first = test->steps[0].expect, *second = test->steps[1].expect;
    const struct expect *third = test->steps[2].expect;
    CU_ASSERT_PTR_NOT_NULL_FATAL(first);
    CU_ASSERT_PTR_NOT_NULL_FATAL(third);
    CU_ASSERT_EQUAL_FATAL(first->alt_count, 2);
    CU_ASSERT_STRING_EQUAL(first->alts[0].when.text, "windows<6.1");
    CU_ASSERT_EQUAL_FATAL(first->alts[0].code_count, 2);
    CU_ASSERT_EQUAL(first->alts[0].codes[0].what, EXPECT_CODE);
    CU_ASSERT_EQUAL(first->alts[0].codes[0].code, 0x8000FFFFu);
    CU_ASSERT_EQUAL(first->alts[0].codes[1].what, EXPECT_FAILURE);
    CU_ASSERT_PTR_NULL(first->alts[1].when.text);
    CU_ASSERT_EQUAL(first->basis, BASIS_OBSERVED);
    CU_ASSERT_STRING_EQUAL(first->evidence.items[0], "FE001");
    CU_ASSERT_STRING_EQUAL(first->requirement, "IThing.Init#twice");
    CU_ASSERT_FALSE(first->has_level);
    CU_ASSERT_EQUAL(second->alts[0].codes[0].what, EXPECT_SUCCESS);
    CU_ASSERT_TRUE(second->has_level);
    CU_ASSERT_EQUAL(second->level, LEVEL_MAY);
    CU_ASSERT_EQUAL_FATAL(third->out_count, 6);
    CU_ASSERT_EQUAL(third->outs[0].what, OUT_STRING);
    CU_ASSERT_EQUAL(third->outs[1].what, OUT_NUMBER);
    CU_ASSERT_EQUAL(third->outs[1].number, 2);
    CU_ASSERT_EQUAL(third->outs[2].what, OUT_BOOL);
    CU_ASSERT_EQUAL(third->outs[3].what, OUT_OBJECT);
    CU_ASSERT_EQUAL(third->outs[4].what, OUT_WRITTEN);
    CU_ASSERT_EQUAL(third->outs[5].number, 3);
    CU_ASSERT_STRING_EQUAL(third->question, "q-again");
    const struct expect *count = test->steps[4].expect;
    CU_ASSERT_TRUE(count->has_count);
    CU_ASSERT_EQUAL(count->alt_count, 0);
}

static void test_fields(void)
{
    const struct test_case *test = tbl_case(tables, "demo/fields");
    CU_ASSERT_PTR_NOT_NULL_FATAL(test);
    const struct expect *get = test->steps[0].expect, *next = test->steps[1].expect;
    CU_ASSERT_EQUAL_FATAL(get->out_count, 5);
    CU_ASSERT_STRING_EQUAL(get->outs[0].param, "pProp");
    CU_ASSERT_STRING_EQUAL(get->outs[0].field, "id");
    CU_ASSERT_EQUAL(get->outs[0].what, OUT_VARIABLE);
    CU_ASSERT_STRING_EQUAL(get->outs[0].string, "id");
    CU_ASSERT_EQUAL(get->outs[1].what, OUT_NULL);
    CU_ASSERT_TRUE(get->outs[1].or_next);
    CU_ASSERT_STRING_EQUAL(get->outs[2].field, "name");
    CU_ASSERT_EQUAL(get->outs[2].what, OUT_STRING);
    CU_ASSERT_STRING_EQUAL(get->outs[2].string, "$x");
    CU_ASSERT_FALSE(get->outs[2].or_next);
    CU_ASSERT_EQUAL(get->outs[3].what, OUT_BITS);
    CU_ASSERT_EQUAL(get->outs[3].number, 1);
    CU_ASSERT_EQUAL(get->outs[3].lacks, 6);
    CU_ASSERT_PTR_NULL(get->outs[4].field);
    CU_ASSERT_EQUAL(get->outs[4].lacks, 8);
    CU_ASSERT_EQUAL_FATAL(next->out_count, 3);
    CU_ASSERT_EQUAL(next->outs[0].element, 1);
    CU_ASSERT_EQUAL(next->outs[1].number, 2);
    CU_ASSERT_EQUAL(next->outs[2].what, OUT_UNTOUCHED);
}

static void test_other_steps(void)
{
    const struct test_case *test = tbl_case(tables, "demo/start/null");
    CU_ASSERT_PTR_NOT_NULL_FATAL(test);
    CU_ASSERT_EQUAL_FATAL(test->step_count, 10);
    CU_ASSERT_STRING_EQUAL(test->apartment, "mta");
    CU_ASSERT_EQUAL(test->deadline_ms, 20000);
    CU_ASSERT_EQUAL(test->level, LEVEL_SHOULD);
    CU_ASSERT_STRING_EQUAL(test->steps[0].object, "t1");
    CU_ASSERT_STRING_EQUAL(test->steps[0].apartment, "mta");
    CU_ASSERT_STRING_EQUAL(test->steps[0].steps[0].as, "other");
    CU_ASSERT_EQUAL(test->steps[1].deadline_ms, 100);
    CU_ASSERT_STRING_EQUAL(test->steps[2].iface, "IThingEx");
    CU_ASSERT_STRING_EQUAL(test->steps[2].method->name, "QueryInterface");
    CU_ASSERT_EQUAL(test->steps[5].times, 3);
    CU_ASSERT_EQUAL_FATAL(test->steps[5].step_count, 4);
    CU_ASSERT_TRUE(test->steps[5].steps[1].by_wait);
    CU_ASSERT_STRING_EQUAL(test->steps[5].steps[2].method->name, "Cancel");
    CU_ASSERT_TRUE(test->steps[6].different);
    CU_ASSERT_STRING_EQUAL(test->steps[6].b, "other");
    /* The interface of a variable is known by the id that was asked for, in any case of letters. */
    CU_ASSERT_PTR_EQUAL(test->steps[8].method, tbl_method(tables, "IThingEx", "Join"));
    CU_ASSERT_EQUAL(test->steps[7].expect->outs[0].what, OUT_NULL);
    const struct test_case *identity = tbl_case(tables, "demo/identity");
    CU_ASSERT_PTR_NOT_NULL_FATAL(identity);
    CU_ASSERT_EQUAL(identity->steps[1].op, STEP_IDENTITY);
    CU_ASSERT_STRING_EQUAL(identity->steps[1].object, "thing");
    CU_ASSERT_STRING_EQUAL(identity->steps[1].iface, "IThing");
    CU_ASSERT_TRUE(identity->steps[2].leaks);
    CU_ASSERT_FALSE(test->steps[5].leaks);
    CU_ASSERT_STRING_EQUAL(identity->steps[3].expect->page, "com/rules");
    const struct test_case *exports = tbl_case(tables, "demo/exports");
    CU_ASSERT_PTR_NOT_NULL_FATAL(exports);
    CU_ASSERT_EQUAL(exports->steps[0].op, STEP_EXPORT);
    CU_ASSERT_EQUAL(exports->steps[0].is, EXPORT_PRESENT);
    CU_ASSERT_STRING_EQUAL(exports->steps[0].name[ARCH_I686], "CreateThing");
    CU_ASSERT_PTR_NULL(exports->steps[0].other[ARCH_X86_64]);
    CU_ASSERT_EQUAL(exports->steps[1].is, EXPORT_SAME);
    CU_ASSERT_STRING_EQUAL(exports->steps[1].name[ARCH_X86_64], "?f@@YAJXZ");
    CU_ASSERT_STRING_EQUAL(exports->steps[1].name[ARCH_I686], "?f@@YGJXZ");
    CU_ASSERT_STRING_EQUAL(exports->steps[1].other[ARCH_I686], "f");
    CU_ASSERT_EQUAL(exports->steps[2].is, EXPORT_ABSENT);
    const struct test_case *again = tbl_case(tables, "demo/again");
    CU_ASSERT_PTR_EQUAL(again->question, tbl_question(tables, "q-again"));
    CU_ASSERT_EQUAL(again->level, LEVEL_MAY);
    CU_ASSERT_TRUE(again->exclusive);
    CU_ASSERT_STRING_EQUAL(again->apartment, "sta");
}

static void test_matrix(void)
{
    const struct test_case *cell = tbl_case(tables, "demo/order/init/ready");
    const struct test_case *question = tbl_case(tables, "demo/order/start/busy");
    const struct test_case *one = tbl_case(tables, "demo/one/ready");
    CU_ASSERT_PTR_NOT_NULL_FATAL(cell);
    CU_ASSERT_PTR_NOT_NULL_FATAL(question);
    CU_ASSERT_PTR_NOT_NULL_FATAL(one);
    CU_ASSERT_EQUAL(tables->case_count, 13);
    CU_ASSERT_STRING_EQUAL(cell->title, "init in state: initialized");
    CU_ASSERT_STRING_EQUAL(cell->matrix, "order");
    CU_ASSERT_EQUAL_FATAL(cell->tags.count, 2);
    CU_ASSERT_STRING_EQUAL(cell->tags.items[1], "init");
    CU_ASSERT_STRING_EQUAL(cell->when.text, "client and windows>=6.0");
    CU_ASSERT_PTR_NOT_NULL_FATAL(cell->steps[0].expect);
    CU_ASSERT_STRING_EQUAL(cell->steps[0].expect->page, "nf-thing-ithing-init");
    CU_ASSERT_PTR_NOT_NULL(question->question);
    CU_ASSERT_PTR_NULL(question->steps[0].expect);
    CU_ASSERT_STRING_EQUAL(question->when.text, "client");
    CU_ASSERT_STRING_EQUAL(one->requirements.items[0], "IThing.Start#null");
    CU_ASSERT_EQUAL_FATAL(one->step_count, 3);
    CU_ASSERT_PTR_NOT_NULL(one->steps[0].expect);
    CU_ASSERT_STRING_EQUAL(one->steps[1].method->name, "Count");
    CU_ASSERT_PTR_NULL(one->steps[2].expect);
    CU_ASSERT_EQUAL(cell->step_count, 1);
    CU_ASSERT_PTR_NULL(tbl_case(tables, "demo/order/start/new"));
    CU_ASSERT_EQUAL(tables->suite_count, 1);
    for (size_t i = 1; i < tables->case_count; i++) {
        CU_ASSERT_TRUE(strcmp(tables->cases[i - 1].id, tables->cases[i].id) < 0);
    }
}

/* The tables of the suite itself. */
static void test_real(void)
{
    struct tables *real = load("cases");
    CU_ASSERT_PTR_NOT_NULL_FATAL(real);
    CU_ASSERT_TRUE(real->case_count > 0);
    tbl_free(real);
}

static CU_TestInfo tests[] = {
    {"interfaces", test_interfaces},
    {"a second base", test_second_base},
    {"functions", test_functions},
    {"enumerations and structures", test_types},
    {"states, evidence, questions, requirements", test_facts},
    {"preambles", test_preambles},
    {"a case", test_written_case},
    {"expectations", test_expectations},
    {"the other steps", test_other_steps},
    {"fields of structures", test_fields},
    {"a matrix", test_matrix},
    {"the suite's own tables", test_real},
    CU_TEST_INFO_NULL,
};

int main(void)
{
    tables = load("tests/data/tables/valid");
    if (!tables) {
        return EXIT_FAILURE;
    }
    int status = cu_run("model tables", tests);
    tbl_free(tables);
    return status;
}
