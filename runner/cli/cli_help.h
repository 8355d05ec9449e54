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

#endif
