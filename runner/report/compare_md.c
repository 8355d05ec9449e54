/* The differences of two runs in Markdown, for a pull request: the worst first, within the 65,536
 * characters of a comment of GitHub. */
#include "compare.h"
#include "md_text.h"

#define MD_CASES_MAX 20U /* of each kind */
#define RUN_TEXT_MAX ((size_t)4096)

static void put_run(struct json_stream *out, const struct matrix *matrix, size_t run,
                    const char *name)
{
    struct str_buf words;
    sb_init(&words, RUN_TEXT_MAX);
    matrix_run_words(&words, matrix->reports[run].run);
    js_textf(out, "- %s: ", name);
    md_put(out, sb_text(&words));
    js_text(out, "\n");
    sb_free(&words);
}

static const char *word(const struct matrix_cell *cell)
{
    return cell->verdict != NULL ? verdict_name(side_verdict(cell->verdict)) : "none";
}

static void put_fact(struct json_stream *out, const struct compare_fact *fact)
{
    md_put(out, fact->what != NULL ? fact->what : "?");
    js_text(out, ": ");
    md_put(out, fact->old_text != NULL ? fact->old_text : "?");
    js_text(out, " → ");
    md_put(out, fact->new_text != NULL ? fact->new_text : "?");
}

static void put_case(struct json_stream *out, const struct matrix *matrix,
                     const struct matrix_row *row)
{
    const struct side old_side = matrix_side(matrix, row, COMPARE_OLD);
    const struct side new_side = matrix_side(matrix, row, COMPARE_NEW);
    struct answer_pairs pairs;
    struct compare_facts facts;
    if (!answers_pair(&old_side, &new_side, &pairs)) {
        js_value(out, NULL); /* there was no memory, or the log is at fault */
        return;
    }
    compare_facts(row, &pairs, &facts);
    js_text(out, "| `");
    js_text(out, row->test->id);
    js_textf(out, "` | %s → %s | ", word(&row->cells[COMPARE_OLD]), word(&row->cells[COMPARE_NEW]));
    for (size_t i = 0; i < facts.count; i++) {
        js_text(out, i > 0 ? "<br>" : "");
        put_fact(out, &facts.items[i]);
    }
    js_text(out, " |\n");
    compare_facts_free(&facts);
    answers_free(&pairs);
}

static void put_kind(struct json_stream *out, const struct comparison *comparison,
                     enum difference difference)
{
    const struct matrix *matrix = comparison->matrix;
    const size_t total = comparison->by[difference];
    size_t shown = 0;
    if (total == 0) {
        return;
    }
    js_textf(out, "\n### %s: %zu\n\n| case | verdict | first difference |\n| --- | --- | --- |\n",
             difference_title(difference), total);
    for (size_t i = 0; i < matrix->count && shown < MD_CASES_MAX; i++) {
        if (compare_row(&matrix->rows[i]) == difference) {
            put_case(out, matrix, &matrix->rows[i]);
            shown++;
        }
    }
    if (total > shown) {
        js_textf(out, "\n%zu more; the comparison as JSON or HTML has them all.\n", total - shown);
    }
}

void compare_write_md(const struct comparison *comparison, struct json_stream *out)
{
    const struct matrix *matrix = comparison->matrix;
    js_textf(out, "## VSS conformance: %s\n\n", compare_result_text(compare_status(comparison)));
    put_run(out, matrix, COMPARE_OLD, "old");
    put_run(out, matrix, COMPARE_NEW, "new");
    if (comparison->forced != NULL) {
        js_text(out, "- compared all the same: ");
        md_put(out, comparison->forced);
        js_text(out, "\n");
    }
    js_textf(out, "\n%zu cases, %zu the same.\n", matrix->count, matrix->count - matrix->differing);
    for (int i = 0; i < DIFFERENCE_COUNT; i++) {
        put_kind(out, comparison, (enum difference)i);
    }
}
