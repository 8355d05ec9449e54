/* The nearest name, and the architecture in a PE header. */
#include "../../runner/cli/pe_arch.h"
#include "../../runner/util/nearest.h"
#include "cu_run.h"
#include <string.h>

static void test_distance(void)
{
    CU_ASSERT_EQUAL(nearest_distance("", ""), 0);
    CU_ASSERT_EQUAL(nearest_distance("abc", "abc"), 0);
    CU_ASSERT_EQUAL(nearest_distance("", "abc"), 3);
    CU_ASSERT_EQUAL(nearest_distance("abc", ""), 3);
    CU_ASSERT_EQUAL(nearest_distance("abc", "abd"), 1);
    CU_ASSERT_EQUAL(nearest_distance("abc", "acb"), 1);
    CU_ASSERT_EQUAL(nearest_distance("abc", "xabc"), 1);
    CU_ASSERT_EQUAL(nearest_distance("kitten", "sitting"), 3);
}

static const char *nearest(const char *word, const char *const *names)
{
    struct nearest search;
    nearest_init(&search, word);
    for (; *names != NULL; names++) {
        nearest_offer(&search, *names);
    }
    return search.best;
}

static void test_choice(void)
{
    static const char *const names[] = {"run", "report", "list", "explain", "requirement", NULL};
    CU_ASSERT_STRING_EQUAL(nearest("rum", names), "run");
    CU_ASSERT_STRING_EQUAL(nearest("lits", names), "list");
    CU_ASSERT_STRING_EQUAL(nearest("requirment", names), "requirement");
    CU_ASSERT_STRING_EQUAL(nearest("exp", names), "explain"); /* unfinished */
    CU_ASSERT_PTR_NULL(nearest("zzz", names));
    CU_ASSERT_PTR_NULL(nearest("z", names));
    CU_ASSERT_PTR_NULL(nearest("", names));
}

static void test_long(void)
{
    char word[400];
    static const char *const names[] = {"a", NULL};
    memset(word, 'a', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    CU_ASSERT_PTR_NULL(nearest(word, names));
    CU_ASSERT_EQUAL(nearest_distance(word, ""), 255); /* what is looked at */
}

/* A DOS header whose field at 0x3C points at a PE header with this machine. */
static void make_pe(unsigned char *data, size_t header, unsigned machine)
{
    memset(data, 0, 256);
    memcpy(data, "MZ", 2);
    data[0x3C] = (unsigned char)header;
    memcpy(data + header, "PE\0\0", 4);
    data[header + 4] = (unsigned char)(machine & 0xFF);
    data[header + 5] = (unsigned char)(machine >> 8);
}

static void test_pe(void)
{
    unsigned char data[256];
    enum arch arch = ARCH_I686;
    struct cts_error err = {0};

    make_pe(data, 0x80, 0x8664);
    CU_ASSERT_EQUAL(pe_arch_of(data, sizeof data, &arch, &err), CTS_OK);
    CU_ASSERT_EQUAL(arch, ARCH_X86_64);
    make_pe(data, 250, 0x014C); /* ends with the data */
    CU_ASSERT_EQUAL(pe_arch_of(data, sizeof data, &arch, &err), CTS_OK);
    CU_ASSERT_EQUAL(arch, ARCH_I686);
    CU_ASSERT_EQUAL(pe_arch_of(data, 255, &arch, &err), CTS_IUT);
    make_pe(data, 0x80, 0xAA64);
    CU_ASSERT_EQUAL(pe_arch_of(data, sizeof data, &arch, &err), CTS_IUT);
    CU_ASSERT_STRING_EQUAL(err.text, "is for machine 0xAA64, neither x86_64 nor i686");
}

static void test_no_pe(void)
{
    unsigned char data[256] = {0};
    enum arch arch = ARCH_I686;
    struct cts_error err = {0};

    CU_ASSERT_EQUAL(pe_arch_of(data, 0, &arch, &err), CTS_IUT);
    make_pe(data, 0x80, 0x8664);
    data[0] = 'X';
    CU_ASSERT_EQUAL(pe_arch_of(data, sizeof data, &arch, &err), CTS_IUT);
    make_pe(data, 0x80, 0x8664);
    data[0x3F] = 0xFF; /* far behind the end */
    CU_ASSERT_EQUAL(pe_arch_of(data, sizeof data, &arch, &err), CTS_IUT);
    CU_ASSERT_STRING_EQUAL(err.text, "is no PE file");
    CU_ASSERT_EQUAL(pe_arch("/nowhere/at all", &arch, &err), CTS_IUT);
    CU_ASSERT_STRING_EQUAL(err.path, "/nowhere/at all");
}

static CU_TestInfo tests[] = {
    {"distance", test_distance}, {"choice", test_choice},    {"long words", test_long},
    {"PE header", test_pe},      {"no PE file", test_no_pe}, CU_TEST_INFO_NULL,
};

int main(void)
{
    return cu_run("cli nearest", tests);
}
