/* What the cases cover: methods, listed results, NULL pointers, methods in states, requirements,
 * questions. A fold over the tables, and, where there is one, over what a run saw.
 *
 * A case checks a thing where a step of its own (none of a preamble) has an expectation about it; a
 * question, which has no expectations, asks about it. An open question is checked where an
 * expectation names it: the suite has a reading, and says so. */
#ifndef VSSCTS_COVERAGE_H
#define VSSCTS_COVERAGE_H

#include "tables.h"

enum cover_kind {
#define X(id, name, title) COVER_##id,
#include "coverage.def"
#undef X
    COVER_KIND_COUNT
};

enum cover_status {
    COVER_CHECKED,   /* a case checks it */
    COVER_ASKED,     /* a question asks about it: it is recorded, never judged */
    COVER_UNCHECKED, /* the tables say why no case can */
    COVER_MISSING
};

/* Cases by their index in the tables, ascending. */
struct cover_cases {
    size_t count, cap;
    size_t *items;
};

/* One thing that can be covered. Pointers go into the tables; those that mean nothing for its kind
 * are NULL. */
struct cover_entry {
    enum cover_kind kind;
    const struct api_method *method;
    const struct api_result *result;
    const struct api_param *param;
    const struct state *state;
    const struct requirement *requirement;
    const struct question *question;
    const char *unchecked; /* the reason, or NULL */
    bool applies;          /* false: the Windows that the run stands for does not have it */
    enum basis basis;      /* the strongest of what checks it; BASIS_NONE for a requirement */
    struct cover_cases checks, asks;
};

/* What a run saw. A step of the tables and not of a program: a question's result is looked up with
 * it. */
struct cover_run {
    struct claims claims;
    /* Was the case judged or recorded? */
    bool (*saw)(void *context, size_t index);
    /* The result of a step of a question; false: there is none. */
    bool (*result)(void *context, size_t index, const struct step *step, uint32_t *code);
    void *context;
};

/* Sorted by kind; then methods by interface and slot, cells by state and method, requirements and
 * questions by id. */
struct coverage {
    const struct tables *tables;
    size_t count;
    struct cover_entry *entries;
};

/* run NULL: all cases of the tables count, and every Windows. Borrows from tables. NULL: no memory.
 * Free with cover_free(). */
struct coverage *cover_new(const struct tables *tables, const struct cover_run *run);
void cover_free(struct coverage *coverage);

enum cover_status cover_status(const struct cover_entry *entry);

/* How many there are that apply, and of each status. */
struct cover_totals {
    size_t total;
    size_t by_status[4]; /* by enum cover_status */
};
struct cover_totals cover_totals(const struct coverage *coverage, enum cover_kind kind);

/* Static strings. */
const char *cover_kind_name(enum cover_kind kind);
const char *cover_kind_title(enum cover_kind kind);
const char *cover_status_name(enum cover_status status);

#endif
