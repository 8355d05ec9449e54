/* Coverage on the console. */
#include "../model/hresult.h"
#include "../plan/text_wrap.h"
#include "../util/glob.h"
#include "coverage_report.h"
#include <string.h>

#define TEXT_MAX ((size_t)1 << 16)
#define CASES_SHOWN 3
#define TITLE_WIDTH 40

static const enum term_style styles[] = {
    [COVER_CHECKED] = STYLE_GOOD,
    [COVER_ASKED] = STYLE_ACCENT,
    [COVER_UNCHECKED] = STYLE_DIM,
    [COVER_MISSING] = STYLE_BAD,
};

/* --- which, and what it is called --- */

bool coverage_chosen(const struct cover_entry *entry, const struct coverage_choice *choice)
{
    char full[256];
    if (!entry->applies || (choice->missing && cover_status(entry) != COVER_MISSING)) {
        return false;
    }
    if (choice->method == NULL) {
        return true;
    }
    if (entry->method == NULL) {
        return false;
    }
    const char *iface = entry->method->iface;
    snprintf(full, sizeof full, "%s%s%s", iface != NULL ? iface : "", iface != NULL ? "." : "",
             entry->method->name);
    return glob_match(choice->method, full) || glob_match(choice->method, entry->method->name);
}

static void add_method(struct str_buf *buf, const struct api_method *method)
{
    if (method->iface != NULL) {
        sb_addf(buf, "%s.", method->iface);
    }
    sb_add(buf, method->name);
}

static void add_result(struct str_buf *buf, const struct api_result *result)
{
    char text[HR_TEXT_SIZE];
    const char *name = hr_name(result->code);
    sb_addf(buf, ": %s", name != NULL ? name : hr_text(result->code, text, sizeof text));
    if (result->when.text != NULL) {
        sb_addf(buf, " (%s)", result->when.text);
    }
}

void coverage_subject(struct str_buf *buf, const struct cover_entry *entry)
{
    if (entry->requirement != NULL) {
        sb_add(buf, entry->requirement->id);
        return;
    }
    if (entry->question != NULL) {
        sb_add(buf, entry->question->id);
        return;
    }
    add_method(buf, entry->method);
    if (entry->result != NULL) {
        add_result(buf, entry->result);
    } else if (entry->param != NULL) {
        sb_addf(buf, ": %s = NULL", entry->param->name);
    } else if (entry->state != NULL) {
        sb_addf(buf, " in %s", entry->state->id);
    }
}

/* --- totals --- */

static double share(size_t part, size_t total)
{
    return total > 0 ? 100.0 * (double)part / (double)total : 0.0;
}

double coverage_least(const struct coverage *coverage, enum cover_kind *kind)
{
    double least = 100.0;
    for (unsigned i = 0; i < COVER_KIND_COUNT; i++) {
        const struct cover_totals totals = cover_totals(coverage, (enum cover_kind)i);
        const double here = 100.0 - share(totals.by_status[COVER_MISSING], totals.total);
        if (totals.total > 0 && here < least) {
            least = here;
            if (kind != NULL) {
                *kind = (enum cover_kind)i;
            }
        }
    }
    return least;
}

void coverage_print_totals(const struct term *term, const struct coverage *coverage)
{
    static const char *const heads[] = {"checked", "question", "reason", "missing"};
    term_printf(term, STYLE_BOLD, "%-*s%7s", TITLE_WIDTH, "", "total");
    for (size_t s = 0; s < sizeof heads / sizeof heads[0]; s++) {
        term_printf(term, STYLE_BOLD, "%15s", heads[s]);
    }
    fputc('\n', term->out);
    for (unsigned kind = 0; kind < COVER_KIND_COUNT; kind++) {
        const struct cover_totals totals = cover_totals(coverage, (enum cover_kind)kind);
        term_printf(term, STYLE_PLAIN, "%-*s%7zu", TITLE_WIDTH,
                    cover_kind_title((enum cover_kind)kind), totals.total);
        for (size_t s = 0; s < sizeof heads / sizeof heads[0]; s++) {
            const size_t part = totals.by_status[s];
            term_printf(term, part > 0 ? styles[s] : STYLE_DIM, "%8zu %5.1f%%", part,
                        share(part, totals.total));
        }
        fputc('\n', term->out);
    }
}

/* --- entries --- */

static void print_cases(const struct term *term, const struct coverage *coverage,
                        const struct cover_cases *cases)
{
    for (size_t i = 0; i < cases->count && i < CASES_SHOWN; i++) {
        term_printf(term, STYLE_DIM, "        %s\n", coverage->tables->cases[cases->items[i]].id);
    }
    if (cases->count > CASES_SHOWN) {
        term_printf(term, STYLE_DIM, "        and %zu more\n", cases->count - CASES_SHOWN);
    }
}

