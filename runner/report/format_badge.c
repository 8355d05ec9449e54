/* The endpoint form of shields.io: a label, a message, a colour. */
#include "formats.h"
#include "standing.h"

#include <stdio.h>

static const char *color_of(const struct report *report, size_t judged, size_t passed)
{
    if (report->run->outstanding > 0 || judged == 0) {
        return "lightgrey";
    }
    if (passed == judged) {
        return "brightgreen";
    }
    return report->status == CTS_OK ? "green" : passed * 2 >= judged ? "yellow" : "red";
}

void report_format_badge(const struct report *report, struct json_stream *out)
{
    const struct judged_run *run = report->run;
    const size_t passed = run->totals[VERDICT_PASS];
    const size_t judged = run->count - run->totals[VERDICT_SKIP] - run->totals[VERDICT_RECORDED];
    char message[64];
    snprintf(message, sizeof message, "%zu of %zu cases", passed, judged);
    js_value_new(out,
                 json_pack("{s:i, s:s, s:s, s:s}", "schemaVersion", 1, "label", "VSS conformance",
                           "message", message, "color", color_of(report, judged, passed)));
    js_text(out, "\n");
}
