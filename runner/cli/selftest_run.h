/* A selftest while it runs: the chosen mutants, their cases, and what came of them. */
#ifndef VSSCTS_SELFTEST_RUN_H
#define VSSCTS_SELFTEST_RUN_H

#include "../plan/mutant_families.h"
#include "../report/progress.h"
#include "../report/selftest_report.h"
#include "cli_session.h"

struct selftest {
    struct session *session;
    struct mutants *mutants;
    struct mutant_families families; /* empty without --families */
    struct string_list profiles;     /* owned names: those of the families */
    struct by_requirement index;
    enum arch arch;
    char *out_dir;
    size_t count;
    const struct mutant **chosen;
    struct mutant_result *results; /* of the chosen */
    size_t base_count, bad_count, bad_cap;
    struct selftest_bad *bad;
    struct progress progress;
    uint64_t started; /* what the progress is about; ns */
};

/* Makes mutants for the requirements that no row of the table is about, with every profile of the
 * home folder that is of the reference. Prints what went wrong. */
enum cts_status selftest_make(struct selftest *selftest);

/* Frees what selftest_make() made. */
void selftest_made_free(struct selftest *selftest);

/* Runs the chosen mutants of a profile, then without a mutant the cases that were run with one, and
 * fills their results. Prints what went wrong; CTS_OK also where mutants survived. */
enum cts_status selftest_profile(struct selftest *selftest, const char *profile);

#endif
