/* The way back: from options to the arguments that say them. */
#ifndef VSSCTS_CLI_ARGUMENTS_H
#define VSSCTS_CLI_ARGUMENTS_H

#include "cli_options.h"
#include <jansson.h>

/* Was the option of this row given? */
bool cli_is_given(const struct cli_options *options, const struct cli_option_row *row);

/* The arguments for every option given that `is_kept` keeps, "--name" and its value, in the order
 * of the table; cli_parse() makes the same of them. A new array of texts; NULL: no memory, or a
 * text that is no UTF-8. */
json_t *cli_arguments(const struct cli_options *options,
                      bool (*is_kept)(const struct cli_option_row *row));

#endif
