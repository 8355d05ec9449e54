#include "deadline.h"

/* Timers run before pipes are read. Where the engine itself was stopped for a while (Ctrl-Z, a
 * laptop that slept), the answer that came in time still waits in the pipe: it gets this long to be
 * read before the hard deadline counts. */
#define READ_MS 20

enum { STAGE_SOFT, STAGE_HARD, STAGE_LAST };

void deadline_init(struct deadline *deadline, uv_loop_t *loop, void *context)
{
    uv_timer_init(loop, &deadline->timer);
    deadline->timer.data = deadline;
    deadline->context = context;
}

static void expired(uv_timer_t *timer)
{
    struct deadline *deadline = timer->data;
    switch (deadline->stage) {
    case STAGE_SOFT:
        deadline->stage = STAGE_HARD;
        uv_timer_start(timer, expired, deadline->rest_ms, 0);
        deadline->soft(deadline->context);
        break;
    case STAGE_HARD:
        deadline->stage = STAGE_LAST;
        uv_timer_start(timer, expired, READ_MS, 0);
        break;
    default:
        deadline->hard(deadline->context);
        break;
    }
}

void deadline_start(struct deadline *deadline, uint64_t soft_ms, uint64_t hard_ms,
                    void (*soft)(void *context), void (*hard)(void *context))
{
    bool noted = soft && soft_ms < hard_ms;
    deadline->soft = soft;
    deadline->hard = hard;
    deadline->stage = noted ? STAGE_SOFT : STAGE_HARD;
    deadline->rest_ms = noted ? hard_ms - soft_ms : 0;
    uv_timer_start(&deadline->timer, expired, noted ? soft_ms : hard_ms, 0);
}

void deadline_stop(struct deadline *deadline)
{
    uv_timer_stop(&deadline->timer);
}

void deadline_close(struct deadline *deadline, uv_close_cb closed)
{
    uv_close((uv_handle_t *)&deadline->timer, closed);
}
