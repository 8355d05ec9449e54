#include "cli_options.h"

#include "../util/nearest.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct cli_command_row cli_commands[COMMAND_COUNT] = {
#define CMD(id, name, args, least, most, line, text, examples)                                     \
    {name, args, least, most, line, text, examples},
#include "commands.def"
#undef CMD
};

const struct cli_option_row cli_option_rows[] = {
#define OPT(field, kind, letter, name, arg, commands, group, help)                                 \
    {offsetof(struct cli_options, field),                                                          \
     OPTION_##kind,                                                                                \
     letter,                                                                                       \
     name,                                                                                         \
     arg,                                                                                          \
     commands,                                                                                     \
     GROUP_##group,                                                                                \
     help},
#include "options.def"
#undef OPT
};
const size_t cli_option_count = sizeof cli_option_rows / sizeof cli_option_rows[0];

/* The state of one parse. */
struct parse {
    int argc;
    char **argv;
    int next; /* index of the argument that comes next */
    struct cli_options *out;
    struct cts_error *err;
};

/* Appends to a list. Room for argc items is made at once, since no list can have more. */
static enum cts_status list_add(struct parse *parse, struct string_list *list, const char *item)
{
    if (list->items == NULL) {
        list->items = calloc((size_t)parse->argc, sizeof *list->items);
        if (list->items == NULL) {
            return err_set(parse->err, CTS_NOMEM, "out of memory");
        }
    }
    list->items[list->count++] = item;
    return CTS_OK;
}

static enum cts_status wrong_value(struct parse *parse, const struct cli_option_row *row,
                                   const char *value, const char *wanted)
{
    return err_set(parse->err, CTS_USAGE, "--%s: '%s' is not %s", row->name, value, wanted);
}

/* A number without sign and blanks: digits only. */
static bool parse_u64(const char *text, uint64_t *value)
{
    if (text[0] == '\0' || strspn(text, "0123456789") != strlen(text)) {
        return false;
    }
    errno = 0;
    *value = strtoull(text, NULL, 10);
    return errno == 0;
}

static enum cts_status set_count(struct parse *parse, const struct cli_option_row *row,
                                 const char *value, unsigned *field)
{
    unsigned least = 0, most = 0;
    uint64_t number = 0;
    char wanted[64];
    sscanf(row->arg, "%*s %u %u", &least, &most);
    if (!parse_u64(value, &number) || number < least || number > most) {
        snprintf(wanted, sizeof wanted, "a whole number from %u to %u", least, most);
        return wrong_value(parse, row, value, wanted);
    }
    *field = (unsigned)number;
    return CTS_OK;
}

static enum cts_status set_scale(struct parse *parse, const struct cli_option_row *row,
                                 const char *value, double *field)
{
    char *end = NULL;
    /* Digits and one point: no hexadecimal numbers, no infinity. */
    if (value[0] != '\0' && strspn(value, "0123456789.") == strlen(value)) {
        *field = strtod(value, &end);
    }
    if (end == NULL || *end != '\0' || !(*field >= 0.01 && *field <= 1000.0)) {
        return wrong_value(parse, row, value, "a number from 0.01 to 1000");
    }
    return CTS_OK;
}

static enum cts_status set_choice(struct parse *parse, const struct cli_option_row *row,
                                  const char *value, unsigned *field)
{
    unsigned index = 1;
    const char *word = row->arg;
    for (;;) {
        const size_t length = strcspn(word, "|");
        if (length == strlen(value) && strncmp(word, value, length) == 0) {
            *field = index;
            return CTS_OK;
        }
        if (word[length] == '\0') {
            break;
        }
        word += length + 1;
        index++;
    }
    return err_set(parse->err, CTS_USAGE, "--%s: '%s' is none of %s", row->name, value, row->arg);
}

static enum cts_status set_value(struct parse *parse, const struct cli_option_row *row,
                                 const char *value)
{
    void *field = (char *)parse->out + row->offset;
    struct cli_seed *seed = field;
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)field = true;
        return CTS_OK;
    case OPTION_TEXT:
        if (value[0] == '\0') {
            return err_set(parse->err, CTS_USAGE, "--%s: the value is empty", row->name);
        }
        *(const char **)field = value;
        return CTS_OK;
    case OPTION_LIST:
        return list_add(parse, field, value);
    case OPTION_COUNT:
        return set_count(parse, row, value, field);
    case OPTION_SEED:
        seed->given = parse_u64(value, &seed->value) && seed->value <= CLI_SEED_MAX;
        return seed->given ? CTS_OK : wrong_value(parse, row, value, "a whole number below 2^53");
    case OPTION_SCALE:
        return set_scale(parse, row, value, field);
    case OPTION_CHOICE:
        return set_choice(parse, row, value, field);
    }
    return err_set(parse->err, CTS_DEFECT, "--%s has no kind", row->name);
}

