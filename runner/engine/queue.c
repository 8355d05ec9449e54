#include "queue.h"
#include <stdlib.h>
#include <string.h>

/* Number of the list: bit 0 exclusive, bit 1 fresh. */
static int list_of(const struct queue_item *item)
{
    return (item->exclusive ? 1 : 0) | (item->fresh ? 2 : 0);
}

static void append(struct queue *queue, const struct plan_case *planned, unsigned attempt,
                   bool isolate)
{
    size_t number = queue->count++;
    struct queue_item *item = &queue->items[number];
    item->planned = planned;
    item->attempt = attempt;
    item->exclusive = planned->test->exclusive;
    item->fresh = isolate || planned->test->fresh || attempt > 1;
    item->next = QUEUE_NONE;
    int list = list_of(item);
    if (queue->last[list] == QUEUE_NONE) {
        queue->first[list] = number;
    } else {
        queue->items[queue->last[list]].next = number;
    }
    queue->last[list] = number;
}

bool queue_init(struct queue *queue, const struct plan *plan, const struct eng_options *options)
{
    const struct eng_earlier *earlier = options->earlier;
    memset(queue, 0, sizeof *queue);
    for (int list = 0; list < 4; list++) {
        queue->first[list] = queue->last[list] = QUEUE_NONE;
    }
    const unsigned *again = earlier && !options->no_retry ? earlier->again : NULL;
    size_t most = 0;
    for (size_t i = 0; i < plan->count; i++) {
        most += plan->cases[i].skip ? 0 : options->repeat + (again ? again[i] : 0);
    }
    queue->items = calloc(most + 1, sizeof *queue->items);
    if (!queue->items) {
        return false;
    }
    for (size_t i = 0; again && i < plan->count; i++) {
        for (unsigned k = 0; !plan->cases[i].skip && k < again[i]; k++) {
            append(queue, &plan->cases[i], 2, true);
        }
    }
    for (unsigned round = 0; round < options->repeat; round++) {
        for (size_t i = 0; i < plan->count; i++) {
            if (!plan->cases[i].skip && round >= (earlier ? earlier->ended[i] : 0)) {
                append(queue, &plan->cases[i], 1, options->isolate);
            }
        }
    }
    queue->pending = queue->count;
    return true;
}

void queue_free(struct queue *queue)
{
    free(queue->items);
    memset(queue, 0, sizeof *queue);
}

static bool may_run(int list, const struct queue_allowed *allowed)
{
    bool exclusive = list & 1;
    bool fresh = list & 2;
    return (!exclusive || allowed->exclusive) && (fresh ? allowed->fresh : allowed->shared);
}

size_t queue_take(struct queue *queue, const struct queue_allowed *allowed)
{
    int best = -1;
    for (int list = 0; list < 4; list++) {
        bool candidate = queue->first[list] != QUEUE_NONE &&
                         (allowed->strict || may_run(list, allowed)) &&
                         (best < 0 || queue->first[list] < queue->first[best]);
        best = candidate ? list : best;
    }
    if (best < 0 || !may_run(best, allowed)) {
        return QUEUE_NONE;
    }
    size_t number = queue->first[best];
    queue->first[best] = queue->items[number].next;
    if (queue->first[best] == QUEUE_NONE) {
        queue->last[best] = QUEUE_NONE;
    }
    queue->pending--;
    return number;
}

void queue_put_back(struct queue *queue, size_t number)
{
    struct queue_item *item = &queue->items[number];
    int list = list_of(item);
    item->next = queue->first[list];
    queue->first[list] = number;
    if (queue->last[list] == QUEUE_NONE) {
        queue->last[list] = number;
    }
    queue->pending++;
}

void queue_again(struct queue *queue, size_t number)
{
    queue->items[number].fresh = true;
    queue->items[number].attempt++;
    queue_put_back(queue, number);
}

bool queue_has_shared(const struct queue *queue)
{
    return queue->first[0] != QUEUE_NONE || queue->first[1] != QUEUE_NONE;
}
