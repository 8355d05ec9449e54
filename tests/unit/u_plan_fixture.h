/* What the tests of the plan share: the tables of tests/data/plan, profiles, plans. */
#ifndef VSSCTS_U_PLAN_FIXTURE_H
#define VSSCTS_U_PLAN_FIXTURE_H

#include "../../runner/plan/plan.h"
#include "../../runner/util/json_file.h"
#include "cu_run.h"

#include <stdio.h>
#include <string.h>

#define CAN(id) (UINT32_C(1) << CAP_##id)

static const char *const fixture_volumes[] = {
    "\\\\?\\Volume{00000000-0000-0000-0000-000000000001}\\",
    "\\\\?\\Volume{00000000-0000-0000-0000-000000000002}\\",
};

/* A path below tests/data/plan. */
static inline const char *fixture_path(const char *name, char *buf, size_t size)
{
    const char *source = getenv("VSSCTS_SOURCE");
    snprintf(buf, size, "%s/tests/data/plan/%s", source ? source : ".", name);
    return buf;
}

/* Never NULL: without its tables no test means anything. */
static inline struct tables *fixture_tables(void)
{
    static struct cts_errors errs;
    char path[1024], text[1700];
    struct tables *tables = tbl_load(fixture_path("tables", path, sizeof path), &errs);
    if (!tables) {
        for (size_t i = 0; i < errs.count && i < CTS_ERRORS_MAX; i++) {
            fprintf(stderr, "%s\n", err_format(&errs.list[i], text, sizeof text));
        }
        exit(EXIT_FAILURE);
    }
    return tables;
}

/* Windows 10, client, everything that a profile can claim, both volumes. */
static inline struct profile fixture_profile(enum arch arch)
{
    return (struct profile){
        .name = "lab",
        .dll = "vssref.dll",
        .arch = arch,
        .claims = {.windows = {10, 0, 19045}, .arch = arch},
        .windows_text = "10.0.19045",
        .can = CAN(SNAPSHOTS) | CAN(WRITERS) | CAN(PROVIDERS) | CAN(FAULT_HOOKS),
        .volumes = {2, (const char **)fixture_volumes},
    };
}

#endif
