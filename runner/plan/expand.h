/* Expansion of one case into the program of docs/protocol.md. Private to the plan. */
#ifndef VSSCTS_EXPAND_H
#define VSSCTS_EXPAND_H

#include "plan.h"

/* What a preamble and those before it come to. They are the first steps of every case that begins
 * with it, and so the same in each: numbers included. Owned by the expansions. */
struct expand_prefix {
    bool made;
    char *text; /* its steps as JSON, with commas between them */
    size_t len;
    struct plan_step *steps;
    size_t step_count;
    bool uses_profile;
    const char *missing;
};

/* Expansions of the cases of some tables, one after the other. The first group is set by the
 * caller, the rest starts as zero and ends with expand_end(). */
struct expand {
    const struct tables *tables;
    const struct profile *profile; /* NULL: values of a profile stand as they do in the tables */
    enum arch arch;
    unsigned await_ms;
    struct cts_error *err; /* may be NULL */

    enum cts_status status; /* of the first failure; the expansion goes on and is thrown away */
    struct expand_prefix *prefixes; /* beside tables->preambles */

    /* of the last case */
    bool uses_profile;       /* a value of the profile stands in the program */
    const char *missing;     /* the value that the profile lacks ("@volume.2"), or NULL */
    struct plan_step *steps; /* by s; owned by whoever takes it */
    size_t step_count, step_cap;
    bool in_preamble, in_finally; /* of the steps that are being expanded */
    const struct preamble *preamble;
    const struct step *script; /* in whose event they run, or NULL */
};

/* The program of a case as JSON text: compact, sorted keys. Freed by the caller with free(); so is
 * expand->steps. NULL: see status (CTS_NOMEM, or CTS_BAD_FILE where the tables cannot be
 * expanded, with err saying where). */
char *expand_case(struct expand *expand, const struct test_case *test);

/* Frees what was kept between the cases. */
void expand_end(struct expand *expand);

/* One step, with the steps in it, which get their numbers: a new reference. */
json_t *expand_step(struct expand *expand, const struct step *step);

/* How the worker sees that an operation has ended, before it releases a variable that holds one: a
 * new reference; NULL where the tables do not know IVssAsync. */
json_t *expand_settle(struct expand *expand);

/* The arguments of a call: a new reference; NULL: no memory. args, the object of the tables, may be
 * NULL. */
json_t *expand_args(struct expand *expand, const struct step *step, const struct api_method *method,
                    const json_t *args);

/* The machine value of an `in` argument that is no variable, by the kind of the parameter: a new
 * reference, or NULL (see status). */
json_t *expand_value(struct expand *expand, const struct step *step, const struct api_param *param,
                     const json_t *value);

/* The keys of a step about a fixture writer. */
void expand_writer(struct expand *expand, const struct step *step, json_t *object);

/* The keys of a step `identity`. */
void expand_identity(struct expand *expand, const struct step *step, json_t *object);

/* Sets a key to a new reference, which it takes; notes a lack of memory. */
void expand_set(struct expand *expand, json_t *object, const char *key, json_t *value);

/* The same for the end of a list. */
void expand_append(struct expand *expand, json_t *array, json_t *value);

/* Notes a lack of memory. */
void expand_no_memory(struct expand *expand);

/* Notes a failure of the tables and its place. Always returns NULL. */
json_t *expand_fail(struct expand *expand, const struct where *where, const char *fmt, ...)
    CTS_PRINTF(3, 4);

#endif
