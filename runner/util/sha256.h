/* SHA-256 (FIPS 180-4), for seals of logs and names of files: portable, in pieces. */
#ifndef VSSCTS_SHA256_H
#define VSSCTS_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_TEXT 65 /* hex digits and NUL */

/* A hash that is being made. Holds no resources; may be copied. */
struct sha256 {
    uint32_t state[8];
    uint64_t length; /* bytes so far */
    unsigned char block[64];
};

void sha256_begin(struct sha256 *hash);
void sha256_add(struct sha256 *hash, const void *data, size_t len);

/* 64 lower-case hex digits and NUL. The hash must not be added to any more. */
void sha256_end(struct sha256 *hash, char text[SHA256_TEXT]);

#endif
