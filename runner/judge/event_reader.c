#include "event_reader.h"

#include "../util/mem_grow.h"
#include "lookup.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX ((size_t)1 << 30) /* of all lines of an execution */

struct event_reader {
    const struct judged_run *run;
    struct str_buf text; /* the lines, each with a terminator */
    struct jv_doc doc;
    size_t count, cap;
    size_t *numbers; /* of the events in the doc; of the lines in the text before */
    struct lookup_window window;
};

struct event_reader *events_open(const struct judged_run *run)
{
    struct event_reader *reader = mem_zeroed(1, sizeof *reader);
    if (reader != NULL) {
        reader->run = run;
        sb_init(&reader->text, TEXT_MAX);
    }
    return reader;
}

void events_close(struct event_reader *reader)
{
    if (reader != NULL) {
        sb_free(&reader->text);
        jv_free(&reader->doc);
        free(reader->numbers);
        free(reader);
    }
}

static bool add_number(struct event_reader *reader, size_t number)
{
    if (reader->count == reader->cap) {
        const size_t cap = reader->cap > 0 ? 2 * reader->cap : 32;
        size_t *numbers = mem_grow(reader->numbers, cap * sizeof *numbers);
        if (numbers == NULL) {
            return false;
        }
        reader->numbers = numbers;
        reader->cap = cap;
    }
    reader->numbers[reader->count++] = number;
    return true;
}

static bool read_held(struct event_reader *reader, const json_t *events)
{
    bool right = true;
    for (size_t i = 0; right && i < json_array_size(events); i++) {
        const size_t number = jv_of(&reader->doc, json_array_get(events, i));
        right = number != JV_NONE && add_number(reader, number);
    }
    return right;
}

/* All lines come first: the text moves as long as it grows. */
static bool read_lines(struct event_reader *reader, const struct log_lines *lines)
{
    struct lookup *lookup = reader->run->lookup;
    sb_clear(&reader->text);
    for (size_t i = 0; i < lines->count; i++) {
        if (!add_number(reader, reader->text.len) ||
            !lookup_line(lookup, &reader->window, lines->places[i], &reader->text)) {
            return false;
        }
        sb_addc(&reader->text, '\0');
    }
    return !reader->text.failed;
}

static bool parse_lines(struct event_reader *reader)
{
    for (size_t i = 0; i < reader->count; i++) {
        char *line = reader->text.data + reader->numbers[i];
        const size_t number = jv_read(&reader->doc, line, strlen(line));
        if (number == JV_NONE) {
            lookup_failed(reader->run->lookup, CTS_BAD_FILE, LOOKUP_CHANGED);
            return false;
        }
        reader->numbers[i] = number;
    }
    return true;
}

bool events_read(struct event_reader *reader, const struct case_verdict *verdict)
{
    struct lookup *lookup = reader->run->lookup;
    jv_clear(&reader->doc);
    reader->count = 0;
    if (verdict->events != NULL) {
        return read_held(reader, verdict->events);
    }
    if (lookup == NULL) {
        return true; /* nothing was executed, or nothing was kept */
    }
    if (read_lines(reader, &verdict->lines) && parse_lines(reader)) {
        return true;
    }
    lookup_failed(lookup, CTS_NOMEM, "out of memory"); /* where nothing else was told */
    return false;
}

size_t events_count(const struct event_reader *reader)
{
    return reader->count;
}

const struct jv *events_at(const struct event_reader *reader, size_t number)
{
    return jv_at(&reader->doc, reader->numbers[number]);
}
