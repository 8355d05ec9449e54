/* The steps of an execution, and its end, as a report tells them: in an order that is the same in
 * each run, with ids, times, addresses and devices masked, and with what the tables call them. */
#ifndef VSSCTS_REPORT_STEPS_H
#define VSSCTS_REPORT_STEPS_H

#include "../judge/event_reader.h"
#include "../plan/plan.h"
#include "../util/json_emit.h"
#include "guid_mask.h"
#include "renumber.h"
#include "step_words.h"

enum steps_form {
    STEPS_REPORT,  /* as they ended, with what is volatile: the report */
    STEPS_TRACE,   /* the same without it, and with what was expected: pages */
    STEPS_ANSWERS, /* in the order of the program, without it: to hold against another run */
    STEPS_BARE     /* the same without titles and labels, which the tables may change */
};

struct placed_step {
    const struct jv *event;
    json_int_t s; /* that it is sorted by */
    const char *var;
    size_t place;
};

/* What one thread tells steps with. Starts with steps_init(), ends with steps_free(). */
struct report_steps {
    enum steps_form form;
    struct json_emit *emit; /* borrowed */
    const struct plan_case
        *planned;                 /* of the execution; NULL: of none, or the program has changed */
    const struct jv *begin, *end; /* its events, or NULL */
    size_t count, cap;
    struct placed_step *items; /* in the order in which they are told */
    struct guid_mask mask;
    struct renumber numbers;
    struct step_words_cache *words;
    struct str_buf text; /* that is masked */
};

/* False: no memory; steps_free() all the same. */
bool steps_init(struct report_steps *steps, enum steps_form form, struct json_emit *emit);
void steps_free(struct report_steps *steps);

/* Takes the events that the reader has, which must not go on before all is told. planned: as the
 * case is planned now, or NULL. False: no memory. */
bool steps_take(struct report_steps *steps, const struct event_reader *reader,
                const struct plan_case *planned);

/* Tells one step as an object; each once, in their order, from 0: they number what they name. */
void steps_put(struct report_steps *steps, size_t number);

/* How long the step took: a number, or NULL. */
const struct jv *steps_us(const struct report_steps *steps, size_t number);

/* Tells how the execution ended, as a member or (NULL) a value of its own; nothing where it did
 * not.
 */
void steps_put_end(struct report_steps *steps, const char *key);

#endif
