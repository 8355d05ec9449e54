/* selftest: the suite against the reference with faults: does it see them? */
#include "../util/fs_path.h"
#include "../util/glob.h"
#include "../util/nearest.h"
#include "selftest_run.h"
#include <stdlib.h>
#include <string.h>

#define TABLE_FILE "mutants.json"

/* --- what is to be run --- */

static enum cts_status read_table(struct selftest *selftest)
{
    const struct session *session = selftest->session;
    enum cts_status status = CTS_OK;
    struct cts_errors *errs = calloc(1, sizeof *errs);
    char *path = fs_join(session->home, TABLE_FILE);
    if (errs == NULL || path == NULL) {
        status = session_no_memory(selftest->session);
        goto out;
    }
    selftest->mutants = mutants_load(path, session->tables, errs);
    if (selftest->mutants == NULL) {
        session_complain_all(session, errs);
        status = errs->list[0].status;
    }
out:
    free(path);
    free(errs);
    return status;
}

/* Those of the table, then those that were made. */
static size_t mutant_count(const struct selftest *selftest)
{
    return selftest->mutants->count + selftest->families.count;
}

static const struct mutant *mutant_at(const struct selftest *selftest, size_t at)
{
    const size_t written = selftest->mutants->count;
    return at < written ? &selftest->mutants->items[at] : &selftest->families.items[at - written];
}

static bool is_wanted(const struct string_list *patterns, const char *name)
{
    for (size_t i = 0; i < patterns->count; i++) {
        if (glob_fits_id(patterns->items[i], name)) {
            return true;
        }
    }
    return patterns->count == 0;
}

static enum cts_status check_patterns(const struct selftest *selftest)
{
    const struct string_list *patterns = &selftest->session->options->args;
    for (size_t i = 0; i < patterns->count; i++) {
        const struct string_list one = {1, &patterns->items[i]};
        struct nearest search;
        bool fits = false;
        nearest_init(&search, patterns->items[i]);
        for (size_t k = 0; k < mutant_count(selftest) && !fits; k++) {
            const char *name = mutant_at(selftest, k)->name;
            fits = is_wanted(&one, name);
            nearest_offer(&search, name);
        }
        if (!fits) {
            struct cts_error err = {0};
            err_set(&err, CTS_USAGE, "no mutant '%s'%s%s%s", patterns->items[i],
                    search.best != NULL ? "; did you mean " : "",
                    search.best != NULL ? search.best : "", search.best != NULL ? "?" : "");
            return session_complain(selftest->session, &err);
        }
    }
    return CTS_OK;
}

/* Makes the result of a chosen mutant, with its cases. False: no memory. */
static bool add_mutant(struct selftest *selftest, const struct mutant *mutant)
{
    struct mutant_result *result = &selftest->results[selftest->count];
    struct mutant_cases cases;
    selftest->chosen[selftest->count++] = mutant;
    result->mutant = mutant;
    result->fate = FATE_OUTSTANDING;
    if (mutant->one_arch && mutant->arch != selftest->arch) {
        result->fate = FATE_SKIPPED;
        return true;
    }
    bool good = mutant_cases_init(&cases, &selftest->index, mutant);
    result->cases = good ? calloc(cases.count + 1, sizeof *result->cases) : NULL;
    good = result->cases != NULL;
    for (size_t i = 0; good && i < cases.count; i++) {
        result->cases[i].test = cases.items[i];
        result->cases[i].own = i < cases.own;
        result->count++;
    }
    mutant_cases_free(&cases);
    return good;
}

static enum cts_status choose(struct selftest *selftest)
{
    const size_t count = mutant_count(selftest);
    const struct string_list *patterns = &selftest->session->options->args;
    selftest->chosen = calloc(count + 1, sizeof *selftest->chosen);
    selftest->results = calloc(count + 1, sizeof *selftest->results);
    bool good = selftest->chosen != NULL && selftest->results != NULL;
    for (size_t i = 0; good && i < count; i++) {
        const struct mutant *mutant = mutant_at(selftest, i);
        const bool fits = !selftest->session->options->only_arch ||
                          (mutant->one_arch && mutant->arch == selftest->arch);
        if (fits && is_wanted(patterns, mutant->name)) {
            good = add_mutant(selftest, mutant);
        }
    }
    if (good && selftest->count == 0) {
        struct cts_error err = {0};
        err_set(&err, CTS_NOTHING, "no mutant is selected");
        return session_complain(selftest->session, &err);
    }
    return good ? CTS_OK : session_no_memory(selftest->session);
}

