/* What a selftest found, for people and for programs: mutant × requirement × killing cases. */
#ifndef VSSCTS_SELFTEST_REPORT_H
#define VSSCTS_SELFTEST_REPORT_H

#include "../judge/mutant_fate.h"
#include "console.h"

/* A case that is bad without any mutant. */
struct selftest_bad {
    const struct test_case *test;
    const char *profile;
    enum verdict verdict;
    char *why; /* or NULL; owned by the holder of the report */
};

/* Everything is borrowed. */
struct selftest_report {
    const struct tables *tables;
    enum arch arch;
    size_t count;
    const struct mutant_result *results;
    size_t base_count; /* cases that were run without a mutant */
    size_t bad_count;
    const struct selftest_bad *bad;
    const char *table;      /* file of the mutants */
    enum cts_status status; /* how it ended */
};

/* How many mutants have a fate. */
size_t selftest_count(const struct selftest_report *report, enum mutant_fate fate);

/* CTS_OK where every mutant was killed or skipped and no case is bad without one; else
 * CTS_UNEXPECTED, or CTS_OUTSTANDING where some were not run to their end. */
enum cts_status selftest_status(const struct selftest_report *report);

/* Prints what is not as it should be, and the counts; VERBOSE also every mutant with the cases that
 * killed it. */
void selftest_print(const struct term *term, const struct selftest_report *report,
                    enum console_detail detail);

#endif
