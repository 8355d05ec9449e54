/* One message of a worker: parsed and held against the table messages.def. */
#ifndef VSSCTS_MESSAGE_H
#define VSSCTS_MESSAGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum msg_kind {
#define MSG(id, name) MSG_##id,
#include "messages.def"
    MSG_COUNT
};

struct message {
    enum msg_kind kind;
    int s;          /* of b, e and crash; MSG_NO_STEP where it has none */
    json_t *object; /* the whole message, owned: msg_clear() */
};
#define MSG_NO_STEP (-2)

/* Parses `len` bytes (no token, no line end). NULL: out is filled and owned by the caller. Else out
 * is empty and the result says in a few words what is wrong with the message: a static string. */
const char *msg_parse(const char *text, size_t len, struct message *out);
void msg_clear(struct message *message);

/* A text for the log: any bytes become valid UTF-8 without control characters but line end (CR LF
 * becomes LF) and tab; each bad byte is U+FFFD. It is cut behind `max` bytes of data. New
 * reference; NULL: no memory. */
json_t *msg_clean_text(const char *data, size_t len, size_t max);

#endif
