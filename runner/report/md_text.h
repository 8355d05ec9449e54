/* Text in Markdown. */
#ifndef VSSCTS_MD_TEXT_H
#define VSSCTS_MD_TEXT_H

#include "json_stream.h"

/* Writes a text of which nothing is known so that nothing in it is markup, on one line. */
void md_put(struct json_stream *out, const char *text);

#endif
