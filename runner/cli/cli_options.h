/* The command line: one table of commands (commands.def), one of options (options.def). */
#ifndef VSSCTS_CLI_OPTIONS_H
#define VSSCTS_CLI_OPTIONS_H

#include "../model/tables.h"
#include <limits.h>
#include <stddef.h>

enum cli_command {
#define CMD(id, name, args, least, most, line, text, examples) COMMAND_##id,
#include "commands.def"
#undef CMD
    COMMAND_COUNT
};

/* The same as bits, for the sets in options.def. */
enum {
#define CMD(id, name, args, least, most, line, text, examples) IN_##id = 1U << COMMAND_##id,
#include "commands.def"
#undef CMD
    IN_ALL = (1U << COMMAND_COUNT) - 1
};

enum cli_group {
    GROUP_SELECTION,
    GROUP_IUT,
    GROUP_FILES,
    GROUP_EXECUTION,
    GROUP_JUDGEMENT,
    GROUP_OUTPUT,
    GROUP_COUNT
};

/* What an option takes, and the type of its field. */
enum cli_kind {
    OPTION_FLAG,   /* nothing; bool */
    OPTION_TEXT,   /* a text; const char *, the last one given counts */
    OPTION_LIST,   /* a text, repeatable; struct string_list */
    OPTION_COUNT,  /* a whole number within bounds; unsigned, 0 = not given */
    OPTION_SEED,   /* a whole number up to CLI_SEED_MAX; struct cli_seed */
    OPTION_SCALE,  /* a decimal number from 0.01 to 1000; double, 0 = not given */
    OPTION_CHOICE, /* one of the words in its argument; unsigned: 0 = not given, else from 1 */
};

/* What every reader of JSON numbers keeps whole. */
#define CLI_SEED_MAX ((UINT64_C(1) << 53) - 1)
struct cli_seed {
    bool given;
    uint64_t value;
};

/* Values of CHOICE options, in the order of their words. */
enum { CHOSEN_X86_64 = 1, CHOSEN_I686 };
enum { COLOR_AUTO = 1, COLOR_ALWAYS, COLOR_NEVER };

#define FIELD_FLAG bool
#define FIELD_TEXT const char *
#define FIELD_LIST struct string_list
#define FIELD_COUNT unsigned
#define FIELD_SEED struct cli_seed
#define FIELD_SCALE double
#define FIELD_CHOICE unsigned

/* A parsed command line. Texts are borrowed from argv; the arrays of the lists are owned. */
struct cli_options {
    enum cli_command command;
    struct string_list args; /* what is no option */
#define OPT(field, kind, letter, name, arg, commands, group, help) FIELD_##kind field;
#include "options.def"
#undef OPT
};

/* A row of each table, for parsing and for help. */
struct cli_command_row {
    const char *name, *args;
    unsigned least, most; /* how many of args */
    const char *line, *text, *examples;
};
struct cli_option_row {
    size_t offset; /* of the field */
    enum cli_kind kind;
    char letter; /* or 0 */
    const char *name, *arg;
    unsigned commands; /* set of IN_… */
    enum cli_group group;
    const char *help;
};
/* A name may have several words ("expect update"); no command has the first of them alone. */
extern const struct cli_command_row cli_commands[COMMAND_COUNT];
extern const struct cli_option_row cli_option_rows[];
extern const size_t cli_option_count;

/* Parses argv (argv[0] is the program). `--help` and `--version` without a command are the commands
 * of that name. On CTS_USAGE err says in one line what is wrong, with the nearest name. Free out
 * with cli_options_free() in any case. */
enum cts_status cli_parse(int argc, char **argv, struct cli_options *out, struct cts_error *err);
void cli_options_free(struct cli_options *options);

/* How many of the words are the name of the command; 0: they do not begin with it. */
size_t cli_words_match(const char *name, const char *const *words, size_t count);

/* Is `group` the first word of this name of several words? */
bool cli_in_group(const char *name, const char *group);

#endif
