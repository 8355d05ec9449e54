/* The exception filter: says in one line of the channel what crashed, where and in which step, then
 * ends the process. */
#ifndef VSSCTS_WORKER_CRASH_H
#define VSSCTS_WORKER_CRASH_H

#include <stdbool.h>
#include <windows.h>

/* Which step a thread is in. Belongs to the thread; var (or NULL) must live as long as it is set.
 */
struct crash_mark {
    bool begun;
    int s;
    unsigned round;  /* 0: not in a repeat */
    const char *var; /* of a teardown */
};

/* Installs the filter for the process. Once, on the main thread. */
void crash_init(void);

/* Makes the calling thread one that runs steps: keeps stack back for the filter, and lets it find
 * the thread's step. mark must live until crash_thread_end(). Returns what the thread had before,
 * for crash_thread_end(). */
struct crash_mark *crash_thread_begin(struct crash_mark *mark);
void crash_thread_end(struct crash_mark *before);

/* No step is under way any more, on no thread. */
void crash_program_end(void);

/* Notes the step that the calling thread begins. */
void crash_mark_set(struct crash_mark *mark, int s, unsigned round, const char *var);

/* Puts the filter back where the implementation has replaced it; before every call. */
void crash_rearm(void);

/* Around the mapping of the implementation, on the thread that does it. name: of its file, without
 * the folder; it stands for a copy of that file in messages too.
 *
 * The system catches what DllMain raises and lets the mapping fail with an error made from the
 * code. Where that is what happened, crash_load_end tells it as the crash that it was and does not
 * return. module is NULL, and error Win32's, where the mapping failed. */
void crash_load_begin(const wchar_t *name);
void crash_load_end(HMODULE module, size_t size, DWORD error);

/* Tells of a read at `target` that was not made because it would crash, as a crash of the step.
 * Does not return. */
void crash_report_read(const void *target);

#endif
