#include "worker_crash.h"
#include "iut_copy.h"
#include "worker_alloc.h"
#include "worker_channel.h"
#include "worker_text.h"
#include <string.h>

#define STACK_KEPT_BACK (64u << 10)
#define WINE_STUB 0x80000100u
#define PAGE 4096

static DWORD tls = TLS_OUT_OF_INDEXES;
static volatile LONG busy;
static struct crash_mark last_begun; /* of any thread; only read by the filter */

/* The implementation, which may be mapped from a file of another name. */
static const char *named_base;
static size_t named_size;
static char named[MAX_PATH];

/* Where in which module. */
struct place {
    bool known;
    char name[MAX_PATH];
    uint64_t offset;
};

/* The last exception of the thread that loads the implementation, whoever handled it. */
static struct {
    volatile DWORD thread; /* 0: nobody is loading */
    bool seen;
    EXCEPTION_RECORD record;
    struct place place;
} load_watch;

/* The line under construction. Static: after a stack overflow there is little stack. */
static struct {
    size_t length;
    char text[2048];
} line;

static void add(const char *text)
{
    while (*text != '\0' && line.length + 1 < sizeof line.text)
        line.text[line.length++] = *text++;
    line.text[line.length] = '\0';
}

static void add_number(const char *key, int64_t value)
{
    char number[24];

    wtext_dec(number, value);
    add(",\"");
    add(key);
    add("\":");
    add(number);
}

static void add_hex(const char *key, uint64_t value, unsigned digits)
{
    char number[WTEXT_HEX_SIZE];

    wtext_hex(number, value, digits);
    add(",\"");
    add(key);
    add("\":\"");
    add(number);
    add("\"");
}

/* Text as a JSON string; what would need an escape, or is not ASCII, becomes '?'. */
static void add_text(const char *key, const char *text)
{
    char one[2] = {0, 0};

    add(",\"");
    add(key);
    add("\":\"");
    for (; *text != '\0'; text++) {
        one[0] = *text < 0x20 || *text > 0x7E || *text == '"' || *text == '\\' ? '?' : *text;
        add(one);
    }
    add("\"");
}

static void ascii_of(const wchar_t *text, char *out, size_t size)
{
    size_t k = 0;

    for (; text[k] != 0 && k + 1 < size; k++)
        out[k] = text[k] < 0x80 ? (char)text[k] : '?';
    out[k] = '\0';
}

/* Finds the module of an address. Text that is no ASCII is of no use in the line. */
static void locate(const char *address, struct place *place)
{
    static wchar_t path[MAX_PATH];
    HMODULE module = NULL;
    const wchar_t *base;

    place->known = true;
    if (named_base != NULL && address >= named_base && address < named_base + named_size) {
        memcpy(place->name, named, sizeof named);
        place->offset = (uint64_t)(address - named_base);
        return;
    }
    place->known = address != NULL &&
                   GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                          GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                                      (const wchar_t *)(const void *)address, &module) &&
                   GetModuleFileNameW(module, path, MAX_PATH) != 0;
    if (!place->known)
        return;
    path[MAX_PATH - 1] = 0;
    base = wcsrchr(path, L'\\');
    base = base == NULL ? path : base + 1;
    if (iut_copy_is(base))
        memcpy(place->name, named, sizeof named);
    else
        ascii_of(base, place->name, sizeof place->name);
    place->offset = (uint64_t)(address - (const char *)module);
}

static void add_place(const struct place *place)
{
    if (!place->known) {
        add(",\"module\":null");
        return;
    }
    add_text("module", place->name);
    add_hex("offset", place->offset, 1);
}

static void add_step(const struct crash_mark *mark)
{
    if (!mark->begun)
        return;
    add_number("s", mark->s);
    if (mark->round != 0)
        add_number("i", mark->round);
    if (mark->var != NULL)
        add_text("var", mark->var);
}

/* The allocation that was made to fail, if one was. */
static void add_failed(void)
{
    struct alloc_site site;

    if (!alloc_failed(&site))
        return;
    add_text("failed_by", site.function);
    add_hex("failed_offset", site.offset, 1);
}

/* Sends the line and ends the process. */
static void report(const EXCEPTION_RECORD *record, const struct place *place)
{
    const struct crash_mark *mark = TlsGetValue(tls);
    DWORD code = record->ExceptionCode;

    line.length = 0;
    add("{\"m\":\"crash\"");
    add_step(mark != NULL && mark->begun ? mark : &last_begun);
    add_hex("code", code, 8);
    add_hex("address", (uint64_t)(uintptr_t)record->ExceptionAddress, 1);
    add_place(place);
    if ((code == EXCEPTION_ACCESS_VIOLATION || code == EXCEPTION_IN_PAGE_ERROR) &&
        record->NumberParameters >= 2) {
        ULONG_PTR what = record->ExceptionInformation[0];

        add_text("access", what == 0 ? "read" : what == 1 ? "write" : "execute");
        add_hex("target", record->ExceptionInformation[1], 1);
    }
    add_text("thread", mark != NULL ? "case" : "other");
    add_failed();
    add("}");
    ch_crash(line.text, line.length);
    TerminateProcess(GetCurrentProcess(), code);
}

