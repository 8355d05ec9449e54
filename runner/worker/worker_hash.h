/* SHA-256 through the system's cryptography. */
#ifndef VSSCTS_WORKER_HASH_H
#define VSSCTS_WORKER_HASH_H

#include <stdbool.h>
#include <stddef.h>

/* 64 lower-case hex digits and NUL. False: the system has no SHA-256. */
bool hash_sha256(const void *data, size_t size, char out[65]);

#endif
