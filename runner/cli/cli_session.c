#include "cli_session.h"

#include "../model/version.h"
#include "../util/fs_path.h"
#include "cli_home.h"
#include "cli_terminal.h"
#include <stdlib.h>
#include <string.h>

#define UNUSED_MAX ((size_t)32 * 1024)

void session_init(struct session *session, const struct cli_options *options)
{
    memset(session, 0, sizeof *session);
    session->options = options;
    cli_terminal(&session->out, stdout, options->color);
    cli_terminal(&session->messages, stderr, options->color);
}

void session_free(struct session *session)
{
    cli_reports_free(&session->reports);
    plan_free(session->plan);
    expect_free(session->expectations);
    observed_free(session->observed);
    profile_free(session->profile);
    tbl_free(session->tables);
    free(session->home);
    free(session->cases);
    memset(session, 0, sizeof *session);
}

enum cts_status session_complain(const struct session *session, const struct cts_error *err)
{
    char text[sizeof *err];
    fflush(stdout);
    term_put(&session->messages, STYLE_BAD, "vsscts: ");
    term_put(&session->messages, STYLE_PLAIN, err_format(err, text, sizeof text));
    fputc('\n', stderr);
    return err->status;
}

enum cts_status session_no_memory(const struct session *session)
{
    struct cts_error err = {0};
    err_set(&err, CTS_NOMEM, "out of memory");
    return session_complain(session, &err);
}

enum cts_status session_home(struct session *session)
{
    struct cts_error err = {0};
    const char *cases = session->options->cases;

    session->home = home_find(session->options->home, &err);
    if (session->home == NULL && (cases == NULL || session->options->home != NULL)) {
        return session_complain(session, &err);
    }
    session->cases = cases != NULL ? fs_join("", cases) : fs_join(session->home, "cases");
    if (session->cases == NULL) {
        return session_no_memory(session);
    }
    return CTS_OK;
}

/* Without "vsscts:" before it: editors and CI systems read file:line:column. */
void session_complain_all(const struct session *session, const struct cts_errors *errs)
{
    const size_t kept = errs->count < CTS_ERRORS_MAX ? errs->count : CTS_ERRORS_MAX;
    char text[sizeof(struct cts_error)];
    fflush(stdout);
    for (size_t i = 0; i < kept; i++) {
        term_put(&session->messages, STYLE_PLAIN, err_format(&errs->list[i], text, sizeof text));
        fputc('\n', stderr);
    }
    if (errs->count > kept) {
        term_printf(&session->messages, STYLE_PLAIN, "and %zu more\n", errs->count - kept);
    }
}

enum cts_status session_tables(struct session *session, const char *dir)
{
    enum cts_status status = CTS_OK;
    struct cts_errors *errs = calloc(1, sizeof *errs);
    if (errs == NULL) {
        return session_no_memory(session);
    }
    session->tables = tbl_load(dir != NULL ? dir : session->cases, errs);
    if (session->tables == NULL) {
        session_complain_all(session, errs);
        status = errs->count > 0 ? errs->list[0].status : CTS_BAD_FILE;
    }
    free(errs);
    return status;
}

static enum cts_status override_windows(struct session *session, struct cts_error *err)
{
    const char *text = session->options->windows;
    struct profile *profile = session->profile;
    if (text == NULL) {
        return CTS_OK;
    }
    if (!version_parse(text, strlen(text), profile->claims.windows)) {
        return err_set(err, CTS_USAGE, "--windows: '%s' is no version such as 6.1 or 10.0.19045",
                       text);
    }
    profile->windows_text = text; /* of argv: lives longer than the profile */
    return CTS_OK;
}

enum cts_status session_profile(struct session *session)
{
    struct cts_error err = {0};
    session->profile =
        home_profile(session->home, session->options->iut, session->options->arch, &err);
    if (session->profile == NULL || override_windows(session, &err) != CTS_OK) {
        return session_complain(session, &err);
    }
    return CTS_OK;
}

