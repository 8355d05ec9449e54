#include "cli_help.h"

#include "../plan/text_wrap.h"
#include <string.h>

#define HELP_COLUMN 28U /* where the text of an option begins */
#define HELP_LEAST 40U

const char *const cli_help_groups[GROUP_COUNT] = {
    [GROUP_SELECTION] = "Selection", [GROUP_IUT] = "Implementation under test",
    [GROUP_FILES] = "Files",         [GROUP_EXECUTION] = "Execution",
    [GROUP_JUDGEMENT] = "Judgement", [GROUP_OUTPUT] = "Output",
};

const char cli_help_about[] =
    "A conformance test suite for implementations of the Volume Shadow Copy Service API: loads a "
    "vssapi.dll, drives it through cases, and says which documented rule each result keeps or "
    "breaks.";

static const struct {
    int code;
    const char *text;
} exit_rows[] = {
#define X(name, code, text) {code, text},
    CTS_STATUS_MAP(X)
#undef X
};
#define EXIT_ROWS (sizeof exit_rows / sizeof exit_rows[0])

bool cli_help_exit(struct str_buf *text, size_t *at, int *code)
{
    const size_t first = *at;
    if (first == EXIT_ROWS) {
        return false;
    }
    sb_clear(text);
    sb_add(text, first == 0 ? "as expected" : exit_rows[first].text);
    *code = exit_rows[first].code;
    while (++*at < EXIT_ROWS && exit_rows[*at].code == *code) {
        sb_addf(text, ", %s", exit_rows[*at].text);
    }
    return true;
}

static void exit_codes(struct str_buf *out)
{
    struct str_buf text;
    size_t at = 0;
    int code = 0;
    sb_init(&text, out->max);
    sb_add(out, "\nExit codes\n");
    while (cli_help_exit(&text, &at, &code)) {
        sb_addf(out, "    %-5d%s\n", code, sb_text(&text));
    }
    sb_free(&text);
}

size_t cli_help_arg(const struct cli_option_row *row)
{
    return row->kind == OPTION_COUNT ? strcspn(row->arg, " ") : strlen(row->arg);
}

/* The commands of a group, or all. */
static void command_lines(struct str_buf *out, const char *group)
{
    size_t longest = 0;
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const size_t length = strlen(cli_commands[i].name);
        longest = length > longest ? length : longest;
    }
    sb_add(out, "\nCommands\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const struct cli_command_row *row = &cli_commands[i];
        if (group == NULL || cli_in_group(row->name, group)) {
            sb_addf(out, "    %-*s  %s\n", (int)longest, row->name, row->line);
        }
    }
}

static void options_hint(struct str_buf *out)
{
    sb_add(out, "\nOptions of a command: vsscts help COMMAND\n");
}

void cli_help_group(struct str_buf *out, const char *group)
{
    sb_addf(out, "usage: vsscts %s COMMAND [OPTION...] [ARGUMENT...]\n", group);
    command_lines(out, group);
    options_hint(out);
}

void cli_help_overview(struct str_buf *out, unsigned width)
{
    const unsigned columns = width < HELP_LEAST ? HELP_LEAST : width;
    sb_add(out, "usage: vsscts COMMAND [OPTION...] [ARGUMENT...]\n\n");
    wrap_text(out, columns, 0, 0, cli_help_about);
    command_lines(out, NULL);
    exit_codes(out);
    options_hint(out);
}

/* "    --seed N", "-j, --jobs N"; of a COUNT only the name of its argument. */
static void option_head(struct str_buf *out, const struct cli_option_row *row)
{
    if (row->letter != 0) {
        sb_addf(out, "  -%c, --%s", row->letter, row->name);
    } else {
        sb_addf(out, "      --%s", row->name);
    }
    if (row->arg != NULL) {
        sb_addc(out, ' ');
        sb_addn(out, row->arg, cli_help_arg(row));
    }
}

/* The head stands in the indentation of the text, or on a line of its own where it is too long. */
static void option_lines(struct str_buf *out, const struct cli_option_row *row, unsigned width)
{
    const size_t start = out->len;
    option_head(out, row);
    if (out->len - start + 2 > HELP_COLUMN) {
        sb_addc(out, '\n');
        wrap_text(out, width, HELP_COLUMN, HELP_COLUMN, row->help);
    } else {
        /* The head's columns are spared from the first line's indentation. */
        for (size_t at = out->len - start; at < HELP_COLUMN; at++) {
            sb_addc(out, ' ');
        }
        struct str_buf text;
        sb_init(&text, out->max);
        wrap_text(&text, width, HELP_COLUMN, HELP_COLUMN, row->help);
        sb_add(out, text.len > HELP_COLUMN ? sb_text(&text) + HELP_COLUMN : "\n");
        sb_free(&text);
    }
}

const struct cli_option_row *cli_help_next(unsigned command, unsigned group,
                                           const struct cli_option_row *row)
{
    const struct cli_option_row *const end = cli_option_rows + cli_option_count;
    for (row = row == NULL ? cli_option_rows : row + 1; row < end; row++) {
        if (row->group == group && (row->commands & (1U << command))) {
            return row;
        }
    }
    return NULL;
}

static void option_group(struct str_buf *out, enum cli_command command, enum cli_group group,
                         unsigned width)
{
    const struct cli_option_row *row = cli_help_next(command, group, NULL);
    if (row != NULL) {
        sb_addf(out, "\n%s\n", cli_help_groups[group]);
    }
    for (; row != NULL; row = cli_help_next(command, group, row)) {
        option_lines(out, row, width);
    }
}

void cli_help_command(struct str_buf *out, enum cli_command command, unsigned width)
{
    const struct cli_command_row *row = &cli_commands[command];
    const unsigned columns = width < HELP_LEAST ? HELP_LEAST : width;

    sb_addf(out, "usage: vsscts %s [OPTION...]%s%s\n\n", row->name, row->args[0] ? " " : "",
            row->args);
    wrap_text(out, columns, 0, 0, row->text);
    for (unsigned group = 0; group < GROUP_COUNT; group++) {
        option_group(out, command, (enum cli_group)group, columns);
    }
    sb_add(out, "\nExamples\n");
    for (const char *line = row->examples; *line != '\0';) {
        const size_t length = strcspn(line, "\n");
        sb_add(out, "    ");
        sb_addn(out, line, length);
        sb_addc(out, '\n');
        line += length + (line[length] == '\n');
    }
}
