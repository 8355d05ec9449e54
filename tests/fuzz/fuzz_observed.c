/* Files of observations. What is not taken has an error; what is written reads as the same. */
#include "../../runner/report/observed.h"
#include "fuzz.h"

static char written[64]; /* a file in memory, where the system has such a place */

static void leave(void)
{
    remove(written);
}

static void check_written(const struct observed *observed)
{
    struct cts_error err = {0};
    if (written[0] == '\0') {
        snprintf(written, sizeof written, "%s/vsscts-fuzz-observed-%d",
                 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (int)getpid());
        atexit(leave);
    }
    FUZZ_CHECK(observed_write(observed, written, &err) == CTS_OK);
    struct observed *again = observed_load(written, &err);
    FUZZ_CHECK(again != NULL);
    FUZZ_CHECK(json_equal(observed_runs(again), observed_runs(observed)));
    observed_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const ids[] = {"s/failed", "s/null", "s/old"};
    struct cts_error err = {0};
    struct observed *observed = observed_load(fuzz_file(data, size), &err);
    FUZZ_CHECK(observed != NULL || (err.status != CTS_OK && err.text[0] != '\0'));
    for (size_t i = 0; observed != NULL && i < sizeof ids / sizeof ids[0]; i++) {
        const json_t *seen = observed_case(observed, ids[i]);
        const json_t *answers = json_object_get(seen, "answers");
        for (size_t k = 0; k < json_array_size(answers); k++) {
            json_t *steps = observed_steps(observed, json_array_get(answers, k));
            observed_times(observed, json_array_get(answers, k));
            json_decref(steps);
        }
        if (seen != NULL) {
            observed_asked(observed, seen);
        }
    }
    if (observed != NULL) {
        check_written(observed);
    }
    observed_free(observed);
    return 0;
}
