/* Text forms of the worker's messages: hex numbers, UTF-8 and UTF-16, GUIDs. */
#ifndef VSSCTS_WORKER_TEXT_H
#define VSSCTS_WORKER_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <windows.h>

#define WTEXT_HEX_SIZE 19 /* "0x", 16 digits, end */

/* "0x" and upper-case digits, at least `digits` of them. Allocates nothing and so serves the
 * exception filter. Returns the length. */
size_t wtext_hex(char out[WTEXT_HEX_SIZE], uint64_t value, unsigned digits);

/* Decimal, likewise. Returns the length; out is ended. */
size_t wtext_dec(char out[24], int64_t value);

/* The same as a JSON string; new reference. HRESULTs, codes and time stamps have 8 digits. */
json_t *wtext_hex_json(uint64_t value, unsigned digits);

/* UTF-16 of `length` units as a JSON string; what is not valid, and NUL, becomes U+FFFD. New
 * reference. */
json_t *wtext_utf16_json(const wchar_t *text, size_t length);

/* UTF-8 to UTF-16, ended by NUL; *length (may be NULL) in units without the end. Free with
 * wmem_free(). */
wchar_t *wtext_utf16(const char *text, size_t bytes, size_t *length);

/* A whole number from JSON: integer, bool, or a string in C notation ("0x80042301"). False: none of
 * these. */
bool wtext_number(const json_t *value, uint64_t *out);

/* "GUID_NULL" or 36 characters. False: neither. */
bool wtext_guid(const char *text, GUID *out);

/* 36 characters in lower case, or "GUID_NULL"; new reference. */
json_t *wtext_guid_json(const GUID *guid);

/* FormatMessage of a Win32 error, without the line end, as JSON string; new reference. */
json_t *wtext_error_json(DWORD error);

#endif
