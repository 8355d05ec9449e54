/* The VSS part of the backup program burp (that of Bacula before), as it is published, against the
 * reference: copies of some drives, the paths of files in them, the end of the backup. */
#include "burp.h"
#undef Sleep

#include "burp/vss.h"
#include "requester_test.h"
#include <stdarg.h>

DWORD g_MajorVersion = 10, g_MinorVersion;
static path_convert converter;

void berrno_init(struct berrno *error)
{
    error->number = 0;
}

const char *berrno_bstrerror(struct berrno *, int)
{
    return "an error of Windows";
}

int logw(struct asfd *, struct cntr *, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    return 0;
}

int wchar_2_UTF8(char *to, const wchar_t *from, int size)
{
    return WideCharToMultiByte(CP_UTF8, 0, from, -1, to, size, NULL, NULL);
}

void SetVSSPathConvert(path_convert convert, path_convert_wide)
{
    converter = convert;
}

/* The volumes of fixtures/reference/machines/guest.json, in the place of those that Wine has. */
static BOOL WINAPI volume_path(LPCWSTR path, LPWSTR root, DWORD size)
{
    lstrcpynW(root, path, size < 4 ? (int)size : 4);
    return TRUE;
}

static BOOL WINAPI volume_name(LPCWSTR root, LPWSTR name, DWORD size)
{
    static const WCHAR *const names[] = {VOLUME_C, VOLUME_D, VOLUME_E};
    if (root[0] == L'\\') {
        lstrcpynW(name, root, (int)size);
        return TRUE;
    }
    if (root[0] < L'C' || root[0] > L'E') {
        return FALSE;
    }
    lstrcpynW(name, names[root[0] - L'C'], (int)size);
    return TRUE;
}

BOOL(WINAPI *p_GetVolumePathNameW)(LPCWSTR, LPWSTR, DWORD) = volume_path;
BOOL(WINAPI *p_GetVolumeNameForVolumeMountPointW)(LPCWSTR, LPWSTR, DWORD) = volume_name;

static decltype(&VssTestFail) hook_fail;
static decltype(&VssTestReset) hook_reset;
static HRESULT(WINAPI *can_unload)(void);

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* Three drives, of which one cannot be copied; files are read at other paths meanwhile. The program
 * has a class for each generation of Windows. */
template <class Client> static void back_up(void)
{
    char drives[] = "CDE";
    char path[512];
    Client client;
    EQUAL(client.InitializeForBackup(NULL, NULL), TRUE);
    EQUAL(client.CreateSnapshots(drives), TRUE);
    EQUAL(strcmp(drives, "CDe"), 0);
    EQUAL(client.IsInitialized(), TRUE);
    CU_ASSERT_PTR_NOT_NULL(converter);
    char copy_c[512], copy_d[512];
    EQUAL(client.GetShadowPath("C:\\folder\\file", copy_c, sizeof(copy_c)), TRUE);
    EQUAL(client.GetShadowPath("D:\\folder\\file", copy_d, sizeof(copy_d)), TRUE);
    EQUAL(client.GetShadowPath("E:\\folder\\file", path, sizeof(path)), FALSE);
    EQUAL(strcmp(path, "E:\\folder\\file"), 0);
    const char device[] = "\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy";
    CU_ASSERT_TRUE(starts_with(copy_c, device) && starts_with(copy_d, device));
    CU_ASSERT_TRUE(strstr(copy_c, "\\folder\\file") != NULL && strcmp(copy_c, copy_d) != 0);
    EQUAL(client.CloseBackup(), TRUE);
    CU_ASSERT_PTR_NULL(converter);
    EQUAL(client.IsInitialized(), FALSE);
}

static void test_backup(void)
{
    back_up<VSSClientVista>();
}

static void test_older(void)
{
    back_up<VSSClient2003>();
    back_up<VSSClientXP>();
}

/* One object of the program makes one backup after another. */
static void test_again(void)
{
    VSSClientVista client;
    for (int i = 0; i < 3; i++) {
        char drives[] = "CD";
        EQUAL(client.InitializeForBackup(NULL, NULL), TRUE);
        EQUAL(client.CreateSnapshots(drives), TRUE);
        EQUAL(strcmp(drives, "CD"), 0);
        EQUAL(client.CloseBackup(), TRUE);
    }
}

/* An error in each of its steps is what the program says of it; then a backup goes well. */
static void test_failures(void)
{
    static const struct {
        const WCHAR *point;
        BOOL initialized, created, closed;
    } rows[] = {
        {L"GatherWriterMetadata.call", FALSE, FALSE, FALSE},
        {L"PrepareForBackup.call", TRUE, FALSE, FALSE},
        {L"GatherWriterStatus.call", TRUE, FALSE, FALSE},
        {L"DoSnapshotSet.call", TRUE, FALSE, FALSE},
        {L"BackupComplete.call", TRUE, TRUE, FALSE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char drives[] = "C";
        VSSClientVista client;
        EQUAL(hook_fail(rows[i].point, E_ACCESSDENIED, 0, 1), S_OK);
        EQUAL(client.InitializeForBackup(NULL, NULL), rows[i].initialized);
        EQUAL(rows[i].initialized && client.CreateSnapshots(drives), rows[i].created);
        EQUAL(client.CloseBackup(), rows[i].closed);
    }
    EQUAL(hook_reset(), S_OK);
    test_backup();
}

static void test_nothing_left(void)
{
    EQUAL(can_unload(), S_OK);
}

int main(void)
{
    char names[][40] = {"a backup of three drives", "by the classes for older systems",
                        "one backup after another", "an error in each step", "no object is left"};
    CU_TestInfo tests[] = {
        {names[0], test_backup},
        {names[1], test_older},
        {names[2], test_again},
        {names[3], test_failures},
        {names[4], test_nothing_left}, // all are through: nothing of
                                       // them lives
        CU_TEST_INFO_NULL,
    };
    SetUnhandledExceptionFilter(requester_crashed);
    hook_fail = reinterpret_cast<decltype(hook_fail)>(requester_export("VssTestFail"));
    hook_reset = reinterpret_cast<decltype(hook_reset)>(requester_export("VssTestReset"));
    can_unload = reinterpret_cast<decltype(can_unload)>(requester_export("DllCanUnloadNow"));
    char name[] = "burp 3.1.4";
    return cu_run(name, tests);
}
