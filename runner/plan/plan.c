#include "plan.h"

#include "../util/fnv.h"
#include "expand.h"
#include "plan_order.h"
#include "plan_select.h"
#include "plan_skip.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AWAIT_MS 5000        /* default deadline of an await or join */
#define REASON_MAX (1 << 16) /* longest reason of a skip */

/* A plan in the making. */
struct making {
    const struct tables *tables;
    const struct profile *profile; /* or NULL */
    unsigned await_ms;
    bool bare;
    struct plan *plan;
    const struct test_case **chosen; /* in the order of the plan */
    size_t chosen_count;
    struct cts_error *err;
};

static enum cts_status no_memory(struct cts_error *err)
{
    err_set(err, CTS_NOMEM, "out of memory");
    return CTS_NOMEM;
}

static void hash_text(uint64_t hash, char out[17])
{
    snprintf(out, 17, "%016" PRIx64, hash);
}

void plan_hash(const char *text, size_t length, char out[17])
{
    hash_text(fnv1a64(text, length, FNV1A64_SEED), out);
}

static enum cts_status choose(struct making *making, const struct selection *selection)
{
    const struct tables *tables = making->tables;
    enum cts_status status = select_check(tables, selection, making->err);
    if (status != CTS_OK) {
        return status;
    }
    making->chosen = calloc(tables->case_count + 1, sizeof *making->chosen);
    if (!making->chosen) {
        return no_memory(making->err);
    }
    for (size_t i = 0; i < tables->case_count; i++) {
        if (select_takes(selection, &tables->cases[i])) {
            making->chosen[making->chosen_count++] = &tables->cases[i];
        }
    }
    return making->chosen_count ? CTS_OK : err_set(making->err, CTS_NOTHING, "no case is selected");
}

/* Leaves those of the shard. */
static void choose_shard(struct making *making, const struct plan_shard *shard)
{
    size_t kept = 0;
    for (size_t i = shard->index - 1; i < making->chosen_count; i += shard->count) {
        making->chosen[kept++] = making->chosen[i];
    }
    making->chosen_count = kept;
}

static int compare_planned(const void *a, const void *b)
{
    const struct plan_case *const *x = a;
    const struct plan_case *const *y = b;
    return strcmp((*x)->test->id, (*y)->test->id);
}

/* Makes the cases of the plan, without programs. */
static enum cts_status begin_cases(struct making *making, const struct plan_options *options)
{
    struct plan *plan = making->plan;
    plan->cases = calloc(making->chosen_count + 1, sizeof *plan->cases);
    plan->by_id = calloc(making->chosen_count + 1, sizeof *plan->by_id);
    if (!plan->cases || !plan->by_id) {
        return no_memory(making->err);
    }
    plan->count = making->chosen_count;
    if (options->shuffle) {
        order_shuffle(making->chosen, making->chosen_count, options->seed);
    }
    if (options->in_order &&
        !order_by_patterns(making->chosen, making->chosen_count, &options->selection.patterns)) {
        return no_memory(making->err);
    }
    for (size_t i = 0; i < plan->count; i++) {
        plan->cases[i].test = making->chosen[i];
        plan->by_id[i] = &plan->cases[i];
    }
    if (options->shuffle || options->in_order) { /* else in the order of the tables: by id */
        qsort(plan->by_id, plan->count, sizeof *plan->by_id, compare_planned);
    }
    return CTS_OK;
}

static int compare_id(const void *id, const void *element)
{
    const struct plan_case *const *planned = element;
    return strcmp(id, (*planned)->test->id);
}

static struct plan_case *find(const struct plan *plan, const char *id)
{
    struct plan_case **found =
        bsearch(id, plan->by_id, plan->count, sizeof *plan->by_id, compare_id);
    return found ? *found : NULL;
}

static void drop_program(struct plan_case *planned)
{
    free(planned->program);
    free(planned->steps);
    planned->program = NULL;
    planned->steps = NULL;
    planned->step_count = 0;
    planned->hash[0] = '\0';
}

/* Takes the program of a case and its steps. */
static void take_program(const struct making *making, struct plan_case *planned,
                         const struct expand *expand, char *program)
{
    planned->program = program;
    planned->steps = expand->steps;
    planned->step_count = expand->step_count;
    plan_hash(program, strlen(program), planned->hash);
    if (making->bare) {
        free(program);
        planned->program = NULL;
    }
}

/* The form that names the tables is mostly the very program that is to be run: then it is not made
 * twice. Takes program and steps where it can use them. */
static bool reuse(const struct making *making, const struct test_case *test,
                  const struct expand *expand, char *program)
{
    const struct profile *profile = making->profile;
    struct plan_case *planned = find(making->plan, test->id);
    if (!planned || !profile || profile->arch != expand->arch || expand->uses_profile ||
        making->await_ms != expand->await_ms) {
        return false;
    }
    take_program(making, planned, expand, program);
    return true;
}