/* Only one thread reports; another that crashes meanwhile waits for the end of the process. */
static void claim_report(void)
{
    if (InterlockedExchange(&busy, 1) != 0)
        Sleep(INFINITE);
}

static LONG WINAPI filter(EXCEPTION_POINTERS *info)
{
    static struct place place;

    claim_report();
    locate(info->ExceptionRecord->ExceptionAddress, &place);
    report(info->ExceptionRecord, &place);
    return EXCEPTION_EXECUTE_HANDLER;
}

/* Wine raises WINE_STUB in a function that it has not got. Nobody handles it, and the stub has no
 * unwind data: the search for a handler reads what lies on the stack by chance, and may fault until
 * the stack is used up, before the filter is asked. So it is reported here, before the search. */
static LONG CALLBACK watch(EXCEPTION_POINTERS *info)
{
    if (info->ExceptionRecord->ExceptionCode == WINE_STUB)
        return filter(info);
    if (load_watch.thread == GetCurrentThreadId()) {
        load_watch.record = *info->ExceptionRecord;
        locate(info->ExceptionRecord->ExceptionAddress, &load_watch.place);
        load_watch.seen = true;
    }
    return EXCEPTION_CONTINUE_SEARCH;
}

void crash_load_begin(const wchar_t *name)
{
    ascii_of(name, named, sizeof named);
    load_watch.seen = false;
    load_watch.thread = GetCurrentThreadId();
}

/* Is this the error that the loader makes of an exception in DllMain? Either it is the code's own,
 * or the general one; that one DllMain can also ask for, but hardly after a fault. */
static bool is_of_exception(DWORD error, DWORD code)
{
    typedef ULONG(WINAPI * to_error_function)(LONG);
    to_error_function to_error = (to_error_function)(uintptr_t)GetProcAddress(
        GetModuleHandleW(L"ntdll.dll"), "RtlNtStatusToDosError");

    return (to_error != NULL && to_error((LONG)code) == error) ||
           (error == ERROR_DLL_INIT_FAILED && code >> 16 == 0xC000);
}

void crash_load_end(HMODULE module, size_t size, DWORD error)
{
    load_watch.thread = 0;
    named_base = (const char *)module;
    named_size = size;
    if (module != NULL || !load_watch.seen ||
        !is_of_exception(error, load_watch.record.ExceptionCode))
        return;
    claim_report();
    report(&load_watch.record, &load_watch.place);
}

void crash_init(void)
{
    tls = TlsAlloc();
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
    SetUnhandledExceptionFilter(filter);
    AddVectoredExceptionHandler(0, watch);
}

/* Stack for the filter after an overflow. Wine commits all of a stack and puts its one guard page
 * at the very end, whatever was asked for; a second one where the guarantee begins makes it keep
 * its word. On Windows that page is not committed yet and is left alone. */
static void keep_stack_back(void)
{
    ULONG kept = STACK_KEPT_BACK;
    MEMORY_BASIC_INFORMATION info;
    DWORD before;
    char *page;

    SetThreadStackGuarantee(&kept);
    if (VirtualQuery(&page, &info, sizeof info) == 0)
        return;
    page = (char *)info.AllocationBase + STACK_KEPT_BACK;
    if (VirtualQuery(page, &info, sizeof info) != 0 && info.State == MEM_COMMIT &&
        info.Protect == PAGE_READWRITE)
        VirtualProtect(page, PAGE, PAGE_READWRITE | PAGE_GUARD, &before);
}

struct crash_mark *crash_thread_begin(struct crash_mark *mark)
{
    struct crash_mark *before = TlsGetValue(tls);

    if (before == NULL)
        keep_stack_back();
    TlsSetValue(tls, mark);
    return before;
}

void crash_thread_end(struct crash_mark *before)
{
    TlsSetValue(tls, before);
}

void crash_program_end(void)
{
    last_begun.begun = false;
}

void crash_mark_set(struct crash_mark *mark, int s, unsigned round, const char *var)
{
    mark->begun = true;
    mark->s = s;
    mark->round = round;
    mark->var = var;
    last_begun.begun = true;
    last_begun.s = s;
    last_begun.round = round;
    last_begun.var = NULL;
}

void crash_rearm(void)
{
    SetUnhandledExceptionFilter(filter);
}

void crash_report_read(const void *target)
{
    static const struct place nowhere;
    EXCEPTION_RECORD record = {0};

    record.ExceptionCode = EXCEPTION_ACCESS_VIOLATION;
    record.NumberParameters = 2;
    record.ExceptionInformation[1] = (ULONG_PTR)target;
    claim_report();
    report(&record, &nowhere);
}
