/* The end of a program that has no memory.
 *
 * Most of our code tells a failed allocation as a value, CTS_NOMEM. jansson and libuv do not
 * always: the reader of jansson 2.14 leaves out a character of a text where its buffer cannot grow,
 * and may then write behind it; json_copy() leaves members out; libuv aborts where its list of
 * watchers cannot grow. A report that lacks a member is worse than none. So neither ever sees a
 * failure, nor does who makes texts and paths (mem_grow.h): the program ends, with one line on
 * standard error and the exit code of CTS_NOMEM. What was written to a log stays, as after a kill:
 * `run --resume` goes on. Of files that are written whole (out_file.h) the old one stays, and
 * nothing else. */
#ifndef VSSCTS_MEM_END_H
#define VSSCTS_MEM_END_H

/* Makes it so. To be called once, by a program and not by a library, before anything of jansson or
 * libuv. */
void mem_end_setup(void);

#endif