/* Hashes the programs of all cases in the form that no profile has a part in. */
static enum cts_status hash_tables(struct making *making)
{
    const struct tables *tables = making->tables;
    uint64_t hash = FNV1A64_SEED;
    struct expand expand = {
        .tables = tables, .arch = ARCH_X86_64, .await_ms = AWAIT_MS, .err = making->err};
    for (size_t i = 0; i < tables->case_count && expand.status == CTS_OK; i++) {
        const struct test_case *test = &tables->cases[i];
        char *program = expand_case(&expand, test);
        if (program) {
            hash = fnv1a64(program, strlen(program), hash);
            hash = fnv1a64("\n", 1, hash);
        }
        if (!program || !reuse(making, test, &expand, program)) {
            free(program);
            free(expand.steps);
        }
    }
    expand_end(&expand);
    hash_text(hash, making->plan->tables_hash);
    return expand.status;
}

enum cts_status plan_steps_hash(const struct tables *tables, const struct test_case *test,
                                enum arch arch, char out[17], struct cts_error *err)
{
    struct expand expand = {.tables = tables, .arch = arch, .await_ms = AWAIT_MS, .err = err};
    char *program = expand_case(&expand, test);
    if (program) {
        plan_hash(program, strlen(program), out);
    }
    free(program);
    free(expand.steps);
    expand_end(&expand);
    return expand.status;
}

/* Makes the program. A value that the profile lacks is a reason to skip the case. */
static enum cts_status make_program(const struct making *making, struct expand *expand,
                                    struct plan_case *planned, struct str_buf *reason)
{
    char *program = expand_case(expand, planned->test);
    if (!program) {
        free(expand->steps);
        return expand->status;
    }
    take_program(making, planned, expand, program);
    if (expand->missing) {
        skip_missing(reason, expand->missing, making->profile);
    }
    return CTS_OK;
}

/* The program of a case, or the reason why it has none. */
static enum cts_status fill_case(const struct making *making, struct expand *expand,
                                 struct plan_case *planned)
{
    enum cts_status status = CTS_OK;
    struct str_buf reason;
    sb_init(&reason, REASON_MAX);
    skip_reason(&reason, planned->test, making->profile);
    if (reason.len == 0 && !reason.failed && !planned->hash[0]) {
        status = make_program(making, expand, planned, &reason);
    }
    if (status == CTS_OK && (reason.len > 0 || reason.failed)) {
        drop_program(planned);
        planned->skip = sb_take(&reason, NULL);
        status = planned->skip ? CTS_OK : no_memory(making->err);
    }
    sb_free(&reason);
    return status;
}

static enum cts_status fill_cases(struct making *making)
{
    const struct profile *profile = making->profile;
    enum cts_status status = CTS_OK;
    if (!profile) {
        return CTS_OK;
    }
    struct expand expand = {.tables = making->tables,
                            .profile = profile,
                            .arch = profile->arch,
                            .await_ms = making->await_ms,
                            .err = making->err};
    for (size_t i = 0; i < making->plan->count && status == CTS_OK; i++) {
        status = fill_case(making, &expand, &making->plan->cases[i]);
    }
    expand_end(&expand);
    return status;
}

struct plan *plan_new(const struct tables *tables, const struct profile *profile,
                      const struct plan_options *options, struct cts_error *err)
{
    struct making making = {.tables = tables,
                            .profile = profile,
                            .await_ms = options->await_ms ? options->await_ms : AWAIT_MS,
                            .bare = options->bare,
                            .plan = calloc(1, sizeof *making.plan),
                            .err = err};
    enum cts_status status = making.plan ? CTS_OK : no_memory(err);
    if (status == CTS_OK) {
        making.plan->seed = options->seed;
        status = choose(&making, &options->selection);
    }
    if (status == CTS_OK && options->shard.count > 0) {
        choose_shard(&making, &options->shard);
    }
    if (status == CTS_OK) {
        status = begin_cases(&making, options);
    }
    if (status == CTS_OK && !making.bare) {
        status = hash_tables(&making);
    }
    if (status == CTS_OK) {
        status = fill_cases(&making);
    }
    free(making.chosen);
    if (status != CTS_OK) {
        plan_free(making.plan);
        return NULL;
    }
    return making.plan;
}

struct plan *plan_part(const struct plan *whole, const struct test_case *const *cases, size_t count)
{
    struct plan *plan = calloc(1, sizeof *plan);
    if (!plan) {
        return NULL;
    }
    *plan = *whole;
    plan->part = true;
    plan->count = 0;
    plan->cases = calloc(count + 1, sizeof *plan->cases);
    plan->by_id = calloc(count + 1, sizeof *plan->by_id);
    if (!plan->cases || !plan->by_id) {
        plan_free(plan);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        const struct plan_case *planned = find(whole, cases[i]->id);
        if (planned) {
            plan->by_id[plan->count] = &plan->cases[plan->count];
            plan->cases[plan->count++] = *planned;
        }
    }
    qsort(plan->by_id, plan->count, sizeof *plan->by_id, compare_planned);
    return plan;
}

void plan_free(struct plan *plan)
{
    if (!plan) {
        return;
    }
    for (size_t i = 0; i < plan->count && !plan->part; i++) {
        free(plan->cases[i].skip);
        drop_program(&plan->cases[i]);
    }
    free(plan->cases);
    free(plan->by_id);
    free(plan);
}

const struct plan_case *plan_find(const struct plan *plan, const char *id)
{
    return find(plan, id);
}
