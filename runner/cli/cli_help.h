/* Help from the tables of commands and options. */
#ifndef VSSCTS_CLI_HELP_H
#define VSSCTS_CLI_HELP_H

#include "../util/str_buf.h"
#include "cli_options.h"

/* Appends the list of commands and the exit codes. */
void cli_help_overview(struct str_buf *out, unsigned width);

/* Appends the list of the commands whose names begin with the word `group`. */
void cli_help_group(struct str_buf *out, const char *group);

/* Appends usage, text, options by group, and examples of one command. Lines are broken at width
 * columns (at least 40). */
void cli_help_command(struct str_buf *out, enum cli_command command, unsigned width);

/* What the program is; titles of the groups of options. */
extern const char cli_help_about[];
extern const char *const cli_help_groups[GROUP_COUNT];

/* The option of a command in a group that comes after row (NULL: the first); NULL: no more. */
const struct cli_option_row *cli_help_next(unsigned command, unsigned group,
                                           const struct cli_option_row *row);

/* The next of the published exit codes and what it stands for; at counts from 0. False: no more. */
bool cli_help_exit(struct str_buf *text, size_t *at, int *code);

/* How much of the text of an option's argument is its name (it has one). */
size_t cli_help_arg(const struct cli_option_row *row);

/* Appends the manual page, for man, and the script by which bash completes. */
void cli_manual(struct str_buf *out);
void cli_completion(struct str_buf *out);

#endif
