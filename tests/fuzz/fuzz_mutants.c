/* The table of mutants. What is not taken has an error. */
#include "../../runner/model/mutants.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct tables *tables;
    static struct cts_errors errs;
    if (tables == NULL) {
        tables = fuzz_tables("tests/data/tables/valid");
    }
    struct mutants *mutants = mutants_load(fuzz_file(data, size), tables, &errs);
    FUZZ_CHECK((mutants != NULL) == (errs.count == 0));
    for (size_t i = 0; mutants != NULL && i < mutants->count; i++) {
        json_t *action = json_loads(mutants->items[i].action, JSON_REJECT_DUPLICATES, NULL);
        FUZZ_CHECK(json_is_object(action) && mutants->items[i].requirement != NULL);
        json_decref(action);
    }
    mutants_free(mutants);
    return 0;
}
