#include "../../runner/util/fs_path.h"
#include "cu_run.h"

#include <string.h>

static void check(char *got, const char *want)
{
    CU_ASSERT_PTR_NOT_NULL_FATAL(got);
    if (strcmp(got, want) != 0) {
        printf("\n'%s', not '%s'", got, want);
        CU_FAIL("another path");
    }
    free(got);
}

static void test_paths(void)
{
    check(fs_join("a", "b"), "a/b");
    check(fs_join("a/", "b"), "a/b");
    check(fs_join("", "b"), "b");
    check(fs_join("a", "/b"), "/b");
    check(fs_join("/", "b"), "/b");
    check(fs_dirname("a/b/c"), "a/b");
    check(fs_dirname("a//b"), "a");
    check(fs_dirname("a/b/"), "a");
    check(fs_dirname("a"), ".");
    check(fs_dirname(""), ".");
    check(fs_dirname("/a"), "/");
    check(fs_dirname("/"), "/");
    CU_ASSERT_STRING_EQUAL(fs_basename("a/b.c"), "b.c");
    CU_ASSERT_STRING_EQUAL(fs_basename("b.c"), "b.c");
    CU_ASSERT_STRING_EQUAL(fs_basename("a/"), "");
    CU_ASSERT_TRUE(fs_is_absolute("/a"));
    CU_ASSERT_FALSE(fs_is_absolute("a/b"));
    check(fs_absolute("/x"), "/x");
    char *here = fs_absolute("x");
    CU_ASSERT_PTR_NOT_NULL_FATAL(here);
    CU_ASSERT_TRUE(fs_is_absolute(here));
    CU_ASSERT_STRING_EQUAL(fs_basename(here), "x");
    free(here);
}

static void test_folders(void)
{
    static const char *const names[] = {"b", "a", "B", "c.json"};
    const char *tmp = getenv("TMPDIR");
    char dir[600], path[700];
    struct cts_error err = {0};
    struct fs_list list;
    snprintf(dir, sizeof dir, "%s/vsscts-u-util-fs", tmp ? tmp : "/tmp");
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s//%s/", dir, names[i]);
        CU_ASSERT_EQUAL(fs_mkdirs(path, &err), CTS_OK);
    }
    CU_ASSERT_EQUAL(fs_mkdirs(path, &err), CTS_OK);
    CU_ASSERT_TRUE(fs_is_dir(dir));
    CU_ASSERT_TRUE(fs_exists(dir));
    snprintf(path, sizeof path, "%s/a/file", dir);
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fclose(file);
    CU_ASSERT_FALSE(fs_is_dir(path));
    CU_ASSERT_TRUE(fs_exists(path));
    CU_ASSERT_EQUAL(fs_list(path, &list, &err), CTS_BAD_FILE);
    CU_ASSERT_EQUAL(list.count, 0);
    snprintf(path, sizeof path, "%s/a/file/x", dir);
    CU_ASSERT_EQUAL(fs_mkdirs(path, &err), CTS_IO);
    CU_ASSERT_FALSE(fs_exists(path));
    CU_ASSERT_EQUAL_FATAL(fs_list(dir, &list, &err), CTS_OK);
    CU_ASSERT_EQUAL_FATAL(list.count, 4);
    CU_ASSERT_STRING_EQUAL(list.items[0].name, "B");
    CU_ASSERT_STRING_EQUAL(list.items[1].name, "a");
    CU_ASSERT_STRING_EQUAL(list.items[3].name, "c.json");
    CU_ASSERT_TRUE(list.items[3].is_dir);
    fs_list_free(&list);
    snprintf(path, sizeof path, "%s/a", dir);
    CU_ASSERT_EQUAL_FATAL(fs_list(path, &list, &err), CTS_OK);
    CU_ASSERT_EQUAL_FATAL(list.count, 1);
    CU_ASSERT_FALSE(list.items[0].is_dir);
    fs_list_free(&list);
    snprintf(path, sizeof path, "%s/a/file", dir);
    remove(path);
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        remove(path);
    }
    CU_ASSERT_EQUAL(remove(dir), 0);
    CU_ASSERT_EQUAL(fs_list(dir, &list, &err), CTS_BAD_FILE);
}

static CU_TestInfo tests[] = {
    {"paths", test_paths},
    {"folders", test_folders},
    CU_TEST_INFO_NULL,
};

int main(void)
{
    return cu_run("util fs", tests);
}
