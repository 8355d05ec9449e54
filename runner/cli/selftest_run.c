#include "selftest_run.h"

#include "../judge/judge_against.h"
#include "../util/fs_path.h"
#include "cli_home.h"
#include <stdlib.h>
#include <string.h>

#define MUTANT_VARIABLE "VSSREF_MUTANT"
#define BASE_FOLDER "unmutated"

/* What all runs with one profile share. */
struct group {
    struct selftest *selftest;
    const char *name; /* of the profile */
    struct profile *profile;
    struct plan *plan; /* of all cases */
    struct judge_options judge;
    enum verdict *base; /* by case of the tables: without a mutant */
};

/* A run of the group: without a mutant, or with one. */
struct group_run {
    struct group *group;
    struct mutant_result *result; /* NULL: without */
    bool failed;                  /* no memory, or a verdict that cannot be had */
};

static enum cts_status no_memory(const struct selftest *selftest)
{
    struct cts_error err = {0};
    err_set(&err, CTS_NOMEM, "out of memory");
    return session_complain(selftest->session, &err);
}

static bool in_group(const struct group *group, size_t at)
{
    return group->selftest->results[at].fate == FATE_OUTSTANDING &&
           strcmp(group->selftest->chosen[at]->profile, group->name) == 0;
}

/* --- verdicts --- */

/* The first finding, or the reason. A text of its own; NULL: there is none, or no memory. */
static char *why_of(const struct case_verdict *verdict)
{
    const char *text = verdict->finding_count > 0 ? verdict->findings[0].text : verdict->reason;
    struct str_buf buf;
    if (text == NULL) {
        return NULL;
    }
    sb_init(&buf, strlen(text));
    sb_add(&buf, text);
    return sb_take(&buf, NULL);
}

/* The last verdict of a case without a mutant counts: a bad one is asked for again. */
static bool note_base(struct group *group, const struct case_verdict *verdict)
{
    struct selftest *selftest = group->selftest;
    enum verdict *base = &group->base[verdict->test - selftest->session->tables->cases];
    *base = verdict->verdict;
    return verdict_is_bad(verdict->verdict);
}

static void note_case(struct mutant_result *result, const struct case_verdict *verdict)
{
    for (size_t i = 0; i < result->count; i++) {
        struct mutant_case *one = &result->cases[i];
        if (one->test == verdict->test && !one->ran) {
            one->ran = true;
            one->verdict = verdict->verdict;
            one->why = why_of(verdict);
        }
    }
}

static bool on_end(void *context, const struct plan_case *planned, const json_t *const *events,
                   size_t count)
{
    struct group_run *run = context;
    const struct session *session = run->group->selftest->session;
    struct case_verdict verdict;
    struct cts_error err = {0};
    bool again = false;
    if (judge_execution(session->tables, planned, events, count, &run->group->judge, &verdict,
                        &err) != CTS_OK) {
        run->failed = true;
        return false;
    }
    if (run->result != NULL) {
        note_case(run->result, &verdict);
    } else {
        again = note_base(run->group, &verdict);
    }
    verdict_clear(&verdict);
    return again;
}

/* --- runs --- */

static enum cts_status run_cases(struct group_run *run, const struct plan *plan,
                                 const struct profile *profile, const char *folder, unsigned jobs,
                                 struct cts_error *err)
{
    const struct selftest *selftest = run->group->selftest;
    const struct cli_options *options = selftest->session->options;
    const struct eng_callbacks callbacks = {.context = run, .again = on_end};
    char *out_dir = fs_join(selftest->out_dir, folder);
    const struct eng_options engine = {.home = selftest->session->home,
                                       .worker = options->worker,
                                       .out_dir = out_dir,
                                       .wine = options->wine,
                                       .wine_prefix = options->wine_prefix,
                                       .jobs = jobs,
                                       .time_scale = options->time_scale};
    enum cts_status status = CTS_NOMEM;
    if (out_dir == NULL) {
        return err_set(err, CTS_NOMEM, "out of memory");
    }
    status = eng_run(plan, profile, &engine, &callbacks, NULL, err);
    free(out_dir);
    return status;
}

/* The profile with the mutant in its environment. The variables are the caller's to free. */
static bool with_mutant(const struct profile *profile, const struct mutant *mutant,
                        struct profile *out)
{
    *out = *profile;
    out->env = calloc(profile->env_count + 1, sizeof *out->env);
    if (out->env == NULL) {
        return false;
    }
    memcpy(out->env, profile->env, profile->env_count * sizeof *out->env);
    out->env[out->env_count++] = (struct profile_env){MUTANT_VARIABLE, mutant->action, false};
    return true;
}

static bool keep_problem(struct mutant_result *result, const struct cts_error *err)
{
    struct str_buf buf;
    sb_init(&buf, sizeof err->text);
    sb_add(&buf, err->text);
    result->problem = sb_take(&buf, NULL);
    return result->problem != NULL;
}