static void print_reason(const struct term *term, const char *reason)
{
    struct str_buf text;
    sb_init(&text, TEXT_MAX);
    wrap_text(&text, term->width, 8, 8, reason);
    term_printf(term, STYLE_DIM, "%s", sb_text(&text));
    sb_free(&text);
}

/* The basis of what is checked, else what is the matter. */
static const char *word(const struct cover_entry *entry)
{
    switch (cover_status(entry)) {
    case COVER_CHECKED:
        return entry->basis != BASIS_NONE ? basis_name(entry->basis) : "checked";
    case COVER_ASKED:
        return "question";
    case COVER_UNCHECKED:
        return "no case can";
    case COVER_MISSING:
        break;
    }
    return "missing";
}

static void print_entry(const struct term *term, const struct coverage *coverage,
                        const struct cover_entry *entry, const struct coverage_choice *choice)
{
    struct str_buf subject;
    const enum cover_status status = cover_status(entry);
    sb_init(&subject, TEXT_MAX);
    coverage_subject(&subject, entry);
    term_printf(term, STYLE_PLAIN, "    %s", sb_text(&subject));
    sb_free(&subject);
    if (!choice->missing) { /* else all are */
        term_printf(term, styles[status], "  %s", word(entry));
    }
    fputc('\n', term->out);
    print_cases(term, coverage, &entry->checks);
    print_cases(term, coverage, &entry->asks);
    if (status == COVER_UNCHECKED) {
        print_reason(term, entry->unchecked);
    }
}

size_t coverage_print_entries(const struct term *term, const struct coverage *coverage,
                              const struct coverage_choice *choice)
{
    size_t printed = 0;
    int kind = -1;
    for (size_t i = 0; i < coverage->count; i++) {
        const struct cover_entry *entry = &coverage->entries[i];
        if (!coverage_chosen(entry, choice)) {
            continue;
        }
        if ((int)entry->kind != kind) {
            kind = (int)entry->kind;
            term_printf(term, STYLE_BOLD, "\n%s%s\n", cover_kind_title(entry->kind),
                        choice->missing ? ", missing" : "");
        }
        print_entry(term, coverage, entry, choice);
        printed++;
    }
    return printed;
}

/* --- methods in states --- */

static char letter(const struct cover_entry *entry)
{
    static const char of_basis[] = {[BASIS_NONE] = '+',
                                    [BASIS_DOCUMENTED] = 'd',
                                    [BASIS_OBSERVED] = 'o',
                                    [BASIS_INFERRED] = 'i'};
    switch (cover_status(entry)) {
    case COVER_CHECKED:
        return of_basis[entry->basis];
    case COVER_ASKED:
        return '?';
    case COVER_UNCHECKED:
        return '-';
    case COVER_MISSING:
        break;
    }
    return '.';
}

static bool is_cell(const struct cover_entry *entry, const struct coverage_choice *choice)
{
    const struct coverage_choice any = {.method = choice->method};
    return entry->kind == COVER_CELL && coverage_chosen(entry, &any);
}

/* The states are the columns, which have numbers: their names are too long. */
static void print_heads(const struct term *term, const struct coverage *coverage)
{
    const struct state *last = NULL;
    unsigned number = 0;
    term_printf(term, STYLE_BOLD, "\n%s\n", cover_kind_title(COVER_CELL));
    for (size_t i = 0; i < coverage->count; i++) {
        const struct cover_entry *entry = &coverage->entries[i];
        if (entry->kind == COVER_CELL && entry->state != last) {
            last = entry->state;
            term_printf(term, STYLE_PLAIN, "    %2u  %s\n", ++number, last->id);
        }
    }
    term_printf(term, STYLE_DIM,
                "    d documented, o observed, i inferred, ? question, - no case can (with a "
                "reason), . missing\n");
    term_printf(term, STYLE_PLAIN, "%-*s", TITLE_WIDTH, "");
    for (unsigned n = 1; n <= number; n++) {
        term_printf(term, STYLE_DIM, "%3u", n);
    }
    fputc('\n', term->out);
}

static void print_row(const struct term *term, const struct coverage *coverage,
                      const struct api_method *method)
{
    term_printf(term, STYLE_PLAIN, "%-*s", TITLE_WIDTH, method->name);
    for (size_t i = 0; i < coverage->count; i++) {
        const struct cover_entry *entry = &coverage->entries[i];
        if (entry->kind == COVER_CELL && entry->method == method) {
            term_printf(term, styles[cover_status(entry)], "  %c", letter(entry));
        }
    }
    fputc('\n', term->out);
}

void coverage_print_states(const struct term *term, const struct coverage *coverage,
                           const struct coverage_choice *choice)
{
    const struct state *first = NULL;
    print_heads(term, coverage);
    for (size_t i = 0; i < coverage->count; i++) {
        const struct cover_entry *entry = &coverage->entries[i];
        first = first == NULL && entry->kind == COVER_CELL ? entry->state : first;
        if (entry->state == first && is_cell(entry, choice)) {
            print_row(term, coverage, entry->method);
        }
    }
}
