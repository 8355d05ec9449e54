#include "worker_threads.h"
#include "worker_channel.h"
#include "worker_mem.h"
#include "worker_steps.h"
#include <objbase.h>
#include <string.h>

#define GRACE_MS 100 /* for threads that no step has joined */

/* What a new thread starts from; it frees this. */
struct thread_start {
    struct step_context context;
    enum apartment apartment;
    const json_t *steps;
};

bool apartment_parse(const char *name, enum apartment *out)
{
    if (name == NULL || strcmp(name, "mta") == 0)
        *out = APARTMENT_MTA;
    else if (strcmp(name, "sta") == 0)
        *out = APARTMENT_STA;
    else if (strcmp(name, "none") == 0)
        *out = APARTMENT_NONE;
    else
        return false;
    return true;
}

bool apartment_enter(enum apartment apartment)
{
    DWORD model = apartment == APARTMENT_STA ? COINIT_APARTMENTTHREADED : COINIT_MULTITHREADED;

    return apartment == APARTMENT_NONE || SUCCEEDED(CoInitializeEx(NULL, model));
}

void apartment_leave(enum apartment apartment)
{
    if (apartment != APARTMENT_NONE)
        CoUninitialize();
}

static DWORD WINAPI thread_main(void *argument)
{
    struct thread_start *start = argument;

    struct crash_mark *before = crash_thread_begin(&start->context.mark);

    if (apartment_enter(start->apartment)) {
        steps_run(&start->context, start->steps);
        ch_flush();
        apartment_leave(start->apartment);
    } else {
        program_defect(start->context.program, "COM cannot be initialised for a thread");
    }
    crash_thread_end(before);
    wmem_free(start);
    return 0;
}

bool thread_start(struct step_context *parent, const char *id, enum apartment apartment,
                  const json_t *steps)
{
    struct program *program = parent->program;
    struct threads *threads = &program->threads;
    struct thread_start *start = wmem_alloc(sizeof *start);
    HANDLE handle;

    start->context = *parent;
    start->context.sta = apartment == APARTMENT_STA;
    start->apartment = apartment;
    start->steps = steps;
    handle = CreateThread(NULL, 0, thread_main, start, 0, NULL);
    if (handle == NULL) {
        wmem_free(start);
        return false;
    }
    EnterCriticalSection(&program->lock);
    if (threads->count == threads->size) {
        threads->size = threads->size == 0 ? 8 : threads->size * 2;
        threads->list = wmem_grow(threads->list, threads->size * sizeof *threads->list);
    }
    threads->list[threads->count].id = id;
    threads->list[threads->count].handle = handle;
    threads->count++;
    LeaveCriticalSection(&program->lock);
    return true;
}

bool wait_pumping(HANDLE handle, DWORD ms, bool pump)
{
    DWORD handles = handle != NULL ? 1 : 0;
    ULONGLONG end = GetTickCount64() + ms;
    MSG message;

    if (!pump) {
        if (handle != NULL)
            return WaitForSingleObject(handle, ms) == WAIT_OBJECT_0;
        Sleep(ms);
        return false;
    }
    for (;;) {
        ULONGLONG now = GetTickCount64();
        DWORD left = now < end ? (DWORD)(end - now) : 0;
        DWORD woken = MsgWaitForMultipleObjects(handles, &handle, FALSE, left, QS_ALLINPUT);

        if (handles == 1 && woken == WAIT_OBJECT_0)
            return true;
        if (woken != WAIT_OBJECT_0 + handles)
            return false;
        while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE)) {
            TranslateMessage(&message);
            DispatchMessageW(&message);
        }
        if (handles == 0)
            return false;
    }
}

enum thread_joined thread_join(struct step_context *context, const char *id, DWORD ms)
{
    struct program *program = context->program;
    struct threads *threads = &program->threads;
    HANDLE handle = NULL;
    size_t k;

    EnterCriticalSection(&program->lock);
    for (k = threads->count; k > 0; k--) {
        if (threads->list[k - 1].handle != NULL && strcmp(threads->list[k - 1].id, id) == 0) {
            handle = threads->list[k - 1].handle;
            break;
        }
    }
    LeaveCriticalSection(&program->lock);
    if (handle == NULL)
        return THREAD_UNKNOWN;
    if (!wait_pumping(handle, ms, context->sta))
        return THREAD_TIMEOUT;
    EnterCriticalSection(&program->lock);
    CloseHandle(handle);
    threads->list[k - 1].handle = NULL;
    LeaveCriticalSection(&program->lock);
    return THREAD_JOINED;
}

unsigned threads_settle(struct threads *threads)
{
    ULONGLONG end = GetTickCount64() + GRACE_MS;
    unsigned left = 0;

    for (size_t k = 0; k < threads->count; k++) {
        ULONGLONG now = GetTickCount64();
        HANDLE handle = threads->list[k].handle;

        if (handle == NULL)
            continue;
        ch_flush();
        if (WaitForSingleObject(handle, now < end ? (DWORD)(end - now) : 0) != WAIT_OBJECT_0) {
            left++;
            continue;
        }
        CloseHandle(handle);
        threads->list[k].handle = NULL;
    }
    return left;
}

void threads_clear(struct threads *threads)
{
    wmem_free(threads->list);
    memset(threads, 0, sizeof *threads);
}
