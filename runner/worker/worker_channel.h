/* The channel to the engine (docs/protocol.md): lines of JSON over private copies of the standard
 * handles. Everything here may be called from any thread. */
#ifndef VSSCTS_WORKER_CHANNEL_H
#define VSSCTS_WORKER_CHANNEL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Moves standard input and output to private handles, and points the standard ones, those of the C
 * library too, at NUL and at standard error. token: 16 hex digits, copied. False: no handles. */
bool ch_open(const char *token);

/* The next line from the engine, without its LF, ended by NUL; valid until the next call. NULL:
 * the engine has closed the channel, or the line is too long. Main thread only. */
char *ch_read_line(size_t *length);

/* Sends a message (the reference is stolen) with whatever was held, in one write. */
void ch_send(json_t *message);

/* The same, but keeps it back until the next message: for an `e`, which a `b` follows at once. */
void ch_hold(json_t *message);

/* Sends {"m":"b","s":s}, with "i" where round is not 0. */
void ch_begin(int s, unsigned round);

/* Sends what is held. */
void ch_flush(void);

/* Between these two all that would be sent is held: the lines of a round, of which it is not known
 * yet whether anybody wants to see them. Without `keep` they are dropped. A crash sends them. */
void ch_round_begin(void);
void ch_round_end(bool keep);

/* Sends {"m":"at","s":s,"i":round} past what is held, so that a hang in a round has its place. */
void ch_at(int s, unsigned round);

/* Sends the last message; every later one, from whatever thread, is dropped. */
void ch_send_last(json_t *message);

/* For the exception filter: sends what is held and this line (token and LF are added), without
 * memory and without waiting long for a lock. */
void ch_crash(const char *line, size_t length);

#endif
