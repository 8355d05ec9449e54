/* What the tests of coverage share: the tables of tests/data/coverage, and a file to print into. */
#ifndef VSSCTS_U_COVERAGE_FIXTURE_H
#define VSSCTS_U_COVERAGE_FIXTURE_H

#include "../../runner/report/coverage_report.h"
#include "../../runner/util/json_file.h"
#include "cu_run.h"

#include <stdio.h>
#include <string.h>

/* Never NULL: without its tables no test means anything. */
static inline struct tables *fixture_tables(void)
{
    static struct cts_errors errs;
    const char *source = getenv("VSSCTS_SOURCE");
    char path[1024], text[1700];
    snprintf(path, sizeof path, "%s/tests/data/coverage/tables", source ? source : ".");
    struct tables *tables = tbl_load(path, &errs);
    if (!tables) {
        for (size_t i = 0; i < errs.count && i < CTS_ERRORS_MAX; i++) {
            fprintf(stderr, "%s\n", err_format(&errs.list[i], text, sizeof text));
        }
        exit(EXIT_FAILURE);
    }
    return tables;
}

/* A run that made what it was told: the cases of the tables by their index, without the NULLs. */
struct fixture_run {
    struct judged_run run;
    struct case_verdict verdicts[16];
};

/* Gives a case a verdict. Cases must be added by id, ascending. */
static inline struct case_verdict *fixture_add(struct fixture_run *made,
                                               const struct tables *tables, const char *id,
                                               enum verdict verdict)
{
    struct case_verdict *v = &made->verdicts[made->run.count++];
    *v = (struct case_verdict){.test = tbl_case(tables, id), .verdict = verdict};
    CU_ASSERT_PTR_NOT_NULL_FATAL(v->test);
    made->run.cases = made->verdicts;
    return v;
}

static inline struct plan *fixture_plan(const struct tables *tables, const struct claims *claims)
{
    struct cts_error err = {0};
    const struct profile profile = {.name = "lab",
                                    .dll = "x.dll",
                                    .claims = *claims,
                                    .windows_text = "10.0",
                                    .can = UINT32_MAX};
    const struct plan_options options = {0};
    struct plan *plan = plan_new(tables, &profile, &options, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(plan);
    return plan;
}

/* What was printed into the file of a terminal; freed by the caller. */
static inline char *fixture_printed(struct term *term)
{
    const long length = ftell(term->out);
    char *text = calloc(1, (size_t)length + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    rewind(term->out);
    CU_ASSERT_EQUAL(fread(text, 1, (size_t)length, term->out), (size_t)length);
    fclose(term->out);
    return text;
}

static inline struct term fixture_term(void)
{
    return (struct term){.out = tmpfile(), .width = 80};
}

#endif
