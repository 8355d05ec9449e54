/* Heads of programs: hexadecimal digits, so that the corpus is text; what is no digit is passed
 * over. */
#include "../../runner/cli/pe_arch.h"
#include "fuzz.h"

static int digit(uint8_t c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cts_error err = {0};
    enum arch arch;
    size_t digits = 0;
    unsigned char *head = calloc(1, size / 2 + 1);
    FUZZ_CHECK(head != NULL);
    for (size_t i = 0; i < size; i++) {
        const int value = digit(data[i]);
        if (value >= 0) {
            head[digits / 2] = (unsigned char)(head[digits / 2] << 4 | value);
            digits++;
        }
    }
    /* as long as what it holds, so that a byte behind it is seen */
    unsigned char *exact = malloc(digits / 2 > 0 ? digits / 2 : 1);
    FUZZ_CHECK(exact != NULL);
    memcpy(exact, head, digits / 2);
    const enum cts_status status = pe_arch_of(exact, digits / 2, &arch, &err);
    FUZZ_CHECK(status == CTS_OK ? arch == ARCH_X86_64 || arch == ARCH_I686 : err.text[0] != '\0');
    free(exact);
    free(head);
    return 0;
}
