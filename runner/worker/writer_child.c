#include "writer_child.h"
#include "worker_channel.h"
#include "worker_mem.h"
#include "worker_text.h"
#include "worker_threads.h"
#include <bcrypt.h>
#include <string.h>

#define TOKEN_LENGTH 16
#define PATH_UNITS 4096
#define LINE_MAX_BYTES ((size_t)4 << 20)
#define END_MS 2000 /* for a killed process to be gone, and its last words to be read */

struct writer_child {
    struct writer_log *log;
    struct fixture_sink sink;
    char token[TOKEN_LENGTH + 1];
    HANDLE process, job, thread;
    HANDLE to, from;         /* our ends of its pipes */
    CRITICAL_SECTION asking; /* one question at a time */
    CRITICAL_SECTION lock;   /* of what follows */
    HANDLE answered;         /* set: there is an answer, or none will come */
    json_t *answer;
    bool gone; /* the pipe is closed */
    bool over; /* we end it: however it ends is right */
};

/* 16 hex digits that nobody can guess. */
static void draw_token(char token[TOKEN_LENGTH + 1])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t random[TOKEN_LENGTH] = {0};

    BCryptGenRandom(NULL, random, sizeof random, BCRYPT_USE_SYSTEM_PREFERRED_RNG);
    for (size_t k = 0; k < TOKEN_LENGTH; k++)
        token[k] = digits[random[k] & 15];
    token[TOKEN_LENGTH] = '\0';
}

/* How it ended, from its crash message. */
static json_t *crash_text(const json_t *message)
{
    const char *code = json_string_value(json_object_get(message, "code"));
    const char *module = json_string_value(json_object_get(message, "module"));
    const char *offset = json_string_value(json_object_get(message, "offset"));

    if (module == NULL || offset == NULL)
        return json_sprintf("crash %s", code != NULL ? code : "?");
    return json_sprintf("crash %s in %s+%s", code != NULL ? code : "?", module, offset);
}

static void give_answer(struct writer_child *child, json_t *answer)
{
    EnterCriticalSection(&child->lock);
    json_decref(child->answer);
    child->answer = json_incref(answer);
    SetEvent(child->answered);
    LeaveCriticalSection(&child->lock);
}

/* Acts on a message. False: it is none that we know. */
static bool take_message(struct writer_child *child, const json_t *message)
{
    const char *what = json_string_value(json_object_get(message, "m"));
    json_t *log = json_object_get(message, "log");

    if (what == NULL)
        return false;
    if (strcmp(what, "event") == 0 && json_is_object(log))
        child->sink.entered(child->sink.context, json_incref(log));
    else if (strcmp(what, "left") == 0 && json_is_object(log))
        child->sink.left(child->sink.context, json_incref(log));
    else if (strcmp(what, "dying") == 0)
        child->sink.dying(child->sink.context,
                          json_is_true(json_object_get(message, "crash")) ? "crash" : "exit");
    else if (strcmp(what, "crash") == 0)
        writer_log_lost(child->log, crash_text(message));
    else if (strcmp(what, "reply") == 0 || strcmp(what, "loaded") == 0 ||
             strcmp(what, "load_failed") == 0)
        give_answer(child, (json_t *)(uintptr_t)message);
    else
        return strcmp(what, "hello") == 0;
    return true;
}

/* Acts on a line without its end. */
static bool take_line(struct writer_child *child, const char *line, size_t length)
{
    json_t *message;
    bool known;

    if (length <= TOKEN_LENGTH || memcmp(line, child->token, TOKEN_LENGTH) != 0 ||
        line[TOKEN_LENGTH] != ' ')
        return false;
    message = json_loadb(line + TOKEN_LENGTH + 1, length - TOKEN_LENGTH - 1, JSON_REJECT_DUPLICATES,
                         NULL);
    known = take_message(child, message);
    json_decref(message);
    return known;
}

