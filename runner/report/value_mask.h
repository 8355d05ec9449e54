/* What a profile gives to the cases, masked: volumes, drives and folders have other names on
 * another machine. */
#ifndef VSSCTS_VALUE_MASK_H
#define VSSCTS_VALUE_MASK_H

#include "../model/profile.h"
#include <jansson.h>

/* A copy of a JSON value in which every volume of the profile that stands inside a string reads
 * "{volume:1}" and so on, and every other value by its name, as "{free-drive}"; without regard to
 * the case of letters, the longest that fits first. A new reference; NULL: no memory. */
json_t *value_mask(const struct profile *profile, const json_t *value);

#endif
