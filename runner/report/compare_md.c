/* The differences of two runs in Markdown, for a pull request: the worst first. */
#include "compare.h"
#include "md_text.h"
#include <string.h>

#define MD_CASES_MAX 20U            /* of each kind */
#define MD_ROOM ((size_t)56 * 1024) /* for cases; a comment of GitHub has 65,536 characters */
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

/* How many bytes a row takes at most: an escaped character takes two, "<" four. */
static size_t row_room(const struct matrix_row *row, const struct compare_facts *facts)
{
    size_t bytes = strlen(row->test->id) + 64;
    for (size_t i = 0; i < facts->count; i++) {
        const struct compare_fact *fact = &facts->items[i];
        bytes += 4 * ((fact->what != NULL ? strlen(fact->what) : 1) +
                      (fact->old_text != NULL ? strlen(fact->old_text) : 1) +
                      (fact->new_text != NULL ? strlen(fact->new_text) : 1)) +
                 16;
    }
    return bytes;
}

static void put_row(struct json_stream *out, const struct matrix_row *row,
                    const struct compare_facts *facts)
{
    js_text(out, "| `");
    js_text(out, row->test->id);
    js_textf(out, "` | %s → %s | ", word(&row->cells[COMPARE_OLD]), word(&row->cells[COMPARE_NEW]));
    for (size_t i = 0; i < facts->count; i++) {
        js_text(out, i > 0 ? "<br>" : "");
        put_fact(out, &facts->items[i]);
    }
    js_text(out, " |\n");
}

/* Writes a case where there is room for it, and takes the room. */
static bool put_case(struct json_stream *out, const struct matrix *matrix,
                     const struct matrix_row *row, size_t *room)
{
    const struct side old_side = matrix_side(matrix, row, COMPARE_OLD);
    const struct side new_side = matrix_side(matrix, row, COMPARE_NEW);
    struct answer_pairs pairs;
    struct compare_facts facts;
    if (!answers_pair(&old_side, &new_side, &pairs)) {
        js_value(out, NULL); /* there was no memory, or the log is at fault */
        return false;
    }
    compare_facts(row, &pairs, &facts);
    const size_t needed = row_room(row, &facts);
    const bool fits = needed <= *room;
    if (fits) {
        put_row(out, row, &facts);
        *room -= needed;
    }
    compare_facts_free(&facts);
    answers_free(&pairs);
    return fits;
}

static void put_kind(struct json_stream *out, const struct comparison *comparison,
                     enum difference difference, size_t *room)
{
    const struct matrix *matrix = comparison->matrix;
    const size_t total = comparison->by[difference];
    size_t shown = 0;
    bool fits = true;
    if (total == 0) {
        return;
    }
    js_textf(out, "\n### %s: %zu\n\n| case | verdict | first difference |\n| --- | --- | --- |\n",
             difference_title(difference), total);
    for (size_t i = 0; i < matrix->count && shown < MD_CASES_MAX && fits; i++) {
        if (compare_row(&matrix->rows[i]) == difference) {
            fits = put_case(out, matrix, &matrix->rows[i], room);
            shown += fits;
        }
    }
    if (total > shown) {
        js_textf(out, "\n%zu more; the comparison as JSON or HTML has them all.\n", total - shown);
    }
}

void compare_write_md(const struct comparison *comparison, struct json_stream *out)
{
    const struct matrix *matrix = comparison->matrix;
    size_t room = MD_ROOM;
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
        put_kind(out, comparison, (enum difference)i, &room);
    }
}