/* Reads until the pipe is closed. False: what came was no line of ours. */
static bool read_lines(struct writer_child *child)
{
    char *buffer = NULL;
    size_t size = 0, used = 0;
    bool right = true;
    DWORD got;

    while (right) {
        char *end;

        if (size - used < 4096) {
            size = size == 0 ? 1 << 14 : size * 2;
            buffer = wmem_grow(buffer, size);
        }
        if (!ReadFile(child->from, buffer + used, (DWORD)(size - used), &got, NULL) || got == 0)
            break;
        used += got;
        while (right && (end = memchr(buffer, '\n', used)) != NULL) {
            const size_t length = (size_t)(end - buffer);

            right = take_line(child, buffer, length);
            used -= length + 1;
            memmove(buffer, end + 1, used);
        }
        right = right && used < LINE_MAX_BYTES;
    }
    wmem_free(buffer);
    return right;
}

/* The process is not heard any more: says how it ended, and that no answer will come. */
static void note_end(struct writer_child *child, bool right)
{
    DWORD status = 0;
    bool over;

    EnterCriticalSection(&child->lock);
    over = child->over;
    LeaveCriticalSection(&child->lock);
    if (!right) {
        TerminateProcess(child->process, 1);
        writer_log_lost(child->log, json_string("what it said made no sense"));
    } else if (!over) {
        WaitForSingleObject(child->process, END_MS);
        GetExitCodeProcess(child->process, &status);
        writer_log_lost(child->log, status == STILL_ACTIVE
                                        ? json_string("it closed its channel")
                                        : json_sprintf("exit status %lu", status));
    }
    EnterCriticalSection(&child->lock);
    child->gone = true;
    SetEvent(child->answered);
    LeaveCriticalSection(&child->lock);
}

static DWORD WINAPI read_on_thread(void *argument)
{
    struct writer_child *child = argument;

    note_end(child, read_lines(child));
    return 0;
}

/* A pipe of which only the one end may be inherited. */
static bool make_pipe(HANDLE *read, HANDLE *write, HANDLE *inherited)
{
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, NULL, FALSE};

    return CreatePipe(read, write, &attributes, 0) &&
           SetHandleInformation(*inherited, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
}

/* "…\vsscts-writer.exe" TOKEN */
static void command_line(const struct writer_child *child, wchar_t path[PATH_UNITS],
                         wchar_t line[PATH_UNITS + 32])
{
    static const wchar_t name[] = L"vsscts-writer.exe";
    const DWORD units = GetModuleFileNameW(NULL, path, PATH_UNITS - 32);
    wchar_t *end = path + (units < PATH_UNITS - 32 ? units : 0), *at = line;

    while (end > path && end[-1] != L'\\')
        end--;
    memcpy(end, name, sizeof name);
    *at++ = L'"';
    for (const wchar_t *c = path; *c != 0; c++)
        *at++ = *c;
    *at++ = L'"';
    *at++ = L' ';
    for (const char *c = child->token; *c != '\0'; c++)
        *at++ = (wchar_t)*c;
    *at = 0;
}

/* A job that dies with the worker; where jobs do not nest, the closed pipe ends the process. */
static void put_into_job(struct writer_child *child)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};

    limits.BasicLimitInformation.LimitFlags =
        JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
    child->job = CreateJobObjectW(NULL, NULL);
    if (child->job != NULL && SetInformationJobObject(child->job, JobObjectExtendedLimitInformation,
                                                      &limits, sizeof limits))
        AssignProcessToJobObject(child->job, child->process);
}

