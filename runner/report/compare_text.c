/* The differences of two runs on a terminal. */
#include "compare.h"
#include "console.h"

#define FULL_MOST 20U /* cases of a kind that are shown in full; the others have a line each */
#define RUN_TEXT_MAX ((size_t)4096)

static const enum term_style styles[DIFFERENCE_COUNT] = {
#define DIFFERENCE(id, name, style, title) STYLE_##style,
#include "differences.def"
#undef DIFFERENCE
};

static void print_run(const struct term *term, const struct comparison *comparison, size_t run,
                      const char *name)
{
    struct str_buf words;
    sb_init(&words, RUN_TEXT_MAX);
    matrix_run_words(&words, comparison->matrix->reports[run].run);
    term_printf(term, STYLE_BOLD, "%s  ", name);
    term_put(term, STYLE_PLAIN, sb_text(&words));
    fputc('\n', term->out);
    sb_free(&words);
}

static void print_line(const struct term *term, enum term_style style, const char *name,
                       const char *text)
{
    term_printf(term, STYLE_DIM, "        %-5s", name);
    term_put(term, style, text != NULL ? text : "?");
    fputc('\n', term->out);
}

static void print_fact(const struct term *term, const struct compare_fact *fact)
{
    fputs("    ", term->out);
    term_put(term, STYLE_PLAIN, fact->what != NULL ? fact->what : "?");
    fputc('\n', term->out);
    print_line(term, STYLE_PLAIN, "old", fact->old_text);
    print_line(term, STYLE_BOLD, "new", fact->new_text);
}

static void print_pairs(const struct term *term, const struct answer_pairs *pairs)
{
    for (size_t i = 1; i < pairs->count; i++) {
        struct compare_facts facts = {.count = 1};
        if (pairs->items[i].same) {
            const json_t *call = json_object_get(pairs->items[i].a, "call");
            term_printf(term, STYLE_DIM, "    %s: the same\n",
                        json_is_string(call) ? json_string_value(call) : "?");
            continue;
        }
        compare_fact_of_pair(&pairs->items[i], &facts.items[0]);
        print_fact(term, &facts.items[0]);
        compare_facts_free(&facts);
    }
}

static void print_detail(const struct term *term, const struct matrix *matrix,
                         const struct matrix_row *row, bool all)
{
    const struct side old_side = matrix_side(matrix, row, COMPARE_OLD);
    const struct side new_side = matrix_side(matrix, row, COMPARE_NEW);
    struct answer_pairs pairs;
    struct compare_facts facts;
    if (!answers_pair(&old_side, &new_side, &pairs)) {
        return; /* the caller asks the runs what failed */
    }
    compare_facts(row, &pairs, &facts);
    for (size_t i = 0; i < facts.count; i++) {
        print_fact(term, &facts.items[i]);
    }
    if (all) {
        print_pairs(term, &pairs);
    }
    compare_facts_free(&facts);
    answers_free(&pairs);
}

static void print_verdict(const struct term *term, const struct matrix_cell *cell)
{
    if (cell->verdict == NULL) {
        fputs("none", term->out);
    } else {
        const enum verdict verdict = side_verdict(cell->verdict);
        term_put(term, console_style(verdict), verdict_name(verdict));
    }
}

/* "pass -> fail  id"; where the verdict stays it is told once. */
static void print_case(const struct term *term, const struct matrix_row *row)
{
    const struct matrix_cell *before = &row->cells[COMPARE_OLD], *after = &row->cells[COMPARE_NEW];
    print_verdict(term, before);
    if (before->verdict == NULL || after->verdict == NULL ||
        side_verdict(before->verdict) != side_verdict(after->verdict)) {
        fputs(" -> ", term->out);
        print_verdict(term, after);
    }
    fputs("  ", term->out);
    term_put(term, STYLE_BOLD, row->test->id);
    fputc('\n', term->out);
}

static void print_kind(const struct term *term, const struct comparison *comparison,
                       enum difference difference, bool all)
{
    const struct matrix *matrix = comparison->matrix;
    size_t shown = 0;
    if (comparison->by[difference] == 0) {
        return;
    }
    fputc('\n', term->out);
    term_printf(term, styles[difference], "%s: %zu\n", difference_title(difference),
                comparison->by[difference]);
    for (size_t i = 0; i < matrix->count; i++) {
        if (compare_row(&matrix->rows[i]) == difference) {
            print_case(term, &matrix->rows[i]);
            if (all || shown++ < FULL_MOST) {
                print_detail(term, matrix, &matrix->rows[i], all);
            }
        }
    }
    if (!all && comparison->by[difference] > FULL_MOST) {
        term_printf(term, STYLE_DIM, "    (-v shows all of them in full)\n");
    }
}

static void print_totals(const struct term *term, const struct comparison *comparison)
{
    const struct matrix *matrix = comparison->matrix;
    term_printf(term, STYLE_PLAIN, "\n%zu cases, the same: %zu", matrix->count,
                matrix->count - matrix->differing);
    for (int i = 0; i < DIFFERENCE_COUNT; i++) {
        if (comparison->by[i] > 0) {
            term_printf(term, styles[i], ", %s: %zu", difference_title((enum difference)i),
                        comparison->by[i]);
        }
    }
    fputc('\n', term->out);
    if (comparison->flakes > 0) {
        term_printf(term, STYLE_DIM, "flakes, compared by what they became: %zu\n",
                    comparison->flakes);
    }
}

void compare_print(const struct term *term, const struct comparison *comparison, bool all,
                   bool brief)
{
    if (!brief) {
        print_run(term, comparison, COMPARE_OLD, "old");
        print_run(term, comparison, COMPARE_NEW, "new");
    }
    if (comparison->forced != NULL) {
        term_printf(term, STYLE_WARN, "compared all the same: %s\n", comparison->forced);
    }
    for (int i = 0; i < DIFFERENCE_COUNT; i++) {
        if (!brief || i == DIFFERENCE_REGRESSION) {
            print_kind(term, comparison, (enum difference)i, all);
        }
    }
    print_totals(term, comparison);
}
