/* Parts of the tables in words, for a reader who knows VSS and not this project. */
#ifndef VSSCTS_EXPLAIN_WORDS_H
#define VSSCTS_EXPLAIN_WORDS_H

#include "../model/tables.h"
#include "../util/str_buf.h"

/* "before Windows 7 / Server 2008 R2 and on a server edition". */
void words_condition(struct str_buf *out, const char *condition);

/* "S_OK (0x00000000) or S_FALSE (0x00000001)". */
void words_codes(struct str_buf *out, const uint32_t *codes, size_t count);

/* "E_INVALIDARG (0x80070057) or any failure". */
void words_alternative(struct str_buf *out, const struct expect_alt *alt);

/* "pHrResult is VSS_S_ASYNC_PENDING (0x00042309)". */
void words_out(struct str_buf *out, const struct expect_out *expected);

/* All that is expected of a step, in lines that end with a line feed: "Expected: S_OK
 * (0x00000000).". Nothing where nothing is. */
void words_expected(struct str_buf *out, const struct step *step);

/* "E1: what was seen (Windows 10 1809, measured; where)"; the bare id where the tables do not have
 * it. */
void words_evidence(struct str_buf *out, const struct tables *tables, const char *id);

/* "20 s", "1.5 s", "250 ms". */
void words_time(struct str_buf *out, unsigned ms);

#endif
