/* Reports in the formats of other tools: each a fold over a judged run, written case by case. */
#ifndef VSSCTS_FORMATS_H
#define VSSCTS_FORMATS_H

#include "json_stream.h"
#include "report.h"

enum report_format {
#define FORMAT(id, name, help) FORMAT_##id,
#include "formats.def"
#undef FORMAT
    FORMAT_COUNT
};

/* Name and one line of help; static. */
const char *format_name(enum report_format format);
const char *format_help(enum report_format format);

/* What one item of --report asks for. */
struct report_target {
    enum report_format format;
    const char *path; /* "-": the standard output; borrowed from the text */
};

/* Reads "junit=FILE". CTS_USAGE with the names that there are, or the nearest one. */
enum cts_status format_parse(const char *text, struct report_target *target, struct cts_error *err);

/* Writes the report to the target's path: the old file stays until the new one is whole. CTS_IO,
 * CTS_NOMEM with err. */
enum cts_status report_write(const struct report *report, const struct report_target *target,
                             struct cts_error *err);

/* The writers themselves. */
#define FORMAT(id, name, help)                                                                     \
    void report_format_##name(const struct report *report, struct json_stream *out);
#include "formats.def"
#undef FORMAT

#endif
