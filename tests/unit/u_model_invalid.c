/* Tables that are wrong: every folder of tests/data/tables/invalid, laid over the valid tables,
 * gives exactly the errors of its file `error`. */
#include "../../runner/util/str_buf.h"
#include "u_model_fixture.h"

/* The errors, with paths relative to the tables, one a line. */
static char *error_lines(const struct cts_errors *errs, const char *copy)
{
    struct str_buf buf;
    char line[1700];
    size_t skip = strlen(copy) + 1;
    sb_init(&buf, 1000000);
    for (size_t i = 0; i < errs->count && i < CTS_ERRORS_MAX; i++) {
        err_format(&errs->list[i], line, sizeof line);
        sb_addf(&buf, "%s\n", strncmp(line, copy, skip - 1) == 0 ? line + skip : line);
    }
    return sb_take(&buf, NULL);
}

static void check_overlay(const char *name, struct cts_errors *errs)
{
    char valid[1024], overlay[1200], path[1300], copy[600];
    struct cts_error err;
    fixture_copy("invalid", copy, sizeof copy);
    fixture_data("valid", valid, sizeof valid);
    snprintf(path, sizeof path, "invalid/%s", name);
    fixture_data(path, overlay, sizeof overlay);
    snprintf(path, sizeof path, "%s/error", overlay);
    fixture_remove(copy);
    fixture_lay(valid, copy, "");
    fixture_lay(overlay, copy, "");
    char *want = file_read(path, NULL, 1000000, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(want);
    struct tables *tables = tbl_load(copy, errs);
    char *got = error_lines(errs, copy);
    CU_ASSERT_PTR_NOT_NULL_FATAL(got);
    CU_ASSERT_PTR_NULL(tables);
    CU_ASSERT_TRUE(errs->count > 0);
    if (strcmp(got, want) != 0) {
        printf("\n%s:\n%s", name, got);
        CU_FAIL("other errors");
    }
    tbl_free(tables);
    free(got);
    free(want);
    fixture_remove(copy);
}

static void test_overlays(void)
{
    char dir[1024];
    struct fs_list list;
    struct cts_error err;
    struct cts_errors *errs = calloc(1, sizeof *errs);
    CU_ASSERT_PTR_NOT_NULL_FATAL(errs);
    CU_ASSERT_EQUAL_FATAL(fs_list(fixture_data("invalid", dir, sizeof dir), &list, &err), CTS_OK);
    CU_ASSERT_TRUE(list.count > 100);
    for (size_t i = 0; i < list.count; i++) {
        check_overlay(list.items[i].name, errs);
    }
    fs_list_free(&list);
    free(errs);
}

/* The copy itself is right, or no error would mean anything. */
static void test_valid(void)
{
    char valid[1024], copy[600];
    struct cts_errors *errs = calloc(1, sizeof *errs);
    CU_ASSERT_PTR_NOT_NULL_FATAL(errs);
    fixture_copy("valid", copy, sizeof copy);
    fixture_lay(fixture_data("valid", valid, sizeof valid), copy, "");
    struct tables *tables = tbl_load(copy, errs);
    CU_ASSERT_PTR_NOT_NULL(tables);
    CU_ASSERT_EQUAL(errs->count, 0);
    tbl_free(tables);
    fixture_remove(copy);
    CU_ASSERT_PTR_NULL(tbl_load(copy, errs));
    CU_ASSERT_EQUAL(errs->count, 1);
    CU_ASSERT_EQUAL(fs_mkdirs(copy, NULL), CTS_OK);
    CU_ASSERT_PTR_NULL(tbl_load(copy, errs));
    CU_ASSERT_EQUAL(errs->count, 1);
    CU_ASSERT_STRING_EQUAL(errs->list[0].text, "the folder holds no tables");
    fixture_remove(copy);
    free(errs);
}

static CU_TestInfo tests[] = {
    {"the valid tables", test_valid},
    {"overlays", test_overlays},
    CU_TEST_INFO_NULL,
};

int main(void)
{
    return cu_run("model invalid", tests);
}
