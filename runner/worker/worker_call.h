/* Calls into the implementation: words, time, results. */
#ifndef VSSCTS_WORKER_CALL_H
#define VSSCTS_WORKER_CALL_H

#include "worker_callconv.h"
#include "worker_fence.h"
#include "worker_program.h"

#define CALL_ARGS_MAX 24
#define CALL_UNKNOWN_MAX 15

enum value_kind {
#define X(id, name, pointer) VALUE_##id,
#include "../model/kinds.def"
#undef X
    VALUE_KINDS
};

/* An out or inout parameter that is not NULL. */
struct out_param {
    const json_t *arg; /* in the program */
    const char *name;
    enum value_kind kind;
    struct fence *fence;
    size_t size;
    uint8_t before[16]; /* inout, and an out that is zero before: the value that was passed */
    bool inout;
    unsigned unknown; /* of an interface: pointers before that of its IUnknown */
};

/* A call in the making. */
struct call_frame {
    struct program *program;
    struct call_words words;
    struct fence *fences[2 * CALL_ARGS_MAX]; /* all of the call, also those of outs */
    size_t fence_count;
    struct out_param outs[CALL_ARGS_MAX];
    size_t out_count;
    const char *empty; /* variable that an argument needs and that is empty, or NULL */
    size_t text_left;  /* units of text that may still go into the event */
};

struct call_result {
    uint32_t value;
    long stack;
    int64_t us;
};

/* The kind of that name, VALUE_KINDS where there is none. */
enum value_kind value_kind_parse(const char *name);

/* Makes words, buffers and outs from the program's `args`. Under the program's lock. False: the
 * call cannot be made; either frame->empty is set or the program has a defect. */
bool value_in_args(struct call_frame *frame, const json_t *args);

/* A fence that call_frame_end gives back. */
struct fence *call_fence(struct call_frame *frame, size_t size, size_t align);

/* Gives all buffers back. */
void call_frame_end(struct call_frame *frame);

/* Size in bytes of an out value of that parameter, 0 where it has none. */
size_t value_out_size(enum value_kind kind, const json_t *arg);

/* Reads what the call has written into `out` of the event. success: values may be kept and must be
 * freed; after a failed call they are only shown. of: number of the object whose QueryInterface was
 * called, or 0. Takes the program's lock. */
void value_out_all(struct call_frame *frame, json_t *event, bool success, int of);

/* Makes the call. */
void call_invoke(const void *function, const struct call_words *words, struct call_result *result);

/* The method in a slot. A vtable that cannot be read is told as a crash; does not return then. */
const void *call_slot(void *object, unsigned slot);

/* Slot 1 or 2 of an IUnknown. */
uint32_t call_refcount(void *unknown, unsigned slot, int64_t *us);

/* Frees the strings of structures that a call has written; arg describes them. */
void value_free_struct(const uint8_t *data, size_t length, const json_t *arg);

/* The steps `export`, `lookup` and `call`. */
struct outcome;
void call_step_export(struct step_context *context, const json_t *step, json_t *event,
                      struct outcome *outcome);
void call_step_lookup(struct step_context *context, const json_t *step, json_t *event,
                      struct outcome *outcome);
void call_step_method(struct step_context *context, const json_t *step, json_t *event,
                      struct outcome *outcome);

#endif
