#include "run_facts.h"

#include "../report/json_make.h"
#include "../util/str_buf.h"
#include "cli_arguments.h"
#include <stdlib.h>
#include <string.h>

#define COMMAND_MAX ((size_t)128 * 1024)

/* As it is where a shell leaves it alone, else in single quotes. */
static void add_quoted(struct str_buf *out, const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "/._-+,:@%";
    if (text[0] != '\0' && strspn(text, plain) == strlen(text)) {
        sb_add(out, text);
        return;
    }
    sb_addc(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            sb_add(out, "'\\''");
        } else {
            sb_addc(out, *text);
        }
    }
    sb_addc(out, '\'');
}

/* Does an option say what is tested or how it is judged? */
static bool is_reproduced(const struct cli_option_row *row)
{
    static const char *const left_out[] = {"out", "resume", "json", "report"};
    static const char *const taken[] = {"time-scale", "isolate", "each-allocation"};
    for (size_t i = 0; i < sizeof left_out / sizeof left_out[0]; i++) {
        if (strcmp(row->name, left_out[i]) == 0) {
            return false;
        }
    }
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        if (strcmp(row->name, taken[i]) == 0) {
            return true;
        }
    }
    return row->group == GROUP_IUT || row->group == GROUP_FILES || row->group == GROUP_JUDGEMENT;
}

char *run_reproduce(const struct cli_options *options, const char *out_dir)
{
    json_t *arguments = cli_arguments(options, is_reproduced);
    struct str_buf out, again;
    size_t i = 0;
    const json_t *argument = NULL;
    if (arguments == NULL) {
        return NULL;
    }
    sb_init(&out, COMMAND_MAX);
    sb_init(&again, COMMAND_MAX);
    sb_add(&out, "vsscts run");
    json_array_foreach(arguments, i, argument)
    {
        sb_addc(&out, ' ');
        add_quoted(&out, json_string_value(argument));
    }
    json_decref(arguments);
    sb_addf(&again, "%s/again", out_dir);
    sb_add(&out, " --out ");
    add_quoted(&out, sb_text(&again));
    sb_free(&again);
    return sb_take(&out, NULL);
}

static bool is_any(const struct cli_option_row *row __attribute__((unused)))
{
    return true;
}

/* What --resume reads. */
static json_t *all_arguments(const struct cli_options *options)
{
    json_t *list = cli_arguments(options, is_any);
    bool failed = list == NULL;
    jm_append(list, json_string("--"), &failed);
    for (size_t i = 0; i < options->args.count; i++) {
        jm_append(list, json_string(options->args.items[i]), &failed);
    }
    return jm_end(list, failed);
}

json_t *run_facts(const struct cli_options *options, const char *expect, const char *shard,
                  const char *out_dir)
{
    json_t *made = json_object();
    char *reproduce = run_reproduce(options, out_dir);
    bool failed = made == NULL || reproduce == NULL;

    jm_set(made, "strict", json_boolean(options->strict), &failed);
    jm_set(made, "flaky_pass", json_boolean(options->flaky_pass), &failed);
    jm_set(made, "no_expect", json_boolean(options->no_expect), &failed);
    jm_set(made, "expect", expect != NULL ? json_string(expect) : json_null(), &failed);
    jm_text(made, "against", options->against, &failed);
    jm_set(made, "shuffle", json_boolean(options->shuffle), &failed);
    jm_set(made, "patterns", jm_texts(&options->args), &failed);
    jm_set(made, "skip", jm_texts(&options->skip), &failed);
    jm_set(made, "tags", jm_texts(&options->tags), &failed);
    jm_set(made, "skip_tags", jm_texts(&options->skip_tags), &failed);
    jm_set(made, "requirements", jm_texts(&options->requirements), &failed);
    jm_set(made, "levels", jm_texts(&options->levels), &failed);
    jm_text(made, "shard", shard[0] != '\0' ? shard : NULL, &failed);
    jm_set(made, "arguments", all_arguments(options), &failed);
    jm_text(made, "reproduce", reproduce, &failed);
    free(reproduce);
    return jm_end(made, failed);
}
