/* The files of reports/viewer/, which the build makes a part of the program (cmake/embed.cmake). */
#ifndef VSSCTS_HTML_ASSETS_H
#define VSSCTS_HTML_ASSETS_H

#include <stddef.h>

struct html_asset {
    const char *name; /* "base.css" */
    const char *text; /* with a terminator behind it */
    size_t length;
    unsigned char sha256[32]; /* of the text */
};

extern const struct html_asset html_assets[];
extern const size_t html_asset_count;

#endif
