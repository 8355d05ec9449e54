#include "run_facts.h"

#include "../report/json_make.h"
#include "../util/str_buf.h"
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

/* The word of a CHOICE with this number, which counts from 1. */
static void add_choice(struct str_buf *out, const char *words, unsigned number)
{
    while (number > 1) {
        words += strcspn(words, "|") + 1;
        number--;
    }
    sb_addn(out, words, strcspn(words, "|"));
}

/* Does an option say what is tested or how it is judged? */
static bool is_kept(const struct cli_option_row *row)
{
    static const char *const left_out[] = {"out", "json"};
    static const char *const taken[] = {"time-scale", "isolate"};
    const bool of_group =
        row->group == GROUP_IUT || row->group == GROUP_FILES || row->group == GROUP_JUDGEMENT;
    for (size_t i = 0; i < sizeof left_out / sizeof left_out[0]; i++) {
        if (of_group && strcmp(row->name, left_out[i]) == 0) {
            return false;
        }
    }
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        if (strcmp(row->name, taken[i]) == 0) {
            return true;
        }
    }
    return of_group && (row->commands & IN_RUN);
}

static void add_option(struct str_buf *out, const struct cli_options *options,
                       const struct cli_option_row *row)
{
    const void *field = (const char *)options + row->offset;
    if (row->kind == OPTION_FLAG && *(const bool *)field) {
        sb_addf(out, " --%s", row->name);
    } else if (row->kind == OPTION_TEXT && *(const char *const *)field != NULL) {
        sb_addf(out, " --%s ", row->name);
        add_quoted(out, *(const char *const *)field);
    } else if (row->kind == OPTION_SCALE && *(const double *)field > 0) {
        sb_addf(out, " --%s %g", row->name, *(const double *)field);
    } else if (row->kind == OPTION_CHOICE && *(const unsigned *)field > 0) {
        sb_addf(out, " --%s ", row->name);
        add_choice(out, row->arg, *(const unsigned *)field);
    }
}

char *run_reproduce(const struct cli_options *options, const char *out_dir)
{
    struct str_buf out, again;
    sb_init(&out, COMMAND_MAX);
    sb_init(&again, COMMAND_MAX);
    sb_add(&out, "vsscts run");
    for (size_t i = 0; i < cli_option_count; i++) {
        if (is_kept(&cli_option_rows[i])) {
            add_option(&out, options, &cli_option_rows[i]);
        }
    }
    sb_addf(&again, "%s/again", out_dir);
    sb_add(&out, " --out ");
    add_quoted(&out, sb_text(&again));
    sb_free(&again);
    return sb_take(&out, NULL);
}

json_t *run_facts(const struct cli_options *options, const char *expect, const char *out_dir)
{
    json_t *made = json_object();
    char *reproduce = run_reproduce(options, out_dir);
    bool failed = made == NULL || reproduce == NULL;

    jm_set(made, "strict", json_boolean(options->strict), &failed);
    jm_set(made, "flaky_pass", json_boolean(options->flaky_pass), &failed);
    jm_set(made, "no_expect", json_boolean(options->no_expect), &failed);
    jm_set(made, "expect", expect != NULL ? json_string(expect) : json_null(), &failed);
    jm_set(made, "shuffle", json_boolean(options->shuffle), &failed);
    jm_set(made, "patterns", jm_texts(&options->args), &failed);
    jm_set(made, "skip", jm_texts(&options->skip), &failed);
    jm_set(made, "tags", jm_texts(&options->tags), &failed);
    jm_set(made, "skip_tags", jm_texts(&options->skip_tags), &failed);
    jm_set(made, "requirements", jm_texts(&options->requirements), &failed);
    jm_set(made, "levels", jm_texts(&options->levels), &failed);
    jm_text(made, "reproduce", reproduce, &failed);
    free(reproduce);
    return jm_end(made, failed);
}
