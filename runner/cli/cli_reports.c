#include "cli_reports.h"

#include <stdlib.h>
#include <string.h>

/* Does a format begin here: a word and '='? Then what stands before the comma is whole. */
static bool begins_format(const char *text)
{
    const size_t word = strspn(text, "abcdefghijklmnopqrstuvwxyz");
    return word > 0 && text[word] == '=';
}

/* The length of the first item of "junit=a,b.xml,tap=c". */
static size_t item_length(const char *text)
{
    const char *comma = strchr(text, ',');
    while (comma != NULL && !begins_format(comma + 1)) {
        comma = strchr(comma + 1, ',');
    }
    return comma != NULL ? (size_t)(comma - text) : strlen(text);
}

static enum cts_status no_memory(struct cts_error *err)
{
    return err_set(err, CTS_NOMEM, "out of memory");
}

static enum cts_status add_item(struct cli_reports *reports, const char *text, size_t length,
                                struct cts_error *err)
{
    const size_t more = reports->count + 1;
    struct report_target *targets = realloc(reports->targets, more * sizeof *targets);
    if (targets == NULL) {
        return no_memory(err);
    }
    reports->targets = targets;
    char **texts = realloc(reports->texts, more * sizeof *texts);
    if (texts == NULL) {
        return no_memory(err);
    }
    reports->texts = texts;
    char *copy = calloc(1, length + 1);
    if (copy == NULL) {
        return no_memory(err);
    }
    memcpy(copy, text, length);
    const enum cts_status status = format_parse(copy, &targets[reports->count], err);
    if (status != CTS_OK) {
        free(copy);
        return status;
    }
    for (size_t i = 0; i < reports->count; i++) {
        if (strcmp(targets[i].path, targets[reports->count].path) == 0) {
            err_set(err, CTS_USAGE, "--report: two reports would go to %s", targets[i].path);
            free(copy);
            return CTS_USAGE;
        }
    }
    texts[reports->count++] = copy;
    return CTS_OK;
}

enum cts_status cli_reports_read(const struct string_list *list, struct cli_reports *reports,
                                 struct cts_error *err)
{
    enum cts_status status = CTS_OK;
    *reports = (struct cli_reports){0};
    for (size_t i = 0; i < list->count && status == CTS_OK; i++) {
        const char *text = list->items[i];
        do {
            const size_t length = item_length(text);
            status = add_item(reports, text, length, err);
            text += length + (text[length] == ',');
        } while (status == CTS_OK && *text != '\0');
    }
    return status;
}

void cli_reports_free(struct cli_reports *reports)
{
    for (size_t i = 0; i < reports->count; i++) {
        free(reports->texts[i]);
    }
    free(reports->texts);
    free(reports->targets);
    *reports = (struct cli_reports){0};
}

bool cli_reports_on_stdout(const struct cli_reports *reports)
{
    for (size_t i = 0; i < reports->count; i++) {
        if (strcmp(reports->targets[i].path, "-") == 0) {
            return true;
        }
    }
    return false;
}

enum cts_status cli_reports_write(const struct cli_reports *reports, const struct report *report,
                                  struct cts_error *err)
{
    enum cts_status status = CTS_OK;
    for (size_t i = 0; i < reports->count; i++) {
        struct cts_error failed = {0};
        if (report_write(report, &reports->targets[i], &failed) != CTS_OK && status == CTS_OK) {
            *err = failed;
            status = failed.status;
        }
    }
    return status;
}
