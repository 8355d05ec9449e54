/* Helpers of the pe_reference_*.c tests: the reference clone as its clients see it, through its
 * exports and COM interfaces only. The DLL is found by the environment variable VSSCTS_REFERENCE
 * (its full Windows path), else as vssref.dll by the search path, which begins beside the test. */
#ifndef PE_REFERENCE_H
#define PE_REFERENCE_H

#ifndef CINTERFACE
#define CINTERFACE
#endif
#ifndef COBJMACROS
#define COBJMACROS
#endif
#include <windows.h>

#include <objbase.h>
#include <oleauto.h>

#include <vss.h>
#include <vswriter.h>

#include <vsbackup.h>

#include "../../fixtures/reference/vsstest.h"
#include "cu_run.h"
#include <stdbool.h>
#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A minimal stored document. */
#define DOCUMENT L"<BACKUP_COMPONENTS version=\"1.2\"/>"

struct reference {
    HMODULE module;
    HRESULT(WINAPI *create)(IVssBackupComponents **out);
    void(WINAPI *free_properties)(VSS_SNAPSHOT_PROP *prop);
    HRESULT(WINAPI *is_snapshotted)(VSS_PWSZ volume, BOOL *present, LONG *capability);
    HRESULT(WINAPI *should_block)(LPCWSTR volume, bool *block);
    HRESULT(WINAPI *can_unload)(void);
    HRESULT(WINAPI *fail)(LPCWSTR point, HRESULT code, ULONG skip, ULONG times);
    HRESULT(WINAPI *hold)(LPCWSTR point);
    HRESULT(WINAPI *release)(LPCWSTR point);
    HRESULT(WINAPI *reset)(void);
};

static inline FARPROC ref_export(HMODULE module, const char *name)
{
    FARPROC found = GetProcAddress(module, name);
    if (found == NULL) {
        fprintf(stderr, "vssref.dll does not export %s\n", name);
        exit(EXIT_FAILURE);
    }
    return found;
}

/* Wine's debugger ends a program that crashed with exit code 0: this comes before it. */
static inline LONG WINAPI ref_crashed(EXCEPTION_POINTERS *exception)
{
    fprintf(stderr, "crash: exception 0x%08lX\n", exception->ExceptionRecord->ExceptionCode);
    TerminateProcess(GetCurrentProcess(), EXIT_FAILURE);
    return EXCEPTION_CONTINUE_SEARCH;
}

/* Loads the module; ends the program where it cannot. */
static inline struct reference ref_load(void)
{
    SetUnhandledExceptionFilter(ref_crashed);
    char path[1024];
    const DWORD length = GetEnvironmentVariableA("VSSCTS_REFERENCE", path, sizeof(path));
    HMODULE module = LoadLibraryA(length > 0 && length < sizeof(path) ? path : "vssref.dll");
    if (module == NULL) {
        fprintf(stderr, "vssref.dll cannot be loaded: error %lu\n", GetLastError());
        exit(EXIT_FAILURE);
    }
    struct reference ref = {.module = module};
#define EXPORT(field, name) ref.field = (void *)ref_export(module, name)
    EXPORT(create, "CreateVssBackupComponentsInternal");
    EXPORT(free_properties, "VssFreeSnapshotProperties");
    EXPORT(is_snapshotted, "IsVolumeSnapshotted");
    EXPORT(should_block, "ShouldBlockRevert");
    EXPORT(can_unload, "DllCanUnloadNow");
    EXPORT(fail, "VssTestFail");
    EXPORT(hold, "VssTestHold");
    EXPORT(release, "VssTestRelease");
    EXPORT(reset, "VssTestReset");
#undef EXPORT
    return ref;
}

/* Waits for the end of an operation, releases the IVssAsync, gives the final status. E_FAIL: the
 * last Release did not give 0. */
static inline HRESULT ref_end(IVssAsync *async)
{
    HRESULT status = E_UNEXPECTED;
    if (IVssAsync_Wait(async, 10000) == E_INVALIDARG) {
        IVssAsync_Wait(async, INFINITE); /* before Windows Vista there is no other value */
    }
    IVssAsync_QueryStatus(async, &status, NULL);
    return IVssAsync_Release(async) == 0 ? status : E_FAIL;
}

