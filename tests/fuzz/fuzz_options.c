/* Command lines: an argument a line. What is refused says why. */
#include "../../runner/cli/cli_options.h"
#include "../../runner/cli/cli_reports.h"
#include "../../runner/model/version.h"
#include "fuzz.h"

#define ARGUMENTS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size), *rest = text;
    char *argv[ARGUMENTS_MAX + 2] = {text};
    int argc = 1;
    struct cli_options options;
    struct cli_reports reports = {0};
    struct cts_error err = {0};
    unsigned version[3];

    while (rest != NULL && argc <= ARGUMENTS_MAX) {
        argv[argc++] = rest;
        rest = strchr(rest, '\n');
        if (rest != NULL) {
            *rest++ = '\0';
        }
    }
    version_parse(text, strlen(text), version);
    enum cts_status status = cli_parse(argc, argv, &options, &err);
    if (status == CTS_OK) {
        status = cli_reports_read(&options.reports, &reports, &err);
        cli_reports_free(&reports);
    }
    FUZZ_CHECK(status == CTS_OK || (status == err.status && err.text[0] != '\0'));
    cli_options_free(&options);
    free(text);
    return 0;
}
