/* What two runs saw in one case: is it the same, and from which call on is it not? Ids, addresses,
 * times and what else may differ between two runs of one implementation (below "volatile" in the
 * report) never count. */
#ifndef VSSCTS_ANSWERS_H
#define VSSCTS_ANSWERS_H

#include "../util/str_buf.h"
#include "report_case.h"
#include <stdint.h>

/* A case in a run; borrowed. */
struct side {
    const struct report *report;
    const struct case_verdict *verdict;
};

/* The verdict that a run is compared by: of a flake what it became. */
enum verdict side_verdict(const struct case_verdict *verdict);

/* The same verdict, and everything that was seen on the way to it. Of a case that was skipped, of a
 * flake, and of a case with the tag `race`, the verdict alone is held against the other; of one
 * with the tag `concurrent` all but the steps. False too where memory or a log fails: see
 * judged_failed(). */
bool answers_same(const struct side *a, const struct side *b);

/* A number that two runs share where answers_same() holds, with findings told by their texts alone;
 * it does not depend on the machine. The teller's form is STEPS_BARE. False: no memory, or a log
 * that cannot be read. */
bool answers_hash(struct case_teller *teller, const struct case_verdict *verdict, uint64_t *hash);

/* What an execution showed, without verdict, words of the tables, and what is volatile: equal for
 * two executions of an implementation that does the same. "before", "steps" and "after" are the
 * steps of the preamble, of the case, and of the teardown, in the order of the program; "end" how
 * it ended, where not by itself; "outcome" that of a question. As far as that is the same in each
 * run: of a case with the tag `race` the end alone, of one with the tag `concurrent` end and
 * outcome. A new reference; NULL: no memory, or a log that cannot be read. */
json_t *answers_shown(const struct side *side);

/* One call in both runs. A step that only one of them made has NULL on the other side. */
struct answer_pair {
    json_t *a, *b; /* steps as in the report, without what is volatile; borrowed */
    bool same;
};

/* The steps of both in the order of the program, side by side, from the first on that differs. None
 * where the case was not run on either side. */
struct answer_pairs {
    json_t *a, *b; /* the whole cases as in the report, without what is volatile; owned */
    size_t before; /* steps before the first one that differs */
    size_t count;
    struct answer_pair *items;
};

/* False: no memory, or a log that cannot be read; pairs are empty then. Either side's verdict may
 * be NULL: nothing was run there. Ends with answers_free() in any case. */
bool answers_pair(const struct side *a, const struct side *b, struct answer_pairs *pairs);
/* The same of objects with an array "steps", whose references are taken over. */
bool answers_pair_wholes(json_t *a, json_t *b, struct answer_pairs *pairs);
void answers_free(struct answer_pairs *pairs);

/* What a step gave, in one line: "S_OK (0x00000000); ppAsync = {obj:2}". step is one of the report;
 * NULL: "not made". */
void answers_step(struct str_buf *buf, const json_t *step);

/* How an execution ended, in one line, where it did not end by itself: "crash: 0xC0000005 in
 * vssapi.dll+0x10". Nothing is added otherwise. end: as in the report, or NULL. */
void answers_end(struct str_buf *buf, const json_t *end);

#endif
