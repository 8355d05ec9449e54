/* Cases × runs on a terminal and in Markdown. */
#include "console.h"
#include "matrix.h"
#include "md_text.h"
#include <string.h>

#define RUN_TEXT_MAX ((size_t)4096)
#define MD_ROOM ((size_t)56 * 1024) /* for cases; a comment of GitHub has 65,536 characters */
#define MD_CELL_ROOM ((size_t)8)

enum { VERDICTS = VERDICT_ERROR + 1 };

static char run_letter(size_t run)
{
    return (char)('A' + (int)run);
}

/* --- terminal --- */

static void print_runs(const struct term *term, const struct matrix *matrix)
{
    for (size_t run = 0; run < matrix->run_count; run++) {
        struct str_buf words;
        sb_init(&words, RUN_TEXT_MAX);
        matrix_run_words(&words, matrix->reports[run].run);
        term_printf(term, STYLE_BOLD, "%c  ", run_letter(run));
        term_put(term, STYLE_PLAIN, sb_text(&words));
        fputc('\n', term->out);
        sb_free(&words);
    }
}

static void print_legend(const struct term *term)
{
    fputs("   ", term->out);
#define X(id, name, letter, bad) term_printf(term, STYLE_DIM, " %c %s ", letter, name);
#include "../model/verdicts.def"
#undef X
    term_printf(term, STYLE_DIM, " - not in the run\n    ' the same verdict, other answers\n\n");
}

static void print_row(const struct term *term, const struct matrix *matrix,
                      const struct matrix_row *row)
{
    for (size_t run = 0; run < matrix->run_count; run++) {
        const struct matrix_cell *cell = &row->cells[run];
        const enum term_style style =
            cell->verdict != NULL ? console_style(side_verdict(cell->verdict)) : STYLE_DIM;
        term_printf(term, style, "%c%c", matrix_letter(cell), matrix_apart(row, run) ? '\'' : ' ');
    }
    fputc(' ', term->out);
    term_put(term, STYLE_PLAIN, row->test->id);
    fputc('\n', term->out);
}

void matrix_print(const struct term *term, const struct matrix *matrix, bool all)
{
    print_runs(term, matrix);
    print_legend(term);
    for (size_t i = 0; i < matrix->count; i++) {
        if (all || matrix->rows[i].differs) {
            print_row(term, matrix, &matrix->rows[i]);
        }
    }
    term_printf(term, STYLE_PLAIN, "%zu cases in %zu runs, %zu differ\n", matrix->count,
                matrix->run_count, matrix->differing);
}

/* --- Markdown --- */

static void put_head(struct json_stream *out, const struct matrix *matrix, const char *first)
{
    js_textf(out, "\n| %s |", first);
    for (size_t run = 0; run < matrix->run_count; run++) {
        js_textf(out, " %c |", run_letter(run));
    }
    js_text(out, "\n| --- |");
    for (size_t run = 0; run < matrix->run_count; run++) {
        js_text(out, " --- |");
    }
    js_text(out, "\n");
}

static void put_totals(struct json_stream *out, const struct matrix *matrix)
{
    put_head(out, matrix, "verdict");
    for (int verdict = 0; verdict < VERDICTS; verdict++) {
        size_t any = 0;
        for (size_t run = 0; run < matrix->run_count; run++) {
            any += matrix->reports[run].run->totals[verdict];
        }
        if (any == 0) {
            continue;
        }
        js_textf(out, "| `%c` %s |", verdict_letter((enum verdict)verdict),
                 verdict_name((enum verdict)verdict));
        for (size_t run = 0; run < matrix->run_count; run++) {
            js_textf(out, " %zu |", matrix->reports[run].run->totals[verdict]);
        }
        js_text(out, "\n");
    }
}

static void put_row(struct json_stream *out, const struct matrix *matrix,
                    const struct matrix_row *row)
{
    js_textf(out, "| `%s` |", row->test->id);
    for (size_t run = 0; run < matrix->run_count; run++) {
        js_textf(out, " `%c`%s |", matrix_letter(&row->cells[run]),
                 matrix_apart(row, run) ? "'" : "");
    }
    js_text(out, "\n");
}

void matrix_write_md(const struct matrix *matrix, struct json_stream *out)
{
    size_t shown = 0, room = MD_ROOM;
    js_text(out, "## VSS conformance: cases and runs\n\n");
    for (size_t run = 0; run < matrix->run_count; run++) {
        struct str_buf words;
        sb_init(&words, RUN_TEXT_MAX);
        matrix_run_words(&words, matrix->reports[run].run);
        js_textf(out, "- %c: ", run_letter(run));
        md_put(out, sb_text(&words));
        js_text(out, "\n");
        sb_free(&words);
    }
    put_totals(out, matrix);
    js_textf(
        out,
        "\n%zu of %zu cases differ. `-`: not in the run; ': the same verdict, other answers.\n",
        matrix->differing, matrix->count);
    for (size_t i = 0; i < matrix->count; i++) {
        const struct matrix_row *row = &matrix->rows[i];
        const size_t needed = strlen(row->test->id) + MD_CELL_ROOM * (matrix->run_count + 1);
        if (row->differs && needed <= room) {
            room -= needed;
            if (shown++ == 0) {
                put_head(out, matrix, "case");
            }
            put_row(out, matrix, row);
        }
    }
    if (matrix->differing > shown) {
        js_textf(out, "\n%zu more; the page has them all.\n", matrix->differing - shown);
    }
}
