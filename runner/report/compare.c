#include "compare.h"

#include "../judge/judge_against.h"
#include "../util/utf8_cut.h"
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX ((size_t)32 << 20) /* longer than any value of a log */
#define SHOWN 240                   /* bytes of a text, from a little before its difference */
#define BEFORE 48

static const struct {
    const char *name, *title;
} differences[DIFFERENCE_COUNT] = {
#define DIFFERENCE(id, name, style, title) {#name, title},
#include "differences.def"
#undef DIFFERENCE
};

const char *difference_name(enum difference difference)
{
    return differences[difference].name;
}

const char *difference_title(enum difference difference)
{
    return differences[difference].title;
}

enum difference compare_row(const struct matrix_row *row)
{
    const struct case_verdict *before = row->cells[COMPARE_OLD].verdict;
    const struct case_verdict *after = row->cells[COMPARE_NEW].verdict;
    if (!row->differs) {
        return DIFFERENCE_COUNT;
    }
    if (before == NULL || after == NULL) {
        return before == NULL ? DIFFERENCE_NEW : DIFFERENCE_GONE;
    }
    const bool was_bad = verdict_is_bad(side_verdict(before));
    const bool is_bad = verdict_is_bad(side_verdict(after));
    if (was_bad != is_bad) {
        return is_bad ? DIFFERENCE_REGRESSION : DIFFERENCE_FIX;
    }
    return before->verdict == VERDICT_RECORDED && after->verdict == VERDICT_RECORDED
               ? DIFFERENCE_ANSWER
               : DIFFERENCE_CHANGED;
}

static bool is_flake(const struct matrix_cell *cell)
{
    return cell->verdict != NULL && cell->verdict->against == AGAINST_FLAKE;
}

void compare_make(struct comparison *comparison, const struct matrix *matrix, const char *forced)
{
    *comparison = (struct comparison){.matrix = matrix, .forced = forced};
    for (size_t i = 0; i < matrix->count; i++) {
        const struct matrix_row *row = &matrix->rows[i];
        const enum difference difference = compare_row(row);
        if (difference != DIFFERENCE_COUNT) {
            comparison->by[difference]++;
        }
        comparison->flakes +=
            is_flake(&row->cells[COMPARE_OLD]) || is_flake(&row->cells[COMPARE_NEW]);
    }
}

enum cts_status compare_status(const struct comparison *comparison)
{
    if (comparison->by[DIFFERENCE_REGRESSION] > 0) {
        return CTS_REGRESSED;
    }
    return comparison->matrix->differing > 0 ? CTS_CHANGED : CTS_OK;
}

const char *compare_result_text(enum cts_status status)
{
    return status == CTS_OK ? "the same" : cts_status_text(status);
}

/* --- what differs in a case --- */

/* Text from a place on, with dots where something is left out, and no half characters. */
static char *cut(const char *text, size_t from)
{
    struct str_buf buf;
    const size_t length = strlen(text);
    size_t end = length - from > SHOWN ? from + SHOWN : length;
    from = utf8_start(text, from);
    end = utf8_start(text, end);
    sb_init(&buf, SHOWN + BEFORE);
    sb_add(&buf, from > 0 ? "..." : "");
    sb_addn(&buf, text + from, end - from);
    sb_add(&buf, end < length ? "..." : "");
    return sb_take(&buf, NULL);
}

/* Fills a fact; long texts are cut to where they begin to differ. */
static void set_texts(struct compare_fact *fact, const char *before, const char *after)
{
    size_t same = 0;
    while (before[same] != '\0' && before[same] == after[same]) {
        same++;
    }
    const bool is_long = strlen(before) > SHOWN || strlen(after) > SHOWN;
    const size_t from = is_long && same > BEFORE ? same - BEFORE : 0;
    fact->old_text = cut(before, from);
    fact->new_text = cut(after, from);
}

static char *copy(const char *text)
{
    struct str_buf buf;
    sb_init(&buf, TEXT_MAX);
    sb_add(&buf, text);
    return sb_take(&buf, NULL);
}

void compare_fact_of_pair(const struct answer_pair *pair, struct compare_fact *fact)
{
    const json_t *one = pair->a != NULL ? pair->a : pair->b;
    const char *call = json_string_value(json_object_get(one, "call"));
    struct str_buf before, after;
    sb_init(&before, TEXT_MAX);
    sb_init(&after, TEXT_MAX);
    answers_step(&before, pair->a);
    answers_step(&after, pair->b);
    fact->what = copy(call != NULL ? call : "a step of a program that is another now");
    set_texts(fact, sb_text(&before), sb_text(&after));
    sb_free(&before);
    sb_free(&after);
}

/* Adds what both say under a name, where that differs. */
static void add_fact(struct compare_facts *facts, const char *what, const char *before,
                     const char *after)
{
    const char *left = before != NULL ? before : "", *right = after != NULL ? after : "";
    if (facts->count < COMPARE_FACTS_MAX && strcmp(left, right) != 0) {
        struct compare_fact *fact = &facts->items[facts->count++];
        fact->what = copy(what);
        set_texts(fact, left[0] != '\0' ? left : "none", right[0] != '\0' ? right : "none");
    }
}

static void add_ends(struct compare_facts *facts, const struct answer_pairs *pairs)
{
    struct str_buf before, after;
    sb_init(&before, TEXT_MAX);
    sb_init(&after, TEXT_MAX);
    answers_end(&before, json_object_get(pairs->a, "end"));
    answers_end(&after, json_object_get(pairs->b, "end"));
    add_fact(facts, "end", sb_text(&before), sb_text(&after));
    sb_free(&before);
    sb_free(&after);
}

/* The first finding that one of them has and the other has not at its place. */
static void add_findings(struct compare_facts *facts, const struct case_verdict *before,
                         const struct case_verdict *after)
{
    const size_t had = facts->count;
    for (size_t i = 0; facts->count == had; i++) {
        if (i >= before->finding_count && i >= after->finding_count) {
            return;
        }
        add_fact(facts, "finding", i < before->finding_count ? before->findings[i].text : NULL,
                 i < after->finding_count ? after->findings[i].text : NULL);
    }
}

void compare_facts(const struct matrix_row *row, const struct answer_pairs *pairs,
                   struct compare_facts *facts)
{
    const struct case_verdict *before = row->cells[COMPARE_OLD].verdict;
    const struct case_verdict *after = row->cells[COMPARE_NEW].verdict;
    *facts = (struct compare_facts){0};
    if (before == NULL || after == NULL) {
        return;
    }
    if (pairs->count > 0) {
        compare_fact_of_pair(&pairs->items[0], &facts->items[facts->count++]);
    }
    add_ends(facts, pairs);
    add_fact(facts, "reason", before->reason, after->reason);
    if (pairs->count == 0) { /* else they follow from the calls */
        add_fact(facts, "outcome", before->outcome, after->outcome);
        add_findings(facts, before, after);
    }
}

void compare_facts_free(struct compare_facts *facts)
{
    for (size_t i = 0; i < facts->count; i++) {
        free(facts->items[i].what);
        free(facts->items[i].old_text);
        free(facts->items[i].new_text);
    }
    *facts = (struct compare_facts){0};
}
