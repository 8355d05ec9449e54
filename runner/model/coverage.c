/* The things that can be covered, in order, and how they are found. */
#include "coverage_inner.h"
#include "tbl_api.h"

#include <stdlib.h>
#include <string.h>

/* The object whose states the tables describe. */
#define REQUESTER "IVssBackupComponents"
/* The region of states that a requester object is always in exactly one of. */
#define MAIN_REGION "main"

/* --- names --- */

const char *cover_kind_name(enum cover_kind kind)
{
    static const char *const names[] = {
#define X(id, name, title) name,
#include "coverage.def"
#undef X
    };
    return names[kind];
}

const char *cover_kind_title(enum cover_kind kind)
{
    static const char *const titles[] = {
#define X(id, name, title) title,
#include "coverage.def"
#undef X
    };
    return titles[kind];
}

const char *cover_status_name(enum cover_status status)
{
    static const char *const names[] = {"checked", "asked", "unchecked", "missing"};
    return names[status];
}

/* --- counting --- */

enum cover_status cover_status(const struct cover_entry *entry)
{
    if (entry->checks.count > 0) {
        return COVER_CHECKED;
    }
    if (entry->asks.count > 0) {
        return COVER_ASKED;
    }
    return entry->unchecked ? COVER_UNCHECKED : COVER_MISSING;
}

struct cover_totals cover_totals(const struct coverage *coverage, enum cover_kind kind)
{
    struct cover_totals totals = {0};
    for (size_t i = 0; i < coverage->count; i++) {
        const struct cover_entry *entry = &coverage->entries[i];
        if (entry->kind == kind && entry->applies) {
            totals.total++;
            totals.by_status[cover_status(entry)]++;
        }
    }
    return totals;
}

/* --- the entries --- */

/* The next entry. While nothing is allocated yet, entries are only counted. */
static struct cover_entry *add(struct cover_making *making, enum cover_kind kind)
{
    static struct cover_entry counted_only;
    struct coverage *out = making->out;
    struct cover_entry *entry = out->entries ? &out->entries[out->count] : &counted_only;
    out->count++;
    *entry = (struct cover_entry){.kind = kind, .applies = true};
    return entry;
}

static bool applies(const struct cover_making *making, const struct api_result *result)
{
    return !making->run || cond_holds(&result->when, &making->run->claims);
}

static void add_results(struct cover_making *making, enum cover_kind kind,
                        const struct api_method *method, const struct api_result *results,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct cover_entry *entry = add(making, kind);
        entry->method = method;
        entry->result = &results[i];
        entry->unchecked = results[i].unchecked;
        entry->applies = applies(making, &results[i]);
    }
}

/* All that is known of one method, kind by kind. */
static void add_method(struct cover_making *making, struct cover_method *known,
                       enum cover_kind kind)
{
    const struct api_method *method = known->method;
    const size_t first = making->out->count;
    switch (kind) {
    case COVER_METHOD:
        known->entry = first;
        add(making, kind)->method = method;
        break;
    case COVER_RESULT:
        known->results = first;
        add_results(making, kind, method, method->results, method->result_count);
        break;
    case COVER_OPERATION:
        known->operations = first;
        add_results(making, kind, method, method->async_results, method->async_result_count);
        break;
    case COVER_NULL:
        known->nulls = first;
        for (size_t i = 0; i < method->param_count; i++) {
            if (method->params[i].null_rule != NULL_NONE) {
                struct cover_entry *entry = add(making, kind);
                entry->method = method;
                entry->param = &method->params[i];
                entry->unchecked = method->params[i].unchecked;
            }
        }
        break;
    default:
        break;
    }
}

/* In the order of the tables: interfaces by name with their methods by slot, then functions. */
static void add_cells(struct cover_making *making)
{
    const struct tables *tables = making->tables;
    making->cells = making->out->count;
    for (size_t s = 0, row = 0; s < tables->state_count; s++) {
        const struct state *state = &tables->states[s];
        making->rows[s] = strcmp(state->region, MAIN_REGION) == 0 ? row++ : SIZE_MAX;
        for (size_t m = 0; making->rows[s] != SIZE_MAX && m < making->method_count; m++) {
            if (making->methods[m].column != SIZE_MAX) {
                struct cover_entry *entry = add(making, COVER_CELL);
                entry->state = state;
                entry->method = making->methods[m].method;
                entry->unchecked = state->unchecked;
            }
        }
    }
}

