#include "plan_skip.h"

#include "../model/names.h"

/* What the runner itself can, whatever a profile says. */
#define RUNNER_CAPABILITIES (UINT32_C(1) << CAP_FIXTURE_WRITER)

static void add_condition(struct str_buf *reason, const struct test_case *test,
                          const struct profile *profile)
{
    sb_addf(reason, "runs only where %s, and the profile '%s' stands for Windows %s, %s, %s",
            test->when.text, profile->name, profile->windows_text,
            profile->claims.server ? "server" : "client", arch_name(profile->arch));
}

/* "needs writers and snapshots" */
static void add_capabilities(struct str_buf *reason, uint32_t lacking)
{
    const char *before = "needs ";
    for (int i = 0; i < CAP_COUNT; i++) {
        if (lacking & (UINT32_C(1) << i)) {
            sb_addf(reason, "%s%s", before, capability_name((enum capability)i));
            before = " and ";
        }
    }
}

void skip_reason(struct str_buf *reason, const struct test_case *test,
                 const struct profile *profile)
{
    uint32_t lacking = test->needs & ~RUNNER_CAPABILITIES & ~profile->can;
    if (!cond_holds(&test->when, &profile->claims)) {
        add_condition(reason, test, profile);
    } else if (lacking) {
        add_capabilities(reason, lacking);
        sb_addf(reason, ", which the profile '%s' does not claim", profile->name);
    }
}

void skip_missing(struct str_buf *reason, const char *value, const struct profile *profile)
{
    if (profile_value_by_name(value + 1) >= 0) {
        sb_addf(reason, "needs %s, which the profile '%s' does not name", value, profile->name);
        return;
    }
    sb_addf(reason, "needs %s, and the profile '%s' names ", value, profile->name);
    if (profile->volumes.count == 0) {
        sb_add(reason, "no volume");
    } else {
        sb_addf(reason, "%zu volume%s", profile->volumes.count,
                profile->volumes.count == 1 ? "" : "s");
    }
}
