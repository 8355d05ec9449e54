/* FNV-1a, 64 bit: a fast hash for names of contents. Not for security. */
#ifndef VSSCTS_FNV_H
#define VSSCTS_FNV_H

#include <stddef.h>
#include <stdint.h>

/* The seed of the first call. The result of one call is the seed of the next where a text comes in
 * pieces. */
#define FNV1A64_SEED UINT64_C(0xcbf29ce484222325)

uint64_t fnv1a64(const void *data, size_t len, uint64_t seed);

#endif
