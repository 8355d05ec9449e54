/* list, explain, check: what the tables say. */
#include "../util/nearest.h"
#include "cli_session.h"
#include <stdlib.h>
#include <string.h>

static int list_as_json(const struct session *session)
{
    struct cts_error err = {0};
    json_t *list = plan_list_json(session->plan);
    const bool written =
        list != NULL && json_dumpf(list, stdout, JSON_INDENT(2) | JSON_SORT_KEYS) == 0;
    json_decref(list);
    if (!written) {
        err_set(&err, list == NULL ? CTS_NOMEM : CTS_IO, "the list could not be written");
        return cts_exit_code(session_complain(session, &err));
    }
    putchar('\n');
    return cts_exit_code(CTS_OK);
}

int cmd_list(struct session *session)
{
    const struct term *term = &session->out;
    enum cts_status status = session_home(session);
    size_t skipped = 0;

    if (status == CTS_OK) {
        status = session_tables(session, NULL);
    }
    if (status == CTS_OK && session->options->iut != NULL) {
        status = session_profile(session);
    }
    if (status == CTS_OK) {
        status = session_plan(session, 0, true);
    }
    if (status != CTS_OK) {
        return cts_exit_code(status);
    }
    if (session->options->list_json) {
        return list_as_json(session);
    }
    for (size_t i = 0; i < session->plan->count; i++) {
        const struct plan_case *planned = &session->plan->cases[i];
        term_put(term, STYLE_BOLD, planned->test->id);
        term_printf(term, STYLE_PLAIN, "  %s\n", planned->test->title);
        if (planned->skip != NULL) {
            term_printf(term, STYLE_DIM, "    skipped: %s\n", planned->skip);
            skipped++;
        }
    }
    term_printf(term, STYLE_DIM, "%zu cases", session->plan->count);
    if (session->profile != NULL) {
        term_printf(term, STYLE_DIM, ", %zu of them skipped with %s", skipped,
                    session->profile->name);
    }
    putchar('\n');
    return cts_exit_code(CTS_OK);
}

static enum cts_status explain_one(const struct session *session, const char *id)
{
    const struct test_case *test = tbl_case(session->tables, id);
    struct cts_error err = {0};
    struct nearest search;

    if (test != NULL) {
        char *text = plan_explain(session->tables, test, session->out.width);
        if (text == NULL) {
            return session_no_memory(session);
        }
        fputs(text, stdout);
        free(text);
        return CTS_OK;
    }
    nearest_init(&search, id);
    for (size_t i = 0; i < session->tables->case_count; i++) {
        nearest_offer(&search, session->tables->cases[i].id);
    }
    if (search.best != NULL) {
        err_set(&err, CTS_USAGE, "no case '%s'; did you mean %s?", id, search.best);
    } else {
        err_set(&err, CTS_USAGE, "no case '%s' ('vsscts list' names them)", id);
    }
    return session_complain(session, &err);
}

int cmd_explain(struct session *session)
{
    const struct string_list *ids = &session->options->args;
    enum cts_status status = session_home(session);
    if (status == CTS_OK) {
        status = session_tables(session, NULL);
    }
    for (size_t i = 0; status == CTS_OK && i < ids->count; i++) {
        if (i > 0) {
            putchar('\n');
        }
        status = explain_one(session, ids->items[i]);
    }
    return cts_exit_code(status);
}

static void print_count(const struct term *term, const char *before, size_t number, const char *one,
                        const char *many)
{
    term_printf(term, STYLE_PLAIN, "%s%zu %s", before, number, number == 1 ? one : many);
}

int cmd_check(struct session *session)
{
    const struct cli_options *options = session->options;
    const char *dir = options->args.count > 0 ? options->args.items[0] : NULL;
    enum cts_status status = dir != NULL ? CTS_OK : session_home(session);
    if (status == CTS_OK) {
        status = session_tables(session, dir);
    }
    if (status == CTS_OK) {
        const struct tables *tables = session->tables;
        const struct term *term = &session->out;
        print_count(term, "", tables->case_count, "case", "cases");
        print_count(term, ", ", tables->requirement_count, "requirement", "requirements");
        print_count(term, ", ", tables->question_count, "question", "questions");
        print_count(term, ", ", tables->preamble_count, "preamble", "preambles");
        print_count(term, ", ", tables->interface_count, "interface", "interfaces");
        print_count(term, ", ", tables->function_count, "function", "functions");
        print_count(term, ", ", tables->suite_count, "suite", "suites");
        fputs(": no errors\n", stdout);
    }
    return cts_exit_code(status);
}
