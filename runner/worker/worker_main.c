/* vsscts-worker: a COM call machine that the engine drives over its standard handles. */
#include "worker_callconv.h"
#include "worker_channel.h"
#include "worker_crash.h"
#include "worker_fence.h"
#include "worker_load.h"
#include "worker_mem.h"
#include "worker_probe.h"
#include "worker_program.h"
#include <stdio.h>
#include <string.h>

#define PROTOCOL 1
#define TOKEN_LENGTH 16
#define EXIT_DEFECT 70

static FARPROC ntdll(const char *name)
{
    return GetProcAddress(GetModuleHandleW(L"ntdll.dll"), name);
}

/* What a function of Wine's ntdll without arguments says, or null on Windows. */
static json_t *wine_text(const char *name)
{
    typedef const char *(__cdecl * text_function)(void);
    text_function function = (text_function)(uintptr_t)ntdll(name);

    return function == NULL ? json_null() : json_string(function());
}

static json_t *hello(void)
{
    typedef LONG(WINAPI * version_function)(RTL_OSVERSIONINFOW *);
    version_function get_version = (version_function)(uintptr_t)ntdll("RtlGetVersion");
    RTL_OSVERSIONINFOW version = {.dwOSVersionInfoSize = sizeof version};
    json_t *os;

    if (get_version != NULL)
        get_version(&version);
    os = json_pack("{s:o}", "version",
                   json_sprintf("%lu.%lu.%lu", version.dwMajorVersion, version.dwMinorVersion,
                                version.dwBuildNumber));
    json_object_set_new(os, "wine", wine_text("wine_get_version"));
    json_object_set_new(os, "wine_build", wine_text("wine_get_build_id"));
    return json_pack("{s:s, s:i, s:s, s:I, s:o}", "m", "hello", "protocol", PROTOCOL, "arch",
                     WORKER_ARCH, "pid", (json_int_t)GetCurrentProcessId(), "os", os);
}

/* A message that is not the engine's to send here: our defect. Does not return. */
static void refuse(const char *text)
{
    ch_send_last(json_pack("{s:s, s:s}", "m", "error", "text", text));
    TerminateProcess(GetCurrentProcess(), EXIT_DEFECT);
}

static void load(const json_t *message, HMODULE *module)
{
    if (*module != NULL)
        refuse("an implementation is already loaded");
    ch_send(load_module(message, module));
}

static void run(const json_t *message, HMODULE module)
{
    const json_t *seq = json_object_get(message, "seq");
    const json_t *program = json_object_get(message, "program");
    const json_t *scale = json_object_get(message, "scale");

    if (module == NULL)
        refuse("no implementation is loaded");
    if (!json_is_integer(seq) || !json_is_object(program))
        refuse("a run needs a number and a program");
    /* Threads that were left behind run code that must not be unloaded under them. */
    if (!program_run(program, json_integer_value(seq),
                     json_is_number(scale) ? json_number_value(scale) : 1,
                     json_is_true(json_object_get(message, "each")), module))
        TerminateProcess(GetCurrentProcess(), EXIT_DEFECT);
}

/* Acts on one line. False: quit. */
static bool handle_line(const char *line, size_t length, HMODULE *module)
{
    json_t *message = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
    const char *what = json_string_value(json_object_get(message, "m"));
    bool quit = false;

    if (what == NULL)
        refuse("a line that is no message");
    else if (strcmp(what, "run") == 0)
        run(message, *module);
    else if (strcmp(what, "load") == 0)
        load(message, module);
    else if (strcmp(what, "quit") == 0)
        quit = true;
    else
        refuse("an unknown message");
    json_decref(message);
    return !quit;
}

int main(int argc, char **argv)
{
    struct crash_mark mark = {0};
    HMODULE module = NULL;
    bool quit = false;
    size_t length;
    char *line;

    if (argc != 2 || strlen(argv[1]) != TOKEN_LENGTH ||
        strspn(argv[1], "0123456789abcdefABCDEF") != TOKEN_LENGTH) {
        fputs("usage: vsscts-worker TOKEN\nStarted by vsscts; see docs/protocol.md.\n", stderr);
        return 2;
    }
    wmem_init();
    fence_init();
    probe_init();
    crash_init();
    crash_thread_begin(&mark);
    if (!ch_open(argv[1])) {
        fputs("vsscts-worker: no standard handles\n", stderr);
        return EXIT_DEFECT;
    }
    ch_send(hello());
    while (!quit && (line = ch_read_line(&length)) != NULL)
        quit = !handle_line(line, length, &module);
    load_free(module);
    if (quit)
        ch_send_last(json_pack("{s:s}", "m", "bye"));
    /* Nothing of the implementation is to run any more, also where it could not be unloaded. */
    TerminateProcess(GetCurrentProcess(), 0);
    return 0;
}
