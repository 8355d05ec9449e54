/* The manual page, from the same tables as the help. */
#include "cli_help.h"

#include <string.h>

/* Text of the page: nothing in it is a request, and hyphens can be copied. */
static void text(struct str_buf *out, const char *from, size_t length)
{
    bool begins = out->len == 0 || out->data[out->len - 1] == '\n';
    for (size_t i = 0; i < length; i++) {
        if (begins && (from[i] == '.' || from[i] == '\'')) {
            sb_add(out, "\\&");
        }
        if (from[i] == '\\') {
            sb_add(out, "\\e");
        } else if (from[i] == '-') {
            sb_add(out, "\\-");
        } else if (from[i] == '\'') {
            sb_add(out, "\\(aq");
        } else {
            sb_addc(out, from[i]);
        }
        begins = from[i] == '\n';
    }
}

static void words(struct str_buf *out, const char *from)
{
    text(out, from, strlen(from));
    sb_addc(out, '\n');
}

/* ".B" and the like, with one argument. */
static void request(struct str_buf *out, const char *name, const char *argument)
{
    sb_addf(out, ".%s \"", name);
    text(out, argument, strlen(argument));
    sb_add(out, "\"\n");
}

static void option(struct str_buf *out, const struct cli_option_row *row)
{
    sb_add(out, ".TP\n\\fB");
    if (row->letter != 0) {
        sb_addf(out, "\\-%c\\fR, \\fB", row->letter);
    }
    sb_add(out, "\\-\\-");
    text(out, row->name, strlen(row->name));
    sb_add(out, "\\fR");
    if (row->arg != NULL) {
        sb_add(out, " \\fI");
        text(out, row->arg, cli_help_arg(row));
        sb_add(out, "\\fR");
    }
    sb_addc(out, '\n');
    words(out, row->help);
}

static void options(struct str_buf *out, unsigned command)
{
    for (unsigned group = 0; group < GROUP_COUNT; group++) {
        const struct cli_option_row *row = cli_help_next(command, group, NULL);
        if (row != NULL) {
            sb_add(out, ".PP\n");
            words(out, cli_help_groups[group]);
        }
        for (; row != NULL; row = cli_help_next(command, group, row)) {
            option(out, row);
        }
    }
}

static void command(struct str_buf *out, unsigned number)
{
    const struct cli_command_row *row = &cli_commands[number];
    request(out, "SS", row->name);
    sb_add(out, ".B vsscts ");
    text(out, row->name, strlen(row->name));
    sb_add(out, "\n[\\fIOPTION\\fR...] ");
    words(out, row->args);
    sb_add(out, ".PP\n");
    words(out, row->text);
    options(out, number);
    sb_add(out, ".PP\nExamples\n.PP\n.RS\n.nf\n");
    text(out, row->examples, strlen(row->examples));
    sb_add(out, ".fi\n.RE\n");
}

static void exit_status(struct str_buf *out)
{
    struct str_buf line;
    size_t at = 0;
    int code = 0;
    sb_init(&line, out->max);
    sb_add(out, ".SH EXIT STATUS\n");
    while (cli_help_exit(&line, &at, &code)) {
        sb_addf(out, ".TP\n.B %d\n", code);
        words(out, sb_text(&line));
    }
    sb_free(&line);
}

/* Those that the help of the options names. */
static void environment(struct str_buf *out)
{
    static const char *const rows[][2] = {
        {"VSSCTS_HOME", "folder with cases, profiles and workers, where --home is not given"},
        {"VSSCTS_WINEPREFIX", "Wine prefix, where --wine-prefix is not given"},
        {"NO_COLOR", "where it is set and not empty, there are no colours unless --color asks"},
    };
    sb_add(out, ".SH ENVIRONMENT\n");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sb_addf(out, ".TP\n.B %s\n", rows[i][0]);
        words(out, rows[i][1]);
    }
}

void cli_manual(struct str_buf *out)
{
    sb_add(out, ".TH VSSCTS 1 \"\" \"vsscts " VSSCTS_VERSION "\" \"User Commands\"\n"
                ".SH NAME\nvsscts \\- conformance test suite for the Volume Shadow Copy Service "
                "API\n.SH SYNOPSIS\n.B vsscts\n"
                "\\fICOMMAND\\fR [\\fIOPTION\\fR...] [\\fIARGUMENT\\fR...]\n.SH DESCRIPTION\n");
    words(out, cli_help_about);
    sb_add(out, ".SH COMMANDS\n");
    for (unsigned i = 0; i < COMMAND_COUNT; i++) {
        command(out, i);
    }
    exit_status(out);
    environment(out);
    sb_add(out, ".SH SEE ALSO\n.BR wine (1)\n");
}
