/* --resume: a run that was broken off, by its log. */
#ifndef VSSCTS_CLI_RESUME_H
#define VSSCTS_CLI_RESUME_H

#include "../engine/engine.h"
#include "cli_session.h"
#include "log_facts.h"

/* Owned by the caller, who ends it with resume_close(). Zeros: no run is resumed. */
struct resume {
    bool wanted;
    char *log;
    struct log_facts facts;
    char **argv;                /* what the run was told; the texts belong to the header */
    struct cli_options told;    /* the same, parsed */
    struct cli_options options; /* that and what is said anew; lists are borrowed */
    struct fold_progress progress;
    struct eng_earlier earlier;
    size_t ended; /* executions without those of later attempts */
};

/* Reads the header of the log in the folder of --resume and makes the options those of that run,
 * with the files, the number of workers and the output that are said anew; session->options is them
 * from then on. Prints what went wrong: CTS_USAGE, CTS_BAD_FILE, CTS_NOMEM. */
enum cts_status resume_open(struct session *session, struct resume *resume);

/* After the run was planned again: holds it against the log, and finds out how far the run was.
 * earlier is for the engine. Likewise. */
enum cts_status resume_read(struct session *session, struct resume *resume);

/* What the engine is to know of the earlier run; NULL: nothing has begun, the log begins again. */
const struct eng_earlier *resume_earlier(const struct resume *resume);

void resume_close(struct resume *resume);

#endif
