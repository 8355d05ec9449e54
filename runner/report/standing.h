/* What a pipeline makes of a case, and the same in words. Formats of other tools know fewer states
 * than the judge has verdicts: this is the one place where they are mapped. */
#ifndef VSSCTS_STANDING_H
#define VSSCTS_STANDING_H

#include "../util/str_buf.h"
#include "report.h"

enum standing {
#define STANDING(id, name) STANDING_##id,
#include "standing.def"
#undef STANDING
    STANDING_COUNT
};

/* "passed" and the like; static. */
const char *standing_name(enum standing standing);

/* An improvement counts as failed: the run ends with exit code 1 until the entry of the expectation
 * file is taken out. */
enum standing standing_of(const struct case_verdict *verdict);

/* Did a case that differs between its attempts end well? */
bool standing_ended_well(const struct case_verdict *verdict);

/* How many cases of the run stand so. */
struct standings {
    size_t by[STANDING_COUNT];
};
struct standings standings_of(const struct judged_run *run);

/* One line, without a line feed: "fail: bc.BackupComplete(ppAsync) gave S_OK, expected
 * VSS_E_BAD_STATE", "not_implemented, known: Wine has stubs only"; of a skipped case the
 * reason alone. */
void standing_line(struct str_buf *buf, const struct case_verdict *verdict);

/* All that a person needs to know, in lines "name: text": title, reason, outcome, each finding with
 * call, expected, got, basis and page, and the command that runs the case again. Advisory findings
 * stand behind those that gate, and say so. */
void standing_detail(struct str_buf *buf, const struct report *report,
                     const struct case_verdict *verdict);

#endif
