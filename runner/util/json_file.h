/* Files as a whole, and JSON files. */
#ifndef VSSCTS_JSON_FILE_H
#define VSSCTS_JSON_FILE_H

#include "cts_error.h"
#include <jansson.h>

/* No table, profile or expectation file may be larger. */
#define JSON_FILE_MAX ((size_t)64 * 1024 * 1024)

/* Reads a whole file of at most max bytes. The result has a zero behind its last byte, its length
 * goes to len (which may be NULL), the caller frees it with free(). NULL with path and reason in
 * err: CTS_BAD_FILE (missing, a folder, not allowed, too large), CTS_IO, CTS_NOMEM. */
char *file_read(const char *path, size_t *len, size_t max, struct cts_error *err);

/* Writes a whole file as out_file.h does, so a reader sees the old or the new one. CTS_IO with path
 * and reason in err, CTS_NOMEM; nothing is left behind then. */
enum cts_status file_write(const char *path, const char *data, size_t len, struct cts_error *err);

/* Parses one JSON object or array: UTF-8 without a byte order mark, no duplicate keys, no U+0000 in
 * strings. path is for messages. A new reference; NULL with path, line and column in err:
 * CTS_BAD_FILE. */
json_t *json_text_parse(const char *text, size_t len, const char *path, struct cts_error *err);

/* file_read and json_text_parse. A new reference or NULL. */
json_t *json_file_load(const char *path, struct cts_error *err);

#endif
