/* What a worker had run before a case that went wrong, by the log of the run. */
#ifndef VSSCTS_RAN_BEFORE_H
#define VSSCTS_RAN_BEFORE_H

#include "cli_session.h"

/* An execution of the case that was not as expected. Freed with ran_before_free(). */
struct ran_before {
    size_t target;        /* the case, by its place in the plan */
    enum verdict verdict; /* what it came to */
    unsigned run, worker; /* the numbers of the execution and of its worker */
    size_t count;
    size_t *items; /* what that worker had run before, in that order, by places in the plan */
};

/* Reads the log at path for the first execution of the case that is worth a second look
 * (judge_again()), second attempts aside; session has plan and judge. CTS_USAGE: there is none, it
 * had a worker of its own, or nothing ran before it; CTS_BAD_FILE; CTS_NOMEM. */
enum cts_status ran_before_read(const struct session *session, const char *path, const char *id,
                                struct ran_before *before, struct cts_error *err);
void ran_before_free(struct ran_before *before);

#endif
