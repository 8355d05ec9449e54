/* The page of several runs. Its elements of data, besides the traces (a run's prefix is its letter,
 * from "a"):
 *
 *   facts   verdicts (html_verdicts()); runs: [{words, name, totals}, …], totals by number of the
 *           verdict; count and differing (of cases); kinds: [[name, title], …], or null where
 *           the page is no comparison, then forced and result too
 *   rows    an array, sorted by id, a case a line: [id, title, verdicts (numbers by run, null where
 *           the run has not the case), likes, kind (number, or null)]. likes: by run the first run
 *           that saw the same; 0 where all did. A trace stands with the first run of those that are
 *           alike: the traces of a run are those rows, in order, where it is that one. */
#include "compare.h"
#include "html_traces.h"
#include "json_facts.h"
#include "json_make.h"
#include <stdio.h>

#define RUN_TEXT_MAX ((size_t)4096)

static const char *const assets[] = {"base.css", "trace.css", "run.css",  "matrix.css", "base.js",
                                     "list.js",  "trace.js",  "sides.js", "matrix.js",  NULL};

static json_t *run_json(const struct report *report)
{
    json_t *made = json_object(), *totals = json_array();
    struct str_buf words;
    bool failed = made == NULL;
    sb_init(&words, RUN_TEXT_MAX);
    matrix_run_words(&words, report->run);
    jm_text(made, "words", sb_text(&words), &failed);
    sb_free(&words);
    jm_text(made, "name", facts_text(report->run->header, "profile", "name"), &failed);
    for (size_t i = 0; i < sizeof report->run->totals / sizeof report->run->totals[0]; i++) {
        jm_append(totals, json_integer((json_int_t)report->run->totals[i]), &failed);
    }
    jm_set(made, "totals", totals, &failed);
    return jm_end(made, failed);
}

static json_t *kinds(void)
{
    json_t *made = json_array();
    bool failed = made == NULL;
    for (int i = 0; i < DIFFERENCE_COUNT; i++) {
        jm_append(made,
                  json_pack("[s, s]", difference_name((enum difference)i),
                            difference_title((enum difference)i)),
                  &failed);
    }
    return jm_end(made, failed);
}

static json_t *facts(const struct matrix *matrix, const struct comparison *comparison)
{
    json_t *made = json_object(), *runs = json_array();
    bool failed = made == NULL;
    for (size_t run = 0; run < matrix->run_count; run++) {
        jm_append(runs, run_json(&matrix->reports[run]), &failed);
    }
    jm_set(made, "runs", runs, &failed);
    jm_set(made, "verdicts", html_verdicts(), &failed);
    jm_set(made, "count", json_integer((json_int_t)matrix->count), &failed);
    jm_set(made, "differing", json_integer((json_int_t)matrix->differing), &failed);
    jm_set(made, "kinds", comparison != NULL ? kinds() : json_null(), &failed);
    if (comparison != NULL) {
        jm_text(made, "result", compare_result_text(compare_status(comparison)), &failed);
        jm_text(made, "forced", comparison->forced, &failed);
    }
    return jm_end(made, failed);
}

static json_t *row_json(const struct matrix *matrix, const struct matrix_row *row, bool kind)
{
    json_t *made = json_array(), *verdicts = json_array(), *likes = json_array();
    bool failed = made == NULL;
    jm_append(made, json_string(row->test->id), &failed);
    jm_append(made, json_string(row->test->title != NULL ? row->test->title : ""), &failed);
    for (size_t run = 0; run < matrix->run_count; run++) {
        const struct matrix_cell *cell = &row->cells[run];
        jm_append(verdicts,
                  cell->verdict != NULL ? json_integer(side_verdict(cell->verdict)) : json_null(),
                  &failed);
        jm_append(likes, json_integer((json_int_t)cell->like), &failed);
    }
    jm_append(made, verdicts, &failed);
    if (row->differs) {
        jm_append(made, likes, &failed);
    } else {
        json_decref(likes);
        jm_append(made, json_integer(0), &failed);
    }
    jm_append(made, kind ? json_integer(compare_row(row)) : json_null(), &failed);
    return jm_end(made, failed);
}

static void put_rows(struct html_page *page, const struct matrix *matrix, bool kinds_too)
{
    const char *before = "[";
    html_data_begin(page, "rows");
    for (size_t i = 0; i < matrix->count; i++) {
        if (!kinds_too || matrix->rows[i].differs) {
            html_data_text(page, before, 1);
            html_data_text(page, "\n", 1);
            html_data_value(page, row_json(matrix, &matrix->rows[i], kinds_too));
            before = ",";
        }
    }
    html_data_text(page, before[0] == '[' ? "[]" : "]", before[0] == '[' ? 2 : 1);
    html_data_end(page);
}

static void put_traces(struct html_page *page, const struct matrix *matrix, size_t run,
                       bool differing)
{
    const char prefix[] = {(char)('a' + (int)run), '\0'};
    const struct case_verdict **chosen = calloc(matrix->count + 1, sizeof *chosen);
    size_t count = 0;
    for (size_t i = 0; chosen != NULL && i < matrix->count; i++) {
        const struct matrix_row *row = &matrix->rows[i];
        const struct matrix_cell *cell = &row->cells[run];
        if (cell->verdict != NULL && cell->like == run && (row->differs || !differing)) {
            chosen[count++] = cell->verdict;
        }
    }
    if (chosen != NULL) {
        html_traces(page, prefix, &matrix->reports[run], chosen, count);
    } else {
        js_fail(page->out);
    }
    free(chosen);
}

void matrix_write_html(const struct matrix *matrix, const struct comparison *comparison,
                       struct json_stream *out)
{
    const bool differing = comparison != NULL;
    struct html_page page;
    html_open(&page, out,
              differing ? "VSS conformance: two runs" : "VSS conformance: cases and runs", assets);
    html_data(&page, "facts", facts(matrix, comparison));
    put_rows(&page, matrix, differing);
    for (size_t run = 0; run < matrix->run_count; run++) {
        put_traces(&page, matrix, run, differing);
    }
    html_close(&page);
}
