#include "html_cells.h"

#include "../model/coverage.h"
#include "json_make.h"
#include <stdlib.h>

struct cells {
    const struct report *report;
    json_t *states, *methods, *cells;
    const struct state *last_state;
    const struct api_method **rows; /* the method of each row; owned */
    bool filled, failed;
};

/* The numbers of the selected ones of these cases. */
static void append_cases(struct cells *cells, json_t *rows, const struct cover_cases *cases)
{
    const struct judged_run *run = cells->report->run;
    for (size_t i = 0; i < cases->count; i++) {
        const char *id = cells->report->tables->cases[cases->items[i]].id;
        const struct case_verdict *verdict = judged_find(run, id);
        if (verdict != NULL) {
            jm_append(rows, json_integer((json_int_t)(verdict - run->cases)), &cells->failed);
        }
    }
}

static size_t row_of(struct cells *cells, const struct api_method *method)
{
    const size_t count = json_array_size(cells->methods);
    for (size_t i = 0; i < count; i++) {
        if (cells->rows[i] == method) {
            return i;
        }
    }
    cells->rows[count] = method;
    jm_append(cells->methods, json_string(method->name), &cells->failed);
    return count;
}

static void add_cell(struct cells *cells, const struct cover_entry *entry)
{
    if (entry->state != cells->last_state) { /* they come state by state */
        cells->last_state = entry->state;
        jm_append(cells->states, json_pack("[s, s]", entry->state->id, entry->state->text),
                  &cells->failed);
    }
    const size_t row = row_of(cells, entry->method);
    json_t *what = json_array();
    append_cases(cells, what, &entry->checks);
    append_cases(cells, what, &entry->asks);
    if (json_array_size(what) > 0) {
        cells->filled = true;
    } else if (entry->unchecked != NULL) {
        json_decref(what);
        what = json_string(entry->unchecked);
    } else {
        json_decref(what);
        return;
    }
    jm_append(cells->cells,
              json_pack("[I, I, o]", (json_int_t)row,
                        (json_int_t)json_array_size(cells->states) - 1, what),
              &cells->failed);
}

json_t *html_cells(const struct report *report)
{
    struct coverage *coverage = cover_new(report->tables, NULL);
    struct cells cells = {
        .report = report, .states = json_array(), .methods = json_array(), .cells = json_array()};
    json_t *made = NULL;
    if (coverage == NULL) {
        goto done;
    }
    cells.rows = calloc(coverage->count + 1, sizeof *cells.rows);
    if (cells.rows == NULL) {
        goto done;
    }
    for (size_t i = 0; i < coverage->count; i++) {
        if (coverage->entries[i].kind == COVER_CELL) {
            add_cell(&cells, &coverage->entries[i]);
        }
    }
    if (!cells.failed) {
        made = cells.filled ? json_pack("{s:O, s:O, s:O}", "states", cells.states, "methods",
                                        cells.methods, "cells", cells.cells)
                            : json_null();
    }
done:
    free(cells.rows);
    cover_free(coverage);
    json_decref(cells.states);
    json_decref(cells.methods);
    json_decref(cells.cells);
    return made;
}
