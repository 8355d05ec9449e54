/* Messages of a worker, and its texts. */
#include "../../runner/engine/message.h"
#include "fuzz.h"

#define CUT 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct message message;
    char *text = fuzz_text(data, size);
    const char *wrong = msg_parse(text, size, &message);
    if (wrong == NULL) {
        FUZZ_CHECK(message.kind < MSG_COUNT && json_is_object(message.object));
        msg_clear(&message);
    }
    json_t *whole = msg_clean_text(text, size, SIZE_MAX);
    json_t *cut = msg_clean_text(text, size, CUT);
    FUZZ_CHECK(json_is_string(whole) && json_is_string(cut));
    json_decref(whole);
    json_decref(cut);
    free(text);
    return 0;
}
