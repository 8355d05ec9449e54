/* Reading what a call has written. */
#ifndef VSSCTS_VALUE_SHOW_H
#define VSSCTS_VALUE_SHOW_H

#include "worker_call.h"

/* A string of the implementation, copied into the worker's memory. */
struct text_copy {
    wchar_t *text; /* ended by NUL; NULL where bad; free with wmem_free() */
    size_t length;
    bool bad; /* it cannot be read to its end */
};

/* Copies a string. A BSTR must have as much as its length says, and a NUL behind it. */
struct text_copy value_copy_text(const wchar_t *source, bool bstr);

/* The pointer that lies at data. */
void *value_pointer(const uint8_t *data);

/* Kind and offset of a field, from the program's description. False: it does not lie inside a
 * structure of that size. */
bool value_field(const json_t *field, size_t size, enum value_kind *kind, size_t *offset);

/* Has the call changed the buffer? */
bool value_was_written(const struct out_param *out);

/* {"w":…,"v":…} of one parameter; new reference. of: as in value_out_all. Under the program's
 * lock. */
json_t *value_show(struct call_frame *frame, const struct out_param *out, int of);

#endif
