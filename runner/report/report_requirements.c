/* The requirements as a fold over the verdicts of the cases that check them. */
#include "../judge/judge_against.h"
#include "json_make.h"
#include "report.h"
#include <stdlib.h>
#include <string.h>

/* What is known of one requirement. */
struct tally {
    size_t cases; /* selected ones that name it */
    bool run;     /* is verdict known? */
    enum verdict verdict;
};

/* A failed case speaks against those of its requirements that an unmet expectation names, or all
 * of them where it names none. An unmet law is no word on a requirement. */
static bool speaks_against(const struct case_verdict *verdict, const char *requirement)
{
    for (size_t i = 0; i < verdict->finding_count; i++) {
        const struct finding *finding = &verdict->findings[i];
        if (finding->law == NULL &&
            (finding->requirement == NULL || strcmp(finding->requirement, requirement) == 0)) {
            return true;
        }
    }
    return false;
}

static void count_case(struct tally *tally, const struct case_verdict *verdict, const char *id)
{
    enum verdict word = verdict->verdict;
    if (word == VERDICT_FAIL && !speaks_against(verdict, id)) {
        word = VERDICT_PASS;
    }
    /* The worst verdict counts; a question that was recorded says less than a case that passed. */
    if (!tally->run || verdict_badness(word) > verdict_badness(tally->verdict) ||
        (word == VERDICT_PASS && tally->verdict == VERDICT_RECORDED)) {
        tally->verdict = word;
    }
    tally->run = true;
    tally->cases++;
}

static struct tally *tally_all(const struct report *report)
{
    const struct tables *tables = report->tables;
    struct tally *tallies = calloc(tables->requirement_count + 1, sizeof *tallies);
    for (size_t i = 0; tallies != NULL && i < report->run->count; i++) {
        const struct case_verdict *verdict = &report->run->cases[i];
        const struct string_list *ids = &verdict->test->requirements;
        for (size_t k = 0; k < ids->count; k++) {
            const struct requirement *known = tbl_requirement(tables, ids->items[k]);
            if (known != NULL) {
                count_case(&tallies[known - tables->requirements], verdict, known->id);
            }
        }
    }
    return tallies;
}

json_t *report_requirements(const struct report *report)
{
    const struct tables *tables = report->tables;
    struct tally *tallies = tally_all(report);
    json_t *array = json_array();
    bool failed = tallies == NULL || array == NULL;

    for (size_t i = 0; !failed && i < tables->requirement_count; i++) {
        const struct requirement *requirement = &tables->requirements[i];
        json_t *row = json_object();
        jm_text(row, "id", requirement->id, &failed);
        jm_text(row, "level", level_name(requirement->level), &failed);
        jm_text(row, "text", requirement->text, &failed);
        jm_text(row, "page", requirement->page, &failed);
        jm_text(row, "unchecked", requirement->unchecked, &failed);
        jm_set(row, "cases", json_integer((json_int_t)tallies[i].cases), &failed);
        jm_set(row, "verdict",
               tallies[i].run ? json_string(verdict_name(tallies[i].verdict)) : json_null(),
               &failed);
        jm_append(array, row, &failed);
    }
    free(tallies);
    return jm_end(array, failed);
}
