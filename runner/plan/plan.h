/* The plan: from tables to programs of plain steps (docs/protocol.md). Pure: data to data. */
#ifndef VSSCTS_PLAN_H
#define VSSCTS_PLAN_H

#include "../model/profile.h"
#include "../model/tables.h"
#include "plan_shard.h"

/* What to take. All lists may be empty. A case is selected where it matches any of `patterns` (all
 * where there are none; a pattern is a case id, a prefix of whole parts, or a glob: `*` stays
 * within a part, `**` does not), matches every other kind of list that is not empty in at least one
 * item, and matches nothing in `skip` (patterns) and `skip_tags`. Requirements may be globs, tags
 * and levels not; a trailing '/' of a prefix does not matter. */
struct selection {
    struct string_list patterns, skip, tags, skip_tags, requirements, levels;
};

/* A step of the program beside the table's step that it came from: what judge and explain need. */
struct plan_step {
    int s;                   /* number in the program, from 0 */
    unsigned ms;             /* deadline of an await or join, or of a step on a writer; else 0 */
    const struct step *step; /* never NULL */
    bool in_preamble;
    bool in_finally;
    const struct preamble *preamble; /* where in_preamble, in its steps or its finally */
    const struct step *script;       /* it runs in the event of that step, if that comes; or NULL */
};

struct plan_case {
    const struct test_case *test;
    char *skip;    /* reason why it is not run, or NULL */
    char *program; /* JSON text, compact, sorted keys; NULL where skipped, or bare */
    char hash[17]; /* FNV-1a of the program */
    size_t step_count;
    struct plan_step *steps; /* by s */
};

struct plan {
    size_t count;
    struct plan_case *cases;
    char tables_hash[17]; /* over the programs of all cases, selected or not; see plan_new(); empty:
                             the plan is bare */
    uint64_t seed;
    struct plan_case **by_id; /* private: the cases sorted by id */
    bool part;                /* private: what the cases hold is another plan's */
};

struct plan_options {
    struct selection selection;
    struct plan_shard shard; /* of what is selected */
    bool shuffle;            /* order by seed; else by id */
    bool in_order;           /* order by the patterns, and by id where one fits several */
    uint64_t seed;
    unsigned await_ms; /* default deadline of an await or join; 0: 5000 */
    bool bare;         /* neither programs nor tables_hash: enough to list, and to judge by */
};

/* Selects, expands and orders. profile decides skips, profile values and architecture; NULL plans
 * for listing only (no programs, no skips). A pattern, tag, level or requirement that nothing
 * matches is CTS_USAGE with the nearest name; a selection that leaves nothing is CTS_NOTHING, but a
 * shard of one that leaves something may be empty. Every
 * case of the tables is expanded for tables_hash, so a case that cannot be is CTS_BAD_FILE whatever
 * was selected, but for a bare plan. That hash is of the programs for x86_64 with the values of a
 * profile as they stand in the tables and the default deadline: it names the tables, not the
 * profile. The plan borrows from tables and profile. NULL and err on failure. Free with
 * plan_free(). */
struct plan *plan_new(const struct tables *tables, const struct profile *profile,
                      const struct plan_options *options, struct cts_error *err);
void plan_free(struct plan *plan);

/* A plan of some cases of another one, in the order in which they are given; cases that the other
 * has not are left out. It borrows from the other. NULL: no memory. Free with plan_free(). */
struct plan *plan_part(const struct plan *whole, const struct test_case *const *cases,
                       size_t count);
const struct plan_case *plan_find(const struct plan *plan, const char *id);

/* The hash of a case's program as the tables have it, for an architecture: with the values of a
 * profile as they stand there, and default deadlines. So the steps have the same name on every
 * machine. CTS_BAD_FILE, CTS_NOMEM. */
enum cts_status plan_steps_hash(const struct tables *tables, const struct test_case *test,
                                enum arch arch, char out[17], struct cts_error *err);

/* FNV-1a, 64 bit, as 16 hex digits. */
void plan_hash(const char *text, size_t length, char out[17]);

/* The case in plain words: what it is about, its preamble, each step with arguments, expectations,
 * basis, pages, requirements with their texts. Text for a terminal of `width` columns; freed by the
 * caller with free(). NULL: no memory. */
char *plan_explain(const struct tables *tables, const struct test_case *test, unsigned width);

/* Lists a plan as JSON (an array of objects with id, title, suite, level, requirements, tags,
 * preamble, question, needs, when, skip). New reference; NULL: no memory. */
json_t *plan_list_json(const struct plan *plan);

#endif
