/* A selftest while it runs: the chosen mutants, their cases, and what came of them. */
#ifndef VSSCTS_SELFTEST_RUN_H
#define VSSCTS_SELFTEST_RUN_H

#include "../plan/mutant_plan.h"
#include "../report/progress.h"
#include "../report/selftest_report.h"
#include "cli_session.h"

struct selftest {
    struct session *session;
    struct mutants *mutants;
    struct by_requirement index;
    enum arch arch;
    char *out_dir;
    size_t count;
    const struct mutant **chosen;
    struct mutant_result *results; /* of the chosen */
    size_t base_count, bad_count, bad_cap;
    struct selftest_bad *bad;
    struct progress progress;
};

/* Runs the chosen mutants of a profile, after the cases of all of them without a mutant, and fills
 * their results. Prints what went wrong; CTS_OK also where mutants survived. */
enum cts_status selftest_profile(struct selftest *selftest, const char *profile);

#endif
