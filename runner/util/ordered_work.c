#include "ordered_work.h"

#include <uv.h>

#define THREADS_MAX 8 /* one thread takes all that is made: more would wait for it */
#define AHEAD 4       /* items a thread that are made and not taken, at most */
#define SLOTS (THREADS_MAX * AHEAD)

struct crew {
    const struct ordered_work *work;
    uv_mutex_t lock; /* of all below */
    uv_cond_t changed;
    size_t next;   /* to be made */
    size_t taken;  /* all items before it are */
    size_t window; /* items behind `taken` that may be made */
    bool over;     /* no more is wanted */
    struct {
        bool ready;
        void *made;
    } slots[SLOTS]; /* by item */
};

/* The next item that may be made. False: none now. Under the lock. */
static bool pick(struct crew *crew, size_t *item)
{
    const bool any =
        !crew->over && crew->next < crew->work->count && crew->next < crew->taken + crew->window;
    *item = crew->next;
    crew->next += any;
    return any;
}

/* Makes an item, and lets the lock go meanwhile. */
static void make(struct crew *crew, void *worker, size_t item)
{
    uv_mutex_unlock(&crew->lock);
    void *made = crew->work->make(crew->work->context, worker, item);
    uv_mutex_lock(&crew->lock);
    crew->slots[item % SLOTS].made = made;
    crew->slots[item % SLOTS].ready = true;
    uv_cond_broadcast(&crew->changed);
}

static void *worker_new(const struct ordered_work *work)
{
    return work->worker_new != NULL ? work->worker_new(work->context) : NULL;
}

static void worker_free(const struct ordered_work *work, void *worker)
{
    if (work->worker_free != NULL) {
        work->worker_free(work->context, worker);
    }
}

static void help(void *context)
{
    struct crew *crew = context;
    void *worker = worker_new(crew->work);
    size_t item;
    uv_mutex_lock(&crew->lock);
    while (!crew->over && crew->next < crew->work->count) {
        if (pick(crew, &item)) {
            make(crew, worker, item);
        } else {
            uv_cond_wait(&crew->changed, &crew->lock);
        }
    }
    uv_mutex_unlock(&crew->lock);
    worker_free(crew->work, worker);
}

/* Takes the item that is next, and lets the lock go meanwhile. */
static void take(struct crew *crew)
{
    const size_t item = crew->taken;
    void *made = crew->slots[item % SLOTS].made;
    crew->slots[item % SLOTS].ready = false;
    uv_mutex_unlock(&crew->lock);
    const bool more = crew->work->take(crew->work->context, item, made);
    uv_mutex_lock(&crew->lock);
    crew->taken++;
    crew->over = crew->over || !more;
    uv_cond_broadcast(&crew->changed);
}

/* The part of the thread that asked: it takes what is ready, else it makes something itself. */
static void lead(struct crew *crew)
{
    void *worker = worker_new(crew->work);
    size_t item;
    uv_mutex_lock(&crew->lock);
    while (!crew->over && crew->taken < crew->work->count) {
        if (crew->slots[crew->taken % SLOTS].ready) {
            take(crew);
        } else if (pick(crew, &item)) {
            make(crew, worker, item);
        } else {
            uv_cond_wait(&crew->changed, &crew->lock);
        }
    }
    crew->over = true;
    uv_cond_broadcast(&crew->changed);
    uv_mutex_unlock(&crew->lock);
    worker_free(crew->work, worker);
}

/* One thread, which needs no lock. */
static void alone(const struct ordered_work *work)
{
    void *worker = worker_new(work);
    for (size_t i = 0; i < work->count; i++) {
        if (!work->take(work->context, i, work->make(work->context, worker, i))) {
            break;
        }
    }
    worker_free(work, worker);
}

static void together(struct crew *crew, size_t wanted)
{
    uv_thread_t threads[THREADS_MAX];
    size_t count = 0;
    crew->window = (wanted + 1) * AHEAD;
    while (count < wanted && uv_thread_create(&threads[count], help, crew) == 0) {
        count++;
    }
    lead(crew);
    while (count > 0) {
        uv_thread_join(&threads[--count]);
    }
    for (size_t i = 0; i < SLOTS; i++) {
        if (crew->slots[i].ready) {
            crew->work->drop(crew->work->context, crew->slots[i].made);
        }
    }
}

void ordered_work_run(const struct ordered_work *work)
{
    struct crew crew = {.work = work};
    size_t threads = uv_available_parallelism();
    threads = threads < THREADS_MAX ? threads : THREADS_MAX;
    threads = threads < work->count ? threads : work->count;
    if (threads < 2 || uv_mutex_init(&crew.lock) != 0) {
        alone(work);
        return;
    }
    if (uv_cond_init(&crew.changed) != 0) {
        alone(work);
    } else {
        together(&crew, threads - 1);
        uv_cond_destroy(&crew.changed);
    }
    uv_mutex_destroy(&crew.lock);
}
