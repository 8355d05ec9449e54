/* The line framing of the channel: bytes in, lines out. Every line from a worker begins with the
 * token that the engine drew and one space. */
#ifndef VSSCTS_CHANNEL_H
#define VSSCTS_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>

#define CHAN_LINE_MAX ((size_t)4 * 1024 * 1024) /* with its token, without the LF */
#define CHAN_TOKEN 16                           /* hex digits */

struct channel {
    char token[CHAN_TOKEN + 2]; /* with the space */
    char *data;
    size_t start, scanned, len, cap; /* start <= scanned <= len <= cap */
    bool broken;                     /* nothing more is read from it */
};

enum chan_found {
    CHAN_NOTHING, /* more bytes are needed */
    CHAN_MESSAGE, /* text is what stands behind the token */
    CHAN_GARBAGE  /* text is the line or its beginning; the channel is broken from here on */
};

/* Draws a token of CHAN_TOKEN hex digits. False where the system gives no random bytes. */
bool chan_draw_token(char token[CHAN_TOKEN + 1]);

/* token: CHAN_TOKEN characters, copied. Nothing is allocated before the first chan_room(). */
void chan_init(struct channel *channel, const char *token);
void chan_free(struct channel *channel);

/* Room for the next read, at least 16 KiB: *base and *size, or NULL and 0 where there is no
 * memory. Texts of chan_next() end to be valid. */
void chan_room(struct channel *channel, char **base, size_t *size);
void chan_added(struct channel *channel, size_t count);

/* The next line. text points into the channel; for CHAN_GARBAGE *wrong is a static string that says
 * why. */
enum chan_found chan_next(struct channel *channel, const char **text, size_t *len,
                          const char **wrong);

#endif
