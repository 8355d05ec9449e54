/* Threads of a program, each with an apartment of its own. */
#ifndef VSSCTS_WORKER_THREADS_H
#define VSSCTS_WORKER_THREADS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <windows.h>

struct step_context;

struct thread_entry {
    const char *id; /* borrowed from the program */
    HANDLE handle;  /* NULL once joined */
};

struct threads {
    struct thread_entry *list;
    size_t count, size;
};

enum apartment { APARTMENT_NONE, APARTMENT_MTA, APARTMENT_STA };

/* "mta", "sta", "none"; NULL is "mta". False: no such apartment. */
bool apartment_parse(const char *name, enum apartment *out);

/* CoInitializeEx for the calling thread; false: refused. Leave what was entered. */
bool apartment_enter(enum apartment apartment);
void apartment_leave(enum apartment apartment);

/* Starts a thread that runs steps. False: it could not be started. */
bool thread_start(struct step_context *parent, const char *id, enum apartment apartment,
                  const json_t *steps);

enum thread_joined { THREAD_JOINED, THREAD_TIMEOUT, THREAD_UNKNOWN };

/* Waits until the last thread of that id has ended, at most ms, pumping messages in an STA. */
enum thread_joined thread_join(struct step_context *context, const char *id, DWORD ms);

/* At the end: gives all threads together a short grace. Returns how many still run. */
unsigned threads_settle(struct threads *threads);

void threads_clear(struct threads *threads);

/* Waits until the handle (or NULL: none) is signalled, at most ms; messages are pumped where
 * `pump`. True: signalled. */
bool wait_pumping(HANDLE handle, DWORD ms, bool pump);

#endif