static void add_rules(struct cover_making *making)
{
    const struct tables *tables = making->tables;
    for (unsigned level = LEVEL_MUST; level <= LEVEL_MAY; level++) {
        for (size_t i = 0; i < tables->requirement_count; i++) {
            const struct requirement *requirement = &tables->requirements[i];
            if (requirement->level == (enum level)level) {
                making->places[i] = making->out->count;
                struct cover_entry *entry =
                    add(making, (enum cover_kind)(COVER_MUST + level - LEVEL_MUST));
                entry->requirement = requirement;
                entry->unchecked = requirement->unchecked;
            }
        }
    }
    making->questions = making->out->count;
    for (size_t i = 0; i < tables->question_count; i++) {
        add(making, COVER_QUESTION)->question = &tables->questions[i];
    }
}

static void add_all(struct cover_making *making)
{
    making->out->count = 0;
    for (unsigned kind = COVER_METHOD; kind <= COVER_NULL; kind++) {
        for (size_t m = 0; m < making->method_count; m++) {
            add_method(making, &making->methods[m], (enum cover_kind)kind);
        }
    }
    add_cells(making);
    add_rules(making);
}

/* --- methods --- */

static size_t list_methods(const struct tables *tables, struct cover_method *out)
{
    size_t count = 0, column = 0;
    for (size_t i = 0; i < tables->interface_count; i++) {
        const struct api_interface *iface = &tables->interfaces[i];
        const bool requester = tbl_is_a(tables, iface, REQUESTER);
        for (size_t k = 0; k < iface->method_count; k++, count++) {
            if (out) {
                out[count] = (struct cover_method){.method = &iface->methods[k],
                                                   .column = requester ? column++ : SIZE_MAX};
            }
        }
    }
    for (size_t i = 0; i < tables->function_count; i++) {
        if (!tables->functions[i].hook) {
            if (out) {
                out[count] =
                    (struct cover_method){.method = &tables->functions[i], .column = SIZE_MAX};
            }
            count++;
        }
    }
    return count;
}

static int compare_address(const struct api_method *a, const struct api_method *b)
{
    return ((uintptr_t)a > (uintptr_t)b) - ((uintptr_t)a < (uintptr_t)b);
}

static int by_address(const void *a, const void *b)
{
    const struct cover_method *const *left = a, *const *right = b;
    return compare_address((*left)->method, (*right)->method);
}

static int find_address(const void *key, const void *item)
{
    const struct cover_method *const *known = item;
    return compare_address(key, (*known)->method);
}

const struct cover_method *cover_method_of(const struct cover_making *making,
                                           const struct api_method *method)
{
    struct cover_method *const *found =
        method && making->method_count > 0
            ? bsearch(method, making->by_address, making->method_count, sizeof *making->by_address,
                      find_address)
            : NULL;
    return found ? *found : NULL;
}

struct cover_entry *cover_cell(const struct cover_making *making, const struct state *state,
                               const struct cover_method *method)
{
    const size_t row = state ? making->rows[state - making->tables->states] : SIZE_MAX;
    if (row == SIZE_MAX || !method || method->column == SIZE_MAX) {
        return NULL;
    }
    return &making->out->entries[making->cells + row * making->column_count + method->column];
}

/* The last method of the requester that the steps of a preamble call, or NULL. */
static struct cover_method *last_call(const struct cover_making *making,
                                      const struct preamble *preamble)
{
    struct cover_method *last = NULL;
    for (size_t i = 0; i < preamble->step_count; i++) {
        const struct cover_method *called = cover_method_of(making, preamble->steps[i].method);
        if (called && called->column != SIZE_MAX) {
            last = &making->methods[called - making->methods];
        }
    }
    return last;
}

/* Which methods move a requester object on: those by which a preamble ends in another state. */
static void find_movers(struct cover_making *making)
{
    const struct tables *tables = making->tables;
    for (size_t i = 0; i < tables->preamble_count; i++) {
        const struct preamble *preamble = &tables->preambles[i];
        const struct state *state = tbl_state(tables, preamble->state);
        const bool moves = state && making->rows[state - tables->states] != SIZE_MAX &&
                           preamble->after && strcmp(preamble->after->state, preamble->state) != 0;
        struct cover_method *last = moves ? last_call(making, preamble) : NULL;
        if (last) {
            last->moves = true;
        }
    }
}

