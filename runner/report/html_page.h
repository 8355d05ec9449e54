/* A page of HTML in one file: style, program and data, nothing from elsewhere. Written piece by
 * piece; no text of an implementation or of a table can become markup:
 *
 * - The page's own texts are the files of reports/viewer/, which are part of the program. The
 *   policy in its head (Content-Security-Policy) lets a browser run and apply those alone, known by
 *   their hashes, and load nothing.
 * - Data stands in elements <script type="application/json" id="…">, which no browser runs. '<' is
 *   written as \u003c there, so that no element can end early and none can begin.
 * - The programs make elements and set their textContent; they never parse HTML.
 *
 * How a page is made:
 *
 *     static const char *const assets[] = {"base.css", "trace.css", "base.js", "trace.js",
 *                                          "mine.js", NULL};
 *     struct html_page page;
 *     html_open(&page, out, "the title", assets);
 *     html_data(&page, "facts", json);
 *     html_data_begin(&page, "cases");
 *     …html_data_text(), html_data_value()…
 *     html_data_end(&page);
 *     html_close(&page);
 *
 * What the viewer offers to every page:
 *
 *     base.css   colours (light, dark, print), verdict badges, buttons, tables, panels
 *     base.js    vss.data(id) parses an element, vss.line(id, number) one line of it;
 *                vss.el(name, class, …children) makes an element, vss.badge(verdict) a verdict's;
 *                vss.link() a link to a page, where it is one; vss.time(us);
 *                vss.hash: what the address bar holds behind '#', as a map
 *     list.js    vss.list(): a list of any length of which only what is seen is in the document
 *     trace.css, trace.js
 *                vss.trace.load(prefix, row) and vss.trace.show(detail): a case with its steps,
 *                from the data that html_traces.h writes
 *     heat.js    vss.heat(): the map of methods in states, from html_cells.h
 *
 * Element "facts" is an object that each page has; "verdicts" in it (html_verdicts()) is what
 * vss.badge() knows names and letters from. */
#ifndef VSSCTS_HTML_PAGE_H
#define VSSCTS_HTML_PAGE_H

#include "json_stream.h"
#include <stdbool.h>

/* A page in the making. Private; on the caller's stack, nothing is owned. */
struct html_page {
    struct json_stream *out;
    const char *const *assets;
};

/* Writes the head. The stream and the list of names, which NULL ends, must outlive the page. The
 * title is any text. Failures are those of the stream, kept until js_close(). */
void html_open(struct html_page *page, struct json_stream *out, const char *title,
               const char *const *assets);

/* An element of data with one value, whose reference is taken over. */
void html_data(struct html_page *page, const char *id, json_t *value);

/* An element in pieces: JSON, or lines of JSON, as the page's program wants it. Text is UTF-8 and
 * has no '<' but in strings of JSON. */
void html_data_begin(struct html_page *page, const char *id);
void html_data_text(struct html_page *page, const char *text, size_t length);
void html_data_value(struct html_page *page, json_t *value); /* takes the reference */
void html_data_end(struct html_page *page);

/* Writes the programs and the end. */
void html_close(struct html_page *page);

/* The verdicts that there are, by their number: [["pass", ".", false], …], name, letter, is it bad.
 * A new reference; NULL: no memory. */
json_t *html_verdicts(void);

#endif
