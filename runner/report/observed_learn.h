/* Learning from logs what real Windows does. Pure: a judged log and an observation give an
 * observation. */
#ifndef VSSCTS_OBSERVED_LEARN_H
#define VSSCTS_OBSERVED_LEARN_H

#include "observed.h"

/* What a log brought. */
struct learnt {
    size_t cases;       /* that it showed */
    size_t other;       /* of these, ones that earlier runs had not shown so */
    size_t unsteady;    /* of these, ones that it showed in more ways than one itself */
    size_t outdated;    /* cases whose steps are others now: not learnt */
    size_t replaced;    /* cases that were observed with other steps, and are observed anew */
    size_t contradicts; /* cases in which it contradicts the tables */
};

/* One log, while it is judged. Borrows all but `seen`. */
struct learning {
    struct observed *into;
    const json_t *header;
    const char *log; /* SHA-256 of the log */
    const char *by;  /* who measured, or NULL */
    struct observer observer;
    json_t *seen; /* by case: {"program", "answers"} */
};

/* Is the log new? Makes ready for the fold, which then needs observed_learn_look() as its witness.
 * CTS_USAGE where the log is of another Windows or architecture, CTS_NOMEM. *known: it has been
 * learnt, and there is nothing to fold. */
enum cts_status observed_learn_begin(struct learning *learning, bool *known, struct cts_error *err);
enum cts_status observed_learn_look(void *context, const struct plan_case *planned,
                                    const struct case_verdict *verdict, struct witness_said *said,
                                    struct cts_error *err);

/* Adds the log to the observation. CTS_NOMEM, CTS_DEFECT. Frees `seen` in any case. */
enum cts_status observed_learn_end(struct learning *learning, const struct judged_run *run,
                                   struct learnt *learnt, struct cts_error *err);
void observed_learn_free(struct learning *learning);

/* Does a case of a log of real Windows contradict the tables: an expectation is not met, or it does
 * not get where they want it? */
bool observed_contradicts(const struct case_verdict *verdict);

#endif
