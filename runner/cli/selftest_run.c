#include "selftest_run.h"

#include "../judge/judge_against.h"
#include "../util/fs_path.h"
#include "../util/mem_grow.h"
#include "cli_home.h"
#include <stdlib.h>
#include <string.h>
#include <uv.h>

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
    size_t next;        /* mutant */
    enum cts_status status;
};

/* A run of the group: without a mutant, or with one. */
struct group_run {
    struct group *group;
    struct mutant_result *result; /* NULL: without */
    struct plan *plan;            /* of the cases of the result */
    struct profile profile;       /* with the mutant in its environment */
    char *out_dir;
    struct eng_callbacks callbacks;
    bool failed; /* no memory, or a verdict that cannot be had */
    bool killed;
};

static bool is_of_profile(const struct group *group, size_t at)
{
    return strcmp(group->selftest->chosen[at]->profile, group->name) == 0;
}

/* Is it still to be run? */
static bool in_group(const struct group *group, size_t at)
{
    return group->selftest->results[at].fate == FATE_OUTSTANDING && is_of_profile(group, at);
}

static size_t count_in_group(const struct group *group)
{
    size_t count = 0;
    for (size_t i = 0; i < group->selftest->count; i++) {
        count += in_group(group, i);
    }
    return count;
}

static void begin_progress(struct selftest *selftest, size_t total)
{
    const struct session *session = selftest->session;
    progress_init(&selftest->progress, session->options->quiet ? NULL : &session->messages, total);
    selftest->started = uv_hrtime();
}

static void show(struct selftest *selftest, unsigned what)
{
    progress_count(&selftest->progress, what);
    progress_show(&selftest->progress, (uv_hrtime() - selftest->started) / 1000000);
}

/* --- verdicts --- */

/* The first finding, or the reason. A text of its own; NULL: there is none, or no memory. */
static char *why_of(const struct case_verdict *verdict)
{
    const char *text = verdict->finding_count > 0 ? verdict->findings[0].text : verdict->reason;
    return text != NULL ? mem_text(text, strlen(text)) : NULL;
}

/* The last verdict of a case without a mutant counts: a bad one is asked for again. */
static bool note_base(struct group *group, const struct case_verdict *verdict)
{
    struct selftest *selftest = group->selftest;
    enum verdict *base = &group->base[verdict->test - selftest->session->tables->cases];
    *base = verdict->verdict;
    return verdict_is_bad(verdict->verdict);
}

