/* The reports that --report asks for. */
#ifndef VSSCTS_CLI_REPORTS_H
#define VSSCTS_CLI_REPORTS_H

#include "../report/formats.h"

/* Owned by the caller, who ends it with cli_reports_free(). */
struct cli_reports {
    size_t count;
    struct report_target *targets; /* paths lie in texts */
    char **texts;
};

/* Reads every "FORMAT=FILE[,FORMAT=FILE...]" of the list. A comma that no format follows belongs to
 * the file's name. CTS_USAGE: unknown format, no file, or two reports for one file; CTS_NOMEM. */
enum cts_status cli_reports_read(const struct string_list *list, struct cli_reports *reports,
                                 struct cts_error *err);
void cli_reports_free(struct cli_reports *reports);

/* True where one of them goes to the standard output. */
bool cli_reports_on_stdout(const struct cli_reports *reports);

/* Writes all of them; goes on after one that cannot be written, and gives the first failure. */
enum cts_status cli_reports_write(const struct cli_reports *reports, const struct report *report,
                                  struct cts_error *err);

#endif
