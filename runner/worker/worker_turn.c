#include "worker_turn.h"
#include "worker_channel.h"
#include "worker_mem.h"
#include "worker_rounds.h"
#include "worker_steps.h"
#include <string.h>

void turns_init(struct writer_turns *turns, struct program *program)
{
    turns->program = program;
    turns->closed = false;
    InitializeCriticalSection(&turns->lock);
}

void turns_clear(struct writer_turns *turns)
{
    DeleteCriticalSection(&turns->lock);
}

static void lend(struct vars *vars, const char *name, void *object)
{
    const struct var_value value = {.kind = VAR_IFACE, .pointer = object, .borrowed = true};

    if (object != NULL)
        vars_set(vars, name, &value);
}

/* The thread is the implementation's: it may run steps already, where a step's call came round to
 * the handler. */
static void run(struct program *program, const struct fixture_turn *turn, struct vars *lent)
{
    struct step_context *context = wmem_alloc(sizeof *context);
    struct crash_mark *before;

    context->program = program;
    context->lent = lent;
    context->round = rounds_number(program->rounds);
    before = crash_thread_begin(&context->mark);
    steps_run(context, turn->steps);
    ch_flush();
    crash_thread_end(before);
    wmem_free(context);
}

void turns_act(void *turns, const struct fixture_turn *turn)
{
    struct writer_turns *own = turns;
    const bool identify = strcmp(turn->event, "Identify") == 0;
    struct vars lent = {0};

    lend(&lent, "writer", turn->writer);
    lend(&lent, identify ? "metadata" : "components", turn->given);
    EnterCriticalSection(&own->lock);
    if (!own->closed)
        run(own->program, turn, &lent);
    LeaveCriticalSection(&own->lock);
    vars_clear(&lent);
}

void turns_close(struct writer_turns *turns)
{
    EnterCriticalSection(&turns->lock);
    turns->closed = true;
    LeaveCriticalSection(&turns->lock);
}
