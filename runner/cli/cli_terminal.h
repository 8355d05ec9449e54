/* The terminal: is there one, how wide is it, does it want colours. */
#ifndef VSSCTS_CLI_TERMINAL_H
#define VSSCTS_CLI_TERMINAL_H

#include "../report/term_text.h"

/* Looks at the file of out (stdout or stderr). color is a value of the option --color. */
void cli_terminal(struct term *term, FILE *out, unsigned color);

/* Makes a Windows console show UTF-8 and obey escape sequences; nothing elsewhere. */
void cli_terminal_setup(void);

#endif
