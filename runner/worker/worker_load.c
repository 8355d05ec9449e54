#include "worker_load.h"
#include "iut_copy.h"
#include "pe_file.h"
#include "worker_callconv.h"
#include "worker_crash.h"
#include "worker_hash.h"
#include "worker_mem.h"
#include "worker_text.h"
#include <stdlib.h>
#include <string.h>

#define PATH_UNITS 4096
#define FILE_BYTES_MAX ((LONGLONG)256 << 20)

/* A load in progress. */
struct loading {
    const json_t *message;
    wchar_t path[PATH_UNITS];
    wchar_t mapped_as[PATH_UNITS];
    uint8_t *data; /* of the file */
    size_t size;
    char sha256[65];
    struct pe_file pe;
    HMODULE module;
    json_t *failure; /* the answer, where it has failed */
};

static json_t *loaded_by;           /* the message of the last load that went well */
static wchar_t copy_path[MAX_PATH]; /* of the copy that is mapped, or empty */

/* Notes why it failed; the text is stolen. Returns false. */
static bool fail(struct loading *loading, const char *reason, DWORD code, json_t *text)
{
    json_t *answer = json_pack("{s:s, s:s}", "m", "load_failed", "reason", reason);

    json_object_set_new(answer, "code", wtext_hex_json(code, 8));
    json_object_set_new(answer, "text", text);
    loading->failure = answer;
    return false;
}

static bool fail_win32(struct loading *loading, DWORD error)
{
    const char *reason = error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND ||
                                 error == ERROR_BAD_NETPATH || error == ERROR_INVALID_NAME
                             ? "not_found"
                             : "other";

    return fail(loading, reason, error, wtext_error_json(error));
}

/* The path of the message, or that of the system's own vssapi.dll. */
static bool find_path(struct loading *loading)
{
    static const wchar_t name[] = L"\\vssapi.dll";
    const json_t *path = json_object_get(loading->message, "path");
    wchar_t *text;
    size_t length;
    DWORD full;

    if (!json_is_string(path))
        return fail(loading, "other", ERROR_INVALID_PARAMETER, json_string("no path"));
    if (strcmp(json_string_value(path), "@system") == 0) {
        UINT units = GetSystemDirectoryW(loading->path, PATH_UNITS - 16);

        memcpy(loading->path + units, name, sizeof name);
        return true;
    }
    text = wtext_utf16(json_string_value(path), json_string_length(path), &length);
    full = GetFullPathNameW(text, PATH_UNITS, loading->path, NULL);
    wmem_free(text);
    if (full == 0 || full >= PATH_UNITS)
        return fail_win32(loading, full == 0 ? GetLastError() : ERROR_FILENAME_EXCED_RANGE);
    return true;
}

static bool read_file(struct loading *loading)
{
    DWORD attributes = GetFileAttributesW(loading->path), got = 0;
    LARGE_INTEGER size = {0};
    HANDLE file;
    bool done = false;

    if (attributes == INVALID_FILE_ATTRIBUTES)
        return fail_win32(loading, GetLastError());
    if (attributes & FILE_ATTRIBUTE_DIRECTORY)
        return fail(loading, "directory", ERROR_DIRECTORY, json_string("a folder, not a file"));
    file = CreateFileW(loading->path, GENERIC_READ,
                       FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
                       0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return fail_win32(loading, GetLastError());
    if (GetFileSizeEx(file, &size) && size.QuadPart <= FILE_BYTES_MAX) {
        loading->size = (size_t)size.QuadPart;
        loading->data = wmem_alloc(loading->size + 1);
        done =
            ReadFile(file, loading->data, (DWORD)loading->size, &got, NULL) && got == loading->size;
    }
    if (!done)
        fail_win32(loading, size.QuadPart > FILE_BYTES_MAX ? ERROR_FILE_TOO_LARGE : GetLastError());
    CloseHandle(file);
    return done;
}

static bool check_file(struct loading *loading)
{
    const char *wanted = json_string_value(json_object_get(loading->message, "arch"));
    char buf[19];

    if (!hash_sha256(loading->data, loading->size, loading->sha256))
        return fail(loading, "other", ERROR_NOT_SUPPORTED, json_string("no SHA-256"));
    if (!pe_parse(&loading->pe, loading->data, loading->size))
        return fail(loading, "not_pe", ERROR_BAD_EXE_FORMAT, json_string("not a PE file"));
    if (loading->pe.machine != pe_own_machine() ||
        (wanted != NULL && strcmp(wanted, WORKER_ARCH) != 0))
        return fail(loading, "wrong_arch", ERROR_EXE_MACHINE_TYPE_MISMATCH,
                    json_sprintf("the file is for %s, this worker for " WORKER_ARCH ", wanted %s",
                                 pe_machine_name(loading->pe.machine, buf),
                                 wanted == NULL ? WORKER_ARCH : wanted));
    return true;
}

/* Both for the system and for a C library that is already loaded. */
static void set_environment(const json_t *environment)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)environment, name, value)
    {
        json_t *pair =
            json_sprintf("%s=%s", name, json_is_string(value) ? json_string_value(value) : "");
        wchar_t *text = wtext_utf16(json_string_value(pair), json_string_length(pair), NULL);

        _wputenv(text);
        wmem_free(text);
        json_decref(pair);
    }
}