/* Says that a command does not know an option: that of another command, or one of no command. */
static enum cts_status unknown_option(struct parse *parse, const char *name, size_t length)
{
    const unsigned bit = 1U << parse->out->command;
    const char *command = cli_commands[parse->out->command].name;
    char word[128];
    struct nearest search;

    for (size_t i = 0; i < cli_option_count; i++) {
        const struct cli_option_row *row = &cli_option_rows[i];
        if (strlen(row->name) == length && strncmp(row->name, name, length) == 0) {
            return err_set(parse->err, CTS_USAGE, "%s has no option --%s ('vsscts help %s')",
                           command, row->name, command);
        }
    }
    snprintf(word, sizeof word, "%.*s", (int)(length < 100 ? length : 100), name);
    nearest_init(&search, word);
    for (size_t i = 0; i < cli_option_count; i++) {
        if (cli_option_rows[i].commands & bit) {
            nearest_offer(&search, cli_option_rows[i].name);
        }
    }
    if (search.best != NULL) {
        return err_set(parse->err, CTS_USAGE, "unknown option --%s; did you mean --%s?", word,
                       search.best);
    }
    return err_set(parse->err, CTS_USAGE, "unknown option --%s ('vsscts help %s')", word, command);
}

/* "--name", "--name=value" or "--name value"; text points behind the dashes. */
static enum cts_status parse_long(struct parse *parse, const char *text)
{
    const size_t length = strcspn(text, "=");
    const char *value = text[length] == '=' ? text + length + 1 : NULL;
    const unsigned bit = 1U << parse->out->command;
    const struct cli_option_row *row = NULL;

    for (size_t i = 0; i < cli_option_count && row == NULL; i++) {
        const struct cli_option_row *candidate = &cli_option_rows[i];
        if ((candidate->commands & bit) && strlen(candidate->name) == length &&
            strncmp(candidate->name, text, length) == 0) {
            row = candidate;
        }
    }
    if (row == NULL) {
        return unknown_option(parse, text, length);
    }
    if (row->kind == OPTION_FLAG) {
        if (value != NULL) {
            return err_set(parse->err, CTS_USAGE, "--%s takes no value", row->name);
        }
    } else if (value == NULL) {
        if (parse->next >= parse->argc) {
            return err_set(parse->err, CTS_USAGE, "--%s needs a value", row->name);
        }
        value = parse->argv[parse->next++];
    }
    return set_value(parse, row, value);
}

/* "-v", "-qv", "-j4", "-j 4"; text points behind the dash. */
static enum cts_status parse_short(struct parse *parse, const char *text)
{
    const unsigned bit = 1U << parse->out->command;
    while (*text != '\0') {
        const struct cli_option_row *row = NULL;
        for (size_t i = 0; i < cli_option_count && row == NULL; i++) {
            const struct cli_option_row *candidate = &cli_option_rows[i];
            if (candidate->letter == *text && (candidate->commands & bit)) {
                row = candidate;
            }
        }
        if (row == NULL) {
            return err_set(parse->err, CTS_USAGE, "%s has no option -%c ('vsscts help %s')",
                           cli_commands[parse->out->command].name, *text,
                           cli_commands[parse->out->command].name);
        }
        text++;
        if (row->kind != OPTION_FLAG) {
            if (*text == '\0' && parse->next >= parse->argc) {
                return err_set(parse->err, CTS_USAGE, "-%c needs a value", row->letter);
            }
            return set_value(parse, row, *text != '\0' ? text : parse->argv[parse->next++]);
        }
        const enum cts_status status = set_value(parse, row, NULL);
        if (status != CTS_OK) {
            return status;
        }
    }
    return CTS_OK;
}

size_t cli_words_match(const char *name, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const size_t length = strcspn(name, " ");
        if (strlen(words[i]) != length || strncmp(words[i], name, length) != 0) {
            return 0;
        }
        if (name[length] == '\0') {
            return i + 1;
        }
        name += length + 1;
    }
    return 0;
}