/* Calls a method that starts an operation; gives its refusal or its final status. */
typedef HRESULT(STDMETHODCALLTYPE *ref_starter)(IVssBackupComponents *bc, IVssAsync **out);
static inline HRESULT ref_run(IVssBackupComponents *bc, ref_starter start)
{
    IVssAsync *async = (IVssAsync *)(void *)bc;
    const HRESULT code = start(bc, &async);
    if (FAILED(code)) {
        return async == NULL ? code : E_FAIL;
    }
    return ref_end(async);
}
#define RUN(bc, method) ref_run(bc, (bc)->lpVtbl->method)

static inline IVssBackupComponents *ref_new(const struct reference *ref)
{
    IVssBackupComponents *bc = NULL;
    const HRESULT code = ref->create(&bc);
    if (FAILED(code)) {
        fprintf(stderr, "no requester object: 0x%08lX\n", (unsigned long)code);
        exit(EXIT_FAILURE);
    }
    return bc;
}

static inline HRESULT ref_init(IVssBackupComponents *bc, const WCHAR *document, bool restore)
{
    BSTR text = document != NULL ? SysAllocString(document) : NULL;
    const HRESULT code = restore ? IVssBackupComponents_InitializeForRestore(bc, text)
                                 : IVssBackupComponents_InitializeForBackup(bc, text);
    SysFreeString(text);
    return code;
}

/* From a fresh object to an open set with one volume: backup state, metadata, set, volume. */
static inline HRESULT ref_open_set(IVssBackupComponents *bc, const WCHAR *volume, VSS_ID *snapshot)
{
    WCHAR name[80];
    VSS_ID set;
    lstrcpynW(name, volume, 80);
    HRESULT code = ref_init(bc, NULL, false);
    if (SUCCEEDED(code)) {
        code = IVssBackupComponents_SetBackupState(bc, TRUE, FALSE, VSS_BT_FULL, FALSE);
    }
    if (SUCCEEDED(code)) {
        code = RUN(bc, GatherWriterMetadata);
    }
    if (SUCCEEDED(code)) {
        code = IVssBackupComponents_StartSnapshotSet(bc, &set);
    }
    if (SUCCEEDED(code)) {
        code = IVssBackupComponents_AddToSnapshotSet(bc, name, GUID_NULL, snapshot);
    }
    return code;
}

/* A whole backup on a fresh object. S_OK, or the first code that was not as it should be. */
static inline HRESULT ref_backup(IVssBackupComponents *bc, VSS_ID *snapshot)
{
    HRESULT code = ref_open_set(bc, L"C:\\", snapshot);
    if (code == S_OK) {
        code = RUN(bc, PrepareForBackup);
    }
    if (code == VSS_S_ASYNC_FINISHED) {
        code = RUN(bc, DoSnapshotSet);
    }
    if (code == VSS_S_ASYNC_FINISHED) {
        code = RUN(bc, BackupComplete);
    }
    return code == VSS_S_ASYNC_FINISHED ? S_OK : code;
}

/* S_OK: no object of the module is alive. An operation's end is seen before its thread has let go
 * of the memory, so this waits for the threads first. */
static inline HRESULT ref_left(const struct reference *ref)
{
    const HRESULT code = ref->reset();
    return code == S_OK ? ref->can_unload() : code;
}

/* Asserts that two codes are equal, and prints both where they are not. */
static inline void ref_equal(HRESULT got, HRESULT wanted, const char *what, int line)
{
    if (got != wanted) {
        fprintf(stderr, "line %d: %s: 0x%08lX, not 0x%08lX\n", line, what, (unsigned long)got,
                (unsigned long)wanted);
    }
    CU_assertImplementation(got == wanted, (unsigned)line, what, "pe_reference", "", CU_FALSE);
}
#define HR(call, wanted) ref_equal(call, wanted, #call, __LINE__)

#endif