/* The folder of the file, so that what lies beside it is found from elsewhere too. */
static void search_beside(const wchar_t *path)
{
    wchar_t folder[PATH_UNITS];
    const wchar_t *end = wcsrchr(path, L'\\');
    size_t length = end == NULL ? 0 : (size_t)(end - path);

    memcpy(folder, path, length * sizeof *folder);
    folder[length] = 0;
    SetDllDirectoryW(length == 0 ? NULL : folder);
}

/* Names of the modules that the file needs and that the system does not find. */
static json_t *missing_modules(const struct pe_file *pe)
{
    json_t *text = json_string("a module that it needs cannot be found:");
    const char *name;

    for (unsigned k = 0; (name = pe_import(pe, k)) != NULL; k++) {
        HMODULE module = LoadLibraryExA(name, NULL, LOAD_LIBRARY_AS_DATAFILE);

        if (module != NULL) {
            FreeLibrary(module);
        } else {
            json_t *longer = json_sprintf("%s %s", json_string_value(text), name);

            if (longer != NULL) {
                json_decref(text);
                text = longer;
            }
        }
    }
    return text;
}

static bool fail_loading(struct loading *loading, DWORD error)
{
    switch (error) {
    case ERROR_DLL_INIT_FAILED:
        return fail(loading, "dllmain_failed", error, wtext_error_json(error));
    case ERROR_BAD_EXE_FORMAT:
        return fail(loading, "not_pe", error, wtext_error_json(error));
    case ERROR_EXE_MACHINE_TYPE_MISMATCH:
        return fail(loading, "wrong_arch", error, wtext_error_json(error));
    case ERROR_MOD_NOT_FOUND:
        search_beside(loading->path);
        return fail(loading, "other", error, missing_modules(&loading->pe));
    default:
        return fail(loading, "other", error, wtext_error_json(error));
    }
}

/* Maps a file and says whether the image is that of loading->pe. A crash in DllMain has no step. */
static bool map(struct loading *loading, const wchar_t *path, bool *same)
{
    const wchar_t *name = wcsrchr(loading->path, L'\\');
    DWORD error;

    crash_load_begin(name == NULL ? loading->path : name + 1);
    loading->module = LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    error = loading->module == NULL ? GetLastError() : 0;
    crash_load_end(loading->module, loading->pe.image_size, error);
    if (loading->module == NULL)
        return fail_loading(loading, error);
    *same = pe_is_image(&loading->pe, loading->module);
    memcpy(loading->mapped_as, path, (wcslen(path) + 1) * sizeof *path);
    return true;
}

/* Maps the file itself, or a copy of it where another image came instead. What is marked as a part
 * of Wine is Wine's to replace. */
