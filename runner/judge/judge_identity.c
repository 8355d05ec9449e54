#include "judge_identity.h"

#include "../model/hresult.h"

#include <string.h>

/* Rows of the step: the object as the variable holds it, asked once and once more, then each
 * interface that it gave. A cell is the result of QueryInterface for the id of that column; null is
 * a success without a pointer. */
struct identity {
    const json_t *ids, *rows;
    const json_t *own; /* the cells of the first row */
};

static const char *id_of(const struct identity *identity, size_t column)
{
    const char *name = json_string_value(json_array_get(identity->ids, column));
    return name ? name : "?";
}

static const json_t *cells_of(const json_t *row)
{
    return json_object_get(row, "hr");
}

/* Did the object hand out the interface? */
static bool given(const json_t *cells, size_t column)
{
    uint32_t code = 0;
    return exec_code(json_array_get(cells, column), &code) && !hr_failed(code);
}

static void add_cell(struct str_buf *buf, const json_t *cells, size_t column)
{
    uint32_t code = 0;
    char text[HR_TEXT_SIZE];
    if (exec_code(json_array_get(cells, column), &code)) {
        sb_add(buf, hr_text(code, text, sizeof text));
    } else {
        sb_add(buf, "success with NULL");
    }
}

/* "QueryInterface for IVssAsync on IUnknown" */
static void add_query(struct str_buf *buf, const struct identity *identity, const json_t *row,
                      size_t column)
{
    const char *from = json_string_value(json_object_get(row, "from"));
    sb_addf(buf, "QueryInterface for %s", id_of(identity, column));
    if (from) {
        sb_addf(buf, " on its %s", from);
    }
}

/* The object must give IUnknown, and what the variable holds. */
static bool lacks(const struct identity *identity, const char *name, struct str_buf *expected,
                  struct str_buf *got)
{
    for (size_t i = 0; i < json_array_size(identity->ids); i++) {
        if (strcmp(id_of(identity, i), name) == 0 && !given(identity->own, i)) {
            add_query(expected, identity, NULL, i);
            sb_add(expected, " gives a pointer");
            add_cell(got, identity->own, i);
            return true;
        }
    }
    return false;
}

/* What can be had from one interface can be had from each, and again. */
static bool differs(const struct identity *identity, const json_t *row, struct str_buf *expected,
                    struct str_buf *got)
{
    for (size_t i = 0; i < json_array_size(identity->ids); i++) {
        bool had = given(identity->own, i);
        if (given(cells_of(row), i) == had) {
            continue;
        }
        add_query(expected, identity, row, i);
        sb_addf(expected, " %s, as on the object at first", had ? "gives a pointer" : "fails");
        add_cell(got, cells_of(row), i);
        return true;
    }
    if (json_is_false(json_object_get(row, "same"))) {
        add_query(expected, identity, row, 0);
        sb_add(expected, " gives the same pointer each time");
        sb_add(got, "another pointer");
        return true;
    }
    return false;
}

bool identity_broken(const struct judged_step *step, struct str_buf *expected, struct str_buf *got)
{
    const json_t *shown = json_object_get(step->event, "identity");
    const char *held = step->planned->step->iface;
    struct identity identity = {json_object_get(shown, "ids"), json_object_get(shown, "rows"),
                                NULL};
    if (!shown) {
        return false;
    }
    identity.own = cells_of(json_array_get(identity.rows, 0));
    if (lacks(&identity, "IUnknown", expected, got) ||
        (held && lacks(&identity, held, expected, got))) {
        return true;
    }
    for (size_t i = 1; i < json_array_size(identity.rows); i++) {
        if (differs(&identity, json_array_get(identity.rows, i), expected, got)) {
            return true;
        }
    }
    return false;
}
