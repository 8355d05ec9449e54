#include "worker_log.h"
#include <stdio.h>
#include <string.h>

void worker_flush_output(struct worker *worker)
{
    if (!worker->shared->journal->open || worker->output_total == 0) {
        return; /* before the header it is kept */
    }
    json_t *event = journal_event(worker->shared->journal, "output");
    bool right =
        event && json_object_set_new(event, "worker", json_integer(worker->number)) == 0 &&
        (!worker->exec ||
         json_object_set_new(event, "run", json_integer(worker->exec->what.run)) == 0) &&
        json_object_set_new(
            event, "text", msg_clean_text(worker->output, worker->output_len, WORKER_OUTPUT_MAX)) ==
            0 &&
        (worker->output_total == worker->output_len ||
         json_object_set_new(event, "cut", json_integer((json_int_t)worker->output_total)) == 0);
    if (!right) {
        json_decref(event);
        event = NULL;
    }
    worker->output_len = worker->output_total = 0;
    journal_emit(worker->shared->journal, event);
}

void worker_output_came(void *context, const char *data, size_t len)
{
    struct worker *worker = context;
    size_t room = WORKER_OUTPUT_MAX - worker->output_len;
    size_t kept = len < room ? len : room;
    memcpy(worker->output + worker->output_len, data, kept);
    worker->output_len += kept;
    worker->output_total += len;
}

void worker_log_life(struct worker *worker, const char *what)
{
    json_t *event = journal_event(worker->shared->journal, "worker");
    uint64_t us = (uv_hrtime() - worker->started) / 1000;
    if (!event || json_object_set_new(event, "worker", json_integer(worker->number)) != 0 ||
        json_object_set_new(event, "what", json_string(what)) != 0 ||
        json_object_set_new(event, "us", json_integer((json_int_t)us)) != 0) {
        json_decref(event);
        event = NULL;
    }
    if (worker->shared->journal->open) {
        journal_emit(worker->shared->journal, event);
    } else {
        json_decref(event);
    }
}

void worker_first_line(const struct worker *worker, char *line, size_t size)
{
    json_t *clean = msg_clean_text(worker->output, worker->output_len, size / 4);
    const char *text = clean ? json_string_value(clean) : "";
    snprintf(line, size, "%.*s", (int)strcspn(text, "\n"), text);
    json_decref(clean);
}