static bool map_file(struct loading *loading)
{
    bool same = false;

    if (!map(loading, loading->path, &same))
        return false;
    if (same || loading->pe.wine_builtin)
        return true;
    FreeLibrary(loading->module);
    loading->module = NULL;
    search_beside(loading->path);
    if (!iut_copy_make(loading->data, loading->size, loading->sha256, copy_path)) {
        DWORD error = GetLastError();

        copy_path[0] = 0;
        return fail(loading, "identity", error, json_string("the file cannot be copied"));
    }
    if (!map(loading, copy_path, &same))
        return false;
    if (!same)
        return fail(loading, "identity", ERROR_FILE_INVALID,
                    json_string("another image than that of the file was mapped"));
    return true;
}

static bool check_factory(struct loading *loading)
{
    const json_t *names = json_object_get(loading->message, "factory"), *name;
    size_t k;

    if (json_array_size(names) == 0)
        return true;
    json_array_foreach(names, k, name)
    {
        if (json_is_string(name) &&
            GetProcAddress(loading->module, json_string_value(name)) != NULL)
            return true;
    }
    return fail(loading, "no_factory", ERROR_PROC_NOT_FOUND,
                json_string("none of the names that make a requester is exported"));
}

/* "10.0.19041.1" from the version resource, or null. */
static json_t *file_version(const wchar_t *path)
{
    DWORD ignored, size = GetFileVersionInfoSizeW(path, &ignored);
    VS_FIXEDFILEINFO *fixed = NULL;
    json_t *version = NULL;
    UINT length = 0;
    void *block;

    if (size == 0)
        return json_null();
    block = wmem_alloc(size);
    if (GetFileVersionInfoW(path, 0, size, block) &&
        VerQueryValueW(block, L"\\", (void **)&fixed, &length) && length >= sizeof *fixed)
        version = json_sprintf("%u.%u.%u.%u", (unsigned)HIWORD(fixed->dwFileVersionMS),
                               (unsigned)LOWORD(fixed->dwFileVersionMS),
                               (unsigned)HIWORD(fixed->dwFileVersionLS),
                               (unsigned)LOWORD(fixed->dwFileVersionLS));
    wmem_free(block);
    return version == NULL ? json_null() : version;
}

static json_t *describe(const struct loading *loading)
{
    json_t *iut = json_object();

    json_object_set_new(iut, "path", wtext_utf16_json(loading->path, wcslen(loading->path)));
    json_object_set_new(iut, "loaded_as",
                        wtext_utf16_json(loading->mapped_as, wcslen(loading->mapped_as)));
    json_object_set_new(iut, "builtin", json_boolean(loading->pe.wine_builtin));
    json_object_set_new(iut, "file_version", file_version(loading->mapped_as));
    json_object_set_new(iut, "sha256", json_string(loading->sha256));
    json_object_set_new(iut, "size", json_integer((json_int_t)loading->size));
    json_object_set_new(iut, "timestamp", wtext_hex_json(loading->pe.timestamp, 8));
    json_object_set_new(iut, "arch", json_string(WORKER_ARCH));
    json_object_set_new(iut, "exports", pe_exports(&loading->pe));
    return json_pack("{s:s, s:o}", "m", "loaded", "iut", iut);
}

json_t *load_module(const json_t *message, HMODULE *module)
{
    struct loading *loading = wmem_alloc(sizeof *loading);
    json_t *answer = NULL;

    loading->message = message;
    if (find_path(loading) && read_file(loading) && check_file(loading)) {
        set_environment(json_object_get(message, "environment"));
        if (map_file(loading) && check_factory(loading))
            answer = describe(loading);
    }
    if (loading->failure != NULL) {
        answer = loading->failure;
        load_free(loading->module);
        loading->module = NULL;
    }
    *module = loading->module;
    if (*module != NULL) {
        json_decref(loaded_by);
        loaded_by = json_deep_copy(message);
    }
    wmem_free(loading->data);
    wmem_free(loading);
    return answer;
}

const json_t *load_message(void)
{
    return loaded_by;
}

void load_free(HMODULE module)
{
    if (module != NULL)
        FreeLibrary(module);
    if (copy_path[0] != 0) {
        iut_copy_delete(copy_path);
        copy_path[0] = 0;
    }
}
