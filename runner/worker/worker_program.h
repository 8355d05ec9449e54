/* A program while it runs (docs/protocol.md). */
#ifndef VSSCTS_WORKER_PROGRAM_H
#define VSSCTS_WORKER_PROGRAM_H

#include "worker_crash.h"
#include "worker_objects.h"
#include "worker_threads.h"
#include "worker_vars.h"
#include <jansson.h>
#include <stdbool.h>

/* One for the running program, shared by its threads. */
struct program {
    const json_t *json;
    HMODULE module;        /* the implementation */
    double scale;          /* of the deadlines */
    CRITICAL_SECTION lock; /* of vars, objects, threads and the list of writers */
    struct vars vars;
    struct objects objects;
    struct threads threads;
    struct writer_entry *writers; /* fixture writers, the newest first (worker_writer.c) */
    struct rounds *rounds;        /* where it is run again and again (worker_rounds.c), or NULL */
    bool each;                    /* of many allocations each one fails, not only some */
    volatile LONG stopped;        /* a `need` was not met */
    const char *volatile defect;  /* what is wrong with the program, or NULL: our defect */
};

/* What a thread that runs steps has for itself. */
struct step_context {
    struct program *program;
    struct crash_mark mark;
    unsigned round;    /* of the innermost repeat, from 1, or of the program; 0 outside */
    bool sta;          /* waits must pump messages */
    bool in_finally;   /* goes on whatever was stopped */
    struct vars *lent; /* variables of these steps alone, looked for first; or NULL */
};

/* Runs a program with the implementation in module, and answers with `done`. The deadlines of its
 * steps are taken times scale. each: where allocations fail one by one, each of them does. False:
 * threads were left behind, or the program was malformed; the worker must end without touching
 * anything. */
bool program_run(const json_t *json, json_int_t seq, double scale, bool each, HMODULE module);

/* A time of so many ms on this machine. */
unsigned program_scaled(const struct program *program, json_int_t time);

/* How long an await or a join may take, in ms. */
unsigned program_ms(const struct program *program, const json_t *step);

/* Notes a defect of the program (static text) and stops it. */
void program_defect(struct program *program, const char *text);

/* Gives back what a variable held: releases an interface, frees the strings of a struct. Returns
 * the count of Release, 0 for what is no interface. *us (may be NULL): how long Release took. */
uint32_t program_discard(struct program *program, struct var_value *value, int64_t *us);

/* Releases the interface in value once. Returns the count; at 0 its number is not used again. */
uint32_t program_release(struct program *program, const struct var_value *value, int64_t *us);

/* Adds "object" and, where there is one, "of" to an event. */
void program_add_object(json_t *event, const struct object *object);

#endif
