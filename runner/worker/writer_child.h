/* A fixture writer in a process of its own: vsscts-writer.exe, which lies beside the worker. It
 * talks over two pipes of its own, in lines that begin with a token, and knows nothing of the
 * worker's channel. It ends with the worker, whatever becomes of that. */
#ifndef VSSCTS_WRITER_CHILD_H
#define VSSCTS_WRITER_CHILD_H

#include "writer_log.h"

struct writer_child;

/* Starts the process; what it tells goes into the log. NULL: it cannot be started, *error says why
 * as GetLastError() does. */
struct writer_child *writer_child_start(struct writer_log *log, DWORD *error);

/* Sends a message (stolen) and waits for the answer at most ms, pumping messages where `pump`. A
 * new reference. NULL: none came; *timeout says whether the time was over, else the process has
 * ended and the log knows how. */
json_t *writer_child_ask(struct writer_child *child, json_t *message, DWORD ms, bool pump,
                         bool *timeout);

/* Kills the process, if it still runs. False: somebody else holds its pipe, and the log may still
 * be told something. */
bool writer_child_end(struct writer_child *child);

#endif
