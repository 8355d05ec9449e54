#include "formats.h"

#include "../util/nearest.h"
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name, *help;
    void (*write)(const struct report *report, struct json_stream *out);
} formats[FORMAT_COUNT] = {
#define FORMAT(id, name, help) {#name, help, report_format_##name},
#include "formats.def"
#undef FORMAT
};

const char *format_name(enum report_format format)
{
    return formats[format].name;
}

const char *format_help(enum report_format format)
{
    return formats[format].help;
}

static enum cts_status unknown(const char *word, struct cts_error *err)
{
    struct nearest search;
    nearest_init(&search, word);
    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        nearest_offer(&search, formats[i].name);
    }
    if (search.best != NULL) {
        return err_set(err, CTS_USAGE, "--report: unknown format '%s'; did you mean %s?", word,
                       search.best);
    }
    return err_set(err, CTS_USAGE, "--report: unknown format '%s'; there are"
#define FORMAT(id, name, help) " " #name
#include "formats.def"
#undef FORMAT
                   ,
                   word);
}

enum cts_status format_parse(const char *text, struct report_target *target, struct cts_error *err)
{
    const size_t length = strcspn(text, "=");
    char word[64];
    if (text[length] != '=' || text[length + 1] == '\0') {
        return err_set(err, CTS_USAGE, "--report: '%s' is not FORMAT=FILE", text);
    }
    snprintf(word, sizeof word, "%.*s", (int)(length < 60 ? length : 60), text);
    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        if (strcmp(formats[i].name, word) == 0) {
            *target = (struct report_target){(enum report_format)i, text + length + 1};
            return CTS_OK;
        }
    }
    return unknown(word, err);
}

enum cts_status report_write(const struct report *report, const struct report_target *target,
                             struct cts_error *err)
{
    struct json_stream *out = js_open(target->path, err);
    if (out == NULL) {
        return err != NULL ? err->status : CTS_IO;
    }
    formats[target->format].write(report, out);
    const enum cts_status status = js_close(out, err);
    struct cts_error why = {0};
    /* a case that could not be read has spoilt the file: that is the reason to be told */
    if (judged_failed(report->run, &why) != CTS_OK && err != NULL) {
        *err = why;
    }
    return status;
}
