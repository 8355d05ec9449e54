#include "matrix.h"

#include "json_facts.h"
#include <stdlib.h>
#include <string.h>

/* --- rows --- */

/* The first run of the row that saw the same as this one. */
static size_t like_of(const struct matrix *matrix, const struct matrix_row *row, size_t run)
{
    const struct side side = matrix_side(matrix, row, run);
    for (size_t i = 0; i < run; i++) {
        const struct side other = matrix_side(matrix, row, i);
        if (row->cells[i].like != i) {
            continue; /* the one that it is like has been asked */
        }
        if (side.verdict == NULL || other.verdict == NULL ? side.verdict == other.verdict
                                                          : answers_same(&other, &side)) {
            return i;
        }
    }
    return run;
}

static void fill_row(struct matrix *matrix, struct matrix_row *row)
{
    for (size_t run = 0; run < matrix->run_count; run++) {
        row->cells[run].like = like_of(matrix, row, run);
        row->differs = row->differs || row->cells[run].like != 0;
    }
    matrix->differing += row->differs;
}

/* Takes the next case of every run that has it; all are sorted as the tables are. */
static bool take(const struct matrix *matrix, size_t *at, const struct test_case *test,
                 struct matrix_cell *cells)
{
    bool found = false;
    for (size_t run = 0; run < matrix->run_count; run++) {
        const struct judged_run *judged = matrix->reports[run].run;
        cells[run] = (struct matrix_cell){0};
        if (at[run] < judged->count && judged->cases[at[run]].test == test) {
            cells[run].verdict = &judged->cases[at[run]++];
            found = true;
        }
    }
    return found;
}

enum cts_status matrix_failed(const struct matrix *matrix, struct cts_error *err)
{
    enum cts_status status = CTS_OK;
    for (size_t run = 0; run < matrix->run_count && status == CTS_OK; run++) {
        status = judged_failed(matrix->reports[run].run, err);
    }
    return status;
}

enum cts_status matrix_make(struct matrix *matrix, const struct report *reports, size_t run_count,
                            struct cts_error *err)
{
    const struct tables *tables = reports[0].tables;
    size_t *at = calloc(run_count, sizeof *at);
    *matrix = (struct matrix){.run_count = run_count, .reports = reports};
    matrix->rows = calloc(tables->case_count + 1, sizeof *matrix->rows);
    matrix->cells = calloc((tables->case_count + 1) * run_count, sizeof *matrix->cells);
    enum cts_status status = CTS_OK;
    if (at == NULL || matrix->rows == NULL || matrix->cells == NULL) {
        status = err_set(err, CTS_NOMEM, "out of memory");
        goto done;
    }
    for (size_t i = 0; i < tables->case_count; i++) {
        struct matrix_cell *cells = matrix->cells + matrix->count * run_count;
        if (take(matrix, at, &tables->cases[i], cells)) {
            struct matrix_row *row = &matrix->rows[matrix->count++];
            *row = (struct matrix_row){.test = &tables->cases[i], .cells = cells};
            fill_row(matrix, row);
        }
    }
    status = matrix_failed(matrix, err);
done:
    free(at);
    return status;
}

void matrix_free(struct matrix *matrix)
{
    free(matrix->rows);
    free(matrix->cells);
    *matrix = (struct matrix){0};
}

struct side matrix_side(const struct matrix *matrix, const struct matrix_row *row, size_t run)
{
    return (struct side){&matrix->reports[run], row->cells[run].verdict};
}

char matrix_letter(const struct matrix_cell *cell)
{
    return cell->verdict != NULL ? verdict_letter(side_verdict(cell->verdict)) : '-';
}

bool matrix_apart(const struct matrix_row *row, size_t run)
{
    const char letter = matrix_letter(&row->cells[run]);
    for (size_t i = 0; i < row->cells[run].like; i++) {
        if (matrix_letter(&row->cells[i]) == letter) {
            return true;
        }
    }
    return false;
}

/* --- what runs are of --- */

void matrix_run_words(struct str_buf *buf, const struct judged_run *run)
{
    const json_t *header = run->header;
    const char *version = facts_text(header, "iut", "file_version");
    const char *wine = facts_text(header, "host", "wine");
    const char *started = json_string_value(json_object_get(header, "started"));
    sb_addf(buf, "%s%s%s, %s, stands for Windows %s %s", facts_text(header, "profile", "name"),
            version[0] != '\0' ? " " : "", version, facts_text(header, "iut", "arch"),
            facts_text(header, "profile", "windows"), facts_text(header, "profile", "edition"));
    if (wine[0] != '\0') {
        sb_addf(buf, ", under Wine %s", wine);
    } else {
        sb_addf(buf, ", on Windows %s", facts_text(header, "host", "windows"));
    }
    sb_addf(buf, ", %s", started != NULL ? started : "?");
}

/* --- may they be compared? --- */

static bool texts_differ(struct str_buf *why, const struct judged_run *a,
                         const struct judged_run *b, const char *section, const char *key,
                         const char *name)
{
    const char *left = facts_text(a->header, section, key);
    const char *right = facts_text(b->header, section, key);
    if (strcmp(left, right) == 0) {
        return false;
    }
    sb_addf(why, "%s: %s and %s", name, left, right);
    return true;
}

/* What an option selects by; NULL: it was not given. */
static const json_t *selected_by(const json_t *options, const char *key)
{
    const json_t *value = json_object_get(options, key);
    return json_is_array(value) && json_array_size(value) == 0 ? NULL : value;
}

static bool selections_differ(struct str_buf *why, const struct judged_run *a,
                              const struct judged_run *b)
{
    static const char *const keys[] = {"patterns",     "skip",   "tags", "skip_tags",
                                       "requirements", "levels", "shard"};
    const json_t *left = json_object_get(a->header, "options");
    const json_t *right = json_object_get(b->header, "options");
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const json_t *one = selected_by(left, keys[i]);
        const json_t *other = selected_by(right, keys[i]);
        if (one != other && !json_equal(one, other)) {
            sb_addf(why, "they did not select the same cases (%s)", keys[i]);
            return true;
        }
    }
    return false;
}

static bool is_outstanding(struct str_buf *why, const struct judged_run *run)
{
    if (run->outstanding == 0) {
        return false;
    }
    sb_addf(why, "a run was broken off: %zu cases are outstanding", run->outstanding);
    return true;
}

bool matrix_refused(const struct judged_run *a, const struct judged_run *b, struct str_buf *why)
{
    return texts_differ(why, a, b, "suite", "version", "the versions of the suite differ") ||
           texts_differ(why, a, b, "suite", "tables", "the tables differ") ||
           texts_differ(why, a, b, "iut", "arch", "the architectures differ") ||
           selections_differ(why, a, b) || is_outstanding(why, a) || is_outstanding(why, b);
}
