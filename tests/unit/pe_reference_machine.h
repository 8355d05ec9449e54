/* For tests on machines other than the built-in one: the example of fixtures/reference/machines,
 * and short ways to copies on it. */
#ifndef PE_REFERENCE_MACHINE_H
#define PE_REFERENCE_MACHINE_H

#include "pe_reference.h"

static struct reference ref;

/* The providers of the example. */
static const GUID provider_array = {
    0x22222222, 0, 0x4000, {0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01}};
static const GUID provider_mirror = {
    0x22222222, 0, 0x4000, {0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02}};
static const GUID provider_shares = {
    0x22222222, 0, 0x4000, {0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03}};
static const GUID provider_system = {
    0xb5946137, 0x7b9f, 0x4925, {0xaf, 0x80, 0x51, 0xab, 0xd6, 0x0b, 0x20, 0xd5}};

static inline void set_variable(const WCHAR *name, const WCHAR *value)
{
    CU_ASSERT_TRUE_FATAL(SetEnvironmentVariableW(name, value) || value == NULL);
}

/* The clone stands for a version and edition on a machine of fixtures/reference/machines. */
static inline void use_machine(const WCHAR *file, const WCHAR *windows, const WCHAR *edition)
{
    WCHAR source[512];
    WCHAR path[640];
    const DWORD length = GetEnvironmentVariableW(L"VSSCTS_SOURCE", source, 512);
    CU_ASSERT_TRUE_FATAL(length > 0 && length < 512);
    /* Under Wine the folder is one of the host. */
    swprintf(path, 640, L"%ls%ls/fixtures/reference/machines/%ls", source[0] == L'/' ? L"Z:" : L"",
             source, file);
    set_variable(L"VSSREF_MACHINE", path);
    set_variable(L"VSSREF_WINDOWS", windows);
    set_variable(L"VSSREF_EDITION", edition);
}

static inline void use_example(const WCHAR *windows, const WCHAR *edition)
{
    use_machine(L"backup-server.json", windows, edition);
}

static inline void use_built_in(void)
{
    set_variable(L"VSSREF_MACHINE", NULL);
    set_variable(L"VSSREF_WINDOWS", NULL);
    set_variable(L"VSSREF_EDITION", NULL);
}

/* A backup object with that context. */
static inline IVssBackupComponents *new_with(LONG context)
{
    IVssBackupComponents *bc = ref_new(&ref);
    HR(ref_init(bc, NULL, false), S_OK);
    HR(IVssBackupComponents_SetContext(bc, context), S_OK);
    return bc;
}

static inline HRESULT add(IVssBackupComponents *bc, const WCHAR *volume, VSS_ID provider,
                          VSS_ID *id)
{
    WCHAR name[128];
    lstrcpynW(name, volume, 128);
    return IVssBackupComponents_AddToSnapshotSet(bc, name, provider, id);
}

/* A copy of the volume in a context without writers: a whole set of one. Gives the last code. */
static inline HRESULT make(IVssBackupComponents *bc, const WCHAR *volume, VSS_ID *set, VSS_ID *id)
{
    HR(IVssBackupComponents_StartSnapshotSet(bc, set), S_OK);
    HR(add(bc, volume, GUID_NULL, id), S_OK);
    return RUN(bc, DoSnapshotSet);
}

static inline HRESULT delete_set(IVssBackupComponents *bc, VSS_ID set, LONG *deleted)
{
    VSS_ID failed;
    return IVssBackupComponents_DeleteSnapshots(bc, set, VSS_OBJECT_SNAPSHOT_SET, TRUE, deleted,
                                                &failed);
}

static inline void end(IVssBackupComponents *bc)
{
    CU_ASSERT_EQUAL(IVssBackupComponents_Release(bc), 0);
    HR(ref_left(&ref), S_OK);
}

#endif
