/* What is covered, for people and for programs. */
#ifndef VSSCTS_COVERAGE_REPORT_H
#define VSSCTS_COVERAGE_REPORT_H

#include "../judge/judge.h"
#include "../model/coverage.h"
#include "term_text.h"

/* The coverage of a run: of the cases that it judged (pass, fail, crash, hang, not_implemented) or
 * recorded, by the Windows that claims stand for. Borrows from all three while it works. NULL:
 * CTS_NOMEM, or CTS_BAD_FILE where the log cannot be read again. */
struct coverage *coverage_of_run(const struct tables *tables, const struct plan *plan,
                                 const struct judged_run *run, const struct claims *claims,
                                 struct cts_error *err);

/* Which entries are told of. */
struct coverage_choice {
    bool missing;       /* those only that are missing */
    const char *method; /* glob over "Method" or "Interface.Method": those only that are about such
                           methods; or NULL */
};
bool coverage_chosen(const struct cover_entry *entry, const struct coverage_choice *choice);

/* "IVssAsync.Cancel: VSS_E_UNEXPECTED (windows>=6.1)", appended to a buffer. */
void coverage_subject(struct str_buf *buf, const struct cover_entry *entry);

/* The table of totals. */
void coverage_print_totals(const struct term *term, const struct coverage *coverage);

/* The chosen entries, kind by kind: subject, status, reason or cases. Returns how many. */
size_t coverage_print_entries(const struct term *term, const struct coverage *coverage,
                              const struct coverage_choice *choice);

/* The methods of the requester and its states as a picture: a letter a cell. */
void coverage_print_states(const struct term *term, const struct coverage *coverage,
                           const struct coverage_choice *choice);

/* Writes all of it (reports/schema/coverage.schema.json) to path ("-": standard output). header: of
 * the log, or NULL. CTS_IO, CTS_NOMEM with err. */
enum cts_status coverage_write_json(const struct coverage *coverage, const json_t *header,
                                    const char *path, struct cts_error *err);

/* The least share, in percent, of entries of one kind that are not missing; kind says which kind
 * (it may be NULL). 100 where there is nothing. */
double coverage_least(const struct coverage *coverage, enum cover_kind *kind);

#endif
