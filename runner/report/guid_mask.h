/* What an implementation draws anew in every run: GUIDs inside texts, as numbers, points of time,
 * as in a saved document, and the numbers of copies' devices. */
#ifndef VSSCTS_GUID_MASK_H
#define VSSCTS_GUID_MASK_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define GUID_TEXT 36 /* characters: 8-4-4-4-12 */
#define TIME_TEXT 18 /* digits of a VSS_TIMESTAMP, until the year 4769 */

/* The GUIDs of one case, in the order in which they were first seen. Starts as zeros; ends with
 * guid_mask_free(). */
struct guid_mask {
    size_t count;
    char (*seen)[GUID_TEXT];
};

/* A copy of a JSON value in which every GUID inside a string reads "{guid:1}" and so on, without
 * regard to case, every point of time "{time}", as a number too, and the number at the end of
 * "HarddiskVolumeShadowCopy7" "{number}". changed is set where there was one, else left
 * alone. A new reference; NULL: no memory. */
json_t *guid_mask_value(struct guid_mask *mask, json_t *value, bool *changed);

void guid_mask_free(struct guid_mask *mask);

#endif
