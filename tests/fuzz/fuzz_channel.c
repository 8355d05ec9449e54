/* Lines of a worker: the same, whatever the pieces in which they come. The first byte says how long
 * these are. */
#include "../../runner/engine/channel.h"
#include "../../runner/util/fnv.h"
#include "fuzz.h"

#define TOKEN "0123456789abcdef"

/* Reads all in pieces; a number that stands for the lines that came. */
static uint64_t read_in_pieces(const uint8_t *data, size_t size, size_t piece)
{
    struct channel channel;
    uint64_t hash = FNV1A64_SEED;
    enum chan_found found = CHAN_NOTHING;
    chan_init(&channel, TOKEN);
    while (size > 0 && found != CHAN_GARBAGE) {
        char *base = NULL;
        size_t room = 0, len = 0;
        const char *text = NULL, *wrong = NULL;
        chan_room(&channel, &base, &room);
        FUZZ_CHECK(base != NULL && room > 0);
        size_t part = piece < size ? piece : size;
        part = part < room ? part : room;
        memcpy(base, data, part);
        chan_added(&channel, part);
        data += part;
        size -= part;
        while ((found = chan_next(&channel, &text, &len, &wrong)) == CHAN_MESSAGE) {
            hash = fnv1a64(text, len, fnv1a64("\n", 1, hash));
        }
        FUZZ_CHECK((found == CHAN_GARBAGE) == (wrong != NULL));
    }
    chan_free(&channel);
    return fnv1a64(&found, sizeof found, hash);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1) {
        const uint64_t whole = read_in_pieces(data + 1, size - 1, size);
        FUZZ_CHECK(read_in_pieces(data + 1, size - 1, (size_t)data[0] + 1) == whole);
    }
    return 0;
}
