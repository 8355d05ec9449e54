/* What a selftest found, for people and for programs: mutant × requirement × killing cases. */
#ifndef VSSCTS_SELFTEST_REPORT_H
#define VSSCTS_SELFTEST_REPORT_H

#include "../judge/mutant_fate.h"
#include "../plan/mutant_plan.h"
#include "console.h"

/* A case that is bad without any mutant. */
struct selftest_bad {
    const struct test_case *test;
    const char *profile;
    enum verdict verdict;
};

/* Everything is borrowed. */
struct selftest_report {
    const struct tables *tables;
    const struct by_requirement *index;
    enum arch arch;
    size_t count;
    const struct mutant_result *results;
    size_t base_count; /* cases that were run without a mutant */
    size_t bad_count;
    const struct selftest_bad *bad;
    bool whole; /* it had a mutant for every requirement for which there is one */
    enum cts_status status;
};

/* How many mutants have a fate. */
size_t selftest_count(const struct selftest_report *report, enum mutant_fate fate);

/* CTS_OK where every mutant was killed or skipped and no case is bad without one; else
 * CTS_UNEXPECTED, or CTS_OUTSTANDING where some were not run to their end. */
enum cts_status selftest_status(const struct selftest_report *report);

/* Requirements of a level that a case checks, and those of them that a killed mutant is about. */
struct selftest_cover {
    size_t checked, shown;
};

/* Counts them, by enum level. shown (NULL: not wanted): by index of the requirement, whether a
 * killed mutant is about it. False: no memory. */
bool selftest_cover(const struct selftest_report *report, struct selftest_cover cover[3],
                    bool **shown);

/* Prints what is not as it should be, and the counts; VERBOSE also every mutant with the cases that
 * killed it. */
void selftest_print(const struct term *term, const struct selftest_report *report,
                    enum console_detail detail);

/* Writes all of it to path ("-": the standard output), as reports/schema/selftest.schema.json, or
 * as a table in Markdown. CTS_IO, CTS_NOMEM with err. */
enum cts_status selftest_write_json(const struct selftest_report *report, const char *path,
                                    struct cts_error *err);
enum cts_status selftest_write_md(const struct selftest_report *report, const char *path,
                                  struct cts_error *err);

#endif
