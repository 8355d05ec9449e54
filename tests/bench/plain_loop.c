/* The benchmark's yardstick: a requester that makes the calls of the case
 * backup-complete/starts/in-order in a plain loop, in one process, without a suite around it.
 *
 *   bench-plain-loop.exe DLL VOLUME SESSIONS
 *
 * Prints the microseconds that the sessions took together, or says which call failed and ends
 * with 1. */
#define COBJMACROS
#define CINTERFACE
#include <windows.h>

#include <vss.h>

#include <vswriter.h>

#include <vsbackup.h>

#include <stdio.h>
#include <stdlib.h>

static const GUID system_choice; /* GUID_NULL: VSS chooses the provider */

typedef HRESULT(WINAPI *factory_fn)(IVssBackupComponents **);

static void need(const char *what, HRESULT hr, HRESULT wanted)
{
    if (hr != wanted) {
        fprintf(stderr, "%s gave 0x%08lX\n", what, (unsigned long)hr);
        exit(1);
    }
}

/* Polls as the worker does, so that the two differ in nothing but the suite. */
static void finish(const char *what, IVssAsync *async)
{
    HRESULT status = S_OK;
    for (unsigned polls = 0;; polls++) {
        need(what, IVssAsync_QueryStatus(async, &status, NULL), S_OK);
        if (status != (HRESULT)0x00042309) {
            break;
        }
        if (polls < 50) {
            SwitchToThread();
        } else {
            Sleep(1);
        }
    }
    need(what, status, (HRESULT)0x0004230A);
    IVssAsync_Release(async);
}

static void session(factory_fn factory, wchar_t *volume)
{
    IVssBackupComponents *bc = NULL;
    IVssAsync *async = NULL;
    VSS_ID id;
    need("create", factory(&bc), S_OK);
    need("InitializeForBackup", IVssBackupComponents_InitializeForBackup(bc, NULL), S_OK);
    need("SetBackupState",
         IVssBackupComponents_SetBackupState(bc, FALSE, FALSE, VSS_BT_COPY, FALSE), S_OK);
    need("GatherWriterMetadata", IVssBackupComponents_GatherWriterMetadata(bc, &async), S_OK);
    finish("GatherWriterMetadata", async);
    need("StartSnapshotSet", IVssBackupComponents_StartSnapshotSet(bc, &id), S_OK);
    need("AddToSnapshotSet", IVssBackupComponents_AddToSnapshotSet(bc, volume, system_choice, &id),
         S_OK);
    need("PrepareForBackup", IVssBackupComponents_PrepareForBackup(bc, &async), S_OK);
    finish("PrepareForBackup", async);
    need("DoSnapshotSet", IVssBackupComponents_DoSnapshotSet(bc, &async), S_OK);
    finish("DoSnapshotSet", async);
    need("BackupComplete", IVssBackupComponents_BackupComplete(bc, &async), S_OK);
    finish("BackupComplete", async);
    IVssBackupComponents_Release(bc);
}

int main(int argc, char **argv)
{
    wchar_t volume[128];
    if (argc != 4 || MultiByteToWideChar(CP_UTF8, 0, argv[2], -1, volume, 128) == 0) {
        fprintf(stderr, "usage: bench-plain-loop DLL VOLUME SESSIONS\n");
        return 2;
    }
    long sessions = strtol(argv[3], NULL, 10);
    need("CoInitializeEx", CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    HMODULE module = LoadLibraryA(argv[1]);
    factory_fn factory = NULL;
    if (module != NULL) {
        factory =
            (factory_fn)(void (*)(void))GetProcAddress(module, "CreateVssBackupComponentsInternal");
    }
    if (factory == NULL) {
        fprintf(stderr, "%s: no factory\n", argv[1]);
        return 1;
    }
    LARGE_INTEGER frequency, start, end;
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&start);
    for (long i = 0; i < sessions; i++) {
        session(factory, volume);
    }
    QueryPerformanceCounter(&end);
    printf("%lld\n", (end.QuadPart - start.QuadPart) * 1000000 / frequency.QuadPart);
    return 0;
}
