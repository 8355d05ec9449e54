#include "cli_arguments.h"

#include "../report/json_make.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NUMBER_MAX 32

bool cli_is_given(const struct cli_options *options, const struct cli_option_row *row)
{
    const void *field = (const char *)options + row->offset;
    switch (row->kind) {
    case OPTION_FLAG:
        return *(const bool *)field;
    case OPTION_TEXT:
        return *(const char *const *)field != NULL;
    case OPTION_LIST:
        return ((const struct string_list *)field)->count > 0;
    case OPTION_COUNT:
    case OPTION_CHOICE:
        return *(const unsigned *)field > 0;
    case OPTION_SEED:
        return ((const struct cli_seed *)field)->given;
    case OPTION_SCALE:
        return *(const double *)field > 0;
    }
    return false;
}

/* The word of a CHOICE with this number, which counts from 1. */
static json_t *choice(const char *words, unsigned number)
{
    while (number > 1) {
        words += strcspn(words, "|") + 1;
        number--;
    }
    return json_stringn(words, strcspn(words, "|"));
}

/* The value of an option that was given and takes one. */
static json_t *value_of(const struct cli_option_row *row, const void *field)
{
    char number[NUMBER_MAX];
    switch (row->kind) {
    case OPTION_TEXT:
        return json_string(*(const char *const *)field);
    case OPTION_CHOICE:
        return choice(row->arg, *(const unsigned *)field);
    case OPTION_COUNT:
        snprintf(number, sizeof number, "%u", *(const unsigned *)field);
        return json_string(number);
    case OPTION_SEED:
        snprintf(number, sizeof number, "%" PRIu64, ((const struct cli_seed *)field)->value);
        return json_string(number);
    case OPTION_SCALE:
        snprintf(number, sizeof number, "%g", *(const double *)field);
        return json_string(number);
    case OPTION_FLAG:
    case OPTION_LIST:
        break;
    }
    return NULL;
}

static void add_pair(json_t *list, const char *name, json_t *value, bool *failed)
{
    jm_append(list, json_sprintf("--%s", name), failed);
    jm_append(list, value, failed);
}

static void add_option(json_t *list, const struct cli_options *options,
                       const struct cli_option_row *row, bool *failed)
{
    const void *field = (const char *)options + row->offset;
    const struct string_list *texts = field;
    if (row->kind == OPTION_FLAG) {
        jm_append(list, json_sprintf("--%s", row->name), failed);
    } else if (row->kind != OPTION_LIST) {
        add_pair(list, row->name, value_of(row, field), failed);
    } else {
        for (size_t i = 0; i < texts->count; i++) {
            add_pair(list, row->name, json_string(texts->items[i]), failed);
        }
    }
}

json_t *cli_arguments(const struct cli_options *options,
                      bool (*is_kept)(const struct cli_option_row *row))
{
    json_t *list = json_array();
    bool failed = list == NULL;
    for (size_t i = 0; i < cli_option_count; i++) {
        const struct cli_option_row *row = &cli_option_rows[i];
        const bool known = (row->commands & (1U << options->command)) != 0;
        if (known && is_kept(row) && cli_is_given(options, row)) {
            add_option(list, options, row, &failed);
        }
    }
    return jm_end(list, failed);
}
