#include "writer_log.h"
#include <string.h>

/* What is kept of one writer, since a line of the channel has its limit: so many events, so many
 * bytes of them with all facts; later ones are told by their names alone. */
#define EVENTS_MAX 2000
#define BYTES_MAX ((size_t)1 << 19)

/* Only what every event has, where there is no room for more. */
static json_t *cut_to_size(struct writer_log *log, json_t *event)
{
    json_t *cut;

    log->bytes += json_dumpb(event, NULL, 0, JSON_COMPACT);
    if (log->bytes <= BYTES_MAX)
        return event;
    cut = json_pack("{s:O, s:O, s:O, s:b}", "n", json_object_get(event, "n"), "thread",
                    json_object_get(event, "thread"), "event", json_object_get(event, "event"),
                    "cut", 1);
    json_decref(event);
    return cut;
}

static void entered(void *context, json_t *event)
{
    struct writer_log *log = context;

    EnterCriticalSection(&log->lock);
    if (json_array_size(log->events) < EVENTS_MAX)
        json_array_append_new(log->events, cut_to_size(log, event));
    else
        json_decref(event);
    SetEvent(log->changed);
    LeaveCriticalSection(&log->lock);
}

static void left(void *context, json_t *more)
{
    struct writer_log *log = context;
    const json_int_t number = json_integer_value(json_object_get(more, "n"));

    EnterCriticalSection(&log->lock);
    for (size_t k = json_array_size(log->events); k > 0; k--) {
        json_t *event = json_array_get(log->events, k - 1);

        if (json_integer_value(json_object_get(event, "n")) == number) {
            json_object_update(event, more);
            break;
        }
    }
    json_decref(more);
    SetEvent(log->changed);
    LeaveCriticalSection(&log->lock);
}

static void dying(void *context, const char *how)
{
    struct writer_log *log = context;

    EnterCriticalSection(&log->lock);
    log->ended = strcmp(how, "crash") == 0 ? "crash" : "exit";
    SetEvent(log->changed);
    LeaveCriticalSection(&log->lock);
}

void writer_log_init(struct writer_log *log)
{
    InitializeCriticalSection(&log->lock);
    log->changed = CreateEventW(NULL, TRUE, FALSE, NULL);
    log->events = json_array();
    log->bytes = 0;
    log->lost = NULL;
    log->ended = NULL;
}

void writer_log_clear(struct writer_log *log)
{
    json_decref(log->events);
    json_decref(log->lost);
    CloseHandle(log->changed);
    DeleteCriticalSection(&log->lock);
}

struct fixture_sink writer_log_sink(struct writer_log *log)
{
    return (struct fixture_sink){log, entered, left, dying, NULL, NULL};
}

void writer_log_lost(struct writer_log *log, json_t *text)
{
    EnterCriticalSection(&log->lock);
    if (log->lost == NULL && log->ended == NULL)
        log->lost = text;
    else
        json_decref(text);
    SetEvent(log->changed);
    LeaveCriticalSection(&log->lock);
}

bool writer_log_reached(struct writer_log *log, const char *event, json_int_t times, bool returned,
                        bool *ended)
{
    json_int_t seen = 0;

    EnterCriticalSection(&log->lock);
    for (size_t k = 0; k < json_array_size(log->events); k++) {
        const json_t *one = json_array_get(log->events, k);
        const char *name = json_string_value(json_object_get(one, "event"));

        seen += name != NULL && strcmp(name, event) == 0 &&
                (!returned || json_object_get(one, "returned") != NULL);
    }
    *ended = log->lost != NULL || log->ended != NULL;
    if (seen < times)
        ResetEvent(log->changed);
    LeaveCriticalSection(&log->lock);
    return seen >= times;
}

bool writer_log_show(struct writer_log *log, json_t *message, bool events)
{
    bool lost;

    EnterCriticalSection(&log->lock);
    lost = log->lost != NULL;
    if (events)
        json_object_set_new(message, "events", json_deep_copy(log->events));
    if (lost)
        json_object_set_new(message, "lost", json_deep_copy(log->lost));
    if (log->ended != NULL)
        json_object_set_new(message, "ended", json_string(log->ended));
    LeaveCriticalSection(&log->lock);
    return lost;
}
