/* What an implementation draws anew in every run: GUIDs inside texts, as numbers, points of time,
 * as in a saved document, and the numbers of copies' devices. */
#ifndef VSSCTS_GUID_MASK_H
#define VSSCTS_GUID_MASK_H

#include "../util/str_buf.h"
#include <jansson.h>

#define GUID_TEXT 36 /* characters: 8-4-4-4-12 */
#define TIME_TEXT 18 /* digits of a VSS_TIMESTAMP, until the year 4769 */

/* The GUIDs of one case, in the order in which they were first seen. Starts as zeros; ends with
 * guid_mask_free(). */
struct guid_mask {
    size_t count, cap;
    char (*seen)[GUID_TEXT];
};

/* Is there any such thing in a text? Then it is appended to `out` with every GUID as "{guid:1}" and
 * so on, without regard to case, every point of time as "{time}", and the number at the end of
 * "HarddiskVolumeShadowCopy7" as "{number}". `out` fails where there is no memory. */
bool guid_mask_text(struct guid_mask *mask, const char *text, size_t len, struct str_buf *out);

/* Is it a point of time, which as a number reads "{time}" too? */
bool guid_mask_is_time(json_int_t value);

/* Forgets the GUIDs and keeps the memory. */
void guid_mask_clear(struct guid_mask *mask);
void guid_mask_free(struct guid_mask *mask);

#endif
