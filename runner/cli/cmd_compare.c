/* compare, matrix: several runs held against each other. */
#include "../report/compare.h"
#include "judged_runs.h"
#include <string.h>

#define WHY_MAX ((size_t)4096)

/* --- files --- */

/* What there is to write: the matrix, and of compare the comparison. */
struct findings_of_runs {
    const struct matrix *matrix;
    const struct comparison *comparison; /* or NULL */
};

static bool can_write(const struct findings_of_runs *found, enum report_format format)
{
    return format == FORMAT_HTML || format == FORMAT_MD ||
           (format == FORMAT_JSON && found->comparison != NULL);
}

static void write_to(const struct findings_of_runs *found, enum report_format format,
                     struct json_stream *out)
{
    if (format == FORMAT_HTML) {
        matrix_write_html(found->matrix, found->comparison, out);
    } else if (format == FORMAT_MD && found->comparison == NULL) {
        matrix_write_md(found->matrix, out);
    } else if (format == FORMAT_MD) {
        compare_write_md(found->comparison, out);
    } else {
        compare_write_json(found->comparison, out);
    }
}

static enum cts_status write_file(const struct session *session,
                                  const struct findings_of_runs *found,
                                  const struct report_target *target)
{
    struct cts_error err = {0};
    struct json_stream *out = js_open(target->path, &err);
    if (out == NULL) {
        return session_complain(session, &err);
    }
    write_to(found, target->format, out);
    enum cts_status status = js_close(out, &err);
    struct cts_error why = {0};
    /* A log that cannot be read again is the reason to be told, not what it spoilt. */
    if (matrix_failed(found->matrix, &why) != CTS_OK) {
        err = why;
        status = why.status;
    }
    return status == CTS_OK ? status : session_complain(session, &err);
}

static enum cts_status write_files(const struct session *session,
                                   const struct findings_of_runs *found)
{
    const struct cli_reports *reports = &session->reports;
    enum cts_status status = CTS_OK;
    if (session->options->json != NULL) {
        const struct report_target target = {FORMAT_JSON, session->options->json};
        status = write_file(session, found, &target);
    }
    for (size_t i = 0; i < reports->count && status == CTS_OK; i++) {
        status = write_file(session, found, &reports->targets[i]);
    }
    return status;
}

/* Before anything is read: is every report one that there is? */
static enum cts_status check_formats(const struct session *session, bool is_comparison)
{
    const struct comparison any = {0};
    const struct findings_of_runs found = {.comparison = is_comparison ? &any : NULL};
    struct cts_error err = {0};
    for (size_t i = 0; i < session->reports.count; i++) {
        const enum report_format format = session->reports.targets[i].format;
        if (!can_write(&found, format)) {
            err_set(&err, CTS_USAGE, "--report: no %s of several runs; there are html, md%s",
                    format_name(format), is_comparison ? " and json" : "");
            return session_complain(session, &err);
        }
    }
    return CTS_OK;
}

/* --- the commands --- */

/* Every run must be comparable with the first. why: the first reason that one is not, which
 * --force passes over. */
static enum cts_status may_compare(const struct session *session, const struct judged_runs *runs,
                                   struct str_buf *why)
{
    struct cts_error err = {0};
    for (size_t i = 1; i < runs->count; i++) {
        if (!matrix_refused(runs->items[0].run, runs->items[i].run, why)) {
            continue;
        }
        if (session->options->force) {
            return CTS_OK;
        }
        err_set_at(&err, CTS_USAGE, runs->items[i].path, 0, 0,
                   "cannot be compared with %s: %s (--force does it all the same)",
                   runs->items[0].path, sb_text(why));
        return session_complain(session, &err);
    }
    return CTS_OK;
}

/* Reads, judges and lays out. */
static enum cts_status lay_out(struct session *session, bool is_comparison,
                               struct judged_runs *runs, struct matrix *matrix, struct str_buf *why)
{
    struct cts_error err = {0};
    enum cts_status status = session_console(session);
    if (status == CTS_OK) {
        status = check_formats(session, is_comparison);
    }
    if (status == CTS_OK) {
        status = judged_runs_read(session, runs);
    }
    if (status == CTS_OK) {
        status = may_compare(session, runs, why);
    }
    if (status == CTS_OK && matrix_make(matrix, runs->reports, runs->count, &err) != CTS_OK) {
        status = session_complain(session, &err);
    }
    return status;
}

int cmd_compare(struct session *session)
{
    const struct cli_options *options = session->options;
    struct judged_runs runs = {0};
    struct matrix matrix = {0};
    struct comparison comparison;
    struct str_buf why;
    sb_init(&why, WHY_MAX);
    enum cts_status status = lay_out(session, true, &runs, &matrix, &why);
    if (status == CTS_OK) {
        const struct findings_of_runs found = {&matrix, &comparison};
        compare_make(&comparison, &matrix, why.len > 0 ? sb_text(&why) : NULL);
        compare_print(&session->out, &comparison, options->verbose, options->quiet);
        status = write_files(session, &found);
        status = status == CTS_OK ? compare_status(&comparison) : status;
    }
    matrix_free(&matrix);
    judged_runs_free(&runs);
    sb_free(&why);
    return console_result(&session->out, status, compare_result_text(CTS_OK));
}

int cmd_matrix(struct session *session)
{
    struct judged_runs runs = {0};
    struct matrix matrix = {0};
    struct str_buf why;
    sb_init(&why, WHY_MAX);
    enum cts_status status = lay_out(session, false, &runs, &matrix, &why);
    if (status == CTS_OK) {
        const struct findings_of_runs found = {&matrix, NULL};
        if (!session->options->quiet) {
            matrix_print(&session->out, &matrix, session->options->verbose);
        }
        status = write_files(session, &found);
    }
    matrix_free(&matrix);
    judged_runs_free(&runs);
    sb_free(&why);
    return cts_exit_code(status);
}
