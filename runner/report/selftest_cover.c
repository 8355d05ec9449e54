/* Which requirements a killed mutant is about. */
#include "selftest_report.h"
#include <stdlib.h>
#include <string.h>

bool selftest_cover(const struct selftest_report *report, struct selftest_cover cover[3],
                    bool **shown)
{
    const struct tables *tables = report->tables;
    bool *killed = calloc(tables->requirement_count + 1, sizeof *killed);
    if (killed == NULL) {
        return false;
    }
    memset(cover, 0, 3 * sizeof *cover);
    for (size_t i = 0; i < report->count; i++) {
        const struct mutant_result *result = &report->results[i];
        if (result->fate == FATE_KILLED) {
            killed[result->mutant->requirement - tables->requirements] = true;
        }
    }
    for (size_t i = 0; i < tables->requirement_count; i++) {
        size_t cases = 0;
        by_requirement_find(report->index, &tables->requirements[i], &cases);
        cover[tables->requirements[i].level].checked += cases > 0;
        cover[tables->requirements[i].level].shown += cases > 0 && killed[i];
    }
    if (shown != NULL) {
        *shown = killed;
    } else {
        free(killed);
    }
    return true;
}
