#include "case_rows.h"

#include "../util/mem_grow.h"
#include "../util/ordered_work.h"
#include <stdlib.h>

#define BATCH 32 /* cases: threads meet once for so many */
#define BATCH_MAX ((size_t)1 << 30)

struct work {
    const struct case_rows *rows;
    const struct case_verdict *const *chosen; /* NULL: all */
    size_t count;
};

struct batch {
    struct str_buf text;
    size_t count, ends[BATCH]; /* of the rows in the text */
};

static void *teller_new(void *context)
{
    const struct work *work = context;
    return case_teller_new(work->rows->report, work->rows->form);
}

static void teller_free(void *context __attribute__((unused)), void *teller)
{
    case_teller_free(teller);
}

static void drop(void *context __attribute__((unused)), void *made)
{
    struct batch *batch = made;
    if (batch != NULL) {
        sb_free(&batch->text);
        free(batch);
    }
}

static void *make(void *context, void *teller, size_t item)
{
    const struct work *work = context;
    const struct case_verdict *cases = work->rows->report->run->cases;
    struct batch *batch = teller != NULL ? mem_zeroed(1, sizeof *batch) : NULL;
    if (batch == NULL) {
        return NULL;
    }
    sb_init(&batch->text, BATCH_MAX);
    for (size_t i = item * BATCH; i < work->count && batch->count < BATCH; i++) {
        work->rows->make(teller, work->chosen != NULL ? work->chosen[i] : &cases[i], &batch->text);
        batch->ends[batch->count++] = batch->text.len;
    }
    return batch;
}

static bool take(void *context, size_t item, void *made)
{
    const struct case_rows *rows = ((const struct work *)context)->rows;
    const struct batch *batch = made;
    const bool right = batch != NULL && !batch->text.failed;
    size_t start = 0;
    for (size_t i = 0; right && i < batch->count; i++) {
        rows->write(rows->context, item * BATCH + i, sb_text(&batch->text) + start,
                    batch->ends[i] - start);
        start = batch->ends[i];
    }
    if (!right) {
        js_fail(rows->out);
    }
    drop(context, made);
    return right;
}

static void run(struct work *work)
{
    const struct ordered_work ordered = {.count = (work->count + BATCH - 1) / BATCH,
                                         .context = work,
                                         .worker_new = teller_new,
                                         .worker_free = teller_free,
                                         .make = make,
                                         .take = take,
                                         .drop = drop};
    ordered_work_run(&ordered);
}

void case_rows_all(const struct case_rows *rows)
{
    struct work work = {rows, NULL, rows->report->run->count};
    run(&work);
}

void case_rows_some(const struct case_rows *rows, const struct case_verdict *const *chosen,
                    size_t count)
{
    struct work work = {rows, chosen, count};
    run(&work);
}
