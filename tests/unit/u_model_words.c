/* HRESULTs, conditions, addresses of pages, names. */
#include "../../runner/model/hresult.h"
#include "../../runner/model/tables.h"
#include "cu_run.h"

#include <string.h>

static const struct {
    const char *name;
    uint32_t code;
} all[] = {
#define X(name, code) {#name, code},
#include "../../runner/model/hresults.def"
#undef X
};

/* Every name leads to its code, and every code back to the first of its names. */
static void test_round_trip(void)
{
    char buf[96], want[96];
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        uint32_t code = 0xDEAD;
        size_t first = 0;
        while (all[first].code != all[i].code) {
            first++;
        }
        CU_ASSERT_TRUE(hr_by_name(all[i].name, &code));
        CU_ASSERT_EQUAL(code, all[i].code);
        CU_ASSERT_PTR_NOT_NULL_FATAL(hr_name(code));
        CU_ASSERT_STRING_EQUAL(hr_name(code), all[first].name);
        snprintf(want, sizeof want, "%s (0x%08X)", all[first].name, (unsigned)code);
        CU_ASSERT_TRUE(strlen(want) + 1 < sizeof want);
        CU_ASSERT_STRING_EQUAL(hr_text(code, buf, sizeof buf), want);
        for (size_t k = 0; k < i; k++) {
            CU_ASSERT_STRING_NOT_EQUAL(all[k].name, all[i].name);
        }
    }
}

/* Values that this suite must not have wrong, as the documentation prints them. */
static void test_known(void)
{
    uint32_t code;
    CU_ASSERT_TRUE(hr_by_name("VSS_E_BAD_STATE", &code));
    CU_ASSERT_EQUAL(code, 0x80042301u);
    CU_ASSERT_TRUE(hr_by_name("VSS_S_ASYNC_FINISHED", &code));
    CU_ASSERT_EQUAL(code, 0x0004230Au);
    CU_ASSERT_TRUE(hr_by_name("VSS_E_WRITERERROR_RETRYABLE", &code));
    CU_ASSERT_EQUAL(code, 0x800423F3u);
    CU_ASSERT_TRUE(hr_by_name("E_UNEXPECTED", &code));
    CU_ASSERT_EQUAL(code, 0x8000FFFFu);
    CU_ASSERT_TRUE(hr_by_name("E_INVALIDARG", &code));
    CU_ASSERT_EQUAL(code, 0x80070057u);
    CU_ASSERT_TRUE(hr_by_name("RPC_E_TOO_LATE", &code));
    CU_ASSERT_EQUAL(code, 0x80010119u);
    CU_ASSERT_FALSE(hr_by_name("VSS_E_NONE_SUCH", &code));
    CU_ASSERT_PTR_NULL(hr_name(0x8004FFFFu));
    CU_ASSERT_STRING_EQUAL(hr_nearest("VSS_E_BADSTATE"), "VSS_E_BAD_STATE");
}

static void test_parse(void)
{
    static const char *const wrong[] = {"",  "0x",   "0x123456789", "0x12G4", "0X1",
                                        "1", "s_ok", "0x1 ",        " S_OK"};
    uint32_t code = 7;
    char buf[64];
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        CU_ASSERT_FALSE(hr_parse(wrong[i], &code));
        CU_ASSERT_EQUAL(code, 7);
    }
    CU_ASSERT_TRUE(hr_parse("0x8004ffff", &code));
    CU_ASSERT_EQUAL(code, 0x8004FFFFu);
    CU_ASSERT_STRING_EQUAL(hr_text(code, buf, sizeof buf), "0x8004FFFF");
    CU_ASSERT_TRUE(hr_parse("0xA", &code));
    CU_ASSERT_EQUAL(code, 10);
    CU_ASSERT_TRUE(hr_parse("S_FALSE", &code));
    CU_ASSERT_EQUAL(code, 1);
}

static const struct {
    const char *text;
    bool xp, seven, server2022; /* 5.1 client i686; 6.1.7601 client x86_64; 10.0.20348 server */
} conditions[] = {
    {"windows<6.1", true, false, false},
    {"windows<=6.1", true, false, false},
    {"windows<=6.1.7601", true, true, false},
    {"windows>=6.1", false, true, true},
    {"windows>6.1", false, true, true},
    {"windows>6.1.7601", false, false, true},
    {"windows=5.1", true, false, false},
    {"windows=5.1.0", true, false, false},
    {"windows=6.1", false, false, false},
    {"windows>=10.0.20348", false, false, true},
    {"windows>=10", false, false, true},
    {"client", true, true, false},
    {"server", false, false, true},
    {"arch=i686", true, false, false},
    {"arch=x86_64", false, true, true},
    {"windows>=6.0 and client", false, true, false},
    {"windows>=6.0 and windows<10.0 and arch=x86_64", false, true, false},
};

