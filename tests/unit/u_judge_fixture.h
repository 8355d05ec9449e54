/* What the tests of the judge share: the tables of tests/data/judge, their plan, events from rows
 * of JSON. */
#ifndef VSSCTS_U_JUDGE_FIXTURE_H
#define VSSCTS_U_JUDGE_FIXTURE_H

#include "../../runner/judge/judge.h"
#include "../../runner/util/json_file.h"
#include "cu_run.h"

#include <stdio.h>
#include <string.h>

/* Everything here lives as long as the program. */
struct fixture {
    struct tables *tables;
    struct plan *plan;
};

/* A path below tests/data/judge. */
static inline const char *fixture_path(const char *name, char *buf, size_t size)
{
    const char *source = getenv("VSSCTS_SOURCE");
    snprintf(buf, size, "%s/tests/data/judge/%s", source ? source : ".", name);
    return buf;
}

static inline void fixture_give_up(const struct cts_error *err)
{
    char text[2000];
    fprintf(stderr, "%s\n", err_format(err, text, sizeof text));
    exit(EXIT_FAILURE);
}

static inline json_t *fixture_json(const char *name)
{
    char path[1024];
    struct cts_error err = {.status = CTS_OK};
    json_t *json = json_file_load(fixture_path(name, path, sizeof path), &err);
    if (!json) {
        fixture_give_up(&err);
    }
    return json;
}

/* Windows 10, client, x86_64. */
static inline struct claims fixture_claims(void)
{
    return (struct claims){.windows = {10, 0, 19045}, .arch = ARCH_X86_64};
}

/* A plan of the cases that fit the patterns (NULL: all) with a profile that can do writers only. */
static inline struct plan *fixture_plan(const struct tables *tables, const char **patterns,
                                        size_t count)
{
    struct cts_error err = {.status = CTS_OK};
    const struct profile profile = {.name = "lab",
                                    .dll = "x.dll",
                                    .claims = fixture_claims(),
                                    .windows_text = "10.0.19045",
                                    .can = 1u << CAP_WRITERS | 1u << CAP_FAULT_HOOKS};
    const struct plan_options options = {.selection = {.patterns = {count, patterns}},
                                         .await_ms = 5000};
    struct plan *plan = plan_new(tables, &profile, &options, &err);
    if (!plan) {
        fixture_give_up(&err);
    }
    return plan;
}

static inline struct fixture fixture_new(void)
{
    static struct cts_errors errs;
    char path[1024];
    struct fixture fixture = {tbl_load(fixture_path("tables", path, sizeof path), &errs), NULL};
    if (!fixture.tables) {
        fixture_give_up(&errs.list[0]);
    }
    fixture.plan = fixture_plan(fixture.tables, NULL, 0);
    return fixture;
}

static inline void fixture_free(struct fixture *fixture)
{
    plan_free(fixture->plan);
    tbl_free(fixture->tables);
}

/* Says which row of a table it was; a check of CUnit alone would not. */
static inline bool fixture_check(bool right, const char *row, const char *what, const char *got)
{
    if (!right) {
        fprintf(stderr, "\n    %s: %s: got %s\n", row, what, got ? got : "nothing");
    }
    CU_ASSERT(right);
    return right;
}

/* Are both texts equal, or both none? */
static inline bool fixture_same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Checks a text of a result against a key of what a row expects, where the row has the key. */
static inline void fixture_check_text(const json_t *expect, const char *key, const char *got,
                                      const char *row)
{
    const json_t *wanted = json_object_get(expect, key);
    if (wanted) {
        fixture_check(fixture_same(json_string_value(wanted), got), row, key, got);
    }
}

/* The same for a number or a boolean. */
static inline void fixture_check_number(const json_t *expect, const char *key, long long got,
                                        const char *row)
{
    const json_t *wanted = json_object_get(expect, key);
    char text[32];
    snprintf(text, sizeof text, "%lld", got);
    if (wanted) {
        long long number =
            json_is_integer(wanted) ? json_integer_value(wanted) : json_is_true(wanted);
        fixture_check(number == got, row, key, text);
    }
}

#endif
