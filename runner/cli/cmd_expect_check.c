/* expect check: do files of expected verdicts say something, and what they mean to say? */
#include "../util/fs_path.h"
#include "cli_session.h"
#include <stdlib.h>
#include <string.h>

static const char suffix[] = ".json";

static bool check_file(const struct session *session, const char *path, struct cts_errors *errs)
{
    size_t entries = 0;
    const bool right = expect_check(path, session->tables, &entries, errs);
    if (right) {
        term_printf(&session->out, STYLE_PLAIN, "%s: %zu %s, no errors\n", path, entries,
                    entries == 1 ? "entry" : "entries");
    }
    return right;
}

static enum cts_status check_given(const struct session *session, struct cts_errors *errs)
{
    const struct string_list *paths = &session->options->args;
    for (size_t i = 0; i < paths->count; i++) {
        check_file(session, paths->items[i], errs);
    }
    return errs->count > 0 ? errs->list[0].status : CTS_OK;
}

/* All files that the home folder has. */
static enum cts_status check_home(const struct session *session, struct cts_errors *errs)
{
    struct cts_error err = {0};
    struct fs_list files = {0};
    char *dir = fs_join(session->home != NULL ? session->home : "", "expectations");
    enum cts_status status =
        dir != NULL ? fs_list(dir, &files, &err) : err_set(&err, CTS_NOMEM, "out of memory");
    for (size_t i = 0; status == CTS_OK && i < files.count; i++) {
        const char *name = files.items[i].name;
        char *path = NULL;
        if (!fs_has_ending(name, suffix)) {
            continue;
        }
        path = fs_join(dir, name);
        if (path == NULL) {
            status = err_set(&err, CTS_NOMEM, "out of memory");
        } else {
            check_file(session, path, errs);
        }
        free(path);
    }
    fs_list_free(&files);
    free(dir);
    if (status != CTS_OK) {
        return session_complain(session, &err);
    }
    return errs->count > 0 ? errs->list[0].status : CTS_OK;
}

int cmd_expect_check(struct session *session)
{
    struct cts_errors *errs = calloc(1, sizeof *errs);
    enum cts_status status = CTS_OK;
    if (errs == NULL) {
        return cts_exit_code(session_no_memory(session));
    }
    status = session_home(session);
    if (status == CTS_OK) {
        status = session_tables(session, NULL);
    }
    if (status == CTS_OK) {
        status = session->options->args.count > 0 ? check_given(session, errs)
                                                  : check_home(session, errs);
        session_complain_all(session, errs);
    }
    free(errs);
    return cts_exit_code(status);
}
