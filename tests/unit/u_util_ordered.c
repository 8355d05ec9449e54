/* ordered_work: all is made once, and taken in order, by one thread. */
#include "../../runner/util/ordered_work.h"
#include "cu_run.h"

#include <stdint.h>
#include <uv.h>

#define ITEMS 1000

struct counts {
    size_t taken, dropped;
    size_t stop;  /* taking ends with this item */
    size_t wrong; /* taken out of order, or by another thread */
    uv_thread_t leader;
    uv_mutex_t lock; /* of what follows */
    size_t made, workers, ended;
};

static void count(struct counts *counts, size_t *number)
{
    uv_mutex_lock(&counts->lock);
    ++*number;
    uv_mutex_unlock(&counts->lock);
}

static void *worker_new(void *context)
{
    struct counts *counts = context;
    count(counts, &counts->workers);
    return calloc(1, sizeof(size_t));
}

static void worker_free(void *context, void *worker)
{
    struct counts *counts = context;
    count(counts, &counts->ended);
    free(worker);
}

static void *make(void *context, void *worker, size_t item)
{
    struct counts *counts = context;
    size_t *made = malloc(sizeof *made);
    ++*(size_t *)worker; /* no other thread does */
    *made = item;
    count(counts, &counts->made);
    return made;
}

static bool take(void *context, size_t item, void *made)
{
    struct counts *counts = context;
    const uv_thread_t self = uv_thread_self();
    counts->wrong += item != counts->taken++ || *(size_t *)made != item ||
                     !uv_thread_equal(&self, &counts->leader);
    free(made);
    return item != counts->stop;
}

static void drop(void *context, void *made)
{
    struct counts *counts = context;
    counts->dropped++;
    free(made);
}

static struct counts run(size_t items, size_t stop)
{
    struct counts counts = {.stop = stop, .leader = uv_thread_self()};
    const struct ordered_work work = {items, &counts, worker_new, worker_free, make, take, drop};
    CU_ASSERT_EQUAL_FATAL(uv_mutex_init(&counts.lock), 0);
    ordered_work_run(&work);
    uv_mutex_destroy(&counts.lock);
    CU_ASSERT_EQUAL(counts.wrong, 0);
    CU_ASSERT_EQUAL(counts.workers, counts.ended);
    CU_ASSERT_EQUAL(counts.made, counts.taken + counts.dropped);
    return counts;
}

static void test_all(void)
{
    static const size_t sizes[] = {0, 1, 2, 33, ITEMS};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const struct counts counts = run(sizes[i], SIZE_MAX);
        CU_ASSERT_EQUAL(counts.taken, sizes[i]);
        CU_ASSERT_EQUAL(counts.dropped, 0);
    }
}

static void test_stop(void)
{
    static const size_t stops[] = {0, 1, 40, ITEMS - 1};
    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) {
        CU_ASSERT_EQUAL(run(ITEMS, stops[i]).taken, stops[i] + 1);
    }
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"all items", test_all},
        {"taking ends early", test_stop},
        CU_TEST_INFO_NULL,
    };
    return cu_run("util: work taken in order", tests);
}
