/* What is known at a step while steps are read one after the other: variables, threads, labels.
 * Private to the model room. */
#ifndef VSSCTS_TBL_SCOPE_H
#define VSSCTS_TBL_SCOPE_H

#include "tbl_read.h"

/* Whose steps are read. */
enum tbl_steps_of { STEPS_OF_CASE, STEPS_OF_QUESTION, STEPS_OF_PREAMBLE, STEPS_OF_FINALLY };

struct tbl_var {
    const char *name;
    bool set;                          /* false: released since */
    bool any;                          /* a step that was wrong set it: nothing is known of it */
    enum param_kind kind;              /* of its value */
    const char *type;                  /* of an enum or structure */
    const struct api_interface *iface; /* of KIND_IFACE; NULL: not known from the tables */
    size_t thread;                     /* that set it: 0 is the case's own */
    bool lent;                         /* of the event whose steps are read */
};

/* A thread of the case, or an event of a writer in which steps run. */
struct tbl_thread {
    const char *id;    /* or name of the writer */
    const char *event; /* or NULL */
    size_t parent;
    bool joined;
};

/* A fixture writer that was started. */
struct tbl_writer {
    const char *name;
    bool process, stopped;
    const char *as; /* variable that holds its object, or NULL */
};

/* A label, and the step that has it: the same step may be read again. */
struct tbl_label {
    const char *text;
    const json_t *step;
};

struct tbl_scope {
    enum tbl_steps_of of;
    size_t var_count, var_cap;
    struct tbl_var *vars;
    size_t thread_count, thread_cap;
    struct tbl_thread *threads; /* number n is at n - 1 */
    size_t label_count, label_cap;
    struct tbl_label *labels;
    size_t writer_count, writer_cap;
    struct tbl_writer *writers;
    size_t thread;                          /* whose steps are read */
    unsigned depth;                         /* of steps in steps */
    bool in_event;                          /* they run in an event of a writer */
    bool open;                              /* the preamble is not known: any variable may be set */
    uint32_t needs;                         /* capabilities that the steps need */
    bool expects;                           /* one of the steps has an expectation */
    const struct string_list *requirements; /* of the case; NULL where it has none to name */
    const struct tbl_at *last_expect;       /* expectation of the last step, from a row; or NULL */
};

/* A scope that begins where another ended. */
struct tbl_scope tbl_scope_copy(struct tbl_ctx *ctx, const struct tbl_scope *scope);

/* From here on the variable has this value. */
void tbl_set_var(struct tbl_ctx *ctx, struct tbl_scope *scope, struct tbl_var var);

/* The variable, which must be set (emptied: it may be empty again). Complains at the place; NULL
 * where nothing is known of it. */
struct tbl_var *tbl_use_var(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                            const char *name, bool emptied);

/* The variable (NULL: none) is empty from here on. */
void tbl_empty_var(struct tbl_scope *scope, const char *name);

/* A thread begins, its steps are read next; it ends; it is waited for. */
void tbl_begin_thread(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                      const char *id);
void tbl_end_thread(struct tbl_scope *scope);
void tbl_join_thread(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                     const char *id);

/* The steps of an event of a writer are read next (tbl_end_thread() ends them): they run on a
 * thread of their own. */
void tbl_begin_event(struct tbl_ctx *ctx, struct tbl_scope *scope, const char *writer,
                     const char *event);

/* The writer has come back from the event: what its steps did can be seen. */
void tbl_join_event(struct tbl_scope *scope, const char *writer, const char *event);

/* In the steps of an event the variable holds what the handler got; it does no more. lend: false
 * where there is such a variable already; take back: false where a step has set it. */
bool tbl_lend_var(struct tbl_ctx *ctx, struct tbl_scope *scope, struct tbl_var var);
bool tbl_take_back_var(struct tbl_scope *scope, const char *name);

/* A writer is started; as: the variable that holds its object from now on, or NULL. */
void tbl_begin_writer(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                      const char *name, bool process, const char *as);

/* The writer of that name, which must have been started and, where `running`, not been stopped.
 * stops: it is stopped now. Complains at the place; NULL where nothing is known of it. */
const struct tbl_writer *tbl_use_writer(struct tbl_ctx *ctx, struct tbl_scope *scope,
                                        const struct tbl_at *at, const char *name, bool running,
                                        bool stops);

/* Takes the label for the step. Complains where another step of the case has it. */
void tbl_take_label(struct tbl_ctx *ctx, struct tbl_scope *scope, const struct tbl_at *at,
                    const char *label);

/* Letters, digits, '_' and '-', beginning with no digit and no '-'. */
bool tbl_is_var(const char *text);

#endif
