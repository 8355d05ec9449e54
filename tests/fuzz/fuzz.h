/* What the targets of the fuzzer share. A target is one function over any bytes; libFuzzer drives
 * it (preset `fuzz`), or replay.c in the build with gcc's sanitizers. What must hold is said with
 * FUZZ_CHECK: a target without a claim finds what the sanitizers find. */
#ifndef VSSCTS_FUZZ_H
#define VSSCTS_FUZZ_H

#include "../../runner/model/profile.h"
#include "../../runner/model/tables.h"
#include "../../runner/report/term_text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_CHECK(holds)                                                                          \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #holds);             \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* The input as a file that has a name: what reads by path reads this. The name is good until the
 * next call. */
static inline const char *fuzz_file(const uint8_t *data, size_t size)
{
    static char path[64];
    static int file = -1;
    if (file < 0) {
        file = memfd_create("vsscts-fuzz", MFD_CLOEXEC);
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    }
    FUZZ_CHECK(file >= 0 && ftruncate(file, 0) == 0);
    FUZZ_CHECK(pwrite(file, data, size, 0) == (ssize_t)size);
    return path;
}

/* The input as a text that ends with zero; freed by the caller. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    FUZZ_CHECK(text != NULL);
    if (size > 0) {
        memcpy(text, data, size);
    }
    text[size] = '\0';
    return text;
}

/* A path below the folder of the sources. */
static inline const char *fuzz_source(const char *name, char *buf, size_t size)
{
    const char *source = getenv("VSSCTS_SOURCE");
    snprintf(buf, size, "%s/%s", source ? source : ".", name);
    return buf;
}

/* Tables from a folder of the sources. A defect of the set-up ends the program. */
static inline struct tables *fuzz_tables(const char *name)
{
    static struct cts_errors errs;
    char path[1024], text[2048];
    struct tables *tables = tbl_load(fuzz_source(name, path, sizeof path), &errs);
    if (tables == NULL) {
        fprintf(stderr, "%s\n", err_format(&errs.list[0], text, sizeof text));
        exit(EXIT_FAILURE);
    }
    return tables;
}

/* A terminal that nobody reads. */
static inline struct term fuzz_term(void)
{
    static FILE *nowhere;
    if (nowhere == NULL) {
        nowhere = fopen("/dev/null", "w");
        FUZZ_CHECK(nowhere != NULL);
    }
    return (struct term){.out = nowhere, .color = true, .width = 80};
}

/* An implementation that can do all and stands for Windows 10. */
static inline struct profile fuzz_profile(void)
{
    return (struct profile){.name = "fuzz",
                            .dll = "x.dll",
                            .arch = ARCH_X86_64,
                            .claims = {.windows = {10, 0, 19045}, .arch = ARCH_X86_64},
                            .windows_text = "10.0.19045",
                            .can = UINT32_MAX};
}

#endif
