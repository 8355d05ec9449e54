#include "../../runner/model/profile.h"
#include "../../runner/util/fs_path.h"
#include "../../runner/util/json_file.h"
#include "cu_run.h"

#include <string.h>

static char folder[600], path[700];

/* Writes the text as a profile and loads it. */
static struct profile *load(const char *text, enum arch arch, struct cts_error *err)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/vsscts-u-model-profile", tmp ? tmp : "/tmp");
    snprintf(path, sizeof path, "%s/p.json", folder);
    memset(err, 0, sizeof *err);
    CU_ASSERT_EQUAL_FATAL(fs_mkdirs(folder, err), CTS_OK);
    CU_ASSERT_EQUAL_FATAL(file_write(path, text, strlen(text), err), CTS_OK);
    struct profile *profile = profile_load(path, arch, err);
    remove(path);
    remove(folder);
    return profile;
}

static const char whole[] =
    "{\"format\": 1, \"kind\": \"profile\", \"name\": \"ref\", \"note\": \"x\",\n"
    " \"dll\": {\"x86_64\": \"../x86_64/ref.dll\", \"i686\": \"/abs/ref.dll\"},\n"
    " \"claims\": {\"windows\": \"10.0.20348\", \"edition\": \"server\"},\n"
    " \"can\": [\"snapshots\", \"fault-hooks\"], \"volumes\": [\"C:\\\\\", \"D:\\\\\"],\n"
    " \"values\": {\"free-drive\": \"V:\"},\n"
    " \"environment\": {\"A\": \"1\", \"B\": \"\", \"C\": {\"file\": \"../m/a.json\"}},\n"
    " \"apart\": \"SYSTEM\",\n"
    " \"expectations\": \"e.json\"}";

