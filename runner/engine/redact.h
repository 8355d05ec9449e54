/* What names a person or a machine does not leave it with a log: the folder of the user, the user's
 * name, and the machine's are replaced in every text of every event, before it is written. */
#ifndef VSSCTS_REDACT_H
#define VSSCTS_REDACT_H

#include <jansson.h>
#include <stdbool.h>

/* Names, and what takes their place. Texts are borrowed; NULL or too short to be told from other
 * words (under 3 characters): not replaced. */
struct redact {
    const char
        *home; /* "{home}": the user's folder, and what follows it as a path; as a word, too */
    const char *user;    /* "{user}": as a part of a path or of an account, DOMAIN\user */
    const char *machine; /* "{machine}": as a word; '-' and '_' are parts of words */
};

/* A copy of a JSON value without them, or the value itself where there are none; without regard to
 * the case of letters, with any separators in paths. Keys stay, and so do members that hold words
 * of the tables, such as "case". A new reference; NULL: no memory. */
json_t *redact_value(const struct redact *redact, json_t *value);

/* The way back, on the same machine. A new reference; NULL: no memory. */
json_t *redact_undo(const struct redact *redact, json_t *value);

/* What is to be replaced on this machine. Texts are owned; redact_here_free() ends it. A name that
 * the system does not tell stays NULL. */
struct redact_here {
    struct redact redact;
    char *owned[3];
};
void redact_here(struct redact_here *here);
void redact_here_free(struct redact_here *here);

#endif
