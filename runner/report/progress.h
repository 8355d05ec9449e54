/* How far a run is: a line that is rewritten on a terminal, at most one line per 10 s elsewhere. */
#ifndef VSSCTS_PROGRESS_H
#define VSSCTS_PROGRESS_H

#include "../judge/judge.h"
#include "term_text.h"

#define PROGRESS_TTY_MS 100    /* a terminal's line is rewritten no more often */
#define PROGRESS_KINDS 9       /* of what is counted; that of the verdicts is the most */
#define PROGRESS_LINE_MS 10000 /* as often as a line goes to what is no terminal */

/* Private, but owned by the caller; nothing is allocated. */
struct progress {
    const struct term *term; /* NULL: prints nothing */
    size_t total;            /* executions that are planned */
    size_t done;
    const char *(*name)(unsigned what); /* of what is counted: verdicts, or what the caller says */
    size_t counts[PROGRESS_KINDS];
    uint64_t shown; /* ms at which it was last printed */
    bool on_line;   /* a terminal's line is on the screen */
};

/* total: executions without those of second attempts. */
void progress_init(struct progress *progress, const struct term *term, size_t total);

/* Another one has ended, with this verdict (or what else is counted). Prints nothing. */
void progress_count(struct progress *progress, unsigned what);

/* Prints where it is time; ms is the time since the start of the run. */
void progress_show(struct progress *progress, uint64_t ms);

/* Takes the line from the screen; call before anything else is printed. It comes back with the next
 * progress_show(). */
void progress_hide(struct progress *progress);

/* The text of the line, at most width columns, without its end: "12/124  10 pass 2 fail  0:03". */
void progress_text(const struct progress *progress, uint64_t ms, unsigned width,
                   struct str_buf *out);

#endif