/* Of the formats of --report there are two of a selftest. */
static enum cts_status check_formats(const struct selftest *selftest)
{
    const struct cli_reports *reports = &selftest->session->reports;
    for (size_t i = 0; i < reports->count; i++) {
        const enum report_format format = reports->targets[i].format;
        if (format != FORMAT_JSON && format != FORMAT_MD) {
            struct cts_error err = {0};
            err_set(&err, CTS_USAGE, "--report: a selftest has no %s; there are json and md",
                    format_name(format));
            return session_complain(selftest->session, &err);
        }
    }
    return CTS_OK;
}

static enum cts_status prepare(struct selftest *selftest)
{
    struct session *session = selftest->session;
    const struct cli_options *options = session->options;
    selftest->arch = options->arch == CHOSEN_I686 ? ARCH_I686 : ARCH_X86_64;
    enum cts_status status = session_console(session);
    if (status == CTS_OK) {
        status = check_formats(selftest);
    }
    if (status == CTS_OK) {
        status = session_home(session);
    }
    if (status == CTS_OK) {
        status = session_tables(session, NULL);
    }
    if (status == CTS_OK) {
        status = read_table(selftest);
    }
    if (status == CTS_OK && !by_requirement_init(&selftest->index, session->tables)) {
        status = session_no_memory(selftest->session);
    }
    if (status == CTS_OK && options->families) {
        status = selftest_make(selftest);
    }
    if (status == CTS_OK) {
        status = check_patterns(selftest);
    }
    return status == CTS_OK ? choose(selftest) : status;
}

/* --- the whole --- */

static enum cts_status make_out(struct selftest *selftest)
{
    const char *out = selftest->session->options->out;
    struct str_buf buf;
    sb_init(&buf, (size_t)32 * 1024);
    sb_add(&buf, out != NULL ? out : "out/selftest-");
    sb_add(&buf, out != NULL ? "" : arch_name(selftest->arch));
    selftest->out_dir = sb_take(&buf, NULL);
    return selftest->out_dir != NULL ? CTS_OK : session_no_memory(selftest->session);
}

/* One profile after the other, in the order in which the mutants name them. */
static enum cts_status run_all(struct selftest *selftest)
{
    enum cts_status status = CTS_OK;
    for (size_t i = 0; i < selftest->count && status == CTS_OK; i++) {
        if (selftest->results[i].fate == FATE_OUTSTANDING) {
            status = selftest_profile(selftest, selftest->chosen[i]->profile);
        }
    }
    return status;
}

/* Writes the reports that were asked for. */
static enum cts_status write_reports(const struct selftest *selftest,
                                     const struct selftest_report *report)
{
    const struct session *session = selftest->session;
    const char *json = session->options->json;
    struct cts_error err = {0};
    enum cts_status status = CTS_OK;
    if (json != NULL && selftest_write_json(report, json, &err) != CTS_OK) {
        status = session_complain(session, &err);
    }
    for (size_t i = 0; i < session->reports.count; i++) {
        const struct report_target *target = &session->reports.targets[i];
        if ((target->format == FORMAT_JSON
                 ? selftest_write_json(report, target->path, &err)
                 : selftest_write_md(report, target->path, &err)) != CTS_OK) {
            status = session_complain(session, &err);
        }
    }
    return status;
}

static enum cts_status conclude(const struct selftest *selftest)
{
    const struct session *session = selftest->session;
    const struct cli_options *options = session->options;
    struct selftest_report report = {.tables = session->tables,
                                     .index = &selftest->index,
                                     .arch = selftest->arch,
                                     .count = selftest->count,
                                     .results = selftest->results,
                                     .base_count = selftest->base_count,
                                     .bad_count = selftest->bad_count,
                                     .bad = selftest->bad,
                                     .whole = options->families && options->args.count == 0};
    report.status = selftest_status(&report);
    selftest_print(&session->out, &report, session_detail(options));
    const enum cts_status written = write_reports(selftest, &report);
    return written != CTS_OK ? written : report.status;
}

static void selftest_free(struct selftest *selftest)
{
    for (size_t i = 0; i < selftest->count; i++) {
        mutant_result_clear(&selftest->results[i]);
    }
    by_requirement_free(&selftest->index);
    selftest_made_free(selftest);
    mutants_free(selftest->mutants);
    free(selftest->chosen);
    free(selftest->results);
    free(selftest->bad);
    free(selftest->out_dir);
}

int cmd_selftest(struct session *session)
{
    struct selftest selftest = {.session = session};
    enum cts_status status = prepare(&selftest);
    if (status == CTS_OK) {
        status = make_out(&selftest);
    }
    if (status == CTS_OK) {
        status = run_all(&selftest);
    }
    if (status == CTS_OK) {
        status = conclude(&selftest);
    }
    selftest_free(&selftest);
    return console_result(&session->out, status, "every mutant killed");
}
