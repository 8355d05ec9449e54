#include "html_page.h"

#include "../util/json_quick.h"
#include "html_assets.h"
#include <assert.h>
#include <string.h>

#define HASH_BASE64_SIZE 45 /* of 32 bytes, with the terminator */

static const struct html_asset *find(const char *name)
{
    for (size_t i = 0; i < html_asset_count; i++) {
        if (strcmp(html_assets[i].name, name) == 0) {
            return &html_assets[i];
        }
    }
    return NULL;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

static void base64(const unsigned char hash[32], char out[HASH_BASE64_SIZE])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < 33; i += 3) {
        const unsigned bits = (unsigned)hash[i] << 16 | (unsigned)hash[i + 1] << 8 |
                              (i + 2 < 32 ? (unsigned)hash[i + 2] : 0);
        *out++ = digits[bits >> 18];
        *out++ = digits[bits >> 12 & 63];
        *out++ = digits[bits >> 6 & 63];
        *out++ = i + 2 < 32 ? digits[bits & 63] : '=';
    }
    *out = '\0';
}

/* The hashes of the page's files of one kind: a source of the policy. */
static void put_sources(struct html_page *page, const char *directive, const char *kind)
{
    js_text(page->out, directive);
    for (size_t i = 0; page->assets[i] != NULL; i++) {
        const struct html_asset *asset = find(page->assets[i]);
        if (asset != NULL && ends_with(asset->name, kind)) {
            char hash[HASH_BASE64_SIZE];
            base64(asset->sha256, hash);
            js_textf(page->out, " 'sha256-%s'", hash);
        }
    }
    js_text(page->out, "; ");
}

static void put_assets(struct html_page *page, const char *kind, const char *before,
                       const char *after)
{
    for (size_t i = 0; page->assets[i] != NULL; i++) {
        const struct html_asset *asset = find(page->assets[i]);
        assert(asset != NULL); /* the lists of names are ours */
        if (asset != NULL && ends_with(asset->name, kind)) {
            js_text(page->out, before);
            js_textn(page->out, asset->text, asset->length);
            js_text(page->out, after);
        }
    }
}

static void put_escaped(struct json_stream *out, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '<':
            js_text(out, "&lt;");
            break;
        case '&':
            js_text(out, "&amp;");
            break;
        default:
            js_textn(out, text, 1);
        }
    }
}

void html_open(struct html_page *page, struct json_stream *out, const char *title,
               const char *const *assets)
{
    *page = (struct html_page){.out = out, .assets = assets};
    js_text(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
    put_sources(page, "script-src", ".js");
    put_sources(page, "style-src", ".css");
    js_text(out, "base-uri 'none'; form-action 'none'\">\n"
                 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                 "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    put_escaped(out, title);
    js_text(out, "</title>\n");
    put_assets(page, ".css", "<style>", "</style>\n");
    js_text(out,
            "</head>\n<body>\n<noscript>This page needs JavaScript to show its data.</noscript>\n");
}

/* Writes JSON so that it neither ends an element nor begins one. */
static int put_data(const char *text, size_t length, void *context)
{
    struct html_page *page = context;
    const char *const end = text + length;
    for (const char *less; (less = memchr(text, '<', (size_t)(end - text))) != NULL;
         text = less + 1) {
        js_textn(page->out, text, (size_t)(less - text));
        js_text(page->out, "\\u003c");
    }
    js_textn(page->out, text, (size_t)(end - text));
    return 0;
}

void html_data_begin(struct html_page *page, const char *id)
{
    js_textf(page->out, "<script type=\"application/json\" id=\"%s\">", id);
}

void html_data_text(struct html_page *page, const char *text, size_t length)
{
    put_data(text, length, page);
}

void html_data_value(struct html_page *page, json_t *value)
{
    if (!json_quick_write(value, put_data, page)) {
        js_value(page->out, NULL); /* there was no memory */
    }
    json_decref(value);
}

void html_data_end(struct html_page *page)
{
    js_text(page->out, "</script>\n");
}

void html_data(struct html_page *page, const char *id, json_t *value)
{
    html_data_begin(page, id);
    html_data_value(page, value);
    html_data_end(page);
}

void html_close(struct html_page *page)
{
    put_assets(page, ".js", "<script>", "</script>\n");
    js_text(page->out, "</body>\n</html>\n");
}

json_t *html_verdicts(void)
{
    json_t *made = json_array();
    bool failed = made == NULL;
#define X(id, name, letter, bad)                                                                   \
    failed = json_array_append_new(                                                                \
                 made, json_pack("[s, s#, b]", name, &(const char){letter}, 1, bad)) != 0 ||       \
             failed;
#include "../model/verdicts.def"
#undef X
    if (failed) {
        json_decref(made);
        return NULL;
    }
    return made;
}
