/* How long something may take. At the soft deadline it is noted, at the hard one it is stopped. */
#ifndef VSSCTS_DEADLINE_H
#define VSSCTS_DEADLINE_H

#include <stdbool.h>
#include <uv.h>

struct deadline {
    uv_timer_t timer; /* its data is the deadline */
    uint64_t rest_ms; /* between soft and hard */
    int stage;
    void *context;
    void (*soft)(void *context); /* or NULL */
    void (*hard)(void *context);
};

/* The loop must outlive the deadline. */
void deadline_init(struct deadline *deadline, uv_loop_t *loop, void *context);

/* Begins, in place of what ran before. soft (or NULL) is called after soft_ms, hard after hard_ms;
 * each once. */
void deadline_start(struct deadline *deadline, uint64_t soft_ms, uint64_t hard_ms,
                    void (*soft)(void *context), void (*hard)(void *context));
void deadline_stop(struct deadline *deadline);

/* Ends it for good; closed is called with the timer (its data is the deadline) later on. */
void deadline_close(struct deadline *deadline, uv_close_cb closed);

#endif
