#include "html_traces.h"

#include "case_rows.h"
#include "text_set.h"
#include <stdio.h>
#include <string.h>

#define CASES_OF_ELEMENT 64
#define PARTS_OF_ELEMENT 256
#define PARTS_MAX ((size_t)64 << 20) /* bytes that are kept; further parts stand in their cases */
#define PART_MAX ((size_t)64 << 20)
#define ID_SIZE 64

/* --- a case, by any thread --- */

/* A row is made of pieces, each with this before it: only who writes the cases in their order knows
 * the numbers of parts. */
struct piece {
    bool part;
    size_t length;
    uint64_t hash; /* of a part */
};

/* A row in the making. */
struct tracing {
    struct str_buf *row;
    struct str_buf text;   /* what stands between parts */
    struct json_emit emit; /* of it: keys are told in their order */
    struct str_buf part;
    struct json_emit part_emit; /* of findings; that of steps is their teller's */
};

static void add_piece(struct tracing *tracing, struct str_buf *from, bool part)
{
    const struct piece piece = {part, from->len,
                                part ? text_set_hash(sb_text(from), from->len) : 0};
    if (from->failed) {
        sb_fail(tracing->row);
    }
    sb_addn(tracing->row, (const char *)&piece, sizeof piece);
    sb_addn(tracing->row, sb_text(from), from->len);
    sb_clear(from);
}

/* Puts the part that was told last into an array. */
static void end_part(struct tracing *tracing)
{
    je_place(&tracing->emit, NULL);
    add_piece(tracing, &tracing->text, false);
    add_piece(tracing, &tracing->part, true);
}

static void put_findings(struct tracing *tracing, const struct case_verdict *verdict)
{
    je_array(&tracing->emit, "findings");
    for (size_t i = 0; i < verdict->finding_count; i++) {
        je_restart(&tracing->part_emit, &tracing->part, true);
        case_put_finding(&tracing->part_emit, &verdict->findings[i]);
        end_part(tracing);
    }
    je_end(&tracing->emit);
}

static void put_steps(struct tracing *tracing, struct report_steps *steps)
{
    je_array(&tracing->emit, "steps");
    for (size_t i = 0; i < steps->count; i++) {
        je_restart(steps->emit, &tracing->part, true);
        steps_put(steps, i);
        end_part(tracing);
    }
    je_end(&tracing->emit);
    je_array(&tracing->emit, "us");
    for (size_t i = 0; i < steps->count; i++) {
        const struct jv *us = steps_us(steps, i);
        if (us != NULL) {
            je_value(&tracing->emit, NULL, us);
        } else {
            je_null(&tracing->emit, NULL);
        }
    }
    je_end(&tracing->emit);
}

static void put_end(struct tracing *tracing, struct report_steps *steps)
{
    if (steps->end != NULL) {
        je_place(&tracing->emit, "end");
        je_restart(steps->emit, &tracing->text, true);
        steps_put_end(steps, NULL);
    }
}

static void put_case(struct tracing *tracing, struct report_steps *steps,
                     const struct case_verdict *verdict)
{
    struct json_emit *emit = &tracing->emit;
    const bool again = verdict->attempts > 1;
    const bool attempts_differ = again && verdict->first != verdict->last;
    je_restart(emit, &tracing->text, false);
    je_object(emit, NULL);
    if (again) {
        je_integer(emit, "attempts", (json_int_t)verdict->attempts);
    }
    put_end(tracing, steps);
    put_findings(tracing, verdict);
    je_text(emit, "first", attempts_differ ? verdict_name(verdict->first) : NULL);
    je_text(emit, "last", attempts_differ ? verdict_name(verdict->last) : NULL);
    je_text(emit, "outcome", verdict->outcome);
    je_text(emit, "reason", verdict->reason);
    put_steps(tracing, steps);
    je_text(emit, "why", verdict->why_expected);
    je_end(emit);
    add_piece(tracing, &tracing->text, false);
}

static void make_row(struct case_teller *teller, const struct case_verdict *verdict,
                     struct str_buf *row)
{
    struct tracing tracing = {.row = row};
    struct report_steps *steps = case_teller_steps(teller, verdict);
    if (steps == NULL) {
        sb_fail(row);
        return;
    }
    sb_init(&tracing.text, PART_MAX);
    sb_init(&tracing.part, PART_MAX);
    je_init(&tracing.emit, &tracing.text, false);
    je_init(&tracing.part_emit, &tracing.part, true);
    put_case(&tracing, steps, verdict);
    je_free(&tracing.emit);
    je_free(&tracing.part_emit);
    sb_free(&tracing.text);
    sb_free(&tracing.part);
}

/* --- all of them, in their order --- */

struct traces {
    struct html_page *page;
    const char *prefix;
    struct text_set *parts;
    size_t count; /* of cases so far */
};

static void begin_element(struct traces *traces, const char *kind, size_t number)
{
    char id[ID_SIZE];
    snprintf(id, sizeof id, "%s%s%zu", traces->prefix, kind, number);
    html_data_begin(traces->page, id);
}

/* A part by its number; by itself where the set has no room for it. */
static void write_part(struct traces *traces, const struct piece *piece, const char *text)
{
    const size_t number = text_set_add_hashed(traces->parts, text, piece->length, piece->hash);
    if (number != TEXT_SET_FULL) {
        char digits[32];
        const int length = snprintf(digits, sizeof digits, "%zu", number);
        html_data_text(traces->page, digits, (size_t)length);
    } else {
        html_data_text(traces->page, text, piece->length);
    }
}

static void write_row(void *context, size_t number, const char *row, size_t length)
{
    struct traces *traces = context;
    const char *const end = row + length;
    if (number % CASES_OF_ELEMENT == 0) {
        if (number > 0) {
            html_data_end(traces->page);
        }
        begin_element(traces, "c", number / CASES_OF_ELEMENT);
    }
    while (row < end) {
        struct piece piece;
        memcpy(&piece, row, sizeof piece);
        row += sizeof piece;
        if (piece.part) {
            write_part(traces, &piece, row);
        } else {
            html_data_text(traces->page, row, piece.length);
        }
        row += piece.length;
    }
    html_data_text(traces->page, "\n", 1);
    traces->count = number + 1;
}

static void write_parts(struct traces *traces)
{
    const size_t count = text_set_count(traces->parts);
    if (traces->count > 0) {
        html_data_end(traces->page);
    }
    for (size_t i = 0; i < count; i++) {
        size_t length = 0;
        const char *text = text_set_at(traces->parts, i, &length);
        if (i % PARTS_OF_ELEMENT == 0) {
            begin_element(traces, "p", i / PARTS_OF_ELEMENT);
        }
        html_data_text(traces->page, text, length);
        html_data_text(traces->page, "\n", 1);
        if ((i + 1) % PARTS_OF_ELEMENT == 0 || i + 1 == count) {
            html_data_end(traces->page);
        }
    }
}

void html_traces(struct html_page *page, const char *prefix, const struct report *report,
                 const struct case_verdict *const *chosen, size_t count)
{
    struct traces traces = {page, prefix, text_set_new(PARTS_MAX), 0};
    const struct case_rows rows = {report, STEPS_TRACE, make_row, write_row, &traces, page->out};
    if (traces.parts == NULL) {
        js_fail(page->out);
        return;
    }
    if (chosen != NULL) {
        case_rows_some(&rows, chosen, count);
    } else {
        case_rows_all(&rows);
    }
    write_parts(&traces);
    text_set_free(traces.parts);
}