static void test_conditions(void)
{
    const struct claims xp = {{5, 1, 0}, false, ARCH_I686};
    const struct claims seven = {{6, 1, 7601}, false, ARCH_X86_64};
    const struct claims server = {{10, 0, 20348}, true, ARCH_X86_64};
    const struct condition always = {NULL};
    CU_ASSERT_TRUE(cond_holds(&always, &xp));
    for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++) {
        const struct condition condition = {conditions[i].text};
        CU_ASSERT_TRUE(cond_valid(conditions[i].text));
        if (cond_holds(&condition, &xp) != conditions[i].xp ||
            cond_holds(&condition, &seven) != conditions[i].seven ||
            cond_holds(&condition, &server) != conditions[i].server2022) {
            printf("\n%s", conditions[i].text);
            CU_FAIL("another answer");
        }
    }
}

static void test_bad_conditions(void)
{
    static const char *const wrong[] = {"",
                                        "windows",
                                        "windows6.1",
                                        "windows<",
                                        "windows< 6.1",
                                        "windows<6.1.",
                                        "windows<6..1",
                                        "windows<6.1.2.3",
                                        "windows==6.1",
                                        "windows!6.1",
                                        "windows<1234567",
                                        "client and",
                                        "client and ",
                                        " and client",
                                        "client  and server",
                                        "client or server",
                                        "arch=arm64",
                                        "arch",
                                        "Client"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        if (cond_valid(wrong[i])) {
            printf("\n%s", wrong[i]);
            CU_FAIL("a condition?");
        }
    }
}

#define ROOT "https://learn.microsoft.com/en-us/windows/win32/"

static void test_pages(void)
{
    static const char *const rows[][2] = {
        {"nf-vsbackup-ivssbackupcomponents-backupcomplete",
         ROOT "api/vsbackup/nf-vsbackup-ivssbackupcomponents-backupcomplete"},
        {"nn-vss-ivssasync", ROOT "api/vss/nn-vss-ivssasync"},
        {"nl-vswriter-cvsswriter", ROOT "api/vswriter/nl-vswriter-cvsswriter"},
        {"ne-vss-vss_backup_type", ROOT "api/vss/ne-vss-vss_backup_type"},
        {"ns-vss-vss_snapshot_prop", ROOT "api/vss/ns-vss-vss_snapshot_prop"},
        {"overview-of-pre-backup-tasks", ROOT "vss/overview-of-pre-backup-tasks"},
        {"na-x", ROOT "vss/na-x"},
        {"n", ROOT "vss/n"},
        {"com/iunknown-release", ROOT "com/iunknown-release"},
    };
    char buf[200], small[10];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CU_ASSERT_STRING_EQUAL(page_url(rows[i][0], buf, sizeof buf), rows[i][1]);
    }
    CU_ASSERT_STRING_EQUAL(page_url("x", small, sizeof small), "https://l");
}

static void test_names(void)
{
    CU_ASSERT_STRING_EQUAL(level_name(LEVEL_SHOULD), "should");
    CU_ASSERT_STRING_EQUAL(basis_name(BASIS_OBSERVED), "observed");
    CU_ASSERT_STRING_EQUAL(kind_name(KIND_GUID_ARRAY), "guid_array");
    CU_ASSERT_STRING_EQUAL(kind_name(KIND_PTR), "ptr");
    CU_ASSERT_STRING_EQUAL(arch_name(ARCH_I686), "i686");
    CU_ASSERT_STRING_EQUAL(capability_name(CAP_FAULT_HOOKS), "fault-hooks");
    CU_ASSERT_STRING_EQUAL(capability_name(CAP_COUNT), "?");
}

static CU_TestInfo tests[] = {
    {"every name has its code and back", test_round_trip},
    {"well known codes", test_known},
    {"codes are read", test_parse},
    {"conditions", test_conditions},
    {"what is no condition", test_bad_conditions},
    {"addresses of pages", test_pages},
    {"names", test_names},
    CU_TEST_INFO_NULL,
};

int main(void)
{
    return cu_run("model words", tests);
}