static void note_case(struct group_run *run, const struct case_verdict *verdict)
{
    struct mutant_result *result = run->result;
    for (size_t i = 0; i < result->count; i++) {
        struct mutant_case *one = &result->cases[i];
        if (one->test == verdict->test && !one->ran) {
            one->ran = true;
            one->verdict = verdict->verdict;
            one->why = why_of(verdict);
            run->killed = run->killed || (one->own && mutant_case_kills(one));
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
        note_case(run, &verdict);
    } else {
        again = note_base(run->group, &verdict);
        show(run->group->selftest, verdict.verdict);
    }
    verdict_clear(&verdict);
    return again;
}

/* The first case that kills is enough, where not all are wanted. */
static bool on_enough(void *context)
{
    const struct group_run *run = context;
    return run->killed && !run->group->selftest->session->options->all_cases;
}

/* --- mutants --- */

static struct eng_options engine_options(const struct selftest *selftest)
{
    const struct cli_options *options = selftest->session->options;
    return (struct eng_options){.home = selftest->session->home,
                                .worker = options->worker,
                                .wine = options->wine,
                                .wine_prefix = options->wine_prefix,
                                .jobs = options->jobs,
                                .time_scale = options->time_scale};
}

static void run_free(struct group_run *run)
{
    if (run != NULL) {
        plan_free(run->plan);
        free(run->profile.env);
        free(run->out_dir);
        free(run);
    }
}

/* The profile with the mutant in its environment. */
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

/* The plan of the mutant's cases. NULL: no memory. */
static struct plan *plan_of(const struct group *group, const struct mutant_result *result)
{
    const struct test_case **tests = calloc(result->count + 1, sizeof *tests);
    struct plan *plan = NULL;
    for (size_t i = 0; tests != NULL && i < result->count; i++) {
        tests[i] = result->cases[i].test;
    }
    if (tests != NULL) {
        plan = plan_part(group->plan, tests, result->count);
    }
    free(tests);
    return plan;
}

static struct group_run *run_new(struct group *group, struct mutant_result *result)
{
    struct group_run *run = calloc(1, sizeof *run);
    if (run == NULL) {
        return NULL;
    }
    run->group = group;
    run->result = result;
    run->callbacks = (struct eng_callbacks){.context = run, .again = on_end, .enough = on_enough};
    run->out_dir = fs_join(group->selftest->out_dir, result->mutant->name);
    run->plan = plan_of(group, result);
    if (run->out_dir == NULL || run->plan == NULL ||
        !with_mutant(group->profile, result->mutant, &run->profile)) {
        run_free(run);
        return NULL;
    }
    return run;
}

static bool next_mutant(void *context, struct eng_job *job)
{
    struct group *group = context;
    struct selftest *selftest = group->selftest;
    while (group->next < selftest->count && !in_group(group, group->next)) {
        group->next++;
    }
    if (group->next == selftest->count || group->status != CTS_OK) {
        return false;
    }
    struct group_run *run = run_new(group, &selftest->results[group->next++]);
    if (run == NULL) {
        group->status = session_no_memory(selftest->session);
        return false;
    }
    *job = (struct eng_job){run->plan, &run->profile, run->out_dir, &run->callbacks};
    return true;
}

static bool mutant_done(void *context, const struct eng_job *job, enum cts_status status,
                        const struct eng_result *result, const struct cts_error *err)
{
    struct group *group = context;
    struct group_run *run = job->callbacks->context;
    run->result->us = result->us;
    if (status == CTS_IUT) {
        run->result->problem = mem_text(err->text, strlen(err->text));
        run->failed = run->failed || run->result->problem == NULL;
        status = CTS_OK;
    } else if (status != CTS_OK && status != CTS_INTERRUPTED) {
        group->status = session_complain(group->selftest->session, err);
    }
    if (run->failed) {
        group->status = session_no_memory(group->selftest->session);
    } else if (status == CTS_OK) {
        run->result->fate = mutant_fate_of(run->result);
        show(group->selftest, run->result->fate);
    }
    run_free(run);
    return group->status == CTS_OK;
}

static const char *name_of_fate(unsigned what)
{
    return mutant_fate_name((enum mutant_fate)what);
}

/* One pass over the mutants of the group that are outstanding. */
static enum cts_status run_pass(struct group *group)
{
    struct selftest *selftest = group->selftest;
    struct eng_options options = engine_options(selftest);
    struct cts_error err = {0};
    /* those that hang only wait */
    const unsigned at_once = options.jobs > 0 ? options.jobs : 2 * uv_available_parallelism();
    const struct eng_series series = {group, at_once, next_mutant, mutant_done};
    options.jobs = 1;
    options.no_spare = true;
    group->next = 0;
    begin_progress(selftest, count_in_group(group));
    selftest->progress.name = name_of_fate;
    const enum cts_status status = eng_run_series(selftest->arch, &options, &series, &err);
    progress_hide(&selftest->progress);
    if (group->status != CTS_OK) {
        return group->status;
    }
    if (status != CTS_OK && status != CTS_INTERRUPTED) {
        session_complain(selftest->session, &err);
    }
    return status;
}

/* Mutants that could not be loaded are outstanding again. True: there are some. */
static bool take_back_not_loaded(struct group *group)
{
    bool any = false;
    for (size_t i = 0; i < group->selftest->count; i++) {
        struct mutant_result *result = &group->selftest->results[i];
        if (result->fate == FATE_NOT_LOADED && is_of_profile(group, i)) {
            free(result->problem);
            result->problem = NULL;
            result->fate = FATE_OUTSTANDING;
            any = true;
        }
    }
    return any;
}

/* A process may fail to start for reasons of the system: what was not loaded is tried once more. */
static enum cts_status run_mutants(struct group *group)
{
    enum cts_status status = run_pass(group);
    if (status == CTS_OK && take_back_not_loaded(group)) {
        status = run_pass(group);
    }
    return status;
}

/* --- without a mutant --- */

/* The cases that were run with a mutant of the group, each once, in the order of the tables. */
static size_t union_of(const struct group *group, const struct test_case **tests)
{
    const struct selftest *selftest = group->selftest;
    const struct tables *tables = selftest->session->tables;
    bool *wanted = calloc(tables->case_count + 1, sizeof *wanted);
    size_t count = 0;
    for (size_t i = 0; wanted != NULL && i < selftest->count; i++) {
        const struct mutant_result *result = &selftest->results[i];
        for (size_t k = 0; is_of_profile(group, i) && k < result->count; k++) {
            wanted[result->cases[k].test - tables->cases] |= result->cases[k].ran;
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

/* Notes a case that is bad without a mutant. False: no memory. */
static bool note_bad(struct selftest *selftest, const struct selftest_bad *bad)
{
    if (selftest->bad_count == selftest->bad_cap) {
        const size_t cap = 2 * selftest->bad_cap + 8;
        struct selftest_bad *bigger = realloc(selftest->bad, cap * sizeof *bigger);
        if (bigger == NULL) {
            return false;
        }
        selftest->bad = bigger;
        selftest->bad_cap = cap;
    }
    selftest->bad[selftest->bad_count++] = *bad;
    return true;
}

/* Does the fate rest on verdicts? */
static bool is_settled(enum mutant_fate fate)
{
    return fate != FATE_NOT_LOADED && fate != FATE_SKIPPED && fate != FATE_OUTSTANDING;
}

/* Tells the results what is known of their cases without a mutant. */
static void set_base(struct group *group)
{
    const struct selftest *selftest = group->selftest;
    const struct tables *tables = selftest->session->tables;
    for (size_t i = 0; i < selftest->count; i++) {
        struct mutant_result *result = &selftest->results[i];
        for (size_t k = 0; is_of_profile(group, i) && k < result->count; k++) {
            result->cases[k].base = group->base[result->cases[k].test - tables->cases];
        }
    }
}

/* What was thought to be good without a mutant is now known. False: no memory. */
static bool settle_base(struct group *group, const struct plan *plan)
{
    struct selftest *selftest = group->selftest;
    const struct tables *tables = selftest->session->tables;
    for (size_t i = 0; i < plan->count; i++) {
        const struct test_case *test = plan->cases[i].test;
        const struct selftest_bad bad = {test, group->name, group->base[test - tables->cases]};
        selftest->base_count += plan->cases[i].skip == NULL;
        if (verdict_is_bad(bad.verdict) && !note_bad(selftest, &bad)) {
            return false;
        }
    }
    set_base(group);
    for (size_t i = 0; i < selftest->count; i++) {
        struct mutant_result *result = &selftest->results[i];
        if (is_of_profile(group, i) && is_settled(result->fate)) {
            result->fate = mutant_fate_of(result);
        }
    }
    return true;
}

static enum cts_status run_base(struct group *group)
{
    struct selftest *selftest = group->selftest;
    const struct tables *tables = selftest->session->tables;
    struct group_run run = {.group = group};
    const struct eng_callbacks callbacks = {.context = &run, .again = on_end};
    struct eng_options options = engine_options(selftest);
    struct cts_error err = {0};
    enum cts_status status = CTS_NOMEM;
    const struct test_case **tests = calloc(tables->case_count + 1, sizeof *tests);
    const size_t count = tests != NULL ? union_of(group, tests) : 0;
    struct plan *plan = tests != NULL ? plan_part(group->plan, tests, count) : NULL;
    char *folder = fs_join(selftest->out_dir, BASE_FOLDER);
    run.out_dir = folder != NULL ? fs_join(folder, group->name) : NULL;
    if (plan == NULL || run.out_dir == NULL) {
        session_no_memory(selftest->session);
        goto out;
    }
    if (count == 0) {
        status = CTS_OK;
        goto out;
    }
    options.out_dir = run.out_dir;
    begin_progress(selftest, plan->count);
    status = eng_run(plan, group->profile, &options, &callbacks, NULL, &err);
    progress_hide(&selftest->progress);
    if (status == CTS_OK && (run.failed || !settle_base(group, plan))) {
        status = session_no_memory(selftest->session);
    } else if (status != CTS_OK && status != CTS_INTERRUPTED) {
        session_complain(selftest->session, &err);
    }
out:
    plan_free(plan);
    free(tests);
    free(folder);
    free(run.out_dir);
    return status;
}

/* The cases without a mutant come last: of all that check a requirement only those count that had
 * to be run. Until then they are held for good. */
static enum cts_status run_group(struct group *group)
{
    const struct plan *plan = group->plan;
    const struct tables *tables = group->selftest->session->tables;
    for (size_t i = 0; i < plan->count; i++) {
        group->base[plan->cases[i].test - tables->cases] =
            plan->cases[i].skip != NULL ? VERDICT_SKIP : VERDICT_PASS;
    }
    set_base(group);
    const enum cts_status status = run_mutants(group);
    return status == CTS_OK ? run_base(group) : status;
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
        status = session_no_memory(selftest->session);
    } else {
        group.judge = (struct judge_options){.strict = true, .claims = group.profile->claims};
        status = run_group(&group);
    }
    plan_free(group.plan);
    profile_free(group.profile);
    free(group.base);
    return status;
}
