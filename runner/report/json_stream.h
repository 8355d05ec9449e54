/* A JSON file that is written piece by piece, so that a large one is never in memory as a whole.
 * It is written as out_file.h says: a reader sees the old file or the new. */
#ifndef VSSCTS_JSON_STREAM_H
#define VSSCTS_JSON_STREAM_H

#include "../util/cts_attr.h"
#include "../util/cts_error.h"
#include <jansson.h>

#define JS_TEXT_MAX 4096

struct json_stream;

/* Opens the file; "-" is the standard output. NULL with path and reason in err: CTS_IO, CTS_NOMEM.
 * Ends with js_close(). */
struct json_stream *js_open(const char *path, struct cts_error *err);

/* Writes text as it is (the formatted one has at most JS_TEXT_MAX bytes), a value (compact, sorted
 * keys, any type), or a value whose reference is taken over. A NULL value means that there was no
 * memory for it. Failures are kept until js_close(). */
void js_text(struct json_stream *stream, const char *text);
void js_textn(struct json_stream *stream, const char *text, size_t length);
void js_textf(struct json_stream *stream, const char *format, ...) CTS_PRINTF(2, 3);
void js_value(struct json_stream *stream, const json_t *value);
void js_value_new(struct json_stream *stream, json_t *value);

/* What was to be written could not be made: the file does not come to be. CTS_NOMEM, where nothing
 * else has failed. */
void js_fail(struct json_stream *stream);

/* Ends and frees the stream (which may be NULL: CTS_OK). The file stands where nothing failed;
 * otherwise nothing is left behind, and err says why: CTS_IO, CTS_NOMEM. */
enum cts_status js_close(struct json_stream *stream, struct cts_error *err);

#endif
