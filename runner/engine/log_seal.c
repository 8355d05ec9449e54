#include "log_seal.h"

#include <stdio.h>
#include <string.h>

static const char head[] = ",\"seal\":\"", tail[] = "\"}";
#define HEAD (sizeof head - 1)
#define DIGITS (SHA256_TEXT - 1)
#define TAIL (sizeof tail - 1)

void log_seal_begin(struct log_seal *seal)
{
    sha256_begin(&seal->hash);
    seal->lines = 0;
}

void log_seal_take(struct log_seal *seal, const char *data, size_t len)
{
    sha256_add(&seal->hash, data, len);
    for (const char *at = data; (at = memchr(at, '\n', len - (size_t)(at - data))) != NULL; at++) {
        seal->lines++;
    }
}

/* The seal of a line whose text without brace is given. */
static void seal_of(const struct log_seal *seal, const char *line, size_t len,
                    char text[SHA256_TEXT])
{
    struct sha256 hash = seal->hash;
    sha256_add(&hash, line, len);
    sha256_add(&hash, "}\n", 2);
    sha256_end(&hash, text);
}

void log_seal_close(struct log_seal *seal, const char *line, size_t len, char end[LOG_SEAL_BYTES])
{
    char text[SHA256_TEXT];
    const size_t body = len > 0 ? len - 1 : 0; /* without the brace */
    seal_of(seal, line, body, text);
    snprintf(end, LOG_SEAL_BYTES, "%s%s%s\n", head, text, tail);
    sha256_add(&seal->hash, line, body);
    sha256_add(&seal->hash, end, strlen(end));
    seal->lines = 0;
}

size_t log_seal_event(struct log_seal *seal, long long ms,
                      char line[LOG_SEAL_LINE + LOG_SEAL_BYTES])
{
    const int made = snprintf(line, LOG_SEAL_LINE, "{\"e\":\"seal\",\"t\":%lld}", ms);
    const size_t len = made > 0 ? (size_t)made : 0;
    char end[LOG_SEAL_BYTES];
    log_seal_close(seal, line, len, end);
    memcpy(line + len - 1, end, strlen(end) + 1);
    return len - 1 + strlen(end);
}

static bool begins(const char *line, size_t len, const char *with)
{
    return len >= strlen(with) && memcmp(line, with, strlen(with)) == 0;
}

/* Does the line end as a sealed one? Only events of the engine's own are sealed: what a worker says
 * cannot look so. */
static bool is_sealed(const char *line, size_t len)
{
    const size_t end = HEAD + DIGITS + TAIL;
    return (begins(line, len, "{\"e\":\"seal\"") || begins(line, len, "{\"e\":\"footer\"")) &&
           len > end && memcmp(line + len - end, head, HEAD) == 0 &&
           memcmp(line + len - TAIL, tail, TAIL) == 0;
}

enum log_sealed log_seal_check(struct log_seal *seal, const char *line, size_t len)
{
    enum log_sealed as = LOG_SEAL_NONE;
    if (is_sealed(line, len)) {
        char text[SHA256_TEXT];
        seal_of(seal, line, len - HEAD - DIGITS - TAIL, text);
        as = memcmp(line + len - DIGITS - TAIL, text, DIGITS) == 0 ? LOG_SEAL_HOLDS
                                                                   : LOG_SEAL_BROKEN;
    }
    sha256_add(&seal->hash, line, len);
    sha256_add(&seal->hash, "\n", 1);
    seal->lines = as == LOG_SEAL_NONE ? seal->lines + 1 : 0;
    return as;
}