bool cli_in_group(const char *name, const char *group)
{
    const size_t length = strlen(group);
    return strncmp(name, group, length) == 0 && name[length] == ' ';
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* The first word of commands of several words stands alone, or before none of them. */
static enum cts_status parse_group(struct parse *parse, const char *group)
{
    const char *word = parse->argc > 2 ? parse->argv[2] : NULL;
    const char *before = "";
    char names[200];
    size_t used = 0;

    if (word != NULL && is_help(word)) {
        parse->out->command = COMMAND_HELP; /* of this group: its name is the argument */
        parse->next = 1;
        parse->argc = 2;
        return CTS_OK;
    }
    for (size_t i = 0; i < COMMAND_COUNT && used < sizeof names; i++) {
        if (cli_in_group(cli_commands[i].name, group)) {
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", before,
                                     cli_commands[i].name + strlen(group) + 1);
            before = " or ";
        }
    }
    if (word == NULL || word[0] == '-') {
        return err_set(parse->err, CTS_USAGE, "%s needs %s behind it ('vsscts help %s')", group,
                       names, group);
    }
    return err_set(parse->err, CTS_USAGE, "unknown command '%s %s'; %s needs %s behind it", group,
                   word, group, names);
}

static enum cts_status parse_command(struct parse *parse)
{
    const char *word = parse->argc > 1 ? parse->argv[1] : NULL;
    bool group = false;
    struct nearest search;

    parse->next = 2;
    if (word == NULL) {
        return err_set(parse->err, CTS_USAGE, "no command given ('vsscts help' lists them)");
    }
    if (is_help(word)) {
        parse->out->command = COMMAND_HELP;
        return CTS_OK;
    }
    if (strcmp(word, "--version") == 0) {
        parse->out->command = COMMAND_VERSION;
        return CTS_OK;
    }
    nearest_init(&search, word);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const size_t words = cli_words_match(
            cli_commands[i].name, (const char *const *)&parse->argv[1], (size_t)parse->argc - 1);
        if (words > 0) {
            parse->out->command = (enum cli_command)i;
            parse->next = 1 + (int)words;
            return CTS_OK;
        }
        group = group || cli_in_group(cli_commands[i].name, word);
        nearest_offer(&search, cli_commands[i].name);
    }
    if (group) {
        return parse_group(parse, word);
    }
    if (search.best != NULL) {
        return err_set(parse->err, CTS_USAGE, "unknown command '%s'; did you mean %s?", word,
                       search.best);
    }
    return err_set(parse->err, CTS_USAGE, "unknown command '%s' ('vsscts help' lists them)", word);
}

static enum cts_status check_args(struct parse *parse)
{
    const struct cli_command_row *row = &cli_commands[parse->out->command];
    const size_t count = parse->out->args.count;
    if (parse->out->help) {
        return CTS_OK;
    }
    if (count < row->least) {
        return err_set(parse->err, CTS_USAGE, "%s needs %s ('vsscts help %s')", row->name,
                       row->args, row->name);
    }
    if (count > row->most) {
        return err_set(parse->err, CTS_USAGE, "%s takes no argument '%s' ('vsscts help %s')",
                       row->name, parse->out->args.items[row->most], row->name);
    }
    return CTS_OK;
}

enum cts_status cli_parse(int argc, char **argv, struct cli_options *out, struct cts_error *err)
{
    struct parse parse = {.argc = argc, .argv = argv, .out = out, .err = err};
    bool only_args = false;

    memset(out, 0, sizeof *out);
    out->command = COMMAND_HELP;
    enum cts_status status = parse_command(&parse);
    while (status == CTS_OK && parse.next < parse.argc) {
        const char *word = argv[parse.next++];
        if (only_args || word[0] != '-' || word[1] == '\0') {
            status = list_add(&parse, &out->args, word);
        } else if (strcmp(word, "--") == 0) {
            only_args = true;
        } else if (word[1] == '-') {
            status = parse_long(&parse, word + 2);
        } else {
            status = parse_short(&parse, word + 1);
        }
    }
    return status == CTS_OK ? check_args(&parse) : status;
}

void cli_options_free(struct cli_options *options)
{
    free(options->args.items);
    for (size_t i = 0; i < cli_option_count; i++) {
        if (cli_option_rows[i].kind == OPTION_LIST) {
            struct string_list *list =
                (struct string_list *)((char *)options + cli_option_rows[i].offset);
            free(list->items);
        }
    }
    memset(options, 0, sizeof *options);
}
