/* Files that are written beside their name, and what must not be replaced. */
#include "../../runner/util/fs_path.h"
#include "../../runner/util/json_file.h"
#include "../../runner/util/out_file.h"
#include "cu_run.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
    char dir[600], file[700], other[700];
};

static void fixture_make(struct fixture *f)
{
    const char *tmp = getenv("TMPDIR");
    struct cts_error err = {0};
    snprintf(f->dir, sizeof f->dir, "%s/vsscts-u-util-out", tmp ? tmp : "/tmp");
    snprintf(f->file, sizeof f->file, "%s/file", f->dir);
    snprintf(f->other, sizeof f->other, "%s/other", f->dir);
    CU_ASSERT_EQUAL_FATAL(fs_mkdirs(f->dir, &err), CTS_OK);
    remove(f->file);
    remove(f->other);
}

/* How many files are there now; removes them. */
static size_t fixture_end(struct fixture *f)
{
    struct cts_error err = {0};
    struct fs_list list;
    CU_ASSERT_EQUAL_FATAL(fs_list(f->dir, &list, &err), CTS_OK);
    const size_t count = list.count;
    fs_list_free(&list);
    remove(f->file);
    remove(f->other);
    remove(f->dir);
    return count;
}

static void check_text(const char *path, const char *want)
{
    struct cts_error err = {0};
    char *text = file_read(path, NULL, 100, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    CU_ASSERT_STRING_EQUAL(text, want);
    free(text);
}

static void test_given_up(void)
{
    struct fixture f;
    struct out_file out;
    struct cts_error err = {0};
    fixture_make(&f);
    CU_ASSERT_EQUAL(file_write(f.file, "old", 3, &err), CTS_OK);
    CU_ASSERT_EQUAL_FATAL(out_open(&out, f.file), 0);
    CU_ASSERT_EQUAL(out_write(&out, "new", 3), 0);
    check_text(f.file, "old");
    CU_ASSERT_EQUAL(out_close(&out, false), 0);
    check_text(f.file, "old");
    CU_ASSERT_EQUAL(fixture_end(&f), 1);
}

/* A program that ends at once: what it has begun is taken away, what was there stays. */
static void test_abandoned(void)
{
    struct fixture f;
    struct out_file out, other;
    struct cts_error err = {0};
    fixture_make(&f);
    CU_ASSERT_EQUAL(file_write(f.file, "old", 3, &err), CTS_OK);
    CU_ASSERT_EQUAL_FATAL(out_open(&out, f.file), 0);
    CU_ASSERT_EQUAL_FATAL(out_open(&other, f.other), 0);
    CU_ASSERT_EQUAL(out_write(&out, "new", 3), 0);
    CU_ASSERT_EQUAL(out_close(&other, true), 0);
    out_abandon();
    check_text(f.file, "old");
    check_text(f.other, "");
    CU_ASSERT_NOT_EQUAL(out_close(&out, true), 0);
    CU_ASSERT_EQUAL(fixture_end(&f), 2);
}

/* A pipe stands for each device: replaced by a file, /dev/null would be lost to the machine. */
static void test_pipe(void)
{
    struct fixture f;
    struct cts_error err = {0};
    struct stat what;
    char got[8] = "";
    fixture_make(&f);
    CU_ASSERT_EQUAL_FATAL(mkfifo(f.file, 0600), 0);
    const int reader = open(f.file, O_RDONLY | O_NONBLOCK);
    CU_ASSERT_EQUAL(file_write(f.file, "text", 4, &err), CTS_OK);
    CU_ASSERT_EQUAL(read(reader, got, sizeof got), 4);
    CU_ASSERT_STRING_EQUAL(got, "text");
    CU_ASSERT_EQUAL(stat(f.file, &what), 0);
    CU_ASSERT_TRUE(S_ISFIFO(what.st_mode));
    close(reader);
    CU_ASSERT_EQUAL(fixture_end(&f), 1);
}

static void test_link(void)
{
    struct fixture f;
    struct cts_error err = {0};
    struct stat what;
    fixture_make(&f);
    CU_ASSERT_EQUAL(file_write(f.other, "old", 3, &err), CTS_OK);
    CU_ASSERT_EQUAL_FATAL(symlink("other", f.file), 0);
    CU_ASSERT_EQUAL(file_write(f.file, "new", 3, &err), CTS_OK);
    check_text(f.other, "new");
    CU_ASSERT_EQUAL(lstat(f.file, &what), 0);
    CU_ASSERT_TRUE(S_ISLNK(what.st_mode));
    CU_ASSERT_EQUAL(fixture_end(&f), 2);
}

/* The first failure is kept, and nothing of the file is. */
static void test_full(void)
{
    struct out_file out;
    CU_ASSERT_EQUAL_FATAL(out_open(&out, "/dev/full"), 0);
    CU_ASSERT_EQUAL(out_write(&out, "text", 4), UV_ENOSPC);
    CU_ASSERT_EQUAL(out_write(&out, "text", 4), UV_ENOSPC);
    CU_ASSERT_EQUAL(out_close(&out, true), UV_ENOSPC);
}

static CU_TestInfo tests[] = {
    {"the old file stays where the new one is given up", test_given_up},
    {"nothing is left of what is abandoned", test_abandoned},
    {"a pipe or a device is written to, not replaced", test_pipe},
    {"a link stays, and its file is replaced", test_link},
    {"a full disk", test_full},
    CU_TEST_INFO_NULL,
};

int main(void)
{
    return cu_run("util out", tests);
}