/* Starts the process with its ends of the pipes as standard handles, and these alone inherited. */
static bool create_process(struct writer_child *child, HANDLE in, HANDLE out)
{
    wchar_t *path = wmem_alloc(PATH_UNITS * sizeof *path);
    wchar_t *line = wmem_alloc((PATH_UNITS + 32) * sizeof *line);
    HANDLE errors = NULL;
    STARTUPINFOW info = {.cb = sizeof info, .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION made = {0};
    DWORD error;
    bool started;

    /* What the implementation prints there goes the way of what it prints here. */
    if (!DuplicateHandle(GetCurrentProcess(), GetStdHandle(STD_ERROR_HANDLE), GetCurrentProcess(),
                         &errors, 0, TRUE, DUPLICATE_SAME_ACCESS))
        errors = NULL;
    info.hStdInput = in;
    info.hStdOutput = out;
    info.hStdError = errors;
    command_line(child, path, line);
    started = CreateProcessW(path, line, NULL, NULL, TRUE, CREATE_SUSPENDED | CREATE_NO_WINDOW,
                             NULL, NULL, &info, &made);
    error = GetLastError();
    if (started) {
        child->process = made.hProcess;
        put_into_job(child);
        ResumeThread(made.hThread);
        CloseHandle(made.hThread);
    }
    if (errors != NULL)
        CloseHandle(errors);
    wmem_free(path);
    wmem_free(line);
    SetLastError(error);
    return started;
}

/* Frees what has neither a process nor a reader any more. */
static void child_free(struct writer_child *child)
{
    const HANDLE handles[] = {child->to, child->from, child->process, child->job, child->answered};

    for (size_t k = 0; k < sizeof handles / sizeof handles[0]; k++) {
        if (handles[k] != NULL)
            CloseHandle(handles[k]);
    }
    json_decref(child->answer);
    DeleteCriticalSection(&child->asking);
    DeleteCriticalSection(&child->lock);
    wmem_free(child);
}

struct writer_child *writer_child_start(struct writer_log *log, DWORD *error)
{
    struct writer_child *child = wmem_alloc(sizeof *child);
    HANDLE in = NULL, out = NULL;

    child->log = log;
    child->sink = writer_log_sink(log);
    draw_token(child->token);
    InitializeCriticalSection(&child->asking);
    InitializeCriticalSection(&child->lock);
    child->answered = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (make_pipe(&in, &child->to, &in) && make_pipe(&child->from, &out, &out) &&
        create_process(child, in, out))
        child->thread = CreateThread(NULL, 0, read_on_thread, child, 0, NULL);
    *error = GetLastError();
    if (in != NULL)
        CloseHandle(in);
    if (out != NULL)
        CloseHandle(out);
    if (child->thread != NULL)
        return child;
    if (child->process != NULL)
        TerminateProcess(child->process, 1);
    child_free(child);
    return NULL;
}

static void send_line(struct writer_child *child, json_t *message)
{
    char *text = json_dumps(message, JSON_COMPACT);
    DWORD done;

    /* A write to a process that has ended fails; the reader tells of that. */
    if (text != NULL && WriteFile(child->to, text, (DWORD)strlen(text), &done, NULL))
        WriteFile(child->to, "\n", 1, &done, NULL);
    wmem_free(text);
    json_decref(message);
}

/* The answer, and whether there will be none. */
static json_t *take_answer(struct writer_child *child, bool *gone)
{
    json_t *answer;

    EnterCriticalSection(&child->lock);
    answer = child->answer;
    child->answer = NULL;
    *gone = child->gone;
    if (!*gone)
        ResetEvent(child->answered);
    LeaveCriticalSection(&child->lock);
    return answer;
}

json_t *writer_child_ask(struct writer_child *child, json_t *message, DWORD ms, bool pump,
                         bool *timeout)
{
    json_t *answer;
    bool gone;

    *timeout = false;
    EnterCriticalSection(&child->asking);
    json_decref(take_answer(child, &gone)); /* of a question that was given up */
    send_line(child, message);
    if (!wait_pumping(child->answered, ms, pump))
        *timeout = true;
    answer = take_answer(child, &gone);
    LeaveCriticalSection(&child->asking);
    return answer;
}

bool writer_child_end(struct writer_child *child)
{
    EnterCriticalSection(&child->lock);
    child->over = true;
    LeaveCriticalSection(&child->lock);
    CloseHandle(child->to);
    TerminateProcess(child->process, 1);
    WaitForSingleObject(child->process, END_MS);
    if (child->job != NULL)
        CloseHandle(child->job);
    /* Who has inherited the pipe meanwhile would keep the reader: it is left alone then. */
    if (WaitForSingleObject(child->thread, END_MS) != WAIT_OBJECT_0)
        return false;
    CloseHandle(child->thread);
    child->to = child->job = NULL;
    child_free(child);
    return true;
}
