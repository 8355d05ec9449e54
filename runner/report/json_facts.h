/* What the header of a log says, as sections of a report. */
#ifndef VSSCTS_JSON_FACTS_H
#define VSSCTS_JSON_FACTS_H

#include <jansson.h>

enum fact_section { FACTS_SUITE, FACTS_IUT, FACTS_PROFILE, FACTS_HOST, FACTS_OPTIONS };

/* The section of the header (which may be NULL) with exactly the keys of facts.def. A fact that the
 * log lacks, or that has another type there, is null: a log may come from anywhere. A new
 * reference; NULL: no memory. */
json_t *facts_section(const json_t *header, enum fact_section section);

/* The implementation, with its name, as a section. Likewise. */
json_t *facts_iut(const json_t *header);

/* What a document that may or may not be about a run says of it: suite, iut, profile and host; null
 * where header is NULL. A new reference; NULL: no memory. */
json_t *facts_run(const json_t *header);

/* A text of the header, "" where there is none; borrowed. */
const char *facts_text(const json_t *header, const char *object, const char *key);

#endif
