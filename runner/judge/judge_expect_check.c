/* What a whole expectation file does that no entry alone shows. */
#include "../plan/plan_select.h"
#include "../util/json_pos.h"
#include "judge_expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A file that was read, and where its entries stand. */
struct checking {
    const char *path, *text;
    const struct expectations *file;
    const struct tables *tables;
    struct cts_errors *errs;
};

static void complain(const struct checking *c, size_t at, const char *text)
{
    char pointer[60];
    int line = 0, column = 0;
    snprintf(pointer, sizeof pointer, "/entries/%zu/cases", at);
    json_pos_find(c->text, strlen(c->text), pointer, &line, &column);
    errs_add_at(c->errs, CTS_BAD_FILE, c->path, line, column, "%s", text);
}

/* That no case fits is told as on the command line, which knows the nearest id, too. */
static void complain_of_none(const struct checking *c, size_t at)
{
    const char *patterns[] = {c->file->entries[at].cases};
    const struct selection selection = {.patterns = {1, patterns}};
    struct cts_error err = {.status = CTS_OK};
    select_check(c->tables, &selection, &err);
    complain(c, at, err.text);
}

/* Does an entry count instead of the one at `at` wherever that fits this case? One with another
 * condition may hold elsewhere only. NULL: none does. */
static const struct expectation *before(const struct checking *c, size_t at,
                                        const struct test_case *test)
{
    const struct expectation *entries = c->file->entries, *entry = &entries[at];
    const size_t near = expect_nearness(entry);
    for (size_t i = 0; i < c->file->count; i++) {
        if (i == at || !expect_fits(&entries[i], test)) {
            continue;
        }
        const size_t other = expect_nearness(&entries[i]);
        const bool sure = entries[i].when.text == NULL || expect_same_condition(&entries[i], entry);
        if (sure && (other > near || (other == near && i > at))) {
            return &entries[i];
        }
    }
    return NULL;
}

static void check_entry(const struct checking *c, size_t at)
{
    const struct expectation *entry = &c->file->entries[at], *cover = NULL;
    char text[1200];

    for (size_t i = 0; i < c->tables->case_count; i++) {
        const struct test_case *test = &c->tables->cases[i];
        if (expect_fits(entry, test) && (cover = before(c, at, test)) == NULL) {
            return;
        }
    }
    if (cover) {
        snprintf(text, sizeof text,
                 "\"%.400s\" never counts: nearer entries, as \"%.400s\", have all of its cases",
                 entry->cases, cover->cases);
        complain(c, at, text);
    } else {
        complain_of_none(c, at);
    }
}

bool expect_check(const char *path, const struct tables *tables, size_t *entries,
                  struct cts_errors *errs)
{
    char *text = NULL;
    const size_t errors = errs->count;
    struct checking c = {.path = path, .tables = tables, .errs = errs};
    struct expectations *file = expect_read(path, &text, errs);
    *entries = file ? file->count : 0;
    c.file = file;
    c.text = text;
    for (size_t i = 0; i < *entries; i++) {
        check_entry(&c, i);
    }
    expect_free(file);
    free(text);
    return errs->count == errors;
}
