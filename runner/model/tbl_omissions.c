/* What rows of calls/ leave out, with their reasons: kept for whoever counts what is covered. */
#include "hresult.h"
#include "tbl_calls.h"

/* For each family that a row may leave out the results that it is about; the last ones that are
 * listed under several names. */
static const struct {
    const char *family;
    const char *codes[4];
} left_out[] = {
    {"in-order", {"S_OK", NULL}},
    {"out-of-order", {"VSS_E_BAD_STATE", NULL}},
    {"no-memory", {"E_OUTOFMEMORY", NULL}},
    {"unexpected", {"VSS_E_UNEXPECTED", "E_UNEXPECTED", "E_FAIL", NULL}},
    {"access-denied", {"E_ACCESSDENIED", NULL}},
    {"bad-document", {"VSS_E_INVALID_XML_DOCUMENT", NULL}},
};

static void add(const struct call_row *row, const char *code, const char *reason)
{
    struct tables *tables = row->ctx->tables;
    struct omission made = {.method = row->method, .reason = reason, .all = code == NULL};
    if (code && !hr_by_name(code, &made.code)) {
        return;
    }
    struct omission *omissions =
        tbl_grow(row->ctx->arena, tables->omissions, tables->omission_count,
                 &row->ctx->omission_cap, sizeof *tables->omissions);
    if (omissions) {
        tables->omissions = omissions;
        omissions[tables->omission_count++] = made;
    }
}

void tbl_note_omissions(const struct call_row *row)
{
    const char *none = json_string_value(json_object_get(row->at->json, "none"));
    if (none || row->unreachable) {
        add(row, NULL, none ? none : row->unreachable);
        return;
    }
    for (size_t f = 0; f < sizeof left_out / sizeof left_out[0]; f++) {
        const char *reason = json_string_value(json_object_get(row->except, left_out[f].family));
        for (size_t c = 0; reason && left_out[f].codes[c]; c++) {
            add(row, left_out[f].codes[c], reason);
        }
    }
}
