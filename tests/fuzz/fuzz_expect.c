/* Expectation files, and what they say of each case. A file that is not taken has an error. */
#include "../../runner/judge/judge_against.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct tables *tables;
    static struct cts_errors errs;
    static const struct claims claims = {.windows = {10, 0, 19045}, .arch = ARCH_X86_64};
    struct cts_error err = {0};
    size_t entries = 0;
    if (tables == NULL) {
        tables = fuzz_tables("tests/data/judge/tables");
    }
    const char *path = fuzz_file(data, size);
    struct expectations *made = expect_load(path, &err);
    FUZZ_CHECK(made != NULL || (err.status != CTS_OK && err.text[0] != '\0'));
    for (size_t i = 0; made != NULL && i < tables->case_count; i++) {
        const struct expectation *entry = expect_find(made, &tables->cases[i], &claims);
        FUZZ_CHECK(entry == NULL || (entry->allowed != 0 && entry->reason != NULL));
    }
    if (made != NULL) {
        expect_unused(made, tables);
    }
    errs.count = 0;
    const bool right = expect_check(path, tables, &entries, &errs);
    FUZZ_CHECK(right == (errs.count == 0) && (made != NULL || !right));
    expect_free(made);
    return 0;
}
