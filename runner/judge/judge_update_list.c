/* expect update: what is handed out beside the file. */
#include "judge_update.h"

#include <stdlib.h>
#include <string.h>

/* Room for one more item; a list that is a power of two long is full. NULL: no memory, and the old
 * list stays. */
static void *more(void *list, size_t count, size_t size)
{
    const bool full = (count & (count - 1)) == 0;
    return full ? realloc(list, (count ? 2 * count : 1) * size) : list;
}

const char *update_reason(struct expect_update *update, const struct case_verdict *verdict,
                          const char *day)
{
    char **reasons = more(update->reasons, update->reason_count, sizeof *reasons);
    if (!reasons) {
        return NULL;
    }
    update->reasons = reasons;
    reasons[update->reason_count] = draft_reason(verdict, day);
    return reasons[update->reason_count] ? reasons[update->reason_count++] : NULL;
}

bool update_note(struct expect_update *update, const struct draft *draft, bool removed)
{
    struct expect_change change = {.cases = draft->entry.cases, .when = draft->entry.when.text};
    struct expect_change *changes = more(update->changes, update->count, sizeof *changes);
    if (!changes) {
        return false;
    }
    update->changes = changes;
    if (draft->old) {
        change.from = (struct expect_said){draft->old->allowed, draft->old->usual};
    }
    if (!removed) {
        change.to = (struct expect_said){draft->entry.allowed, draft->entry.usual};
        change.reason = draft->entry.reason;
    }
    changes[update->count++] = change;
    return true;
}

static int by_cases(const void *a, const void *b)
{
    const struct expect_change *x = a, *y = b;
    const int order = strcmp(x->cases, y->cases);
    return order ? order : strcmp(x->when ? x->when : "", y->when ? y->when : "");
}

void update_sort(struct expect_update *update)
{
    if (update->count > 0) {
        qsort(update->changes, update->count, sizeof *update->changes, by_cases);
    }
}

void expect_update_free(struct expect_update *update)
{
    for (size_t i = 0; i < update->reason_count; i++) {
        free(update->reasons[i]);
    }
    free(update->reasons);
    free(update->changes);
    free(update->text);
    memset(update, 0, sizeof *update);
}
