#include "channel.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#define ROOM_LEAST ((size_t)16 * 1024)
#define ROOM_FIRST ((size_t)64 * 1024)

bool chan_draw_token(char token[CHAN_TOKEN + 1])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[CHAN_TOKEN / 2];
    if (uv_random(NULL, NULL, bytes, sizeof bytes, 0, NULL) != 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof bytes; i++) {
        token[2 * i] = digits[bytes[i] >> 4];
        token[2 * i + 1] = digits[bytes[i] & 15];
    }
    token[CHAN_TOKEN] = '\0';
    return true;
}

void chan_init(struct channel *channel, const char *token)
{
    memset(channel, 0, sizeof *channel);
    memcpy(channel->token, token, CHAN_TOKEN);
    channel->token[CHAN_TOKEN] = ' ';
}

void chan_free(struct channel *channel)
{
    free(channel->data);
    memset(channel, 0, sizeof *channel);
    channel->broken = true;
}

void chan_room(struct channel *channel, char **base, size_t *size)
{
    if (channel->start > 0) {
        memmove(channel->data, channel->data + channel->start, channel->len - channel->start);
        channel->len -= channel->start;
        channel->scanned -= channel->start;
        channel->start = 0;
    }
    if (channel->cap - channel->len < ROOM_LEAST) {
        size_t cap = channel->cap ? 2 * channel->cap : ROOM_FIRST;
        char *data = realloc(channel->data, cap);
        if (!data) {
            *base = NULL;
            *size = 0;
            return;
        }
        channel->data = data;
        channel->cap = cap;
    }
    *base = channel->data + channel->len;
    *size = channel->cap - channel->len;
}

void chan_added(struct channel *channel, size_t count)
{
    channel->len += count;
    if (channel->broken) {
        channel->start = channel->scanned = channel->len = 0;
    }
}

static enum chan_found garbage(struct channel *channel, size_t len, const char **text,
                               size_t *text_len, const char *why, const char **wrong)
{
    *text = channel->data + channel->start;
    *text_len = len;
    *wrong = why;
    channel->broken = true;
    return CHAN_GARBAGE;
}

enum chan_found chan_next(struct channel *channel, const char **text, size_t *len,
                          const char **wrong)
{
    if (channel->broken || channel->scanned == channel->len) {
        return CHAN_NOTHING;
    }
    char *line = channel->data + channel->start;
    char *from = channel->data + channel->scanned;
    char *end = memchr(from, '\n', channel->len - channel->scanned);
    size_t size = (end ? (size_t)(end - line) : channel->len - channel->start);
    if (size > CHAN_LINE_MAX) {
        return garbage(channel, size, text, len, "line longer than 4 MiB", wrong);
    }
    if (!end) {
        channel->scanned = channel->len;
        return CHAN_NOTHING;
    }
    if (size < CHAN_TOKEN + 1 || memcmp(line, channel->token, CHAN_TOKEN + 1) != 0) {
        return garbage(channel, size, text, len, "line without the token", wrong);
    }
    *text = line + CHAN_TOKEN + 1;
    *len = size - CHAN_TOKEN - 1;
    channel->start = channel->scanned = (size_t)(end + 1 - channel->data);
    return CHAN_MESSAGE;
}