/* Cells that a matrix leaves out with a reason. */
static void take_gaps(struct cover_making *making)
{
    const struct tables *tables = making->tables;
    for (size_t g = 0; g < tables->gap_count; g++) {
        const struct gap *gap = &tables->gaps[g];
        for (size_t m = 0; gap->preamble && gap->method && m < making->method_count; m++) {
            const struct cover_method *method = &making->methods[m];
            const struct state *state = tbl_state(tables, gap->preamble->state);
            struct cover_entry *cell = strcmp(method->method->name, gap->method) == 0
                                           ? cover_cell(making, state, method)
                                           : NULL;
            if (cell && !cell->unchecked) {
                cell->unchecked = gap->reason;
            }
        }
    }
}

static void excuse(struct cover_making *making, size_t first, size_t count, const char *reason)
{
    for (size_t i = first; i < first + count; i++) {
        struct cover_entry *entry = &making->out->entries[i];
        entry->unchecked = entry->unchecked ? entry->unchecked : reason;
    }
}

/* What the rows of calls/ leave out: a whole method, or one of its results. */
static void take_omissions(struct cover_making *making)
{
    const struct tables *tables = making->tables;
    for (size_t i = 0; i < tables->omission_count; i++) {
        const struct omission *omission = &tables->omissions[i];
        const struct api_method *method = omission->method;
        const struct cover_method *known = cover_method_of(making, method);
        size_t pointers = 0;
        for (size_t p = 0; known && p < method->param_count; p++) {
            pointers += method->params[p].null_rule != NULL_NONE;
        }
        if (known && omission->all) {
            excuse(making, known->entry, 1, omission->reason);
            excuse(making, known->results, method->result_count, omission->reason);
            excuse(making, known->operations, method->async_result_count, omission->reason);
            excuse(making, known->nulls, pointers, omission->reason);
        }
        for (size_t r = 0; known && !omission->all && r < method->result_count; r++) {
            if (method->results[r].code == omission->code) {
                excuse(making, known->results + r, 1, omission->reason);
            }
        }
    }
}

/* --- the whole --- */

static bool begin(struct cover_making *making)
{
    const struct tables *tables = making->tables;
    making->method_count = list_methods(tables, NULL);
    making->methods = calloc(making->method_count + 1, sizeof *making->methods);
    making->by_address = calloc(making->method_count + 1, sizeof *making->by_address);
    making->rows = calloc(tables->state_count + 1, sizeof *making->rows);
    making->places = calloc(tables->requirement_count + 1, sizeof *making->places);
    if (!making->methods || !making->by_address || !making->rows || !making->places) {
        return false;
    }
    list_methods(tables, making->methods);
    for (size_t m = 0; m < making->method_count; m++) {
        making->column_count += making->methods[m].column != SIZE_MAX;
        making->by_address[m] = &making->methods[m];
    }
    if (making->method_count > 0) {
        qsort(making->by_address, making->method_count, sizeof *making->by_address, by_address);
    }
    add_all(making); /* counts */
    making->out->entries = calloc(making->out->count + 1, sizeof *making->out->entries);
    if (!making->out->entries) {
        return false;
    }
    add_all(making);
    return true;
}

struct coverage *cover_new(const struct tables *tables, const struct cover_run *run)
{
    struct coverage *out = calloc(1, sizeof *out);
    struct cover_making making = {.out = out, .tables = tables, .run = run};
    if (out) {
        out->tables = tables;
        making.failed = !begin(&making);
    }
    if (out && !making.failed) {
        find_movers(&making);
        take_gaps(&making);
        take_omissions(&making);
        cover_walk(&making);
    }
    free(making.methods);
    free(making.by_address);
    free(making.rows);
    free(making.places);
    if (out && making.failed) {
        cover_free(out);
        return NULL;
    }
    return out;
}

void cover_free(struct coverage *coverage)
{
    for (size_t i = 0; coverage && coverage->entries && i < coverage->count; i++) {
        free(coverage->entries[i].checks.items);
        free(coverage->entries[i].asks.items);
    }
    if (coverage) {
        free(coverage->entries);
        free(coverage);
    }
}
