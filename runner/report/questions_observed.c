/* What Windows answered to open questions. */
#include "../model/names.h"
#include "questions_report.h"

#include <string.h>

/* Were the steps of the case those of today when it was observed? */
static bool is_of_today(const struct questions_report *report, const struct observed *observed,
                        const struct test_case *test, const json_t *seen)
{
    const char *name = json_string_value(json_object_get(observed->document, "arch"));
    const char *with = json_string_value(json_object_get(seen, "program"));
    const int arch = arch_by_name(name);
    struct cts_error err = {0};
    char program[17];
    return arch >= 0 &&
           plan_steps_hash(report->tables, test, (enum arch)arch, program, &err) == CTS_OK &&
           strcmp(program, with) == 0;
}

void questions_each_observed(const struct questions_report *report, const struct test_case *test,
                             questions_observed_cb each, void *context)
{
    for (size_t i = 0; i < report->observed_count; i++) {
        const struct observed *observed = report->observed[i];
        const json_t *seen = observed_case(observed, test->id);
        const json_t *answers = json_object_get(seen, "answers");
        const bool today = seen != NULL && is_of_today(report, observed, test, seen);
        for (size_t k = 0; k < json_array_size(answers); k++) {
            const json_t *answer = json_array_get(answers, k);
            each(context, observed, test, answer, observed_times(observed, answer),
                 observed_asked(observed, seen), today);
        }
    }
}
