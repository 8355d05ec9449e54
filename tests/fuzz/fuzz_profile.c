/* Profiles. What is refused says where and why. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (int arch = ARCH_X86_64; arch <= ARCH_I686; arch++) {
        struct cts_error err = {0};
        struct profile *profile = profile_load(fuzz_file(data, size), (enum arch)arch, &err);
        FUZZ_CHECK(profile != NULL ? profile->name != NULL && profile->dll != NULL
                                   : err.status != CTS_OK && err.text[0] != '\0');
        profile_free(profile);
    }
    return 0;
}
