/* vsscts: the command line. */
#include "../util/mem_end.h"
#include "cli_help.h"
#include "cli_session.h"
#include "cli_terminal.h"
#include <stdlib.h>
#include <string.h>
#include <uv.h>
#ifdef _WIN32
#include <windows.h>
/* after windows.h, which it needs */
#include <shellapi.h>
#endif

#define HELP_MAX ((size_t)64 * 1024)

/* The command that the words name, all of them; COMMAND_COUNT: none. */
static enum cli_command find_command(const struct string_list *words)
{
    size_t at = 0;
    while (at < COMMAND_COUNT &&
           cli_words_match(cli_commands[at].name, words->items, words->count) != words->count) {
        at++;
    }
    return (enum cli_command)at;
}

static bool is_group(const struct string_list *words)
{
    for (size_t i = 0; words->count == 1 && i < COMMAND_COUNT; i++) {
        if (cli_in_group(cli_commands[i].name, words->items[0])) {
            return true;
        }
    }
    return false;
}

/* Prints a text that was made, whole or not at all, and frees it. */
static enum cts_status print_text(const struct session *session, struct str_buf *text)
{
    struct cts_error err = {0};
    if (text->failed) {
        err_set(&err, CTS_DEFECT, "the text is longer than it was thought that it could be");
        session_complain(session, &err);
    } else {
        fputs(sb_text(text), stdout);
    }
    sb_free(text);
    return err.status;
}

/* help COMMAND, COMMAND --help, help. */
static enum cts_status print_help(const struct session *session)
{
    const struct cli_options *options = session->options;
    const struct string_list *words = &options->args;
    const enum cli_command command = options->help ? options->command : find_command(words);
    struct cts_error err = {0};
    struct str_buf text;

    sb_init(&text, HELP_MAX);
    if (options->help || (words->count > 0 && command != COMMAND_COUNT)) {
        cli_help_command(&text, command, session->out.width);
    } else if (words->count == 0) {
        cli_help_overview(&text, session->out.width);
    } else if (is_group(words)) {
        cli_help_group(&text, words->items[0]);
    } else {
        err_set(&err, CTS_USAGE, "unknown command '%s%s%s' ('vsscts help' lists them)",
                words->items[0], words->count > 1 ? " " : "",
                words->count > 1 ? words->items[1] : "");
        return session_complain(session, &err);
    }
    return print_text(session, &text);
}

static void print_version(void)
{
    printf("vsscts " VSSCTS_VERSION "\n"
           "tables format 1, event log format 1, report format 1, worker protocol 1\n"
           "libuv %s, jansson " JANSSON_VERSION "\n",
           uv_version_string());
}

static int print_made(const struct session *session, void (*make)(struct str_buf *))
{
    struct str_buf text;
    sb_init(&text, 4 * HELP_MAX);
    make(&text);
    return cts_exit_code(print_text(session, &text));
}

static int dispatch(struct session *session)
{
    if (session->options->help) {
        return cts_exit_code(print_help(session));
    }
    switch (session->options->command) {
    case COMMAND_RUN:
        return cmd_run(session);
    case COMMAND_LIST:
        return cmd_list(session);
    case COMMAND_EXPLAIN:
        return cmd_explain(session);
    case COMMAND_CHECK:
        return cmd_check(session);
    case COMMAND_REPORT:
        return cmd_report(session);
    case COMMAND_MERGE:
        return cmd_merge(session);
    case COMMAND_BISECT:
        return cmd_bisect(session);
    case COMMAND_COMPARE:
        return cmd_compare(session);
    case COMMAND_MATRIX:
        return cmd_matrix(session);
    case COMMAND_COVERAGE:
        return cmd_coverage(session);
    case COMMAND_QUESTIONS:
        return cmd_questions(session);
    case COMMAND_SELFTEST:
        return cmd_selftest(session);
    case COMMAND_LEARN:
        return cmd_learn(session);
    case COMMAND_VERIFY:
        return cmd_verify(session);
    case COMMAND_EXPECT_CHECK:
        return cmd_expect_check(session);
    case COMMAND_EXPECT_UPDATE:
        return cmd_expect_update(session);
    case COMMAND_COMPLETION:
        return print_made(session, cli_completion);
    case COMMAND_MANUAL:
        return print_made(session, cli_manual);
    case COMMAND_VERSION:
        print_version();
        return cts_exit_code(CTS_OK);
    case COMMAND_HELP:
    case COMMAND_COUNT:
        break;
    }
    return cts_exit_code(print_help(session));
}

/* What could not be written is an error of its own: a full disk must not look like success. */
static int flush_output(const struct session *session, int code)
{
    struct cts_error err = {0};
    if ((fflush(stdout) != 0 || ferror(stdout)) && code == cts_exit_code(CTS_OK)) {
        err_set(&err, CTS_IO, "the standard output could not be written");
        return cts_exit_code(session_complain(session, &err));
    }
    return code;
}

static int run_with(int argc, char **argv)
{
    struct cli_options options;
    struct session session;
    struct cts_error err = {0};
    int code = 0;

    cli_terminal_setup();
    const enum cts_status status = cli_parse(argc, argv, &options, &err);
    session_init(&session, &options);
    if (status != CTS_OK) {
        code = cts_exit_code(session_complain(&session, &err));
    } else {
        code = flush_output(&session, dispatch(&session));
    }
    session_free(&session);
    cli_options_free(&options);
    return code;
}

#ifdef _WIN32
/* The arguments that C hands over are in the code page of the system; those of the system are
 * whole. A new array with argc texts in UTF-8, in one piece of memory; NULL: no memory. */
static char **utf8_arguments(int *argc)
{
    LPWSTR *wide = CommandLineToArgvW(GetCommandLineW(), argc);
    size_t need = 0, used = 0;
    char **made = NULL;

    for (int i = 0; wide != NULL && i < *argc; i++) {
        need += sizeof *made +
                (size_t)WideCharToMultiByte(CP_UTF8, 0, wide[i], -1, NULL, 0, NULL, NULL);
    }
    made = wide != NULL ? calloc(1, need + sizeof *made) : NULL;
    if (made != NULL) {
        char *text = (char *)(made + *argc + 1);
        const size_t room = need - (size_t)*argc * sizeof *made;
        for (int i = 0; i < *argc; i++) {
            made[i] = text + used;
            used += (size_t)WideCharToMultiByte(CP_UTF8, 0, wide[i], -1, text + used,
                                                (int)(room - used), NULL, NULL);
        }
    }
    LocalFree(wide);
    return made;
}
#endif

int main(int argc, char **argv)
{
    mem_end_setup();
    char **arguments = uv_setup_args(argc, argv);
#ifdef _WIN32
    char **utf8 = utf8_arguments(&argc);
    if (utf8 == NULL) {
        return cts_exit_code(CTS_NOMEM);
    }
    arguments = utf8;
#endif
    const int code = run_with(argc, arguments);
#ifdef _WIN32
    free(utf8);
#endif
    return code;
}