static void test_whole(void)
{
    struct cts_error err;
    char want[800];
    struct profile *p = load(whole, ARCH_X86_64, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(p);
    CU_ASSERT_STRING_EQUAL(p->name, "ref");
    char *above = fs_dirname(folder);
    CU_ASSERT_PTR_NOT_NULL_FATAL(above);
    snprintf(want, sizeof want, "%s/x86_64/ref.dll", above);
    CU_ASSERT_STRING_EQUAL(p->dll, want);
    snprintf(want, sizeof want, "%s/m/a.json", above);
    CU_ASSERT_EQUAL_FATAL(p->env_count, 3);
    CU_ASSERT_STRING_EQUAL(p->env[2].value, want);
    free(above);
    snprintf(want, sizeof want, "%s/e.json", folder);
    CU_ASSERT_STRING_EQUAL(p->expectations, want);
    CU_ASSERT_STRING_EQUAL(p->apart, "SYSTEM");
    CU_ASSERT_STRING_EQUAL(p->windows_text, "10.0.20348");
    CU_ASSERT_EQUAL(p->claims.windows[0], 10);
    CU_ASSERT_EQUAL(p->claims.windows[2], 20348);
    CU_ASSERT_TRUE(p->claims.server);
    CU_ASSERT_EQUAL(p->claims.arch, ARCH_X86_64);
    CU_ASSERT_EQUAL(p->can, 1u << CAP_SNAPSHOTS | 1u << CAP_FAULT_HOOKS);
    CU_ASSERT_EQUAL_FATAL(p->volumes.count, 2);
    CU_ASSERT_STRING_EQUAL(p->volumes.items[1], "D:\\");
    CU_ASSERT_STRING_EQUAL(p->env[0].name, "A");
    CU_ASSERT_STRING_EQUAL(p->env[1].value, "");
    CU_ASSERT_FALSE(p->env[1].file);
    CU_ASSERT_TRUE(p->env[2].file);
    CU_ASSERT_STRING_EQUAL(p->values[PROFILE_FREE_DRIVE], "V:");
    CU_ASSERT_PTR_NULL(p->values[PROFILE_FREE_FOLDER]);
    CU_ASSERT_EQUAL_FATAL(p->factory.count, 2);
    CU_ASSERT_STRING_EQUAL(p->factory.items[0], "CreateVssBackupComponentsInternal");
    CU_ASSERT_STRING_EQUAL(p->factory.items[1],
                           "?CreateVssBackupComponents@@YAJPEAPEAVIVssBackupComponents@@@Z");
    profile_free(p);
}

static void test_other_arch(void)
{
    struct cts_error err;
    struct profile *p = load(whole, ARCH_I686, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(p);
    CU_ASSERT_STRING_EQUAL(p->dll, "/abs/ref.dll");
    CU_ASSERT_EQUAL(p->claims.arch, ARCH_I686);
    CU_ASSERT_EQUAL_FATAL(p->factory.count, 3);
    CU_ASSERT_STRING_EQUAL(p->factory.items[1], "_CreateVssBackupComponentsInternal@4");
    CU_ASSERT_STRING_EQUAL(p->factory.items[2],
                           "?CreateVssBackupComponents@@YGJPAPAVIVssBackupComponents@@@Z");
    profile_free(p);
}

#define HEAD "{\"format\": 1, \"kind\": \"profile\", \"name\": \"x\",\n"
#define CLAIMS " \"claims\": {\"windows\": \"6.1\"}"

static void test_small(void)
{
    struct cts_error err;
    struct profile *p =
        load(HEAD " \"dll\": \"@system\", \"factory\": [\"Make\"]," CLAIMS "}", ARCH_I686, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(p);
    CU_ASSERT_STRING_EQUAL(p->dll, "@system");
    CU_ASSERT_FALSE(p->claims.server);
    CU_ASSERT_EQUAL(p->can, 0);
    CU_ASSERT_EQUAL(p->volumes.count, 0);
    CU_ASSERT_EQUAL(p->env_count, 0);
    CU_ASSERT_PTR_NULL(p->expectations);
    CU_ASSERT_EQUAL_FATAL(p->factory.count, 1);
    CU_ASSERT_STRING_EQUAL(p->factory.items[0], "Make");
    profile_free(p);
    p = load(HEAD " \"dll\": \"x.dll\", \"factory\": {\"i686\": \"_Make@4\"}," CLAIMS "}",
             ARCH_I686, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(p);
    CU_ASSERT_STRING_EQUAL(p->factory.items[0], "_Make@4");
    profile_free(p);
}

static const struct {
    const char *text;
    int line, column;
    const char *message;
} bad[] = {
    {"[]", 1, 1, "must be an object"},
    {HEAD " \"dll\": \"x\"}", 1, 1, "missing key \"claims\""},
    {HEAD CLAIMS "}", 1, 1, "missing key \"dll\""},
    {HEAD " \"dll\": {\"i686\": \"x\"}," CLAIMS "}", 2, 9, "there is no DLL for x86_64"},
    {HEAD " \"dll\": {}," CLAIMS "}", 2, 9, "missing key \"x86_64\""},
    {HEAD " \"dll\": \"x\", \"claims\": {\"windows\": \"seven\"}}", 2, 36,
     "\"seven\" is no version of Windows (6.1, 10.0.19045)"},
    {HEAD " \"dll\": \"x\", \"claims\": {\"windows\": \"6\", \"edition\": \"home\"}}", 2, 52,
     "\"edition\" must be \"client\" or \"server\""},
    {HEAD " \"dll\": \"x\", \"can\": [\"snapshot\"]," CLAIMS "}", 2, 21,
     "unknown capability \"snapshot\"; did you mean \"snapshots\"?"},
    {HEAD " \"dll\": \"x\", \"can\": [\"fixture-writer\"]," CLAIMS "}", 2, 21,
     "\"fixture-writer\" is what the runner can, not an implementation"},
    {HEAD " \"dll\": \"x\", \"environment\": {\"A=B\": \"1\"}," CLAIMS "}", 2, 30,
     "\"A=B\" cannot name a variable of the environment"},
    {HEAD " \"dll\": \"x\", \"environment\": {\"A\": 1}," CLAIMS "}", 2, 35,
     "\"A\" must be a string, or an object with a \"file\""},
    {HEAD " \"dll\": \"x\", \"environment\": {\"A\": {\"file\": 1}}," CLAIMS "}", 2, 44,
     "\"file\" must be a string that is not empty"},
    {HEAD " \"dll\": \"x\", \"values\": {\"free-driv\": \"V:\"}," CLAIMS "}", 2, 38,
     "unknown value of a profile \"free-driv\"; did you mean \"free-drive\"?"},
    {HEAD " \"dll\": \"x\", \"values\": {\"free-drive\": \"\"}," CLAIMS "}", 2, 39,
     "\"free-drive\" must be a string that is not empty"},
    {HEAD " \"dll\": \"x\", \"values\": []," CLAIMS "}", 2, 24, "\"values\" must be an object"},
    {HEAD " \"dll\": \"x\", \"apart\": \"A=B\"," CLAIMS "}", 2, 23,
     "\"A=B\" cannot name a variable of the environment"},
    {HEAD " \"dll\": \"x\", \"environment\": {\"A\": \"1\"}, \"apart\": \"A\"," CLAIMS "}", 2, 50,
     "\"A\" has its value from \"environment\" already"},
    {HEAD " \"dll\": \"x\", \"volume\": []," CLAIMS "}", 2, 14,
     "unknown key \"volume\"; did you mean \"volumes\"?"},
    {HEAD " \"dll\": \"x\", \"factory\": []," CLAIMS "}", 2, 25, "\"factory\" names no export"},
    {HEAD " \"dll\": \"x\", \"dll\": \"y\"," CLAIMS "}", 2, 14,
     "duplicate object key near '\"dll\"'"},
};

static void test_bad(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct cts_error err;
        struct profile *p = load(bad[i].text, ARCH_X86_64, &err);
        CU_ASSERT_PTR_NULL(p);
        CU_ASSERT_EQUAL(err.status, CTS_BAD_FILE);
        CU_ASSERT_STRING_EQUAL(err.path, path);
        if (err.line != bad[i].line || err.column != bad[i].column ||
            strcmp(err.text, bad[i].message) != 0) {
            printf("\n%s\n%d:%d: %s", bad[i].text, err.line, err.column, err.text);
            CU_FAIL("another error");
        }
        profile_free(p);
    }
    struct cts_error err;
    CU_ASSERT_PTR_NULL(profile_load("no/such/profile.json", ARCH_X86_64, &err));
    CU_ASSERT_EQUAL(err.status, CTS_BAD_FILE);
}

static void test_bare(void)
{
    struct cts_error err;
    struct profile *p = profile_for_dll("some/where/vssapi.dll", ARCH_I686, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(p);
    CU_ASSERT_STRING_EQUAL(p->name, "vssapi.dll");
    CU_ASSERT_STRING_EQUAL(p->dll, "some/where/vssapi.dll");
    CU_ASSERT_EQUAL(p->claims.windows[0], 10);
    CU_ASSERT_EQUAL(p->claims.arch, ARCH_I686);
    CU_ASSERT_FALSE(p->claims.server);
    CU_ASSERT_STRING_EQUAL(p->windows_text, "10.0");
    CU_ASSERT_EQUAL(p->can, 0);
    CU_ASSERT_EQUAL(p->factory.count, 3);
    profile_free(p);
    profile_free(NULL);
}

static CU_TestInfo tests[] = {
    {"a whole profile", test_whole}, {"the same for the other architecture", test_other_arch},
    {"small profiles", test_small},  {"bad profiles", test_bad},
    {"a bare DLL", test_bare},       CU_TEST_INFO_NULL,
};

int main(void)
{
    return cu_run("model profile", tests);
}
