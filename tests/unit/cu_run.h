/* One CUnit suite as a program: `return cu_run("name", tests);` from main. Exit code 0 = all
 * passed. */
#ifndef VSSCTS_CU_RUN_H
#define VSSCTS_CU_RUN_H

#include <CUnit/Basic.h>
#include <stdlib.h>
#ifdef _WIN32
#include "cu_threads.h"
#endif

/* tests ends with CU_TEST_INFO_NULL. A suite without a test, or one that could not run, fails. */
static inline int cu_run(const char *name, CU_TestInfo *tests)
{
    CU_SuiteInfo suites[] = {{name, NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    if (CU_initialize_registry() != CUE_SUCCESS) {
        return EXIT_FAILURE;
    }
    int status = EXIT_FAILURE;
    if (CU_register_suites(suites) == CUE_SUCCESS) {
        CU_basic_set_mode(CU_BRM_VERBOSE);
        if (CU_basic_run_tests() == CUE_SUCCESS && CU_get_number_of_tests_run() > 0 &&
            CU_get_number_of_failures() == 0) {
            status = EXIT_SUCCESS;
        }
    }
    CU_cleanup_registry();
#ifdef _WIN32
    await_other_threads();
#endif
    return status;
}

#endif
