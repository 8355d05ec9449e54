/* The differences of two runs as JSON, a case a line. */
#include "compare.h"
#include "json_facts.h"
#include "json_make.h"

/* What one run says of the case: keys of the report, without its steps. */
static json_t *side_json(const struct matrix_cell *cell, json_t *whole)
{
    static const char *const keys[] = {"reason", "outcome", "findings", "end"};
    json_t *made = json_object();
    bool failed = made == NULL;
    if (cell->verdict == NULL) {
        json_decref(made);
        return json_null();
    }
    jm_text(made, "verdict", verdict_name(side_verdict(cell->verdict)), &failed);
    if (cell->verdict->against == AGAINST_FLAKE) {
        jm_set(made, "flake", json_true(), &failed);
    }
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        json_t *value = json_object_get(whole, keys[i]);
        if (value != NULL) {
            jm_set(made, keys[i], json_incref(value), &failed);
        }
    }
    return jm_end(made, failed);
}

static json_t *or_null(json_t *value)
{
    return value != NULL ? json_incref(value) : json_null();
}

static json_t *pairs_json(const struct answer_pairs *pairs)
{
    json_t *made = json_array();
    bool failed = made == NULL;
    for (size_t i = 0; i < pairs->count; i++) {
        const struct answer_pair *pair = &pairs->items[i];
        jm_append(made,
                  json_pack("{s:o, s:o, s:b}", "old", or_null(pair->a), "new", or_null(pair->b),
                            "same", pair->same),
                  &failed);
    }
    return jm_end(made, failed);
}

static json_t *row_json(const struct matrix *matrix, const struct matrix_row *row)
{
    const struct side old_side = matrix_side(matrix, row, COMPARE_OLD);
    const struct side new_side = matrix_side(matrix, row, COMPARE_NEW);
    const struct test_case *test = row->test;
    struct answer_pairs pairs;
    json_t *made = json_object();
    bool failed = !answers_pair(&old_side, &new_side, &pairs) || made == NULL;
    jm_text(made, "id", test->id, &failed);
    jm_text(made, "title", test->title != NULL ? test->title : "", &failed);
    jm_text(made, "suite", test->suite, &failed);
    jm_text(made, "question", test->question != NULL ? test->question->id : NULL, &failed);
    jm_text(made, "kind", difference_name(compare_row(row)), &failed);
    jm_set(made, "old", side_json(&row->cells[COMPARE_OLD], pairs.a), &failed);
    jm_set(made, "new", side_json(&row->cells[COMPARE_NEW], pairs.b), &failed);
    jm_set(made, "before", json_integer((json_int_t)pairs.before), &failed);
    jm_set(made, "steps", pairs_json(&pairs), &failed);
    answers_free(&pairs);
    return jm_end(made, failed);
}

static json_t *totals_json(const struct comparison *comparison)
{
    const struct matrix *matrix = comparison->matrix;
    json_t *made = json_object();
    bool failed = made == NULL;
    jm_set(made, "same", json_integer((json_int_t)(matrix->count - matrix->differing)), &failed);
    jm_set(made, "flakes", json_integer((json_int_t)comparison->flakes), &failed);
    for (int i = 0; i < DIFFERENCE_COUNT; i++) {
        jm_set(made, difference_name((enum difference)i),
               json_integer((json_int_t)comparison->by[i]), &failed);
    }
    return jm_end(made, failed);
}

void compare_write_json(const struct comparison *comparison, struct json_stream *out)
{
    const struct matrix *matrix = comparison->matrix;
    const enum cts_status status = compare_status(comparison);
    const char *before = "\n";
    js_text(out, "{\"cases\":[");
    for (size_t i = 0; i < matrix->count; i++) {
        if (matrix->rows[i].differs) {
            js_text(out, before);
            js_value_new(out, row_json(matrix, &matrix->rows[i]));
            before = ",\n";
        }
    }
    js_text(out, "\n],\n\"forced\":");
    js_value_new(out, comparison->forced != NULL ? json_string(comparison->forced) : json_null());
    js_text(out, ",\n\"format\":\"vsscts-comparison\",\n\"new\":");
    js_value_new(out, facts_run(matrix->reports[COMPARE_NEW].run->header));
    js_text(out, ",\n\"old\":");
    js_value_new(out, facts_run(matrix->reports[COMPARE_OLD].run->header));
    js_text(out, ",\n\"result\":");
    js_value_new(out, json_pack("{s:s, s:i}", "status", compare_result_text(status), "exit_code",
                                cts_exit_code(status)));
    js_text(out, ",\n\"totals\":");
    js_value_new(out, totals_json(comparison));
    js_text(out, ",\n\"version\":1}\n");
}
