/* The SHA-256 of a file, which may be large. */
#ifndef VSSCTS_FILE_HASH_H
#define VSSCTS_FILE_HASH_H

#include "../util/cts_error.h"
#include "../util/sha256.h"

/* CTS_BAD_FILE with path and reason in err. */
enum cts_status file_hash(const char *path, char text[SHA256_TEXT], struct cts_error *err);

#endif