enum cts_status session_plan(struct session *session, uint64_t seed, bool bare)
{
    const struct cli_options *options = session->options;
    struct cts_error err = {0};
    struct plan_options wanted = {
        .selection = {.patterns = options->args,
                      .skip = options->skip,
                      .tags = options->tags,
                      .skip_tags = options->skip_tags,
                      .requirements = options->requirements,
                      .levels = options->levels},
        .shuffle = options->shuffle,
        .in_order = options->in_order,
        .seed = seed,
        .bare = bare,
    };
    if (options->shuffle && options->in_order) {
        err_set(&err, CTS_USAGE, "--shuffle and --in-order exclude each other");
        return session_complain(session, &err);
    }
    if (cli_shard(options->shard, session->shard, &err) != CTS_OK) {
        return session_complain(session, &err);
    }
    if (session->shard[0] != '\0') {
        plan_shard_parse(session->shard, &wanted.shard);
    }
    session->plan = plan_new(session->tables, session->profile, &wanted, &err);
    return session->plan != NULL ? CTS_OK : session_complain(session, &err);
}

enum cts_status session_judge(struct session *session, const char *path,
                              const struct claims *claims, bool strict, bool flaky_pass)
{
    struct cts_error err = {0};
    if (session->options->expect != NULL && session->options->no_expect) {
        err_set(&err, CTS_USAGE, "--expect and --no-expect exclude each other");
        return session_complain(session, &err);
    }
    session->judge.strict = strict;
    session->judge.flaky_pass = flaky_pass;
    session->judge.claims = *claims;
    if (path != NULL) {
        session->expectations = expect_load(path, &err);
        if (session->expectations == NULL) {
            return session_complain(session, &err);
        }
    }
    session->judge.expectations = session->expectations;
    return CTS_OK;
}

const char *session_expect_path(const struct session *session)
{
    const struct cli_options *options = session->options;
    if (options->no_expect) {
        return NULL;
    }
    return options->expect != NULL ? options->expect : session->profile->expectations;
}

enum cts_status session_whole(struct session *session, uint64_t seed, bool bare)
{
    const struct cli_options *options = session->options;
    enum cts_status status = session_home(session);
    if (status == CTS_OK) {
        status = session_tables(session, NULL);
    }
    if (status == CTS_OK) {
        status = session_profile(session);
    }
    if (status == CTS_OK) {
        status = session_judge(session, session_expect_path(session), &session->profile->claims,
                               options->strict, options->flaky_pass);
    }
    if (status == CTS_OK) {
        status = session_against(session, options->against, session->profile);
    }
    return status == CTS_OK ? session_plan(session, seed, bare) : status;
}

char *session_unused(const struct session *session)
{
    struct str_buf buf;
    if (session->expectations == NULL) {
        return NULL;
    }
    const struct string_list unused = expect_unused(session->expectations, session->tables);
    if (unused.count == 0) {
        return NULL;
    }
    sb_init(&buf, UNUSED_MAX);
    sb_add(&buf, "entries of the expectation file that no case matches:");
    for (size_t i = 0; i < unused.count; i++) {
        sb_addf(&buf, " %s", unused.items[i]);
    }
    return sb_take(&buf, NULL);
}

enum cts_status session_console(struct session *session)
{
    const struct cli_options *options = session->options;
    struct cts_error err = {0};
    if (cli_reports_read(&options->reports, &session->reports, &err) != CTS_OK) {
        return session_complain(session, &err);
    }
    if (cli_reports_on_stdout(&session->reports) ||
        (options->json != NULL && strcmp(options->json, "-") == 0)) {
        session->out = session->messages;
    }
    return CTS_OK;
}

enum cts_status session_reports(const struct session *session, const struct report *report)
{
    struct cts_error err = {0};
    enum cts_status status = report->status;
    if (report->json != NULL && report_write_json(report, report->json, &err) != CTS_OK) {
        status = session_complain(session, &err);
    }
    if (cli_reports_write(&session->reports, report, &err) != CTS_OK) {
        status = session_complain(session, &err);
    }
    return status;
}

enum console_detail session_detail(const struct cli_options *options)
{
    if (options->quiet) {
        return CONSOLE_QUIET;
    }
    return options->verbose ? CONSOLE_VERBOSE : CONSOLE_NORMAL;
}