static enum cts_status run_mutant(struct group *group, struct mutant_result *result)
{
    struct group_run run = {.group = group, .result = result};
    struct cts_error err = {0};
    struct profile profile;
    enum cts_status status = CTS_NOMEM;
    const struct test_case **tests = calloc(result->count + 1, sizeof *tests);
    struct plan *plan = NULL;
    profile.env = NULL;
    if (tests == NULL || !with_mutant(group->profile, result->mutant, &profile)) {
        goto out;
    }
    for (size_t i = 0; i < result->count; i++) {
        tests[i] = result->cases[i].test;
    }
    plan = plan_part(group->plan, tests, result->count);
    if (plan == NULL) {
        goto out;
    }
    status = run_cases(&run, plan, &profile, result->mutant->name, 1, &err);
    if (status == CTS_IUT) {
        status = keep_problem(result, &err) ? CTS_OK : CTS_NOMEM;
    } else if (status != CTS_OK) {
        session_complain(group->selftest->session, &err);
    }
    if (status == CTS_OK) {
        result->fate = mutant_fate_of(result);
    }
out:
    plan_free(plan);
    free(tests);
    free(profile.env);
    return status;
}

/* The cases of all mutants of the group, each once, in the order of the tables. */
static size_t union_of(const struct group *group, const struct test_case **tests)
{
    const struct selftest *selftest = group->selftest;
    const struct tables *tables = selftest->session->tables;
    bool *wanted = calloc(tables->case_count + 1, sizeof *wanted);
    size_t count = 0;
    for (size_t i = 0; wanted != NULL && i < selftest->count; i++) {
        const struct mutant_result *result = &selftest->results[i];
        for (size_t k = 0; in_group(group, i) && k < result->count; k++) {
            wanted[result->cases[k].test - tables->cases] = true;
        }
    }
    for (size_t i = 0; wanted != NULL && i < tables->case_count; i++) {
        if (wanted[i]) {
            tests[count++] = &tables->cases[i];
        }
    }
    free(wanted);
    return count;
}

static void settle_base(struct group *group, const struct plan *plan)
{
    struct selftest *selftest = group->selftest;
    const struct tables *tables = selftest->session->tables;
    for (size_t i = 0; i < plan->count; i++) {
        const struct test_case *test = plan->cases[i].test;
        const enum verdict verdict = group->base[test - tables->cases];
        selftest->base_count += plan->cases[i].skip == NULL;
        if (verdict_is_bad(verdict)) {
            selftest->bad[selftest->bad_count++] =
                (struct selftest_bad){test, group->name, verdict, NULL};
        }
    }
    for (size_t i = 0; i < selftest->count; i++) {
        struct mutant_result *result = &selftest->results[i];
        for (size_t k = 0; in_group(group, i) && k < result->count; k++) {
            result->cases[k].base = group->base[result->cases[k].test - tables->cases];
        }
    }
}

static enum cts_status run_base(struct group *group)
{
    struct selftest *selftest = group->selftest;
    const struct tables *tables = selftest->session->tables;
    struct group_run run = {.group = group};
    struct cts_error err = {0};
    enum cts_status status = CTS_NOMEM;
    const struct test_case **tests = calloc(tables->case_count + 1, sizeof *tests);
    const size_t count = tests != NULL ? union_of(group, tests) : 0;
    struct plan *plan = tests != NULL ? plan_part(group->plan, tests, count) : NULL;
    if (plan != NULL) {
        status = run_cases(&run, plan, group->profile, BASE_FOLDER,
                           selftest->session->options->jobs, &err);
        if (status != CTS_OK) {
            session_complain(selftest->session, &err);
        } else {
            settle_base(group, plan);
        }
    }
    plan_free(plan);
    free(tests);
    return status;
}

static enum cts_status run_group(struct group *group)
{
    struct selftest *selftest = group->selftest;
    enum cts_status status = run_base(group);
    for (size_t i = 0; i < selftest->count && status == CTS_OK; i++) {
        if (in_group(group, i)) {
            status = run_mutant(group, &selftest->results[i]);
        }
    }
    return status;
}

enum cts_status selftest_profile(struct selftest *selftest, const char *profile)
{
    struct session *session = selftest->session;
    struct cts_error err = {0};
    const struct plan_options wanted = {0};
    struct group group = {.selftest = selftest, .name = profile};
    enum cts_status status = CTS_OK;
    group.profile = home_profile(session->home, profile,
                                 selftest->arch == ARCH_I686 ? CHOSEN_I686 : CHOSEN_X86_64, &err);
    group.plan =
        group.profile != NULL ? plan_new(session->tables, group.profile, &wanted, &err) : NULL;
    group.base = calloc(session->tables->case_count + 1, sizeof *group.base);
    if (group.plan == NULL) {
        status = session_complain(session, &err);
    } else if (group.base == NULL) {
        status = no_memory(selftest);
    } else {
        for (size_t i = 0; i < session->tables->case_count; i++) {
            group.base[i] = VERDICT_SKIP;
        }
        group.judge = (struct judge_options){.strict = true, .claims = group.profile->claims};
        status = run_group(&group);
    }
    plan_free(group.plan);
    profile_free(group.profile);
    free(group.base);
    return status;
}
