#include "iut_copy.h"
#include "worker_text.h"
#include <stdlib.h>
#include <string.h>

static const wchar_t prefix[] = L"vsscts-iut-";

#define PREFIX_LENGTH (sizeof prefix / sizeof *prefix - 1)
#define DIGITS 8

/* Adds text to path at *length; false where it does not fit. */
static bool append(wchar_t path[MAX_PATH], size_t *length, const wchar_t *text)
{
    size_t units = wcslen(text);

    if (units >= MAX_PATH - *length)
        return false;
    memcpy(path + *length, text, (units + 1) * sizeof *text);
    *length += units;
    return true;
}

static bool append_ascii(wchar_t path[MAX_PATH], size_t *length, const char *text, size_t units)
{
    if (units >= MAX_PATH - *length)
        return false;
    for (size_t k = 0; k < units; k++)
        path[(*length)++] = (wchar_t)text[k];
    path[*length] = 0;
    return true;
}

static bool process_lives(DWORD pid)
{
    HANDLE process = OpenProcess(SYNCHRONIZE, FALSE, pid);
    bool lives;

    if (process == NULL)
        return GetLastError() == ERROR_ACCESS_DENIED;
    lives = WaitForSingleObject(process, 0) == WAIT_TIMEOUT;
    CloseHandle(process);
    return lives;
}

/* Deletes the copies whose process, the number at the end of their names, is gone. */
static void delete_stale(const wchar_t *folder, size_t folder_length)
{
    wchar_t path[MAX_PATH];
    size_t length = 0;
    WIN32_FIND_DATAW found;
    HANDLE search;

    if (!append(path, &length, folder) || !append(path, &length, prefix) ||
        !append(path, &length, L"*.dll"))
        return;
    search = FindFirstFileW(path, &found);
    if (search == INVALID_HANDLE_VALUE)
        return;
    do {
        size_t units = wcslen(found.cFileName);
        DWORD pid = units > PREFIX_LENGTH + DIGITS + 1
                        ? wcstoul(found.cFileName + PREFIX_LENGTH + DIGITS + 1, NULL, 10)
                        : 0;

        path[folder_length] = 0;
        length = folder_length;
        if (pid != 0 && !process_lives(pid) && append(path, &length, found.cFileName))
            DeleteFileW(path);
    } while (FindNextFileW(search, &found));
    FindClose(search);
}

static bool write_file(const wchar_t *path, const void *data, size_t size)
{
    HANDLE file =
        CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_TEMPORARY, NULL);
    DWORD written = 0, error;
    bool done;

    if (file == INVALID_HANDLE_VALUE)
        return false;
    done = WriteFile(file, data, (DWORD)size, &written, NULL) && written == size;
    error = GetLastError();
    CloseHandle(file);
    if (!done) {
        DeleteFileW(path);
        SetLastError(error);
    }
    return done;
}

bool iut_copy_make(const void *data, size_t size, const char *sha256, wchar_t path[MAX_PATH])
{
    char pid[24];
    size_t digits = wtext_dec(pid, GetCurrentProcessId());
    size_t length = GetTempPathW(MAX_PATH, path);

    if (length == 0 || length >= MAX_PATH)
        return false;
    delete_stale(path, length);
    if (!append(path, &length, prefix) || !append_ascii(path, &length, sha256, DIGITS) ||
        !append(path, &length, L"-") || !append_ascii(path, &length, pid, digits) ||
        !append(path, &length, L".dll")) {
        SetLastError(ERROR_FILENAME_EXCED_RANGE);
        return false;
    }
    return write_file(path, data, size);
}

bool iut_copy_is(const wchar_t *name)
{
    return wcsncmp(name, prefix, PREFIX_LENGTH) == 0;
}

void iut_copy_delete(const wchar_t *path)
{
    DeleteFileW(path);
}
